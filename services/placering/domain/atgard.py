"""Something that was done about a person: a review, a report to a court, a duty fulfilled.

Guarantees that an åtgärd is recorded once and whole, and that a wrong one is annulled and recorded
anew, never changed: the clocks are folded from what stands.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import Rattelseskal
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on, rule
from services.placering.domain.atgardsslag import ATGARDSRAD, Atgardsslag, Sak
from services.placering.domain.handelser import atgard as handelser


@dataclass(frozen=True, slots=True)
class Atgardsuppgifter:
    """What an åtgärd says; ``handlaggare`` is an official's id, never a name."""

    slag: Atgardsslag
    datum: date
    beslut: UUID | None = None
    placering: UUID | None = None
    ej_aktuell: bool = False
    sammantrade: date | None = None
    paragraf: str | None = None
    handlaggare: str | None = None


class Atgard(Aggregat):
    """An åtgärd about one klient."""

    TOPIC = "placering.Atgard"

    klient: UUID
    slag: Atgardsslag
    beslut: UUID | None
    placering: UUID | None
    datum: date
    ej_aktuell: bool
    sammantrade: date | None
    paragraf: str | None
    handlaggare: str | None
    makulerad: bool

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def anteckna(
        cls, sammanhang: Sammanhang, id: UUID, *, klient: UUID, uppgifter: Atgardsuppgifter
    ) -> Self:
        """It was done; what it is about is there and has been judged."""
        refuse_on([*_om_saken(uppgifter), *sammantradet_anges(uppgifter)])
        return cls.begin(handelser.AtgardGjord, id, sammanhang, klient=klient, **asdict(uppgifter))

    def makulera(self, sammanhang: Sammanhang, skal: Rattelseskal) -> None:
        """Annul what should never have been recorded."""
        kvar = Breach(None, "", "Åtgärden är redan makulerad.") if self.makulerad else None
        refuse_on([kvar])
        self.record(handelser.AtgardMakulerad, sammanhang, klient=self.klient, skal=skal)


def _om_saken(uppgifter: Atgardsuppgifter) -> list[Breach | None]:
    """An åtgärd is about what its row says: the person alone, a beslut or a placering."""
    rad = ATGARDSRAD[uppgifter.slag]
    fel: list[Breach | None] = []
    for sak, id, vilken, ingen in (
        (Sak.BESLUT, uppgifter.beslut, "vilket beslut", "inget beslut"),
        (Sak.PLACERING, uppgifter.placering, "vilken placering", "ingen placering"),
    ):
        if sak is rad.sak and id is None:
            fel.append(Breach(None, f"/{sak}", f"{rad.namn}: ange {vilken} det gäller."))
        elif sak is not rad.sak and id is not None:
            fel.append(Breach(None, f"/{sak}", f"{rad.namn} gäller {ingen}."))
    if rad.utser and uppgifter.handlaggare is None:
        fel.append(Breach(None, "/handlaggare", f"{rad.namn}: ange vem."))
    elif not rad.utser and uppgifter.handlaggare is not None:
        fel.append(Breach(None, "/handlaggare", f"{rad.namn} utser ingen handläggare."))
    return fel


@rule("R-BES-1", source="kommunallagen (2017:725) 6 kap. 40 §", consequence="refuse")
@rule("R-BES-9", source="SoL (2025:400) 30 kap. 6–7 §§", consequence="refuse")
def sammantradet_anges(uppgifter: Atgardsuppgifter) -> Sequence[Breach]:
    """Det som prövas av eller anmäls till ett sammanträde anger dess datum och paragraf."""
    rad = ATGARDSRAD[uppgifter.slag]
    if rad.i_utskott is None:
        return []
    return [
        Breach(rad.i_utskott, f"/{falt}", f"{rad.namn}: ange sammanträdets {vad}.")
        for falt, vad in (("sammantrade", "datum"), ("paragraf", "paragraf"))
        if getattr(uppgifter, falt) is None
    ]


def inte_i_framtiden(datum: date, idag: date) -> Breach | None:
    """What has been done was done today or earlier: a wrong year would silence a clock."""
    if datum <= idag:
        return None
    return Breach(None, "/datum", f"Dagen har inte varit än: i dag är det {idag}.")
