"""Cutting rows into the parts that are sent, and the key of each part.

Guarantees that rows about the same person or supplier go in one part, in the file's order, where
they fit (`BIT_MAX` rows), so that the service sees them together; and that the same part always
has the same key, so that sending it again adds nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dygn.overforing.csvfil import Filrad
from dygn.overforing.kolumner import Filslag

BIT = 500
"""Rows that a part is filled to."""
BIT_MAX = 1000
"""Rows that the services take at once."""


def bitar(
    rader: Sequence[Filrad], slag: Filslag, bit: int = BIT, mest: int = BIT_MAX
) -> Iterator[list[Filrad]]:
    """The rows in parts; groups stand in the order in which they first occur in the file."""
    grupper: dict[str, list[Filrad]] = {}
    for rad in rader:
        grupper.setdefault(slag.grupp(rad.varden), []).append(rad)
    nu: list[Filrad] = []
    for grupp in grupper.values():
        if nu and len(nu) + len(grupp) > bit:
            yield nu
            nu = []
        nu = [*nu, *grupp]
        while len(nu) > mest:  # one person with more rows than the service takes
            yield nu[:mest]
            nu = nu[mest:]
    if nu:
        yield nu


def kropp(
    kalla: str, slag: Filslag, rader: Sequence[Filrad], *, bara_bedom: bool
) -> dict[str, Any]:
    """The body of ``POST /v1/overtaganden`` for the rows."""
    return {
        "kalla": kalla,
        "bara_bedom": bara_bedom,
        "delvis": False,
        "rader": [_rad(slag, rad) for rad in rader],
    }


def _rad(slag: Filslag, rad: Filrad) -> dict[str, Any]:
    if slag.slag == "leverantor":
        return {"referens": rad.referens, **rad.varden}
    return {"slag": slag.slag, **rad.varden}


def nyckel(slag: Filslag, kropp: Mapping[str, Any]) -> str:
    """The Idempotency-Key of a part: it follows from source, kind, references and content."""
    innehall = json.dumps(kropp, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{kropp['kalla']}-{slag.namn}-{hashlib.sha256(innehall.encode()).hexdigest()[:48]}"
