"""Reading by hand: batches made from a store as the embedded source makes them, to be altered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from services.chassis.streams.control import Control
from services.chassis.streams.event_log import read_strom
from services.chassis.streams.folding import FoldingWorker
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.message import Message
from services.chassis.streams.quarantine import let_pass, list_held, release, throw_away
from services.chassis.streams.set_aside import Identity
from services.chassis.streams.settled import Settled, settled
from services.chassis.streams.source import PartitionBatch
from services.chassis.streams.table_source import TableSource
from tests.chassis.streams.provdatabas import Lager
from tests.chassis.streams.provkontrakt import Provregister, Sakvikning, utgivare

KONSUMENT = "provvy"


def ny_inkorg(vikning: Sakvikning | None = None, *, version: int = 1) -> Inbox:
    return Inbox(KONSUMENT, Provregister(), vikning or Sakvikning(), view_version=version)


@dataclass
class Lasning:
    """A consumer driven step by step: what the process does in threads, one call at a time."""

    tjanst: str
    kalla: Lager
    mottagare: Lager
    connection: psycopg.Connection[Any]
    inkorg: Inbox

    @property
    def topic(self) -> str:
        return event_topic(self.tjanst)

    def bunt(self, batch: int = 1000) -> tuple[list[PartitionBatch], Control]:
        """All that the source has from its beginning, as whole partitions, and the end."""
        with self.kalla.connect() as upstream:
            source = TableSource(utgivare(self.tjanst), upstream, None, batch=10_000)
            delivery = source.poll(0.01)
            strom = read_strom(upstream)
        assert not delivery.controls or delivery.controls[-1].pos == strom.pos
        return list(delivery.batches), delivery.controls[-1]

    def ta(self, batches: Sequence[PartitionBatch]) -> list[str]:
        return [self.inkorg.apply(self.connection, batch).outcome for batch in batches]

    def allt(self) -> None:
        """Take all there is, the control record too, and fold."""
        batches, control = self.bunt()
        assert set(self.ta(batches)) <= {"tillampad"}
        assert not self.inkorg.reach(self.connection, self.topic, [control])
        self.vik()

    def vik(self, vikning: Sakvikning | None = None) -> int:
        return FoldingWorker(vikning or Sakvikning(), self.mottagare.connect).fold_waiting(
            self.connection
        )

    def vard(self) -> frozenset[int]:
        return self.inkorg.tend(self.connection, self.topic, range(4))

    def slapp(self, pos: int | None) -> None:
        release(self.connection, self.identitet(pos), vem="prov", skal="rättat")

    def kasta(self, pos: int | None) -> None:
        throw_away(self.connection, self.identitet(pos), vem="prov", skal="skräp")

    def lat_passera(self, pos: int) -> None:
        let_pass(self.connection, self.identitet(pos), vem="prov", skal="rör inte vyn")

    def identitet(self, pos: int | None) -> Identity:
        """What names the message at ``pos`` that is put aside (None: the unreadable one)."""
        [held] = [
            held for held in list_held(self.connection, KONSUMENT, decided=True) if held.pos == pos
        ]
        return held.identity

    def w(self, kommunkod: str = "1490") -> Settled:
        return settled(self.connection, KONSUMENT, [self.topic], kommunkod)

    def rafakta(self) -> list[tuple[int, int]]:
        return [
            (pos, index)
            for pos, index in self.mottagare.fraga(
                'SELECT pos, "index" FROM rafakta ORDER BY pos, "index"'
            )
        ]

    def lagen(self) -> dict[tuple[int, int], str]:
        """What is put aside: (pos, index) → state."""
        return {
            (pos, index): lage
            for pos, index, lage in self.mottagare.fraga('SELECT pos, "index", lage FROM karantan')
        }


def andra(batches: Sequence[PartitionBatch], pos: int, **andring: Any) -> list[PartitionBatch]:
    """The batches with the message at ``pos`` altered."""

    def ny(message: Message) -> Message:
        return replace(message, **andring) if _pos(message) == pos else message

    return [replace(batch, messages=[ny(m) for m in batch.messages]) for batch in batches]


def utan(batches: Sequence[PartitionBatch], pos: int) -> list[PartitionBatch]:
    """The batches without the message at ``pos``."""
    return [
        replace(batch, messages=[m for m in batch.messages if _pos(m) != pos]) for batch in batches
    ]


def med_huvud(message: Message, namn: str, varde: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple((n, varde if n == namn else v) for n, v in message.headers)


def meddelande(batches: Sequence[PartitionBatch], pos: int) -> Message:
    return next(m for batch in batches for m in batch.messages if _pos(m) == pos)


def _pos(message: Message) -> int:
    return int(dict(message.headers)["pos"])
