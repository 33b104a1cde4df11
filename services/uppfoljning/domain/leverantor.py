"""What is known about a supplier: its organisationsnummer, name and kind.

Guarantees that a supplier is told apart by organisationsnummer, never by name (R-LEV-3), and that
a renamed one keeps the name that was known in an answer as known before.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from contracts.leverantor import LeverantorRattad, LeverantorRegistrerad
from services.uppfoljning.domain.fakta import Faktum
from services.uppfoljning.domain.historik import historik
from services.uppfoljning.domain.rader import LeverantorRad


def vik_leverantor(leverantor: UUID, fakta: Iterable[Faktum]) -> list[LeverantorRad]:
    """The history of one supplier's name and kind; facts about anything else are passed over."""

    def tillstand(kanda: Sequence[Faktum]) -> list[LeverantorRad]:
        sista = kanda[-1]
        handelse = sista.handelse
        assert isinstance(handelse, LeverantorRegistrerad | LeverantorRattad)
        return [
            LeverantorRad(
                leverantor=leverantor,
                organisationsnummer=handelse.organisationsnummer,
                namn=handelse.namn,
                typ=handelse.typ.value,
                handelser=(sista.id,),
            )
        ]

    return historik(
        (
            faktum
            for faktum in fakta
            if isinstance(faktum.handelse, LeverantorRegistrerad | LeverantorRattad)
            and faktum.handelse.leverantor == leverantor
        ),
        tillstand,
    )
