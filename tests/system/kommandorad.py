"""The command line as a person runs it: each command a process of its own."""

import csv
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dygn.inbyggd import databaser
from dygn.inbyggd.katalog import Instans, Katalog
from dygn.inbyggd.postgres import Postgres
from tests.stod.vanta import eventually
from tests.system.installation import TALAMOD, antal_handelser

ROT = Path(__file__).parents[2]
_MILJO = {
    namn: varde
    for namn, varde in os.environ.items()
    if not namn.startswith(("DYGN_", "COV_", "PYTEST_"))
} | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONWARNINGS": "error::ResourceWarning"}


def oppna(*argument: str) -> "subprocess.Popen[str]":
    """The command, running."""
    return subprocess.Popen(
        [sys.executable, "-m", "dygn", *argument],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROT,
        env=_MILJO,
    )


@dataclass
class Svar:
    """What a command that has ended answered."""

    kod: int
    ut: str
    fel: str

    def rader(self) -> list[dict[str, str]]:
        """Standard output as CSV."""
        return list(csv.DictReader(io.StringIO(self.ut)))


@dataclass
class Korning:
    """A catalogue, the ``dygn starta`` that runs in it, and commands that are given to it."""

    katalog: Katalog
    process: "subprocess.Popen[str] | None" = None
    instans: Instans = field(init=False)

    def kor(self, *argument: str, kod: int = 0) -> Svar:
        """Run a command on the catalogue to its end; its exit code must be ``kod``."""
        forst, *resten = argument
        till = resten.index("--") if "--" in resten else len(resten)
        katalog = ["--katalog", str(self.katalog.mapp)]
        process = oppna(forst, *resten[:till], *katalog, *resten[till:])
        ut, fel = process.communicate(timeout=TALAMOD)
        assert process.returncode == kod, f"{argument}: {process.returncode}\n{ut}\n{fel}"
        return Svar(process.returncode, ut, fel)

    def starta(self) -> None:
        """Start the installation and return when it answers."""
        self.process = oppna("starta", "--katalog", str(self.katalog.mapp), "--port", "0")
        self.instans = eventually(self._igang, TALAMOD, "installationen startade inte")

    def _igang(self) -> Instans:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"dygn starta slutade: {self.process.communicate()}")
        instans = self.katalog.instans()
        assert instans is not None
        assert instans.pid == self.process.pid
        return instans

    def sluta(self, nummer: signal.Signals) -> Svar:
        """Send the signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(nummer)
        ut, fel = self.process.communicate(timeout=TALAMOD)
        svar = Svar(self.process.returncode, ut, fel)
        self.process = None
        return svar

    def antal_handelser(self, tjanst: str) -> int:
        """How many events the service has stored."""
        return antal_handelser(databaser.beskriv(Postgres(self.katalog).admin, tjanst))


@contextmanager
def korning(katalog: Katalog) -> Iterator[Korning]:
    """``dygn starta`` in the catalogue, ended cleanly afterwards if it still runs."""
    ny = Korning(katalog)
    try:
        ny.starta()
        yield ny
    finally:
        if ny.process is not None:
            ny.sluta(signal.SIGTERM)
