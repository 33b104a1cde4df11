"""The derived rows themselves: what a report sums, and what an explanation opens.

Guarantees that every row says by which keys it can be cut (``dim``), on which days it holds
(``fran`` to ``till``, both in it, ``None`` = still running), which events made it so and when that
was known. A row's events are ids as in messages (``placering:1:17.0``), in the order: what the row
is about, how it ended, its prices, then those that set its keys.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.uppfoljning.domain.historik import KandRad


class Dimensioner(NamedTuple):
    """The keys by which a report cuts a placering's days and cost.

    ``leverantor`` is the organisationsnummer, empty for own homes and SiS; ``omrade`` is that of
    the avtal, empty for utom ramavtal; ``lagrum`` is empty and ``kon`` is ``A`` while the beslut
    and the klient are not known; ``fodelsemanad`` is ``YYYY-MM``; ``arbetsenhet`` is the person's,
    which decides who sees the row (R-SEK-3).
    """

    placering: UUID
    klient: UUID
    beslut: UUID
    placeringsform: str
    regi: str
    leverantor: str
    enhet: UUID | None
    avtal: UUID | None
    omrade: str
    lagrum: str
    kon: str
    fodelsemanad: str | None
    arbetsenhet: str | None


class DagRad(KandRad, frozen=True, kw_only=True, gc=False):
    """A row that holds on the days from ``fran`` to ``till``.

    ``pagar``: the stay behind it has no end yet. Its row may still have a ``till``, where a price
    agreed ahead or another stay cuts it; of such a row only the days that have come count.
    """

    dim: Dimensioner
    fran: date
    till: date | None
    pagar: bool
    handelser: tuple[str, ...]


class VistelseRad(DagRad, frozen=True, kw_only=True, gc=False):
    """The stay: a placering and a person count in a period with at least one day of it."""


class VardygnsRad(DagRad, frozen=True, kw_only=True, gc=False):
    """Days that are this placering's vårddygn; no date of a klient is in two (R-KOS-17)."""


class KostnadsRad(DagRad, frozen=True, kw_only=True, gc=False):
    """Debiterade dygn with one price: each day in it counts once and costs ``pris_ore``.

    ``grund_ore`` is ``None`` where no grunddygnspris is known: such days lack a price. They count
    as days, and what is known of them (tillägg) counts as cost; ``pris_ore`` is ``None`` where
    nothing is. Whole öre, exclusive of moms.
    """

    pris_ore: int | None
    grund_ore: int | None
    tillagg_ore: int


class EvbRad(KandRad, frozen=True, kw_only=True, gc=False):
    """How a beslut under a lagrum of EVB stood on the days from ``fran`` to ``till``.

    ``lage`` is a code of :class:`services.uppfoljning.domain.evb.Lage`. ``klocka_fran`` is the day
    from which the three months are counted and ``None`` where no clock runs; ``avbrottsdatum`` is
    the first day without the insats and is set while it is interrupted; ``orsak`` is the reason
    for the delay that was last stated; ``arbetsenhet`` is the person's (R-SEK-3).
    """

    beslut: UUID
    klient: UUID
    fran: date
    till: date | None
    lage: str
    klocka_fran: date | None
    beslutsdatum: date
    avbrottsdatum: date | None
    lag: str
    lagrum: str
    insatstyp: str
    kon: str
    namnd: str | None
    arbetsenhet: str | None
    orsak: str | None
    handelser: tuple[str, ...]


class LeverantorRad(KandRad, frozen=True, kw_only=True, gc=False):
    """A supplier's name and kind, keyed by organisationsnummer in reports (R-LEV-3)."""

    leverantor: UUID
    organisationsnummer: str
    namn: str
    typ: str
    handelser: tuple[str, ...]
