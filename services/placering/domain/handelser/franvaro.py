"""Events of a placed person's absence from the home."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import Franvaroorsak, Rattelseskal
from services.chassis.aggregate import Handelse

if TYPE_CHECKING:
    from services.placering.domain.placering import Placering


class FranvaroBorjad(Handelse):
    """The person is away from the home on these days; the stay goes on."""

    TOPIC = "placering.FranvaroBorjad"

    klient: UUID
    beslut: UUID
    franvaro: UUID
    orsak: Franvaroorsak
    fran: date
    till: date | None

    def apply(self, aggregate: "Placering") -> None:
        """Remember the days."""
        aggregate.satt_franvaro(self.franvaro, self.orsak, self.fran, self.till)


class FranvaroRattad(Handelse):
    """The absence's record was corrected; the fields are those that hold now."""

    TOPIC = "placering.FranvaroRattad"

    klient: UUID
    beslut: UUID
    franvaro: UUID
    orsak: Franvaroorsak
    fran: date
    till: date | None
    skal: Rattelseskal

    def apply(self, aggregate: "Placering") -> None:
        """Take the corrected days."""
        aggregate.satt_franvaro(self.franvaro, self.orsak, self.fran, self.till)


class FranvaroAvslutad(Handelse):
    """The absence ended; ``till`` is the last day away."""

    TOPIC = "placering.FranvaroAvslutad"

    klient: UUID
    beslut: UUID
    franvaro: UUID
    till: date

    def apply(self, aggregate: "Placering") -> None:
        """Remember the last day."""
        en = aggregate.franvaro[self.franvaro]
        aggregate.satt_franvaro(self.franvaro, en.orsak, en.fran, self.till)


class FranvaroMakulerad(Handelse):
    """The absence should never have been recorded."""

    TOPIC = "placering.FranvaroMakulerad"

    klient: UUID
    beslut: UUID
    franvaro: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Placering") -> None:
        """Forget the days."""
        kvar = dict(aggregate.franvaro)
        del kvar[self.franvaro]
        aggregate.franvaro = kvar
