"""Use cases of a nämnd's delegationsordning: begin one, and add a version.

Guarantees that a nämnd has one delegationsordning, whose first version is stored with it.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, Refused, admit
from services.chassis.store.decision import Done
from services.placering.application.grund import Grund
from services.placering.domain import regler
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.delegationsrad import Delegationsrad


class Delegationsfall(Grund):
    """What can be done with a delegationsordning."""

    def borja_delegationsordning(
        self,
        sammanhang: Sammanhang,
        *,
        namnd: str,
        fran: date,
        antagen: date,
        paragraf: str,
        rader: Sequence[Delegationsrad],
    ) -> Done:
        """The nämnd's first version (R-BES-9)."""
        admit(regler.hela_kommunen(sammanhang.rackvidd))
        id = Delegationsordning.id_for(sammanhang.kommunkod, namnd)
        if self.find(Delegationsordning, id) is not None:
            text = "Nämnden har redan en delegationsordning: lägg till en version."
            raise Refused(Breach(None, "/namnd", text))
        ordning = Delegationsordning.borja(sammanhang, namnd)
        ordning.anta(sammanhang, fran=fran, antagen=antagen, paragraf=paragraf, rader=rader)
        return self.saved(ordning, status=201)

    def anta_delegationsversion(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        fran: date,
        antagen: date,
        paragraf: str,
        rader: Sequence[Delegationsrad],
    ) -> Done:
        """One more version, in force from its first day (R-BES-9)."""
        admit(regler.hela_kommunen(sammanhang.rackvidd))
        ordning = self.load(Delegationsordning, id)
        ordning.anta(sammanhang, fran=fran, antagen=antagen, paragraf=paragraf, rader=rader)
        return self.saved(ordning)
