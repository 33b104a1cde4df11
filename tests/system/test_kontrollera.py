"""``dygn kontrollera`` on a live installation: all is well while it is written to, and whatever an
administrator changes behind the services' back is found and named.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from dygn.fel import DygnFel
from dygn.kontroll import finn
from services.chassis.streams.parts import Consumer
from tests.system.installation import Installation, sql
from tests.system.kommandorad import oppna
from tests.system.skador import avvikelser, granskat, granskning, skadad
from tests.system.skribent import Skribent

UPPF, PLAC, LEV = "uppfoljning", "placering", "leverantor"
Avvikelser = dict[tuple[str, str, str], str]


@pytest.fixture(scope="module")
def lugn(installationen: Installation, fro: int) -> Iterator[Installation]:
    """An installation that has been written to for a while and is now at rest, with a receipt."""
    with Skribent(installationen, random.Random(fro), 0.0) as skribent:
        while skribent.anrop < 120:
            svar = granskning(installationen)
            assert svar["stammer"], svar
    installationen.avgjort()
    assert granskning(installationen)["stammer"]
    yield installationen
    assert granskning(installationen)["stammer"], "något prov har lämnat en skada"


def _fel(installation: Installation) -> Avvikelser:
    svar = granskning(installation)
    assert not svar["stammer"]
    return avvikelser(svar)


def _ett(installation: Installation, tjanst: str, sats: str) -> Any:
    return sql(installation.databaser[tjanst], sats)[0]


# --- all is well -------------------------------------------------------------------------------


def test_allt_stammer_medan_det_skrivs(lugn: Installation, slump: random.Random) -> None:
    """Each run while commands are taken; what it looked at grows, and receipts are tried."""
    handelser: list[int] = []
    with Skribent(lugn, slump, 0.0) as skribent:
        while len(handelser) < 4 or skribent.anrop < 60:
            svar = granskning(lugn)
            assert svar["stammer"], svar
            handelser.append(granskat(svar, "handelser", PLAC)["händelser"])
            assert granskat(svar, "slutligt", UPPF)["prövade_kvitton"] > 0
    assert handelser == sorted(set(handelser)), "det skrevs inte medan det granskades"
    lugn.avgjort()
    svar = granskning(lugn)
    for tjanst in (PLAC, LEV):
        [(antal,)] = sql(lugn.databaser[tjanst], "SELECT count(*) FROM handelse")
        assert granskat(svar, "handelser", tjanst) == {"händelser": antal}
    for tjanst in (PLAC, UPPF):
        [(antal,)] = sql(lugn.databaser[tjanst], "SELECT count(*) FROM rafakta")
        assert granskat(svar, "fakta", tjanst) == {"fakta": antal}
    [(klienter,)] = sql(
        lugn.databaser[UPPF],
        "SELECT count(DISTINCT amne) FROM rafakta_amne WHERE slag IN ('klient', 'leverantor')",
    )
    assert granskat(svar, "vyer", UPPF) == {"ämnen": klienter}
    assert not svar["kafka"]
    assert svar["anmarkningar"] == []


def test_kommandot_sager_att_allt_stammer_och_att_ingen_kafka_anvands(lugn: Installation) -> None:
    process = oppna("kontrollera", "--katalog", str(lugn.inbyggd.katalog.mapp))
    ut, fel = process.communicate(timeout=120)
    assert process.returncode == 0, fel
    assert "Allt stämmer." in ut
    assert "inga ämnen används" in ut
    assert fel == "", "en förloppsbalk utan terminal"


def test_kommandot_listar_avvikelser_och_slutar_med_ett(lugn: Installation) -> None:
    pos = _ett(lugn, UPPF, "SELECT min(pos) FROM rafakta WHERE topic = 'dygn.placering.v1'")[0]
    sats = f"DELETE FROM rafakta WHERE topic = 'dygn.placering.v1' AND pos = {pos}"
    katalog = str(lugn.inbyggd.katalog.mapp)
    with skadad(lugn.databaser[UPPF], "rafakta", sats):
        som_json = oppna("kontrollera", "--katalog", katalog, "--format", "json")
        ut, _ = som_json.communicate(timeout=120)
        svar = json.loads(ut)
        som_tabell = oppna("kontrollera", "--katalog", katalog)
        tabell, _ = som_tabell.communicate(timeout=120)
    assert (som_json.returncode, som_tabell.returncode) == (1, 1)
    assert not svar["stammer"]
    assert ("fakta", UPPF, f"dygn.placering.v1 {pos}.0") in avvikelser(svar)
    assert f"dygn.placering.v1 {pos}.0" in tabell
    assert "saknas fast partitionen är läst förbi det" in tabell


def test_utan_installation_sags_det(tmp_path: Any) -> None:
    with pytest.raises(DygnFel, match="Ingen installation är igång"):
        finn(tmp_path, {})
    with pytest.raises(DygnFel, match="saknar DYGN_LEVERANTOR_STREAM_DATABASE_URL"):
        finn(None, {"DYGN_PLACERING_STREAM_DATABASE_URL": "x", "DYGN_KAFKA_BOOTSTRAP": "y"})
    miljo = {f"DYGN_{t.upper()}_STREAM_DATABASE_URL": t for t in (UPPF, PLAC, LEV)}
    var = finn(None, {**miljo, "DYGN_KAFKA_BOOTSTRAP": "y:9092"})
    assert (dict(var.databaser), var.kafka) == ({t: t for t in (UPPF, PLAC, LEV)}, "y:9092")


# --- events ------------------------------------------------------------------------------------


def test_en_andrad_handelse_namns_av_kedjan_och_av_sitt_faktum(lugn: Installation) -> None:
    pos = _ett(
        lugn,
        LEV,
        "SELECT max(pos) FROM handelse WHERE topic LIKE '%GrunddygnsprisSatt'",
    )[0]
    sats = (
        "UPDATE handelse SET state = convert_to(regexp_replace(convert_from(state, 'UTF8'),"
        f" '\"dygnspris_ore\":[0-9]+', '\"dygnspris_ore\":1'), 'UTF8') WHERE pos = {pos}"
    )
    with skadad(lugn.databaser[LEV], "handelse", sats):
        fel = _fel(lugn)
    assert "stämmer inte med kedjan" in fel["handelser", LEV, f"händelse {pos}"]
    for tjanst in (UPPF, PLAC):
        text = fel["fakta", tjanst, f"dygn.leverantor.v1 {pos}.0"]
        assert text == "skiljer sig från meddelandet: data"
    assert len(fel) == 3


def test_en_handelse_som_inte_gar_att_lasa_faller_ingen_annan(lugn: Installation) -> None:
    pos = _ett(lugn, LEV, "SELECT max(pos) FROM handelse WHERE topic LIKE '%GrunddygnsprisSatt'")[0]
    sats = rf"UPDATE handelse SET state = '\x00ff' WHERE pos = {pos}"
    with skadad(lugn.databaser[LEV], "handelse", sats):
        fel = _fel(lugn)
    assert {var for _, _, var in fel} == {f"händelse {pos}", f"dygn.leverantor.v1 {pos}.0"}


def test_en_borttagen_handelse_namns_och_faktumet_som_blev_kvar(lugn: Installation) -> None:
    pos = _ett(lugn, PLAC, "SELECT max(pos) FROM handelse WHERE topic LIKE '%KlientRegistrerad'")[0]
    with skadad(lugn.databaser[PLAC], "handelse", f"DELETE FROM handelse WHERE pos = {pos}"):
        fel = _fel(lugn)
    assert fel["handelser", PLAC, f"händelse {pos}"] == "saknas i händelsetabellen"
    assert "inte längre finns" in fel["fakta", UPPF, f"dygn.placering.v1 {pos}.0"]
    assert {tjanst for _, tjanst, _ in fel} == {PLAC, UPPF}


# --- facts -------------------------------------------------------------------------------------


def test_ett_andrat_faktum_namns(lugn: Installation) -> None:
    pos = _ett(lugn, UPPF, "SELECT max(pos) FROM rafakta WHERE typ LIKE '%PlaceringInledd%'")[0]
    satser = {
        "data": """data = jsonb_set(data, '{fran}', '"2023-01-01"')""",
        "typ": "typ = 'se.dygn.placering.PlaceringRattad.v1'",
        "kommunkod": "kommunkod = '1480'",
        "registrerad": "registrerad = registrerad + interval '1 s'",
    }
    for vad, sats in satser.items():
        dar = f"WHERE pos = {pos} AND topic = 'dygn.placering.v1'"
        with skadad(lugn.databaser[UPPF], "rafakta", f"UPDATE rafakta SET {sats} {dar}"):
            text = _fel(lugn)["fakta", UPPF, f"dygn.placering.v1 {pos}.0"]
        assert text.startswith("skiljer sig från meddelandet: ")
        assert vad in text


def test_ett_paskrivet_faktum_och_ett_bortom_market_namns(lugn: Installation) -> None:
    ny = (
        'INSERT INTO rafakta SELECT topic, 999999, "index", epok, kommunkod, typ, nyckel,'
        " registrerad, data FROM rafakta WHERE topic = 'dygn.placering.v1' LIMIT 1"
    )
    with skadad(lugn.databaser[UPPF], "rafakta", ny):
        fel = _fel(lugn)
    assert fel["fakta", UPPF, "dygn.placering.v1 999999.0"] == (
        "finns, men ingen händelse har gett det"
    )


def test_ett_tappat_amne_namns(lugn: Installation) -> None:
    """The fact is there, but no folding would ever look at it."""
    pos = _ett(lugn, UPPF, "SELECT max(pos) FROM rafakta_amne WHERE slag = 'klient'")[0]
    dar = f"WHERE pos = {pos} AND topic = 'dygn.placering.v1'"
    with skadad(lugn.databaser[UPPF], "rafakta_amne", f"DELETE FROM rafakta_amne {dar}"):
        fel = _fel(lugn)
    assert "vilka ämnen det rör" in fel["fakta", UPPF, f"dygn.placering.v1 {pos}.0"]


def test_ett_marke_bortom_strommen_namns(lugn: Installation) -> None:
    """In the register's reader, whose stream is at rest: its partition is not written meanwhile."""
    partition = _ett(lugn, PLAC, "SELECT partition FROM inkorg ORDER BY pos DESC LIMIT 1")[0]
    sats = f"UPDATE inkorg SET pos = 888888 WHERE partition = {partition}"
    with skadad(lugn.databaser[PLAC], "inkorg", sats):
        fel = _fel(lugn)
    assert fel["fakta", PLAC, f"dygn.leverantor.v1/{partition}"] == (
        "märket 888888.0 är inget meddelande i strömmen"
    )


