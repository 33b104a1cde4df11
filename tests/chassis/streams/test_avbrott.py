"""kill -9 of relay, inbox and folding at random points, and a broker that dies: nothing is lost,
nothing counts twice, and the view equals that of embedded mode.
"""

import logging
import queue
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dygn.inbyggd.kafka import Kafka as Kafkaprocess
from services.chassis.streams.kafka_client import Kafka
from tests.chassis.streams.provdatabas import Lager
from tests.chassis.streams.provkontrakt import Egen, pris, sak
from tests.chassis.streams.provlasning import Lasning
from tests.chassis.streams.provprocess import (
    del_av,
    igang,
    kluster,
    las_amne,
    mottagarprocess,
    plats,
    ur_kafka,
    utgivarprocess,
)
from tests.stod.servrar import Kafkaserver
from tests.stod.vanta import eventually

ANTAL_AVBROTT = 20
"""Kills of each part."""


@dataclass
class _Flode:
    """Events that go on being saved until told to stop."""

    lager: Lager
    slump: random.Random

    def __post_init__(self) -> None:
        self.ting = [UUID(int=self.slump.getrandbits(128)) for _ in range(15)]
        self.avtal = [UUID(int=self.slump.getrandbits(128)) for _ in range(4)]
        self._klart = threading.Event()
        self._trad = threading.Thread(target=self._kor)

    def _handelse(self) -> Egen:
        if self.slump.random() < 0.2:
            return pris(self.slump.choice(self.avtal), self.slump.randrange(1, 100))
        ting = self.slump.randrange(15)
        return sak(sak=self.ting[ting], avtal=self.avtal[ting % 4])

    def _kor(self) -> None:
        while not self._klart.wait(0.02):
            self.lager.spara(*(self._handelse() for _ in range(self.slump.randrange(1, 4))))

    def __enter__(self) -> "_Flode":
        self._trad.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._klart.set()
        self._trad.join(20)


class _Dodad:
    """One part in a process of its own, killed and started again from a thread of its own."""

    def __init__(self, argument: list[str], slump: random.Random) -> None:
        self._slump = slump
        self._fel: queue.Queue[BaseException] = queue.Queue()
        self._vard = subprocess.Popen(
            [sys.executable, "-m", "tests.chassis.streams.provbarn", *argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        self._rader: queue.Queue[str] = queue.Queue()
        self._lasare = threading.Thread(target=self._las)
        self._lasare.start()
        self._trad = threading.Thread(target=self._kor)

    def start(self) -> None:
        self._trad.start()

    def vanta(self) -> None:
        self._trad.join(200)
        assert not self._trad.is_alive()
        assert self._fel.empty(), self._fel.get()

    def stoppa(self) -> None:
        """The host kills its child when its input ends."""
        self._trad.join(200)
        assert self._vard.stdin is not None
        self._vard.stdin.close()
        self._vard.wait(30)
        self._lasare.join(30)
        assert self._vard.stdout is not None
        self._vard.stdout.close()

    def _kor(self) -> None:
        """Half of the kills fall while the part works, half anywhere from its first moment."""
        try:
            for _ in range(ANTAL_AVBROTT):
                self._sag("starta")
                if self._slump.random() < 0.5:
                    self._vanta_pa("igång")
                    self._sov(0.4)
                else:
                    self._sov(2.0)
                self._sag("döda")
                self._vanta_pa("död")
            self._sag("starta")
        except BaseException as fel:
            self._fel.put(fel)

    def _sov(self, hogst: float) -> None:
        threading.Event().wait(self._slump.uniform(0, hogst))

    def _las(self) -> None:
        assert self._vard.stdout is not None
        for rad in self._vard.stdout:
            self._rader.put(rad.strip())

    def _sag(self, kommando: str) -> None:
        assert self._vard.stdin is not None
        self._vard.stdin.write(f"{kommando}\n")
        self._vard.stdin.flush()

    def _vanta_pa(self, rad: str) -> None:
        while self._rader.get(timeout=60) != rad:
            pass


def test_kill_9_av_rela_inkorg_och_vikning_medan_handelser_flodar(
    lasning: Lasning,
    lager: Lager,
    mottagare: Lager,
    tjanst: str,
    kafka_server: Kafkaserver,
    slump: random.Random,
) -> None:
    kafka = kluster(kafka_server)
    delar = [
        _Dodad(
            [slag, tjanst, databas.databas.strom.conninfo(), kafka_server.bootstrap],
            random.Random(slump.random()),
        )
        for slag, databas in (("rela", lager), ("inkorg", mottagare), ("vikning", mottagare))
    ]
    try:
        with _Flode(lager, slump):
            for del_ in delar:
                del_.start()
            for del_ in delar:
                del_.vanta()
        [(pos,)] = lager.fraga("SELECT pos FROM strom")
        eventually(lambda: mottagare.fraga("SELECT pos FROM styrpost") == [(pos,)], 60)
        eventually(lambda: mottagare.fraga("SELECT count(*) FROM smutsig") == [(0,)], 60)
    finally:
        for del_ in delar:
            del_.stoppa()
    assert [plats(m) for m in las_amne(kafka, tjanst)] == [(n, 0) for n in range(1, pos + 1)]
    assert lasning.rafakta() == [(n, 0) for n in range(1, pos + 1)]
    assert lasning.lagen() == {}
    genom_kafka = mottagare.fraga("SELECT * FROM sakrad ORDER BY sak")
    assert genom_kafka == _vikt_om_fran_borjan(lasning)


def _vikt_om_fran_borjan(lasning: Lasning) -> list[tuple[object, ...]]:
    """The view as embedded mode makes it from an empty database of the same store."""
    lasning.mottagare.gor("TRUNCATE inkorg, styrpost, rafakta, rafakta_amne, smutsig, sakrad")
    lasning.allt()
    return lasning.mottagare.fraga("SELECT * FROM sakrad ORDER BY sak")


def test_nar_maklaren_dor_vantar_allt_och_gar_sedan_vidare(
    lager: Lager,
    mottagare: Lager,
    tjanst: str,
    egen_kafka: Callable[[], Kafkaprocess],
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Caught log records would keep the client's dead sockets until after the last test.
    caplog.set_level(logging.CRITICAL + 1, logger="kafka")
    broker = egen_kafka()
    kafka = Kafka(broker.bootstrap)
    ting = uuid4()
    utgivning = utgivarprocess(lager, tjanst, kafka)
    mottagning = mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst))

    def framme(antal: int) -> bool:
        return mottagare.fraga("SELECT fakta FROM sakrad") == [(antal,)]

    with igang(utgivning, mottagning):
        lager.spara(sak(sak=ting))
        eventually(lambda: framme(1), 60)
        broker.stop()
        for _ in range(20):
            lager.spara(sak(sak=ting))
        for process in (utgivning, mottagning):
            eventually(lambda: not process.health().ready, 60, "ingen märker något")  # noqa: B023
        broker.start(port=broker.port)
        eventually(
            lambda: framme(21),
            120,
            lambda: f"{utgivning.health()} {mottagning.health()}",
        )
        eventually(lambda: del_av(utgivning, "relä").lage == "igang", 30)
    assert [plats(m) for m in las_amne(kafka, tjanst)] == [(n, 0) for n in range(1, 22)]
