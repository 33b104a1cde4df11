"""A source that shuffles keys: what one stream tells in order comes out of order between keys.

A broker promises order within a partition and nothing more. So each partition here goes its own
pace: one message after the other, but whose turn it is follows from chance, and some wait until
all the others are through.
"""

import contextlib
import random
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import replace

from services.chassis.streams.control import Control
from services.chassis.streams.source import (
    Delivery,
    OpenSource,
    PartitionBatch,
    Reader,
    Source,
)


class BlandadKalla:
    """Holds back the partitions of another source in random order."""

    def __init__(self, inre: Source, slump: random.Random, at_en_gang: int) -> None:
        self.topic = inre.topic
        self.byten = 0
        """How many times a message came before one that its stream has earlier."""
        self._inre = inre
        self._slump = slump
        self._at_en_gang = at_en_gang
        self._vantar: dict[int, deque[PartitionBatch]] = defaultdict(deque)
        self._styr: list[Control] = []
        self._sist_ut = -1

    def owned(self) -> frozenset[int]:
        """As the inner source."""
        return self._inre.owned()

    def pause(self, partition: int) -> None:
        """As the inner source; what is held of the partition is not given either."""
        self._vantar.pop(partition, None)
        self._inre.pause(partition)

    def paused(self) -> frozenset[int]:
        """As the inner source."""
        return self._inre.paused()

    def poll(self, seconds: float) -> Delivery:
        """Some messages of one partition; control records when nothing before them is held."""
        self._hamta(0 if self._vantar else seconds)
        if not self._vantar:
            styr, self._styr = self._styr, []
            return Delivery((), styr)
        # The partition with the lowest number waits longest: it is seldom drawn.
        partition = self._slump.choices(
            sorted(self._vantar), [1 + 20 * n for n in range(len(self._vantar))]
        )[0]
        ko = self._vantar[partition]
        ut = [ko.popleft() for _ in range(min(len(ko), self._slump.randint(1, self._at_en_gang)))]
        if not ko:
            del self._vantar[partition]
        self._rakna(ut)
        return Delivery(ut)

    def _hamta(self, seconds: float) -> None:
        delivery = self._inre.poll(seconds)
        for batch in delivery.batches:
            self._vantar[batch.partition].extend(_ett_och_ett(batch))
        self._styr += delivery.controls

    def _rakna(self, ut: list[PartitionBatch]) -> None:
        self.byten += ut[0].start < self._sist_ut
        self._sist_ut = ut[-1].end


def _ett_och_ett(batch: PartitionBatch) -> Iterator[PartitionBatch]:
    """The same piece of the partition, one message at a time."""
    start = batch.start
    for message in batch.messages:
        assert message.offset is not None
        yield replace(batch, start=start, end=message.offset + 1, messages=[message])
        start = message.offset + 1


def blandad(
    oppna: OpenSource, slump: random.Random, kallor: list[BlandadKalla], at_en_gang: int = 2
) -> OpenSource:
    """The source with its keys shuffled; each opening of it is put in ``kallor``."""

    @contextlib.contextmanager
    def oppnad(reader: Reader) -> Iterator[BlandadKalla]:
        with oppna(reader) as inre:
            kalla = BlandadKalla(inre, slump, at_en_gang)
            kallor.append(kalla)
            yield kalla

    return oppnad
