"""The day on which a person turns so many years.

Guarantees that what can be known from the birth month alone is told from it, so that the birth
date itself, which is personal data, is read only where the day decides.
"""

from datetime import date

from services.chassis.calendar import months_after

ARETS_MANADER = 12


def fyller(fodelsedatum: date, alder: int) -> date:
    """The birthday; of a person born on 29 February, 28 February in a common year."""
    return months_after(fodelsedatum, alder * ARETS_MANADER)


def tidigast(fodelsemanad: str, alder: int) -> date:
    """The first day of the month in which somebody born in the month (``YYYY-MM``) turns so old."""
    ar, manad = fodelsemanad.split("-")
    return fyller(date(int(ar), int(manad), 1), alder)


def fyllt(fodelsemanad: str, alder: int, dag: date) -> bool | None:
    """Whether the person has turned so old on the day; ``None`` where the birth day decides."""
    grans = tidigast(fodelsemanad, alder)
    dagens, gransens = (dag.year, dag.month), (grans.year, grans.month)
    return None if dagens == gransens else dagens > gransens
