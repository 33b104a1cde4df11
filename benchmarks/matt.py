"""What a run cost: wall time, and CPU time of this process and of a whole server with its children.

Guarantees that CPU time of a server counts every child, those that have ended too (a server that
has waited for its children is told what they used), so that a backend that lived only during the
measurement is not lost.
"""

import os
import platform
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_TICK = os.sysconf("SC_CLK_TCK")


def servertid(pid: int) -> float:
    """CPU seconds used so far by the process, its living children and those that it has buried."""
    total = _tid(pid, with_buried=True)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        total += _tid(int(child), with_buried=False)
    return total


def _tid(pid: int, *, with_buried: bool) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has ended, before or while it was read
        return 0.0
    # Fields after the command's closing parenthesis: utime, stime, cutime, cstime are 14 to 17.
    fields = stat.rpartition(")")[2].split()[11:15]
    return sum(int(field) for field in fields[: 4 if with_buried else 2]) / _TICK


def toppminne() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(slots=True)
class Matt:
    """Measures a ``with`` block: seconds of wall, of this process's CPU and of a server's."""

    server: int | None = None
    vagg: float = 0.0
    python: float = 0.0
    databas: float = 0.0

    def __enter__(self) -> Self:
        self.databas = -(servertid(self.server) if self.server else 0.0)
        self.python, self.vagg = -time.process_time(), -time.perf_counter()
        return self

    def __exit__(
        self, typ: type[BaseException] | None, fel: BaseException | None, spar: TracebackType | None
    ) -> None:
        self.vagg += time.perf_counter()
        self.python += time.process_time()
        self.databas += servertid(self.server) if self.server else 0.0


def maskin(postgres: str) -> str:
    """The machine in a line."""
    minne = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{os.cpu_count()} kärnor, {minne:.0f} GB minne, {platform.machine()},"
        f" Python {platform.python_version()}, PostgreSQL {postgres}"
    )
