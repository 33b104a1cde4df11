"""The event table, read from its first row: positions, instants, the running hash, the head row.

Guarantees that each event that was changed, taken away or has changed places with another is
found, and is named by its position. The hash binds whole saves, so a change in a save of several
events is named by the save's first and last position; what other checks have of its messages tells
which one it was. After a fault the reading goes on from the hash that is stored next, so that one
fault does not make everything after it one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.kontroll.findings import Findings
from services.chassis.kontroll.snapshot import Snapshot
from services.chassis.store.append import chain
from services.chassis.streams.event_log import Strom
from services.chassis.streams.mapping import StoredRow

LONGEST_SAVE = 20_000
"""Events in one save beyond which its end is taken to be lost."""

_ROWS = (
    "SELECT pos, registrerad, kommunkod, topic, originator_id, originator_version, state, kedja"
    " FROM handelse ORDER BY pos"
)


@dataclass(frozen=True, slots=True)
class Saved:
    """The rows of one save, in order, as they lie there; ``lost`` are positions missing before."""

    rows: Sequence[StoredRow]
    lost: tuple[range, ...] = ()


class EventTable:
    """Reads one service's event table and says what is wrong with it."""

    def __init__(self, tjanst: str, snapshot: Snapshot, strom: Strom, found: Findings) -> None:
        self._tjanst = tjanst
        self._snapshot = snapshot
        self._strom = strom
        self._found = found
        self._pos = 0
        self._registrerad: datetime | None = None
        self._links: list[bytes] = [bytes(32)]
        """What the hash before the next save may be: as stored, and as it ought to be."""

    def saves(self) -> Iterator[Saved]:
        """Every save in order, judged; at the end the head row is judged."""
        self._found.saw("handelser", self._tjanst, "händelser", 0)
        for rows in self._grouped():
            self._found.saw("handelser", self._tjanst, "händelser", len(rows))
            lost = tuple(self._positions(rows))
            self._instants(rows)
            self._chain(rows, told=bool(lost))
            yield Saved(rows, lost)
        self._head()

    def _grouped(self) -> Iterator[list[StoredRow]]:
        rows: list[StoredRow] = []
        for pos, at, kommunkod, topic, id, version, state, kedja in self._snapshot.rows(_ROWS):
            link = None if kedja is None else bytes(kedja)
            rows.append(StoredRow(pos, at, kommunkod, topic, id, version, bytes(state), link))
            if link is not None or len(rows) == LONGEST_SAVE:
                yield rows
                rows = []
        if rows:
            yield rows

    def _fault(self, var: str, text: str) -> None:
        self._found.fault("handelser", self._tjanst, var, text)

    def _positions(self, rows: Sequence[StoredRow]) -> Iterator[range]:
        for row in rows:
            if row.pos != self._pos + 1:
                lost = range(self._pos + 1, row.pos)
                if lost:
                    yield lost
                    self._fault(_name(lost[0], lost[-1]), "saknas i händelsetabellen")
                else:
                    self._fault(f"händelse {row.pos}", "har en position som ingen händelse kan ha")
            self._pos = row.pos

    def _instants(self, rows: Sequence[StoredRow]) -> None:
        first = rows[0]
        if self._registrerad is not None and first.registrerad <= self._registrerad:
            self._fault(
                f"händelse {first.pos}",
                f"är inspelad {first.registrerad.isoformat()}, inte efter den före"
                f" ({self._registrerad.isoformat()})",
            )
        for row in rows[1:]:
            if row.registrerad != first.registrerad:
                self._fault(
                    f"händelse {row.pos}",
                    f"är inspelad {row.registrerad.isoformat()}, de andra i samma sparning"
                    f" {first.registrerad.isoformat()}",
                )
        self._registrerad = max(row.registrerad for row in rows)

    def _chain(self, rows: Sequence[StoredRow], *, told: bool) -> None:
        stored = rows[-1].kedja
        fed = [
            (
                row.pos,
                row.originator_id,
                row.originator_version,
                row.topic,
                row.state,
                row.kommunkod,
                row.registrerad,
            )
            for row in rows
        ]
        computed = [chain(link, fed) for link in self._links]
        where = _name(rows[0].pos, rows[-1].pos)
        if stored is not None and stored in computed:
            self._links = [stored]
            return
        if stored is None:
            self._fault(where, "avslutas inte av någon kedja")
        elif not told:
            self._fault(where, _CHANGED if len(rows) == 1 else _ONE_CHANGED)
        self._links = [computed[-1]] if stored is None else [stored, computed[-1]]

    def _head(self) -> None:
        strom, last = self._strom, self._registrerad
        if strom.pos != self._pos:
            self._fault(
                "huvudraden strom", f"säger läge {strom.pos}, sista händelsen är {self._pos}"
            )
        elif strom.kedja != self._links[0]:
            self._fault("huvudraden strom", "har en annan kedja än sista händelsen")
        if last is not None and strom.registrerad < last:
            self._fault("huvudraden strom", "är äldre än sista händelsen")


_CHANGED = "stämmer inte med kedjan: den är ändrad, eller har bytt plats med en annan"
_ONE_CHANGED = "stämmer inte med kedjan: någon av dem är ändrad, eller har bytt plats med en annan"


def _name(first: int, last: int) -> str:
    return f"händelse {first}" if first == last else f"händelse {first}–{last}"
