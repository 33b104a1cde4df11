"""What falls due over REST: who sees what, what starts a clock anew, and the view behind it."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.chassis.auth.roles import Roll
from services.chassis.calendar import day_of
from services.chassis.streams.health import Health
from services.chassis.streams.parts import connector
from services.placering.domain.klockor import KLOCKOR
from services.placering.process import PARTS
from services.placering.views import bevakningsvikning
from tests.placering.varld import (
    eget_hem,
    klient_och_beslut,
    ny_klient,
    nytt_beslut,
    pagaende_placering,
    vagras,
)
from tests.placering.vy import vik
from tests.stod.tjanst import ANNAN_KOMMUN, Klient
from tests.stod.vanta import eventually

pytestmark = pytest.mark.anyio

PER = "2026-07-15"
NORR, SODER = "Barn norr", "Barn söder"


async def lista(vard: Klient, **fragor: Any) -> dict[str, Any]:
    """What falls due, seen from PER, when all that was stored is in."""
    vik(vard)
    svar: dict[str, Any] = await vard.las("/v1/bevakningar", **{"per": PER, **fragor})
    return svar


async def koder(vard: Klient, **fragor: Any) -> list[str]:
    return [post["kod"] for post in (await lista(vard, **fragor))["poster"]]


def atgard(klient: str, **andra: Any) -> dict[str, Any]:
    """A whole övervägande."""
    return {
        "klient": klient,
        "slag": "overvagande",
        "datum": "2026-07-10",
        "sammantrade": "2026-07-10",
        "paragraf": "§ 84",
        **andra,
    }


@pytest.mark.regel("R-KLO-2")
async def test_ett_overvagande_forfaller_och_borjar_om_nar_det_ar_gjort(vard: Klient) -> None:
    klient, _, placering = await pagaende_placering(vard)
    svar = await lista(vard, regel="R-KLO-2")
    assert svar["senast"] == "2026-08-14"
    (post,) = svar["poster"]
    assert post == {
        "klient": klient,
        "regel": "R-KLO-2",
        "kod": "overvagande",
        "namn": "Övervägande av vården",
        "varfor": "6 månader från 2026-02-01: SoL (2025:400) 22 kap. 13 §.",
        "raknas_fran": "2026-02-01",
        "forfaller": "2026-08-01",
        "dagar_kvar": 17,
        "forsenad": False,
        "exakt": True,
        "gors_med": "overvagande",
        "beslut": None,
        "placering": placering,
        "hem": None,
        "enhet": None,
        "leverantor": None,
        "handlaggare": None,
    }
    await vard.lagra("/v1/atgarder", atgard(klient))
    assert await koder(vard, regel="R-KLO-2") == []
    svar = await lista(vard, regel="R-KLO-2", inom=200)
    assert [post["forfaller"] for post in svar["poster"]] == ["2027-01-10"]


@pytest.mark.regel("R-KLO-2")
async def test_det_forsenade_star_kvar_tills_det_ar_gjort(vard: Klient) -> None:
    klient, _, _ = await pagaende_placering(vard)
    for per, forsenad, kvar in (("2026-08-01", False, 0), ("2026-08-02", True, -1)):
        (post,) = (await lista(vard, per=per, inom=0, regel="R-KLO-2"))["poster"]
        assert (post["forsenad"], post["dagar_kvar"]) == (forsenad, kvar)
    assert (await lista(vard, per="2026-07-31", inom=0, regel="R-KLO-2"))["poster"] == []
    gjord = await vard.lagra("/v1/atgarder", atgard(klient))
    assert await koder(vard, per="2026-08-02", inom=0, regel="R-KLO-2") == []
    makulering = {"skal": "fel_person"}
    await vard.lagra(f"/v1/atgarder/{gjord['id']}/makulering", makulering, version=1)
    assert await koder(vard, per="2026-08-02", inom=0, regel="R-KLO-2") == ["overvagande"]


@pytest.mark.regel("R-BES-9")
@pytest.mark.parametrize("falt", ["sammantrade", "paragraf"])
async def test_ett_overvagande_utan_utskottets_sammantrade_avvisas(vard: Klient, falt: str) -> None:
    klient, _, _ = await pagaende_placering(vard)
    await vagras(
        vard, "/v1/atgarder", atgard(klient, **{falt: None}), pekare=f"/{falt}", regel="R-BES-9"
    )


async def test_en_atgard_i_morgon_avvisas(vard: Klient) -> None:
    klient, _, _ = await pagaende_placering(vard)
    imorgon = day_of(datetime.now(UTC)) + timedelta(days=1)
    kropp = atgard(klient, datum=imorgon.isoformat())
    await vagras(vard, "/v1/atgarder", kropp, pekare="/datum")


@pytest.mark.parametrize("sak", ["beslut", "placering"])
async def test_en_atgard_om_nagon_annans_sak_avvisas(vard: Klient, sak: str) -> None:
    klient, _, _ = await pagaende_placering(vard)
    _, beslut, placering = await pagaende_placering(vard)
    id = {"beslut": beslut, "placering": placering}[sak]
    slag = {"beslut": "understallning", "placering": "utredning_avslutad"}[sak]
    kropp = {"klient": klient, "slag": slag, "datum": "2026-07-10", sak: id}
    await vagras(vard, "/v1/atgarder", kropp, pekare=f"/{sak}")
    await vagras(vard, "/v1/atgarder", {**kropp, sak: str(uuid4())}, pekare=f"/{sak}")


@pytest.mark.parametrize("sak", ["beslut", "placering"])
async def test_en_atgard_om_en_makulerad_sak_avvisas(vard: Klient, sak: str) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    skal = {"skal": "dubblett"}
    await vard.lagra(f"/v1/placeringar/{placering}/makulering", skal, version=1)
    await vard.lagra(f"/v1/beslut/{beslut}/makulering", skal, version=3)
    id = {"beslut": beslut, "placering": placering}[sak]
    slag = {"beslut": "understallning", "placering": "utredning_avslutad"}[sak]
    kropp = {"klient": klient, "slag": slag, "datum": "2026-07-10", sak: id}
    await vagras(vard, "/v1/atgarder", kropp, pekare=f"/{sak}")


async def test_en_atgard_lases_och_listas(vard: Klient) -> None:
    klient, _, _ = await pagaende_placering(vard)
    id = (await vard.lagra("/v1/atgarder", atgard(klient)))["id"]
    en = await vard.las(f"/v1/atgarder/{id}")
    assert (en["slag"], en["paragraf"], en["makulerad"]) == ("overvagande", "§ 84", False)
    assert (await vard.las("/v1/atgarder"))["poster"] == [en]


@pytest.mark.regel("R-KLO-9")
@pytest.mark.parametrize(
    ("per", "inom", "listas"),
    [("2031-01-01", 32, False), ("2031-01-01", 33, True), ("2031-02-03", 0, True)],
)
async def test_fodelsedagen_lases_och_lasningen_antecknas(
    vard: Klient, per: str, inom: int, listas: bool
) -> None:
    """Born on 3 February 2010; the month alone lets the row be read, the day decides."""
    klient, beslut = await klient_och_beslut(vard)
    hem = eget_hem(klient, beslut, placeringsform="stodboende", regi="egen")
    await vard.lagra("/v1/placeringar", hem)
    svar = await lista(vard, per=per, inom=inom, regel="R-KLO-9")
    funnet = [(post["forfaller"], post["exakt"], post["varfor"]) for post in svar["poster"]]
    text = "Dagen då personen fyller 21: SoL (2025:400) 9 kap. 1 §."
    assert funnet == ([("2031-02-03", True, text)] if listas else [])
    loggat = vard.sql("SELECT klient::text, vad, varfor FROM atkomstlogg")
    assert loggat == [(klient, "fodelsedatum", "uppfoljning")]


@pytest.mark.regel("R-KLO-9")
async def test_ett_fodelsedatum_som_inte_gar_att_lasa_ger_manadens_forsta(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    hem = eget_hem(klient, beslut, placeringsform="stodboende", regi="egen")
    await vard.lagra("/v1/placeringar", hem)
    vik(vard)
    vard.sql("DELETE FROM personuppgift")
    (post,) = (await lista(vard, per="2031-01-15", regel="R-KLO-9"))["poster"]
    assert (post["forfaller"], post["exakt"]) == ("2031-02-01", False)


@pytest.mark.regel("R-SEK-3")
async def test_den_som_flyttats_till_en_annan_enhet_syns_bara_dar(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard, arbetsenhet=NORR)
    await vard.lagra("/v1/placeringar", eget_hem(klient, beslut))
    async with (
        vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[NORR]) as norr,
        vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as soder,
    ):
        assert await koder(norr, regel="R-KLO-2") == ["overvagande"]
        assert await koder(soder, regel="R-KLO-2") == []
        rattad = ny_klient(arbetsenhet=SODER, skal="fel_uppgift")
        await vard.lagra(f"/v1/klienter/{klient}/rattelse", rattad, version=1)
        fragor = {"per": PER, "regel": "R-KLO-2"}
        assert (await norr.las("/v1/bevakningar", **fragor))["poster"] == [], "innan vyn är ikapp"
        assert await koder(norr, regel="R-KLO-2") == []
        assert await koder(soder, regel="R-KLO-2") == ["overvagande"]


@pytest.mark.regel("R-SEK-2")
async def test_skyddade_personer_lamnas_utanfor_och_det_sags(vard: Klient) -> None:
    klient, _, _ = await pagaende_placering(vard)
    await pagaende_placering(vard)
    vik(vard)
    rattad = ny_klient(skyddad=True, skal="fel_uppgift")
    await vard.lagra(f"/v1/klienter/{klient}/rattelse", rattad, version=1)
    innan = await vard.las("/v1/bevakningar", per=PER, regel="R-KLO-2")
    assert [post["klient"] for post in innan["poster"]].count(klient) == 0, "innan vyn är ikapp"
    svar = await lista(vard, regel="R-KLO-2")
    assert klient not in [post["klient"] for post in svar["poster"]]
    assert (len(svar["poster"]), svar["skyddade"]) == (1, 1)
    om_personen = await lista(vard, regel="R-KLO-2", klient=klient)
    assert [post["klient"] for post in om_personen["poster"]] == [klient]
    assert om_personen["skyddade"] == 0


async def test_en_annan_kommun_ser_ingenting(vard: Klient) -> None:
    await pagaende_placering(vard)
    async with vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN) as granne:
        svar = await lista(granne, inom=3660)
    assert (svar["poster"], svar["skyddade"]) == ([], 0)


@pytest.mark.parametrize("antal", [1, 2, 100])
async def test_sidorna_tar_vid_dar_den_forra_slutade(vard: Klient, antal: int) -> None:
    for manad in (2, 3, 4):
        await pagaende_placering(vard, fran=f"2026-0{manad}-01")
    fragor: dict[str, Any] = {"per": PER, "inom": 3660, "antal": antal}
    vik(vard)
    sida = await vard.las("/v1/bevakningar", **fragor)
    sedda = sida["poster"]
    while sida["nasta"] is not None:
        sida = await vard.las("/v1/bevakningar", markor=sida["nasta"], **fragor)
        sedda += sida["poster"]
    hela = (await vard.las("/v1/bevakningar", per=PER, inom=3660, antal=500))["poster"]
    assert sedda == hela
    dagar = [post["forfaller"] for post in hela]
    assert dagar == sorted(dagar)
    assert len(dagar) >= 20


@pytest.mark.parametrize("markor", ["!", "YQ", "MjAyNi0wMS0wMXx4fHl8enx3"])
async def test_en_pahittad_markor_avvisas(vard: Klient, markor: str) -> None:
    vik(vard)
    assert (await vard.get("/v1/bevakningar", params={"markor": markor})).status_code == 400


@pytest.mark.parametrize(
    "fraga",
    [{"per": "20260101"}, {"per": "1899-12-31"}, {"inom": "-1"}, {"inom": "3661"}, {"regel": "x"}],
)
async def test_en_felaktig_fraga_avvisas(vard: Klient, fraga: dict[str, str]) -> None:
    assert (await vard.get("/v1/bevakningar", params=fraga)).status_code == 422


async def test_listan_kan_fragas_om_person_hem_enhet_leverantor_och_handlaggare(
    vard: Klient,
) -> None:
    klient, _, _ = await pagaende_placering(vard)
    await pagaende_placering(vard)
    assert await koder(vard, regel="R-KLO-2", klient=klient) == ["overvagande"]
    for falt in ("hem", "enhet", "leverantor", "handlaggare"):
        varde = str(uuid4())
        assert await koder(vard, regel="R-KLO-2", **{falt: varde}) == []
        vard.sql(f"UPDATE bevakning SET {falt} = '{varde}' WHERE klient = '{klient}'")
        assert await koder(vard, regel="R-KLO-2", **{falt: varde}) == ["overvagande"]


async def test_klockorna_listas_med_sin_kalla(vard: Klient) -> None:
    klockor = await vard.las("/v1/klockor")
    assert [(rad["kod"], rad["fran"]) for rad in klockor] == [
        (rad.kod, rad.fran.isoformat()) for rad in KLOCKOR
    ]
    omprovning = next(rad for rad in klockor if rad["kod"] == "omprovning_lvu")
    assert (omprovning["tid"], omprovning["igen"]) == ("6 månader", "6 månader")
    assert "LVU" in omprovning["kalla"]
    slag = await vard.las("/v1/atgardsslag")
    assert {"slag": "omprovning_lvu", "sak": "beslut", "i_utskott": "R-BES-9"}.items() <= next(
        rad for rad in slag if rad["slag"] == "omprovning_lvu"
    ).items()


@pytest.mark.regel("R-BES-1")
async def test_ett_ordforandebeslut_star_kvar_tills_det_anmalts_vid_ett_sammantrade(
    vard: Klient,
) -> None:
    vem = {"slag": "ordforande", "datum": "2026-01-10"}
    klient, beslut = await klient_och_beslut(vard, beslutsfattare=vem, lagrum="6 § LVU")
    assert await koder(vard, regel="R-BES-1") == ["ordforandebeslut"]
    gjort = {"slag": "anmalt_till_namnden", "beslut": beslut, "sammantrade": None}
    kropp = atgard(klient, **gjort)
    await vagras(vard, "/v1/atgarder", kropp, pekare="/sammantrade", regel="R-BES-1")
    await vard.lagra("/v1/atgarder", {**kropp, "sammantrade": "2026-01-28"})
    assert await koder(vard, regel="R-BES-1") == []


@pytest.mark.regel("R-PLA-17")
async def test_den_utsedda_socialsekreterarens_bevakningar_listas(vard: Klient) -> None:
    klient, _, _ = await pagaende_placering(vard)
    assert "socialsekreterare" in await koder(vard, klient=klient)
    utsedd = {"klient": klient, "slag": "socialsekreterare_utsedd", "datum": "2026-02-01"}
    await vagras(vard, "/v1/atgarder", utsedd, pekare="/handlaggare")
    await vard.lagra("/v1/atgarder", {**utsedd, "handlaggare": "u-4711"})
    svar = await lista(vard, handlaggare="u-4711", inom=3660)
    assert {post["klient"] for post in svar["poster"]} == {klient}
    assert "socialsekreterare" not in {post["kod"] for post in svar["poster"]}
    assert (await lista(vard, handlaggare="u-1"))["poster"] == []


# -- the view


def _rader(vard: Klient) -> list[tuple[Any, ...]]:
    return vard.sql("SELECT * FROM bevakning ORDER BY klient, kod, om, raknas_fran")


async def test_vyn_gjord_pa_nytt_ar_densamma(vard: Klient) -> None:
    """Folded after each command, and from nothing in small steps."""
    for nr in range(3):
        klient, _, _ = await pagaende_placering(vard, fran=f"2026-02-0{nr + 1}")
        vik(vard)
        await vard.lagra("/v1/atgarder", atgard(klient))
        vik(vard)
    gjord = _rader(vard)
    assert len(gjord) >= 6
    vard.sql("TRUNCATE bevakning, bevakningsvistelse, bevakningssak, bevakningslage")
    assert (await vard.get("/v1/bevakningar")).status_code == 503
    with psycopg.connect(vard.databas.strom.conninfo(), autocommit=True) as anslutning:
        while bevakningsvikning.vik(anslutning, chunk=2):
            pass
    assert _rader(vard) == gjord


async def test_stromprocessen_viker_det_som_lagras(vard: Klient) -> None:
    """The part is among the process's own; it folds what comes while it runs, and says so."""
    (del_,) = PARTS.own(connector(vard.databas.strom.conninfo()))
    halsa, stopp = Health(del_.name), threading.Event()
    trad = threading.Thread(target=del_.run, args=(stopp, halsa))
    trad.start()
    try:
        await pagaende_placering(vard)
        eventually(lambda: bool(_rader(vard)), message="det första veks aldrig")
        await pagaende_placering(vard)
        forst = len(_rader(vard))
        eventually(lambda: len(_rader(vard)) > forst, message="det senare veks aldrig")
        assert halsa.report.ok
    finally:
        stopp.set()
        trad.join(10)
    assert not trad.is_alive()


