"""Look at and end server processes that an earlier, killed run left behind.

A pid in a file proves nothing: numbers are used again. So no process is signalled here before
its command line names the folder that belongs to us.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PAUS = 0.02
"""Seconds between two looks at a process; short, since starts are measured in tenths."""


def kommandorad(pid: int) -> list[str] | None:
    """The arguments that process `pid` was started with; None where no such process lives."""
    proc = Path("/proc")
    if (proc / "self" / "cmdline").exists():
        try:
            raw = (proc / str(pid) / "cmdline").read_bytes()
        except OSError:
            return None
        # A zombie has an empty command line: it is dead, only not yet waited for.
        return [os.fsdecode(part) for part in raw.split(b"\0") if part] or None
    answer = subprocess.run(  # other Unixes: one line, the arguments not told apart
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return [answer.stdout.strip()] if answer.stdout.strip() else None


def hor_till(pid: int, *delar: str) -> bool:
    """True where `pid` lives and every text in `delar` stands somewhere in its command line."""
    rad = kommandorad(pid)
    return rad is not None and all(any(del_ in part for part in rad) for del_ in delar)


def vanta_borta(borta: Callable[[], bool], tid: float) -> bool:
    """Wait at most `tid` seconds until `borta()` holds; False where it never did."""
    slut = time.monotonic() + tid
    while not borta():
        if time.monotonic() > slut:
            return False
        time.sleep(PAUS)
    return True


def avsluta_barn(
    barn: "subprocess.Popen[bytes]", steg: Sequence[tuple[signal.Signals, float]]
) -> bool:
    """End our own child: send each signal in turn, waiting its seconds; False if it still lives."""
    for signalen, tid in steg:
        if barn.poll() is not None:
            return True
        barn.send_signal(signalen)
        try:
            barn.wait(timeout=tid)
        except subprocess.TimeoutExpired:
            continue
        return True
    return barn.poll() is not None


def avsluta_kvarleva(
    pid: int, delar: Sequence[str], steg: Sequence[tuple[signal.Signals, float]]
) -> bool:
    """End a process that is not our child, as long as its command line holds `delar`.

    Returns False where it outlived every step.
    """
    for signalen, tid in steg:
        if not hor_till(pid, *delar):
            return True
        try:
            os.kill(pid, signalen)
        except ProcessLookupError:
            return True
        if vanta_borta(lambda: not hor_till(pid, *delar), tid):
            return True
    return not hor_till(pid, *delar)
