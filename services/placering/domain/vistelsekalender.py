"""A person's stays, in one place, so that two of them never cover the same day (R-PLA-1).

Guarantees that the rule holds also when many try at once: the calendar is one aggregate a person,
saved together with the placering, so of two that would overlap one loses its race, is judged anew
and is refused.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.placering.domain.handelser import vistelsekalender as handelser


@dataclass(frozen=True, slots=True)
class Vistelse:
    """Days in one home, both included; ``till`` ``None`` means that it goes on."""

    fran: date
    till: date | None

    def krockar(self, annan: "Vistelse") -> bool:
        """Whether both cover a day that is not the shared day of a move between them."""
        slut, annans_slut = self.till or date.max, annan.till or date.max
        if annan.fran > slut or self.fran > annans_slut:
            return False
        return self.till != annan.fran and annan.till != self.fran


class Vistelsekalender(Aggregat):
    """Every stay of one person that has not been annulled."""

    TOPIC = "placering.Vistelsekalender"

    klient: UUID
    vistelser: dict[UUID, Vistelse]

    def __init__(self) -> None:
        """State comes from the events."""

    @staticmethod
    def id_for(kommunkod: str, klient: UUID) -> UUID:
        """The calendar's id, the same for ever."""
        return derived_id(kommunkod, "vistelsekalender", str(klient))

    @classmethod
    def borja(cls, sammanhang: Sammanhang, klient: UUID) -> Self:
        """An empty calendar."""
        id = cls.id_for(sammanhang.kommunkod, klient)
        return cls.begin(handelser.KalenderBorjad, id, sammanhang, klient=klient)

    def krock(self, fran: date, till: date | None, utom: UUID | None = None) -> Vistelse | None:
        """The first stay that these days collide with, ``utom`` left out."""
        ny = Vistelse(fran, till)
        for placering, vistelse in self.vistelser.items():
            if placering != utom and vistelse.krockar(ny):
                return vistelse
        return None

    def satt(self, sammanhang: Sammanhang, placering: UUID, fran: date, till: date | None) -> None:
        """The placering's stay, new or changed; the days have been judged."""
        if self.vistelser.get(placering) == Vistelse(fran, till):
            return
        self.record(handelser.VistelseSatt, sammanhang, placering=placering, fran=fran, till=till)

    def stryk(self, sammanhang: Sammanhang, placering: UUID) -> None:
        """Free the days of a placering that is annulled."""
        self.record(handelser.VistelseStruken, sammanhang, placering=placering)

    def satt_vistelse(self, placering: UUID, fran: date, till: date | None) -> None:
        """For the events: put the stay in."""
        self.vistelser[placering] = Vistelse(fran, till)
