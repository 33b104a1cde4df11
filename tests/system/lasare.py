"""One more database of the service uppfoljning, fed from an installation's event tables.

The same parts as the service runs: its inboxes and its folding as the stream process's role, its
API as its own. What differs between two of them is the way of the events, and nothing else.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dygn.inbyggd.databaser import Databas, skapa_databas
from services.chassis.auth.roles import Roll
from services.chassis.streams.parts import OpenUpstream, connector, stream_process
from services.chassis.streams.process import StreamProcess
from services.chassis.streams.table_source import open_table_source
from services.uppfoljning import app as uppfoljning
from services.uppfoljning.process import PARTS
from tests.stod.tjanst import Klient, korande, migrera
from tests.stod.vanta import eventually
from tests.system.byggen import lasande
from tests.system.installation import TALAMOD
from tests.system.utgivare import UTGIVARE

LASTA = {"dygn.leverantor.v1", "dygn.placering.v1"}


@dataclass
class Lasare:
    """A database of uppfoljning and its running API."""

    databas: Databas
    _klient: Klient
    _loop: asyncio.Runner

    def las(self, vag: str, **fraga: str) -> dict[str, Any]:
        """What this database's API answers."""
        svar: dict[str, Any] = self._loop.run(self._klient.las(f"/v1/{vag}", **fraga))
        return svar

    def w(self) -> datetime | None:
        """Its settled instant."""
        w = self.las("rapporter/evb", per="2024-01-01", lag="SoL")["underlag"]["w"]
        return None if w is None else datetime.fromisoformat(w)

    def avgjort(self, minst: datetime, lage: Callable[[], object] = lambda: "") -> datetime:
        """Wait until its settled instant has come to ``minst``; W then."""

        def framme() -> datetime | None:
            w = self.w()
            return w if w is not None and w >= minst else None

        w = eventually(framme, TALAMOD, lambda: f"W nådde aldrig {minst}: {lage()}", paus=0.2)
        assert w is not None
        return w

    def rafakta(self) -> list[tuple[Any, ...]]:
        """The places of the stored raw facts, in order."""
        return rafakta(self.databas)

    def ostadat(self) -> dict[str, int]:
        """What should be nothing: stopped partitions, messages aside, subjects not folded."""
        return ostadat(self.databas)


def rafakta(databas: Databas) -> list[tuple[Any, ...]]:
    """The places of a consumer's raw facts, in order."""
    with lasande(databas) as anslutning:
        return anslutning.execute(
            'SELECT topic, pos, "index" FROM rafakta ORDER BY topic, pos, "index"'
        ).fetchall()


def ostadat(databas: Databas) -> dict[str, int]:
    """What should be nothing: stopped partitions, messages aside, subjects not folded."""
    fragor = {
        "stoppade": "SELECT count(*) FROM inkorg WHERE lage <> 'oppen'",
        "karantan": "SELECT count(*) FROM karantan",
        "smutsiga": "SELECT count(*) FROM smutsig",
    }
    with lasande(databas) as anslutning:
        funna = {
            namn: anslutning.execute(fraga.encode()).fetchone() for namn, fraga in fragor.items()
        }
    return {namn: rad[0] for namn, rad in funna.items() if rad is not None and rad[0]}


@contextmanager
def lasare(admin: Databas, namn: str) -> Iterator[Lasare]:
    """A new database beside ``admin``'s, called ``namn``, and its API; both are there at once."""
    databas = skapa_databas(admin.admin, "uppfoljning", namn=namn)
    migrera(databas)
    with lasare_av(databas) as en:
        yield en


@contextmanager
def lasare_av(databas: Databas) -> Iterator[Lasare]:
    """The API of a database of uppfoljning that is migrated already."""
    with asyncio.Runner() as loop:
        koende = korande(uppfoljning.app, databas, *Roll)
        klient = loop.run(koende.__aenter__())
        try:
            yield Lasare(databas, klient, loop)
        finally:
            loop.run(koende.__aexit__(None, None, None))


@contextmanager
def matad(databas: Databas, oppna: OpenUpstream) -> Iterator[StreamProcess]:
    """The stream process of the database, its upstream streams opened by ``oppna``."""
    process = stream_process(PARTS, connector(databas.strom.conninfo()), oppna, None)
    process.start()
    try:
        yield process
    finally:
        assert process.stop(30), process.health()


def ur_tabellerna(databaser: dict[str, Databas], batch: int = 1000) -> OpenUpstream:
    """Upstream streams straight from the event tables, ``batch`` events at a time."""
    return lambda namn: open_table_source(
        UTGIVARE[namn], connector(databaser[namn].strom.conninfo()), batch=batch
    )
