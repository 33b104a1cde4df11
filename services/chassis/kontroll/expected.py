"""What a stream ought to have said: its events mapped anew, save by save.

Guarantees the same mapping, partitions and ``fore`` as the relay uses, and that an event that
cannot be read any more (it was changed, or taken away) makes only itself unknown: whoever compares
is told which positions cannot be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.chassis.kontroll.events import EventTable, Saved
from services.chassis.kontroll.findings import Findings
from services.chassis.streams.control import Control
from services.chassis.streams.event_log import Publisher
from services.chassis.streams.mapping import Recorded, StoredRow, Stream, encode_batch
from services.chassis.streams.message import Last, Message

UNKNOWN_KEPT = 1_000
"""Ranges of positions without a readable event that are remembered."""


class Unknown:
    """Positions whose messages nobody can know any more."""

    def __init__(self) -> None:
        self._ranges: list[range] = []

    def add(self, positions: range) -> None:
        """Remember them."""
        if len(self._ranges) < UNKNOWN_KEPT:
            self._ranges.append(positions)

    def __contains__(self, pos: int) -> bool:
        return any(pos in positions for positions in self._ranges)

    def __bool__(self) -> bool:
        return bool(self._ranges)


@dataclass(frozen=True, slots=True)
class Save:
    """One save's messages, and the control record as it stands after them.

    ``whole`` says that a hash ends the save, so that a control record may speak of it.
    """

    first: int
    messages: Sequence[Message]
    control: Control
    whole: bool


class Follower(Protocol):
    """Compares something with the stream, save by save."""

    def take(self, save: Save) -> None:
        """The next save."""

    def end(self) -> None:
        """The stream has no more."""


class Expected:
    """A publisher's stream as its event table makes it."""

    def __init__(self, publisher: Publisher, stream: Stream, found: Findings) -> None:
        self.stream = stream
        self.unknown = Unknown()
        self._publisher = publisher
        self._found = found
        self._last: Last = {}

    def saves(self, table: EventTable) -> Iterator[Save]:
        """Every save of the table with its messages."""
        for saved in table.saves():
            for lost in saved.lost:
                self.unknown.add(lost)
            yield self._save(saved)

    def messages_at(self, row: StoredRow) -> list[Message]:
        """The messages of one event, their ``fore`` left out of account."""
        return encode_batch(self.stream, [self._recorded(row)], self._publisher.mapping, {})[0]

    def _recorded(self, row: StoredRow) -> Recorded:
        return Recorded(row.pos, row.registrerad, row.kommunkod, self._publisher.decode(row))

    def _save(self, saved: Saved) -> Save:
        messages: list[Message] = []
        for row in saved.rows:
            try:
                more, self._last = encode_batch(
                    self.stream, [self._recorded(row)], self._publisher.mapping, self._last
                )
            except Exception as fault:
                # Whatever the bytes do to the decoder: they are not what was recorded.
                self.unknown.add(range(row.pos, row.pos + 1))
                self._found.fault(
                    "handelser",
                    self.stream.service,
                    f"händelse {row.pos}",
                    f"går inte att läsa: {type(fault).__name__}",
                )
            else:
                messages += more
        newest = saved.rows[-1]
        control = Control(
            self.stream.installation,
            self.stream.epok,
            newest.pos,
            newest.registrerad,
            newest.kedja or b"",
            self._last,
        )
        return Save(saved.rows[0].pos, messages, control, newest.kedja is not None)
