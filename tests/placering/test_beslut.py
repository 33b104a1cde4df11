"""Beslut over HTTP: what they say, how they are carried out, corrected and annulled."""

from typing import Any

import pytest

from tests.placering.varld import (
    TJANSTEMAN,
    eget_hem,
    klient_och_beslut,
    ny_klient,
    nytt_beslut,
    vagras,
)
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio


async def test_ett_beslut_lases_som_det_fattades(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard, lagrum="SoL 11:1", galler_till="2026-12-31")
    svar = await vard.get(f"/v1/beslut/{beslut}")
    assert svar.headers["etag"] == '"1"'
    assert svar.json() == {
        "id": beslut,
        "version": 1,
        "klient": klient,
        "lag": "SoL",
        "lagrum": "11 kap. 1 § SoL",
        "evb": True,
        "insatstyp": "HVB",
        "beslutsdatum": "2026-01-10",
        "galler_till": "2026-12-31",
        "namnd": "IFN",
        "arbetsenhet": None,
        "beslutsfattare": {
            "slag": "tjansteman",
            "roll": "socialsekreterare",
            "arbetsenhet": "barn-2",
            "datum": None,
            "paragraf": None,
            "forordnad": None,
            "laga_kraft": None,
        },
        "beslutstyp": None,
        "delegation": {"ordning": None, "version": None},
        "makulerat": False,
        "upphort": None,
        "verkstallighet": [],
        "drojsmal": [],
        "erbjudanden": [],
        "forskjutningar": [],
        "interim_hjalp": [],
        "placeringar": [],
        "flaggor": ["R-BES-3"],
    }


@pytest.mark.regel("R-BES-1")
@pytest.mark.parametrize(
    "vem",
    [
        TJANSTEMAN,
        {"slag": "utskott", "datum": "2026-01-10", "paragraf": "§ 12"},
        {"slag": "ordforande", "datum": "2026-01-10", "forordnad": True},
        {"slag": "domstol", "mal": "UM 1-26", "laga_kraft": "2026-02-01"},
    ],
)
async def test_fyra_slags_beslutsfattare_gar(vard: Klient, vem: dict[str, Any]) -> None:
    _, beslut = await klient_och_beslut(vard, beslutsfattare=vem)
    visad = (await vard.las(f"/v1/beslut/{beslut}"))["beslutsfattare"]
    visat = {falt: varde for falt, varde in visad.items() if varde is not None}
    assert visat == {falt: varde for falt, varde in vem.items() if falt != "mal"}


@pytest.mark.regel("R-BES-1")
@pytest.mark.parametrize("falt", ["namnd", "beslutsfattare"])
async def test_ett_beslut_utan_namnd_eller_beslutsfattare_avvisas(vard: Klient, falt: str) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    kropp = nytt_beslut(klient)
    del kropp[falt]
    await vagras(vard, "/v1/beslut", kropp, pekare=f"/{falt}", regel="R-BES-1")


@pytest.mark.parametrize(
    ("falt", "varde", "pekare"),
    [
        ("beslutsfattare", {"slag": "ingen"}, "/beslutsfattare"),
        ("galler_till", "2026-01-09", "/galler_till"),
        ("insatstyp", "x" * 101, "/insatstyp"),
        ("insatstyp", "", "/insatstyp"),
        ("klient", "00000000-0000-4000-8000-000000000000", "/klient"),
    ],
)
async def test_ett_felaktigt_beslut_avvisas(
    vard: Klient, falt: str, varde: Any, pekare: str
) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    await vagras(vard, "/v1/beslut", nytt_beslut(klient) | {falt: varde}, pekare=pekare)


