"""A supplier's unit and its list prices.

Guarantees that a price holds from its date on until the next one, and that setting the price of a
date again replaces it with an event of its own.
"""

from datetime import date
from typing import Self
from uuid import UUID

from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.leverantor.domain import handelser


class Enhet(Aggregat):
    """A unit where people may be placed."""

    TOPIC = "leverantor.Enhet"

    leverantor: UUID
    organisationsnummer: str
    namn: str
    priser: dict[date, int]

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def registrera(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        leverantor: UUID,
        organisationsnummer: str,
        namn: str,
    ) -> Self:
        """A new unit of a supplier in the register."""
        return cls.begin(
            handelser.EnhetRegistrerad,
            id,
            sammanhang,
            leverantor=leverantor,
            organisationsnummer=organisationsnummer,
            namn=namn,
        )

    def satt_grunddygnspris(
        self, sammanhang: Sammanhang, *, fran: date, dygnspris_ore: int
    ) -> None:
        """The list price per day from ``fran``, in öre exclusive of moms."""
        self.record(
            handelser.GrunddygnsprisSatt,
            sammanhang,
            leverantor=self.leverantor,
            organisationsnummer=self.organisationsnummer,
            fran=fran,
            dygnspris_ore=dygnspris_ore,
        )
