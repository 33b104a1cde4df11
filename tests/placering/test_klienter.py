"""Persons over HTTP: what is stored, who may read it, and the trace that a read leaves."""

from uuid import UUID, uuid4

import pytest

from services.chassis.auth.roles import Roll
from services.placering.api.roller import LASA_KLIENTER, LASA_PERSON
from tests.placering.test_utgaende import utgaende
from tests.placering.varld import PERSONNUMMER, eget_hem, ny_klient, nytt_beslut, vagras
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = pytest.mark.anyio

NAMN = "Zebramarkör Påhittad"
TEXT = "Hemligmarkör om den enskilde"
MAL = "UM 4711-26"


async def registrera(vard: Klient, **andra: object) -> str:
    id: str = (await vard.lagra("/v1/klienter", ny_klient(**andra)))["id"]
    return id


async def test_en_klient_lases_med_sina_uppgifter(vard: Klient) -> None:
    id = await registrera(
        vard, personnummer=PERSONNUMMER, namn=NAMN, fodelsedatum=None, arbetsenhet="barn-2"
    )
    svar = await vard.get(f"/v1/klienter/{id}")
    assert svar.headers["etag"] == '"1"'
    assert svar.json() == {
        "id": id,
        "version": 1,
        "kon": "K",
        "fodelsemanad": "2010-02",
        "skyddad": False,
        "arbetsenhet": "barn-2",
        "ensamkommande": None,
        "personnummer": PERSONNUMMER.replace("-", ""),
        "namn": NAMN,
        "fodelsedatum": "2010-02-03",
        "fodelsear": None,
        "texter": [],
    }


async def test_listan_visar_inga_personuppgifter(vard: Klient) -> None:
    id = await registrera(vard, personnummer=PERSONNUMMER, namn=NAMN)
    sida = await vard.las("/v1/klienter")
    assert sida == {
        "poster": [
            {
                "id": id,
                "version": 1,
                "kon": "K",
                "fodelsemanad": "2010-02",
                "skyddad": False,
                "arbetsenhet": None,
                "ensamkommande": None,
            }
        ],
        "nasta": None,
    }


@pytest.mark.regel("R-SEK-1")
async def test_ingen_personuppgift_star_i_klartext_i_databasen(vard: Klient) -> None:
    klient = await registrera(vard, personnummer=PERSONNUMMER, namn=NAMN)
    domstol = {"slag": "domstol", "mal": MAL, "datum": "2026-01-10"}
    beslut = await vard.lagra("/v1/beslut", nytt_beslut(klient, beslutsfattare=domstol))
    placering = await vard.lagra("/v1/placeringar", eget_hem(klient, beslut["id"]))
    await vard.lagra(
        f"/v1/placeringar/{placering['id']}/avslut",
        {"till": "2026-03-01", "orsak": "annan", "text": TEXT},
        version=1,
    )
    siffror = PERSONNUMMER.replace("-", "")
    for (tabell,) in vard.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for (rad,) in vard.sql(f"SELECT t::text FROM {tabell} AS t"):
            for hemligt in (NAMN, TEXT, MAL, PERSONNUMMER, siffror, "2010-02-03"):
                assert hemligt not in rad, tabell
                assert hemligt.encode().hex() not in rad, tabell
    uppgifter = await vard.las(f"/v1/klienter/{klient}")
    assert (uppgifter["namn"], uppgifter["personnummer"]) == (NAMN, siffror)
    assert {(ett["om"], ett["vad"], ett["text"]) for ett in uppgifter["texter"]} == {
        ("beslut", "mal", MAL),
        ("placering", "avslut", TEXT),
    }


@pytest.mark.regel("R-SEK-3")
async def test_varje_lasning_antecknas_med_vem_vad_och_varfor(vard: Klient) -> None:
    id = await registrera(vard)
    await vard.las(f"/v1/klienter/{id}", skal="handlaggning")
    await vard.las(f"/v1/klienter/{id}")
    loggen = vard.sql(
        "SELECT kommunkod, aktor, klient, vad, varfor, tid IS NOT NULL FROM atkomstlogg ORDER BY nr"
    )
    assert loggen == [
        ("1490", "prov-anvandare", UUID(id), "klient", "handlaggning", True),
        ("1490", "prov-anvandare", UUID(id), "klient", None, True),
    ]


