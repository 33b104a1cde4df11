"""The events that this service stores: its memory, read for ever.

Guarantees that no event holds a personnummer, a name, a birth date or a free text about a person
(only pointers to ciphertext), and that whatever a reader of the stream needs was written when it
was decided: every event that others may know carries the klient, because an event is mapped to
its contract messages without looking anything up.
"""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import (
    Avslutsorsak,
    Drojsmalsorsak,
    Form,
    Kon,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
    SkalUtomRamavtal,
)
from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.beslutsfattare import Beslutsfattare
from services.placering.domain.hemlighet import Hemlighet

if TYPE_CHECKING:
    from services.placering.domain.beslut import Beslut
    from services.placering.domain.klient import Klient, Personnummer
    from services.placering.domain.placering import Placering
    from services.placering.domain.vistelsekalender import Vistelsekalender


# -- klient ---------------------------------------------------------------------------------------


class KlientRegistrerad(Skapelse):
    """A person became known to the kommun."""

    TOPIC = "placering.KlientRegistrerad"

    kon: Kon
    fodelsemanad: str | None
    skyddad: bool
    arbetsenhet: str | None
    nummerkrav: UUID | None
    """The claim of the personnummer, ``None`` when no number is known."""
    hemligheter: tuple[Hemlighet, ...]

    def apply(self, aggregate: "Klient") -> None:
        """Begin with what was registered."""
        _klientens_uppgifter(aggregate, self)


class KlientRattad(Handelse):
    """The person's record was corrected; the fields are those that hold now."""

    TOPIC = "placering.KlientRattad"

    kon: Kon
    fodelsemanad: str | None
    skyddad: bool
    arbetsenhet: str | None
    nummerkrav: UUID | None
    hemligheter: tuple[Hemlighet, ...]
    skal: Rattelseskal

    def apply(self, aggregate: "Klient") -> None:
        """Take the corrected fields."""
        _klientens_uppgifter(aggregate, self)


def _klientens_uppgifter(klient: "Klient", handelse: KlientRegistrerad | KlientRattad) -> None:
    klient.kon = handelse.kon
    klient.fodelsemanad = handelse.fodelsemanad
    klient.skyddad = handelse.skyddad
    klient.arbetsenhet = handelse.arbetsenhet
    klient.nummerkrav = handelse.nummerkrav
    klient.hemligheter = handelse.hemligheter


class PersonnummerTaget(Skapelse):
    """A personnummer (known here by its keyed hash only) belongs to this klient."""

    TOPIC = "placering.PersonnummerTaget"

    klient: UUID

    def apply(self, aggregate: "Personnummer") -> None:
        """Remember whose it is."""
        aggregate.klient = self.klient


class PersonnummerSlappt(Handelse):
    """The personnummer was written wrongly and is free again."""

    TOPIC = "placering.PersonnummerSlappt"

    def apply(self, aggregate: "Personnummer") -> None:
        """Nobody has it."""
        aggregate.klient = None


class PersonnummerAterTaget(Handelse):
    """A freed personnummer was taken again."""

    TOPIC = "placering.PersonnummerAterTaget"

    klient: UUID

    def apply(self, aggregate: "Personnummer") -> None:
        """Remember whose it is."""
        aggregate.klient = self.klient


# -- beslut ---------------------------------------------------------------------------------------


class BeslutFattat(Skapelse):
    """An insats was granted (R-BES-1)."""

    TOPIC = "placering.BeslutFattat"

    klient: UUID
    lag: str
    lagrum: str
    evb: bool
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: Beslutsfattare | None
    hemligheter: tuple[Hemlighet, ...]
    flaggor: tuple[str, ...]
    """Rules that a row taken over from another system did not meet (R-PLA-18)."""

    def apply(self, aggregate: "Beslut") -> None:
        """Begin as decided and not carried out."""
        aggregate.klient = self.klient
        aggregate.flaggor = self.flaggor
        aggregate.makulerat = False
        aggregate.upphort = None
        aggregate.steg = []
        aggregate.drojsmal = []
        aggregate.vistelser = {}
        _beslutets_uppgifter(aggregate, self)


class BeslutRattat(Handelse):
    """The beslut's record was corrected; the fields are those that hold now."""

    TOPIC = "placering.BeslutRattat"

    klient: UUID
    lag: str
    lagrum: str
    evb: bool
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: Beslutsfattare | None
    hemligheter: tuple[Hemlighet, ...]
    skal: Rattelseskal

    def apply(self, aggregate: "Beslut") -> None:
        """Take the corrected fields."""
        _beslutets_uppgifter(aggregate, self)


