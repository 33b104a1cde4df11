"""What a beslut that waits may hold, in the shape in which it is kept: offer, wish, help meanwhile.

Guarantees that nothing in them is a text about a person.
"""

from dataclasses import dataclass
from datetime import date

from contracts.ord import Erbjudandesvar


@dataclass(frozen=True, slots=True)
class Erbjudande:
    """An offer made on ``datum``, and what the person said of it and when."""

    datum: date
    svar: Erbjudandesvar | None = None
    svarsdatum: date | None = None


@dataclass(frozen=True, slots=True)
class Forskjutning:
    """The person asked to wait; ``till`` is the last day, ``lov``: for a utförare chosen under
    LOV (R-EVB-11)."""

    fran: date
    till: date | None
    lov: bool


@dataclass(frozen=True, slots=True)
class InterimHjalp:
    """Another insats in the meantime; ``till`` is the last day."""

    fran: date
    till: date | None
    insatstyp: str
