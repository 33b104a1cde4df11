"""A reader that keeps asking while something else happens, and remembers what was wrong."""

import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from tests.system.installation import Installation
from tests.system.rapporter import jamforbar

FRAGAN = ("rapporter/dygnskostnader", {"fran": "2018-01-01", "till": "2026-12-31"})
"""Every krona of the kommun."""
PAUS = 0.2
"""Seconds between two rounds: who asks without a breath takes a processor from what is tested."""


class Fragare(AbstractContextManager["Fragare"]):
    """Asks for a final answer, and for the newest, in turn; ``svar`` counts the answers.

    ``fel`` tells what a reader must never see: a refusal, a final answer that has become another
    or is final no more, or a newest answer that rests on less than the one before.
    """

    def __init__(self, installation: Installation, kand_per: str) -> None:
        self.svar = 0
        self.fel: list[str] = []
        self._installation = installation
        self._kand_per = kand_per
        self._slutligt: str | None = None
        self._last: dict[str, tuple[int, int]] = {}
        self._klart = threading.Event()
        self._trad = threading.Thread(target=self._kor)

    def __enter__(self) -> "Fragare":
        self._trad.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._klart.set()
        self._trad.join(60)

    def _kor(self) -> None:
        vag, fraga = FRAGAN
        while not self._klart.wait(PAUS):
            try:
                self._se_slutligt(self._installation.las(vag, **fraga, kand_per=self._kand_per))
                self._se_nyast(self._installation.las(vag, **fraga))
                self.svar += 2
            except Exception as fel:
                self.fel.append(repr(fel))

    def _se_slutligt(self, svar: dict[str, Any]) -> None:
        text = jamforbar(svar)
        if not svar["underlag"]["slutlig"]:
            self.fel.append(f"inte slutligt: {svar['underlag']}")
        if self._slutligt not in (None, text):
            self.fel.append(f"ett annat slutligt svar: {self._slutligt} blev {text}")
        self._slutligt = text

    def _se_nyast(self, svar: dict[str, Any]) -> None:
        for strom in svar["underlag"]["strommar"]:
            nu = (strom["epok"], strom["pos"])
            if nu < self._last.get(strom["strom"], (0, 0)):
                self.fel.append(
                    f"{strom['strom']} gick från {self._last[strom['strom']]} till {nu}"
                )
            self._last[strom["strom"]] = nu
