"""A service of nothing but one kind of thing, to try the store without any field of work."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from dygn.inbyggd.databaser import Databas
from services.chassis.aggregate import Aggregat, Handelse, Skapelse
from services.chassis.context import Sammanhang
from services.chassis.store.application import ServiceApplication
from services.chassis.store.decision import Answer, Done
from services.chassis.store.recorder import Recorder
from services.chassis.store.writer import Command, Writer
from tests.stod.tjanst import KOMMUN

TID = 20.0
"""Seconds that an answer may take before the test gives up."""


class SakBorjad(Skapelse):
    TOPIC = "prov.SakBorjad"

    varde: int
    text: str

    def apply(self, aggregate: "Sak") -> None:
        aggregate.varde = self.varde


class SakAndrad(Handelse):
    TOPIC = "prov.SakAndrad"

    varde: int

    def apply(self, aggregate: "Sak") -> None:
        aggregate.varde = self.varde


class Sak(Aggregat):
    TOPIC = "prov.Sak"

    varde: int

    def __init__(self) -> None:
        """State comes from the events."""


class Provapplikation(ServiceApplication):
    """Begin a thing, change a thing."""

    name = "prov"

    def borja(self, sammanhang: Sammanhang, id: UUID, *, varde: int = 0, text: str = "") -> Done:
        sak = Sak.begin(SakBorjad, id, sammanhang, varde=varde, text=text)
        self.save(sak)
        return Done(id, sak.version, 201)

    def andra(self, sammanhang: Sammanhang, id: UUID, *, varde: int, ganger: int = 1) -> Done:
        sak = self.load(Sak, id)
        for _ in range(ganger):
            sak.record(SakAndrad, sammanhang, varde=varde)
        self.save(sak)
        return Done(id, sak.version)


def sammanhang(kommunkod: str = KOMMUN) -> Sammanhang:
    return Sammanhang(kommunkod, "prov-anvandare", "prov-korrelation")


Beslut = Callable[[Provapplikation], Done]


class Skrivare:
    """A writer as one process has it, and a short way to send it commands."""

    def __init__(self, databas: Databas, **andra: Any) -> None:
        self.databas = databas
        self.recorder = Recorder(databas.api.conninfo())
        self.writer = Writer(
            Provapplikation(self.recorder, event_max_bytes=andra.pop("event_max_bytes", 131_072)),
            self.recorder,
            **andra,
        )

    def sand(
        self,
        beslut: Beslut,
        *,
        nyckel: str | None = None,
        kropp: bytes = b"",
        lasning: tuple[UUID, int] | None = None,
        kommunkod: str = KOMMUN,
    ) -> Command:
        """Put the command in the queue and go on."""
        command = Command(sammanhang(kommunkod), beslut, nyckel, kropp, lasning)
        self.writer.submit(command)
        return command

    def kor(self, beslut: Beslut, **andra: Any) -> Answer:
        """The command's answer."""
        return self.sand(beslut, **andra).future.result(TID)

    def borja(self, id: UUID, *, kommunkod: str = KOMMUN, **andra: Any) -> Answer:
        varde = andra.pop("varde", 0)
        return self.kor(
            lambda app: app.borja(sammanhang(kommunkod), id, varde=varde),
            kommunkod=kommunkod,
            **andra,
        )

    def andra(self, id: UUID, varde: int, **andra: Any) -> Answer:
        return self.kor(lambda app: app.andra(sammanhang(), id, varde=varde), **andra)

    @contextmanager
    def upptagen(self) -> Iterator[None]:
        """What is sent inside waits, so that it is taken as one group afterwards."""
        borjat, fri = threading.Event(), threading.Event()

        def vanta(_: Provapplikation) -> Done:
            borjat.set()
            assert fri.wait(TID)
            return Done(None, None)

        plugg = self.sand(vanta)
        assert borjat.wait(TID)
        try:
            yield
        finally:
            fri.set()
        plugg.future.result(TID)


@contextmanager
def skrivare(databas: Databas, **andra: Any) -> Iterator[Skrivare]:
    """A running writer."""
    ny = Skrivare(databas, **andra)
    ny.writer.start()
    try:
        yield ny
    finally:
        ny.writer.stop()
