"""A copy of the project's tree in which a test may plant what must be refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROT = Path(__file__).resolve().parents[2]
MAPPAR = ("contracts", "services", "dygn", "tests", "docs")
FILER = ("pyproject.toml",)


def kopiera(till: Path) -> Path:
    """Copy the sources to ``till`` and return it; caches and environments stay behind."""
    for mapp in MAPPAR:
        if (ROT / mapp).is_dir():
            shutil.copytree(
                ROT / mapp,
                till / mapp,
                ignore=shutil.ignore_patterns("__pycache__", ".*_cache", "node_modules"),
            )
    for fil in FILER:
        shutil.copy2(ROT / fil, till / fil)
    return till


def kor(trad: Path, *argument: str) -> subprocess.CompletedProcess[str]:
    """Run this Python with the copy, and not the real tree, first on its path."""
    return subprocess.run(
        [sys.executable, *argument],
        cwd=trad,
        env={**os.environ, "PYTHONPATH": str(trad), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
