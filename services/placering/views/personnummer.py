"""Which claim a personnummer has: the one way from a number to a person.

Guarantees that the way can be taken away: a claim's id says nothing of the number, and the row with
the number's keyed hash is deleted when its person is culled (R-SEK-5). Claims of an earlier version
have an id that follows from the hash; they are found without a row.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from services.chassis.crypto import Keyring
from services.chassis.store.decision import Row
from services.chassis.store.reader import Rows
from services.placering.domain.klient import Personnummer

TABELL = "personnummer"

Query = Callable[[str, dict[str, Any]], Sequence[dict[str, Any]]]

_SQL = "SELECT krav FROM personnummer WHERE kommunkod = %(kommunkod)s AND hash = %(hash)s"


def hash_av_personnummer(keyring: Keyring, nummer: str) -> bytes:
    """The keyed hash that finds a person again, from the normalised number."""
    return keyring.keyed_hash("personnummer", nummer.encode())


def krav_for(query: Query, kommunkod: str, hashvarde: bytes) -> UUID | None:
    """The claim that the number's row names; ``None``: there is no row."""
    rader = query(_SQL, {"kommunkod": kommunkod, "hash": hashvarde})
    return rader[0]["krav"] if rader else None


async def krav_att_lasa(connection: Rows, kommunkod: str, hashvarde: bytes) -> UUID:
    """The claim of the number, also one that no row names."""
    cursor = await connection.execute(_SQL, {"kommunkod": kommunkod, "hash": hashvarde})
    rad = await cursor.fetchone()
    if rad is None:
        return Personnummer.id_for(kommunkod, hashvarde.hex())
    krav: UUID = rad["krav"]
    return krav


def rad_for(kommunkod: str, hashvarde: bytes, krav: UUID) -> Row:
    """The row that finds a new claim again; unique, so two that claim at once cannot both."""
    return Row(TABELL, {"kommunkod": kommunkod, "hash": hashvarde, "krav": krav})
