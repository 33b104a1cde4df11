"""Events of a home: what it is, that it was judged and approved, its places, who lives there."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import Form, Rattelseskal
from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.beslutsfattare import Beslutsfattare
from services.placering.domain.boende import Boende
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.hemuppgifter import (
    Godkannande,
    Hemreferens,
    Hemutfall,
    Hemutredning,
    Referenskalla,
)

if TYPE_CHECKING:
    from services.placering.domain.hem import Hem


class HemRegistrerat(Skapelse):
    """A home became known; ``leverantor`` is whose it is from ``fran``, ``None``: the kommun's."""

    TOPIC = "placering.HemRegistrerat"

    beteckning: str
    arbetsenhet: str | None
    natverk: bool
    fran: date
    leverantor: str | None
    platser: int
    hemligheter: tuple[Hemlighet, ...]

    def apply(self, aggregate: "Hem") -> None:
        """Begin without anybody living there."""
        aggregate.borja(self.fran, self.leverantor, self.platser)
        aggregate.satt_uppgifter(
            self.beteckning, self.arbetsenhet, self.natverk, self.fran, None, self.hemligheter
        )


class HemRattat(Handelse):
    """The home's record was corrected; the fields are those that hold now."""

    TOPIC = "placering.HemRattat"

    beteckning: str
    arbetsenhet: str | None
    natverk: bool
    fran: date
    till: date | None
    hemligheter: tuple[Hemlighet, ...]
    skal: Rattelseskal

    def apply(self, aggregate: "Hem") -> None:
        """Take the corrected fields."""
        aggregate.satt_uppgifter(
            self.beteckning, self.arbetsenhet, self.natverk, self.fran, self.till, self.hemligheter
        )


class HemMakulerat(Handelse):
    """The home should never have been recorded."""

    TOPIC = "placering.HemMakulerat"

    skal: Rattelseskal

    def apply(self, aggregate: "Hem") -> None:
        """Nothing more can be done with it."""
        aggregate.makulerat = True


class HemmetsPlatserSatta(Handelse):
    """How many places the home has from ``fran`` on; a row of the same day is replaced."""

    TOPIC = "placering.HemmetsPlatserSatta"

    fran: date
    antal: int

    def apply(self, aggregate: "Hem") -> None:
        """Put the number among the others."""
        aggregate.platser = {**aggregate.platser, self.fran: self.antal}


class HemmetUtrett(Handelse):
    """A utredning of the home was finished, or the one with the same id is replaced."""

    TOPIC = "placering.HemmetUtrett"

    utredning: UUID
    inledd: date | None
    avslutad: date
    utfall: Hemutfall
    hemligheter: tuple[Hemlighet, ...]

    def apply(self, aggregate: "Hem") -> None:
        """Put it among the others."""
        en = Hemutredning(self.inledd, self.avslutad, self.utfall)
        aggregate.utredningar = {**aggregate.utredningar, self.utredning: en}


class HemreferensTagen(Handelse):
    """Somebody spoke for the home, or the reference with the same id is replaced."""

    TOPIC = "placering.HemreferensTagen"

    referens: UUID
    datum: date
    kalla: Referenskalla
    kommun: str | None
    hemligheter: tuple[Hemlighet, ...]

    def apply(self, aggregate: "Hem") -> None:
        """Put it among the others."""
        en = Hemreferens(self.datum, self.kalla, self.kommun)
        aggregate.referenser = {**aggregate.referenser, self.referens: en}


class HemmetGodkant(Handelse):
    """The home was approved (R-BES-4), or the godkännande with the same id is replaced."""

    TOPIC = "placering.HemmetGodkant"

    godkannande: UUID
    form: Form
    lagrum: str
    beslutsdatum: date
    fran: date
    till: date | None
    namnd: str
    beslutsfattare: Beslutsfattare
    ordning: UUID | None
    version: int | None
    flaggor: tuple[str, ...]

    def apply(self, aggregate: "Hem") -> None:
        """Put it among the others."""
        ett = Godkannande(
            self.form,
            self.lagrum,
            self.beslutsdatum,
            self.fran,
            self.till,
            self.namnd,
            self.beslutsfattare,
            self.ordning,
            self.version,
            self.flaggor,
        )
        aggregate.godkannanden = {**aggregate.godkannanden, self.godkannande: ett}


class HemuppgiftMakulerad(Handelse):
    """A utredning, a referens or a godkännande should never have been recorded."""

    TOPIC = "placering.HemuppgiftMakulerad"

    uppgift: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Hem") -> None:
        """Forget it."""
        aggregate.glom(self.uppgift)


class BoendeSatt(Handelse):
    """A placering in the home has, or now has, these days; ``barn_till`` as in ``Boende``."""

    TOPIC = "placering.BoendeSatt"

    placering: UUID
    klient: UUID
    fran: date
    till: date | None
    leverantor: str | None
    barn_till: date | None

    def apply(self, aggregate: "Hem") -> None:
        """Remember who lives there."""
        boende = Boende(self.fran, self.till, self.klient, self.leverantor, self.barn_till)
        aggregate.boende = {**aggregate.boende, self.placering: boende}


class BoendeStruket(Handelse):
    """The placering was annulled, or is in the home no longer: its place is free."""

    TOPIC = "placering.BoendeStruket"

    placering: UUID

    def apply(self, aggregate: "Hem") -> None:
        """Forget who lived there."""
        aggregate.boende = {
            id: boende for id, boende in aggregate.boende.items() if id != self.placering
        }
