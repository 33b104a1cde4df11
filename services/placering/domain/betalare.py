"""Who pays for a placering: the share of each payer, from a day on (R-KOS-15).

Guarantees that the shares of a day make the whole cost, in whole hundredths of a per cent.
"""

from dataclasses import astuple, dataclass

from services.chassis.rules import Breach, rule

ALLT = 10_000
"""The whole cost, in hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class Andelar:
    """The share of each payer, in hundredths of a per cent."""

    ifo: int = ALLT
    annan_namnd: int = 0
    region: int = 0
    migrationsverket: int = 0


@rule("R-KOS-15", source="nämndhandling, Borås Stad, februari 2024", consequence="refuse")
def andelarna_ar_hela_kostnaden(andelar: Andelar, pekare: str) -> Breach | None:
    """Betalarnas andelar är tillsammans hela kostnaden."""
    summa = sum(astuple(andelar))
    if summa == ALLT:
        return None
    return Breach(
        "R-KOS-15",
        pekare,
        f"Andelarna är tillsammans {summa} hundradels procent och ska vara {ALLT}.",
    )
