"""What is known about an avtal (område, day-count policy) and about an enhet's list prices.

Guarantees that a list price is one per enhet and date, the last one set, and that the list price
of a day is the one with the latest ``fran`` not after it. Amounts in whole öre per day.
"""

from datetime import date
from typing import NamedTuple

from contracts.leverantor import AvtalRattat, AvtalTecknat, GrunddygnsprisSatt
from contracts.ord import Dagrakning


class Avtalslage(NamedTuple):
    """An avtal as known, and the event that set what rows rest on."""

    omrade: str
    dagrakning: Dagrakning
    id: str | None


UTOM_RAMAVTAL = Avtalslage("", Dagrakning.BADA, None)
"""No avtal, or one that is not known yet: no område, both days count (R-KOS-2)."""


def avtal_efter(
    forra: Avtalslage | None, handelse: AvtalTecknat | AvtalRattat, id: str
) -> Avtalslage:
    """The avtal after the event; the same object where nothing that rows rest on changed."""
    if forra is not None and (handelse.omrade, handelse.dagrakning) == forra[:2]:
        return forra
    return Avtalslage(handelse.omrade, handelse.dagrakning, id)


class Pris(NamedTuple):
    """A price per day in whole öre, the event that set it, and others that it rests on."""

    ore: int
    id: str
    andra: tuple[str, ...] = ()


class Prislista:
    """An enhet's list prices, each from its date."""

    __slots__ = ("_priser",)

    def __init__(self) -> None:
        self._priser: dict[date, Pris] = {}

    def tillampa(self, handelse: GrunddygnsprisSatt, id: str) -> None:
        """Take in a list price; the same ``fran`` again replaces it."""
        self._priser[handelse.fran] = Pris(handelse.dygnspris_ore, id)

    def pris(self, dag: date) -> Pris | None:
        """The list price on ``dag``, or ``None`` before the first one."""
        fran = max((fran for fran in self._priser if fran <= dag), default=None)
        return None if fran is None else self._priser[fran]
