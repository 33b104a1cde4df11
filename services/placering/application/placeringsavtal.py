"""Use cases of the agreement for one person: sign it, price it, extend it.

Guarantees that an agreement and its prices are stored together or not at all, and that a price is
changed backwards in time only with a reason (R-KOS-5). ``idag`` is the day of the command.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.ord import Prisslag, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import Refused
from services.chassis.store.decision import Done
from services.placering.application.placeringar import Placeringsfall
from services.placering.domain.placering import Placering, Prisrad
from services.placering.domain.placeringsavtal import (
    Overenskommelse,
    Placeringsavtal,
    Prisvillkor,
    Tillaggsslag,
    ar_retroaktiv,
)


@dataclass(frozen=True, slots=True)
class Avtalatpris:
    """A price row of an agreement that is signed; ``id`` is the row's."""

    id: UUID
    rad: Prisrad
    tillagg: Tillaggsslag | None


class Placeringsavtalsfall(Placeringsfall):
    """What can be done with the agreement of a placering."""

    def andra_pris(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        prisrad: UUID,
        slag: Prisslag,
        fran: date,
        till: date | None,
        dygnspris_ore: int,
        tillagg: Tillaggsslag | None,
        overenskommelse: Overenskommelse | None,
        skal: Rattelseskal | None,
        idag: date,
    ) -> Done:
        """Agree a price row of a placering, or replace one, also from a day that has been.

        A row that is replaced is judged by the earlier of its first days, old and new.
        """
        placering = self.hamta(sammanhang, Placering, id)
        forra = placering.prisrader.get(prisrad)
        tidigast = fran if forra is None else min(fran, forra.fran)
        placering.andra_pris(
            sammanhang,
            prisrad,
            Prisrad(slag, fran, till, dygnspris_ore),
            Prisvillkor(tillagg, overenskommelse, ar_retroaktiv(tidigast, idag), skal),
        )
        return self.saved(placering)

    def teckna_placeringsavtal(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        galler_till: date | None,
        overenskommelse: Overenskommelse,
        priser: Sequence[Avtalatpris],
        skal: Rattelseskal | None,
        idag: date,
    ) -> Done:
        """Sign the agreement with its prices, each from its own day.

        The first agreement is often signed when the stay has begun: it is no change backwards.
        """
        placering = self.hamta(sammanhang, Placering, id)
        rattas = placering.placeringsavtal is not None
        avtal = Placeringsavtal(galler_till, overenskommelse)
        placering.teckna_placeringsavtal(sammanhang, avtal, skal)
        for nr, pris in enumerate(priser):
            bakat = rattas and ar_retroaktiv(pris.rad.fran, idag)
            villkor = Prisvillkor(pris.tillagg, overenskommelse, bakat, skal)
            with _i_raden(nr):
                placering.andra_pris(sammanhang, pris.id, pris.rad, villkor)
        return self.saved(placering)

    def forlang_placeringsavtal(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        prisrad: UUID,
        fran: date,
        galler_till: date | None,
        dygnspris_ore: int | None,
        overenskommelse: Overenskommelse,
        skal: Rattelseskal | None,
        idag: date,
    ) -> Done:
        """Extend the agreement: a new price from ``fran``, without one the unit's list price."""
        placering = self.hamta(sammanhang, Placering, id)
        placering.forlang_placeringsavtal(
            sammanhang,
            prisrad,
            fran=fran,
            avtal=Placeringsavtal(galler_till, overenskommelse),
            dygnspris_ore=dygnspris_ore,
            villkor=Prisvillkor(retroaktiv=ar_retroaktiv(fran, idag), skal=skal),
        )
        return self.saved(placering)


@contextmanager
def _i_raden(nr: int) -> Iterator[None]:
    """A breach of a price row points at the row that it is in."""
    try:
        yield
    except Refused as brott:
        raise Refused(
            *(replace(ett, pekare=f"/priser/{nr}{ett.pekare}") for ett in brott.breaches)
        ) from None
