"""Run an owner of a catalogue in a process of its own, to be killed without warning."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dygn.inbyggd.katalog import Katalog

ROT = Path(__file__).parents[2]

_INLEDNING = """
import sys, time
from dygn.inbyggd.katalog import Katalog, Instans
from dygn.inbyggd.postgres import Postgres
from dygn.inbyggd.kafka import Kafka
katalog = Katalog(sys.argv[1])
katalog.oppna().las()
"""


@contextmanager
def agare(katalog: Katalog, program: str = "") -> Iterator["subprocess.Popen[str]"]:
    """A process that holds `katalog`, has run `program` and now only waits."""
    kod = f"{_INLEDNING}\n{program}\nprint('redo', flush=True)\ntime.sleep(600)\n"
    process = subprocess.Popen(
        [sys.executable, "-c", kod, str(katalog.mapp)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROT), *sys.path])},
    )
    try:
        assert process.stdout is not None
        for rad in process.stdout:
            if rad.strip() == "redo":
                break
        else:
            raise AssertionError("ägaren dog innan den var redo")
        yield process
    finally:
        doda(process)
        assert process.stdout is not None
        process.stdout.close()


def doda(process: "subprocess.Popen[str]") -> None:
    """kill -9, and wait until it is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait()