async def test_en_halv_beslutsfattare_avvisas_med_sitt_falt(vard: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    kropp = nytt_beslut(klient, beslutsfattare={"slag": "tjansteman", "roll": "x"})
    svar = await vard.sand("/v1/beslut", kropp)
    (fel,) = svar.json()["errors"]
    assert svar.status_code == 422
    assert fel["pointer"].startswith("/beslutsfattare/")
    assert fel["pointer"].endswith("/arbetsenhet")


async def test_beslutet_verkstalls_avbryts_aterupptas_och_upphor(vard: Klient) -> None:
    _, beslut = await klient_och_beslut(vard)
    vag = f"/v1/beslut/{beslut}"
    await vard.lagra(
        f"{vag}/drojsmalsorsak", {"datum": "2026-01-20", "orsak": "resursbrist"}, version=1
    )
    await vard.lagra(
        f"{vag}/verkstallande", {"datum": "2026-02-01", "omfattning": "delvis"}, version=2
    )
    await vard.lagra(f"{vag}/avbrott", {"datum": "2026-03-01"}, version=3)
    await vard.lagra(f"{vag}/aterupptagande", {"datum": "2026-04-01"}, version=4)
    await vard.lagra(f"{vag}/upphorande", {"datum": "2026-05-01"}, version=5)
    visat = await vard.las(vag)
    assert visat["verkstallighet"] == [
        {"slag": "verkstallt", "datum": "2026-02-01", "omfattning": "delvis"},
        {"slag": "avbrutet", "datum": "2026-03-01", "omfattning": None},
        {"slag": "aterupptaget", "datum": "2026-04-01", "omfattning": None},
    ]
    assert visat["drojsmal"] == [
        {"datum": "2026-01-20", "orsak": "resursbrist", "niva": "struktur"}
    ]
    assert (visat["upphort"], visat["version"]) == ("2026-05-01", 6)


async def test_en_ordning_som_inte_gar_avvisas(vard: Klient) -> None:
    _, beslut = await klient_och_beslut(vard)
    vag = f"/v1/beslut/{beslut}"
    dag = {"datum": "2026-02-01"}
    await vagras(vard, f"{vag}/avbrott", dag, pekare="/datum", regel="R-EVB-14", version=1)
    await vagras(vard, f"{vag}/aterupptagande", dag, pekare="/datum", version=1)
    await vagras(vard, f"{vag}/verkstallande", {"datum": "2026-01-09"}, pekare="/datum", version=1)


async def test_ett_beslut_rattas(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(
        vard, beslutsfattare={"slag": "domstol", "mal": "UM 1-26"}
    )
    rattat = nytt_beslut(klient, skal="fel_uppgift", lagrum="9 § LSS", insatstyp="Ledsagarservice")
    del rattat["klient"]
    rattat["beslutsfattare"] = {"slag": "domstol", "mal": "UM 2-26"}
    await vard.lagra(f"/v1/beslut/{beslut}/rattelse", rattat, version=1)
    visat = await vard.las(f"/v1/beslut/{beslut}")
    assert (visat["lag"], visat["lagrum"], visat["version"]) == ("LSS", "9 § LSS", 2)
    texter = (await vard.las(f"/v1/klienter/{klient}"))["texter"]
    assert [ett["text"] for ett in texter] == ["UM 2-26"]


@pytest.mark.regel("R-BES-2")
async def test_en_rattelse_doms_som_ett_nytt_beslut(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    rattat = nytt_beslut(klient, skal="fel_uppgift", beslutsdatum="2025-06-30")
    del rattat["klient"]
    await vagras(
        vard, f"/v1/beslut/{beslut}/rattelse", rattat, pekare="/lagrum", regel="R-BES-2", version=1
    )


async def test_ett_beslut_med_placeringar_makuleras_inte(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    placering = await vard.lagra("/v1/placeringar", eget_hem(klient, beslut))
    vag = f"/v1/beslut/{beslut}/makulering"
    await vagras(vard, vag, {"skal": "dubblett"}, pekare="", version=2)
    await vard.lagra(
        f"/v1/placeringar/{placering['id']}/makulering", {"skal": "dubblett"}, version=1
    )
    await vard.lagra(vag, {"skal": "dubblett"}, version=3)
    assert (await vard.las(f"/v1/beslut/{beslut}"))["makulerat"]
    await vagras(vard, vag, {"skal": "dubblett"}, pekare="", version=4)


async def test_beslut_listas_i_sidor(vard: Klient) -> None:
    klient, forsta = await klient_och_beslut(vard)
    andra = (await vard.lagra("/v1/beslut", nytt_beslut(klient)))["id"]
    sida = await vard.las("/v1/beslut", antal=1)
    assert [post["id"] for post in sida["poster"]] == [forsta]
    sida = await vard.las("/v1/beslut", antal=1, markor=sida["nasta"])
    assert ([post["id"] for post in sida["poster"]], sida["nasta"]) == ([andra], None)
