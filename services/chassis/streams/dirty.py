"""Marking subjects dirty: they have raw facts that their derived rows do not show yet.

Guarantees one order of locks for all who mark (kinds in the folding's order, then kommun and
name), and that the mark remembers the lowest instant not folded: the settled instant stays below.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject to be folded and the instant of the fact that made it so."""

    kommunkod: str
    slag: str
    amne: str
    registrerad: datetime


ON_CONFLICT = (
    " ON CONFLICT (slag, kommunkod, amne) DO UPDATE SET"
    " registrerad = least(smutsig.registrerad, excluded.registrerad),"
    " version = smutsig.version + 1, nasta = NULL"
)
"""What marking a subject that is dirty already does: folded at once, also after a failure."""


def mark_dirty(
    connection: psycopg.Connection[Any], kinds: Sequence[str], subjects: Iterable[Subject]
) -> None:
    """Mark the subjects, each once, in one statement and in the order of locks."""
    lowest: dict[tuple[str, str, str], datetime] = {}
    for subject in subjects:
        key = (subject.slag, subject.kommunkod, subject.amne)
        lowest[key] = min(subject.registrerad, lowest.get(key, subject.registrerad))
    if not lowest:
        return
    keys = list(lowest)
    connection.execute(
        "INSERT INTO smutsig (slag, kommunkod, amne, registrerad) SELECT s, k, a, r"
        " FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[]) AS ny (s, k, a, r)"
        " ORDER BY array_position(%s::text[], s), k, a" + ON_CONFLICT,
        (
            [slag for slag, _, _ in keys],
            [kommunkod for _, kommunkod, _ in keys],
            [amne for _, _, amne in keys],
            list(lowest.values()),
            list(kinds),
        ),
    )
