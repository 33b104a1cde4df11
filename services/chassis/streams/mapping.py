"""From own recorded events to the messages of one stream, the same for every carrier.

Guarantees that messages are a pure function of the recorded events and of where the partitions
stood before them: no key, no view, no clock. So a rebuild from the event table gives today the
bytes that the topic got yesterday. Which partition a key has follows from a hash of our own and
the number of partitions in the database, never from a client's live metadata: a partition added
while running would otherwise move keys and mix up their order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Protocol
from uuid import UUID

from services.chassis.streams.message import (
    MAX_INDEX,
    START,
    Last,
    Message,
    Place,
    headers_of,
    key_text,
)


class ContractEvent(Protocol):
    """What the frame asks of a contract event; it knows no class of them."""

    @classmethod
    def handelsetyp(cls) -> str:
        """The CloudEvents type."""

    @property
    def nyckelvarde(self) -> UUID:
        """The id within whose bounds messages keep their order."""

    def koda(self) -> bytes:
        """The data as canonical JSON, UTF-8."""


Mapping = Callable[[object], Sequence[ContractEvent]]
"""A decoded own event -> its contract events, index 0, 1, … in order; frozen per version."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row of the event table as it lies there; ``kedja`` only on the last row of a save."""

    pos: int
    registrerad: datetime
    kommunkod: str
    topic: str
    originator_id: UUID
    originator_version: int
    state: bytes
    kedja: bytes | None


Decode = Callable[[StoredRow], object]
"""Makes the own event of a stored row; the store's mapper gives it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored row with its event decoded: all that the mapping to messages needs."""

    pos: int
    registrerad: datetime
    kommunkod: str
    event: object


@dataclass(frozen=True, slots=True)
class Stream:
    """One service's stream: its name, where it was born, its epok and its partitions."""

    service: str
    installation: UUID
    epok: int
    partitions: int

    @property
    def topic(self) -> str:
        """The topic of the events."""
        return event_topic(self.service)

    @property
    def control_topic(self) -> str:
        """The topic of the control records."""
        return control_topic(self.service)


def event_topic(service: str) -> str:
    """The topic of a service's events."""
    return f"dygn.{service}.v1"


def control_topic(service: str) -> str:
    """The topic of a service's control records."""
    return f"dygn.{service}.styr"


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key: BLAKE2b with 8 bytes, big endian, modulo the number."""
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") % partitions


def offset_of(epok: int, place: Place) -> int:
    """The offset that the embedded source gives: rises with epok and place, one for each message.

    Room for 10^12 positions an epok.
    """
    return epok * 10**15 + place.pos * (MAX_INDEX + 1) + place.number


def encode_batch(
    stream: Stream, recorded: Iterable[Recorded], mapping: Mapping, last: Last
) -> tuple[list[Message], Last]:
    """Messages of the events in order, and the last place of every partition after them.

    ``last`` is how the partitions stood before; it is not changed. A message's offset is not set.
    """
    standing = dict(last)
    messages: list[Message] = []
    for record in recorded:
        for index, event in enumerate(mapping(record.event)):
            messages.append(_encode(stream, record, index, event, standing))
    return messages, standing


def _encode(
    stream: Stream, record: Recorded, index: int, event: ContractEvent, standing: Last
) -> Message:
    if index > MAX_INDEX:
        raise ValueError(f"event {record.pos} gives more than {MAX_INDEX + 1} messages")
    key = key_text(record.kommunkod, event.nyckelvarde).encode()
    partition = partition_of(key, stream.partitions)
    place = Place(record.pos, index)
    headers = headers_of(
        service=stream.service,
        installation=stream.installation,
        epok=stream.epok,
        place=place,
        fore=standing.get(partition, START),
        registrerad=record.registrerad,
        kommunkod=record.kommunkod,
        typ=event.handelsetyp(),
    )
    standing[partition] = place
    return Message(stream.topic, partition, None, key, event.koda(), headers)
