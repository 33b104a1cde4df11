"""What all that is recorded of a beslut rests on: its days, its steps, and the stays under it.

Guarantees that whether a beslut holds, has begun or stands still on a day is answered in one place
for every command about it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from contracts.ord import Omfattning
from services.chassis.aggregate import Aggregat
from services.chassis.rules import Breach, rule
from services.placering.domain import regler

Stegslag = Literal["verkstallt", "avbrutet", "aterupptaget"]


@dataclass(frozen=True, slots=True)
class Steg:
    """A recorded step of the execution; ``omfattning`` only of ``verkstallt``."""

    slag: Stegslag
    datum: date
    omfattning: Omfattning | None = None


class Beslutsgrund(Aggregat):
    """The part of a beslut that the others ask."""

    klient: UUID
    beslutsdatum: date
    galler_till: date | None
    makulerat: bool
    upphort: date | None
    steg: list[Steg]
    vistelser: dict[UUID, tuple[date, date | None]]

    def ar_kvar(self) -> Breach | None:
        """The breach of changing an annulled beslut."""
        return Breach(None, "", "Beslutet är makulerat.") if self.makulerat else None

    def om_dagen(self, dag: date, pekare: str = "/datum") -> list[Breach | None]:
        """Whether the beslut holds on the day."""
        fel = [self.ar_kvar(), self.inte_fore_beslutet(dag, pekare)]
        if self.upphort is not None and dag >= self.upphort:
            fel.append(Breach(None, pekare, f"Beslutet upphörde {self.upphort}."))
        if self.galler_till is not None and dag > self.galler_till:
            fel.append(Breach(None, pekare, f"Beslutet gäller bara till {self.galler_till}."))
        return fel

    def inte_fore_beslutet(self, dag: date, pekare: str = "/datum") -> Breach | None:
        """Nothing is recorded before the beslut was taken."""
        text = f"Dagen ligger före beslutsdatumet {self.beslutsdatum}."
        return regler.inte_fore(dag, self.beslutsdatum, pekare, text)

    @rule("R-EVB-14", source="SoL (2025:400) 34 kap. 1 §", consequence="compute")
    def har_borjat(self, dag: date) -> bool:
        """Ett beslut är verkställt från första dagen någon placering under det har börjat."""
        sagt = any(steg.slag != "avbrutet" and steg.datum <= dag for steg in self.steg)
        return sagt or any(fran <= dag for fran, _ in self.vistelser.values())

    def bor_den(self, dag: date) -> bool:
        """Whether a stay under the beslut covers the day."""
        return any(
            fran <= dag and (till is None or till >= dag) for fran, till in self.vistelser.values()
        )

    def avbrott_den(self, dag: date) -> bool:
        """Whether the execution stands still: by an avbrott, or because every stay has ended."""
        if self.bor_den(dag):
            return False
        if self.steg:
            return self.steg[-1].slag == "avbrutet"
        return any(till is not None and till < dag for _, till in self.vistelser.values())

    def helt_verkstallt_den(self, dag: date) -> bool:
        """Whether nothing of the insats was lacking on the day, as far as is recorded."""
        sagt = [steg for steg in self.steg if steg.datum <= dag]
        omfattning = [steg.omfattning for steg in sagt if steg.slag == "verkstallt"][-1:]
        if omfattning == [Omfattning.DELVIS]:
            return False
        return self.bor_den(dag) or (bool(sagt) and sagt[-1].slag != "avbrutet")
