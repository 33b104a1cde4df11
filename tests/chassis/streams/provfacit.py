"""What must become of a partition's messages, told by a few lines that share none of the inbox's.

One partition at a time: the mark, whether the next is taken whatever it follows, which keys wait,
and what has become of every message by its offset.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from services.chassis.streams.message import Message
from tests.chassis.streams.provskador import Last, las

Plats = tuple[int, int]


@dataclass
class Facit:
    """The oracle of one partition."""

    installation: str
    mark: Plats = (0, 0)
    hoppar: bool = False
    hal: bool = False
    """Whether it stopped at a hole, rather than at what cannot be read."""
    bakat: bool = False
    """Whether that hole is none that a release can accept: it says it follows what is past."""
    fakta: dict[Plats, Last] = field(default_factory=dict)
    kastade: set[int] = field(default_factory=set)
    upprepade: set[int] = field(default_factory=set)
    okanda: dict[int, Last] = field(default_factory=dict)
    vantar: dict[str, list[tuple[int, Last, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Key → (offset, read, state) in order: the first in quarantine, the others behind it."""

    def ta(self, offset: int, message: Message) -> bool:
        """Take the next message; ``False`` when the partition stops at it."""
        last = las(message, self.installation)
        if last.dom == "stopp":
            self.hal = self.bakat = False
            return False
        if last.plats <= self.mark:
            self.upprepade.add(offset)
            return True
        if last.fore < self.mark or (last.fore != self.mark and not self.hoppar):
            self.hal, self.bakat = True, last.fore < self.mark
            return False
        self.mark, self.hoppar = last.plats, False
        self._sortera(offset, last)
        return True

    def _sortera(self, offset: int, last: Last) -> None:
        if last.nyckel in self.vantar:
            self.vantar[last.nyckel].append((offset, last, "hallen"))
        elif last.dom == "fakta":
            self.fakta[last.plats] = last
        elif last.dom == "okand_typ":
            self.okanda[offset] = last
        else:
            self.vantar[last.nyckel].append((offset, last, "karantan"))

    def gar_att_ta(self) -> bool:
        """Whether what it stopped at can be taken as it stands, if somebody accepts the hole."""
        return self.hal and not self.bakat

    def slapp(self) -> None:
        """What it stopped at is released."""
        self.hoppar = self.hal

    def kasta(self, offset: int) -> None:
        """What it stopped at is thrown away."""
        self.hoppar = True
        self.kastade.add(offset)

    def avgor(self, nyckel: str, lagat: bool) -> int:
        """The first of a key is mended and released, or thrown away; its offset.

        Those behind it follow, up to the next that is bad.
        """
        (offset, last, _), *bakom = self.vantar.pop(nyckel)
        if lagat:
            self.fakta[last.plats] = last
        else:
            self.kastade.add(offset)
        while bakom:
            nasta, egen, _ = bakom[0]
            if egen.dom == "karantan":
                self.vantar[nyckel] = [(nasta, egen, "karantan"), *bakom[1:]]
                break
            bakom.pop(0)
            if egen.dom == "fakta":
                self.fakta[egen.plats] = egen
            else:
                self.okanda[nasta] = egen
        return offset

    def at_sidan(self) -> dict[int, str]:
        """Offset → state of all that waits."""
        waiting = {offset: lage for ko in self.vantar.values() for offset, _, lage in ko}
        return waiting | dict.fromkeys(self.okanda, "okand_typ")

    def haller(self) -> list[Last]:
        """All that holds its kommun's settled instant."""
        return [*self.okanda.values(), *(last for ko in self.vantar.values() for _, last, _ in ko)]
