"""The writer: lost races, groups in order, and faults that stay with the command that has them."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from dygn.inbyggd.postgres import Postgres
from services.chassis.rules import Breach, Refused
from services.chassis.store.append import append as lagra
from services.chassis.store.decision import Done, Row
from services.chassis.store.errors import Contended, NotFound, Stale, TooLarge, Unavailable
from services.chassis.store.writer import TRIES, Command
from tests.chassis.store.provsak import Provapplikation, Sak, Skrivare, sammanhang, skrivare
from tests.stod.tjanst import ANNAN_KOMMUN, migrera, sql

APPEND = "services.chassis.store.writer.append"


def _varden(databas: Databas, id: UUID) -> list[tuple[Any, ...]]:
    return sql(
        databas,
        "SELECT originator_version, topic FROM handelse WHERE originator_id = %s"
        " ORDER BY originator_version",
        id,
    )


def _med_medtavlare(
    medtavlare: Skrivare, id: UUID, ganger: int
) -> tuple[Callable[[Provapplikation], Done], list[int]]:
    """A change whose thing another process changes, `ganger` times, between reading and storing."""
    lasta: list[int] = []

    def besluta(app: Provapplikation) -> Done:
        sak = app.load(Sak, id)
        lasta.append(sak.version)
        if len(lasta) <= ganger:
            medtavlare.andra(id, 100 + len(lasta))
        return app.andra(sammanhang(), id, varde=sak.varde + 1)

    return besluta, lasta


# -- lost races ---------------------------------------------------------------------------------


def test_den_som_forlorar_en_kapplopning_beslutar_om_pa_farskt_lage(butik: Databas) -> None:
    id = uuid4()
    with skrivare(butik) as en, skrivare(butik) as tva:
        en.borja(id, varde=1)
        besluta, lasta = _med_medtavlare(tva, id, ganger=1)
        svar = en.kor(besluta)
        varde = en.kor(lambda app: Done(None, app.load(Sak, id).varde)).version
    assert lasta == [1, 2]
    assert svar.version == 3
    assert varde == 102, "beslutet byggde på det gamla värdet"


def test_den_som_angav_en_version_beslutas_aldrig_om(butik: Databas) -> None:
    id = uuid4()
    with skrivare(butik) as en, skrivare(butik) as tva:
        en.borja(id)
        besluta, lasta = _med_medtavlare(tva, id, ganger=1)
        with pytest.raises(Stale) as fel:
            en.kor(besluta, lasning=(id, 1))
    assert (fel.value.expected, fel.value.actual) == (1, 2)
    assert lasta == [1], "kommandot beslutades på en version som uppringaren inte läst"
    assert len(_varden(butik, id)) == 2


def test_den_som_alltid_forlorar_far_besked_efter_tre_forsok(butik: Databas) -> None:
    id = uuid4()
    with skrivare(butik) as en, skrivare(butik) as tva:
        en.borja(id)
        besluta, lasta = _med_medtavlare(tva, id, ganger=99)
        with pytest.raises(Contended):
            en.kor(besluta)
    assert len(lasta) == TRIES == 3
    assert len(_varden(butik, id)) == 1 + 3


def test_en_inaktuell_version_avvisas_och_inget_lagras(butik: Databas) -> None:
    id = uuid4()
    with skrivare(butik) as en:
        en.borja(id)
        en.andra(id, 1)
        for version in (1, 3):
            with pytest.raises(Stale) as fel:
                en.andra(id, 2, lasning=(id, version))
            assert fel.value.actual == 2
    assert len(_varden(butik, id)) == 2


def test_versionen_prövas_mot_det_lagrade_aven_om_saken_lases_igen_efter_andring(
    butik: Databas,
) -> None:
    id = uuid4()

    def tva_ganger(app: Provapplikation) -> Done:
        app.andra(sammanhang(), id, varde=1)
        return app.andra(sammanhang(), id, varde=2)

    with skrivare(butik) as en:
        en.borja(id)
        assert en.kor(tva_ganger, lasning=(id, 1)).version == 3


def test_tva_processer_som_andrar_samma_sak_tappar_ingen_andring(butik: Databas) -> None:
    id = uuid4()

    def oka(app: Provapplikation) -> Done:
        return app.andra(sammanhang(), id, varde=app.load(Sak, id).varde + 1)

    gjorda: list[int] = []

    def skicka(skrivaren: Skrivare) -> None:
        for _ in range(20):
            try:
                skrivaren.kor(oka)
            except Contended:
                continue
            gjorda.append(1)

    with skrivare(butik) as en, skrivare(butik) as tva:
        en.borja(id, varde=0)
        tradar = [threading.Thread(target=skicka, args=(s,)) for s in (en, tva) for _ in range(2)]
        for trad in tradar:
            trad.start()
        for trad in tradar:
            trad.join()
        varde = en.kor(lambda app: Done(None, app.load(Sak, id).varde)).version
    assert gjorda
    assert varde == len(gjorda) == len(_varden(butik, id)) - 1


# -- groups -------------------------------------------------------------------------------------


def _mata_grupper(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    storlekar: list[int] = []
    riktig = lagra

    def append(anslutning: Any, grupp: Any) -> Any:
        storlekar.append(len(grupp))
        return riktig(anslutning, grupp)

    monkeypatch.setattr(APPEND, append)
    return storlekar


def test_de_som_vantar_lagras_i_en_transaktion(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    with skrivare(butik) as en:
        storlekar = _mata_grupper(monkeypatch)
        with en.upptagen():
            sanda = [en.sand(lambda app: app.borja(sammanhang(), uuid4())) for _ in range(10)]
        for command in sanda:
            command.future.result(20)
    assert storlekar[-1] == 10


def test_ett_senare_kommando_i_gruppen_ser_vad_de_tidigare_gjort(
    butik: Databas, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = uuid4()

    def oka(app: Provapplikation) -> Done:
        return app.andra(sammanhang(), id, varde=app.load(Sak, id).varde + 1)

    with skrivare(butik) as en:
        en.borja(id, varde=0)
        with en.upptagen():
            sanda = [en.sand(oka) for _ in range(6)]
        svar = [command.future.result(20) for command in sanda]
        varde = en.kor(lambda app: Done(None, app.load(Sak, id).varde)).version
    assert [ett.version for ett in svar] == [2, 3, 4, 5, 6, 7], "inte i den ordning de kom"
    assert varde == 6


def _brott(_: Provapplikation) -> Done:
    raise Refused(Breach("R-XXX-1", "/x", "Nej."))


def _trasigt(_: Provapplikation) -> Done:
    raise RuntimeError("ett fel i koden")


def _otillaten_rad(app: Provapplikation) -> Done:
    done = app.borja(sammanhang(), uuid4())
    app.save(rows=[Row("strom", {"epok": 2})])
    return done


def _omojligt_varde(app: Provapplikation) -> Done:
    done = app.borja(sammanhang(), uuid4())
    app.save(rows=[Row("idempotens", {"nyckel": object()})])
    return done


class _Kranglig(dict[str, Any]):
    """Columns that fail with an error that is none of the database's."""

    def values(self) -> Any:
        raise ZeroDivisionError


