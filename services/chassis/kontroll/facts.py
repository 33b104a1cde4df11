"""What a reader has taken in against what the stream has said.

Guarantees that up to the mark of its partition every message of the stream is there as a raw fact
that says the same (and is about the same subjects), or lies put aside; that no fact is there that
no event has given, or that lies beyond the mark; and that no mark and no control record of the
reader is beyond the stream or beside it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from services.chassis.kontroll.expected import Expected, Save
from services.chassis.kontroll.findings import Findings
from services.chassis.kontroll.snapshot import Snapshot
from services.chassis.kontroll.topic_reader import place_in
from services.chassis.streams.control import Control
from services.chassis.streams.message import START, Message, Place, instant_text
from services.chassis.streams.parts import Consumer
from services.chassis.streams.standing import read_standing

_FACTS = """
SELECT r.pos, r."index", r.epok, r.kommunkod, r.typ, r.nyckel, r.registrerad, r.data::text,
       ARRAY(SELECT a.slag || ' ' || a.amne FROM rafakta_amne AS a
             WHERE a.topic = r.topic AND a.pos = r.pos AND a."index" = r."index"
               AND a.kommunkod = r.kommunkod ORDER BY (a.slag || ' ' || a.amne) COLLATE "C")
FROM rafakta AS r WHERE r.topic = %s ORDER BY r.pos, r."index"
"""
_ASIDE = """
SELECT pos, "index", lage, orsak FROM karantan
WHERE konsument = %s AND topic = %s AND epok = %s AND pos IS NOT NULL
ORDER BY pos, "index", lage = 'tillampad', "offset"
"""
_MARKS = """
SELECT partition, epok, pos, "index", lage, skal FROM inkorg
WHERE konsument = %s AND topic = %s ORDER BY partition
"""
_THROWN = """
SELECT partition, count(*) FROM karantan
WHERE konsument = %s AND topic = %s AND pos IS NULL AND lage = 'kastad' GROUP BY partition
"""
_WITHOUT_FACT = """
SELECT a.pos, a."index", a.slag, a.amne FROM rafakta_amne AS a
LEFT JOIN rafakta AS r USING (topic, pos, "index", kommunkod)
WHERE a.topic = %s AND r.topic IS NULL ORDER BY 1, 2, 3, 4
"""
_WAITING = ("karantan", "hallen", "okand_typ", "slappt")

R = TypeVar("R", bound=tuple[Any, ...])


class _Ahead(Generic[R]):
    """Rows in order of place, looked at one ahead."""

    def __init__(self, rows: Iterator[R]) -> None:
        self._rows = rows
        self.row = next(rows, None)

    @property
    def place(self) -> Place | None:
        return None if self.row is None else Place(self.row[0], self.row[1])

    def pop(self) -> R:
        row = self.row
        assert row is not None
        self.row = next(self._rows, None)
        return row


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a partition has been read."""

    epok: int
    place: Place


