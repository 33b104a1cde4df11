"""The list of children in familjehem that IVO is given every year, and whether it has been.

Guarantees one record a kommun and year, which says that the list was given once until that is
annulled.
"""

from datetime import date, timedelta
from typing import Self
from uuid import UUID

from contracts.ord import Rattelseskal
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.chassis.rules import Breach, refuse_on, rule
from services.placering.domain.handelser import familjehemslista as handelser

SISTA_DAGEN = (1, 31)


@rule("R-KLO-8", source="SoF (2025:468) 3 kap. 4 §", consequence="compute")
def lamnas_senast(ar: int) -> date:
    """Listan över barn i familjehem lämnas till IVO senast den 31 januari."""
    return date(ar, *SISTA_DAGEN)


def listans_dag(ar: int) -> date:
    """The day whose placements a year's list tells: the last one of the year before."""
    return date(ar, 1, 1) - timedelta(days=1)


class Familjehemslista(Aggregat):
    """One year's list."""

    TOPIC = "placering.Familjehemslista"

    ar: int
    lamnad: date | None

    def __init__(self) -> None:
        """State comes from the events."""

    @staticmethod
    def id_for(kommunkod: str, ar: int) -> UUID:
        """The id of the kommun's list of the year."""
        return derived_id(kommunkod, "familjehemslista", str(ar))

    @classmethod
    def lamna(cls, sammanhang: Sammanhang, ar: int, datum: date) -> Self:
        """The list was given for the first time."""
        id = cls.id_for(sammanhang.kommunkod, ar)
        return cls.begin(handelser.FamiljehemslistaLamnad, id, sammanhang, ar=ar, datum=datum)

    def lamna_igen(self, sammanhang: Sammanhang, datum: date) -> None:
        """The list was given after all."""
        redan = None
        if self.lamnad is not None:
            redan = Breach("R-KLO-8", "/ar", f"Listan lämnades redan {self.lamnad}.")
        refuse_on([redan])
        self.record(handelser.FamiljehemslistaLamnadIgen, sammanhang, datum=datum)

    def makulera(self, sammanhang: Sammanhang, skal: Rattelseskal) -> None:
        """The list had not been given."""
        inte = None
        if self.lamnad is None:
            inte = Breach(None, "", "Listan är inte antecknad som lämnad.")
        refuse_on([inte])
        self.record(handelser.FamiljehemslistaMakulerad, sammanhang, skal=skal)