def _annat_fel_vid_lagring(app: Provapplikation) -> Done:
    done = app.borja(sammanhang(), uuid4())
    app.save(rows=[Row("idempotens", _Kranglig(nyckel="x"))])
    return done


def _annan_kommuns_rad(app: Provapplikation) -> Done:
    app.save(
        rows=[
            Row(
                "idempotens",
                {"kommunkod": "9999", "nyckel": "x", "kropp": b"", "status": 1, "skapad": "now"},
            )
        ]
    )
    return Done(None, None)


@pytest.mark.parametrize(
    ("daligt", "fel"),
    [
        (_brott, Refused),
        (_trasigt, RuntimeError),
        (_otillaten_rad, psycopg.errors.InsufficientPrivilege),
        (_omojligt_varde, psycopg.ProgrammingError),
        (_annat_fel_vid_lagring, ZeroDivisionError),
        (_annan_kommuns_rad, psycopg.errors.InsufficientPrivilege),
    ],
)
def test_ett_kommando_som_misslyckas_faller_aldrig_sin_granne(
    butik: Databas, daligt: Callable[[Provapplikation], Done], fel: type[Exception]
) -> None:
    with skrivare(butik) as en:
        with en.upptagen():
            fore = en.sand(lambda app: app.borja(sammanhang(), uuid4()), nyckel="fore")
            mitt = en.sand(daligt, nyckel="mitt")
            efter = en.sand(lambda app: app.borja(sammanhang(), uuid4()), nyckel="efter")
        assert fore.future.result(20).pos == 1
        assert efter.future.result(20).pos == 2
        with pytest.raises(fel):
            mitt.future.result(20)
        assert en.borja(uuid4()).pos == 3, "skrivaren lever vidare"
    assert sql(butik, "SELECT nyckel FROM idempotens ORDER BY pos") == [("fore",), ("efter",)]


