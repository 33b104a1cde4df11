"""Moves over HTTP: one command ends a stay and begins the next, or does neither."""

import asyncio
from datetime import date
from typing import Any

import pytest

from tests.placering.register import NUMMER, Registerskrivare
from tests.placering.varld import (
    eget_hem,
    klient_och_beslut,
    ny_placering,
    nytt_beslut,
    pagaende_placering,
    vagras,
)
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio


def nytt_hem(beslut: str, **andra: Any) -> dict[str, Any]:
    falt = {"beslut": beslut, "placeringsform": "natverkshem", "fran": "2026-03-10"}
    return falt | andra


async def vistelser(vard: Klient) -> list[tuple[str, str | None, str | None]]:
    """First day, last day and reason of every placering, as they began."""
    poster = (await vard.las("/v1/placeringar"))["poster"]
    return [(post["fran"], post["till"], post["orsak"]) for post in poster]


@pytest.mark.parametrize("till", [None, "2026-03-09"])
async def test_en_omplacering_avslutar_och_inleder(vard: Klient, till: str | None) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    nasta = (await vard.lagra("/v1/beslut", nytt_beslut(klient)))["id"]
    vag = f"/v1/placeringar/{placering}/omplacering"
    svar = await vard.sand(vag, nytt_hem(nasta, till=till), version=1, nyckel="flytt")
    assert svar.status_code == 201, svar.text
    assert await vistelser(vard) == [
        ("2026-02-01", till or "2026-03-10", "omplacering"),
        ("2026-03-10", None, None),
    ]
    ny = await vard.las(f"/v1/placeringar/{svar.json()['id']}")
    assert (ny["klient"], ny["beslut"], ny["natverk"], ny["version"]) == (klient, nasta, True, 1)
    assert len((await vard.las(f"/v1/beslut/{beslut}"))["placeringar"]) == 1
    assert len((await vard.las(f"/v1/beslut/{nasta}"))["placeringar"]) == 1
    igen = await vard.sand(vag, nytt_hem(nasta, till=till), version=1, nyckel="flytt")
    assert igen.json() == svar.json()


async def test_en_omplacering_under_samma_beslut(vard: Klient) -> None:
    _, beslut, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/omplacering"
    await vard.lagra(vag, nytt_hem(beslut), version=1)
    assert len((await vard.las(f"/v1/beslut/{beslut}"))["placeringar"]) == 2


async def test_en_omplacering_som_avvisas_lamnar_den_gamla_pagaende(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    register.avropsstopp(date(2026, 3, 1))
    _, beslut, placering = await pagaende_placering(vard)
    _, annans = await klient_och_beslut(vard)
    vag = f"/v1/placeringar/{placering}/omplacering"
    hvb = {"placeringsform": "hvb", "leverantor": NUMMER}
    for kropp, pekare, regel in (
        (nytt_hem(annans), "/beslut", None),
        (nytt_hem(beslut, till="2026-03-08"), "/till", None),
        (nytt_hem(beslut, till="2026-03-11"), "/till", None),
        (nytt_hem(beslut, fran="2026-01-31"), "/till", None),
        (nytt_hem(beslut, **hvb), "/skal_utom_ramavtal", "R-PLA-3"),
        (nytt_hem(beslut, **hvb, skal_utom_ramavtal="akut"), "/leverantor", "R-PLA-4"),
        (nytt_hem(beslut, **hvb | {"leverantor": "556036-0794"}), "/leverantor", "R-LEV-3"),
    ):
        await vagras(vard, vag, kropp, pekare=pekare, regel=regel, version=1)
    assert await vistelser(vard) == [("2026-02-01", None, None)]
    assert (await vard.sand(vag, nytt_hem(beslut))).status_code == 428


async def test_den_som_flyttat_flyttar_inte_fran_samma_hem_igen(vard: Klient) -> None:
    _, beslut, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/omplacering"
    await vard.lagra(vag, nytt_hem(beslut), version=1)
    await vagras(vard, vag, nytt_hem(beslut), pekare="/till", version=2)


@pytest.mark.regel("R-PLA-1")
async def test_en_omplacering_krockar_med_en_annan_placering(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    borta = {"orsak": "hallen_plats", "fran": "2026-03-01"}
    await vard.lagra(f"/v1/placeringar/{placering}/franvaro", borta, version=1)
    await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, fran="2026-03-01"))
    vag = f"/v1/placeringar/{placering}/omplacering"
    await vagras(vard, vag, nytt_hem(beslut), pekare="/fran", regel="R-PLA-1", version=2)


@pytest.mark.regel("R-PLA-1")
async def test_av_tjugo_samtidiga_omplaceringar_blir_en(vard: Klient) -> None:
    _, beslut, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/omplacering"
    svar = await asyncio.gather(*(vard.sand(vag, nytt_hem(beslut), version=1) for _ in range(20)))
    assert sorted(ett.status_code for ett in svar) == [201] + [412] * 19
    assert len(await vistelser(vard)) == 2


# -- R-PLA-13 -------------------------------------------------------------------------------------


async def konsulentstott(vard: Klient, register: Registerskrivare) -> tuple[str, str]:
    """A running placering in a consultant's familjehem; the ids of beslut and placering."""
    register.leverantor()
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, placeringsform="konsulentstott_familjehem")
    return beslut, (await vard.lagra("/v1/placeringar", kropp))["id"]


@pytest.mark.regel("R-PLA-13")
async def test_ett_konsulentstott_hem_omvandlas_till_eget(
    vard: Klient, register: Registerskrivare
) -> None:
    beslut, placering = await konsulentstott(vard, register)
    vag = f"/v1/placeringar/{placering}/omvandling"
    jour = {"beslut": beslut, "fran": "2026-03-10", "placeringsform": "jourhem"}
    await vagras(vard, vag, jour, pekare="/placeringsform", regel="R-PLA-13", version=1)
    kropp = {"beslut": beslut, "fran": "2026-03-10", "dygnspris_ore": 90_000}
    ny = (await vard.lagra(vag, kropp, version=1))["id"]
    assert await vistelser(vard) == [
        ("2026-02-01", "2026-03-10", "omvandling"),
        ("2026-03-10", None, None),
    ]
    visad = await vard.las(f"/v1/placeringar/{ny}")
    assert (visad["placeringsform"], visad["regi"]) == ("eget_familjehem", "egen")


@pytest.mark.regel("R-PLA-13")
async def test_ett_eget_hem_omvandlas_inte(vard: Klient) -> None:
    _, beslut, placering = await pagaende_placering(vard)
    kropp = {"beslut": beslut, "fran": "2026-03-10"}
    vag = f"/v1/placeringar/{placering}/omvandling"
    await vagras(vard, vag, kropp, pekare="", regel="R-PLA-13", version=1)
