"""Events of a year's list of children in familjehem (R-KLO-8)."""

from datetime import date
from typing import TYPE_CHECKING

from contracts.ord import Rattelseskal
from services.chassis.aggregate import Handelse, Skapelse

if TYPE_CHECKING:
    from services.placering.domain.familjehemslista import Familjehemslista


class FamiljehemslistaLamnad(Skapelse):
    """The year's list was given to IVO on ``datum``."""

    TOPIC = "placering.FamiljehemslistaLamnad"

    ar: int
    datum: date

    def apply(self, aggregate: "Familjehemslista") -> None:
        """Begin as given."""
        aggregate.ar = self.ar
        aggregate.lamnad = self.datum


class FamiljehemslistaLamnadIgen(Handelse):
    """The list was given after all: the record of it had been annulled."""

    TOPIC = "placering.FamiljehemslistaLamnadIgen"

    datum: date

    def apply(self, aggregate: "Familjehemslista") -> None:
        """Remember when."""
        aggregate.lamnad = self.datum


class FamiljehemslistaMakulerad(Handelse):
    """The list had not been given: the duty stands again."""

    TOPIC = "placering.FamiljehemslistaMakulerad"

    skal: Rattelseskal

    def apply(self, aggregate: "Familjehemslista") -> None:
        """Forget the day."""
        aggregate.lamnad = None