def test_det_undanlagda_ar_en_anmarkning_och_inget_fel(lugn: Installation) -> None:
    """A fact without subjects, moved to quarantine: nothing folded misses it."""
    pos = _ett(lugn, UPPF, "SELECT max(pos) FROM rafakta WHERE typ LIKE '%EnhetRegistrerad%'")[0]
    dar = f"WHERE pos = {pos} AND topic = 'dygn.leverantor.v1'"
    lagg = (
        'INSERT INTO karantan (konsument, vyversion, topic, partition, "offset", kommunkod, nyckel,'
        ' epok, pos, "index", registrerad, typ, huvuden, orsak, lage)'
        " SELECT 'uppfoljning', '0-prov', topic, 0, pos, kommunkod, nyckel, epok, pos, \"index\","
        f" registrerad, typ, '[]', 'prov', 'karantan' FROM rafakta {dar}"
    )
    with (
        skadad(lugn.databaser[UPPF], "karantan", lagg),
        skadad(lugn.databaser[UPPF], "rafakta", f"DELETE FROM rafakta {dar}"),
    ):
        svar = granskning(lugn)
    assert svar["stammer"], svar
    [sagt] = [ett for ett in svar["anmarkningar"] if ett["kontroll"] == "fakta"]
    assert (sagt["var"], sagt["text"]) == (f"dygn.leverantor.v1 {pos}.0", "karantan: prov")


