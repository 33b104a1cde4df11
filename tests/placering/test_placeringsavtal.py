"""The agreement over REST: prices with what they are for, signing, extension, and backwards."""

from datetime import timedelta
from typing import Any

import pytest

from services.placering.api.placeringsavtal import idag
from tests.placering.test_utgaende import utgaende
from tests.placering.varld import OVERENSKOMMELSE, pagaende_placering, vagras
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio
TILLAGG = {"slag": "tillagg", "dygnspris_ore": 45_000, "tillagg": "extra_personal"}
SENT = {"skal": "sent_inkommen"}


async def _placering(vard: Klient) -> str:
    _, _, placering = await pagaende_placering(vard, dygnspris_ore=72_000)
    return f"/v1/placeringar/{placering}"


def _om(dagar: int) -> str:
    return (idag() + timedelta(days=dagar)).isoformat()


async def test_ett_placeringsavtal_tecknas_med_grundpris_och_tillagg(vard: Klient) -> None:
    vag = await _placering(vard)
    kropp = {
        "galler_till": "2026-12-31",
        "overenskommelse": OVERENSKOMMELSE,
        "priser": [
            {"fran": "2026-02-01", "dygnspris_ore": 410_000},
            TILLAGG | {"fran": "2026-02-15", "till": "2026-03-31"},
        ],
    }
    await vard.lagra(f"{vag}/placeringsavtal", kropp, version=1)
    visad = await vard.las(vag)
    assert visad["placeringsavtal"] == {
        "galler_till": "2026-12-31",
        "overenskommelse": OVERENSKOMMELSE,
    }
    grund, tillagg = visad["priser"]
    assert (grund["dygnspris_ore"], grund["tillagg"]) == (410_000, None)
    assert (tillagg["fran"], tillagg["till"]) == ("2026-02-15", "2026-03-31")
    assert tillagg["tillagg"] == "extra_personal"
    assert tillagg["overenskommelse"] == OVERENSKOMMELSE
    assert visad["flaggor"] == []
    assert [namn for namn, _ in utgaende(vard)][-2:] == ["PlaceringPrisAndrat"] * 2


async def test_ett_fel_i_avtalets_priser_pekar_pa_raden_och_inget_lagras(vard: Klient) -> None:
    vag = f"{await _placering(vard)}/placeringsavtal"
    rad = {"fran": "2026-02-01", "dygnspris_ore": 1}
    kropp: dict[str, Any] = {"overenskommelse": OVERENSKOMMELSE}
    for fel, pekare in (
        ({"fran": "2026-01-31"}, "/priser/1/fran"),
        ({"till": "2026-03-01"}, "/priser/1/till"),
        ({"tillagg": "skola"}, "/priser/1/tillagg"),
    ):
        priser = {"priser": [rad, rad | fel]}
        await vagras(vard, vag, kropp | priser, pekare=pekare, version=1)
    for falt in ("datum", "delegat", "motpart"):
        utan = {namn: varde for namn, varde in OVERENSKOMMELSE.items() if namn != falt}
        pekare = f"/overenskommelse/{falt}"
        await vagras(vard, vag, {"overenskommelse": utan}, pekare=pekare, version=1)


@pytest.mark.regel("R-KOS-5")
async def test_ett_avtal_som_rattas_bakat_flaggas(vard: Klient) -> None:
    vag = await _placering(vard)
    kropp = {"overenskommelse": OVERENSKOMMELSE}
    await vard.lagra(f"{vag}/placeringsavtal", kropp, version=1)
    await vagras(vard, f"{vag}/placeringsavtal", kropp, pekare="/skal", version=2)
    framat = {"priser": [{"fran": _om(1), "dygnspris_ore": 1}]}
    await vard.lagra(f"{vag}/placeringsavtal", kropp | SENT | framat, version=2)
    assert (await vard.las(vag))["flaggor"] == []
    bakat = {"priser": [{"fran": "2026-02-01", "dygnspris_ore": 1}]}
    await vard.lagra(f"{vag}/placeringsavtal", kropp | SENT | bakat, version=4)
    assert (await vard.las(vag))["flaggor"] == ["R-KOS-5"]


@pytest.mark.regel("R-KOS-5")
async def test_ett_tillagg_bakat_i_tiden_ska_ha_skal_och_flaggas(vard: Klient) -> None:
    vag = await _placering(vard)
    for dag in (_om(0), _om(1)):
        version = (await vard.las(vag))["version"]
        await vard.lagra(f"{vag}/priser", TILLAGG | {"fran": dag}, version=version)
    assert (await vard.las(vag))["flaggor"] == []
    igar = TILLAGG | {"fran": _om(-1)}
    await vagras(vard, f"{vag}/priser", igar, pekare="/skal", regel="R-KOS-5", version=3)
    await vard.lagra(f"{vag}/priser", igar | SENT, version=3)
    visad = await vard.las(vag)
    assert [(rad["retroaktiv"], rad["skal"]) for rad in visad["priser"]] == [
        (False, None),
        (False, None),
        (True, "sent_inkommen"),
    ]
    assert visad["flaggor"] == ["R-KOS-5"]


@pytest.mark.regel("R-KOS-5")
async def test_en_rad_som_redan_galler_flyttas_inte_framat_utan_skal(vard: Klient) -> None:
    vag = await _placering(vard)
    await vard.lagra(f"{vag}/priser", TILLAGG | {"fran": _om(-9)} | SENT, version=1)
    rad = (await vard.las(vag))["priser"][0]["prisrad"]
    flyttad = TILLAGG | {"fran": _om(9), "prisrad": rad}
    await vagras(vard, f"{vag}/priser", flyttad, pekare="/skal", regel="R-KOS-5", version=2)
    await vard.lagra(f"{vag}/priser", flyttad | SENT, version=2)


@pytest.mark.regel("R-KOS-3", "R-KOS-5")
async def test_en_forlangning_ger_nytt_pris_och_berattas_for_andra(vard: Klient) -> None:
    vag = await _placering(vard)
    kropp: dict[str, Any] = {"overenskommelse": OVERENSKOMMELSE}
    avtal = kropp | {"galler_till": _om(10)}
    await vard.lagra(f"{vag}/placeringsavtal", avtal, version=1)
    sen = kropp | {"fran": _om(12)}
    await vagras(vard, f"{vag}/forlangning", sen, pekare="/fran", regel="R-KOS-3", version=2)
    bakat = kropp | {"fran": _om(-1)}
    await vagras(vard, f"{vag}/forlangning", bakat, pekare="/skal", regel="R-KOS-5", version=2)
    ratt = kropp | {"fran": _om(11), "galler_till": _om(99), "dygnspris_ore": 80_000}
    await vard.lagra(f"{vag}/forlangning", ratt, version=2)
    await vard.lagra(f"{vag}/forlangning", kropp | {"fran": _om(99)}, version=3)
    visad = await vard.las(vag)
    assert visad["placeringsavtal"]["galler_till"] is None
    assert [(rad["fran"], rad["dygnspris_ore"]) for rad in visad["priser"]] == [
        (_om(11), 80_000),
        (_om(99), None),
    ]
    ut = [data for namn, data in utgaende(vard) if namn == "PlaceringsavtalForlangt"]
    assert [(data["fran"], data["till"], data["dygnspris_ore"]) for data in ut] == [
        (_om(11), _om(99), 80_000),
        (_om(99), None, None),
    ]
