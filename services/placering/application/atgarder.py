"""Use cases of åtgärder: record what was done that a clock waits for, and annul it.

Guarantees that an åtgärd is about a beslut or a placering of the very person, and that nothing is
recorded before it has happened.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on
from services.chassis.store.decision import Done
from services.placering.application.grund import Grund
from services.placering.domain.atgard import Atgard, Atgardsuppgifter, inte_i_framtiden
from services.placering.domain.beslut import Beslut
from services.placering.domain.placering import Placering


class Atgardsfall(Grund):
    """What can be done with an åtgärd."""

    def anteckna_atgard(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        klient: UUID,
        uppgifter: Atgardsuppgifter,
        idag: date,
    ) -> Done:
        """Something was done about the person; ``idag`` is the day in Sweden of the call."""
        self.krav_pa_klient(sammanhang, klient)
        refuse_on(
            [
                inte_i_framtiden(uppgifter.datum, idag),
                self._finns(Beslut, uppgifter.beslut, klient, "/beslut"),
                self._finns(Placering, uppgifter.placering, klient, "/placering"),
            ]
        )
        atgard = Atgard.anteckna(sammanhang, id, klient=klient, uppgifter=uppgifter)
        return self.saved(atgard, status=201)

    def makulera_atgard(self, sammanhang: Sammanhang, id: UUID, *, skal: Rattelseskal) -> Done:
        """It should never have been recorded: the clock goes on as if it had not been."""
        atgard = self.hamta(sammanhang, Atgard, id)
        atgard.makulera(sammanhang, skal)
        return self.saved(atgard)

    def _finns(
        self, kind: type[Beslut | Placering], id: UUID | None, klient: UUID, pekare: str
    ) -> Breach | None:
        """The beslut or placering is there, is the person's, and has not been annulled."""
        if id is None:
            return None
        sak = self.find(kind, id)
        if sak is not None and sak.klient == klient and not _makulerad(sak):
            return None
        vad = "inget sådant beslut" if kind is Beslut else "ingen sådan placering"
        return Breach(None, pekare, f"Klienten har {vad}.")


def _makulerad(sak: Beslut | Placering) -> bool:
    return sak.makulerat if isinstance(sak, Beslut) else sak.makulerad
