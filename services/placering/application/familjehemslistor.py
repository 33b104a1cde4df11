"""Use cases of the yearly list of children in familjehem: given to IVO, or not after all.

Guarantees that the record is made by who works for the whole kommun, and of a day that has been.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import admit, refuse_on
from services.chassis.store.decision import Done
from services.placering.application.grund import Grund
from services.placering.domain import regler
from services.placering.domain.atgard import inte_i_framtiden
from services.placering.domain.familjehemslista import Familjehemslista


class Familjehemslistfall(Grund):
    """What can be done with a year's list."""

    def lamna_familjehemslista(
        self, sammanhang: Sammanhang, *, ar: int, datum: date, idag: date
    ) -> Done:
        """The year's list was given to IVO (R-KLO-8)."""
        admit(regler.hela_kommunen(sammanhang.rackvidd))
        refuse_on([inte_i_framtiden(datum, idag)])
        lista = self.find(Familjehemslista, Familjehemslista.id_for(sammanhang.kommunkod, ar))
        if lista is None:
            lista = Familjehemslista.lamna(sammanhang, ar, datum)
        else:
            lista.lamna_igen(sammanhang, datum)
        return self.saved(lista, status=201)

    def makulera_familjehemslista(
        self, sammanhang: Sammanhang, id: UUID, *, skal: Rattelseskal
    ) -> Done:
        """The year's list had not been given."""
        admit(regler.hela_kommunen(sammanhang.rackvidd))
        lista = self.load(Familjehemslista, id)
        lista.makulera(sammanhang, skal)
        return self.saved(lista)
