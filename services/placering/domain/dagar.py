"""Runs of whole calendar days.

Guarantees that a run without a last day goes on for ever, and that whether some days are covered
by others is settled day by day, however the others overlap or touch.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Dagar:
    """Days from ``fran`` to ``till``, both included; ``till`` ``None``: they go on."""

    fran: date
    till: date | None

    def delade_med(self, andra: Self) -> Self | None:
        """The days that are in both; ``None`` where there are none."""
        fran = max(self.fran, andra.fran)
        slut = [dag for dag in (self.till, andra.till) if dag is not None]
        till = min(slut) if slut else None
        return None if till is not None and till < fran else type(self)(fran, till)

    def tacks_av(self, andra: Iterable[Self]) -> bool:
        """Whether each of the days is in one of the others."""
        dag = self.fran
        for de in sorted(andra, key=lambda de: de.fran):
            if de.fran > dag:
                return False
            if de.till is None or (self.till is not None and de.till >= self.till):
                return True
            dag = max(dag, de.till + timedelta(days=1))
        return False

    def __str__(self) -> str:
        return f"{self.fran} till {self.till}" if self.till else f"{self.fran} och tills vidare"
