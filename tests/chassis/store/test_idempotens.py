"""The same key gives the same answer, whatever happened between command and answer."""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.rules import Breach, Refused
from services.chassis.store import append as append_modul
from services.chassis.store import recorder
from services.chassis.store.append import Outcome
from services.chassis.store.append import append as lagra
from services.chassis.store.decision import Answer, Decision, Done, Row
from services.chassis.store.errors import KeyReused, Unavailable
from services.chassis.store.writer import TRIES
from tests.chassis.store.provsak import Provapplikation, sammanhang, skrivare
from tests.stod.tjanst import ANNAN_KOMMUN, KOMMUN, sql

APPEND = "services.chassis.store.writer.append"


def _antal(databas: Databas, tabell: str = "handelse") -> int:
    return int(sql(databas, f"SELECT count(*) FROM {tabell}")[0][0])


def _samma(ett: Answer, annat: Answer) -> bool:
    """Whether a caller would see the same."""
    return (ett.status, ett.id, ett.version, ett.pos) == (
        annat.status,
        annat.id,
        annat.version,
        annat.pos,
    )


def test_samma_nyckel_ger_samma_id_version_och_position(butik: Databas) -> None:
    """Each call would make an id of its own, as the routes do."""
    with skrivare(butik) as en:
        svar = [en.borja(uuid4(), nyckel="n") for _ in range(3)]
    assert [ett.repeated for ett in svar] == [False, True, True]
    assert _samma(svar[0], svar[1])
    assert _samma(svar[0], svar[2])
    assert _antal(butik) == 1


def test_samma_nyckel_ger_samma_svar_ocksa_for_en_andring_av_nagot_som_finns(
    butik: Databas,
) -> None:
    id = uuid4()
    with skrivare(butik) as en:
        en.borja(id)
        forst = en.andra(id, 1, nyckel="n", lasning=(id, 1))
        en.andra(id, 2)
        igen = en.andra(id, 1, nyckel="n", lasning=(id, 1))
    assert (forst.version, forst.pos) == (2, 2)
    assert igen.repeated
    assert _samma(forst, igen)
    assert _antal(butik) == 3


def test_samma_nyckel_i_samma_grupp_lagras_en_gang(butik: Databas) -> None:
    with skrivare(butik) as en:
        with en.upptagen():
            sanda = [
                en.sand(lambda app: app.borja(sammanhang(), uuid4()), nyckel="n") for _ in range(5)
            ]
        svar = [command.future.result(20) for command in sanda]
    assert all(_samma(svar[0], ett) for ett in svar)
    assert _antal(butik) == 1


def test_samma_nyckel_med_annat_innehall_avvisas(butik: Databas) -> None:
    with skrivare(butik) as en:
        forst = en.borja(uuid4(), nyckel="n", kropp=b"ett")
        with pytest.raises(KeyReused):
            en.borja(uuid4(), nyckel="n", kropp=b"tva")
        assert _samma(forst, en.borja(uuid4(), nyckel="n", kropp=b"ett"))
    assert _antal(butik) == 1


def test_en_nyckel_galler_inom_sin_kommun(butik: Databas) -> None:
    with skrivare(butik) as en:
        forst = en.borja(uuid4(), nyckel="n", kropp=b"ett")
        andra = en.borja(uuid4(), nyckel="n", kropp=b"tva", kommunkod=ANNAN_KOMMUN)
    assert forst.id != andra.id
    assert _antal(butik) == 2


def test_ett_avvisat_kommando_minns_ingen_nyckel(butik: Databas) -> None:
    """What was refused has stored nothing, so the corrected call may use its key."""

    def vagra(_: Provapplikation) -> Done:
        raise Refused(Breach(None, "", "Nej."))

    with skrivare(butik) as en:
        with pytest.raises(Refused):
            en.kor(vagra, nyckel="n", kropp=b"ett")
        assert _antal(butik, "idempotens") == 0
        assert en.borja(uuid4(), nyckel="n", kropp=b"tva").version == 1


