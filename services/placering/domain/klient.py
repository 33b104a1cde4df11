"""A person, and the claim that a personnummer is that person's.

Guarantees that what others may know of a person (sex, birth month, protected mark, arbetsenhet) is
all that stands here in the clear, and that a personnummer belongs to one klient in the kommun: the
claim is an aggregate of its own, found by the number's keyed hash and saved together with the
klient and a unique row, so two that register the same person at once cannot both succeed.
"""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import Kon, Rattelseskal
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.chassis.rules import Breach, refuse_on
from services.placering.domain import regler
from services.placering.domain.dagar import Dagar
from services.placering.domain.handelser import klient as handelser
from services.placering.domain.hemlighet import Hemlighet

PERSONNUMMER = "personnummer"
NAMN = "namn"
FODELSEDATUM = "fodelsedatum"
FODELSEAR = "fodelsear"
"""The names of a klient's own secrets."""


class Klient(Aggregat):
    """A person that the kommun decides about."""

    TOPIC = "placering.Klient"

    kon: Kon
    fodelsemanad: str | None
    skyddad: bool
    arbetsenhet: str | None
    nummerkrav: UUID | None
    hemligheter: tuple[Hemlighet, ...]
    ensamkommande: Dagar | None

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def registrera(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        kon: Kon,
        fodelsemanad: str | None,
        skyddad: bool,
        arbetsenhet: str | None,
        nummerkrav: UUID | None,
        hemligheter: Sequence[Hemlighet],
    ) -> Self:
        """A new person; ``fodelsemanad`` is ``YYYY-MM``. The number has been judged."""
        return cls.begin(
            handelser.KlientRegistrerad,
            id,
            sammanhang,
            kon=kon,
            fodelsemanad=fodelsemanad,
            skyddad=skyddad,
            arbetsenhet=arbetsenhet,
            nummerkrav=nummerkrav,
            hemligheter=tuple(hemligheter),
        )

    def ratta(
        self,
        sammanhang: Sammanhang,
        *,
        kon: Kon,
        fodelsemanad: str | None,
        skyddad: bool,
        arbetsenhet: str | None,
        nummerkrav: UUID | None,
        hemligheter: Sequence[Hemlighet],
        skal: Rattelseskal,
    ) -> None:
        """Correct the record; the fields are those that hold now."""
        self.record(
            handelser.KlientRattad,
            sammanhang,
            kon=kon,
            fodelsemanad=fodelsemanad,
            skyddad=skyddad,
            arbetsenhet=arbetsenhet,
            nummerkrav=nummerkrav,
            hemligheter=tuple(hemligheter),
            skal=skal,
        )

    def ange_ensamkommande(
        self, sammanhang: Sammanhang, fran: date | None, till: date | None
    ) -> None:
        """On which days the person counts as ensamkommande; ``fran`` ``None``: on none."""
        refuse_on(
            [
                Breach(None, "/till", "Ange också den första dagen.")
                if fran is None and till is not None
                else None,
                None if fran is None else regler.period_gar_framat(fran, till, "/till"),
            ]
        )
        self.record(handelser.EnsamkommandeAngivet, sammanhang, fran=fran, till=till)


class Personnummer(Aggregat):
    """The claim of one personnummer in one kommun."""

    TOPIC = "placering.Personnummer"

    klient: UUID | None

    def __init__(self) -> None:
        """State comes from the events."""

    @staticmethod
    def id_for(kommunkod: str, hashvarde: str) -> UUID:
        """The id that an earlier version gave the claim, from the number's keyed hash in hex."""
        return derived_id(kommunkod, "person", hashvarde)

    @classmethod
    def ta(cls, sammanhang: Sammanhang, id: UUID, klient: UUID) -> Self:
        """Claim a number that nobody has had."""
        return cls.begin(handelser.PersonnummerTaget, id, sammanhang, klient=klient)

    def ta_igen(self, sammanhang: Sammanhang, klient: UUID) -> None:
        """Claim a number that has been freed."""
        self.record(handelser.PersonnummerAterTaget, sammanhang, klient=klient)

    def slapp(self, sammanhang: Sammanhang) -> None:
        """Free a number that was written wrongly."""
        self.record(handelser.PersonnummerSlappt, sammanhang)
