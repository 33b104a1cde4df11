"""Events of a nämnd's delegationsordning."""

from datetime import date
from typing import TYPE_CHECKING

from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.delegationsrad import Delegationsrad

if TYPE_CHECKING:
    from services.placering.domain.delegationsordning import Delegationsordning


class DelegationsordningBorjad(Skapelse):
    """A nämnd has a delegationsordning; its versions follow."""

    TOPIC = "placering.DelegationsordningBorjad"

    namnd: str

    def apply(self, aggregate: "Delegationsordning") -> None:
        """Begin without versions."""
        aggregate.namnd = self.namnd
        aggregate.versioner = ()


class DelegationsversionAntagen(Handelse):
    """The nämnd adopted a version on ``antagen``; it holds from ``fran`` until the next one."""

    TOPIC = "placering.DelegationsversionAntagen"

    fran: date
    antagen: date
    paragraf: str
    rader: tuple[Delegationsrad, ...]

    def apply(self, aggregate: "Delegationsordning") -> None:
        """Add it behind the others."""
        aggregate.lagg_till(self.fran, self.antagen, self.paragraf, self.rader)
