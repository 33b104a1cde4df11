"""What a placering and the home that it names have in common: who lives there.

Guarantees that a home's people are changed by the same command as the placering, so that a place
is never taken twice and never left taken by nobody (R-PLA-9).
"""

from datetime import date
from uuid import UUID

from contracts.ord import Form
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach
from services.placering.application.grund import Grund
from services.placering.domain.bedomning import Uppgifter
from services.placering.domain.boende import Boende, barn_till
from services.placering.domain.hem import Hem, Provning
from services.placering.domain.klient import Klient
from services.placering.domain.placering import Placering


class Boendefall(Grund):
    """The part that placeringar and homes share."""

    def prova_hem(
        self,
        hem: UUID | None,
        klient: UUID,
        uppgifter: Uppgifter,
        till: date | None,
        utom: UUID | None = None,
    ) -> Provning:
        """A placering judged against the home that it names; no home, nothing found.

        ``utom`` is the placering that it changes or follows.
        """
        if hem is None:
            return Provning((), ())
        hemmet = self.find(Hem, hem)
        if hemmet is None:
            return Provning((Breach(None, "/hem", "Hemmet finns inte."),), ())
        boende = self._boende(klient, uppgifter.form, uppgifter.leverantor, uppgifter.fran, till)
        return hemmet.prova(uppgifter, boende, utom)

    def flytta_in(self, sammanhang: Sammanhang, placering: Placering) -> list[Hem]:
        """The home that the placering names, changed to agree with it; none where it names none."""
        if placering.hem is None:
            return []
        hemmet = self.load(Hem, placering.hem)
        boende = self._boende(
            placering.klient, placering.form, placering.leverantor, placering.fran, placering.till
        )
        hemmet.bosatt(sammanhang, placering.id, boende)
        return [hemmet]

    def flytta_ut(self, sammanhang: Sammanhang, placering: Placering) -> None:
        """Free the placering's place in the home that it names."""
        if placering.hem is not None:
            hemmet = self.load(Hem, placering.hem)
            hemmet.stryk_boende(sammanhang, placering.id)
            self.save(hemmet)

    def byt_hem(self, sammanhang: Sammanhang, placering: Placering, hem: UUID | None) -> None:
        """Let a corrected placering name another home, or none."""
        if placering.hem != hem:
            self.flytta_ut(sammanhang, placering)
        placering.bo_i(sammanhang, hem)

    def _boende(
        self, klient: UUID, form: Form, leverantor: str | None, fran: date, till: date | None
    ) -> Boende:
        fodelsemanad = self.load(Klient, klient).fodelsemanad
        vuxenhem = form is Form.FAMILJEHEM_VUXNA
        return Boende(fran, till, klient, leverantor, barn_till(fodelsemanad, vuxenhem, fran))
