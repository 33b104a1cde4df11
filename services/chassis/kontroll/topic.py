"""What lies in the topic against what the event table says ought to lie there.

Guarantees that every message of a published event is there, byte for byte what the event is mapped
to (key, value, headers, and so ``fore``), in its partition and in order; that a message that is
there twice is twice the same; that nothing lies there which no event has given; and that messages
of an earlier epok hang together among themselves. Each deviation is named by partition and place.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from services.chassis.kontroll.expected import Expected, Save
from services.chassis.kontroll.findings import Findings
from services.chassis.kontroll.topic_reader import (
    PATIENCE,
    PartitionReader,
    TopicReader,
    place_in,
)
from services.chassis.streams.control import Control
from services.chassis.streams.message import START, Envelope, Message, Place, Unreadable, parse

MessagesAt = Callable[[int], list[Message]]
"""The messages of the event at a position, read and mapped anew; none where there is no event."""


@dataclass(slots=True)
class _Partition:
    """One partition: what ought to come next, and what has come."""

    number: int
    reader: PartitionReader
    waiting: deque[Message] = field(default_factory=deque)
    seen: Place = START
    earlier: tuple[int, Place] | None = None
    """The epok and place of the last message of an earlier epok."""


class TopicCheck:
    """Follows one stream through its topic."""

    def __init__(
        self,
        expected: Expected,
        topic: TopicReader,
        published: Control | None,
        messages_at: MessagesAt,
        found: Findings,
    ) -> None:
        """``published`` is the newest control record, read before the topic's ends were."""
        self._expected = expected
        self._stream = expected.stream
        self._found = found
        self._messages_at = messages_at
        self._partitions: dict[int, _Partition] | None = None
        if topic.partitions is not None:
            self._partitions = {
                number: _Partition(number, reader) for number, reader in topic.partitions.items()
            }
        current = published is not None and published.epok == self._stream.epok
        self._published = published.pos if published is not None and current else 0
        self._sista = dict(published.sista) if published is not None and current else {}
        self._unpublished = 0
        self._deadline: float | None = None
        """Until when messages are waited for: once, however many partitions lack some."""
        self._missing_topic: defaultdict[int, int] = defaultdict(int)
        found.saw("topic", self._stream.service, "meddelanden", 0)

    def take(self, save: Save) -> None:
        """Compare what the save's messages are with what comes next in their partitions."""
        touched: dict[int, _Partition] = {}
        for message in save.messages:
            partition = (self._partitions or {}).get(message.partition)
            if partition is None:
                self._missing_topic[message.partition] += 1
            else:
                partition.waiting.append(message)
                touched[message.partition] = partition
        for partition in touched.values():
            self._match(partition)

    def end(self) -> None:
        """Look at what is left in the topic, and tell what is not there at all."""
        for partition in (self._partitions or {}).values():
            self._match(partition)
            while (message := partition.reader.peek()) is not None and not (
                message.offset is not None and message.offset >= partition.reader.first_end
            ):
                self._surplus(partition, partition.reader.pop())
        service = self._stream.service
        if self._partitions is None:
            if self._missing_topic:
                self._fault(self._stream.topic, "ämnet finns inte, fast tjänsten har händelser")
        else:
            for number, antal in sorted(self._missing_topic.items()):
                self._fault(
                    f"{self._stream.topic}/{number}",
                    f"partitionen finns inte, fast {antal} meddelanden hör dit",
                )
        if self._unpublished:
            self._found.saw("topic", service, "ännu inte publicerade", self._unpublished)

    # -- one partition ------------------------------------------------------------------------

    def _match(self, partition: _Partition) -> None:
        """Take from the topic until every waiting message has been found or missed."""
        while partition.waiting:
            message = partition.reader.peek() or self._late(partition)
            if message is None:
                self._miss_all(partition)
                return
            wanted = partition.waiting[0]
            if _same(message, wanted):
                partition.reader.pop()
                partition.seen = _place(partition.waiting.popleft())
                self._found.saw("topic", self._stream.service, "meddelanden")
                continue
            place = self._placed(partition, message)
            if place is None or place < _place(wanted):
                partition.reader.pop()
                if place is not None:
                    self._odd(partition, message, place)
            elif place == _place(wanted):
                partition.reader.pop()
                partition.waiting.popleft()
                partition.seen = place
                self._compare(partition, message, wanted)
            else:
                self._miss(partition, partition.waiting.popleft())

    def _late(self, partition: _Partition) -> Message | None:
        """Wait for a message that the control record says is there."""
        spoken = self._sista.get(partition.number, START)
        if partition.seen >= spoken:
            return None
        if self._deadline is None:
            self._deadline = time.monotonic() + PATIENCE
        message = partition.reader.wait(self._deadline)
        if message is None:
            # It is missed; nothing more is waited for in this partition.
            self._sista[partition.number] = START
        return message

    def _miss_all(self, partition: _Partition) -> None:
        while partition.waiting:
            self._miss(partition, partition.waiting.popleft())

    def _miss(self, partition: _Partition, wanted: Message) -> None:
        place = _place(wanted)
        if place.pos > self._published:
            self._unpublished += 1
        else:
            self._fault(self._where(partition, place), "meddelandet saknas")

    def _surplus(self, partition: _Partition, message: Message) -> None:
        """A message after everything that the event table has."""
        place = self._placed(partition, message)
        if place is not None:
            self._odd(partition, message, place)

    def _placed(self, partition: _Partition, message: Message) -> Place | None:
        """The message's place in the stream's epok; ``None``, and told, when it has none."""
        try:
            envelope = parse(message)
        except Unreadable as fault:
            self._fault(_offset(message), f"går inte att läsa: {fault}")
            return None
        if envelope.epok == self._stream.epok:
            return envelope.place
        if envelope.epok > self._stream.epok:
            self._fault(
                _offset(message),
                f"är av epok {envelope.epok}, strömmen är på {self._stream.epok}",
            )
        else:
            self._earlier(partition, envelope)
        return None

    def _earlier(self, partition: _Partition, envelope: Envelope) -> None:
        """A message of an epok that is left: only its chain can be judged."""
        epok, before = partition.earlier or (envelope.epok, START)
        if envelope.epok > epok:
            before = START
        where = f"{_at(partition, self._stream.topic)} {envelope.epok}:{envelope.place}"
        if envelope.epok < epok:
            self._fault(where, f"kommer efter meddelanden av epok {epok}")
            return
        if envelope.place <= before:
            return
        if envelope.fore != before:
            self._fault(where, f"säger sig följa {envelope.fore}, men före det ligger {before}")
        partition.earlier = (envelope.epok, envelope.place)
        self._found.saw("topic", self._stream.service, "meddelanden av tidigare epok")

    def _odd(self, partition: _Partition, message: Message, place: Place) -> None:
        """A message that is not the next one: a repeat, or one that no event has given."""
        if place.pos in self._expected.unknown:
            partition.seen = max(partition.seen, place)
            return
        wanted = next((one for one in self._messages_at(place.pos) if _place(one) == place), None)
        if wanted is None:
            text = "ligger i ämnet, men ingen händelse har gett det"
            self._fault(self._where(partition, place), text)
        elif wanted.partition != partition.number:
            text = f"ligger i fel partition, hör hemma i {wanted.partition}"
            self._fault(self._where(partition, place), text)
        elif place > partition.seen:
            self._fault(self._where(partition, place), "ligger före meddelanden som ska stå före")
        else:
            self._found.saw("topic", self._stream.service, "upprepade")
            told = _differences(message, wanted, apart=frozenset({"fore"}))
            if told:
                self._fault(self._where(partition, place), f"är upprepat men ändrat: {told}")

    def _compare(self, partition: _Partition, message: Message, wanted: Message) -> None:
        self._found.saw("topic", self._stream.service, "meddelanden")
        apart = frozenset({"fore"}) if self._follows_unknown(message) else frozenset[str]()
        told = _differences(message, wanted, apart)
        if told:
            place = _place(wanted)
            self._fault(self._where(partition, place), f"är inte det händelsen ger: {told}")

    def _follows_unknown(self, message: Message) -> bool:
        return bool(self._expected.unknown) and parse(message).fore.pos in self._expected.unknown

    def _where(self, partition: _Partition, place: Place) -> str:
        return f"{_at(partition, self._stream.topic)} {place}"

    def _fault(self, var: str, text: str) -> None:
        self._found.fault("topic", self._stream.service, var, text)


