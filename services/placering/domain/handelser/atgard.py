"""Events of an åtgärd: something was done that a clock waited for, or it was not."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import Rattelseskal
from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.atgardsslag import Atgardsslag

if TYPE_CHECKING:
    from services.placering.domain.atgard import Atgard


class AtgardGjord(Skapelse):
    """It was done on ``datum``.

    ``sammantrade`` and ``paragraf`` point into the minutes of the meeting that decided;
    ``ej_aktuell``: it was found that nothing needs doing.
    """

    TOPIC = "placering.AtgardGjord"

    klient: UUID
    slag: Atgardsslag
    beslut: UUID | None
    placering: UUID | None
    datum: date
    ej_aktuell: bool
    sammantrade: date | None
    paragraf: str | None
    handlaggare: str | None

    def apply(self, aggregate: "Atgard") -> None:
        """Begin as done."""
        aggregate.klient = self.klient
        aggregate.slag = self.slag
        aggregate.beslut = self.beslut
        aggregate.placering = self.placering
        aggregate.datum = self.datum
        aggregate.ej_aktuell = self.ej_aktuell
        aggregate.sammantrade = self.sammantrade
        aggregate.paragraf = self.paragraf
        aggregate.handlaggare = self.handlaggare
        aggregate.makulerad = False


class AtgardMakulerad(Handelse):
    """It should never have been recorded: the clock goes on as if it had not been."""

    TOPIC = "placering.AtgardMakulerad"

    klient: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Atgard") -> None:
        """Nothing more can be done with it."""
        aggregate.makulerad = True
