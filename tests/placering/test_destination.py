"""Where a person went when a placering ended: said with the end or later, and only of an end."""

from typing import Any

import pytest

from tests.placering.test_utgaende import utgaende
from tests.placering.varld import pagaende_placering, vagras
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio
SLUT = {"till": "2026-03-01", "orsak": "planerad"}


async def _avslutad(vard: Klient, **andra: Any) -> tuple[str, int]:
    _, _, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}"
    svar = await vard.lagra(f"{vag}/avslut", SLUT | andra, version=1)
    return vag, svar["version"]


async def test_destinationen_anges_med_avslutet_och_berattas_for_andra(vard: Klient) -> None:
    vag, _ = await _avslutad(vard, destination="vardnadshavare")
    assert (await vard.las(vag))["destination"] == "vardnadshavare"
    assert [namn for namn, _ in utgaende(vard)][-2:] == ["PlaceringAvslutad", "DestinationAngiven"]


async def test_destinationen_anges_senare_andras_och_tas_bort(vard: Klient) -> None:
    vag, version = await _avslutad(vard)
    assert (await vard.las(vag))["destination"] is None
    for nr, var in enumerate(("okand", "eget_boende", None)):
        await vard.lagra(f"{vag}/destination", {"destination": var}, version=version + nr)
        assert (await vard.las(vag))["destination"] == var
    for fel in ({}, {"destination": "hem"}):
        await vagras(vard, f"{vag}/destination", fel, pekare="/destination", version=version + 3)


async def test_en_pagaende_placering_har_ingen_destination(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}"
    hem = {"destination": "vardnadshavare"}
    await vagras(vard, f"{vag}/destination", hem, pekare="/destination", version=1)
    slut = await vard.lagra(f"{vag}/avslut", SLUT | hem, version=1)
    pagar = {"placeringsform": "eget_familjehem", "fran": "2026-02-01", "skal": "fel_uppgift"}
    svar = await vard.lagra(f"{vag}/rattelse", pagar, version=slut["version"])
    assert (await vard.las(vag))["destination"] is None
    await vard.lagra(f"{vag}/rattelse", pagar | SLUT, version=svar["version"])
    assert (await vard.las(vag))["destination"] is None


async def test_en_avliden_har_ingen_destination(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/avslut"
    slut = SLUT | {"orsak": "avliden"}
    await vagras(vard, vag, slut | {"destination": "okand"}, pekare="/destination", version=1)
    await vard.lagra(vag, slut, version=1)
    utan = {"destination": None}
    await vard.lagra(f"/v1/placeringar/{placering}/destination", utan, version=2)


async def test_en_makulerad_placerings_destination_anges_inte(vard: Klient) -> None:
    vag, version = await _avslutad(vard)
    await vard.lagra(f"{vag}/makulering", {"skal": "dubblett"}, version=version)
    kropp = {"destination": "okand"}
    await vagras(vard, f"{vag}/destination", kropp, pekare="", version=version + 1)
