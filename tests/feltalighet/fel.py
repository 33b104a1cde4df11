"""What a fault is: a name, a kind, and what is done to a system while commands flow."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.feltalighet.bana import Bana


@dataclass(frozen=True, slots=True)
class Fel:
    """``gor`` does it, calls ``bana.nu_slog_det_till()`` when it has struck, and leaves a whole
    system behind (every part lives) that may need time to recover. It returns what was special
    about this time, for the line that is printed. ``tungt``: takes longer than a few seconds.
    """

    namn: str
    slag: str
    gor: Callable[[Bana, random.Random], str]
    tungt: bool = False

    def __str__(self) -> str:
        return self.namn
