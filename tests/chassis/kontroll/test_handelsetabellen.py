"""An event that is changed, taken away or moved is found, and named by its position."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.kontroll.events import EventTable
from services.chassis.kontroll.findings import SHOWN, Findings
from services.chassis.kontroll.snapshot import snapshot
from services.chassis.streams.event_log import read_strom
from tests.chassis.store.provsak import sammanhang, skrivare
from tests.stod.tjanst import sql

SPARNINGAR = [(1, 1), (2, 2), (3, 6), (7, 7), (8, 10), (11, 11)]
"""First and last position of each save that ``_fyll`` makes."""


def _fyll(butik: Databas) -> None:
    """Eleven events in saves of one, three and four."""
    ett, annat = uuid4(), uuid4()
    with skrivare(butik) as en:
        en.borja(ett, varde=1)
        en.borja(annat, varde=2)
        en.kor(lambda app: app.andra(sammanhang(), ett, varde=3, ganger=4))
        en.andra(annat, varde=4)
        en.kor(lambda app: app.andra(sammanhang(), annat, varde=5, ganger=3))
        en.andra(ett, varde=6)


def _granska(butik: Databas) -> list[tuple[str, str]]:
    """Where, and what, of every fault."""
    funnet = Findings()
    with snapshot(butik.strom.conninfo()) as frusen:
        tabell = EventTable("leverantor", frusen, read_strom(frusen.connection), funnet)
        antal = sum(len(sparad.rows) for sparad in tabell.saves())
    assert funnet.seen["handelser", "leverantor"]["händelser"] == antal
    return [(fel.var, fel.text) for fel in funnet.faults]


def _var(butik: Databas) -> list[str]:
    return [var for var, _ in _granska(butik)]


def test_en_orord_tabell_stammer(butik: Databas) -> None:
    assert _granska(butik) == []
    _fyll(butik)
    slut = [rad[0] for rad in sql(butik, "SELECT pos FROM handelse WHERE kedja IS NOT NULL")]
    assert sorted(slut) == [sist for _, sist in SPARNINGAR]
    assert _granska(butik) == []


@pytest.mark.parametrize("kolumn", ["state", "topic", "kommunkod", "originator_id"])
@pytest.mark.parametrize(("pos", "namn"), [(2, "händelse 2"), (4, "händelse 3–6")])
def test_en_andrad_handelse_namns(butik: Databas, kolumn: str, pos: int, namn: str) -> None:
    _fyll(butik)
    nytt = {
        "state": r"'\x7b7d'",
        "topic": "'prov.Annat'",
        "kommunkod": "'1480'",
        "originator_id": "gen_random_uuid()",
    }[kolumn]
    sql(butik, f"UPDATE handelse SET {kolumn} = {nytt} WHERE pos = %s", pos)
    assert _var(butik) == [namn]


@pytest.mark.parametrize("pos", [1, 2, 5, 6, 8])
def test_en_borttagen_handelse_namns(butik: Databas, pos: int) -> None:
    _fyll(butik)
    sql(butik, "DELETE FROM handelse WHERE pos = %s", pos)
    fel = dict(_granska(butik))
    assert fel[f"händelse {pos}"] == "saknas i händelsetabellen"


def test_flera_borttagna_namns_med_forsta_och_sista(butik: Databas) -> None:
    _fyll(butik)
    sql(butik, "DELETE FROM handelse WHERE pos BETWEEN 8 AND 10")
    assert "händelse 8–10" in _var(butik)


def test_den_sista_borttagen_syns_pa_huvudraden(butik: Databas) -> None:
    _fyll(butik)
    sql(butik, "DELETE FROM handelse WHERE pos = 11")
    assert _granska(butik) == [("huvudraden strom", "säger läge 11, sista händelsen är 10")]


@pytest.mark.parametrize(
    ("ena", "andra", "namn"),
    [(2, 7, ["händelse 2", "händelse 7"]), (4, 5, ["händelse 3–6"]), (8, 9, ["händelse 8–10"])],
)
def test_tva_som_bytt_plats_namns(butik: Databas, ena: int, andra: int, namn: list[str]) -> None:
    _fyll(butik)
    with psycopg.connect(butik.admin.conninfo()) as anslutning:
        anslutning.execute(
            "CREATE TEMPORARY TABLE byte AS SELECT * FROM handelse WHERE pos IN (%s, %s)",
            (ena, andra),
        )
        anslutning.execute("DELETE FROM handelse WHERE pos IN (%s, %s)", (ena, andra))
        # Each keeps its place in time and its hash: only what it says has moved.
        anslutning.execute(
            "INSERT INTO handelse (pos, originator_id, originator_version, topic, state,"
            " kommunkod, registrerad, kedja)"
            " SELECT h.pos, v.originator_id, v.originator_version, v.topic, v.state, v.kommunkod,"
            " h.registrerad, h.kedja FROM byte h JOIN byte v ON v.pos <> h.pos"
        )
    assert _var(butik) == namn


def test_en_flyttad_inspelningstid_namns(butik: Databas) -> None:
    _fyll(butik)
    sql(butik, "UPDATE handelse SET registrerad = registrerad + interval '1 hour' WHERE pos = 2")
    assert _var(butik) == ["händelse 2", "händelse 3"]
    assert "inte efter den före" in dict(_granska(butik))["händelse 3"]


def test_en_inspelningstid_mitt_i_en_sparning_namns(butik: Databas) -> None:
    _fyll(butik)
    sql(butik, "UPDATE handelse SET registrerad = registrerad + interval '1 ms' WHERE pos = 4")
    assert _var(butik) == ["händelse 4", "händelse 3–6"]


def test_en_andrad_kedja_falls_inte_flera_an_den(butik: Databas) -> None:
    _fyll(butik)
    sql(butik, r"UPDATE handelse SET kedja = '\x00' WHERE pos = 6")
    assert _var(butik) == ["händelse 3–6"]


def test_en_raderad_kedja_hittas(butik: Databas) -> None:
    _fyll(butik)
    sql(butik, "UPDATE handelse SET kedja = NULL WHERE pos = 6")
    assert "händelse 3–7" in _var(butik)


@pytest.mark.parametrize(
    ("andring", "text"),
    [
        (r"kedja = '\x00'", "har en annan kedja än sista händelsen"),
        ("pos = 12", "säger läge 12, sista händelsen är 11"),
        ("registrerad = registrerad - interval '1 day'", "är äldre än sista händelsen"),
    ],
)
def test_huvudraden_jamfors(butik: Databas, andring: str, text: str) -> None:
    _fyll(butik)
    sql(butik, f"UPDATE strom SET {andring}")
    assert _granska(butik) == [("huvudraden strom", text)]


def test_manga_fel_blir_en_kort_lista_och_ett_antal() -> None:
    funnet = Findings()
    for nummer in range(SHOWN + 7):
        funnet.fault("topic", "placering", f"{nummer}.0", "meddelandet saknas")
    assert len(funnet.faults) == SHOWN
    assert funnet.untold() == {("topic", "placering"): 7}
    assert not funnet.ok


def test_det_frusna_gar_inte_att_skriva_i_och_ser_inget_nyare(butik: Databas) -> None:
    _fyll(butik)
    with snapshot(butik.strom.conninfo()) as frusen:
        with skrivare(butik) as en:
            en.borja(uuid4())
        assert frusen.one("SELECT count(*) FROM handelse") == 11
        with frusen.beside() as bredvid, bredvid.transaction():
            sett = bredvid.connection.execute("SELECT count(*) FROM handelse").fetchone()
            assert sett == (11,)
        with (
            pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
            frusen.beside() as bredvid,
            bredvid.transaction(),
        ):
            bredvid.connection.execute("UPDATE strom SET registrerad = now()")
    with snapshot(butik.strom.conninfo()) as frusen:
        assert frusen.one("SELECT count(*) FROM handelse") == 12


def test_rader_hamtas_efter_hand(butik: Databas, monkeypatch: pytest.MonkeyPatch) -> None:
    """No list of all rows is ever made: the cursor asks for a few at a time."""
    _fyll(butik)
    monkeypatch.setattr("services.chassis.kontroll.snapshot.BATCH", 3)
    with snapshot(butik.strom.conninfo()) as frusen:
        rader: Any = frusen.rows("SELECT pos FROM handelse ORDER BY pos")
        assert next(rader) == (1,)
        [(oppna,)] = frusen.connection.execute("SELECT count(*) FROM pg_cursors").fetchall()
        assert oppna == 1
        assert [pos for (pos,) in rader] == list(range(2, 12))
