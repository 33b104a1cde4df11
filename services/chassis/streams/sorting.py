"""What becomes of each message of a batch, judged one after another against the partition's row.

Guarantees that the order is the partition's: a message is a fact, lies aside, waits behind its key,
or is where the partition stops, by what stands before it and nothing else. It touches no database:
the inbox writes what it came to, in the transaction that holds the row.
"""

from dataclasses import dataclass
from typing import Any

from services.chassis.streams.facts import Fact, Register, UnknownType, judge
from services.chassis.streams.folding import Folding
from services.chassis.streams.message import Envelope, Faulty, Message, Place, Unreadable, parse
from services.chassis.streams.set_aside import Aside, Decided


@dataclass(slots=True)
class PartitionRow:
    """A partition's row of ``inkorg``, locked."""

    topic_id: str | None
    offset: int
    installation: Any
    epok: int
    place: Place
    lage: str
    skal: str | None
    vyversion: str

    @property
    def stopped(self) -> bool:
        """Whether nothing goes on until a person decides."""
        return self.lage in ("lucka", "stopp")


class NewEpok(Exception):
    """The message begins a new epok (or the first that is read)."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(envelope.epok)
        self.envelope = envelope


class Sorting:
    """Sorts the messages of a batch, one after another, and moves the mark of the row."""

    def __init__(
        self,
        row: PartitionRow,
        decided: Decided,
        register: Register,
        folding: Folding,
        condemned: dict[int, str],
    ) -> None:
        self.facts: list[Fact] = []
        self.aside: list[Aside] = []
        self.stopped_at: int | None = None
        self._row = row
        self._decided = decided
        self._held = set(decided.held_keys)
        self._register = register
        self._folding = folding
        self._condemned = condemned

    def take(self, message: Message) -> bool:
        """Sort one message; ``False`` when the partition stops at it."""
        try:
            envelope = parse(message)
        except Unreadable as fault:
            return self._stop(message, "stopp", f"oläsbart meddelande: {fault}")
        row = self._row
        if row.installation not in (None, envelope.installation):
            return self._stop(
                message,
                "stopp",
                f"meddelandet kommer från installationen {envelope.installation},"
                f" lästa från {row.installation}",
            )
        epok, place = envelope.epok, envelope.place
        if epok > row.epok:
            raise NewEpok(envelope)
        if epok < row.epok or place <= row.place:
            return True
        if not self._follows(envelope):
            return self._stop(
                message,
                "lucka",
                f"efter {row.place} väntas nästa meddelande, {place} säger sig följa"
                f" {envelope.fore}",
            )
        row.place, row.installation, row.lage = place, envelope.installation, "oppen"
        self._sort(message, envelope)
        return True

    def _follows(self, envelope: Envelope) -> bool:
        if self._row.lage == "hoppa":
            return envelope.fore >= self._row.place
        return envelope.fore == self._row.place

    def _stop(self, message: Message, lage: str, skal: str) -> bool:
        self._row.lage, self._row.skal = lage, skal
        self.stopped_at = message.offset
        self.aside.append(Aside(message, None, "karantan", skal))
        return False

    def _sort(self, message: Message, envelope: Envelope) -> None:
        where = (envelope.epok, *envelope.place)
        if where in self._decided.thrown:
            return
        if envelope.nyckel in self._held:
            self._aside(message, envelope, "hallen", "väntar bakom ett annat med samma nyckel")
            return
        try:
            if envelope.offset in self._condemned:
                raise Faulty(self._condemned[envelope.offset])
            self.facts.append(judge(message, envelope, self._register, self._folding))
        except UnknownType as unknown:
            passed = where in self._decided.passed
            self._aside(message, envelope, "passerad" if passed else "okand_typ", str(unknown))
        except Faulty as fault:
            self._held.add(envelope.nyckel)
            self._aside(message, envelope, "karantan", str(fault))

    def _aside(self, message: Message, envelope: Envelope, lage: str, orsak: str) -> None:
        self.aside.append(Aside(message, envelope, lage, orsak))
