"""The exchange of the master key: every klient's key wrapped anew by the one that wraps now.

Guarantees that it can be broken off anywhere and begun again: each batch is a transaction, a row
says by its mark which master key wraps it, and nothing is done twice. Nothing that is encrypted is
touched, so it takes no longer than there are klienter, and goes on beside the running service as
long as that can read both keys. It is over when a whole pass finds nothing to do: until then a
process that still wraps by the other key may have added rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag

from services.chassis.crypto import Keyring

Visa = Callable[[int], None]
"""Told how many keys have been wrapped anew so far."""


class OkandNyckel(Exception):
    """A klient's key is wrapped by a master key that the ring has not; nothing of it is changed."""


@dataclass(frozen=True, slots=True)
class Utfall:
    """What the exchange did: keys wrapped anew, and how many klienter have a key."""

    bytta: int
    alla: int


def byt_huvudnyckel(
    connection: psycopg.Connection[Any],
    keyring: Keyring,
    *,
    bunt: int = 500,
    visa: Visa = lambda _: None,
) -> Utfall:
    """Wrap every key by the ring's master key. ``connection`` is the owner's, in autocommit."""
    bytta, nya = 0, 1
    while nya:
        nya = _en_gang_igenom(connection, keyring, bunt, visa, bytta)
        bytta += nya
    rad = connection.execute("SELECT count(*) FROM klientnyckel").fetchone()
    assert rad is not None
    return Utfall(bytta, rad[0])


def _en_gang_igenom(
    connection: psycopg.Connection[Any], keyring: Keyring, bunt: int, visa: Visa, forut: int
) -> int:
    bytta, efter = 0, ("", UUID(int=0))
    while True:
        with connection.transaction():
            rader = connection.execute(
                "SELECT kommunkod, klient, nyckel_inslagen FROM klientnyckel"
                " WHERE (kommunkod, klient) > (%s, %s) AND nyckelmarke IS DISTINCT FROM %s"
                " ORDER BY kommunkod, klient LIMIT %s FOR UPDATE",
                (*efter, keyring.mark, bunt),
            ).fetchall()
            if not rader:
                return bytta
            nya = [_inslagen(keyring, bytes(inslagen), klient) for _, klient, inslagen in rader]
            connection.execute(
                "UPDATE klientnyckel AS k SET nyckel_inslagen = n.inslagen, nyckelmarke = %s"
                " FROM unnest(%s::text[], %s::uuid[], %s::bytea[])"
                " AS n (kommunkod, klient, inslagen)"
                " WHERE k.kommunkod = n.kommunkod AND k.klient = n.klient",
                (keyring.mark, [rad[0] for rad in rader], [rad[1] for rad in rader], nya),
            )
        efter = (rader[-1][0], rader[-1][1])
        bytta += len(rader)
        visa(forut + bytta)


def _inslagen(keyring: Keyring, inslagen: bytes, klient: UUID) -> bytes:
    try:
        return keyring.rewrap(inslagen, str(klient))
    except InvalidTag:
        raise OkandNyckel(
            f"Nyckeln för klienten {klient} är inslagen av en huvudnyckel som inte är angiven."
        ) from None