@pytest.mark.regel("R-SEK-3")
async def test_en_lasning_av_nagon_som_inte_finns_lamnar_inget(vard: Klient) -> None:
    svar = await vard.get(f"/v1/klienter/{uuid4()}")
    assert svar.status_code == 404
    assert vard.sql("SELECT count(*) FROM atkomstlogg") == [(0,)]


@pytest.mark.regel("R-SEK-3")
async def test_sokning_pa_personnummer_hittar_och_antecknas(vard: Klient) -> None:
    id = await registrera(vard, personnummer=PERSONNUMMER)
    fraga = {"personnummer": PERSONNUMMER.replace("-", ""), "skal": "anmalan"}
    assert (await vard.lagra("/v1/klienter/sokning", fraga)) == {"klient": id}
    okand = {"personnummer": "20100263-2386"}
    assert (await vard.lagra("/v1/klienter/sokning", okand)) == {"klient": None}
    loggen = vard.sql("SELECT klient, vad, varfor FROM atkomstlogg ORDER BY nr")
    assert loggen == [(UUID(id), "sokning", "anmalan"), (None, "sokning", None)]


async def test_sokning_pa_ett_felskrivet_nummer_avvisas(vard: Klient) -> None:
    kropp = {"personnummer": "20100203-2388"}
    await vagras(vard, "/v1/klienter/sokning", kropp, pekare="/personnummer")
    assert vard.sql("SELECT count(*) FROM atkomstlogg") == [(0,)]


async def test_samma_person_registreras_inte_tva_ganger(vard: Klient) -> None:
    await registrera(vard, personnummer=PERSONNUMMER)
    kropp = ny_klient(personnummer=PERSONNUMMER.replace("-", ""))
    problem = await vagras(vard, "/v1/klienter", kropp, pekare="/personnummer")
    assert "finns redan" in problem["detail"]
    assert PERSONNUMMER not in str(problem)


async def test_ett_rattat_personnummer_frigor_det_gamla(vard: Klient) -> None:
    forsta = await registrera(vard, personnummer=PERSONNUMMER)
    andra = await registrera(vard)
    rattelse = ny_klient(skal="fel_person", personnummer="20100263-2386")
    await vard.lagra(f"/v1/klienter/{forsta}/rattelse", rattelse, version=1)
    rattelse["personnummer"] = PERSONNUMMER
    await vard.lagra(f"/v1/klienter/{andra}/rattelse", rattelse, version=1)
    svar = await vard.lagra("/v1/klienter/sokning", {"personnummer": PERSONNUMMER})
    assert svar == {"klient": andra}
    assert (await vard.las(f"/v1/klienter/{forsta}"))["personnummer"] == "201002632386"


async def test_en_rattelse_utan_nummer_slapper_det_och_samma_igen_ror_det_inte(
    vard: Klient,
) -> None:
    id = await registrera(vard, personnummer=PERSONNUMMER, namn=NAMN)
    behallet = ny_klient(skal="skrivfel", personnummer=PERSONNUMMER, namn="Annat Namn")
    fore = vard.antal_handelser()
    await vard.lagra(f"/v1/klienter/{id}/rattelse", behallet, version=1)
    assert vard.antal_handelser() == fore + 1
    assert (await vard.las(f"/v1/klienter/{id}"))["namn"] == "Annat Namn"
    await vard.lagra(f"/v1/klienter/{id}/rattelse", ny_klient(skal="fel_uppgift"), version=2)
    uppgifter = await vard.las(f"/v1/klienter/{id}")
    assert (uppgifter["personnummer"], uppgifter["namn"]) == (None, None)
    await registrera(vard, personnummer=PERSONNUMMER)


