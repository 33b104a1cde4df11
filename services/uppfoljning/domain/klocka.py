"""When a beslut that is not carried out falls due for a report (R-KLO-1).

Guarantees calendar arithmetic without surprises: three months after 31 August is 30 November, and
a limit that ends after the calendar is never reached.
"""

import re
from datetime import date
from typing import Literal, NamedTuple

from services.chassis.calendar import months_after
from services.chassis.rules import rule


class Grans(NamedTuple):
    """How long a clock may run: ``antal`` calendar months (``m``) or days (``d``)."""

    antal: int
    enhet: Literal["m", "d"]

    def __str__(self) -> str:
        return f"{self.antal}{self.enhet}"


TRE_MANADER = Grans(3, "m")
"""The law's limit."""

_GRANS = re.compile(r"([1-9][0-9]{0,3})([md])", re.ASCII)


def tolka_grans(text: str) -> Grans:
    """The limit written as ``3m`` or ``90d``; :class:`ValueError` for anything else."""
    traff = _GRANS.fullmatch(text)
    if traff is None:
        raise ValueError(f"{text!r} är ingen gräns: skriv till exempel 3m eller 90d")
    return Grans(int(traff[1]), "m" if traff[2] == "m" else "d")


@rule("R-KLO-1", source="SoL (2025:400) 34 kap. 1 §", consequence="compute")
def listas(klocka_fran: date, per: date, grans: Grans = TRE_MANADER) -> bool:
    """Ett beslut listas när mer än tre månader gått sedan beslutet eller avbrottet.

    With a limit in months: when ``per`` is later than the clock's start plus the months. With a
    limit in days: when at least so many days have passed.
    """
    if grans.enhet == "m":
        return per > months_after(klocka_fran, grans.antal)
    return dagar_sedan(klocka_fran, per) >= grans.antal


def dagar_sedan(datum: date, per: date) -> int:
    """How many days have passed on ``per`` since ``datum``; 0 on the day itself."""
    return (per - datum).days
