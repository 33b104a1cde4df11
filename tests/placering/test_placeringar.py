"""Placeringar over HTTP: begun, priced, ended, corrected, annulled; the calendar follows."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.placering.register import ANDRA_NUMMER, NUMMER, Registerskrivare
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


async def test_en_placering_hos_en_leverantor_under_enhetens_avtal(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    enhet = register.enhet()
    register.avtal()
    avtal = register.avtal(enhet=enhet)
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(
        klient,
        beslut,
        leverantor="5560360793",
        enhet=str(enhet),
        dygnspris_ore=425_000,
        skal_utom_ramavtal=None,
    )
    placering = (await vard.lagra("/v1/placeringar", kropp))["id"]
    svar = await vard.get(f"/v1/placeringar/{placering}")
    assert svar.headers["etag"] == '"1"'
    assert svar.json() == {
        "id": placering,
        "version": 1,
        "klient": klient,
        "beslut": beslut,
        "placeringsform": "hvb",
        "form": "hvb",
        "regi": "extern_privat",
        "natverk": False,
        "leverantor": NUMMER,
        "enhet": str(enhet),
        "avtal": str(avtal),
        "fran": "2026-02-01",
        "planerat_slut": None,
        "till": None,
        "orsak": None,
        "destination": None,
        "beslut_bestar": False,
        "dygnspris_ore": 425_000,
        "priser": [],
        "placeringsavtal": None,
        "hem": None,
        "franvaro": [],
        "betalare": [],
        "skal_utom_ramavtal": None,
        "makulerad": False,
        "flaggor": [],
    }
    assert (await vard.las(f"/v1/beslut/{beslut}"))["placeringar"] == [
        {"placering": placering, "fran": "2026-02-01", "till": None}
    ]


@pytest.mark.regel("R-PLA-3")
async def test_utom_ramavtal_ska_ha_skal(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    klient, beslut = await klient_och_beslut(vard)
    utan = ny_placering(klient, beslut, skal_utom_ramavtal=None)
    vag = "/v1/placeringar"
    await vagras(vard, vag, utan, pekare="/skal_utom_ramavtal", regel="R-PLA-3")
    annat = ny_placering(klient, beslut, skal_utom_ramavtal="annat")
    await vagras(vard, vag, annat, pekare="/text", regel="R-PLA-3")
    await vard.lagra(vag, annat | {"text": "Förklaring"})
    texter = (await vard.las(f"/v1/klienter/{klient}"))["texter"]
    assert [(ett["vad"], ett["text"]) for ett in texter] == [("utom_ramavtal", "Förklaring")]


@pytest.mark.regel("R-PLA-3")
async def test_av_flera_avtal_ska_ett_anges(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    register.avtal()
    avtal = register.avtal()
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, skal_utom_ramavtal=None)
    await vagras(vard, "/v1/placeringar", kropp, pekare="/avtal", regel="R-PLA-3")
    await vard.lagra("/v1/placeringar", kropp | {"avtal": str(avtal)})


@pytest.mark.regel("R-PLA-4")
async def test_ett_utganget_avtal_kan_inte_anges(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    avtal = register.avtal(till=date(2026, 1, 31))
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, avtal=str(avtal))
    await vagras(vard, "/v1/placeringar", kropp, pekare="/avtal", regel="R-PLA-4")


@pytest.mark.regel("R-PLA-4")
async def test_avropsstopp_hindrar_ny_placering(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    register.avropsstopp(date(2026, 2, 1))
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut)
    await vagras(vard, "/v1/placeringar", kropp, pekare="/leverantor", regel="R-PLA-4")
    await vard.lagra("/v1/placeringar", kropp | {"fran": "2026-01-31"})


@pytest.mark.regel("R-PLA-4")
async def test_efter_havningen_gar_det_igen_men_inte_innan(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    register.avropsstopp(date(2026, 2, 1))
    register.havning(date(2026, 3, 1))
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, fran="2026-02-28")
    await vagras(vard, "/v1/placeringar", kropp, pekare="/leverantor", regel="R-PLA-4")
    await vard.lagra("/v1/placeringar", kropp | {"fran": "2026-03-01"})


@pytest.mark.regel("R-PLA-1")
async def test_en_flytt_delar_en_dag_men_inte_tva(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    nasta = eget_hem(klient, beslut, fran="2026-03-01")
    await vagras(vard, "/v1/placeringar", nasta, pekare="/fran", regel="R-PLA-1")
    slut = {"till": "2026-03-01", "orsak": "omplacering"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", slut, version=1)
    for_tidigt = nasta | {"fran": "2026-02-28"}
    await vagras(vard, "/v1/placeringar", for_tidigt, pekare="/fran", regel="R-PLA-1")
    await vard.lagra("/v1/placeringar", nasta)


@pytest.mark.regel("R-PLA-12")
async def test_ett_avslut_har_en_orsak(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/avslut"
    slut: dict[str, Any] = {"till": "2026-03-01"}
    await vagras(vard, vag, slut, pekare="/orsak", regel="R-PLA-12", version=1)
    slut["orsak"] = "annan"
    await vagras(vard, vag, slut, pekare="/text", regel="R-PLA-12", version=1)
    await vard.lagra(vag, slut | {"text": "Förklaring", "beslut_bestar": True}, version=1)
    visad = await vard.las(f"/v1/placeringar/{placering}")
    assert (visad["till"], visad["orsak"], visad["beslut_bestar"]) == ("2026-03-01", "annan", True)
    await vagras(vard, vag, slut | {"text": "x"}, pekare="/till", version=2)


async def test_ett_planerat_slut_anges_andras_och_tas_bort(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/planerat_slut"
    fore = {"planerat_slut": "2026-01-31"}
    await vagras(vard, vag, fore, pekare="/planerat_slut", version=1)
    await vagras(vard, vag, {}, pekare="/planerat_slut", version=1)
    for version, dag in enumerate(("2026-02-01", "2026-08-31", None, "2026-03-01"), start=1):
        await vard.lagra(vag, {"planerat_slut": dag}, version=version)
        visad = await vard.las(f"/v1/placeringar/{placering}")
        assert (visad["planerat_slut"], visad["till"]) == (dag, None)
    nasta = eget_hem(klient, beslut, fran="2026-03-01")
    await vagras(vard, "/v1/placeringar", nasta, pekare="/fran", regel="R-PLA-1")
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", slut, version=5)
    sent = {"planerat_slut": "2026-04-01"}
    await vagras(vard, vag, sent, pekare="/planerat_slut", version=6)


@pytest.mark.regel("R-KOS-15")
async def test_betalarnas_andelar_ar_hela_kostnaden(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/betalare"
    delat = {"fran": "2026-03-01", "ifo": 6_667, "region": 3_333}
    for fel in ({"region": 3_332}, {"region": 3_334}):
        await vagras(vard, vag, delat | fel, pekare="/ifo", regel="R-KOS-15", version=1)
    for andel in (-1, 10_001, 33.33, "3333"):
        await vagras(vard, vag, delat | {"region": andel}, pekare="/region", version=1)
    await vagras(vard, vag, delat | {"fran": "2026-01-31"}, pekare="/fran", version=1)
    await vard.lagra(vag, delat, version=1)
    await vard.lagra(vag, {"fran": "2026-02-01", "migrationsverket": 10_000}, version=2)
    await vard.lagra(vag, delat | {"ifo": 0, "annan_namnd": 6_667}, version=3)
    assert (await vard.las(f"/v1/placeringar/{placering}"))["betalare"] == [
        {"fran": "2026-02-01", "ifo": 0, "annan_namnd": 0, "region": 0, "migrationsverket": 10_000},
        {"fran": "2026-03-01", "ifo": 0, "annan_namnd": 6_667, "region": 3_333}
        | {"migrationsverket": 0},
    ]


async def test_priser_avtalas_och_ersatts(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard, dygnspris_ore=72_000)
    vag = f"/v1/placeringar/{placering}/priser"
    skal = {"skal": "sent_inkommen"}
    pris = {"fran": "2026-03-01", "dygnspris_ore": 80_000}
    await vard.lagra(vag, pris | skal, version=1)
    tillagg: dict[str, Any] = {"slag": "tillagg", "fran": "2026-03-01", "till": "2026-03-31"}
    tillagg |= skal | {"dygnspris_ore": 5}
    await vard.lagra(vag, tillagg, version=2)
    priser = (await vard.las(f"/v1/placeringar/{placering}"))["priser"]
    assert [(rad["slag"], rad["till"]) for rad in priser] == [
        ("grund", None),
        ("tillagg", "2026-03-31"),
    ]
    ersatt = tillagg | {"prisrad": priser[1]["prisrad"], "dygnspris_ore": 6}
    await vard.lagra(vag, ersatt, version=3)
    priser = (await vard.las(f"/v1/placeringar/{placering}"))["priser"]
    assert [rad["dygnspris_ore"] for rad in priser] == [80_000, 6]


@pytest.mark.parametrize(
    ("rad", "pekare"),
    [
        ({"fran": "2026-01-31", "dygnspris_ore": 1}, "/fran"),
        ({"fran": "2026-03-01", "till": "2026-03-02", "dygnspris_ore": 1}, "/till"),
        ({"fran": "2026-03-01", "dygnspris_ore": -1}, "/dygnspris_ore"),
        ({"fran": "2026-03-01", "dygnspris_ore": 1.5}, "/dygnspris_ore"),
        ({"fran": "2026-03-01", "dygnspris_ore": "1"}, "/dygnspris_ore"),
        (
            {"slag": "tillagg", "fran": "2026-03-01", "till": "2026-02-28", "dygnspris_ore": 1},
            "/till",
        ),
    ],
)
async def test_en_felaktig_prisrad_avvisas(vard: Klient, rad: dict[str, Any], pekare: str) -> None:
    _, _, placering = await pagaende_placering(vard)
    await vagras(vard, f"/v1/placeringar/{placering}/priser", rad, pekare=pekare, version=1)


async def test_en_placering_gors_under_klientens_eget_gallande_beslut(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard, galler_till="2026-02-01")
    annan, annans = await klient_och_beslut(vard)
    vag = "/v1/placeringar"
    await vagras(vard, vag, eget_hem(klient, annans), pekare="/beslut")
    await vagras(vard, vag, eget_hem(klient, str(uuid4())), pekare="/beslut")
    await vagras(vard, vag, eget_hem(str(uuid4()), beslut), pekare="/klient")
    await vagras(vard, vag, eget_hem(klient, beslut, fran="2026-01-09"), pekare="/fran")
    await vagras(vard, vag, eget_hem(klient, beslut, fran="2026-02-02"), pekare="/fran")
    await vard.lagra(vag, eget_hem(klient, beslut))
    await vard.lagra(f"/v1/beslut/{annans}/makulering", {"skal": "skrivfel"}, version=1)
    await vagras(vard, vag, eget_hem(annan, annans), pekare="/beslut")


def rattad(**andra: Any) -> dict[str, Any]:
    """An own home as it should be."""
    falt = {"placeringsform": "eget_familjehem", "fran": "2026-02-01", "skal": "skrivfel"}
    return {**falt, **andra}


async def test_en_rattelse_flyttar_dagarna(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/rattelse"
    kropp = rattad(
        fran="2026-03-01", till="2026-03-31", orsak="planerad", placeringsform="natverkshem"
    )
    await vard.lagra(vag, kropp, version=1)
    visad = await vard.las(f"/v1/placeringar/{placering}")
    assert (visad["natverk"], visad["fran"], visad["till"]) == (True, "2026-03-01", "2026-03-31")
    await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, fran="2026-03-31"))
    krock = rattad(fran="2026-03-01", till="2026-04-01", orsak="planerad")
    await vagras(vard, vag, krock, pekare="/fran", regel="R-PLA-1", version=2)
    assert (await vard.las(f"/v1/beslut/{beslut}"))["placeringar"][0] == {
        "placering": placering,
        "fran": "2026-03-01",
        "till": "2026-03-31",
    }


@pytest.mark.regel("R-PLA-12")
async def test_en_rattelse_doms_som_en_ny_placering(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    _, _, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}/rattelse"
    hvb = rattad(placeringsform="hvb", leverantor=NUMMER)
    for kropp, pekare, regel in (
        (rattad(till="2026-01-31", orsak="planerad"), "/till", None),
        (rattad(till="2026-03-01"), "/orsak", "R-PLA-12"),
        (rattad(orsak="planerad"), "/orsak", "R-PLA-12"),
        (rattad(till="2026-03-01", orsak="annan"), "/avslutstext", "R-PLA-12"),
        (rattad(fran="2026-01-09"), "/fran", None),
        (hvb, "/skal_utom_ramavtal", "R-PLA-3"),
        (hvb | {"leverantor": "556036-0794"}, "/leverantor", "R-LEV-3"),
        (hvb | {"leverantor": ANDRA_NUMMER}, "/leverantor", None),
    ):
        await vagras(vard, vag, kropp, pekare=pekare, regel=regel, version=1)
    await vard.lagra(vag, hvb | {"skal_utom_ramavtal": "akut"}, version=1)


async def test_en_text_som_redan_finns_behover_inte_anges_igen(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, skal_utom_ramavtal="annat", text="Första texten")
    placering = (await vard.lagra("/v1/placeringar", kropp))["id"]
    slut = {"till": "2026-03-01", "orsak": "annan", "text": "Sluttexten"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", slut, version=1)
    rattelse = {
        "placeringsform": "hvb",
        "leverantor": NUMMER,
        "fran": "2026-02-02",
        "skal_utom_ramavtal": "annat",
        "till": "2026-03-01",
        "orsak": "annan",
        "skal": "skrivfel",
    }
    vag = f"/v1/placeringar/{placering}/rattelse"
    await vard.lagra(vag, rattelse, version=2)
    await vard.lagra(vag, rattelse | {"avslutstext": "Ny sluttext"}, version=3)
    texter = (await vard.las(f"/v1/klienter/{klient}"))["texter"]
    assert {(ett["vad"], ett["text"]) for ett in texter} == {
        ("utom_ramavtal", "Första texten"),
        ("avslut", "Ny sluttext"),
    }


@pytest.mark.regel("R-PLA-4")
async def test_ett_senare_avropsstopp_hindrar_bara_en_rattelse_som_flyttar(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    klient, beslut = await klient_och_beslut(vard)
    placering = (await vard.lagra("/v1/placeringar", ny_placering(klient, beslut)))["id"]
    register.avropsstopp(date(2026, 1, 1))
    rattelse = {
        "placeringsform": "hvb",
        "leverantor": NUMMER,
        "fran": "2026-02-01",
        "skal_utom_ramavtal": "akut",
        "dygnspris_ore": 400_000,
        "skal": "skrivfel",
    }
    vag = f"/v1/placeringar/{placering}/rattelse"
    await vard.lagra(vag, rattelse, version=1)
    flyttad = rattelse | {"fran": "2026-02-02"}
    await vagras(vard, vag, flyttad, pekare="/leverantor", regel="R-PLA-4", version=2)


async def test_en_makulerad_placering_frigor_dagarna_och_andras_inte(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    vag = f"/v1/placeringar/{placering}"
    await vard.lagra(f"{vag}/makulering", {"skal": "fel_person"}, version=1)
    assert (await vard.las(vag))["makulerad"]
    assert (await vard.las(f"/v1/beslut/{beslut}"))["placeringar"] == []
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    await vagras(vard, f"{vag}/avslut", slut, pekare="", version=2)
    await vagras(vard, f"{vag}/rattelse", rattad(), pekare="", version=2)
    await vagras(vard, f"{vag}/makulering", {"skal": "skrivfel"}, pekare="", version=2)
    pris = {"fran": "2026-03-01", "dygnspris_ore": 1}
    await vagras(vard, f"{vag}/priser", pris, pekare="", version=2)
    await vard.lagra("/v1/placeringar", eget_hem(klient, beslut))


@pytest.mark.regel("R-EVB-14")
async def test_en_placering_ar_beslutets_verkstallighet(vard: Klient) -> None:
    _, beslut, _ = await pagaende_placering(vard)
    vag = f"/v1/beslut/{beslut}/avbrott"
    dag = {"datum": "2026-01-31"}
    await vagras(vard, vag, dag, pekare="/datum", regel="R-EVB-14", version=2)
    await vard.lagra(vag, {"datum": "2026-02-01"}, version=2)


async def test_placeringar_listas_i_sidor(vard: Klient) -> None:
    klient, _, forsta = await pagaende_placering(vard)
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{forsta}/avslut", slut, version=1)
    andra = nytt_beslut(klient)
    nytt = (await vard.lagra("/v1/beslut", andra))["id"]
    sist = (await vard.lagra("/v1/placeringar", eget_hem(klient, nytt, fran="2026-05-01")))["id"]
    sida = await vard.las("/v1/placeringar", antal=1)
    assert [post["id"] for post in sida["poster"]] == [forsta]
    sida = await vard.las("/v1/placeringar", antal=1, markor=sida["nasta"])
    assert [post["id"] for post in sida["poster"]] == [sist]
