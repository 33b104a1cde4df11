"""What lies in the topics, read as an outside consumer does that sees committed messages only.

A message that stands there again, byte for byte the same, is counted apart (``omtag``): it happens
when the broker is stopped while a transaction is being committed (KAFKA-20734: Kafka 4.3 calls it
complete before its markers are written, the relay finds no position and says it again, and the next
commit makes both visible). Whoever reads skips it by its place.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition

from services.chassis.streams.kafka_client import Kafka, event_consumer
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.message import START, Message, Place, parse
from tests.stod.vanta import eventually
from tests.system.handelser import Plats
from tests.system.utgivare import UTGIVARE

_TALAMOD = 60.0


class Last(NamedTuple):
    """A message as read."""

    epok: int
    place: Place
    fore: Place
    nyckel: str


class Amnen:
    """Reads both topics from their first message, and on from where it was at the next look."""

    def __init__(self, bootstrap: str) -> None:
        self._kafka = Kafka(bootstrap)
        self._consumer: KafkaConsumer | None = None
        self.lasta: dict[tuple[str, int], list[Last]] = {}
        """By topic and partition, in order, without what was said again."""
        self.omtag = 0
        """How many messages say again what has been said."""
        self._sagt: dict[tuple[str, int, Place], Message] = {}
        self._andrade: list[str] = []

    def borja_om(self) -> None:
        """Read everything anew at the next look: the topics have been made anew or grown."""
        if self._consumer is not None:
            self._consumer.close()
        self._consumer, self.lasta = None, {}
        self._sagt, self._andrade, self.omtag = {}, [], 0

    def las_ifatt(self) -> None:
        """Read all that is committed now."""
        if self._consumer is None:
            self._consumer = self._oppna()
        consumer = self._consumer
        slut = consumer.end_offsets(sorted(consumer.assignment()))

        def framme() -> bool:
            for poster in consumer.poll(timeout_ms=50).values():
                for post in poster:
                    self.ta(_meddelande(post))
            return all(consumer.position(del_) >= till for del_, till in slut.items())

        eventually(framme, _TALAMOD, "ämnenas slut nåddes aldrig", paus=0)

    def _oppna(self) -> KafkaConsumer:
        consumer = event_consumer(self._kafka, None)
        delar = [
            TopicPartition(event_topic(namn), nummer)
            for namn in sorted(UTGIVARE)
            for nummer in sorted(
                eventually(
                    lambda namn=namn: consumer.partitions_for_topic(event_topic(namn)),  # type: ignore[misc]
                    _TALAMOD,
                    f"ämnet {namn} finns inte",
                )
            )
        ]
        consumer.assign(delar)
        for del_ in delar:
            consumer.seek(del_, 0)
            self.lasta[del_.topic, del_.partition] = []
        return consumer

    def ta(self, meddelande: Message) -> None:
        """The next message of its partition."""
        kuvert = parse(meddelande)
        var = meddelande.topic, kuvert.epok, kuvert.place
        sagt = self._sagt.setdefault(var, meddelande)
        if sagt is not meddelande:
            self.omtag += 1
            if replace(meddelande, offset=sagt.offset) != sagt:
                self._andrade.append(f"{var} sägs igen som något annat")
            return
        self.lasta.setdefault((meddelande.topic, meddelande.partition), []).append(
            Last(kuvert.epok, kuvert.place, kuvert.fore, kuvert.nyckel)
        )

    def platser(self, epoker: dict[str, int]) -> list[Plats]:
        """The places of every message of these epoker (by topic), each as often as it is there."""
        return sorted(
            (topic, en.place.pos, en.place.number)
            for (topic, _), lasta in self.lasta.items()
            for en in lasta
            if en.epok == epoker[topic]
        )

    def brott(self) -> list[str]:
        """Where a partition's chain of ``fore`` is broken, keys with two partitions, and places
        with two messages."""
        return [*self._andrade, *self._luckor(), *self._flyttade()]

    def _luckor(self) -> Iterable[str]:
        for (topic, nummer), lasta in self.lasta.items():
            sist: dict[int, Place] = defaultdict(lambda: START)
            for en in lasta:
                if en.fore != sist[en.epok]:
                    yield (
                        f"{topic}/{nummer}: {en.place} i epok {en.epok} säger sig följa {en.fore},"
                        f" före ligger {sist[en.epok]}"
                    )
                sist[en.epok] = en.place

    def _flyttade(self) -> Iterable[str]:
        var: dict[tuple[str, str], int] = {}
        for (topic, nummer), lasta in self.lasta.items():
            for en in lasta:
                if var.setdefault((topic, en.nyckel), nummer) != nummer:
                    forst = var[topic, en.nyckel]
                    yield f"{topic}: {en.nyckel} ligger i partition {forst} och {nummer}"


def _meddelande(post: Any) -> Message:
    return Message(
        post.topic, post.partition, post.offset, post.key, post.value, tuple(post.headers)
    )
