"""The base of every service's application: load, decide, save.

Guarantees that an application method sees fresh state of one kommun, that nothing it saves is
stored before the whole method has succeeded, and that within one command the same id is the same
object. How and when the result is stored is the writer's matter; a use case cannot tell whether it
was stored alone or in a group.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import Mapper, Recording
from psycopg.rows import dict_row

from services.chassis.aggregate import Aggregat, Handelse
from services.chassis.context import Sammanhang
from services.chassis.store.decision import Decision, Done, Mark, Row
from services.chassis.store.errors import NotFound, Stale, TooLarge
from services.chassis.store.mapper import MsgspecMapper, decode
from services.chassis.store.recorder import Recorder

A = TypeVar("A", bound=Aggregat)


class _Unit:
    """What one command has loaded and saved so far."""

    def __init__(
        self, sammanhang: Sammanhang, expected: tuple[UUID, int] | None, ahead: "Ahead"
    ) -> None:
        self.sammanhang = sammanhang
        self.expected = expected
        self.ahead = ahead
        self.loaded: dict[UUID, Aggregat | None] = {}
        self.events: list[Handelse] = []
        self.rows: list[Row | Mark] = []


class ServiceApplication(Application[UUID]):
    """One object a process, used by the writer's thread only."""

    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": "eventsourcing.popo"}

    def __init__(self, recorder: Recorder, *, event_max_bytes: int = 131_072) -> None:
        self._recorder = recorder
        self._event_max_bytes = event_max_bytes
        self._unit: _Unit | None = None
        super().__init__()

    def construct_recorder(self) -> Recorder:
        """Our own recorder in the place of the library's."""
        return self._recorder

    def construct_mapper(self) -> Mapper[UUID]:
        """Our own mapper in the place of the library's."""
        return MsgspecMapper(self.construct_transcoder())

    # -- what use cases call

    def find(self, kind: type[A], id: UUID) -> A | None:
        """The aggregate, or ``None`` when the kommun has none of that kind with the id."""
        unit = self._open_unit()
        if id not in unit.loaded:
            read = unit.ahead.get((unit.sammanhang.kommunkod, id))
            unit.loaded[id] = self._fetch(id) if read is None else _rebuilt(read)
            self._check_expected(unit.loaded[id])
        found = unit.loaded[id]
        return found if isinstance(found, kind) else None

    def load(self, kind: type[A], id: UUID) -> A:
        """The aggregate; :class:`NotFound` when the kommun has none of that kind with the id."""
        found = self.find(kind, id)
        if found is None:
            raise NotFound(kind.__name__, id)
        return found

    def prefetch(self, ids: Iterable[UUID]) -> None:
        """Read these aggregates in one query, for a command that speaks of many."""
        unit = self._open_unit()
        kommunkod = unit.sammanhang.kommunkod
        wanted = [id for id in dict.fromkeys(ids) if id not in unit.loaded]
        for (_, id), events in self.read_ahead([(kommunkod, id) for id in wanted]).items():
            unit.loaded[id] = _rebuilt(events)
            self._check_expected(unit.loaded[id])

    def save(self, *objs: Any, rows: Sequence[Row | Mark] = (), **_: Any) -> list[Recording[UUID]]:
        """Hand over what the aggregates have decided, with rows for the same transaction."""
        unit = self._open_unit()
        for aggregate in objs:
            unit.loaded[aggregate.id] = aggregate
            unit.events.extend(aggregate.collect_events())
        unit.rows.extend(rows)
        return []

    def saved(self, *objs: Any, rows: Sequence[Row | Mark] = (), status: int = 200) -> Done:
        """Save; the answer names the first of the aggregates, as it is now."""
        self.save(*objs, rows=rows)
        return Done(objs[0].id, objs[0].version, status)

    def query(self, statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Rows of the service's own tables (its copy of other streams), of this kommun only.

        :class:`NotBuilt` while that copy is not there to be read.
        """
        self._open_unit()
        self._recorder.see_views()
        with self._recorder.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, parameters).fetchall()

    # -- what the writer calls

    def read_ahead(self, wanted: Sequence[tuple[str, UUID]]) -> "Ahead":
        """The events of these (kommunkod, id), in one query; none where the kommun has none."""
        ahead: dict[tuple[str, UUID], list[Any]] = {one: [] for one in wanted}
        if not ahead:
            return ahead
        self._recorder.act_for(",".join(sorted({kommunkod for kommunkod, _ in wanted})))
        for kommunkod, *row in self._recorder.connection.execute(
            "SELECT kommunkod, topic, originator_id, originator_version, state FROM handelse"
            " WHERE originator_id = ANY (%s) ORDER BY originator_id, originator_version",
            (list({id for _, id in wanted}),),
        ):
            if (kommunkod, row[1]) in ahead:
                ahead[kommunkod, row[1]].append(decode(*row))
        return ahead

    @contextmanager
    def _unit_for(
        self, sammanhang: Sammanhang, expected: tuple[UUID, int] | None, ahead: "Ahead"
    ) -> Iterator[_Unit]:
        self._recorder.act_for(sammanhang.kommunkod)
        self._unit = _Unit(sammanhang, expected, ahead)
        try:
            yield self._unit
        finally:
            self._unit = None

    def decide(
        self,
        sammanhang: Sammanhang,
        method: Any,
        expected: tuple[UUID, int] | None = None,
        ahead: "Ahead | None" = None,
    ) -> Decision:
        """Run ``method(self)`` and give back what it decided, unstored.

        ``expected`` is (id, version) of the thing that the caller read: :class:`Stale` when it
        has changed since. ``ahead`` is what :meth:`read_ahead` read: the method finds it there,
        and everything else by a query of its own.
        """
        with self._unit_for(sammanhang, expected, ahead or {}) as unit:
            done: Done = method(self)
            return Decision(
                kommunkod=sammanhang.kommunkod,
                done=done,
                events=[self._to_row(event) for event in unit.events],
                rows=unit.rows,
            )

    def _to_row(self, event: Handelse) -> Any:
        stored = self.mapper.to_stored_event(event)
        if len(stored.state) > self._event_max_bytes:
            raise TooLarge(f"{stored.topic}: {len(stored.state)} byte")
        return stored

    def _fetch(self, id: UUID) -> Aggregat | None:
        try:
            return self.repository.get(id)
        except AggregateNotFoundError:
            return None

    def _check_expected(self, fetched: Aggregat | None) -> None:
        """Judge a thing as it was stored, before the command has done anything to it."""
        expected = self._open_unit().expected
        if fetched is None or expected is None or expected[0] != fetched.id:
            return
        if fetched.version != expected[1]:
            raise Stale(expected[1], fetched.version)

    def _open_unit(self) -> _Unit:
        if self._unit is None:
            raise RuntimeError("ett användningsfall körs bara genom skrivaren")
        return self._unit


Ahead = Mapping[tuple[str, UUID], Sequence[Any]]
"""Events by (kommunkod, id of the aggregate), in order of version; none: it does not exist."""


def _rebuilt(events: Sequence[Any]) -> Aggregat | None:
    """A thing of its own for each who asks: what one command does to it is not another's."""
    aggregate: Any = None
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate if isinstance(aggregate, Aggregat) else None
