"""What is known about a beslut from its own events.

Guarantees that the latest correction holds as a whole, that what was recorded of its execution is
kept with the order of recording, and that an annulled beslut stays annulled.
"""

from datetime import date
from typing import NamedTuple

from contracts.ord import Drojsmalsorsak
from contracts.placering import (
    BeslutAterupptaget,
    BeslutAvbrutet,
    BeslutFattat,
    BeslutMakulerat,
    BeslutRattat,
    BeslutUpphort,
    BeslutVerkstallt,
    DrojsmalsorsakAngiven,
)

BeslutsHandelse = (
    BeslutFattat
    | BeslutRattat
    | BeslutMakulerat
    | BeslutVerkstallt
    | BeslutAvbrutet
    | BeslutAterupptaget
    | BeslutUpphort
    | DrojsmalsorsakAngiven
)
Verkstallighet = BeslutVerkstallt | BeslutAvbrutet | BeslutAterupptaget


class Upphorande(NamedTuple):
    """The first day on which the beslut does not hold, and the event that says so."""

    datum: date
    id: str


class Orsak(NamedTuple):
    """A reason for delay from ``datum`` on."""

    datum: date
    orsak: Drojsmalsorsak
    id: str


class Beslutslage:
    """A beslut as known. ``uppgifter`` is ``None`` until it is known to have been taken."""

    __slots__ = (
        "lagrum",
        "lagrum_id",
        "makulerat",
        "orsaker",
        "uppgifter",
        "uppgifter_id",
        "upphorande",
        "verkstallighet",
    )

    def __init__(self) -> None:
        self.uppgifter: BeslutFattat | BeslutRattat | None = None
        self.uppgifter_id = ""
        self.lagrum = ""
        self.lagrum_id: str | None = None
        self.verkstallighet: list[tuple[Verkstallighet, str]] = []
        self.orsaker: list[Orsak] = []
        self.upphorande: Upphorande | None = None
        self.makulerat = False

    def tillampa(self, handelse: BeslutsHandelse, id: str) -> bool:
        """Take in one of its own events; whether its lagrum became another.

        An ending recorded anew replaces the one before: a beslut ends once.
        """
        match handelse:
            case BeslutFattat() | BeslutRattat():
                self.uppgifter, self.uppgifter_id = handelse, id
                if handelse.lagrum != self.lagrum:
                    self.lagrum, self.lagrum_id = handelse.lagrum, id
                    return True
            case BeslutMakulerat():
                self.makulerat = True
            case BeslutUpphort():
                self.upphorande = Upphorande(handelse.datum, id)
            case DrojsmalsorsakAngiven():
                self.orsaker.append(Orsak(handelse.datum, handelse.orsak, id))
            case _:
                self.verkstallighet.append((handelse, id))
        return False
