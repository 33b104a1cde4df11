"""Overlap times price: how much of an interval falls in a period, and what that costs.

Guarantees whole öre and whole days: integers only, rounded once, when a quotient is shown
(R-KOS-9). The SQL of the reports does the same sums; these functions say what they must be.
"""

from datetime import date

from services.chassis.rules import rule
from services.uppfoljning.domain.dagintervall import antal_dagar


def dagar(fran: date, till: date | None, period_fran: date, period_till: date) -> int:
    """How many days of ``fran`` to ``till`` (``None``: still running) fall in the period."""
    sista = period_till if till is None else min(till, period_till)
    return antal_dagar(max(fran, period_fran), sista)


def kostnad_ore(
    fran: date, till: date | None, pris_ore: int | None, period_fran: date, period_till: date
) -> int:
    """Price times the days in the period, in öre; an unknown price costs 0."""
    return 0 if pris_ore is None else pris_ore * dagar(fran, till, period_fran, period_till)


@rule("R-KOS-9", source="nämndhandling, Borås Stad, 2017", consequence="compute")
def dygnskostnad_ore(kostnad: int, debiterade_dygn: int) -> int | None:
    """Dygnskostnad är kostnad per debiterat dygn i hela öre, halva öret bort från noll.

    ``None`` where there is no dygn to divide by.
    """
    if debiterade_dygn <= 0:
        return None
    kvot = (2 * abs(kostnad) + debiterade_dygn) // (2 * debiterade_dygn)
    return kvot if kostnad >= 0 else -kvot
