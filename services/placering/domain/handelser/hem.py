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
    AnnanKommunsBarn,
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


class HemmetsArvodesnivaSatt(Handelse):
    """The level of the arvode from ``fran`` on; a row of the same day is replaced."""

    TOPIC = "placering.HemmetsArvodesnivaSatt"

    fran: date
    niva: str

    def apply(self, aggregate: "Hem") -> None:
        """Put the level among the others."""
        aggregate.arvodesniva = {**aggregate.arvodesniva, self.fran: self.niva}


class HemmetsTillhorighetSatt(Handelse):
    """Whose the home is from ``fran`` on; ``None``: the kommun's own (R-PLA-16)."""

    TOPIC = "placering.HemmetsTillhorighetSatt"

    fran: date
    leverantor: str | None

    def apply(self, aggregate: "Hem") -> None:
        """Put it among the others, or in the place of the one of the day."""
        aggregate.tillhorighet = {**aggregate.tillhorighet, self.fran: self.leverantor}


class HemAvslutat(Handelse):
    """The home takes nobody in any longer; ``till`` is the last day on which somebody could."""

    TOPIC = "placering.HemAvslutat"

    till: date

    def apply(self, aggregate: "Hem") -> None:
        """Remember the last day."""
        aggregate.till = self.till


class IvoUnderrattadOmHem(Handelse):
    """IVO was told on ``datum`` of the days, ``fran`` among them, with too many (R-PLA-8)."""

    TOPIC = "placering.IvoUnderrattadOmHem"

    fran: date
    datum: date

    def apply(self, aggregate: "Hem") -> None:
        """Remember when, in the place of what was said of the same day."""
        aggregate.ivo_underrattad = {**aggregate.ivo_underrattad, self.fran: self.datum}


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


class AnnanKommunsBarnSatt(Handelse):
    """A child whom another kommun placed lives in the home on these days, or now on these."""

    TOPIC = "placering.AnnanKommunsBarnSatt"

    barn: UUID
    kommun: str
    referens: str
    fran: date
    till: date | None

    def apply(self, aggregate: "Hem") -> None:
        """Put the child among the others, or in the place of the row with the id."""
        ett = AnnanKommunsBarn(self.kommun, self.referens, self.fran, self.till)
        aggregate.andras = {**aggregate.andras, self.barn: ett}


class AnnanKommunsBarnStruket(Handelse):
    """The other kommun's child should never have been recorded."""

    TOPIC = "placering.AnnanKommunsBarnStruket"

    barn: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Hem") -> None:
        """Forget the row."""
        aggregate.andras = {id: ett for id, ett in aggregate.andras.items() if id != self.barn}
