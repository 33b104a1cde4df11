"""Intervals of calendar days with both ends in them, and the arithmetic that they need.

Guarantees that the first and the last day are treated in one place only: ``till`` is the last day
that belongs to the interval, ``None`` is an interval without end. The calendar's own end
(9999-12-31, in other systems a word for "open") never overflows: there is no day after it.
"""

from datetime import date, timedelta
from typing import NamedTuple

EN_DAG = timedelta(days=1)


class Dagintervall(NamedTuple):
    """The days from ``fran`` to and including ``till``; ``None``: without end."""

    fran: date
    till: date | None


def dagen_fore(dag: date) -> date:
    """The day before; :class:`OverflowError` before the calendar's first day."""
    return dag - EN_DAG


def dagen_efter(dag: date) -> date | None:
    """The day after, or ``None`` where the calendar ends."""
    return None if dag == date.max else dag + EN_DAG


def intervall(fran: date, till: date | None) -> Dagintervall | None:
    """The interval, or ``None`` where it would have no day (``till`` before ``fran``)."""
    if till is not None and till < fran:
        return None
    return Dagintervall(fran, till)


def overlapp(a: Dagintervall, b: Dagintervall) -> Dagintervall | None:
    """The days that are in both, or ``None`` where there are none."""
    if a.till is None:
        till = b.till
    elif b.till is None:
        till = a.till
    else:
        till = min(a.till, b.till)
    return intervall(max(a.fran, b.fran), till)


def antal_dagar(fran: date, till: date) -> int:
    """How many days there are from ``fran`` to ``till``, both counted; 0 where there are none."""
    return max(0, (till - fran).days + 1)
