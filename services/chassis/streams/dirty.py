"""Marking subjects dirty: they have raw facts that their derived rows do not show yet.

Guarantees one order of locks for all who mark (kinds in the folding's order, then kommun and
name), and that the mark remembers the lowest instant not folded: the settled instant stays below.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from services.chassis.streams.columns import column, rows_of


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
    connection.execute(
        _MARK,
        (
            column(slag for slag, _, _ in lowest),
            column(kommunkod for _, kommunkod, _ in lowest),
            column(amne for _, _, amne in lowest),
            column(registrerad.isoformat() for registrerad in lowest.values()),
            list(kinds),
        ),
    )


_MARK = (
    "INSERT INTO smutsig (slag, kommunkod, amne, registrerad)"
    " SELECT slag, kommunkod, amne, registrerad::timestamptz FROM "
    + rows_of("slag", "kommunkod", "amne", "registrerad")
    + " ORDER BY array_position(%s::text[], slag), kommunkod, amne"
    + ON_CONFLICT
)