def _beslutets_uppgifter(beslut: "Beslut", handelse: BeslutFattat | BeslutRattat) -> None:
    beslut.lag = handelse.lag
    beslut.lagrum = handelse.lagrum
    beslut.evb = handelse.evb
    beslut.insatstyp = handelse.insatstyp
    beslut.beslutsdatum = handelse.beslutsdatum
    beslut.galler_till = handelse.galler_till
    beslut.namnd = handelse.namnd
    beslut.arbetsenhet = handelse.arbetsenhet
    beslut.beslutsfattare = handelse.beslutsfattare
    beslut.hemligheter = handelse.hemligheter


class BeslutMakulerat(Handelse):
    """The beslut should never have been recorded."""

    TOPIC = "placering.BeslutMakulerat"

    klient: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Beslut") -> None:
        """Nothing more can be done with it."""
        aggregate.makulerat = True


class BeslutVerkstallt(Handelse):
    """The insats began on ``datum``, wholly or in part."""

    TOPIC = "placering.BeslutVerkstallt"

    klient: UUID
    datum: date
    omfattning: Omfattning

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the step."""
        aggregate.lagg_till_steg("verkstallt", self.datum, self.omfattning)


class BeslutAvbrutet(Handelse):
    """The insats was interrupted; ``datum`` is the first day without it."""

    TOPIC = "placering.BeslutAvbrutet"

    klient: UUID
    datum: date

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the step."""
        aggregate.lagg_till_steg("avbrutet", self.datum)


class BeslutAterupptaget(Handelse):
    """The interrupted insats began again on ``datum``."""

    TOPIC = "placering.BeslutAterupptaget"

    klient: UUID
    datum: date

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the step."""
        aggregate.lagg_till_steg("aterupptaget", self.datum)


class BeslutUpphort(Handelse):
    """The beslut ended; ``datum`` is the first day on which it no longer holds."""

    TOPIC = "placering.BeslutUpphort"

    klient: UUID
    datum: date

    def apply(self, aggregate: "Beslut") -> None:
        """Remember from when."""
        aggregate.upphort = self.datum


class DrojsmalsorsakAngiven(Handelse):
    """Why the beslut is not carried out, from ``datum`` on (R-EVB-13)."""

    TOPIC = "placering.DrojsmalsorsakAngiven"

    klient: UUID
    datum: date
    orsak: Drojsmalsorsak

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the reason beside the earlier ones."""
        aggregate.drojsmal = [*aggregate.drojsmal, (self.datum, self.orsak)]


class VistelseUnderBeslut(Handelse):
    """A placering under the beslut has, or now has, this stay (R-EVB-14)."""

    TOPIC = "placering.VistelseUnderBeslut"

    placering: UUID
    fran: date
    till: date | None

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the stay."""
        aggregate.vistelser = {**aggregate.vistelser, self.placering: (self.fran, self.till)}


class VistelseUnderBeslutStruken(Handelse):
    """The placering was annulled: no stay of it under the beslut."""

    TOPIC = "placering.VistelseUnderBeslutStruken"

    placering: UUID

    def apply(self, aggregate: "Beslut") -> None:
        """Forget the stay."""
        aggregate.vistelser = {
            id: stay for id, stay in aggregate.vistelser.items() if id != self.placering
        }


# -- placering ------------------------------------------------------------------------------------


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
        aggregate.beslut_bestar = False
        aggregate.makulerad = False
        aggregate.prisrader = {}
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
        """Take the corrected fields."""
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


class PlaceringPrisAndrat(Handelse):
    """A price row was agreed, or the row with the same id replaced."""

    TOPIC = "placering.PlaceringPrisAndrat"

    klient: UUID
    beslut: UUID
    prisrad: UUID
    slag: Prisslag
    fran: date
    till: date | None
    dygnspris_ore: int

    def apply(self, aggregate: "Placering") -> None:
        """Put the row among the others, or in the place of the one with its id."""
        aggregate.satt_prisrad(self.prisrad, self.slag, self.fran, self.till, self.dygnspris_ore)


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


class PlaceringMakulerad(Handelse):
    """The placering should never have been recorded."""

    TOPIC = "placering.PlaceringMakulerad"

    klient: UUID
    beslut: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Placering") -> None:
        """Nothing more can be done with it."""
        aggregate.makulerad = True


# -- vistelsekalender -----------------------------------------------------------------------------


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
