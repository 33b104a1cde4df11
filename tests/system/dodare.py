"""Starts parts in processes of their own and kills them (kill -9) at random instants."""

import os
import queue
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.system.delprocess import SLAGEN, Slag, Var

_ROT = Path(__file__).parents[2]
_TALAMOD = 240.0


@dataclass
class Del:
    """A part of the stream process: one life at a time."""

    slag: Slag
    slump: random.Random
    fodelse: IO[str]
    """Where a birth is asked for."""
    rader: "queue.Queue[str]" = field(default_factory=queue.Queue)
    dodade: int = 0
    """How many lives have been taken."""
    i_arbete: int = 0
    """How many of those that followed had begun to work."""
    pid: int = 0

    def starta(self) -> None:
        """Begin a life."""
        self.fodelse.write(f"{self.slag}\n")
        self.fodelse.flush()
        self.pid = int(self._vanta_pa("pid ").split()[1])

    def vanta_pa_arbete(self) -> None:
        """Until the part works."""
        self._vanta_pa("igång")

    def _vanta_pa(self, borjan: str) -> str:
        while True:
            try:
                rad = self.rader.get(timeout=_TALAMOD)
            except queue.Empty:
                raise AssertionError(f"{self.slag}: ingen rad {borjan!r}") from None
            if rad.startswith(borjan):
                return rad

    def doda(self) -> None:
        """kill -9, wherever it is in its work."""
        os.kill(self.pid, signal.SIGKILL)
        self.dodade += 1

    def do_och_lev(self, ganger: int, langst: float) -> None:
        """Killed so many times, up to ``langst`` seconds into its work or before it has begun."""
        for _ in range(ganger):
            threading.Event().wait(self.slump.uniform(0, langst))
            self.doda()
            self.starta()
            if self.slump.random() < 0.75:
                self.vanta_pa_arbete()
                self.i_arbete += 1


@contextmanager
def oppnade(var: Var, slump: random.Random) -> Iterator[Sequence[Del]]:
    """Every part, not yet begun; ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.system.delprocess", var.som_json()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        cwd=_ROT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    delar = {slag: Del(slag, random.Random(slump.random()), process.stdin) for slag in SLAGEN}
    lasare = threading.Thread(target=_dela_ut, args=(process.stdout, delar))
    lasare.start()
    try:
        yield list(delar.values())
    finally:
        process.stdin.close()
        process.wait(60)
        lasare.join(60)
        process.stdout.close()


def _dela_ut(rader: IO[str], delar: dict[Slag, Del]) -> None:
    """Each line to the part that it is about."""
    for rad in rader:
        slag, _, resten = rad.strip().partition(" ")
        for del_ in delar.values():
            if del_.slag == slag:
                del_.rader.put(resten)


def starta_alla(delar: Sequence[Del]) -> None:
    """Begin every part, and wait until each works."""
    for del_ in delar:
        del_.starta()
    for del_ in delar:
        del_.vanta_pa_arbete()


def doda_samtidigt(delar: Sequence[Del], ganger: int, langst: float) -> None:
    """Each part ``ganger`` times, all at once; the parts live on afterwards."""
    fel: list[BaseException] = []

    def kor(del_: Del) -> None:
        try:
            del_.do_och_lev(ganger, langst)
        except BaseException as ett:
            fel.append(ett)

    tradar = [threading.Thread(target=kor, args=(del_,)) for del_ in delar]
    for trad in tradar:
        trad.start()
    for trad in tradar:
        trad.join()
    assert not fel, fel
