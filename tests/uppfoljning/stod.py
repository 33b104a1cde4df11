"""The service uppfoljning fed by hand: invented upstream streams through the real inbox.

What a test tells are contract events with the instant at which their service recorded them. They
become messages as every publisher makes them, are applied by the real inbox to a real PostgreSQL
as the stream process's role, and folded by the real worker. The answers are asked for as the API's
role, in the name of one kommun.

Each test that shares a database with others takes a kommun of its own (:func:`ny_kommun`), so that
a report that saw another kommun's rows would be found out.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from uuid import UUID, uuid4, uuid5

import psycopg

from contracts.handelse import Kontraktshandelse
from dygn.inbyggd.databaser import Databas
from services.chassis.context import Rackvidd
from services.chassis.store.reader import Reader, Rows
from services.chassis.streams.control import Control
from services.chassis.streams.folding import FoldingWorker
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.mapping import Recorded, Stream, encode_batch, offset_of
from services.chassis.streams.message import START, Last, Message, Place
from services.chassis.streams.source import PartitionBatch
from services.uppfoljning.streams.incoming import UPSTREAM, VIEW_VERSION, Uppfoljningsvikning
from services.uppfoljning.views.rafakta import REGISTER
from services.uppfoljning.views.underlag import KONSUMENT, KandPer, Underlag, las_underlag

T = TypeVar("T")
P = ParamSpec("P")

_kommuner = count(1)


def ny_kommun() -> str:
    """A kommunkod that no other test of the session has."""
    return f"{next(_kommuner):04d}"


class Handelse(NamedTuple):
    """A contract event and the instant at which its service recorded it."""

    nar: datetime
    handelse: Kontraktshandelse


@dataclass
class _Strom:
    """One upstream stream as published so far."""

    stream: Stream
    pos: int
    sista: Last

    def koda(self, kommunkod: str, handelser: Sequence[Handelse]) -> list[Message]:
        recorded = [
            Recorded(pos, nar, kommunkod, [handelse])
            for pos, (nar, handelse) in enumerate(handelser, self.pos + 1)
        ]
        self.pos += len(handelser)
        messages, self.sista = encode_batch(self.stream, recorded, _sig_sjalva, self.sista)
        return messages


def _sig_sjalva(handelser: Any) -> Sequence[Any]:
    """The mapping of the invented streams: what is recorded are the contract events."""
    found: Sequence[Any] = handelser
    return found


class Flode:
    """Two upstream streams and the service's inbox and folding, one step at a time."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        *,
        partitioner: int = 2,
        vikning: Uppfoljningsvikning | None = None,
        version: int = VIEW_VERSION,
    ) -> None:
        self.connection = connection
        self._vikning = vikning or Uppfoljningsvikning()
        self._inkorg = Inbox(KONSUMENT, REGISTER, self._vikning, view_version=version)
        self._strommar = {
            tjanst: _Strom(Stream(tjanst, uuid4(), 1, partitioner), 0, {}) for tjanst in UPSTREAM
        }

    def bredvid(self, connection: psycopg.Connection[Any], version: int) -> "Flode":
        """The same streams into another build of the views, which the connection sees."""
        andra = Flode(connection, vikning=self._vikning, version=version)
        andra._strommar = self._strommar
        return andra

    def koda(self, kommunkod: str, handelser: Iterable[Handelse]) -> list[Message]:
        """The messages of the events: within each stream in this order."""
        per_strom: dict[str, list[Handelse]] = defaultdict(list)
        for handelse in handelser:
            per_strom[handelse.handelse.tjanst].append(handelse)
        return [
            message
            for tjanst, egna in per_strom.items()
            for message in self._strommar[tjanst].koda(kommunkod, egna)
        ]

    def ta(self, meddelanden: Iterable[Message]) -> None:
        """Apply messages that follow on what has been applied, each partition as one batch."""
        for batch in buntar(meddelanden):
            applied = self._inkorg.apply(self.connection, batch)
            assert applied.outcome == "tillampad", applied

    def vik(self) -> int:
        """Fold until nothing is dirty; how many subjects were folded."""
        vikta = FoldingWorker(self._vikning, _ingen_anslutning).fold_waiting(self.connection)
        kvar = self.connection.execute("SELECT slag, amne, fel FROM smutsig").fetchall()
        assert kvar == []
        return vikta

    def hande(self, kommunkod: str, handelser: Iterable[Handelse]) -> None:
        """The events arrive and are folded."""
        self.ta(self.koda(kommunkod, handelser))
        self.vik()

    def skot(self) -> None:
        """The partitions' owner carries out what people have decided about messages put aside."""
        for tjanst, strom in self._strommar.items():
            topic = f"dygn.{tjanst}.v1"
            self._inkorg.tend(self.connection, topic, range(strom.stream.partitions))

    def styr(self, nar: datetime, *tjanster: str) -> None:
        """The streams (all of them unless named) say that they are told up to ``nar``."""
        for tjanst in tjanster or UPSTREAM:
            strom = self._strommar[tjanst]
            control = Control(
                installation=strom.stream.installation,
                epok=strom.stream.epok,
                pos=strom.pos,
                registrerad=nar,
                kedja=b"",
                sista=dict(strom.sista),
            )
            assert not self._inkorg.reach(self.connection, strom.stream.topic, [control])


