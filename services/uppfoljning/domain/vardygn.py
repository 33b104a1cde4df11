"""Vårddygn: every date on which a klient is in care belongs to exactly one placering.

Guarantees distinct pairs of klient and date whatever the stays look like: the receiving home gets
the day of a move (R-PLA-1, R-KOS-17), and where stays taken over from another system overlap, the
day belongs to the one that began last; when that one ends, the days go back to the one still
running.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.chassis.rules import rule
from services.uppfoljning.domain.dagintervall import dagen_efter, dagen_fore


class Stann(NamedTuple):
    """A stay of the klient, and the events that set it."""

    fran: date
    till: date | None
    placering: UUID
    handelser: tuple[str, ...]

    @property
    def ordning(self) -> tuple[date, date, int]:
        """Who gets a shared day: the highest. Began last, then ends last, then a fixed order."""
        return (self.fran, self.till or date.max, self.placering.int)


class Vardygnsdel(NamedTuple):
    """Days that belong to ``placering``; the neighbour that cut them is among the events."""

    fran: date
    till: date | None
    placering: UUID
    handelser: tuple[str, ...]


@rule("R-KOS-17", source="nämndhandling, Borås Stad, augusti 2024", consequence="compute")
def fordela(vistelser: Iterable[Stann]) -> list[Vardygnsdel]:
    """Vårddygn är olika par av klient och datum; det mottagande hemmet får flyttdagen.

    ``vistelser`` are one klient's, each with at least one day. The parts come in order of date.
    """
    delar: list[Vardygnsdel] = []
    # Stays are put on the pile in rising order, so its top is always the one that the day belongs
    # to. `dag` is the first day not yet given away, None when the calendar is used up.
    hog: list[Stann] = []
    dag: date | None = None
    for vistelse in sorted(vistelser, key=lambda stann: stann.ordning):
        _ge_bort(delar, hog, dag, vistelse)
        dag = vistelse.fran
        hog.append(vistelse)
    _ge_bort(delar, hog, dag, None)
    return delar


def _ge_bort(
    delar: list[Vardygnsdel], hog: list[Stann], dag: date | None, nasta: Stann | None
) -> None:
    """Give the days from ``dag`` until ``nasta`` begins to those on the pile, ended ones off it."""
    granne: tuple[str, ...] = ()
    while hog and dag is not None and (nasta is None or dag < nasta.fran):
        topp = hog[-1]
        if topp.till is not None and topp.till < dag:
            hog.pop()
            continue
        till, ids = topp.till, topp.handelser
        if dag > topp.fran:
            ids += granne
        if nasta is not None and (till is None or nasta.fran <= till):
            till = dagen_fore(nasta.fran)
            ids += nasta.handelser
        delar.append(Vardygnsdel(dag, till, topp.placering, ids))
        granne = topp.handelser
        dag = None if till is None else dagen_efter(till)
