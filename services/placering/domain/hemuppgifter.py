"""What is recorded about a home besides who lives there, in the shape in which it is stored.

Guarantees that nothing here is about a person: the carers' names and every free text lie encrypted
elsewhere, and a decider is a role or a meeting, never a name.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.ord import Form
from services.placering.domain.beslutsfattare import Beslutsfattare
from services.placering.domain.dagar import Dagar


class Hemutfall(StrEnum):
    """What a finished utredning of a home came to."""

    GODTAGBART = "godtagbart"
    EJ_GODTAGBART = "ej_godtagbart"


class Referenskalla(StrEnum):
    """Who spoke for the home."""

    KOMMUN = "kommun"
    PRIVATPERSON = "privatperson"
    ARBETSGIVARE = "arbetsgivare"
    ANNAN = "annan"


@dataclass(frozen=True, slots=True)
class Hemutredning:
    """A utredning of the home; ``avslutad`` is the day on which it was finished."""

    inledd: date | None
    avslutad: date
    utfall: Hemutfall


@dataclass(frozen=True, slots=True)
class Hemreferens:
    """A reference taken on ``datum``; ``kommun`` is the code of a kommun that spoke."""

    datum: date
    kalla: Referenskalla
    kommun: str | None


@dataclass(frozen=True, slots=True)
class Godkannande:
    """The home was approved as familjehem or jourhem from ``fran``; ``till`` is the last day.

    ``ordning`` and ``version`` name the delegationsordning in force on the beslutsdatum, where
    there was one; ``flaggor`` the rules that the godkännande does not meet.
    """

    form: Form
    lagrum: str
    beslutsdatum: date
    fran: date
    till: date | None
    namnd: str
    beslutsfattare: Beslutsfattare
    ordning: UUID | None
    version: int | None
    flaggor: tuple[str, ...]

    def galler(self, form: Form, dag: date) -> bool:
        """Whether it says that the home may be that, that day."""
        return form is self.form and self.fran <= dag and (self.till is None or dag <= self.till)


@dataclass(frozen=True, slots=True)
class AnnanKommunsBarn:
    """A child whom another kommun placed in the home; ``referens`` is theirs, never a name."""

    kommun: str
    referens: str
    fran: date
    till: date | None


@dataclass(frozen=True, slots=True)
class FlerBarn:
    """Days with more than three placed children, and when IVO was told, ``None``: not yet."""

    dagar: Dagar
    ivo_underrattad: date | None
