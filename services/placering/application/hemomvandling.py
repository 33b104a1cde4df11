"""The use case of a home that becomes the kommun's own, with everybody who lives there.

Guarantees that all of the home's children move in one command or none does, that each is in the
same home before and after, and that nobody is left behind with the leverantör (R-PLA-16).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.ord import Avslutsorsak, Regi, placeringsformskod
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.chassis.rules import Breach, NotAdmitted, Refused
from services.chassis.store.decision import Done
from services.placering.application.flyttar import Flyttfall
from services.placering.application.hem import Hemfall
from services.placering.domain import flytt
from services.placering.domain.placering import Avslut, Placering


@dataclass(frozen=True, slots=True)
class Foljd:
    """What is said of one placering that goes along; ``beslut`` carries the new one."""

    placering: UUID
    beslut: UUID
    dygnspris_ore: int | None = None


class Omvandlingsfall(Flyttfall, Hemfall):
    """What can be done with a home and its placeringar together."""

    def omvandla_hem(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        ny: UUID,
        *,
        fran: date,
        placeringar: Sequence[Foljd],
    ) -> Done:
        """The home is the kommun's own from a day on, and so is every placering there.

        One that is not among ``placeringar`` goes along under its own beslut. ``ny`` gives the new
        placeringar their ids. Whoever cannot reach all of the persons is refused (R-SEK-3).
        """
        hem = self.hamta_hem(sammanhang, id)
        foljer = hem.omvandla(sammanhang, fran)
        self.save(hem)
        sagda = {ett.placering: (nr, ett) for nr, ett in enumerate(placeringar)}
        okanda = [nr for placering, (nr, _) in sagda.items() if placering not in foljer]
        if okanda:
            text = "Placeringen är inte en som följer med när hemmet omvandlas."
            raise Refused(*(Breach(None, f"/placeringar/{nr}/placering", text) for nr in okanda))
        for placering in foljer:
            nr, ett = sagda.get(placering, (None, None))
            try:
                self._flytta_med(sammanhang, placering, (id, ny), fran, ett)
            except NotAdmitted:
                raise
            except Refused as vagran:
                raise Refused(*(_i_listan(brott, nr) for brott in vagran.breaches)) from None
        return Done(id, hem.version)

    def _flytta_med(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        hem_och_ny: tuple[UUID, UUID],
        fran: date,
        sagt: Foljd | None,
    ) -> None:
        hem, ny = hem_och_ny
        placering = self.hamta(sammanhang, Placering, id)
        form = placeringsformskod(
            placering.form, Regi.EGEN, self.hamta_hem(sammanhang, hem).natverk
        )
        begaran = flytt.eget_hem(form, fran, None if sagt is None else sagt.dygnspris_ore)
        nya_id = derived_id(sammanhang.kommunkod, "omvandling", f"{ny}/{id}")
        beslut = placering.beslut if sagt is None else sagt.beslut
        avslut = Avslut(fran, Avslutsorsak.OMVANDLING, beslut_bestar=False)
        self._flytta(sammanhang, (id, nya_id), beslut, begaran, avslut, None, hem)


def _i_listan(brott: Breach, nr: int | None) -> Breach:
    """A breach of one placering as the caller sees it; the day and the home are the home's."""
    if nr is None or brott.pekare == "/fran":
        return brott
    return replace(brott, pekare=f"/placeringar/{nr}{brott.pekare}")