def test_svaret_lagras_utan_innehall(butik: Databas) -> None:
    with skrivare(butik) as en:
        svar = en.borja(uuid4(), nyckel="n", kropp=b"hash")
    rader = sql(butik, "SELECT kommunkod, nyckel, kropp, status, id, version, pos FROM idempotens")
    assert [(*rad[:2], bytes(rad[2]), *rad[3:]) for rad in rader] == [
        (KOMMUN, "n", b"hash", 201, svar.id, 1, 1)
    ]


# -- the connection dies ------------------------------------------------------------------------

Append = Callable[["psycopg.Connection[Any]", Sequence[Decision]], list[Outcome]]


def _doda(databas: Databas, anslutning: "psycopg.Connection[Any]") -> None:
    sql(databas, "SELECT pg_terminate_backend(%s, 5000)", anslutning.info.backend_pid)


def _do_efter_commit(databas: Databas, riktig: Append, ganger: int) -> tuple[Append, list[int]]:
    """The real append, but the server ends the connection before its answer is seen."""
    sedda: list[int] = []

    def append(anslutning: "psycopg.Connection[Any]", grupp: Sequence[Decision]) -> list[Outcome]:
        utfall = riktig(anslutning, grupp)
        sedda.append(len(grupp))
        if len(sedda) <= ganger:
            _doda(databas, anslutning)
            anslutning.execute("SELECT 1")
        return utfall

    return append, sedda


def _do_fore_commit(databas: Databas, riktig: Append, ganger: int) -> tuple[Append, list[int]]:
    """The connection ends before anything of the transaction has reached the server."""
    sedda: list[int] = []

    def append(anslutning: "psycopg.Connection[Any]", grupp: Sequence[Decision]) -> list[Outcome]:
        sedda.append(len(grupp))
        if len(sedda) <= ganger:
            _doda(databas, anslutning)
        return riktig(anslutning, grupp)

    return append, sedda


@pytest.mark.parametrize("do", [_do_efter_commit, _do_fore_commit])
def test_en_forlorad_anslutning_ger_anda_svar_och_en_enda_lagring(
    butik: Databas, monkeypatch: pytest.MonkeyPatch, do: Any
) -> None:
    append, sedda = do(butik, lagra, ganger=1)
    monkeypatch.setattr(APPEND, append)
    id = uuid4()
    with skrivare(butik) as en:
        svar = en.borja(id, nyckel="n")
        igen = en.borja(uuid4(), nyckel="n")
    assert (svar.id, svar.version, svar.pos) == (id, 1, 1)
    assert _samma(svar, igen)
    assert _antal(butik) == 1
    assert len(sedda) == (1 if do is _do_efter_commit else 2)


