"""Events of a klient, and of the claim that makes a personnummer one person's alone."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import (
    Kon,
    Rattelseskal,
)
from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.dagar import Dagar
from services.placering.domain.hemlighet import Hemlighet

if TYPE_CHECKING:
    from services.placering.domain.klient import Klient, Personnummer


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
        aggregate.ensamkommande = None
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


class EnsamkommandeAngivet(Handelse):
    """On which days the person counts as an ensamkommande barn; ``fran`` ``None``: on none."""

    TOPIC = "placering.EnsamkommandeAngivet"

    fran: date | None
    till: date | None

    def apply(self, aggregate: "Klient") -> None:
        """The days that hold now."""
        aggregate.ensamkommande = None if self.fran is None else Dagar(self.fran, self.till)


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
