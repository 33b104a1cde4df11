"""Raw facts: every accepted message, stored whole with the subjects that it is about.

Guarantees that facts, their subjects and the dirty marks are written together and set-wise (by
unnest: COPY does not work into a table with row level security), and that a message is judged by
pure functions before anything is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from services.chassis.streams.dirty import Subject, mark_dirty
from services.chassis.streams.folding import Folding
from services.chassis.streams.message import Envelope, Faulty, Message, check_content


class Register(Protocol):
    """Finds a contract event's class by its type; the contracts give it."""

    def avkoda(self, typ: str, data: bytes) -> object:
        """The event, or any exception when the bytes are none."""

    def typer(self) -> frozenset[str]:
        """Every type that it knows."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A message that the views can use, and its subjects as (kind, name)."""

    envelope: Envelope
    subjects: tuple[tuple[str, str], ...]


class UnknownType(Exception):
    """This version of the views does not handle the event type. Text in Swedish."""


def judge(message: Message, envelope: Envelope, register: Register, folding: Folding) -> Fact:
    """The fact of a message; :class:`UnknownType` or :class:`Faulty` when it is none."""
    check_content(message, envelope)
    if envelope.typ not in folding.handled:
        raise UnknownType(f"händelsetypen {envelope.typ} är okänd för den här versionen")
    try:
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
    rows = [_row(fact.envelope) for fact in facts]
    connection.execute(
        'INSERT INTO rafakta (topic, pos, "index", epok, kommunkod, typ, nyckel, registrerad, data)'
        " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::int[], %s::text[],"
        " %s::text[], %s::text[], %s::timestamptz[], %s::jsonb[])",
        [list(column) for column in zip(*rows, strict=True)],
    )
    about = [
        (fact.envelope.kommunkod, slag, amne, *_key(fact.envelope))
        for fact in facts
        for slag, amne in fact.subjects
    ]
    if not about:
        return
    connection.execute(
        'INSERT INTO rafakta_amne (kommunkod, slag, amne, topic, pos, "index")'
        " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[],"
        " %s::int[])",
        [list(column) for column in zip(*about, strict=True)],
    )
    mark_dirty(
        connection,
        kinds,
        (
            Subject(fact.envelope.kommunkod, slag, amne, fact.envelope.registrerad)
            for fact in facts
            for slag, amne in fact.subjects
        ),
    )


def _key(envelope: Envelope) -> tuple[str, int, int]:
    return envelope.topic, envelope.pos, envelope.index


def _row(envelope: Envelope) -> tuple[Any, ...]:
    return (
        *_key(envelope),
        envelope.epok,
        envelope.kommunkod,
        envelope.typ,
        envelope.nyckel,
        envelope.registrerad,
        envelope.data.decode("utf-8"),
    )
