"""A person's stays, in one place, so that two of them never cover the same day (R-PLA-1).

Guarantees that the rule holds also when many try at once: the calendar is one aggregate a person,
saved together with the placering, so of two that would overlap one loses its race, is judged anew
and is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.placering.domain.dagar import Dagar
from services.placering.domain.handelser import vistelsekalender as handelser


@dataclass(frozen=True, slots=True)
class Vistelse(Dagar):
    """Days in one home, both included; ``till`` ``None`` means that it goes on."""

    def krockar(self, annan: "Vistelse", borta: Iterable[Dagar] = ()) -> bool:
        """Whether both cover a day that is neither the shared day of a move nor in ``borta``.

        ``borta`` are the days on which either of them is left to another stay (R-PLA-1).
        """
        delade = Dagar(self.fran, self.till).delade_med(Dagar(annan.fran, annan.till))
        if delade is None or annan.fran == self.till or self.fran == annan.till:
            return False
        return not delade.tacks_av(borta)


class Vistelsekalender(Aggregat):
    """Every stay of one person that has not been annulled, and the days left to another."""

    TOPIC = "placering.Vistelsekalender"

    klient: UUID
    vistelser: dict[UUID, Vistelse]
    borta: dict[UUID, tuple[Dagar, ...]]

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

    def krock(
        self,
        fran: date,
        till: date | None,
        utom: UUID | None = None,
        borta: Iterable[Dagar] | None = None,
    ) -> Vistelse | None:
        """The first stay that these days collide with, ``utom`` left out.

        ``borta`` are the days that the stay leaves to others; ``None``: those known of ``utom``.
        """
        ny = Vistelse(fran, till)
        egna = self._borta(utom) if borta is None else tuple(borta)
        for placering, vistelse in self.vistelser.items():
            if placering != utom and vistelse.krockar(ny, (*egna, *self._borta(placering))):
                return vistelse
        return None

    def satt(self, sammanhang: Sammanhang, placering: UUID, fran: date, till: date | None) -> None:
        """The placering's stay, new or changed; the days have been judged."""
        if self.vistelser.get(placering) == Vistelse(fran, till):
            return
        self.record(handelser.VistelseSatt, sammanhang, placering=placering, fran=fran, till=till)

    def lamna(self, sammanhang: Sammanhang, placering: UUID, borta: tuple[Dagar, ...]) -> None:
        """The days that the placering leaves to another stay; they have been judged."""
        if self._borta(placering) == borta:
            return
        self.record(handelser.DagarLamnade, sammanhang, placering=placering, dagar=borta)

    def stryk(self, sammanhang: Sammanhang, placering: UUID) -> None:
        """Free the days of a placering that is annulled."""
        self.record(handelser.VistelseStruken, sammanhang, placering=placering)

    def satt_vistelse(self, placering: UUID, fran: date, till: date | None) -> None:
        """For the events: put the stay in."""
        self.vistelser[placering] = Vistelse(fran, till)

    def _borta(self, placering: UUID | None) -> tuple[Dagar, ...]:
        return () if placering is None else self.borta.get(placering, ())