def buntar(meddelanden: Iterable[Message]) -> list[PartitionBatch]:
    """The messages as the embedded source hands them over: one batch a partition."""
    per_partition: dict[tuple[str, int], list[Message]] = defaultdict(list)
    for message in meddelanden:
        per_partition[message.topic, message.partition].append(message)
    return [_bunt(topic, partition, egna) for (topic, partition), egna in per_partition.items()]


def _bunt(topic: str, partition: int, meddelanden: Sequence[Message]) -> PartitionBatch:
    lagda = [replace(m, offset=offset_of(1, _plats(m))) for m in meddelanden]
    sista, fore = lagda[-1].offset, _place(dict(lagda[0].headers)["fore"])
    assert sista is not None
    return PartitionBatch(
        topic=topic,
        topic_id="påhittad",
        partition=partition,
        start=0 if fore == START else offset_of(1, fore) + 1,
        end=sista + 1,
        messages=lagda,
    )


def _plats(message: Message) -> Place:
    huvuden = dict(message.headers)
    return Place(int(huvuden["pos"]), int(huvuden["index"]))


def _place(raw: bytes) -> Place:
    pos, index = raw.decode().split(".")
    return Place(int(pos), int(index))


def _ingen_anslutning() -> psycopg.Connection[Any]:
    raise AssertionError("the worker is given its connection")


class Fragor:
    """Asks the views as the API does: its role, one kommun, one snapshot."""

    def __init__(
        self,
        databas: Databas,
        arbetsenheter: frozenset[str] | None = None,
        views: str | None = None,
    ) -> None:
        self._arbetsenheter = arbetsenheter
        self._loop = asyncio.Runner()
        self._reader = Reader(databas.api.conninfo(), connections=1, views=views)
        self._loop.run(self._reader.open())

    def __call__(
        self,
        kommunkod: str,
        kand_per: KandPer,
        fraga: Callable[Concatenate[Rows, Underlag, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What ``fraga`` answers, given a connection, what the answer rests on, and the rest."""

        async def las() -> T:
            async with self._reader.reading(Rackvidd(kommunkod, self._arbetsenheter)) as connection:
                underlag = await las_underlag(connection, kommunkod, kand_per)
                return await fraga(connection, underlag, *args, **kwargs)

        return self._loop.run(las())

    def underlag(self, kommunkod: str, kand_per: KandPer) -> Underlag:
        """What an answer would rest on."""

        async def bara(_: Rows, underlag: Underlag) -> Underlag:
            return underlag

        return self(kommunkod, kand_per, bara)

    def stang(self) -> None:
        """Give the connection back."""
        self._loop.run(self._reader.close())
        self._loop.close()


HARLEDDA = (
    "vistelseintervall",
    "vardygnsintervall",
    "kostnadsintervall",
    "evbintervall",
    "leverantorsuppgift",
)
"""The tables of derived rows."""


def harledda(connection: psycopg.Connection[Any], kommunkod: str) -> dict[str, list[str]]:
    """Every derived row of the kommun as text, sorted, by table."""
    return {
        tabell: [
            rad
            for (rad,) in connection.execute(
                f"SELECT r::text FROM {tabell} AS r WHERE kommunkod = %s"
                ' ORDER BY r::text COLLATE "C"'.encode(),
                (kommunkod,),
            )
        ]
        for tabell in HARLEDDA
    }


TABELLER = (*HARLEDDA, "rafakta", "rafakta_amne", "smutsig", "inkorg", "styrpost", "karantan")


def tom(databas: Databas) -> None:
    """As newly migrated: a fraction of the time that a new database takes."""
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as connection:
        # The tables are nearly empty: TRUNCATE, which makes new files, takes ten times as long.
        connection.execute("; ".join(f"DELETE FROM {tabell}" for tabell in TABELLER).encode())


def id_for(namn: str) -> UUID:
    """An id that is the same for the same name."""
    return uuid5(UUID("0d2a7c1e-6b64-4f0e-9f39-5f2c6f0f5d10"), namn)
