"""What is known about a supplier: its organisationsnummer, name and kind.

Guarantees that a supplier is told apart by organisationsnummer, never by name (R-LEV-3), and that
a renamed one keeps the name that was known in an answer as known before.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from uuid import UUID

from contracts.leverantor import LeverantorRattad, LeverantorRegistrerad
from services.uppfoljning.domain.fakta import Faktum
from services.uppfoljning.domain.historik import historik
from services.uppfoljning.domain.rader import LeverantorRad


def vik_leverantor(leverantor: UUID, fakta: Iterable[Faktum]) -> list[LeverantorRad]:
    """The history of one supplier's name and kind; facts about anything else are passed over."""

    def tillstand(kanda: Sequence[Faktum]) -> list[LeverantorRad]:
        rad: LeverantorRad | None = None
        for faktum in kanda:
            handelse = faktum.handelse
            assert isinstance(handelse, LeverantorRegistrerad | LeverantorRattad)
            nu = (handelse.organisationsnummer, handelse.namn, handelse.typ.value)
            # A correction that changes nothing of this leaves the row with the event that set it.
            if rad is None or nu != (rad.organisationsnummer, rad.namn, rad.typ):
                rad = LeverantorRad(
                    leverantor=leverantor,
                    organisationsnummer=nu[0],
                    namn=nu[1],
                    typ=nu[2],
                    handelser=(faktum.id,),
                )
        assert rad is not None
        return [rad]

    return historik(
        (
            faktum
            for faktum in fakta
            if isinstance(faktum.handelse, LeverantorRegistrerad | LeverantorRattad)
            and faktum.handelse.leverantor == leverantor
        ),
        tillstand,
        attrgetter("leverantor"),
    )
