"""A supplier, and the claim that its organisationsnummer is its own.

Guarantees that a supplier is told apart by its number and not by its name (R-LEV-3), and that the
number is unique in the kommun: the number is an aggregate of its own, saved together with the
supplier, so two that register the same number at once cannot both succeed.
"""

from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import Leverantorstyp, Rattelseskal
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.chassis.rules import Breach, Refused
from services.leverantor.domain import handelser


class Leverantor(Aggregat):
    """A supplier in the register and whether it may be called off."""

    TOPIC = "leverantor.Leverantor"

    organisationsnummer: str
    namn: str
    typ: Leverantorstyp
    avropsstopp_fran: date | None

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def registrera(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        organisationsnummer: str,
        namn: str,
        typ: Leverantorstyp,
    ) -> Self:
        """A new supplier; the number has been judged."""
        return cls.begin(
            handelser.LeverantorRegistrerad,
            id,
            sammanhang,
            organisationsnummer=organisationsnummer,
            namn=namn,
            typ=typ,
        )

    def ratta(
        self,
        sammanhang: Sammanhang,
        *,
        organisationsnummer: str,
        namn: str,
        typ: Leverantorstyp,
        skal: Rattelseskal,
    ) -> None:
        """Correct or rename."""
        self.record(
            handelser.LeverantorRattad,
            sammanhang,
            organisationsnummer=organisationsnummer,
            namn=namn,
            typ=typ,
            skal=skal,
        )

    def satt_avropsstopp(self, sammanhang: Sammanhang, fran: date) -> None:
        """Forbid new placements from ``fran``; refused when already forbidden."""
        if self.avropsstopp_fran is not None:
            raise Refused(Breach(None, "/fran", "Leverantören har redan avropsstopp."))
        self.record(
            handelser.AvropsstoppSatt,
            sammanhang,
            organisationsnummer=self.organisationsnummer,
            fran=fran,
        )

    def hav_avropsstopp(self, sammanhang: Sammanhang, fran: date) -> None:
        """Allow placements again from ``fran``; refused when they are not forbidden."""
        if self.avropsstopp_fran is None:
            raise Refused(Breach(None, "/fran", "Leverantören har inget avropsstopp."))
        if fran < self.avropsstopp_fran:
            raise Refused(Breach(None, "/fran", "Avropsstoppet börjar senare än så."))
        self.record(
            handelser.AvropsstoppHavt,
            sammanhang,
            organisationsnummer=self.organisationsnummer,
            fran=fran,
        )


class Organisationsnummer(Aggregat):
    """The claim of one organisationsnummer in one kommun."""

    TOPIC = "leverantor.Organisationsnummer"

    leverantor: UUID | None

    def __init__(self) -> None:
        """State comes from the events."""

    @staticmethod
    def id_for(kommunkod: str, organisationsnummer: str) -> UUID:
        """The claim's id, the same for ever."""
        return derived_id(kommunkod, "organisationsnummer", organisationsnummer)

    @classmethod
    def ta(cls, sammanhang: Sammanhang, organisationsnummer: str, leverantor: UUID) -> Self:
        """Claim a number that nobody has had."""
        id = cls.id_for(sammanhang.kommunkod, organisationsnummer)
        return cls.begin(handelser.OrganisationsnummerTaget, id, sammanhang, leverantor=leverantor)

    def ta_igen(self, sammanhang: Sammanhang, leverantor: UUID) -> None:
        """Claim a number that has been freed."""
        self.record(handelser.OrganisationsnummerAterTaget, sammanhang, leverantor=leverantor)

    def slapp(self, sammanhang: Sammanhang) -> None:
        """Free a number that was written wrongly."""
        self.record(handelser.OrganisationsnummerSlappt, sammanhang)
