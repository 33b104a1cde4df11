"""What a command leaves when it has been decided, and before it is stored.

Guarantees that a decision is a plain value: events, rows for the same transaction, and what the
caller is to be told. It can be thrown away (a command that only judges), made again on fresh state
(a lost race), or stored together with its neighbours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent


@dataclass(frozen=True, slots=True)
class Row:
    """A row that must be stored with the events or not at all (ciphertext, a key, a hash)."""

    table: str
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Columns of existing rows that must be set with the events or not at all.

    ``where`` names the rows, column by column. For what a person has decided about a row that the
    stream process owns; no event table can be marked, since the role may not.
    """

    table: str
    columns: Mapping[str, Any]
    where: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What an application method answers: the thing's id and version, and the HTTP status.

    ``detail`` is for the caller of this process only (the verdicts on rows of a bulk command); it
    is not stored, so a repeated command is answered without it.
    """

    id: UUID | None
    version: int | None
    status: int = 200
    detail: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command was answered, the first time and every time it is repeated.

    ``pos`` is the position of the command's last event, or of the store when it made none.
    """

    status: int
    id: UUID | None
    version: int | None
    pos: int | None
    repeated: bool = False
    detail: Any = None


@dataclass(slots=True)
class Decision:
    """A decided command: what is to be stored, and the answer but for its position."""

    kommunkod: str
    done: Done
    events: list[StoredEvent] = field(default_factory=list)
    rows: list[Row | Mark] = field(default_factory=list)
    key: str | None = None
    body: bytes = b""

    @property
    def touched(self) -> set[UUID]:
        """The aggregates that it changes."""
        return {event.originator_id for event in self.events}  # type: ignore[misc]