# --- derived rows ------------------------------------------------------------------------------

_EN_KOSTNAD = (
    "(SELECT ctid FROM kostnadsintervall WHERE kand_till IS NULL AND pris_ore IS NOT NULL"
    " AND fran <= '2024-12-31' ORDER BY klient, placering, fran LIMIT 1)"
)


def _klient(installation: Installation) -> tuple[str, str]:
    rad = _ett(
        installation,
        UPPF,
        f"SELECT kommunkod, klient::text FROM kostnadsintervall WHERE ctid = {_EN_KOSTNAD}",
    )
    return rad[0], rad[1]


def test_en_andrad_vikt_rad_namns_med_amne_och_kolumn(lugn: Installation) -> None:
    kommun, klient = _klient(lugn)
    sats = f"UPDATE kostnadsintervall SET pris_ore = pris_ore + 1 WHERE ctid = {_EN_KOSTNAD}"
    with skadad(lugn.databaser[UPPF], "kostnadsintervall", sats):
        fel = _fel(lugn)
    text = fel["vyer", UPPF, f"kostnadsintervall {kommun} klient {klient}"]
    assert "pris_ore är" in text
    assert [var for kontroll, _, var in fel if kontroll == "vyer"] == [
        f"kostnadsintervall {kommun} klient {klient}"
    ]


