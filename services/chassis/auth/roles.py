"""The roles, and the identity that a token proves.

Guarantees that a role is one of a closed list and that an identity always names its kommun. The
kommun stands in the token and never in the path, so no caller can ask for another's.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.chassis.context import Rackvidd


class Roll(StrEnum):
    """What a caller is; which use cases each may call is told in docs/roller.md."""

    SOCIALSEKRETERARE = "socialsekreterare"
    ENHETSCHEF = "enhetschef"
    AVTALSCONTROLLER = "avtalscontroller"
    EKONOM = "ekonom"
    RAPPORTOR = "rapportor"
    REVISOR = "revisor"
    NAMNDSEKRETERARE = "namndsekreterare"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls: the token's subject, its kommun, roles and arbetsenheter.

    The roles hold in the ``arbetsenheter`` that are named, in none when that is empty, and in the
    whole kommun when it is ``None``: the issuer said nothing of arbetsenheter.
    """

    subject: str
    kommunkod: str
    roller: frozenset[Roll]
    arbetsenheter: frozenset[str] | None
    efternamn: str | None = None
    """The caller's surname, for comparison only: never stored and never logged."""

    @property
    def rackvidd(self) -> Rackvidd:
        """How far the caller sees."""
        return Rackvidd(self.kommunkod, self.arbetsenheter)
