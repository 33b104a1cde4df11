"""Waiting until what has been stored is taken in by the services that read it, and folded.

Guarantees that after `vanta_in` every event that the publishers had stored when the wait began
is in the tables of the services waited for. What "caught up" is, `dygn.stromlage` says.
"""

import time
from collections.abc import Callable, Sequence

from pydantic import TypeAdapter

from dygn.fel import DygnFel
from dygn.klient import TJANSTER, Klient, Tjanst
from dygn.stromlage import efterslapning
from services.chassis.http.standing import Stromlage

PAUS = 0.1
"""Seconds between two looks."""
_LAGE = TypeAdapter(Stromlage)


class HinnerInte(DygnFel):
    """A stream did not catch up in time; the text says what lags."""


def _las(klient: Klient, tjanster: Sequence[Tjanst]) -> dict[str, Stromlage]:
    return {tjanst: _LAGE.validate_python(klient.hamta(tjanst, "stromlage")) for tjanst in tjanster}


def vanta_in(
    klient: Klient,
    hos: Sequence[Tjanst],
    tid: float,
    *,
    framsteg: Callable[[str], None] = lambda _: None,
) -> None:
    """Wait at most ``tid`` seconds until the services ``hos`` have read and folded all that is
    stored now. ``framsteg`` is told what lags. Raises `HinnerInte`.
    """
    mal = _las(klient, TJANSTER)
    slut = time.monotonic() + tid
    while kvar := efterslapning(mal, _las(klient, hos)):
        framsteg(str(kvar[0]))
        if time.monotonic() > slut:
            raise HinnerInte(
                f"Strömmarna hann inte ikapp på {tid:g} sekunder:\n"
                + "\n".join(f"  {rad}" for rad in kvar)
            )
        time.sleep(PAUS)
