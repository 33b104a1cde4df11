"""The list of children in familjehem, and the record that IVO was given it (R-KLO-8)."""

from typing import Any

import pytest

from services.chassis.auth.roles import Roll
from tests.placering.varld import eget_hem, klient_och_beslut, ny_klient, nytt_beslut, vagras
from tests.placering.vy import vik
from tests.stod.tjanst import Klient

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-KLO-8")]

GAMLA_SOL = {"lagrum": "4 kap. 1 § SoL", "beslutsdatum": "2025-01-10"}


async def _lista(vard: Klient, ar: int = 2026) -> dict[str, Any]:
    vik(vard)
    svar: dict[str, Any] = await vard.las("/v1/bevakningar/familjehemsbarn", ar=ar)
    return svar


async def _barn(vard: Klient, fodelsedatum: str = "2012-05-17", **andra: Any) -> tuple[str, str]:
    """A child in a familjehem since February 2025: klient and placering."""
    klient = (await vard.lagra("/v1/klienter", ny_klient(fodelsedatum=fodelsedatum)))["id"]
    beslut = (await vard.lagra("/v1/beslut", nytt_beslut(klient, **GAMLA_SOL)))["id"]
    hem = eget_hem(klient, beslut, **{"fran": "2025-02-01", **andra})
    return klient, (await vard.lagra("/v1/placeringar", hem))["id"]


async def test_listan_visar_barnen_arets_sista_dag(vard: Klient) -> None:
    klient, placering = await _barn(vard)
    await _barn(vard, fran="2026-01-01")
    await _barn(vard, placeringsform="familjehem_vuxna", regi="egen")
    svar = await _lista(vard)
    assert (svar["per"], svar["forfaller"], svar["lamnad"]) == ("2025-12-31", "2026-01-31", None)
    assert svar["forsenad"] is True
    assert svar["poster"] == [
        {
            "klient": klient,
            "kon": "K",
            "fodelsemanad": "2012-05",
            "placering": placering,
            "regi": "egen",
            "natverk": False,
            "hem": None,
            "enhet": None,
            "leverantor": None,
            "fran": "2025-02-01",
        }
    ]


@pytest.mark.parametrize(
    ("till", "listas"), [("2025-12-30", False), ("2025-12-31", True), ("2026-01-15", True)]
)
async def test_den_som_flyttat_fore_arets_sista_dag_star_inte_med(
    vard: Klient, till: str, listas: bool
) -> None:
    _, placering = await _barn(vard)
    slut = {"till": till, "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", slut, version=1)
    assert bool((await _lista(vard))["poster"]) is listas


@pytest.mark.parametrize(
    ("fodd", "listas", "lasta"),
    [
        ("2007-11-30", False, 0),
        ("2007-12-31", False, 1),
        ("2008-01-01", True, 0),
    ],
)
async def test_den_som_fyllt_18_star_inte_med(
    vard: Klient, fodd: str, listas: bool, lasta: int
) -> None:
    await _barn(vard, fodd)
    assert bool((await _lista(vard))["poster"]) is listas
    ((antal,),) = vard.sql("SELECT count(*) FROM atkomstlogg WHERE vad = 'fodelsedatum'")
    assert antal == lasta


@pytest.mark.regel("R-SEK-2")
async def test_skyddade_barn_star_inte_med_och_det_sags(vard: Klient) -> None:
    klient, _ = await _barn(vard)
    rattad = ny_klient(skyddad=True, fodelsedatum="2012-05-17", skal="fel_uppgift")
    await vard.lagra(f"/v1/klienter/{klient}/rattelse", rattad, version=1)
    svar = await _lista(vard)
    assert (svar["poster"], svar["skyddade"]) == ([], 1)


async def test_listan_antecknas_som_lamnad_en_gang_och_kan_makuleras(vard: Klient) -> None:
    lamnad = {"ar": 2026, "datum": "2026-01-29"}
    kvitto = await vard.lagra("/v1/familjehemslistor", lamnad)
    svar = await _lista(vard)
    assert (svar["id"], svar["lamnad"], svar["forsenad"]) == (kvitto["id"], "2026-01-29", False)
    await vagras(vard, "/v1/familjehemslistor", lamnad, pekare="/ar", regel="R-KLO-8")
    makulering = f"/v1/familjehemslistor/{kvitto['id']}/makulering"
    await vard.lagra(makulering, {"skal": "fel_uppgift"}, version=1)
    assert (await _lista(vard))["lamnad"] is None
    await vard.lagra("/v1/familjehemslistor", {**lamnad, "datum": "2026-01-30"})
    assert (await _lista(vard))["lamnad"] == "2026-01-30"


async def test_listan_lamnas_av_den_som_arbetar_for_hela_kommunen(vard: Klient) -> None:
    lamnad = {"ar": 2026, "datum": "2026-01-29"}
    kvitto = await vard.lagra("/v1/familjehemslistor", lamnad)
    async with vard.som(Roll.ENHETSCHEF, arbetsenheter=["Barn norr"]) as bunden:
        for vag, kropp, version in (
            ("/v1/familjehemslistor", {**lamnad, "ar": 2025}, None),
            (f"/v1/familjehemslistor/{kvitto['id']}/makulering", {"skal": "dubblett"}, 1),
        ):
            svar = await bunden.sand(vag, kropp, version=version)
            assert (svar.status_code, svar.json()["regel"]) == (403, "R-SEK-3")


async def test_det_som_inte_har_hant_avvisas(vard: Klient) -> None:
    kropp = {"ar": 2199, "datum": "2199-01-29"}
    await vagras(vard, "/v1/familjehemslistor", kropp, pekare="/datum")


async def test_ett_barn_vid_en_annan_enhet_star_inte_med(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard, arbetsenhet="Barn söder", **GAMLA_SOL)
    await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, fran="2025-02-01"))
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=["Barn norr"]) as norr:
        assert (await _lista(norr))["poster"] == []
    assert [post["klient"] for post in (await _lista(vard))["poster"]] == [klient]