def test_en_uppringare_som_gatt_sin_vag_stor_ingen_annan(butik: Databas) -> None:
    with skrivare(butik) as en:
        with en.upptagen():
            borta = [en.sand(lambda app: app.borja(sammanhang(), uuid4())) for _ in range(3)]
            kvar = en.sand(lambda app: app.borja(sammanhang(), uuid4()))
            assert all(command.future.cancel() for command in borta)
        assert kvar.future.result(20).pos == 1
    assert sql(butik, "SELECT count(*) FROM handelse") == [(1,)]


def test_den_som_slutar_lagrar_forst_det_som_vantar(butik: Databas) -> None:
    en = Skrivare(butik)
    en.writer.start()
    with en.upptagen():
        sanda = [en.sand(lambda app: app.borja(sammanhang(), uuid4())) for _ in range(5)]
        slutare = threading.Thread(target=en.writer.stop)
        slutare.start()
    slutare.join(20)
    assert [command.future.result(0).pos for command in sanda] == [1, 2, 3, 4, 5]
    with pytest.raises(Unavailable):
        en.borja(uuid4())


def test_ett_kommando_som_kommer_medan_skrivaren_slutar_far_ocksa_svar(butik: Databas) -> None:
    en = Skrivare(butik)
    en.writer.start()
    sent = Command(sammanhang(), lambda app: app.borja(sammanhang(), uuid4()))
    with en.upptagen():
        en.writer._waiting.put(None)
        en.writer._waiting.put(sent)
    with pytest.raises(Unavailable):
        sent.future.result(20)
    en.writer.stop()


# -- what a use case may see ----------------------------------------------------------------------


def test_en_annan_kommuns_sak_finns_inte(butik: Databas) -> None:
    id = uuid4()
    with skrivare(butik) as en:
        en.borja(id, kommunkod=ANNAN_KOMMUN)
        with pytest.raises(NotFound):
            en.andra(id, 1)
    assert len(_varden(butik, id)) == 1


def test_en_grupp_av_flera_kommuner_lagras_och_var_och_en_ser_sitt(butik: Databas) -> None:
    kommuner = ["1490", "1480", "0180", "1490"]
    with skrivare(butik) as en:
        with en.upptagen():
            sanda = [
                en.sand(
                    lambda app, k=kommun: app.borja(sammanhang(k), uuid4()),  # type: ignore[misc]
                    kommunkod=kommun,
                    nyckel=str(nummer),
                )
                for nummer, kommun in enumerate(kommuner)
            ]
        for command in sanda:
            command.future.result(20)
    assert sql(butik, "SELECT kommunkod FROM handelse ORDER BY pos") == [(k,) for k in kommuner]


def test_en_for_stor_handelse_avvisas_nar_den_beslutas(butik: Databas) -> None:
    with skrivare(butik, event_max_bytes=2000) as en:
        with pytest.raises(TooLarge):
            en.kor(lambda app: app.borja(sammanhang(), uuid4(), text="x" * 2000), nyckel="n")
        en.kor(lambda app: app.borja(sammanhang(), uuid4(), text="x" * 1000), nyckel="n")
    assert sql(butik, "SELECT max(length(state)) < 2000, count(*) FROM handelse") == [(True, 1)]


def test_ett_anvandningsfall_kors_bara_genom_skrivaren(butik: Databas) -> None:
    en = Skrivare(butik)
    with pytest.raises(RuntimeError, match="skrivaren"):
        Provapplikation(en.recorder).borja(sammanhang(), uuid4())


# -- the database is away -------------------------------------------------------------------------


def test_utan_databas_sags_det_och_nar_den_ar_tillbaka_gar_allt_igen(
    egen_postgres: Callable[[], Postgres],
) -> None:
    server = egen_postgres()
    databas = server.skapa_databaser(["leverantor"])["leverantor"]
    migrera(databas)
    with skrivare(databas) as en:
        assert en.borja(uuid4(), nyckel="fore").pos == 1
        server.stop()
        for _ in range(2):
            with pytest.raises(Unavailable):
                en.borja(uuid4(), nyckel="under")
        server.start()
        assert en.borja(uuid4(), nyckel="under").pos == 2
        assert en.borja(uuid4(), nyckel="fore").repeated
