"""One row of a delegationsordning, in the shape in which it is stored."""

from dataclasses import dataclass

from services.placering.domain.delegater import Beslutstyp, Delegat


@dataclass(frozen=True, slots=True)
class Delegationsrad:
    """A kind of decision and the lowest delegat who may take it.

    ``lagrum`` ``None``: under every ground. ``hogst_manader`` bounds how long the beslut may hold;
    ``villkor`` is shown and judged by people.
    """

    beslutstyp: Beslutstyp
    lagst: Delegat
    lagrum: str | None = None
    villkor: str | None = None
    hogst_manader: int | None = None
