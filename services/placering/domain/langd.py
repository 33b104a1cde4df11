"""Lengths of time as the calendar counts them: days, or months of whatever length.

Guarantees that a length of months ends on the day of the month that it began on, or on that
month's last day where it has none (lag 1930:173 1 §: 31 August and three months is 30 November,
and a person born on 29 February turns 18 on 28 February), and that no weekend or holiday moves a
day: the days that this service watches are the last ones on which nothing is late, so that an
answer is never later than the act.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis.calendar import months_after


@dataclass(frozen=True, slots=True)
class Langd:
    """Months and then days; none of either is the day itself."""

    manader: int = 0
    dagar: int = 0

    def efter(self, dag: date) -> date:
        """The last day of a length that is counted from the day."""
        slut = months_after(dag, self.manader)
        return date.max if (date.max - slut).days < self.dagar else slut + timedelta(self.dagar)

    def __str__(self) -> str:
        """As it is said in Swedish."""
        delar = [
            _antal(self.manader, "månad", "månader"),
            _antal(self.dagar, "dag", "dagar"),
        ]
        return " och ".join(del_ for del_ in delar if del_) or "samma dag"


def _antal(antal: int, en: str, flera: str) -> str:
    return "" if antal == 0 else f"{antal} {en if antal == 1 else flera}"
