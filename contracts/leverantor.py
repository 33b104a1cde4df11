"""The events that the service leverantor publishes on ``dygn.leverantor.v1``.

Guarantees: every message about a supplier has the supplier as its key, so a supplier's register,
avtal and prices keep their order; a supplier is told apart by organisationsnummer, never by name
(R-LEV-3); a corrected thing is sent whole.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.handelse import Kontraktshandelse, Register
from contracts.ord import Dagrakning, Leverantorstyp, Rattelseskal


class _Leverantorshandelse(Kontraktshandelse, frozen=True, kw_only=True):
    tjanst: ClassVar[str] = "leverantor"
    nyckelfalt: ClassVar[str] = "leverantor"

    leverantor: UUID
    organisationsnummer: str
    """``NNNNNN-NNNN`` with a right check digit, as it is now."""


class LeverantorRegistrerad(_Leverantorshandelse, frozen=True, kw_only=True):
    """A supplier came into the register."""

    namn: str
    typ: Leverantorstyp


class LeverantorRattad(_Leverantorshandelse, frozen=True, kw_only=True):
    """The supplier's record was corrected or renamed; the fields are those that hold now."""

    namn: str
    typ: Leverantorstyp
    skal: Rattelseskal


class EnhetRegistrerad(_Leverantorshandelse, frozen=True, kw_only=True):
    """A unit of the supplier came into the register."""

    enhet: UUID
    namn: str


class _Avtalsuppgifter(_Leverantorshandelse, frozen=True, kw_only=True):
    avtal: UUID
    enhet: UUID | None
    """The unit that the avtal is about; ``None``: every unit of the supplier."""
    omrade: str
    fran: date
    till: date | None
    """Last day on which new placements may be made under it; ``None``: until further notice."""
    dagrakning: Dagrakning


class AvtalTecknat(_Avtalsuppgifter, frozen=True, kw_only=True):
    """An avtal with the supplier was registered."""


class AvtalRattat(_Avtalsuppgifter, frozen=True, kw_only=True):
    """The avtal's record was corrected; the fields are those that hold now."""

    skal: Rattelseskal


class GrunddygnsprisSatt(_Leverantorshandelse, frozen=True, kw_only=True):
    """The unit's list price per day from ``fran``; the same ``fran`` again replaces it."""

    enhet: UUID
    fran: date
    dygnspris_ore: int


class AvropsstoppSatt(_Leverantorshandelse, frozen=True, kw_only=True):
    """No new placements with the supplier from ``fran`` (R-PLA-4)."""

    fran: date


class AvropsstoppHavt(_Leverantorshandelse, frozen=True, kw_only=True):
    """New placements are allowed again from ``fran``."""

    fran: date


HANDELSER = Register(
    LeverantorRegistrerad,
    LeverantorRattad,
    EnhetRegistrerad,
    AvtalTecknat,
    AvtalRattat,
    GrunddygnsprisSatt,
    AvropsstoppSatt,
    AvropsstoppHavt,
)
