"""What is known about a klient: sex, birth month and arbetsenhet, and no more (R-SEK-1).

Guarantees that the event named as the source of these values is the one that set them: a
correction that leaves them as they were changes no row that rests on them.
"""

from contracts.ord import Kon
from contracts.placering import KlientRattad, KlientRegistrerad


class Klientlage:
    """The klient as known; sex ``A`` and no birth month until something is."""

    __slots__ = ("arbetsenhet", "fodelsemanad", "id", "kon")

    def __init__(self) -> None:
        self.kon: str = Kon.ANNAN.value
        self.fodelsemanad: str | None = None
        self.arbetsenhet: str | None = None
        self.id: str | None = None

    def tillampa(self, handelse: KlientRegistrerad | KlientRattad, id: str) -> bool:
        """Take in an event; whether anything that a row rests on became another."""
        forra = (self.kon, self.fodelsemanad, self.arbetsenhet)
        nu = (handelse.kon.value, handelse.fodelsemanad, handelse.arbetsenhet)
        if self.id is not None and nu == forra:
            return False
        self.kon, self.fodelsemanad, self.arbetsenhet = nu
        self.id = id
        return True
