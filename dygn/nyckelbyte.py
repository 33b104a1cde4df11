"""An embedded installation's master key exchanged while nothing else runs in its catalogue.

Guarantees that the catalogue is held meanwhile, so that no process goes on wrapping by the earlier
key, and that the earlier key is forgotten only when nothing is wrapped by it.
"""

from collections.abc import Callable

import psycopg

from dygn.fel import DygnFel
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.komposition import nyckelval
from dygn.inbyggd.postgres import Postgres
from services.chassis.crypto import Keyring
from services.chassis.http.app import keyring_of
from services.chassis.migration.runner import migrate
from services.chassis.settings import ServiceSettings
from services.placering.views.nyckelbyte import OkandNyckel, Utfall
from services.placering.views.nyckelbyte import byt_huvudnyckel as sla_in_pa_nytt

Visa = Callable[[int, int], None]
"""Told how many keys have been wrapped anew, and of how many."""


def byt_huvudnyckel(katalog: Katalog, visa: Visa = lambda _gjorda, _av: None) -> Utfall:
    """Make a new master key, or go on with one that was made; ``InbyggdFel`` where it runs."""
    with katalog.last(), Postgres(katalog) as server:
        databas = server.skapa_databaser(["placering"])["placering"]
        migrate("placering", databas.agare.sqlalchemy_url())
        katalog.borja_nyckelbyte()
        utfall = _sla_in(databas.agare.conninfo(), nyckelring(katalog), visa)
        katalog.sluta_nyckelbyte()
    return utfall


def _sla_in(agare: str, ring: Keyring, visa: Visa) -> Utfall:
    with psycopg.connect(agare, autocommit=True) as anslutning:
        rad = anslutning.execute("SELECT count(*) FROM klientnyckel").fetchone()
        assert rad is not None
        antal: int = rad[0]
        try:
            return sla_in_pa_nytt(anslutning, ring, visa=lambda gjorda: visa(gjorda, antal))
        except OkandNyckel as fel:
            raise DygnFel(f"Bytet avbröts: {fel}") from fel


def nyckelring(katalog: Katalog) -> Keyring:
    """The catalogue's keys, as its services read them."""
    return keyring_of(
        ServiceSettings.model_validate({"database_url": "", "issuer": "", **nyckelval(katalog)})
    )
