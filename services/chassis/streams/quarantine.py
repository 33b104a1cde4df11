"""What a person can do about messages put aside: see them, release, throw away, let pass.

Guarantees that a decision only marks: the process that reads the partition carries it out in
order, under the partition's lock, before its next batch. Who decided and why is kept with the
message, and ``recorded`` lets the service write an event of its own in the same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row

from services.chassis.streams.set_aside import Identity, decode_headers

Decision = Literal["slappt", "kastad", "passerad"]
"""released to be tried again; thrown away; (unknown type) no longer holding the settled instant."""

Recorded = Callable[[psycopg.Connection[Any], "Held", Decision], None]
"""Called in the transaction of a decision."""


class NotThere(Exception):
    """No such message is put aside in a state that the decision is for. Text in Swedish."""


@dataclass(frozen=True, slots=True)
class Held:
    """A message put aside, as listed; ``registrerad`` and what else could not be read is None."""

    konsument: str
    vyversion: str
    topic: str
    partition: int
    offset: int
    kommunkod: str | None
    nyckel: str | None
    pos: int | None
    index: int | None
    registrerad: datetime | None
    typ: str | None
    orsak: str
    lage: str
    inkommen: datetime
    beslutad_av: str | None
    beslut_skal: str | None
    beslutad: datetime | None

    @property
    def identity(self) -> Identity:
        """What names it."""
        return Identity(self.konsument, self.vyversion, self.topic, self.partition, self.offset)


@dataclass(frozen=True, slots=True)
class Whole:
    """A message put aside with its raw bytes."""

    held: Held
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


_COLUMNS = (
    'konsument, vyversion, topic, partition, "offset", kommunkod, nyckel, pos, "index",'
    " registrerad, typ, orsak, lage, inkommen, beslutad_av, beslut_skal, beslutad"
)
_IDENTITY = ' konsument = %s AND vyversion = %s AND topic = %s AND partition = %s AND "offset" = %s'
_OPEN: dict[Decision, tuple[str, ...]] = {
    "slappt": ("karantan", "okand_typ"),
    "kastad": ("karantan", "hallen", "okand_typ", "passerad"),
    "passerad": ("okand_typ",),
}


def list_held(
    connection: psycopg.Connection[Any], konsument: str, *, decided: bool = False
) -> list[Held]:
    """What is put aside and waits for something, oldest first; with ``decided`` also the rest."""
    only = "" if decided else " AND lage IN ('karantan', 'hallen', 'okand_typ', 'slappt')"
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        return cursor.execute(
            f"SELECT {_COLUMNS} FROM karantan WHERE konsument = %s{only}"
            ' ORDER BY registrerad NULLS FIRST, topic, partition, "offset"',
            (konsument,),
        ).fetchall()


def show(connection: psycopg.Connection[Any], identity: Identity) -> Whole:
    """One message with its bytes; :class:`NotThere`."""
    with connection.cursor(row_factory=class_row(Held)) as cursor:
        held = cursor.execute(
            f"SELECT {_COLUMNS} FROM karantan WHERE{_IDENTITY}", identity
        ).fetchone()
    raw = connection.execute(
        f"SELECT ra_nyckel, ra, huvuden FROM karantan WHERE{_IDENTITY}", identity
    ).fetchone()
    if held is None or raw is None:
        raise NotThere("meddelandet finns inte i karantän")
    return Whole(held, bytes(raw[0] or b""), bytes(raw[1] or b""), decode_headers(raw[2]))


def decide(
    connection: psycopg.Connection[Any],
    identity: Identity,
    decision: Decision,
    *,
    vem: str,
    skal: str,
    recorded: Recorded | None = None,
) -> Held:
    """Mark what shall be done with a message; who decides and why must be given.

    :class:`NotThere` when it is not in a state that the decision is for.
    """
    if not vem.strip() or not skal.strip():
        raise ValueError("who decides and why must be given")
    with connection.transaction(), connection.cursor(row_factory=class_row(Held)) as cursor:
        held = cursor.execute(
            "UPDATE karantan SET lage = %s, beslutad_av = %s, beslut_skal = %s, beslutad = now()"
            f" WHERE{_IDENTITY} AND lage = ANY (%s) RETURNING {_COLUMNS}",
            (decision, vem, skal, *identity, list(_OPEN[decision])),
        ).fetchone()
        if held is None:
            raise NotThere("meddelandet väntar inte på det beslutet i karantän")
        if recorded is not None:
            recorded(connection, held, decision)
    return held


def release(
    connection: psycopg.Connection[Any],
    identity: Identity,
    *,
    vem: str,
    skal: str,
    recorded: Recorded | None = None,
) -> Held:
    """``slapp``: try it again, and then what is held behind it; at a hole: take it nevertheless."""
    return decide(connection, identity, "slappt", vem=vem, skal=skal, recorded=recorded)


def throw_away(
    connection: psycopg.Connection[Any],
    identity: Identity,
    *,
    vem: str,
    skal: str,
    recorded: Recorded | None = None,
) -> Held:
    """``kasta``: never apply it; what is held behind it goes on."""
    return decide(connection, identity, "kastad", vem=vem, skal=skal, recorded=recorded)


def let_pass(
    connection: psycopg.Connection[Any],
    identity: Identity,
    *,
    vem: str,
    skal: str,
    recorded: Recorded | None = None,
) -> Held:
    """An unknown type no longer holds the settled instant; a version that knows it reads it."""
    return decide(connection, identity, "passerad", vem=vem, skal=skal, recorded=recorded)


def states() -> Sequence[str]:
    """Every state of a message put aside."""
    return ("karantan", "hallen", "okand_typ", "slappt", "kastad", "passerad", "tillampad")
