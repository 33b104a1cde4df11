"""Events of a person's calendar of stays (R-PLA-1)."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from services.chassis.aggregate import Handelse, Skapelse

if TYPE_CHECKING:
    from services.placering.domain.vistelsekalender import Vistelsekalender


class KalenderBorjad(Skapelse):
    """A person's calendar of stays was begun."""

    TOPIC = "placering.KalenderBorjad"

    klient: UUID

    def apply(self, aggregate: "Vistelsekalender") -> None:
        """Begin empty."""
        aggregate.klient = self.klient
        aggregate.vistelser = {}


class VistelseSatt(Handelse):
    """The placering has, or now has, this stay."""

    TOPIC = "placering.VistelseSatt"

    placering: UUID
    fran: date
    till: date | None

    def apply(self, aggregate: "Vistelsekalender") -> None:
        """Remember the stay."""
        aggregate.satt_vistelse(self.placering, self.fran, self.till)


class VistelseStruken(Handelse):
    """The placering was annulled: its days are free."""

    TOPIC = "placering.VistelseStruken"

    placering: UUID

    def apply(self, aggregate: "Vistelsekalender") -> None:
        """Forget the stay."""
        del aggregate.vistelser[self.placering]