def _at(partition: _Partition, topic: str) -> str:
    return f"{topic}/{partition.number}"


def _offset(message: Message) -> str:
    return f"{message.topic}/{message.partition} offset {message.offset}"


def _same(message: Message, wanted: Message) -> bool:
    return (
        message.value == wanted.value
        and message.headers == wanted.headers
        and message.key == wanted.key
    )


def _place(message: Message) -> Place:
    return place_in(dict(message.headers))


def _differences(message: Message, wanted: Message, apart: frozenset[str]) -> str:
    """What differs, in Swedish; the values of headers only, which hold no personal data."""
    told: list[str] = []
    if message.key != wanted.key:
        told.append("nyckeln")
    if message.value != wanted.value:
        told.append("innehållet")
    has, ought = dict(message.headers), dict(wanted.headers)
    for name in sorted((has.keys() | ought.keys()) - apart):
        if has.get(name) != ought.get(name):
            told.append(
                f"huvudet {name} är {_text(has.get(name))}, ska vara {_text(ought.get(name))}"
            )
    if not told and not apart and message.headers != wanted.headers:
        told.append("huvudenas ordning eller antal")
    return "; ".join(told)


def _text(value: bytes | None) -> str:
    return "inget" if value is None else value.decode("utf-8", "replace")[:80]
