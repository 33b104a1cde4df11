"""PostgreSQL stopped, crashed, with its connections cut, and with a clock that goes backwards."""

import os
import random
import signal
from datetime import timedelta
from functools import partial

from dygn.inbyggd.databaser import Databas
from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.fel_delar import flyt, sov
from tests.feltalighet.kontroll import lage
from tests.feltalighet.vard import TALAMOD
from tests.stod.vanta import eventually
from tests.system.handelser import meddelanden
from tests.system.installation import sql
from tests.system.lasare import rafakta
from tests.system.utgivare import UTGIVARE

_VARA = "datname <> 'postgres' AND pid <> pg_backend_pid() AND backend_type = 'client backend'"


def _borta(hur: str, bana: Bana, slump: random.Random) -> str:
    """Fast shutdown, immediate shutdown, or kill -9 of the postmaster; then started again."""
    lange = slump.uniform(0.0, 1.0)
    with bana.flode():
        sov(slump.uniform(0, 0.5))
        pid = bana.postgres.pid
        assert pid is not None
        if hur == "kraschar":
            os.kill(pid, signal.SIGQUIT)
        elif hur == "dödas":
            os.kill(pid, signal.SIGKILL)
        bana.postgres.stop()
        sov(lange)
        bana.postgres.start()
        bana.nu_slog_det_till()
    return f"borta {lange:.1f} s"


def _barnprocess_dodas(bana: Bana, slump: random.Random) -> str:
    """kill -9 of one connection's process: the server throws everybody out and recovers."""
    with bana.flode():
        sov(slump.uniform(0, 0.5))
        [(pid, vems)] = bana.admin(
            f"SELECT pid, usename FROM pg_stat_activity WHERE {_VARA} ORDER BY random() LIMIT 1"
        )
        os.kill(pid, signal.SIGKILL)
        bana.nu_slog_det_till()
        flyt(bana)
    return str(vems)


def _bryt_anslutningar(bana: Bana) -> None:
    """End every connection but our own."""
    bana.admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {_VARA}")


def _anslutningar_bryts(bana: Bana, slump: random.Random) -> str:
    ganger = slump.randint(1, 4)
    with bana.flode():
        for _ in range(ganger):
            sov(slump.uniform(0, 0.4))
            _bryt_anslutningar(bana)
        bana.nu_slog_det_till()
    return f"{ganger} gånger"


# -- the clock ------------------------------------------------------------------------------------


def _stall_klockan(bana: Bana, databas: Databas, timmar: int) -> None:
    """The clock of this database shows so many hours less, also to what was prepared before."""
    sql(databas, "ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO riktig_klocka")
    sql(
        databas,
        "CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
        f" $$SELECT pg_catalog.riktig_klocka() - pg_catalog.make_interval(hours => {timmar})$$",
    )
    _bryt_anslutningar(bana)


def _ratta_klockan(bana: Bana, databas: Databas) -> None:
    sql(databas, "DROP FUNCTION pg_catalog.clock_timestamp()")
    sql(databas, "ALTER FUNCTION pg_catalog.riktig_klocka() RENAME TO clock_timestamp")
    _bryt_anslutningar(bana)


def _klockan_gar_bakat(bana: Bana, slump: random.Random) -> str:
    """An hour back, some commands and beats of the pulse, and right again.

    Meanwhile everything is read; but the settled instant waits where the clock was, since the
    stream cannot say that it has told all until a later instant.
    """
    tjanst = slump.choice(sorted(UTGIVARE))
    databas = bana.databaser[tjanst]
    _stall_klockan(bana, databas, 1)
    try:
        with bana.flode():
            flyt(bana, 12)
        [(fore,)] = sql(databas, "SELECT registrerad FROM strom")
        eventually(
            lambda: rafakta(bana.databaser["uppfoljning"]) == meddelanden(bana.databaser),
            TALAMOD,
            lambda: f"allt lästes inte: {lage(bana)}",
        )
        w = bana.test.w()
        assert w is not None
        assert w <= fore + timedelta(seconds=1)
    finally:
        _ratta_klockan(bana, databas)
    bana.nu_slog_det_till()
    for namn in UTGIVARE:
        instanter = [
            nar
            for (nar,) in sql(bana.databaser[namn], "SELECT registrerad FROM handelse ORDER BY pos")
        ]
        assert instanter == sorted(instanter), namn
    return tjanst


POSTGRES = [
    Fel("postgres.stoppas", "PostgreSQL", partial(_borta, "stoppas"), tungt=True),
    Fel("postgres.kraschar", "PostgreSQL", partial(_borta, "kraschar"), tungt=True),
    Fel("postgres.dodas", "PostgreSQL", partial(_borta, "dödas"), tungt=True),
    Fel("postgres.en_av_dess_processer_dodas", "PostgreSQL", _barnprocess_dodas),
    Fel("postgres.anslutningar_bryts", "PostgreSQL", _anslutningar_bryts),
]
KLOCKAN = [Fel("klocka.gar_bakat", "klocka", _klockan_gar_bakat)]
