"""What a clock is: from what it runs, how long, what stops it or starts it anew, and for what.

Guarantees nothing of when a clock runs out (that is :mod:`services.placering.domain.bevakning`) and
names no rule (the rows are :mod:`services.placering.domain.klockor`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.ord import Form, Regi
from services.placering.domain.atgardsslag import Atgardsslag
from services.placering.domain.beslutsfattare import Beslutsfattarslag
from services.placering.domain.langd import Langd

PA_DAGEN = Langd()
NYA_SOL = date(2025, 7, 1)
"""The first day of SoL (2025:400): of every row that names no other."""


class Start(StrEnum):
    """What a clock runs from."""

    VARD = "vard"
    """The first day of care without a break, in whatever homes."""
    HEM = "hem"
    """The first day without a break in one and the same home."""
    PLACERING = "placering"
    """The first day of a placering."""
    ATGARD = "atgard"
    """The day of another åtgärd on a running placering."""
    BESLUT = "beslut"
    """The beslutsdatum, as long as the beslut holds."""
    FATTAT = "fattat"
    """The beslutsdatum, also when the beslut holds no longer."""
    VERKSTALLIGHET = "verkstallighet"
    """The day on which a beslut began to be carried out (R-EVB-14)."""
    EJ_PABORJAD = "ej_paborjad"
    """The day on which a court's ruling that is not carried out can no longer be appealed."""
    EJ_VERKSTALLT = "ej_verkstallt"
    """The day from which a beslut is not, or no longer, wholly carried out (R-EVB-15)."""


@dataclass(frozen=True, slots=True)
class Grund:
    """Beslut under an act, or under those of its grounds whose text begins so."""

    lag: str
    borjan: str = ""

    def omfattar(self, lag: str, lagrum: str) -> bool:
        """Whether the beslut rests on it."""
        return lag == self.lag and lagrum.startswith(self.borjan)


@dataclass(frozen=True, slots=True)
class Klocka:
    """A clock.

    It runs out ``tid`` after its start, or on the birthday ``alder``. ``gors_med`` stops it, or
    starts it anew for ``igen``; with ``aven_fore`` also when it was done before the start.

    Which things it runs for: those under ``grunder``, in ``former``, run by ``regi`` (none named:
    all), decided by ``beslutsfattare``, with the flag ``flagga``, and with ``utan_hem`` those that
    name no home of the register. ``under``: it stops on that birthday.

    The row holds for a clock that runs out on the days ``fran`` to ``till``. Where no row of the
    ``kod`` is older, a clock that would have run out before ``fran`` runs out then, or
    (``bara_nya``) does not run at all.
    """

    kod: str
    regel: str
    namn: str
    kalla: str
    start: Start
    tid: Langd = PA_DAGEN
    alder: int | None = None
    gors_med: Atgardsslag | None = None
    igen: Langd | None = None
    grunder: tuple[Grund, ...] = ()
    former: frozenset[Form] = frozenset()
    regi: frozenset[Regi] = frozenset()
    beslutsfattare: Beslutsfattarslag | None = None
    flagga: str | None = None
    utan_hem: bool = False
    aven_fore: bool = False
    bara_nya: bool = False
    under: int | None = None
    startas_av: Atgardsslag | None = None
    fran: date = NYA_SOL
    till: date | None = None

    def galler(self, dag: date) -> bool:
        """Whether the row judges a clock that runs out on the day."""
        return self.fran <= dag and (self.till is None or dag <= self.till)
