"""A service's API as it runs on a cluster: a process of its own, started by the service's command.

Two of them on one database race each other with nothing shared but that database.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from dygn.inbyggd.databaser import Databas
from services.chassis.auth.issuer import Issuer
from services.chassis.settings import ServiceSettings
from tests.stod.tjanst import installningar
from tests.stod.vanta import eventually


@contextmanager
def apiprocess(tjanst: str, databas: Databas, **andra: Any) -> Iterator[tuple[str, Issuer]]:
    """``python -m services.<tjanst> api`` on the database: its address and its issuer.

    ``andra`` are settings of its own. What it says goes to a file that a failure shows. It is told
    to stop at the end, and does so by itself (the server passes the signal on when it is done).
    """
    mapp = Path(tempfile.mkdtemp(prefix="dygn-prov-nycklar-"))
    valda, utfardare = installningar(databas, mapp, **andra)
    port = _ledig_port()
    with (mapp / "logg").open("wb") as logg:
        process = subprocess.Popen(
            [sys.executable, "-m", f"services.{tjanst}", "api",
             "--host", "127.0.0.1", "--port", str(port)],
            env=os.environ | _miljo(valda), stdout=logg, stderr=subprocess.STDOUT,
        )  # fmt: skip
    adress = f"http://127.0.0.1:{port}"
    try:
        eventually(
            lambda: _redo(adress) or process.poll() is not None,
            60,
            lambda: (mapp / "logg").read_text(),
        )
        assert process.poll() is None, (mapp / "logg").read_text()
        yield adress, utfardare
    finally:
        process.terminate()
        slutkod = process.wait(30)
        sagt = (mapp / "logg").read_text()
        shutil.rmtree(mapp)
    assert slutkod in (0, -signal.SIGTERM), sagt


def _redo(adress: str) -> bool:
    try:
        return httpx.get(f"{adress}/readyz", trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def _ledig_port() -> int:
    with socket.socket() as sockel:
        sockel.bind(("127.0.0.1", 0))
        return int(sockel.getsockname()[1])


def _miljo(valda: ServiceSettings) -> dict[str, str]:
    """The settings as the environment gives them to a process."""
    return {
        f"DYGN_{namn.upper()}": varde.get_secret_value()
        if isinstance(varde, SecretStr)
        else str(varde)
        for namn, varde in valda.model_dump(exclude_none=True, exclude_unset=True).items()
    }
