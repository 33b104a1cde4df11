"""Events of a person's calendar of stays (R-PLA-1)."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.dagar import Dagar

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
        aggregate.borta = {}


class VistelseSatt(Handelse):
    """The placering has, or now has, this stay."""

    TOPIC = "placering.VistelseSatt"

    placering: UUID
    fran: date
    till: date | None

    def apply(self, aggregate: "Vistelsekalender") -> None:
        """Remember the stay."""
        aggregate.satt_vistelse(self.placering, self.fran, self.till)


class DagarLamnade(Handelse):
    """On these days of absence the placering leaves the person to another stay (R-PLA-1)."""

    TOPIC = "placering.DagarLamnade"

    placering: UUID
    dagar: tuple[Dagar, ...]

    def apply(self, aggregate: "Vistelsekalender") -> None:
        """Remember the days, in the place of those before."""
        aggregate.borta[self.placering] = self.dagar


class VistelseStruken(Handelse):
    """The placering was annulled: its days are free."""

    TOPIC = "placering.VistelseStruken"

    placering: UUID

    def apply(self, aggregate: "Vistelsekalender") -> None:
        """Forget the stay."""
        del aggregate.vistelser[self.placering]
        aggregate.borta.pop(self.placering, None)
