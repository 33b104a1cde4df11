"""History taken over from another system: many rows in one command, each with a verdict.

Guarantees that every row gets exactly one verdict, that a row which came before is recognised
(its id follows from source and reference) and adds nothing, and that either every row is good or,
unless the caller asked for the good part (``delvis``), nothing is stored (R-PLA-18).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from services.chassis.rules import Breach, Refused


class Utfall(StrEnum):
    """What became of a row."""

    NY = "ny"
    FANNS = "fanns"
    AVVISAD = "avvisad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row was judged to be; pointers are relative to the row."""

    index: int
    referens: str
    utfall: Utfall
    id: UUID | None = None
    fel: tuple[Breach, ...] = ()
    flaggor: tuple[Breach, ...] = ()


def refuse_rows(verdicts: Sequence[Verdict]) -> None:
    """Raise :class:`Refused` with every fault of every row, if there is any."""
    faults = [
        replace(breach, pekare=f"/rader/{verdict.index}{breach.pekare}")
        for verdict in verdicts
        for breach in verdict.fel
    ]
    if faults:
        raise Refused(*faults)


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many rows had each verdict, and how many of the good ones were flagged."""
    found = dict.fromkeys([*Utfall, "flaggad"], 0)
    for verdict in verdicts:
        found[verdict.utfall] += 1
        if verdict.flaggor and not verdict.fel:
            found["flaggad"] += 1
    return {str(key): number for key, number in found.items()}
