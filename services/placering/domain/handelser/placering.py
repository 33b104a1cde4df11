"""Events of a placering: where and from when, its prices, its end."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.ord import (
    Avslutsorsak,
    Destination,
    Form,
    Prisslag,
    Rattelseskal,
    Regi,
    SkalUtomRamavtal,
)
from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.betalare import Andelar
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.placeringsavtal import (
    RETROAKTIV,
    Overenskommelse,
    Placeringsavtal,
    Prisvillkor,
    Tillaggsslag,
)

if TYPE_CHECKING:
    from services.placering.domain.placering import Placering


class PlaceringInledd(Skapelse):
    """A person moved in on ``fran``; the stay runs until an avslut says otherwise."""

    TOPIC = "placering.PlaceringInledd"

    klient: UUID
    beslut: UUID
    form: Form
    regi: Regi
    natverk: bool
    leverantor: str | None
    enhet: UUID | None
    avtal: UUID | None
    fran: date
    dygnspris_ore: int | None
    skal_utom_ramavtal: SkalUtomRamavtal | None
    hemligheter: tuple[Hemlighet, ...]
    flaggor: tuple[str, ...]

    def apply(self, aggregate: "Placering") -> None:
        """Begin as running."""
        aggregate.klient = self.klient
        aggregate.beslut = self.beslut
        aggregate.flaggor = self.flaggor
        aggregate.till = None
        aggregate.orsak = None
        aggregate.destination = None
        aggregate.beslut_bestar = False
        aggregate.makulerad = False
        aggregate.prisrader = {}
        aggregate.prisvillkor = {}
        aggregate.placeringsavtal = None
        aggregate.franvaro = {}
        aggregate.planerat_slut = None
        aggregate.betalare = {}
        aggregate.hem = None
        _placeringens_uppgifter(aggregate, self)


class PlaceringRattad(Handelse):
    """The placering's record was corrected; the fields are those that hold now."""

    TOPIC = "placering.PlaceringRattad"

    klient: UUID
    beslut: UUID
    form: Form
    regi: Regi
    natverk: bool
    leverantor: str | None
    enhet: UUID | None
    avtal: UUID | None
    fran: date
    dygnspris_ore: int | None
    skal_utom_ramavtal: SkalUtomRamavtal | None
    till: date | None
    orsak: Avslutsorsak | None
    beslut_bestar: bool
    hemligheter: tuple[Hemlighet, ...]
    skal: Rattelseskal

    def apply(self, aggregate: "Placering") -> None:
        """Take the corrected fields; one that runs has no destination."""
        if self.till is None:
            aggregate.destination = None
        aggregate.till = self.till
        aggregate.orsak = self.orsak
        aggregate.beslut_bestar = self.beslut_bestar
        _placeringens_uppgifter(aggregate, self)


def _placeringens_uppgifter(
    placering: "Placering", handelse: PlaceringInledd | PlaceringRattad
) -> None:
    placering.form = handelse.form
    placering.regi = handelse.regi
    placering.natverk = handelse.natverk
    placering.leverantor = handelse.leverantor
    placering.enhet = handelse.enhet
    placering.avtal = handelse.avtal
    placering.fran = handelse.fran
    placering.dygnspris_ore = handelse.dygnspris_ore
    placering.skal_utom_ramavtal = handelse.skal_utom_ramavtal
    placering.hemligheter = handelse.hemligheter


class PlaceringHemAngivet(Handelse):
    """The home where the person lives is this one; ``None``: none is named any longer."""

    TOPIC = "placering.PlaceringHemAngivet"

    klient: UUID
    beslut: UUID
    hem: UUID | None

    def apply(self, aggregate: "Placering") -> None:
        """Remember which."""
        aggregate.hem = self.hem


class PlaceringPrisAndrat(Handelse):
    """A price row was agreed, or the row with the same id replaced.

    ``skal`` says why a price is changed backwards in time, which ``retroaktiv`` tells (R-KOS-5).
    """

    TOPIC = "placering.PlaceringPrisAndrat"
    class_version = 2

    klient: UUID
    beslut: UUID
    prisrad: UUID
    slag: Prisslag
    fran: date
    till: date | None
    dygnspris_ore: int
    tillagg: Tillaggsslag | None = None
    overenskommelse: Overenskommelse | None = None
    retroaktiv: bool = False
    skal: Rattelseskal | None = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """The first version knew neither what a row is for nor who agreed: the defaults hold."""

    def apply(self, aggregate: "Placering") -> None:
        """Put the row among the others, or in the place of the one with its id."""
        aggregate.satt_prisrad(
            self.prisrad, self.slag, self.fran, self.till, self.dygnspris_ore, _villkor(self)
        )
        _flagga_retroaktiv(aggregate, self)


