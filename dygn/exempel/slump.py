"""Chance that is the same for the same seed on every machine.

Guarantees that only whole numbers are drawn (`Random.randrange`), so that no rounding differs.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Slump:
    """Draws of the kinds that the example needs."""

    def __init__(self, fro: int) -> None:
        self._random = random.Random(fro)

    def tal(self, minst: int, mest: int) -> int:
        """A whole number from ``minst`` to ``mest``, both possible."""
        return self._random.randrange(minst, mest + 1)

    def chans(self, procent: int) -> bool:
        """True in ``procent`` cases of a hundred."""
        return self._random.randrange(100) < procent

    def val(self, ur: Sequence[T]) -> T:
        """One of them, all as likely."""
        return ur[self._random.randrange(len(ur))]

    def vagt(self, ur: Sequence[tuple[int, T]]) -> T:
        """One of them, as likely as its weight says."""
        drag = self._random.randrange(sum(vikt for vikt, _ in ur))
        for vikt, ett in ur:
            drag -= vikt
            if drag < 0:
                return ett
        raise AssertionError("vikterna räckte inte")

    def mest_korta(self, minst: int, mest: int) -> int:
        """A whole number of the range, the small ones more likely (most stays are short)."""
        steg = self._random.randrange(1001)
        return minst + (mest - minst) * steg * steg // 1_000_000

    def dag(self, fran: date, till: date) -> date:
        """A day of the period, all as likely."""
        return fran + timedelta(days=self.tal(0, (till - fran).days))

    def urval(self, ur: Sequence[T], antal: int) -> list[T]:
        """``antal`` of them (all, where there are fewer), none twice, in their own order."""
        valda = set[int]()
        while len(valda) < min(antal, len(ur)):
            valda.add(self._random.randrange(len(ur)))
        return [ur[index] for index in sorted(valda)]
