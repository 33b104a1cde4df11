"""Days on which a placed person is away from the home while the placering goes on.

Guarantees that a day away has one reason, and that the days on which another stay of the person is
allowed follow from the reason alone (R-PLA-1).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.ord import Franvaroorsak
from services.chassis.rules import Breach, rule
from services.placering.domain.dagar import Dagar
from services.placering.domain.vistelsekalender import Vistelse

MED_ANNAN_VISTELSE = frozenset(
    {Franvaroorsak.ANNAN_PLACERING, Franvaroorsak.HALLEN_PLATS, Franvaroorsak.INSKOLNING}
)
"""Reasons that say that the person lives elsewhere for the time being."""


@dataclass(frozen=True, slots=True)
class Franvaro:
    """Whole days away; ``till`` is the last one, ``None``: as long as the stay lasts."""

    orsak: Franvaroorsak
    fran: date
    till: date | None

    @property
    def dagar(self) -> Dagar:
        """The days away."""
        return Dagar(self.fran, self.till)


@rule("R-PLA-1", source="LVM 27 §, JO 224-2013", consequence="compute")
def overlappbara(franvaro: Iterable[Franvaro]) -> tuple[Dagar, ...]:
    """Frånvaro för annan placering, hållen plats eller inskolning lämnar dagarna åt en annan."""
    return tuple(
        sorted(
            (en.dagar for en in franvaro if en.orsak in MED_ANNAN_VISTELSE),
            key=lambda dagar: dagar.fran,
        )
    )


@rule("R-PLA-1", source="LVM 27 §, JO 224-2013", consequence="refuse")
def franvaro_tacker_andra_vistelser(krock: Vistelse | None, pekare: str) -> Breach | None:
    """Frånvaro kan inte kortas, bytas eller strykas de dagar då en annan vistelse vilar på den."""
    if krock is None:
        return None
    text = f"Personen har en annan placering från {krock}, som frånvaron ska täcka."
    return Breach("R-PLA-1", pekare, text)


def en_franvaro_om_dagen(ny: Franvaro, andra: Iterable[Franvaro], pekare: str) -> Breach | None:
    """A day away has one reason: two absences share no day."""
    for annan in andra:
        if annan.dagar.delade_med(ny.dagar) is not None:
            return Breach(None, pekare, f"Frånvaro är redan registrerad från {annan.dagar}.")
    return None