def test_en_borttagen_vikt_rad_namns(lugn: Installation) -> None:
    kommun, klient = _klient(lugn)
    sats = f"DELETE FROM kostnadsintervall WHERE ctid = {_EN_KOSTNAD}"
    with skadad(lugn.databaser[UPPF], "kostnadsintervall", sats):
        fel = _fel(lugn)
    assert fel["vyer", UPPF, f"kostnadsintervall {kommun} klient {klient}"] == "saknar en rad"


def test_en_rad_for_mycket_om_nagon_utan_fakta_namns(lugn: Installation) -> None:
    frammande = "00000000-0000-4000-8000-000000000001"
    sats = (
        "INSERT INTO register_leverantor (kommunkod, leverantor, organisationsnummer, namn, typ)"
        f" VALUES ('1490', '{frammande}', '556000-0000', 'Påhittad', 'privat')"
    )
    with skadad(lugn.databaser[PLAC], "register_leverantor", sats):
        fel = _fel(lugn)
    assert fel == {
        ("vyer", PLAC, f"register_leverantor 1490 leverantor {frammande}"): "har en rad för mycket"
    }


def test_det_som_vantar_pa_vikning_raknas_och_jamfors_inte(lugn: Installation) -> None:
    """Neither a klient that is marked, nor those who use an avtal or an enhet that is."""
    kommun, klient = _klient(lugn)
    [(enhet,)] = sql(
        lugn.databaser[UPPF],
        "SELECT enhet::text FROM kostnadsintervall WHERE klient = %s AND enhet IS NOT NULL LIMIT 1",
        [klient],
    )
    fel = f"UPDATE kostnadsintervall SET pris_ore = pris_ore + 1 WHERE ctid = {_EN_KOSTNAD}"
    for slag, amne in (("klient", klient), ("enhet", enhet)):
        markera = (
            "INSERT INTO smutsig (slag, kommunkod, amne, registrerad, nasta) VALUES"
            f" ('{slag}', '{kommun}', '{amne}', '2000-01-01', now() + interval '1 hour')"
        )
        with (
            skadad(lugn.databaser[UPPF], "smutsig", markera),
            skadad(lugn.databaser[UPPF], "kostnadsintervall", fel),
        ):
            svar = granskning(lugn)
        assert svar["stammer"], (slag, svar)
        assert granskat(svar, "vyer", UPPF)["ovikta"] >= 1


