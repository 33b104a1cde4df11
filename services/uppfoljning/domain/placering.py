"""What is known about a placering from its own events: stay, end, agreed price rows.

Guarantees that the latest correction holds as a whole (its end and avslutsorsak too), that a price
row with the same id replaces the one before, and that an annulled placering stays annulled.
"""

from datetime import date
from typing import NamedTuple, assert_never
from uuid import UUID

from contracts.ord import Avslutsorsak, Prisslag, placeringsformskod
from contracts.placering import (
    PlaceringAvslutad,
    PlaceringInledd,
    PlaceringMakulerad,
    PlaceringPrisAndrat,
    PlaceringRattad,
    PlaceringsavtalForlangt,
)
from services.uppfoljning.domain.dagintervall import Dagintervall, intervall

PlaceringsHandelse = (
    PlaceringInledd
    | PlaceringRattad
    | PlaceringPrisAndrat
    | PlaceringsavtalForlangt
    | PlaceringAvslutad
    | PlaceringMakulerad
)


class Prisrad(NamedTuple):
    """An agreed price row: a ``grund`` row until the next one, a ``tillagg`` row to ``till``.

    ``ore`` ``None``: the unit's list price on ``fran``. ``lista`` is the event that set that price,
    once it has been looked up.
    """

    slag: Prisslag
    fran: date
    till: date | None
    ore: int | None
    id: str
    lista: tuple[str, ...] = ()


class Placeringslage:
    """A placering as known. ``uppgifter`` is ``None`` until it is known to have begun."""

    __slots__ = (
        "beslut_bestar",
        "makulerad",
        "orsak",
        "placeringsform",
        "prisrader",
        "slut_id",
        "till",
        "uppgifter",
        "uppgifter_id",
    )

    def __init__(self) -> None:
        self.uppgifter: PlaceringInledd | PlaceringRattad | None = None
        self.uppgifter_id = ""
        self.placeringsform = ""
        self.till: date | None = None
        self.orsak: Avslutsorsak | None = None
        self.beslut_bestar = False
        self.slut_id: str | None = None
        self.prisrader: dict[UUID, Prisrad] = {}
        self.makulerad = False

    def tillampa(self, handelse: PlaceringsHandelse, id: str) -> None:
        """Take in one of the placering's own events."""
        match handelse:
            case PlaceringInledd():
                self._satt_uppgifter(handelse, id)
            case PlaceringRattad():
                self._satt_uppgifter(handelse, id)
                self._satt_slut(handelse.till, handelse.orsak, handelse.beslut_bestar, None)
            case PlaceringAvslutad():
                self._satt_slut(handelse.till, handelse.orsak, handelse.beslut_bestar, id)
            case PlaceringPrisAndrat():
                self._satt_prisrad(
                    handelse.prisrad,
                    Prisrad(
                        handelse.slag, handelse.fran, handelse.till, handelse.dygnspris_ore, id
                    ),
                )
            case PlaceringsavtalForlangt():
                # The row outlives the agreement: the price holds while the stay goes on.
                self._satt_prisrad(
                    handelse.prisrad,
                    Prisrad(Prisslag.GRUND, handelse.fran, None, handelse.dygnspris_ore, id),
                )
            case PlaceringMakulerad():
                self.makulerad = True
            case _:
                assert_never(handelse)

    def _satt_uppgifter(self, handelse: PlaceringInledd | PlaceringRattad, id: str) -> None:
        self.uppgifter, self.uppgifter_id = handelse, id
        self.placeringsform = placeringsformskod(handelse.form, handelse.regi, handelse.natverk)

    def _satt_prisrad(self, prisrad: UUID, rad: Prisrad) -> None:
        """Out and in again: the rows stand in the order in which they were last recorded."""
        self.prisrader.pop(prisrad, None)
        self.prisrader[prisrad] = rad

    def listprisdagar(self) -> list[date]:
        """The days whose list price binds: the first, and those from which it was extended."""
        dagar = [rad.fran for rad in self.prisrader.values() if rad.ore is None]
        if self.uppgifter is not None and self.uppgifter.dygnspris_ore is None:
            dagar.append(self.uppgifter.fran)
        return dagar

    def _satt_slut(
        self, till: date | None, orsak: Avslutsorsak | None, bestar: bool, id: str | None
    ) -> None:
        self.till, self.orsak, self.beslut_bestar, self.slut_id = till, orsak, bestar, id

    def vistelse(self) -> Dagintervall | None:
        """The days of the stay; ``None`` where there is none (annulled, or no day in it)."""
        if self.uppgifter is None or self.makulerad:
            return None
        return intervall(self.uppgifter.fran, self.till)

    def handelser(self) -> tuple[str, ...]:
        """The events that set the stay."""
        if self.slut_id is None:
            return (self.uppgifter_id,)
        return (self.uppgifter_id, self.slut_id)
