"""Who acts, for which kommun and arbetsenheter, and on which call: carried by hand everywhere.

Guarantees that the domain never looks around itself for these: whatever an event says of its
actor stands in the arguments of the method that made it, and whoever reads says how far the reader
sees.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rackvidd:
    """How far a caller sees: one kommun, and in it some arbetsenheter or (``None``) all."""

    kommunkod: str
    arbetsenheter: frozenset[str] | None

    @property
    def hela_kommunen(self) -> bool:
        """Whether no arbetsenhet bounds it."""
        return self.arbetsenheter is None

    def omfattar(self, arbetsenhet: str | None) -> bool:
        """Whether what belongs to the arbetsenhet (``None``: to none) is within it."""
        return self.arbetsenheter is None or arbetsenhet in self.arbetsenheter


@dataclass(frozen=True, slots=True)
class Sammanhang:
    """The circumstances of one command.

    ``kommunkod`` is four digits, ``aktor`` the token's subject (never a name), ``korrelation``
    the id that joins the call, its log lines and its events, ``arbetsenheter`` those that the
    caller is bound to (``None``: none).
    """

    kommunkod: str
    aktor: str
    korrelation: str
    arbetsenheter: frozenset[str] | None = None

    @property
    def rackvidd(self) -> Rackvidd:
        """How far the caller sees."""
        return Rackvidd(self.kommunkod, self.arbetsenheter)