async def test_tva_versioner_av_vyn_star_sida_vid_sida_tills_den_nya_ar_ikapp(
    vard: Klient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pagaende_placering(vard)
    vik(vard)
    gjord = len(_rader(vard))
    version = bevakningsvikning.VYVERSION
    monkeypatch.setattr(bevakningsvikning, "VYVERSION", version + 1)
    with psycopg.connect(vard.databas.strom.conninfo(), autocommit=True) as anslutning:
        assert bevakningsvikning.vik(anslutning, chunk=2) == 2
        assert await koder_ur(vard, version) == gjord
        bevakningsvikning.vik_allt(anslutning)
        antal = (await koder_ur(vard, version), await koder_ur(vard, version + 1))
        assert antal == (0, gjord)
        monkeypatch.setattr(bevakningsvikning, "VYVERSION", version)
        await pagaende_placering(vard)
        assert bevakningsvikning.vik(anslutning) == 0, "den äldre versionen viker inte mer"


async def koder_ur(vard: Klient, version: int) -> int:
    ((antal,),) = vard.sql(f"SELECT count(*) FROM bevakning WHERE vyversion = {version}")
    return int(antal)


async def test_det_som_var_over_nar_det_registrerades_har_inga_rader(vard: Klient) -> None:
    igar = day_of(datetime.now(UTC)) - timedelta(days=400)
    klient, beslut = await klient_och_beslut(
        vard, beslutsdatum="2020-01-01", lagrum="4 kap. 1 § SoL"
    )
    hem = await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, fran="2020-01-02"))
    slut = {"till": igar.isoformat(), "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{hem['id']}/avslut", slut, version=1)
    vik(vard)
    assert _rader(vard) == []


async def test_en_ny_klient_utan_nagot_har_inga_rader(vard: Klient) -> None:
    await vard.lagra("/v1/klienter", ny_klient())
    assert (await lista(vard, inom=3660))["poster"] == []


async def test_ett_beslut_i_dag_syns_med_sitt_id(vard: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    vem = {"slag": "ordforande", "datum": "2026-01-10"}
    nytt = nytt_beslut(klient, lagrum="6 § LVU", beslutsfattare=vem)
    beslut = (await vard.lagra("/v1/beslut", nytt))["id"]
    (post,) = (await lista(vard, per="2026-01-12", inom=7, regel="R-KLO-11"))["poster"]
    assert (post["kod"], post["beslut"]) == ("understallning_lvu", beslut)
    assert date.fromisoformat(post["forfaller"]) == date(2026, 1, 17)
