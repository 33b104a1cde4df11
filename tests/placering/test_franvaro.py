"""Absence over HTTP: begun, ended, corrected, annulled, and the stay that may rest on it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.auth.roles import Roll
from services.placering.api.roller import BESLUTA
from tests.placering.varld import eget_hem, nytt_beslut, pagaende_placering, vagras
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio

HALLEN = {"orsak": "hallen_plats", "fran": "2026-03-01", "till": "2026-03-31"}


def vag_for(placering: str, *mer: str) -> str:
    return "/".join([f"/v1/placeringar/{placering}/franvaro", *mer])


async def franvaro(vard: Klient, placering: str, kropp: dict[str, Any], version: int = 1) -> str:
    """An absence of the placering; its id."""
    await vard.lagra(vag_for(placering), kropp, version=version)
    return str((await vard.las(f"/v1/placeringar/{placering}"))["franvaro"][-1]["franvaro"])


async def test_franvaro_registreras_avslutas_rattas_och_makuleras(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    en = await franvaro(vard, placering, {"orsak": "avvikning", "fran": "2026-03-01"})
    await vard.lagra(vag_for(placering, en, "slut"), {"till": "2026-03-04"}, version=2)

    async def nu() -> list[dict[str, Any]]:
        visad = await vard.las(f"/v1/placeringar/{placering}")
        alla: list[dict[str, Any]] = visad["franvaro"]
        return alla

    assert await nu() == [
        {"franvaro": en, "orsak": "avvikning", "fran": "2026-03-01", "till": "2026-03-04"}
    ]
    ratt = {"orsak": "sjukhus", "fran": "2026-03-02", "till": "2026-03-03", "skal": "fel_uppgift"}
    await vard.lagra(vag_for(placering, en, "rattelse"), ratt, version=3)
    assert [(rad["orsak"], rad["fran"]) for rad in await nu()] == [("sjukhus", "2026-03-02")]
    await vard.lagra(vag_for(placering, en, "makulering"), {"skal": "fel_person"}, version=4)
    assert await nu() == []


async def test_felaktig_franvaro_avvisas(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    en = await franvaro(vard, placering, {"orsak": "hemresa", "fran": "2026-03-01"})
    vag = vag_for(placering)
    for kropp, pekare in (
        ({"orsak": "hemresa"}, "/fran"),
        ({"orsak": "skolk", "fran": "2026-02-02"}, "/orsak"),
        ({"orsak": "hemresa", "fran": "2026-01-31"}, "/fran"),
        ({"orsak": "hemresa", "fran": "2026-02-03", "till": "2026-02-02"}, "/till"),
        ({"orsak": "hemresa", "fran": "2026-02-03", "till": "2026-03-01"}, "/fran"),
    ):
        await vagras(vard, vag, kropp, pekare=pekare, version=2)
    await vagras(vard, vag_for(placering, en, "slut"), {}, pekare="/till", version=2)
    fore = {"till": "2026-02-28"}
    await vagras(vard, vag_for(placering, en, "slut"), fore, pekare="/till", version=2)


async def test_okand_franvaro_finns_inte(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    fore = vard.antal_handelser()
    for vad, kropp in (
        ("slut", {"till": "2026-03-01"}),
        ("makulering", {"skal": "skrivfel"}),
        ("rattelse", {"orsak": "hemresa", "fran": "2026-03-01", "skal": "skrivfel"}),
    ):
        svar = await vard.sand(vag_for(placering, str(uuid4()), vad), kropp, version=1)
        assert svar.status_code == 404, svar.text
    assert vard.antal_handelser() == fore


async def test_bara_den_som_far_beslutar_och_pa_ratt_version(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    vag = vag_for(placering)
    assert (await vard.sand(vag, HALLEN)).status_code == 428
    assert (await vard.sand(vag, HALLEN, version=9)).status_code == 412
    for roll in set(Roll) - set(BESLUTA):
        assert (await vard.som(roll).sand(vag, HALLEN, version=1)).status_code == 403
    forsta = await vard.sand(vag, HALLEN, version=1, nyckel="franvaro")
    igen = await vard.sand(vag, HALLEN, version=1, nyckel="franvaro")
    assert (igen.status_code, igen.json()) == (200, forsta.json())


@pytest.mark.regel("R-PLA-1")
async def test_en_hallen_plats_rymmer_en_annan_placering(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    vag = "/v1/placeringar"
    annan = eget_hem(klient, beslut, fran="2026-03-01")
    await franvaro(vard, placering, HALLEN | {"orsak": "sjukhus"})
    await vagras(vard, vag, annan, pekare="/fran", regel="R-PLA-1")
    en = (await vard.las(f"{vag}/{placering}"))["franvaro"][0]["franvaro"]
    ratt = HALLEN | {"till": None, "skal": "fel_uppgift"}
    await vard.lagra(vag_for(placering, en, "rattelse"), ratt, version=2)
    forut = annan | {"fran": "2026-02-28"}
    await vagras(vard, vag, forut, pekare="/fran", regel="R-PLA-1")
    await vard.lagra(vag, annan)


@pytest.mark.regel("R-PLA-1")
async def test_franvaron_tas_inte_bort_under_den_som_vilar_pa_den(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    en = await franvaro(vard, placering, HALLEN | {"till": None})
    annan = (await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, fran="2026-03-01")))["id"]
    kort = HALLEN | {"skal": "skrivfel"}
    rattelse, slut = vag_for(placering, en, "rattelse"), vag_for(placering, en, "slut")
    makulering = vag_for(placering, en, "makulering")
    for vag, kropp, pekare in (
        (rattelse, kort, "/fran"),
        (rattelse, kort | {"till": None, "orsak": "semester"}, "/fran"),
        (slut, {"till": "2026-03-31"}, "/till"),
        (makulering, {"skal": "skrivfel"}, ""),
    ):
        await vagras(vard, vag, kropp, pekare=pekare, regel="R-PLA-1", version=2)
    avslut = {"till": "2026-03-31", "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{annan}/avslut", avslut, version=1)
    await vard.lagra(slut, {"till": "2026-03-31"}, version=2)
    ratt = {"placeringsform": "eget_familjehem", "fran": "2026-03-01", "skal": "skrivfel"}
    vag = f"/v1/placeringar/{annan}/rattelse"
    await vagras(vard, vag, ratt, pekare="/fran", regel="R-PLA-1", version=2)


@pytest.mark.regel("R-PLA-1")
async def test_av_femtio_som_vill_ligga_pa_samma_hallna_plats_far_en(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    await franvaro(vard, placering, HALLEN | {"till": None})
    annan = eget_hem(klient, beslut, fran="2026-03-01")
    svar = await asyncio.gather(*(vard.sand("/v1/placeringar", annan) for _ in range(50)))
    assert sorted(ett.status_code for ett in svar) == [201] + [422] * 49


@pytest.mark.regel("R-PLA-1")
async def test_franvaro_som_kortas_medan_en_annan_borjar_lamnar_ingen_otackt(
    vard: Klient,
) -> None:
    for _ in range(5):
        klient, _, placering = await pagaende_placering(vard)
        en = await franvaro(vard, placering, HALLEN | {"till": None})
        nasta = (await vard.lagra("/v1/beslut", nytt_beslut(klient)))["id"]
        slut, annan = await asyncio.gather(
            vard.sand(vag_for(placering, en, "slut"), {"till": "2026-03-31"}, version=2),
            vard.sand("/v1/placeringar", eget_hem(klient, nasta, fran="2026-03-01")),
        )
        assert slut.is_success != annan.is_success
