"""Who lives in a home when, and on which days that is more than it has room for.

Guarantees one way of counting for every use: a place is taken as long as the stay lasts, days of
frånvaro too, and free on the day that the person leaves (the day of a move may be shared, as in
R-PLA-1); a stay of one day takes that day. A person counts once a day, however many placeringar.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from services.chassis.calendar import months_after
from services.chassis.rules import rule
from services.placering.domain.dagar import Dagar

_DAG = timedelta(days=1)
_VUXEN_MANADER = 18 * 12

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Boende(Dagar):
    """One person's days in the home; ``vem`` is the klient, or the row of another kommun's child.

    ``barn_till`` is the last day on which the person counts as a child, ``None``: on every day.
    ``leverantor`` is the one that the placering is bought from, ``None``: none.
    """

    vem: UUID
    leverantor: str | None = None
    barn_till: date | None = None

    def upptar(self, dag: date) -> bool:
        """Whether the person takes a place that day."""
        if dag == self.fran:
            return True
        return self.fran < dag and (self.till is None or dag < self.till)

    @property
    def upptagna(self) -> Dagar:
        """The days on which the person takes a place."""
        if self.till is None or self.till == self.fran:
            return Dagar(self.fran, self.till)
        return Dagar(self.fran, self.till - _DAG)

    def barn(self, dag: date) -> bool:
        """Whether the person takes a place that day and is a child."""
        return self.upptar(dag) and (self.barn_till is None or dag <= self.barn_till)


def rad_for(rader: Mapping[date, V], dag: date) -> V:
    """The value in force on the day: of the newest row begun, or of the first where none has."""
    borjade = [fran for fran in rader if fran <= dag]
    return rader[max(borjade) if borjade else min(rader)]


def barn_till(fodelsemanad: str | None, vuxenhem: bool, fran: date) -> date | None:
    """The last day as a child, from the birth month (``YYYY-MM``): that of the 18th birthday's.

    The day of birth is not known here, so the whole month counts. Without a birth month somebody
    in a home for adults is none, and anybody else is a child.
    """
    if fodelsemanad is None:
        return fran - _DAG if vuxenhem else None
    return months_after(date.fromisoformat(f"{fodelsemanad}-01"), _VUXEN_MANADER + 1) - _DAG


def antal(boende: Iterable[Boende], dag: date) -> int:
    """How many places are taken that day."""
    return len({en.vem for en in boende if en.upptar(dag)})


def overfull_dag(
    boende: Sequence[Boende], platser: Mapping[date, int], dagar: Iterable[Dagar]
) -> date | None:
    """The first of the days on which more live there than there are places; ``None``: none."""
    brytdagar = {en.fran for en in boende} | set(platser)
    return min(
        (
            dag
            for dessa in dagar
            for dag in _inom(dessa, brytdagar)
            if antal(boende, dag) > rad_for(platser, dag)
        ),
        default=None,
    )


def varden(rader: Mapping[date, V], inom: Dagar) -> list[V]:
    """The values that the dated rows have on the days, in order of day."""
    return [rad_for(rader, dag) for dag in _inom(inom, rader)]


def dagar_med(rader: Mapping[date, V], varde: V, inom: Dagar) -> Iterator[Dagar]:
    """The runs of the days on which the dated rows have this value."""
    borjar = _inom(inom, rader)
    for nr, fran in enumerate(borjar):
        till = inom.till if nr + 1 == len(borjar) else borjar[nr + 1] - _DAG
        if rad_for(rader, fran) == varde:
            yield Dagar(fran, till)


@rule("R-PLA-8", source="SoF (2025:468) 16 kap. 2 §", consequence="flag")
def dagar_med_fler_an(boende: Sequence[Boende], hogst: int) -> tuple[Dagar, ...]:
    """Med fler än tre placerade barn i samma familjehem eller jourhem ska IVO underrättas."""
    brytdagar = sorted(
        {en.fran for en in boende}
        | {en.till for en in boende if en.till is not None}
        | {en.fran + _DAG for en in boende}
        | {en.barn_till + _DAG for en in boende if en.barn_till is not None}
    )
    perioder: list[Dagar] = []
    fran: date | None = None
    for dag in brytdagar:
        over = len({en.vem for en in boende if en.barn(dag)}) > hogst
        if over and fran is None:
            fran = dag
        elif not over and fran is not None:
            perioder.append(Dagar(fran, dag - _DAG))
            fran = None
    if fran is not None:
        perioder.append(Dagar(fran, None))
    return tuple(perioder)


@rule("R-PLA-16", source="nämndhandling, Borås Stad, augusti 2024", consequence="compute")
def bott_sedan(boende: Iterable[Boende], vem: UUID, dag: date) -> date | None:
    """Tiden i samma hem räknas från första dagen där: en omvandling börjar inte om den."""
    sedan: date | None = None
    slut: date | None = None
    for en in sorted((en for en in boende if en.vem == vem), key=lambda en: en.fran):
        if en.fran > dag:
            break
        if sedan is None or (slut is not None and en.fran > slut + _DAG):
            sedan, slut = en.fran, en.till
        elif slut is not None:
            slut = None if en.till is None else max(slut, en.till)
    return sedan if slut is None or slut >= dag else None


def _inom(dagar: Dagar, brytdagar: Iterable[date]) -> list[date]:
    """The first of the days, and those of the others that lie within them, in order."""
    inne = {dag for dag in brytdagar if dag > dagar.fran and not _efter(dagar, dag)}
    return sorted({dagar.fran, *inne})


def _efter(dagar: Dagar, dag: date) -> bool:
    return dagar.till is not None and dag > dagar.till
