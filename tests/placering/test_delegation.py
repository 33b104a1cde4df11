"""Delegationsordningar over HTTP, and beslut judged by the one of their day."""

from typing import Any

import pytest

from services.chassis.auth.roles import Roll
from tests.placering.varld import ny_klient, nytt_beslut, vagras
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio

ORDNINGAR = "/v1/delegationsordningar"
RAD = {"beslutstyp": "placering_hvb", "lagst": "enhetschef"}
CHEF = {"slag": "tjansteman", "roll": "enhetschef", "arbetsenhet": "barn-2"}


def version(**andra: Any) -> dict[str, Any]:
    return {
        "fran": "2026-01-10",
        "antagen": "2025-12-10",
        "paragraf": "§ 12",
        "rader": [RAD],
        **andra,
    }


@pytest.fixture
def sekreterare(vard: Klient) -> Klient:
    """The nämnd's secretary."""
    return vard.som(Roll.NAMNDSEKRETERARE)


async def ordning(sekreterare: Klient, **andra: Any) -> str:
    id: str = (await sekreterare.lagra(ORDNINGAR, version(namnd="IFN", **andra)))["id"]
    return id


async def test_en_delegationsordning_lases_som_tabell_och_jamfors(sekreterare: Klient) -> None:
    id = await ordning(sekreterare)
    ny = {"beslutstyp": "tillaggskostnad", "lagst": "socialsekreterare"}
    svar = await sekreterare.sand(
        f"{ORDNINGAR}/{id}/versioner", version(fran="2026-02-01", rader=[RAD, ny]), version=2
    )
    assert (svar.status_code, svar.headers["etag"]) == (200, '"3"')
    last = await sekreterare.las(f"{ORDNINGAR}/{id}")
    assert [(en["nr"], en["fran"], len(en["rader"])) for en in last["versioner"]] == [
        (1, "2026-01-10", 1),
        (2, "2026-02-01", 2),
    ]
    skillnad = await sekreterare.las(f"{ORDNINGAR}/{id}/jamforelse", gammal=1, ny=2)
    assert skillnad["borttagna"] == []
    assert [rad["beslutstyp"] for rad in skillnad["tillkomna"]] == ["tillaggskostnad"]
    saknas = await sekreterare.get(f"{ORDNINGAR}/{id}/jamforelse?gammal=1&ny=3")
    assert saknas.status_code == 404
    assert [en["namnd"] for en in (await sekreterare.las(ORDNINGAR))["poster"]] == ["IFN"]


async def test_en_namnd_har_en_delegationsordning(sekreterare: Klient) -> None:
    id = await ordning(sekreterare)
    await vagras(sekreterare, ORDNINGAR, version(namnd="ifn"), pekare="/namnd")
    await vagras(sekreterare, f"{ORDNINGAR}/{id}/versioner", version(), pekare="/fran", version=2)
    gammal = await sekreterare.sand(f"{ORDNINGAR}/{id}/versioner", version(), version=1)
    utan = await sekreterare.sand(f"{ORDNINGAR}/{id}/versioner", version())
    assert (gammal.status_code, utan.status_code) == (412, 428)


@pytest.mark.regel("R-BES-4", "R-BES-9")
@pytest.mark.parametrize(
    ("beslutstyp", "regel"),
    [("placering_familjehem", "R-BES-9"), ("godkannande_jourhem", "R-BES-4")],
)
async def test_en_delegationsordning_under_lagens_grans_avvisas(
    sekreterare: Klient, beslutstyp: str, regel: str
) -> None:
    rader = [RAD, {"beslutstyp": beslutstyp, "lagst": "forvaltningschef"}]
    kropp = version(namnd="IFN", rader=rader)
    await vagras(sekreterare, ORDNINGAR, kropp, pekare="/rader/1/lagst", regel=regel)
    rader[1]["lagst"] = "utskott"
    await sekreterare.lagra(ORDNINGAR, kropp)


async def test_en_socialsekreterare_lagger_inte_in_delegationsordningar(vard: Klient) -> None:
    assert (await vard.sand(ORDNINGAR, version(namnd="IFN"))).status_code == 403
    knuten = vard.som(Roll.NAMNDSEKRETERARE, arbetsenheter=["barn-2"])
    assert (await knuten.sand(ORDNINGAR, version(namnd="IFN"))).status_code == 403


@pytest.mark.regel("R-BES-3")
async def test_ett_beslut_provas_mot_ordningen_pa_sin_dag(
    vard: Klient, sekreterare: Klient
) -> None:
    id = await ordning(sekreterare)
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    ratt = nytt_beslut(klient, beslutstyp="placering_hvb", beslutsfattare=CHEF)
    for_lag = nytt_beslut(klient, beslutstyp="placering_hvb")
    pekare = "/beslutsfattare/roll"
    await vagras(vard, "/v1/beslut", for_lag, pekare=pekare, regel="R-BES-3")
    utan = nytt_beslut(klient, beslutsfattare=CHEF)
    await vagras(vard, "/v1/beslut", utan, pekare="/beslutstyp", regel="R-BES-3")
    beslut = (await vard.lagra("/v1/beslut", ratt))["id"]
    last = await vard.las(f"/v1/beslut/{beslut}")
    assert (last["delegation"], last["flaggor"]) == ({"ordning": id, "version": 1}, [])
    fore = (await vard.lagra("/v1/beslut", for_lag | {"beslutsdatum": "2026-01-09"}))["id"]
    last = await vard.las(f"/v1/beslut/{fore}")
    assert last["delegation"] == {"ordning": None, "version": None}
    assert last["flaggor"] == ["R-BES-3"]


@pytest.mark.regel("R-BES-3")
async def test_ett_rattat_beslut_provas_igen(vard: Klient, sekreterare: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    kropp = nytt_beslut(klient)
    beslut = (await vard.lagra("/v1/beslut", kropp))["id"]
    id = await ordning(sekreterare)
    del kropp["klient"]
    kropp |= {"skal": "fel_uppgift", "beslutstyp": "placering_hvb"}
    vag = f"/v1/beslut/{beslut}/rattelse"
    pekare = "/beslutsfattare/roll"
    await vagras(vard, vag, kropp, pekare=pekare, regel="R-BES-3", version=1)
    await vard.lagra(vag, kropp | {"beslutsfattare": CHEF}, version=1)
    last = await vard.las(f"/v1/beslut/{beslut}")
    assert (last["delegation"], last["flaggor"]) == ({"ordning": id, "version": 1}, [])


@pytest.mark.regel("R-BES-9")
async def test_utan_delegationsordning_galler_lagens_grans(vard: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    utskott = {"slag": "utskott", "datum": "2026-01-10", "paragraf": "§ 12"}
    kropp = nytt_beslut(klient, beslutstyp="placering_familjehem")
    await vagras(vard, "/v1/beslut", kropp, pekare="/beslutsfattare", regel="R-BES-9")
    beslut = (await vard.lagra("/v1/beslut", kropp | {"beslutsfattare": utskott}))["id"]
    assert (await vard.las(f"/v1/beslut/{beslut}"))["flaggor"] == []
