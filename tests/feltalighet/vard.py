"""Starts parts in processes of their own, and kills, freezes and arms them by name."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.feltalighet.barn import Fodelse, Var
from tests.feltalighet.punkter import Handling, Punkt
from tests.stod.vanta import eventually

_ROT = Path(__file__).parents[2]
TALAMOD = 120.0
"""Seconds that a step may take: the machine may have much else to do."""


@dataclass
class Liv:
    """One life of a part, as told by itself and by the process that gave birth to it."""

    fodelse: Fodelse
    _order: Callable[[dict[str, Any]], None]
    pid: int = 0
    igang: bool = False
    """It has begun to work."""
    passerad: bool = False
    """It has come to its point."""
    dod: int | None = None
    """How it ended: minus the signal's number, or its exit code."""
    fel: str | None = None
    lagen: dict[str, list[str]] = field(default_factory=dict)
    """What each of its parts says of itself: state and text."""
    sagt: set[tuple[str, str]] = field(default_factory=set)
    """Every (state, text) that any part has said."""
    satta: int = 0
    """How many points have been set in it."""

    def tar_emot(self, sagt: dict[str, Any]) -> None:
        """Something was said of it."""
        if "pid" in sagt and "dod" not in sagt:
            self.pid = sagt["pid"]
        if "satt" in sagt:
            self.satta += 1
        for namn in ("igang", "dod", "fel", "lagen"):
            if namn in sagt:
                setattr(self, namn, sagt[namn])
        self.sagt |= {(lage, text) for lage, text in sagt.get("lagen", {}).values()}
        self.passerad |= "passerad" in sagt

    @property
    def lever(self) -> bool:
        """Whether it has not ended (it may be frozen)."""
        return self.dod is None

    def vanta(self, pa: Callable[["Liv"], object], vad: str, talamod: float = TALAMOD) -> None:
        """Until it is so."""
        eventually(lambda: pa(self), talamod, lambda: f"{vad}: {self}", paus=0.005)

    def vanta_pa_arbete(self) -> None:
        """Until it works."""
        self.vanta(lambda liv: liv.igang, "började aldrig arbeta")

    def vanta_pa_dod(self, talamod: float = TALAMOD) -> None:
        """Until it has ended."""
        self.vanta(lambda liv: not liv.lever, "dog aldrig", talamod)

    def signalera(self, vilken: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        # Number 0, of one that is not born yet, would mean ourselves and all about us.
        assert self.pid > 0, self
        if self.lever:
            os.kill(self.pid, vilken)

    def doda(self) -> None:
        """kill -9, wherever it is in its work."""
        self.signalera(signal.SIGKILL)
        self.vanta_pa_dod()

    def avsluta(self) -> None:
        """Told to end; waits until it has."""
        self._order({"pid": self.pid, "sluta": True})
        self.vanta_pa_dod()

    def frys(self) -> None:
        """SIGSTOP: it lives, its connections are open, and it does nothing."""
        self.signalera(signal.SIGSTOP)

    def vack(self) -> None:
        """SIGCONT: it goes on where it was, and knows nothing of the time that has passed."""
        self.signalera(signal.SIGCONT)

    def sade(self, lage: str) -> bool:
        """Whether any of its parts has been in this state."""
        return any(namn == lage for namn, _ in self.sagt)

    def satt(self, punkt: Punkt, nummer: int, handling: Handling = "dor") -> None:
        """Let it happen at the place's n:th passing from now."""
        fore = self.satta
        self._order({"pid": self.pid, "punkt": punkt.namn, "nummer": nummer, "handling": handling})
        self.vanta(lambda liv: liv.satta > fore or not liv.lever, "punkten sattes aldrig")


class Vard:
    """The process that gives birth."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[str] = process.stdin
        self._ut: IO[str] = process.stdout
        self._liv: dict[str, Liv] = {}
        self._las = threading.Lock()
        self._lasare = threading.Thread(target=self._las_rader, daemon=True)
        self._lasare.start()

    def fod(self, fodelse: Fodelse) -> Liv:
        """A new life; the one before of that name must have ended."""
        fore = self._liv.get(fodelse.namn)
        if fore is not None:
            fore.vanta_pa_dod()
        liv = self._liv[fodelse.namn] = Liv(fodelse, self._order)
        self._order({"fod": asdict(fodelse)})
        liv.vanta(lambda ett: ett.pid, "föddes aldrig")
        return liv

    def _order(self, order: dict[str, Any]) -> None:
        with self._las:
            self._in.write(json.dumps(order) + "\n")
            self._in.flush()

    def _las_rader(self) -> None:
        for rad in self._ut:
            sagt = json.loads(rad)
            self._liv[sagt["namn"]].tar_emot(sagt)

    def stang(self) -> None:
        """Nobody lives afterwards."""
        for liv in self._liv.values():
            if liv.pid:
                liv.signalera(signal.SIGKILL)
        self._in.close()
        self._lasare.join(TALAMOD)
        self._ut.close()


@contextmanager
def vard(var: Var) -> Iterator[Vard]:
    """The process that gives birth, and nobody born."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.feltalighet.barn", var.som_json()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        cwd=_ROT,
    )
    ny = Vard(process)
    try:
        yield ny
    finally:
        ny.stang()
        process.wait(TALAMOD)
