"""The set-up script runs a Python before it trusts it, and says in Swedish what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.husets_regler.trad import ROT

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def forbered(mapp: Path, *argument: str, python: str = "") -> tuple[int, str]:
    """Run a copy of the script in an empty folder; its exit code and what it said."""
    (mapp / "deploy").mkdir()
    skript = mapp / "deploy" / "forbered"
    skript.write_bytes((ROT / "deploy" / "forbered").read_bytes())
    utfall = subprocess.run(
        ["/bin/sh", str(skript), *argument],
        env={"PATH": os.environ["PATH"], "PYTHON": python},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not (mapp / ".venv").exists()
    return utfall.returncode, utfall.stderr


def program(mapp: Path, rader: str) -> str:
    """A shell script that may pass for a Python."""
    fil = mapp / "python3"
    fil.write_text(f"#!/bin/sh\n{rader}\n", encoding="utf-8")
    fil.chmod(0o755)
    return str(fil)


@pytest.mark.parametrize(
    "rader",
    [
        "echo 'python3: command not found' >&2; exit 127",
        "exit 0",
        "echo 309",
    ],
    ids=["kan inte köras", "säger inget", "för gammal"],
)
def test_en_python_som_inte_duger_valjs_inte(tmp_path: Path, rader: str) -> None:
    kod, sagt = forbered(tmp_path, "kor", python=program(tmp_path, rader))
    assert kod == 1
    assert "duger inte: det måste vara ett CPython 3.11 eller nyare" in sagt


def test_utan_venv_sags_vad_som_installerar_det(tmp_path: Path) -> None:
    utan_venv = f'case "$*" in *ensurepip*) exit 1 ;; esac; exec "{sys.executable}" "$@"'
    kod, sagt = forbered(tmp_path, "kor", python=program(tmp_path, utan_venv))
    assert kod == 1
    assert "saknar modulen venv" in sagt
    assert f"sudo apt-get install python{VERSION}-venv" in sagt


def test_en_okand_niva_avvisas(tmp_path: Path) -> None:
    assert forbered(tmp_path, "allt") == (
        2,
        "deploy/forbered: säg kor eller utveckling, inte allt\n",
    )