# --- final sums --------------------------------------------------------------------------------


def test_en_slutlig_summa_som_blivit_en_annan_namns(lugn: Installation) -> None:
    """The row is changed in the receipt, as if the report had said it then."""
    kommun, manad, var = _ett(
        lugn,
        UPPF,
        "SELECT kommunkod, to_char(manad, 'YYYY-MM'), kostnad_ore FROM kontrollsumma"
        " WHERE kostnad_ore > 0 ORDER BY kand_till DESC, manad LIMIT 1",
    )
    sats = (
        "UPDATE kontrollsumma SET kostnad_ore = kostnad_ore + 100 WHERE ctid = (SELECT ctid FROM"
        " kontrollsumma WHERE kostnad_ore > 0 ORDER BY kand_till DESC, manad LIMIT 1)"
    )
    with skadad(lugn.databaser[UPPF], "kontrollsumma", sats):
        fel = _fel(lugn)
    text = fel["slutligt", UPPF, f"kommun {kommun} {manad}"]
    assert f"kostnad_ore var {var + 100} känt per" in text
    assert text.endswith(f"och är nu {var}")
    assert {kontroll for kontroll, _, _ in fel} == {"slutligt"}


def test_en_rapport_som_andrats_bakat_i_tiden_hittas_fast_vyerna_viks_likadant(
    lugn: Installation,
) -> None:
    """Fact and derived rows agree with each other: only the receipt remembers what was said."""
    kommun, klient = _klient(lugn)
    sats = f"DELETE FROM kostnadsintervall WHERE klient = '{klient}'"
    markera = (
        "INSERT INTO smutsig (slag, kommunkod, amne, registrerad, nasta) VALUES"
        f" ('klient', '{kommun}', '{klient}', now() + interval '1 day', now() + interval '1 hour')"
    )
    with (
        skadad(lugn.databaser[UPPF], "smutsig", markera),
        skadad(lugn.databaser[UPPF], "kostnadsintervall", sats),
    ):
        fel = _fel(lugn)
    assert {kontroll for kontroll, _, _ in fel} == {"slutligt"}


def test_nar_nagot_avviker_sparas_inget_kvitto(lugn: Installation) -> None:
    def antal() -> int:
        return int(_ett(lugn, UPPF, "SELECT count(*) FROM kontrollkvitto")[0])

    lugn.avgjort()
    fore = antal()
    sats = f"UPDATE kostnadsintervall SET pris_ore = pris_ore + 1 WHERE ctid = {_EN_KOSTNAD}"
    with skadad(lugn.databaser[UPPF], "kostnadsintervall", sats):
        _fel(lugn)
    assert antal() == fore
    svar = granskning(lugn)
    assert granskat(svar, "slutligt", UPPF)["sparade_kvitton"] == antal() - fore == 1


def test_kvittona_kan_tjansten_bara_lagga_till(lugn: Installation) -> None:
    for tabell in ("kontrollkvitto", "kontrollsumma"):
        for sats in (
            f"UPDATE {tabell} SET kommunkod = '1480'",
            f"DELETE FROM {tabell}",
            f"TRUNCATE {tabell}",
        ):
            with (
                psycopg.connect(lugn.databaser[UPPF].strom.conninfo()) as anslutning,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                anslutning.execute(sats.encode())
        with (
            psycopg.connect(lugn.databaser[UPPF].api.conninfo()) as anslutning,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            anslutning.execute(f"SELECT * FROM {tabell}".encode())


def test_vyer_av_en_annan_version_jamfors_inte_och_det_sags(lugn: Installation) -> None:
    svar = granskning(lugn)
    assert svar["stammer"]
    with pytest.MonkeyPatch.context() as lagg:
        lagg.setattr(Consumer, "vyversion", property(lambda _: "9-annan"))
        fel = _fel(lugn)
    assert ("vyer", UPPF, "vyversion") in fel
    assert ("vyer", PLAC, "vyversion") in fel
