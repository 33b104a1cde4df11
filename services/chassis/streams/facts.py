"""Raw facts: every accepted message, stored whole with the subjects that it is about.

Guarantees that facts, their subjects and the dirty marks are written together, a statement for
each whatever their number, and that a message is judged by pure functions before anything is
written.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import psycopg

from services.chassis.streams.columns import column, rows_of
from services.chassis.streams.dirty import Subject, mark_dirty
from services.chassis.streams.folding import Folding
from services.chassis.streams.health import DATA_LIMITS
from services.chassis.streams.message import Envelope, Faulty, Message, check_content

DATA_FAULTS = (psycopg.DataError, psycopg.IntegrityError, *DATA_LIMITS)
"""What the database says of values that it does not take: the same every time it is tried."""


class Register(Protocol):
    """Finds a contract event's class by its type; the contracts give it."""

    def avkoda(self, typ: str, data: bytes) -> object:
        """The event, or any exception when the bytes are none."""

    def typer(self) -> frozenset[str]:
        """Every type that it knows."""


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A message that the views can use, and its subjects as (kind, name)."""

    envelope: Envelope
    subjects: tuple[tuple[str, str], ...]


class UnknownType(Exception):
    """This version of the views does not handle the event type. Text in Swedish."""


def judge(message: Message, envelope: Envelope, register: Register, folding: Folding) -> Fact:
    """The fact of a message; :class:`UnknownType` or :class:`Faulty` when it is none."""
    check_content(message, envelope)
    if envelope.typ not in folding.handled:
        raise UnknownType(f"händelsetypen {envelope.typ[:200]} är okänd för den här versionen")
    try:
        # A decoder passes over fields that it does not know without looking into their texts.
        envelope.data.decode("utf-8")
        event = register.avkoda(envelope.typ, envelope.data)
        subjects = tuple(sorted(set(folding.subjects(envelope.typ, event))))
    except Exception as fault:
        # Whatever a decoder or a mapping makes of foreign bytes is the message's fault.
        raise Faulty(f"kan inte avkodas: {type(fault).__name__}: {fault}"[:500]) from fault
    for slag, _ in subjects:
        if slag not in folding.kinds:
            raise ValueError(f"the folding names a kind that it does not fold: {slag}")
    return Fact(envelope, subjects)


def store_facts(
    connection: psycopg.Connection[Any], kinds: Sequence[str], facts: Sequence[Fact]
) -> None:
    """Write facts, subjects and dirty marks; must run inside the caller's transaction."""
    if not facts:
        return
    read = [fact.envelope for fact in facts]
    connection.execute(
        _INSERT_FACTS,
        (
            column(one.topic for one in read),
            column(str(one.pos) for one in read),
            column(str(one.index) for one in read),
            column(str(one.epok) for one in read),
            column(one.kommunkod for one in read),
            column(one.typ for one in read),
            column(one.nyckel for one in read),
            column(one.registrerad.isoformat() for one in read),
            column(one.data.decode("utf-8") for one in read),
        ),
    )
    about = [(fact.envelope, slag, amne) for fact in facts for slag, amne in fact.subjects]
    if not about:
        return
    connection.execute(
        _INSERT_SUBJECTS,
        (
            column(one.kommunkod for one, _, _ in about),
            column(slag for _, slag, _ in about),
            column(amne for _, _, amne in about),
            column(one.topic for one, _, _ in about),
            column(str(one.pos) for one, _, _ in about),
            column(str(one.index) for one, _, _ in about),
        ),
    )
    mark_dirty(
        connection,
        kinds,
        (Subject(one.kommunkod, slag, amne, one.registrerad) for one, slag, amne in about),
    )


_INSERT_FACTS = (
    'INSERT INTO rafakta (topic, pos, "index", epok, kommunkod, typ, nyckel, registrerad, data)'
    " SELECT topic, pos::bigint, nr::int, epok::int, kommunkod, typ, nyckel,"
    " registrerad::timestamptz, data::jsonb FROM "
    + rows_of(
        "topic", "pos", "nr", "epok", "kommunkod", "typ", "nyckel", "registrerad", "data"
    )
)  # fmt: skip
_INSERT_SUBJECTS = (
    'INSERT INTO rafakta_amne (kommunkod, slag, amne, topic, pos, "index")'
    " SELECT kommunkod, slag, amne, topic, pos::bigint, nr::int FROM "
    + rows_of("kommunkod", "slag", "amne", "topic", "pos", "nr")
)
