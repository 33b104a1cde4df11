"""Positions, recording instants and the running hash, whatever writers, clocks and refusals do."""

import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.rules import Breach, Refused
from services.chassis.store.decision import Done
from services.chassis.store.errors import Contended
from tests.chassis.store.provsak import Provapplikation, Skrivare, sammanhang, skrivare
from tests.stod.kedja import RADER, prova_kedjan
from tests.stod.tjanst import sql


def _vagra(_: Provapplikation) -> Done:
    raise Refused(Breach(None, "/varde", "Nej."))


def _strom(databas: Databas) -> tuple[Any, ...]:
    return sql(databas, "SELECT pos, registrerad, kedja FROM strom")[0]


def test_positionerna_ar_utan_hal_ocksa_efter_avvisade_kommandon(butik: Databas) -> None:
    with skrivare(butik) as en:
        upptagen = uuid4()
        en.borja(upptagen)
        for _ in range(5):
            with pytest.raises(Refused):
                en.kor(_vagra)
            with pytest.raises(Contended):
                en.borja(upptagen)  # the id is taken: lost each time
            en.borja(uuid4())
    assert [rad[0] for rad in sql(butik, RADER)] == [1, 2, 3, 4, 5, 6]
    assert _strom(butik)[0] == 6


def test_flera_skrivare_ger_positioner_i_den_ordning_som_de_lagrar(butik: Databas) -> None:
    """Two processes, each with four callers: what has been seen is never followed by less."""
    sedda: list[int] = []
    stopp = threading.Event()

    def titta() -> None:
        while not stopp.is_set():
            sedda.append(sql(butik, "SELECT coalesce(max(pos), 0) - count(*) FROM handelse")[0][0])

    def skicka(skrivaren: Skrivare) -> None:
        for varde in range(25):
            skrivaren.borja(uuid4(), varde=varde)

    with skrivare(butik) as en, skrivare(butik) as tva:
        tittare = threading.Thread(target=titta)
        sandare = [threading.Thread(target=skicka, args=(s,)) for s in (en, tva) for _ in range(4)]
        tittare.start()
        for trad in sandare:
            trad.start()
        for trad in sandare:
            trad.join()
        stopp.set()
        tittare.join()
    rader = sql(butik, RADER)
    assert [rad[0] for rad in rader] == list(range(1, 201))
    assert len(sedda) > 3
    assert set(sedda) == {0}, "en position syntes före en lägre"
    assert all(fore[6] <= efter[6] for fore, efter in pairwise(rader))


def test_registrerad_stiger_strikt_ocksa_nar_klockan_stalls_tillbaka(butik: Databas) -> None:
    framtid = datetime.now(UTC) + timedelta(days=400)
    with skrivare(butik) as en:
        en.borja(uuid4())
        sql(butik, "UPDATE strom SET registrerad = %s", framtid)
        for _ in range(3):
            en.borja(uuid4())
    instanter = [rad[6] for rad in sql(butik, RADER)]
    assert instanter[1:] == [framtid + timedelta(microseconds=n) for n in (1, 2, 3)]
    assert _strom(butik)[1] == instanter[-1]


def test_registrerad_ar_en_och_samma_for_en_hel_lagring(butik: Databas) -> None:
    with skrivare(butik) as en:
        id = uuid4()
        en.borja(id)
        en.kor(lambda app: app.andra(sammanhang(), id, varde=1, ganger=3))
    instanter = [rad[6] for rad in sql(butik, RADER)]
    assert instanter[0] < instanter[1] == instanter[2] == instanter[3]


def test_kedjan_kan_raknas_om_ur_tabellen(butik: Databas) -> None:
    with skrivare(butik) as en, skrivare(butik) as tva:
        for nummer in range(30):
            id = uuid4()
            en.borja(id)
            tva.kor(lambda app, id=id: app.andra(sammanhang(), id, varde=1, ganger=2))  # type: ignore[misc]
            # Instants with every kind of microsecond, also beyond 2038, where a count of seconds
            # in floating point begins to lose them.
            sql(
                butik,
                "UPDATE strom SET registrerad = registrerad + %s",
                timedelta(days=30 * nummer, microseconds=7919 * nummer),
            )
    assert prova_kedjan(butik) == 60


def test_kedjan_visar_att_en_rad_har_andrats(butik: Databas) -> None:
    with skrivare(butik) as en:
        en.borja(uuid4(), varde=1)
    assert prova_kedjan(butik) == 1
    sql(
        butik,
        """UPDATE handelse SET state = replace(encode(state, 'escape'), '"varde":1',
                  '"varde":2')::bytea""",
    )
    with pytest.raises(AssertionError):
        prova_kedjan(butik)


def test_fem_tusen_handelser_lagras_i_en_lagring(butik: Databas) -> None:
    with skrivare(butik) as en:
        id = uuid4()
        en.borja(id)
        borjan = time.monotonic()
        svar = en.kor(lambda app: app.andra(sammanhang(), id, varde=1, ganger=5000))
        tog = time.monotonic() - borjan
    assert (svar.version, svar.pos) == (5001, 5001)
    assert prova_kedjan(butik) == 2
    assert tog < 15, f"{tog:.1f} s"


def test_positionen_i_svaret_ar_kommandots_sista_handelse(butik: Databas) -> None:
    ids: list[UUID] = [uuid4() for _ in range(4)]
    with skrivare(butik) as en:
        with en.upptagen():
            sanda = [
                en.sand(lambda app, id=id: app.borja(sammanhang(), id))  # type: ignore[misc]
                for id in ids
            ]
        svar = [command.future.result(20) for command in sanda]
    lagrade = {rad[1]: rad[0] for rad in sql(butik, RADER)}
    assert [(ett.id, ett.pos) for ett in svar] == [(id, lagrade[id]) for id in ids]
    assert [ett.pos for ett in svar] == [1, 2, 3, 4]
