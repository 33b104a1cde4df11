"""Starts parts in processes of their own and kills them (kill -9) at random instants."""

import os
import queue
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.delprocess import Uppdrag
from tests.system.installation import TALAMOD

_ROT = Path(__file__).parents[2]


@dataclass
class Del:
    """A part of the stream process: one life at a time."""

    uppdrag: Uppdrag
    slump: random.Random
    dodade: int = 0
    """How many lives have been taken."""
    i_arbete: int = 0
    """How many of them had begun to work."""
    _rader: "queue.Queue[str]" = field(default_factory=queue.Queue)
    _process: "subprocess.Popen[str] | None" = None
    _pid: int = 0

    def oppna(self) -> None:
        """Start the process that gives birth."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.delprocess", self.uppdrag.som_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=_ROT,
        )
        threading.Thread(target=self._las, args=(self._process,), daemon=True).start()

    def _las(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for rad in process.stdout:
            self._rader.put(rad.strip())

    def starta(self) -> None:
        """Begin a life."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write("starta\n")
        self._process.stdin.flush()
        self._pid = int(self._vanta_pa("pid ").split()[1])

    def vanta_pa_arbete(self) -> None:
        """Until the part works."""
        self._vanta_pa("igång")

    def _vanta_pa(self, borjan: str) -> str:
        while True:
            try:
                rad = self._rader.get(timeout=TALAMOD)
            except queue.Empty:
                raise AssertionError(f"{self.uppdrag.slag}: ingen rad {borjan!r}") from None
            if rad.startswith(borjan):
                return rad

    def doda(self) -> None:
        """kill -9, wherever it is in its work."""
        os.kill(self._pid, signal.SIGKILL)
        self.dodade += 1

    def lev_och_do(self, ganger: int, langst: float) -> None:
        """So many lives: most killed up to ``langst`` seconds into their work, some before it."""
        for _ in range(ganger):
            self.starta()
            if self.slump.random() < 0.75:
                self.vanta_pa_arbete()
                self.i_arbete += 1
            threading.Event().wait(self.slump.uniform(0, langst))
            self.doda()
            while not self._rader.empty():  # a life that was killed in its first words
                self._rader.get()
        self.starta()

    def stang(self) -> None:
        """End the process and the life that goes on."""
        if self._process is not None:
            self._process.communicate(timeout=30)


@contextmanager
def oppnade(*delar: Del) -> Iterator[None]:
    """The parts' processes, ended afterwards."""
    try:
        for del_ in delar:
            del_.oppna()
        yield
    finally:
        for del_ in delar:
            del_.stang()


def doda_samtidigt(delar: tuple[Del, ...], ganger: int, langst: float) -> None:
    """Each part ``ganger`` times, all at once; the parts live on afterwards."""
    fel: list[BaseException] = []

    def kor(del_: Del) -> None:
        try:
            del_.lev_och_do(ganger, langst)
        except BaseException as ett:
            fel.append(ett)

    tradar = [threading.Thread(target=kor, args=(del_,)) for del_ in delar]
    for trad in tradar:
        trad.start()
    for trad in tradar:
        trad.join()
    assert not fel, fel
