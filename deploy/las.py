"""Prints the lock without what only an embedded installation needs: what a cluster's image holds.

Guarantees that every package printed stands in the lock with its version and hashes, and that a
package goes only when all that asked for it have gone: it follows the ``# via`` notes that the
lock's maker leaves. pip then installs with hashes required and checks, so a package too few is an
error when the image is built, not later.

    python las.py pyproject.toml requirements/kor.txt
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

EXTRA = "inbyggd"


@dataclass(frozen=True, slots=True)
class Block:
    """One package of the lock: its lines as they stand, and the packages that asked for it."""

    namn: str
    text: str
    via: frozenset[str]


def normal(namn: str) -> str:
    """The one way in which a package's name is compared."""
    return re.sub(r"[-_.]+", "-", namn).lower()


def block(las: str) -> list[Block]:
    """The packages of a lock."""
    delar = re.split(r"(?m)^(?=[A-Za-z0-9])", las)
    return [_block(del_) for del_ in delar if re.match(r"[A-Za-z0-9]", del_)]


def _block(text: str) -> Block:
    funnet = re.match(r"[A-Za-z0-9._-]+", text)
    assert funnet is not None
    vagar = re.findall(r"(?m)^    #(?:   | via )(?!-[cr] )\s*([A-Za-z0-9._-]+)", text)
    return Block(normal(funnet[0]), text, frozenset(normal(vag) for vag in vagar))


def utan_inbyggt(pyproject: str, las: str) -> str:
    """The lock less the extra ``inbyggd`` and what nobody else asked for."""
    projekt = tomllib.loads(pyproject)["project"]
    egna = {normal(re.split(r"[\[<>=!~; ]", rad)[0]) for rad in projekt["dependencies"]}
    bort = {
        normal(re.split(r"[\[<>=!~; ]", rad)[0]) for rad in projekt["optional-dependencies"][EXTRA]
    } - egna
    kvar = block(las)
    while True:
        faller = {
            ett.namn
            for ett in kvar
            if ett.namn in bort or (ett.namn not in egna and ett.via and ett.via <= bort)
        }
        if not faller:
            return "".join(ett.text for ett in kvar)
        bort |= faller
        kvar = [ett for ett in kvar if ett.namn not in faller]


if __name__ == "__main__":
    sys.stdout.write(
        utan_inbyggt(Path(sys.argv[1]).read_text("utf-8"), Path(sys.argv[2]).read_text("utf-8"))
    )
