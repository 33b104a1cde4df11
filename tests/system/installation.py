"""An embedded installation in the test's own process, and what is asked of it over HTTP.

Everything that a caller does goes over the wire with a token. What a test looks up beside that
(rows of the event tables) is read as the administrator, whom no row policy binds.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from dygn.inbyggd.databaser import Databas
from dygn.inbyggd.komposition import Inbyggd
from dygn.klient import Klient, Kvitto, Tjanst, mot_instans
from dygn.overforing.invantan import vanta_in
from services.chassis.auth.roles import Roll
from tests.stod.provkatalog import provkatalog
from tests.stod.vanta import eventually
from tests.system.utgivare import UTGIVARE

TALAMOD = 240.0
"""Seconds that a step may take: the machine may have much else to do."""


@dataclass
class Installation:
    """A running installation and a caller with every role."""

    inbyggd: Inbyggd
    klient: Klient

    @property
    def databaser(self) -> dict[str, Databas]:
        """Its databases by service."""
        return self.inbyggd.databaser

    def posta(
        self, tjanst: Tjanst, vag: str, kropp: dict[str, Any], fore: Kvitto | None = None
    ) -> Kvitto:
        """A command that must be taken; ``fore`` is the answer to the one before on the thing."""
        return self.klient.skicka(tjanst, vag, kropp, etag=None if fore is None else fore.etag)

    def las(self, vag: str, **fraga: str | None) -> dict[str, Any]:
        """What uppfoljning answers."""
        svar: dict[str, Any] = self.klient.hamta("uppfoljning", vag, **fraga)
        return svar

    def ikapp(self) -> None:
        """Wait until everything stored has been read and folded everywhere."""
        vanta_in(self.klient, ["placering", "uppfoljning"], TALAMOD)

    def avgjort(self) -> datetime:
        """Wait until the settled instant W has passed everything stored; W then."""
        senast = max(registrerad(self.databaser[namn]) for namn in UTGIVARE)
        self.ikapp()
        w = eventually(lambda: self._w_efter(senast), TALAMOD, "W nådde aldrig det lagrade")
        assert w is not None
        return w

    def _w_efter(self, senast: datetime) -> datetime | None:
        svar = self.las("rapporter/evb", per="2024-01-01", lag="SoL")
        w = datetime.fromisoformat(svar["underlag"]["w"] or "0001-01-01T00:00:00+00:00")
        return w if w >= senast else None


@contextmanager
def installation(*, kafka: bool = False) -> Iterator[Installation]:
    """A new installation in a catalogue of its own, stopped and removed afterwards."""
    with (
        provkatalog() as katalog,
        Inbyggd(katalog, port=0, kafka=kafka) as inbyggd,
        mot_instans(katalog, inbyggd.url, list(Roll)) as klient,
    ):
        yield Installation(inbyggd, klient)


def sql(databas: Databas, sats: str, varden: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Rows as the administrator sees them; a statement without rows gives none."""
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as anslutning:
        svar = anslutning.execute(sats.encode(), varden or None)
        return svar.fetchall() if svar.description else []


def registrerad(databas: Databas) -> datetime:
    """When the service's last event was recorded."""
    [(nar,)] = sql(databas, "SELECT coalesce(max(registrerad), '-infinity') FROM handelse")
    assert isinstance(nar, datetime)
    return nar


def antal_handelser(databas: Databas) -> int:
    """How many events the service has stored."""
    [(antal,)] = sql(databas, "SELECT count(*) FROM handelse")
    return int(antal)