async def test_fodelsedatum_och_personnummer_ska_stamma_overens(vard: Klient) -> None:
    kropp = ny_klient(personnummer=PERSONNUMMER, fodelsedatum="2010-02-04")
    await vagras(vard, "/v1/klienter", kropp, pekare="/fodelsedatum")


async def test_bara_den_som_arbetar_med_personen_laser_uppgifterna(vard: Klient) -> None:
    id = await registrera(vard, namn=NAMN)
    for roll in Roll:
        svar = await vard.som(roll).get(f"/v1/klienter/{id}")
        assert svar.status_code == (200 if roll in LASA_PERSON else 403), roll
        assert (NAMN in svar.text) is (roll in LASA_PERSON)
        lista = await vard.som(roll).get("/v1/klienter")
        assert lista.status_code == (200 if roll in LASA_KLIENTER else 403), roll


async def test_en_annan_kommuns_klient_finns_inte(vard: Klient) -> None:
    id = await registrera(vard, personnummer=PERSONNUMMER)
    annan = vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN)
    assert (await annan.get(f"/v1/klienter/{id}")).status_code == 404
    assert (await annan.las("/v1/klienter"))["poster"] == []
    svar = await annan.lagra("/v1/klienter/sokning", {"personnummer": PERSONNUMMER})
    assert svar == {"klient": None}
    await registrera(annan, personnummer=PERSONNUMMER)


async def test_utan_nyckel_ar_uppgifterna_borta_men_klienten_kvar(vard: Klient) -> None:
    id = await registrera(vard, namn=NAMN)
    vard.sql("DELETE FROM klientnyckel")
    uppgifter = await vard.las(f"/v1/klienter/{id}")
    assert (uppgifter["namn"], uppgifter["fodelsemanad"]) == (None, "2010-02")
    svar = await vard.sand(
        f"/v1/klienter/{id}/rattelse", ny_klient(skal="skrivfel", namn=NAMN), version=1
    )
    assert svar.status_code == 404


async def test_ett_chiffer_pa_fel_plats_gar_inte_att_lasa(vard: Klient) -> None:
    id = await registrera(vard, namn=NAMN)
    vard.sql(
        "UPDATE personuppgift SET chiffer = (SELECT chiffer FROM personuppgift"
        " WHERE falt = 'namn') WHERE falt = 'fodelsedatum'"
    )
    oppen = vard.som(Roll.SOCIALSEKRETERARE, kasta_fel=False)
    svar = await oppen.get(f"/v1/klienter/{id}")
    assert svar.status_code == 500
    assert NAMN not in svar.text


async def test_ensamkommande_anges_med_datum_och_berattas_for_andra(vard: Klient) -> None:
    id = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    vag = f"/v1/klienter/{id}/ensamkommande"
    assert (await vard.las("/v1/klienter"))["poster"][0]["ensamkommande"] is None
    for fel, pekare in (
        ({}, "/fran"),
        ({"fran": None, "till": "2026-01-01"}, "/till"),
        ({"fran": "2026-01-02", "till": "2026-01-01"}, "/till"),
    ):
        await vagras(vard, vag, fel, pekare=pekare, version=1)
    dagar = {"fran": "2026-01-01", "till": "2026-01-01"}
    await vard.lagra(vag, dagar, version=1)
    assert (await vard.las("/v1/klienter"))["poster"][0]["ensamkommande"] == dagar
    await vard.lagra(f"/v1/klienter/{id}/rattelse", ny_klient(skal="skrivfel"), version=2)
    assert (await vard.las(f"/v1/klienter/{id}"))["ensamkommande"] == dagar
    await vard.lagra(vag, {"fran": None}, version=3)
    assert (await vard.las(f"/v1/klienter/{id}"))["ensamkommande"] is None
    ut = [data for namn, data in utgaende(vard) if namn == "EnsamkommandeAngivet"]
    assert ut == [{"klient": id, **dagar}, {"klient": id, "fran": None, "till": None}]
