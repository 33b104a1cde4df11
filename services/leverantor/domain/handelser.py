"""The events that this service stores: its memory, read for ever.

Guarantees that whatever a reader of the stream needs was written when it was decided (the
organisationsnummer stands in every event), because an event is mapped to its contract messages
without looking anything up.
"""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import Dagrakning, Leverantorstyp, Rattelseskal
from services.chassis.aggregate import Handelse, Skapelse

if TYPE_CHECKING:
    from services.leverantor.domain.avtal import Avtal
    from services.leverantor.domain.enhet import Enhet
    from services.leverantor.domain.leverantor import Leverantor, Organisationsnummer


class LeverantorRegistrerad(Skapelse):
    """A supplier came into the register."""

    TOPIC = "leverantor.LeverantorRegistrerad"

    organisationsnummer: str
    namn: str
    typ: Leverantorstyp

    def apply(self, aggregate: "Leverantor") -> None:
        """Begin with no avropsstopp."""
        aggregate.organisationsnummer = self.organisationsnummer
        aggregate.namn = self.namn
        aggregate.typ = self.typ
        aggregate.avropsstopp_fran = None


class LeverantorRattad(Handelse):
    """The supplier's record was corrected; the fields are those that hold now."""

    TOPIC = "leverantor.LeverantorRattad"

    organisationsnummer: str
    namn: str
    typ: Leverantorstyp
    skal: Rattelseskal

    def apply(self, aggregate: "Leverantor") -> None:
        """Take the corrected fields."""
        aggregate.organisationsnummer = self.organisationsnummer
        aggregate.namn = self.namn
        aggregate.typ = self.typ


class AvropsstoppSatt(Handelse):
    """No new placements with the supplier from ``fran``."""

    TOPIC = "leverantor.AvropsstoppSatt"

    organisationsnummer: str
    fran: date

    def apply(self, aggregate: "Leverantor") -> None:
        """Remember since when."""
        aggregate.avropsstopp_fran = self.fran


class AvropsstoppHavt(Handelse):
    """New placements are allowed again from ``fran``."""

    TOPIC = "leverantor.AvropsstoppHavt"

    organisationsnummer: str
    fran: date

    def apply(self, aggregate: "Leverantor") -> None:
        """Forget the stop."""
        aggregate.avropsstopp_fran = None


class OrganisationsnummerTaget(Skapelse):
    """The organisationsnummer belongs to this supplier in the kommun (R-LEV-3)."""

    TOPIC = "leverantor.OrganisationsnummerTaget"

    leverantor: UUID

    def apply(self, aggregate: "Organisationsnummer") -> None:
        """Remember whose it is."""
        aggregate.leverantor = self.leverantor


class OrganisationsnummerSlappt(Handelse):
    """The organisationsnummer was written wrongly and is free again."""

    TOPIC = "leverantor.OrganisationsnummerSlappt"

    def apply(self, aggregate: "Organisationsnummer") -> None:
        """Nobody has it."""
        aggregate.leverantor = None


class OrganisationsnummerAterTaget(Handelse):
    """A freed organisationsnummer was taken again."""

    TOPIC = "leverantor.OrganisationsnummerAterTaget"

    leverantor: UUID

    def apply(self, aggregate: "Organisationsnummer") -> None:
        """Remember whose it is."""
        aggregate.leverantor = self.leverantor


class EnhetRegistrerad(Skapelse):
    """A unit of the supplier came into the register."""

    TOPIC = "leverantor.EnhetRegistrerad"

    leverantor: UUID
    organisationsnummer: str
    namn: str

    def apply(self, aggregate: "Enhet") -> None:
        """Begin without prices."""
        aggregate.leverantor = self.leverantor
        aggregate.organisationsnummer = self.organisationsnummer
        aggregate.namn = self.namn
        aggregate.priser = {}


class GrunddygnsprisSatt(Handelse):
    """The unit's list price per day from ``fran``, in öre exclusive of moms."""

    TOPIC = "leverantor.GrunddygnsprisSatt"

    leverantor: UUID
    organisationsnummer: str
    fran: date
    dygnspris_ore: int

    def apply(self, aggregate: "Enhet") -> None:
        """The same day again replaces the price."""
        aggregate.priser[self.fran] = self.dygnspris_ore


class AvtalTecknat(Skapelse):
    """An avtal with the supplier was registered."""

    TOPIC = "leverantor.AvtalTecknat"

    leverantor: UUID
    organisationsnummer: str
    enhet: UUID | None
    omrade: str
    fran: date
    till: date | None
    dagrakning: Dagrakning

    def apply(self, aggregate: "Avtal") -> None:
        """Begin with what was signed."""
        aggregate.leverantor = self.leverantor
        aggregate.organisationsnummer = self.organisationsnummer
        aggregate.enhet = self.enhet
        aggregate.omrade = self.omrade
        aggregate.fran = self.fran
        aggregate.till = self.till
        aggregate.dagrakning = self.dagrakning


class AvtalRattat(Handelse):
    """The avtal's record was corrected; the fields are those that hold now."""

    TOPIC = "leverantor.AvtalRattat"

    leverantor: UUID
    organisationsnummer: str
    enhet: UUID | None
    omrade: str
    fran: date
    till: date | None
    dagrakning: Dagrakning
    skal: Rattelseskal

    def apply(self, aggregate: "Avtal") -> None:
        """Take the corrected fields."""
        aggregate.enhet = self.enhet
        aggregate.omrade = self.omrade
        aggregate.fran = self.fran
        aggregate.till = self.till
        aggregate.dagrakning = self.dagrakning
