"""An avtal with a supplier: its område, its period and how it counts days.

Guarantees that an avtal always says which of the first and last day is paid for (R-KOS-2).
"""

from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import Dagrakning, Rattelseskal
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.leverantor.domain import handelser


class Avtal(Aggregat):
    """A contract under which placements may be made."""

    TOPIC = "leverantor.Avtal"

    leverantor: UUID
    organisationsnummer: str
    enhet: UUID | None
    omrade: str
    fran: date
    till: date | None
    dagrakning: Dagrakning

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def teckna(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        leverantor: UUID,
        organisationsnummer: str,
        enhet: UUID | None,
        omrade: str,
        fran: date,
        till: date | None,
        dagrakning: Dagrakning,
    ) -> Self:
        """A new avtal; ``enhet`` is ``None`` when it is about every unit of the supplier."""
        return cls.begin(
            handelser.AvtalTecknat,
            id,
            sammanhang,
            leverantor=leverantor,
            organisationsnummer=organisationsnummer,
            enhet=enhet,
            omrade=omrade,
            fran=fran,
            till=till,
            dagrakning=dagrakning,
        )

    def ratta(
        self,
        sammanhang: Sammanhang,
        *,
        enhet: UUID | None,
        omrade: str,
        fran: date,
        till: date | None,
        dagrakning: Dagrakning,
        skal: Rattelseskal,
    ) -> None:
        """Correct the record; the fields are those that hold now."""
        self.record(
            handelser.AvtalRattat,
            sammanhang,
            leverantor=self.leverantor,
            organisationsnummer=self.organisationsnummer,
            enhet=enhet,
            omrade=omrade,
            fran=fran,
            till=till,
            dagrakning=dagrakning,
            skal=skal,
        )
