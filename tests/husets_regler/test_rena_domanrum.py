"""The domain rooms decide from what they are given: they read no clock, chance, file or net.

The import linter keeps frameworks out; this keeps out what the standard library would offer.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.husets_regler.trad import ROT

FORBJUDNA_MODULER = frozenset(
    {
        "asyncio", "concurrent", "http", "importlib", "io", "logging", "multiprocessing", "os",
        "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "sys",
        "tempfile", "threading", "time", "urllib",
    }
)  # fmt: skip
KLOCKA_OCH_SLUMP = frozenset(
    {"now", "utcnow", "today", "fromtimestamp", "uuid1", "uuid4", "open", "input", "print"}
)


def orenheter(kalla: str) -> Iterator[str]:
    """Every import and call in ``kalla`` that reaches outside, as a short text."""
    for nod in ast.walk(ast.parse(kalla)):
        match nod:
            case ast.Import(names=namn):
                moduler = [alias.name for alias in namn]
            case ast.ImportFrom(module=str(modul)):
                moduler = [modul]
            case ast.Call(func=ast.Attribute(attr=anrop) | ast.Name(id=anrop)):
                if anrop in KLOCKA_OCH_SLUMP:
                    yield f"rad {nod.lineno}: {anrop}()"
                continue
            case _:
                continue
        for modul in moduler:
            if modul.split(".")[0] in FORBJUDNA_MODULER:
                yield f"rad {nod.lineno}: import {modul}"


def domanfiler() -> list[Path]:
    """Every file of every domain room."""
    return sorted((ROT / "services").glob("*/domain/**/*.py"))


def test_domanrummen_ar_rena() -> None:
    filer = domanfiler()
    assert filer
    funna = {str(fil.relative_to(ROT)): list(orenheter(fil.read_text("utf-8"))) for fil in filer}
    assert {fil: fel for fil, fel in funna.items() if fel} == {}


@pytest.mark.parametrize(
    "rad",
    [
        "import os",
        "from pathlib import Path",
        "import urllib.request",
        "idag = date.today()",
        "nu = datetime.now(tz=UTC)",
        "id = uuid4()",
        "text = open('fil').read()",
    ],
)
def test_en_planterad_orenhet_hittas(rad: str) -> None:
    assert list(orenheter(rad))
