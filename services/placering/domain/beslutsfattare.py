"""Who took a beslut: an official, a committee, a chair acting for it, or a court (R-BES-1).

Guarantees one shape for all four, so that an event can hold it; which fields each kind needs is a
row of data that the rule reads.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Beslutsfattarslag(StrEnum):
    """The kinds of decider that R-BES-1 knows."""

    TJANSTEMAN = "tjansteman"
    UTSKOTT = "utskott"
    ORDFORANDE = "ordforande"
    DOMSTOL = "domstol"


@dataclass(frozen=True, slots=True)
class Beslutsfattare:
    """The decider; fields that the kind does not have are ``None``.

    A court's case number is not here: it leads to the person, so it is kept as a secret.
    """

    slag: Beslutsfattarslag
    roll: str | None = None
    arbetsenhet: str | None = None
    datum: date | None = None
    paragraf: str | None = None
    forordnad: bool | None = None
    """Of an ordförande: the power was exercised by a member appointed to it."""
    laga_kraft: date | None = None
    """Of a court: the day on which the ruling can no longer be appealed."""


KRAVS = {
    Beslutsfattarslag.TJANSTEMAN: ("roll", "arbetsenhet"),
    Beslutsfattarslag.UTSKOTT: ("datum", "paragraf"),
    Beslutsfattarslag.ORDFORANDE: ("datum",),
    Beslutsfattarslag.DOMSTOL: (),
}
"""The fields that each kind must have (R-BES-1)."""
