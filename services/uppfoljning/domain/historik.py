"""The history of derived rows: which rows held, and from when to when that was known.

Guarantees: each row has a known time ``[kand_fran, kand_till)``; ``kand_fran`` is the instant at
which the deciding service recorded the event that made the row so; a row that does not change
between two instants stays one row; and the result depends on the set of facts alone, because the
instants are walked in the facts' total order, never in the order of arrival.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Generic, TypeVar

import msgspec

from services.uppfoljning.domain.fakta import Faktum, tidpunkter

INTE_KAND = datetime.min.replace(tzinfo=UTC)
"""``kand_fran`` of a row that is not yet in any history."""


class KandRad(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of every derived row: what it says holds as known in ``[kand_fran, kand_till)``."""

    kand_fran: datetime = INTE_KAND
    kand_till: datetime | None = None

    def kand(self, vid: datetime) -> bool:
        """Whether the row is part of what was known at the instant ``vid``."""
        return self.kand_fran <= vid and (self.kand_till is None or vid < self.kand_till)


R = TypeVar("R", bound=KandRad)


class Historik(Generic[R]):
    """Collects the rows of many subjects, told instant by instant in rising order.

    ``nyckel`` tells the rows of one subject apart at any one instant (for rows by date: the first
    day), so that a row finds its forerunner without a look at every field.
    """

    def __init__(self, nyckel: Callable[[R], Hashable]) -> None:
        self._nyckel = nyckel
        self._nu: dict[Hashable, dict[Hashable, tuple[R, datetime]]] = {}
        self._slutna: list[R] = []

    def satt(self, amne: Hashable, rader: Iterable[R], vid: datetime) -> None:
        """From ``vid`` on exactly ``rader`` hold for the subject; equal rows simply go on."""
        forra = self._nu.get(amne, {})
        nya: dict[Hashable, tuple[R, datetime]] = {}
        for rad in rader:
            nyckel = self._nyckel(rad)
            gammal = forra.get(nyckel)
            if gammal is not None and gammal[0] == rad:
                nya[nyckel] = forra.pop(nyckel)
            else:
                nya[nyckel] = (rad, vid)
        for rad, kand_fran in forra.values():
            self._slutna.append(msgspec.structs.replace(rad, kand_fran=kand_fran, kand_till=vid))
        self._nu[amne] = nya

    def rader(self) -> list[R]:
        """Every row that ever held, those that are superseded first."""
        return self._slutna + [
            msgspec.structs.replace(rad, kand_fran=kand_fran)
            for rader in self._nu.values()
            for rad, kand_fran in rader.values()
        ]


def historik(
    fakta: Iterable[Faktum],
    tillstand: Callable[[Sequence[Faktum]], Iterable[R]],
    nyckel: Callable[[R], Hashable],
) -> list[R]:
    """The history of one subject, from what a set of known facts says (``tillstand``).

    ``tillstand`` is called once an instant with the facts known by then, in total order; it is for
    subjects with a handful of facts. Subjects with more keep a state of their own and tell
    :class:`Historik`.
    """
    minne = Historik(nyckel)
    kanda: list[Faktum] = []
    for vid, grupp in tidpunkter(fakta):
        kanda += grupp
        minne.satt(None, tillstand(kanda), vid)
    return minne.rader()
