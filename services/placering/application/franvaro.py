"""Use cases of absence from a placering: begin, end, correct, annul.

Guarantees that an absence is saved together with the person's calendar, so that another stay that
rests on it (R-PLA-1) is never left uncovered, also when both are changed at once.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Franvaroorsak, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import refuse_on
from services.chassis.store.decision import Done
from services.chassis.store.errors import NotFound
from services.placering.application.grund import Grund
from services.placering.domain.franvaro import Franvaro, franvaro_tacker_andra_vistelser
from services.placering.domain.placering import Placering
from services.placering.domain.vistelsekalender import Vistelsekalender


class Franvarofall(Grund):
    """What can be done with an absence."""

    def borja_franvaro(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        franvaro: UUID,
        orsak: Franvaroorsak,
        fran: date,
        till: date | None,
    ) -> Done:
        """The person is away from the home; days already over may be told afterwards."""
        placering = self.hamta(sammanhang, Placering, id)
        placering.borja_franvaro(sammanhang, franvaro, Franvaro(orsak, fran, till))
        return self._spara(sammanhang, placering, "/fran")

    def avsluta_franvaro(
        self, sammanhang: Sammanhang, id: UUID, franvaro: UUID, *, till: date
    ) -> Done:
        """The person came back; ``till`` is the last day away."""
        placering = self._med_franvaro(sammanhang, id, franvaro)
        placering.avsluta_franvaro(sammanhang, franvaro, till)
        return self._spara(sammanhang, placering, "/till")

    def ratta_franvaro(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        franvaro: UUID,
        *,
        orsak: Franvaroorsak,
        fran: date,
        till: date | None,
        skal: Rattelseskal,
    ) -> Done:
        """Correct an absence; it is judged as a new one."""
        placering = self._med_franvaro(sammanhang, id, franvaro)
        placering.ratta_franvaro(sammanhang, franvaro, Franvaro(orsak, fran, till), skal)
        return self._spara(sammanhang, placering, "/fran")

    def makulera_franvaro(
        self, sammanhang: Sammanhang, id: UUID, franvaro: UUID, *, skal: Rattelseskal
    ) -> Done:
        """Annul an absence."""
        placering = self._med_franvaro(sammanhang, id, franvaro)
        placering.makulera_franvaro(sammanhang, franvaro, skal)
        return self._spara(sammanhang, placering, "")

    def _med_franvaro(self, sammanhang: Sammanhang, id: UUID, franvaro: UUID) -> Placering:
        placering = self.hamta(sammanhang, Placering, id)
        if franvaro not in placering.franvaro:
            raise NotFound("Franvaro", franvaro)
        return placering

    def _spara(self, sammanhang: Sammanhang, placering: Placering, pekare: str) -> Done:
        kalender = self.load(
            Vistelsekalender, Vistelsekalender.id_for(sammanhang.kommunkod, placering.klient)
        )
        borta = placering.lamnade_dagar
        krock = kalender.krock(placering.fran, placering.till, placering.id, borta)
        refuse_on([franvaro_tacker_andra_vistelser(krock, pekare)])
        kalender.lamna(sammanhang, placering.id, borta)
        return self.saved(placering, kalender)
