"""What is known about a klient: sex and birth month, and no more (R-SEK-1).

Guarantees that the event named as the source of these values is the one that set them: a
correction that leaves them as they were changes no row that rests on them.
"""

from contracts.ord import Kon
from contracts.placering import KlientRattad, KlientRegistrerad


class Klientlage:
    """The klient as known; sex ``A`` and no birth month until something is."""

    __slots__ = ("fodelsemanad", "id", "kon")

    def __init__(self) -> None:
        self.kon: str = Kon.ANNAN.value
        self.fodelsemanad: str | None = None
        self.id: str | None = None

    def tillampa(self, handelse: KlientRegistrerad | KlientRattad, id: str) -> bool:
        """Take in an event; whether anything that a row rests on became another."""
        kon = handelse.kon.value
        if self.id is not None and (kon, handelse.fodelsemanad) == (self.kon, self.fodelsemanad):
            return False
        self.kon, self.fodelsemanad, self.id = kon, handelse.fodelsemanad, id
        return True