def test_en_hel_grupp_som_forlorar_anslutningen_efter_commit_lagras_en_gang(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    riktig = lagra
    append, sedda = _do_efter_commit(butik, riktig, ganger=1)
    monkeypatch.setattr(APPEND, lambda a, g: append(a, g) if len(g) > 1 else riktig(a, g))
    ids = [uuid4() for _ in range(8)]
    with skrivare(butik) as en:
        with en.upptagen():
            sanda = [
                en.sand(lambda app, id=id: app.borja(sammanhang(), id), nyckel=str(id))  # type: ignore[misc]
                for id in ids
            ]
        svar = [command.future.result(20) for command in sanda]
    assert [ett.id for ett in svar] == ids
    assert sorted(ett.pos or 0 for ett in svar) == list(range(1, 9))
    assert _antal(butik) == _antal(butik, "idempotens") == 8
    assert sedda == [8]


def test_en_andring_som_forlorar_anslutningen_efter_commit_gors_en_gang(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller named version 1, which is stale once its own change is stored."""
    id = uuid4()
    with skrivare(butik) as en:
        en.borja(id)
        append, _ = _do_efter_commit(butik, lagra, ganger=1)
        monkeypatch.setattr(APPEND, append)
        svar = en.andra(id, 1, nyckel="n", lasning=(id, 1))
    assert svar.version == 2
    assert _antal(butik) == 2


def test_utan_nyckel_sags_det_att_utgangen_ar_okand_och_inget_gors_om(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, sedda = _do_efter_commit(butik, lagra, ganger=1)
    monkeypatch.setattr(APPEND, append)
    with skrivare(butik) as en:
        with pytest.raises(Unavailable):
            en.borja(uuid4())
        assert en.borja(uuid4()).pos == 2
    assert sedda == [1, 1]


def test_en_anslutning_som_dor_gang_pa_gang_ger_till_slut_besked(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, sedda = _do_fore_commit(butik, lagra, ganger=99)
    with skrivare(butik) as en:
        monkeypatch.setattr(APPEND, append)
        with pytest.raises(Unavailable):
            en.borja(uuid4(), nyckel="n")
        monkeypatch.undo()
        assert en.borja(uuid4(), nyckel="n").version == 1
    assert len(sedda) == TRIES
    assert _antal(butik) == 1


def test_en_anslutning_som_dog_medan_ingen_anvande_den_marks_inte(butik: Databas) -> None:
    with skrivare(butik) as en:
        en.borja(uuid4(), nyckel="fore")
        _doda(butik, en.recorder.connection)
        assert en.borja(uuid4(), nyckel="efter").pos == 2


def test_en_skrivare_som_stod_stilla_mitt_i_sin_transaktion_haller_ingen_annan_och_gor_om_den(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is stopped (SIGSTOP) and wakes: the server has ended its transaction."""
    monkeypatch.setattr(recorder, "TRANSACTION_SECONDS", 1)
    riktig, stod = append_modul._store, threading.Event()

    def star_stilla(*argument: Any) -> None:
        riktig(*argument)
        if not stod.is_set():
            stod.set()
            assert andras.wait(20)

    monkeypatch.setattr(append_modul, "_store", star_stilla)
    andras = threading.Event()
    with skrivare(butik) as fryst, skrivare(butik) as annan:
        kommando = fryst.sand(lambda app: app.borja(sammanhang(), uuid4()), nyckel="n")
        assert stod.wait(20)
        assert annan.borja(uuid4(), nyckel="annan").pos == 1
        andras.set()
        assert kommando.future.result(20).pos == 2
    assert _antal(butik) == 2


# -- two processes with the same call -------------------------------------------------------------


def test_en_upprepning_i_en_annan_process_mitt_i_beslutet_far_det_forsta_svaret(
    butik: Databas,
) -> None:
    """The first call is stored after the repeat has looked for its key, and makes it stale."""
    id = uuid4()
    svar: list[Answer] = []
    with skrivare(butik) as en, skrivare(butik) as tva:
        en.borja(id)

        def mitt_i(app: Provapplikation) -> Done:
            if not svar:
                svar.append(en.andra(id, 1, nyckel="n", lasning=(id, 1)))
            return app.andra(sammanhang(), id, varde=1)

        igen = tva.kor(mitt_i, nyckel="n", lasning=(id, 1))
    assert igen.repeated
    assert _samma(svar[0], igen)
    assert _antal(butik) == 2


# -- rows with their events -----------------------------------------------------------------------


def _med_rad(id: UUID, rad: Row) -> Callable[[Provapplikation], Done]:
    def besluta(app: Provapplikation) -> Done:
        done = app.borja(sammanhang(), id)
        app.save(rows=[rad])
        return done

    return besluta


def _tabell(databas: Databas) -> None:
    sql(databas, "DROP TABLE IF EXISTS bredvid")
    sql(databas, "CREATE TABLE bredvid (varde int PRIMARY KEY CHECK (varde > 0))")
    sql(databas, f"GRANT SELECT, INSERT ON bredvid TO {databas.api.roll}")


def test_rader_lagras_med_sina_handelser(butik: Databas) -> None:
    _tabell(butik)
    with skrivare(butik) as en:
        en.kor(_med_rad(uuid4(), Row("bredvid", {"varde": 7})), nyckel="n")
    assert sql(butik, "SELECT varde FROM bredvid") == [(7,)]
    assert _antal(butik) == 1


def test_en_rad_som_inte_gar_att_lagra_tar_handelser_och_nyckel_med_sig(butik: Databas) -> None:
    _tabell(butik)
    with skrivare(butik) as en, pytest.raises(psycopg.errors.CheckViolation):
        en.kor(_med_rad(uuid4(), Row("bredvid", {"varde": 0})), nyckel="n")
    assert [_antal(butik, t) for t in ("bredvid", "handelse", "idempotens")] == [0, 0, 0]