class PlaceringsavtalTecknat(Handelse):
    """The agreement for the person: until when, and who agreed; its prices are rows of their own.

    With ``skal`` it is in the place of one that was wrong.
    """

    TOPIC = "placering.PlaceringsavtalTecknat"

    klient: UUID
    beslut: UUID
    till: date | None
    overenskommelse: Overenskommelse
    skal: Rattelseskal | None

    def apply(self, aggregate: "Placering") -> None:
        """The agreement that now holds."""
        aggregate.placeringsavtal = Placeringsavtal(self.till, self.overenskommelse)


class PlaceringsavtalForlangt(Handelse):
    """The agreement goes on from ``fran``, at a new price (R-KOS-3, policy ``fast``).

    ``dygnspris_ore`` ``None``: the unit's list price on ``fran``.
    """

    TOPIC = "placering.PlaceringsavtalForlangt"

    klient: UUID
    beslut: UUID
    prisrad: UUID
    fran: date
    till: date | None
    dygnspris_ore: int | None
    overenskommelse: Overenskommelse
    retroaktiv: bool
    skal: Rattelseskal | None

    def apply(self, aggregate: "Placering") -> None:
        """The agreement holds longer, and has a basic price from the day on."""
        aggregate.placeringsavtal = Placeringsavtal(self.till, self.overenskommelse)
        aggregate.satt_prisrad(
            self.prisrad,
            Prisslag.GRUND,
            self.fran,
            None,
            self.dygnspris_ore,
            Prisvillkor(None, self.overenskommelse, self.retroaktiv, self.skal),
        )
        _flagga_retroaktiv(aggregate, self)


def _villkor(handelse: PlaceringPrisAndrat) -> Prisvillkor:
    return Prisvillkor(
        handelse.tillagg, handelse.overenskommelse, handelse.retroaktiv, handelse.skal
    )


def _flagga_retroaktiv(
    placering: "Placering", handelse: PlaceringPrisAndrat | PlaceringsavtalForlangt
) -> None:
    if handelse.retroaktiv:
        placering.flagga(RETROAKTIV)


class BetalareSatta(Handelse):
    """Who pays what share from ``fran`` on, in hundredths of a per cent (R-KOS-15)."""

    TOPIC = "placering.BetalareSatta"

    klient: UUID
    beslut: UUID
    fran: date
    ifo: int
    annan_namnd: int
    region: int
    migrationsverket: int

    def apply(self, aggregate: "Placering") -> None:
        """Put the shares among the others, or in the place of those of the day."""
        aggregate.satt_andelar(
            self.fran, Andelar(self.ifo, self.annan_namnd, self.region, self.migrationsverket)
        )


class PlaneratSlutSatt(Handelse):
    """The stay is meant to end with this day; ``None``: nothing is planned any longer."""

    TOPIC = "placering.PlaneratSlutSatt"

    klient: UUID
    beslut: UUID
    planerat_slut: date | None

    def apply(self, aggregate: "Placering") -> None:
        """Remember the plan; the stay goes on until an avslut says otherwise."""
        aggregate.planerat_slut = self.planerat_slut


class PlaceringAvslutad(Handelse):
    """The stay ended; ``till`` is the last day there (R-PLA-12)."""

    TOPIC = "placering.PlaceringAvslutad"

    klient: UUID
    beslut: UUID
    till: date
    orsak: Avslutsorsak
    beslut_bestar: bool
    hemligheter: tuple[Hemlighet, ...]

    def apply(self, aggregate: "Placering") -> None:
        """Remember how it ended."""
        aggregate.till = self.till
        aggregate.orsak = self.orsak
        aggregate.beslut_bestar = self.beslut_bestar
        aggregate.hemligheter = (*aggregate.hemligheter, *self.hemligheter)


class DestinationAngiven(Handelse):
    """Where the person went when the stay ended; ``None``: it is not said."""

    TOPIC = "placering.DestinationAngiven"

    klient: UUID
    beslut: UUID
    destination: Destination | None

    def apply(self, aggregate: "Placering") -> None:
        """What is known now."""
        aggregate.destination = self.destination


class PlaceringMakulerad(Handelse):
    """The placering should never have been recorded."""

    TOPIC = "placering.PlaceringMakulerad"

    klient: UUID
    beslut: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Placering") -> None:
        """Nothing more can be done with it."""
        aggregate.makulerad = True