class FactCheck:
    """Follows one stream through what one reader has of it."""

    def __init__(
        self,
        konsument: str,
        consumer: Consumer,
        snapshot: Snapshot,
        expected: Expected,
        found: Findings,
    ) -> None:
        """``snapshot`` must be older than that of the stream's own event table."""
        self._konsument = konsument
        self._consumer = consumer
        self._expected = expected
        self._found = found
        self._topic = expected.stream.topic
        self._snapshot = snapshot
        self._marks = self._read_marks()
        self._standing = read_standing(snapshot.connection, konsument, self._topic)
        self._reached = {number for number, mark in self._marks.items() if mark.place == START}
        self._thrown: Counter[int] = Counter(
            dict(snapshot.connection.execute(_THROWN.encode(), (konsument, self._topic)).fetchall())
        )
        self._facts = _Ahead(snapshot.rows(_FACTS, (self._topic,)))
        self._aside = _Ahead(snapshot.rows(_ASIDE, (konsument, self._topic, expected.stream.epok)))
        found.saw("fakta", konsument, "fakta", 0)

    # -- following ----------------------------------------------------------------------------

    def take(self, save: Save) -> None:
        """Compare the save's messages with what is taken in of them."""
        for message in save.messages:
            self._take(message)
        standing = self._standing
        if standing is not None and standing.pos == save.control.pos and save.whole:
            self._judge_standing(standing, save.control)

    def end(self) -> None:
        """What is left was never said by the stream."""
        while self._facts.row is not None:
            self._orphan(self._facts.pop())
        while self._aside.row is not None:
            self._set_aside(self._aside.pop())
        for pos, index, slag, amne in self._snapshot.rows(_WITHOUT_FACT, (self._topic,)):
            self._fault(Place(pos, index), f"är ämnet {slag} {amne} för, men faktumet finns inte")
        for number in sorted(self._marks.keys() - self._reached):
            place = self._marks[number].place
            if place.pos not in self._expected.unknown:
                self._tell(
                    f"{self._topic}/{number}", f"märket {place} är inget meddelande i strömmen"
                )
        if self._standing is not None and self._standing.pos > 0:
            self._tell(
                self._topic, f"styrposten säger läge {self._standing.pos}, som strömmen inte har"
            )

    def _take(self, message: Message) -> None:
        place = place_in(dict(message.headers))
        self._skip_to(place)
        mark = self._marks.get(message.partition)
        within = mark is not None and place <= mark.place
        if mark is not None and place == mark.place:
            self._reached.add(message.partition)
        aside = self._pop_aside(place)
        if self._facts.place == place:
            fact = self._facts.pop()
            self._found.saw("fakta", self._konsument, "fakta")
            if not within:
                self._fault(place, f"ligger bortom märket i partition {message.partition}")
            self._compare(place, message, fact)
        elif within:
            self._without_fact(place, message, aside)

    def _skip_to(self, place: Place) -> None:
        while self._facts.place is not None and self._facts.place < place:
            self._orphan(self._facts.pop())
        while self._aside.place is not None and self._aside.place < place:
            self._set_aside(self._aside.pop())

    def _pop_aside(self, place: Place) -> str | None:
        """The state of the message if it was put aside; the one not yet applied goes first."""
        state: str | None = None
        while self._aside.place == place:
            row = self._aside.pop()
            self._set_aside(row)
            state = state or row[2]
        return state

    def _set_aside(self, row: tuple[Any, ...]) -> None:
        pos, index, lage, orsak = row
        if lage in _WAITING:
            self._found.remark(
                "fakta", self._konsument, f"{self._topic} {pos}.{index}", f"{lage}: {orsak}"
            )
        self._found.saw("fakta", self._konsument, "undanlagda")

    def _without_fact(self, place: Place, message: Message, aside: str | None) -> None:
        if aside is not None and aside != "tillampad":
            return
        if self._thrown[message.partition]:
            self._thrown[message.partition] -= 1
            self._found.remark(
                "fakta",
                self._konsument,
                f"{self._topic} {place}",
                "saknas; någon har kastat ett oläsbart meddelande i partitionen",
            )
            return
        self._fault(place, "saknas fast partitionen är läst förbi det")

    def _orphan(self, fact: tuple[Any, ...]) -> None:
        place = Place(fact[0], fact[1])
        if place.pos in self._expected.unknown:
            self._fault(place, "är taget ur en händelse som inte längre finns eller går att läsa")
        else:
            self._fault(place, "finns, men ingen händelse har gett det")

    def _compare(self, place: Place, message: Message, fact: tuple[Any, ...]) -> None:
        epok, kommunkod, typ, nyckel, registrerad, data, subjects = fact[2:]
        headers = dict(message.headers)
        pairs = (
            ("epok", str(epok).encode(), headers["epok"]),
            ("kommunkod", kommunkod.encode(), headers["kommunkod"]),
            ("typ", typ.encode(), headers["ce_type"]),
            ("nyckel", nyckel.encode(), message.key),
            ("registrerad", instant_text(registrerad).encode(), headers["registrerad"]),
        )
        told = [name for name, has, ought in pairs if has != ought]
        if msgspec.json.decode(data) != msgspec.json.decode(message.value):
            told.append("data")
        if list(subjects) != self._subjects(headers["ce_type"].decode(), message.value):
            told.append("vilka ämnen det rör")
        if told:
            self._fault(place, f"skiljer sig från meddelandet: {', '.join(told)}")

    def _subjects(self, typ: str, value: bytes) -> list[str]:
        """Kind and name of each subject; none of a type that these views do not handle."""
        folding = self._consumer.folding
        if typ not in folding.handled:
            return []
        event = self._consumer.register.avkoda(typ, value)
        return sorted({" ".join(pair) for pair in folding.subjects(typ, event)})

    # -- marks --------------------------------------------------------------------------------

    def _read_marks(self) -> dict[int, _Mark]:
        marks: dict[int, _Mark] = {}
        for number, epok, pos, index, lage, skal in self._snapshot.connection.execute(
            _MARKS.encode(), (self._konsument, self._topic)
        ).fetchall():
            marks[number] = _Mark(epok, Place(pos, index))
            if lage in ("lucka", "stopp"):
                self._found.remark(
                    "fakta",
                    self._konsument,
                    f"{self._topic}/{number}",
                    f"partitionen har stannat ({lage}): {skal}",
                )
        return marks

    def _judge_standing(self, standing: Control, known: Control) -> None:
        where = f"{self._topic} läge {standing.pos}"
        self._standing = None
        if standing.kedja != known.kedja:
            self._tell(where, "läsarens styrpost har en annan kedja än händelsetabellen")
        if standing.sista != known.sista and not self._expected.unknown:
            self._tell(where, "läsarens styrpost säger andra sista platser än händelserna ger")
        for number, place in standing.sista.items():
            mark = self._marks.get(number)
            if mark is None or mark.place < place:
                self._tell(
                    f"{self._topic}/{number}",
                    f"styrposten säger att allt till {place} är läst, märket säger"
                    f" {START if mark is None else mark.place}",
                )

    def _fault(self, place: Place, text: str) -> None:
        self._tell(f"{self._topic} {place}", text)

    def _tell(self, where: str, text: str) -> None:
        self._found.fault("fakta", self._konsument, where, text)


def comparable(konsument: str, snapshot: Snapshot, expected: Expected, found: Findings) -> bool:
    """Whether the reader reads this stream, in its epok; else it is said why not."""
    stream = expected.stream
    rows = snapshot.connection.execute(
        "SELECT DISTINCT epok, installation FROM inkorg WHERE konsument = %s AND topic = %s",
        (konsument, stream.topic),
    ).fetchall()
    for epok, installation in rows:
        if installation not in (None, stream.installation):
            found.fault(
                "fakta",
                konsument,
                stream.topic,
                f"är läst ur installationen {installation}, strömmen är {stream.installation}",
            )
            return False
        if epok > stream.epok:
            found.fault(
                "fakta",
                konsument,
                stream.topic,
                f"är läst till epok {epok}, strömmen är på {stream.epok}",
            )
            return False
        if epok < stream.epok:
            found.remark(
                "fakta",
                konsument,
                stream.topic,
                f"är läst till epok {epok}, strömmen är på {stream.epok}: bygger om",
            )
            return False
    return True
