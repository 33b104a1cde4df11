"""Derived rows against the same facts folded anew, by the service's own folding.

Guarantees that what is compared is one commit's facts and one commit's rows; that the folding
writes to nothing that anybody reads (temporary tables of the same names stand before the real
ones, in a transaction that the database keeps from writing elsewhere); and that a subject which
waits to be folded, or uses one that does, is counted and not compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.kontroll.findings import Findings, Progress
from services.chassis.kontroll.snapshot import Beside, Snapshot
from services.chassis.streams.folding import Folding
from services.chassis.streams.health import transient
from services.chassis.streams.parts import Consumer, Derived

CHUNK = 500
"""Subjects folded at a time."""

TEMPORARY = tuple(
    f"CREATE TEMPORARY TABLE {name} (slag text, kommunkod text, amne text,"
    " PRIMARY KEY (slag, kommunkod, amne))"
    for name in ("kontroll_amne", "kontroll_smutsig")
)
"""What the snapshot's connection must have made before it begins."""

_DIRTY = "SELECT slag, kommunkod, amne FROM smutsig ORDER BY slag, kommunkod"
_CLEAN = """
SELECT kommunkod, amne FROM pg_temp.kontroll_amne AS a
WHERE slag = %s AND NOT EXISTS (
    SELECT FROM pg_temp.kontroll_smutsig AS s
    WHERE s.slag = a.slag AND s.kommunkod = a.kommunkod AND s.amne = a.amne)
ORDER BY kommunkod, amne
"""


@dataclass(frozen=True, slots=True)
class _Table:
    """A derived table as the database has it."""

    derived: Derived
    real: sql.Identifier
    type: str

    @property
    def temporary(self) -> sql.Identifier:
        return sql.Identifier("pg_temp", self.derived.table)


def same_version(konsument: str, consumer: Consumer, snapshot: Snapshot, found: Findings) -> bool:
    """Whether this code's version of the views made the rows; else it is told."""
    mine = consumer.vyversion
    others = [
        text
        for (text,) in snapshot.connection.execute(
            "SELECT DISTINCT vyversion FROM inkorg WHERE konsument = %s", (konsument,)
        ).fetchall()
        if text != mine
    ]
    for text in others:
        found.fault(
            "vyer",
            konsument,
            "vyversion",
            f"vyerna är gjorda av version {text}, det här kommandot är {mine}: de jämförs inte",
        )
    return not others


class DerivedCheck:
    """Folds every clean subject of one consumer anew and compares."""

    def __init__(
        self,
        konsument: str,
        consumer: Consumer,
        snapshot: Snapshot,
        found: Findings,
        progress: Progress,
    ) -> None:
        self._konsument = konsument
        self._folding: Folding = consumer.folding
        self._snapshot = snapshot
        self._found = found
        self._progress = progress
        self._tables = [_described(snapshot.connection, one) for one in consumer.derived]
        found.saw("vyer", konsument, "ämnen", 0)

    def run(self) -> None:
        """Compare every table."""
        self._mark_dirty()
        for table in self._tables:
            self._name_subjects(table)
        total = self._snapshot.one("SELECT count(*) FROM pg_temp.kontroll_amne")
        done = 0
        with self._snapshot.beside() as beside:
            for table in self._tables:
                _make_temporary(beside.connection, table)
            for slag in dict.fromkeys(table.derived.slag for table in self._tables):
                tables = [table for table in self._tables if table.derived.slag == slag]
                for kommunkod, amnen in self._chunks(slag):
                    self._compare(beside, slag, tables, kommunkod, amnen)
                    done += len(amnen)
                    self._found.saw("vyer", self._konsument, "ämnen", len(amnen))
                    self._progress(f"vikta ämnen i {self._konsument}", done, max(total, done))
        waiting = total - done
        if waiting:
            self._found.saw("vyer", self._konsument, "ovikta", waiting)
        self._progress(f"vikta ämnen i {self._konsument}", done, done)

    # -- which subjects -----------------------------------------------------------------------

    def _mark_dirty(self) -> None:
        """Those that wait to be folded, and the users of those of kinds that are expanded."""
        connection = self._snapshot.connection
        rows = self._snapshot.rows(_DIRTY)
        for (slag, kommunkod), group in groupby(rows, key=lambda row: (row[0], row[1])):
            while amnen := [amne for _, _, amne in islice(group, CHUNK)]:
                subjects = {(slag, amne) for amne in amnen}
                subjects.update(self._folding.expand(connection, kommunkod, slag, amnen))
                connection.cursor().executemany(
                    "INSERT INTO pg_temp.kontroll_smutsig VALUES (%s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    [(kind, kommunkod, name) for kind, name in sorted(subjects)],
                )

    def _name_subjects(self, table: _Table) -> None:
        """Those with facts, and those with rows."""
        derived = table.derived
        self._snapshot.connection.execute(
            sql.SQL(
                "INSERT INTO pg_temp.kontroll_amne"
                " SELECT DISTINCT slag, kommunkod, amne FROM rafakta_amne WHERE slag = {slag}"
                " UNION SELECT {slag}, kommunkod, {column}::text FROM {table}"
                " ON CONFLICT DO NOTHING"
            ).format(
                slag=sql.Literal(derived.slag),
                column=sql.Identifier(derived.column),
                table=table.real,
            )
        )

    def _chunks(self, slag: str) -> Iterator[tuple[str, list[str]]]:
        rows = self._snapshot.rows(_CLEAN, (slag,))
        for kommunkod, group in groupby(rows, key=lambda row: row[0]):
            while amnen := [amne for _, amne in islice(group, CHUNK)]:
                yield kommunkod, amnen

    # -- comparing ----------------------------------------------------------------------------

    def _compare(
        self,
        beside: Beside,
        slag: str,
        tables: Sequence[_Table],
        kommunkod: str,
        amnen: list[str],
    ) -> None:
        try:
            with beside.transaction():
                self._folding.fold(beside.connection, kommunkod, slag, amnen)
                for table in tables:
                    self._differences(beside.connection, table, kommunkod, amnen)
        except Exception as fault:
            if transient(fault):
                raise
            if len(amnen) == 1:
                self._found.fault(
                    "vyer",
                    self._konsument,
                    f"{kommunkod} {slag} {amnen[0]}",
                    f"går inte att vika på nytt: {type(fault).__name__}",
                )
            else:
                for amne in amnen:
                    self._compare(beside, slag, tables, kommunkod, [amne])

    def _differences(
        self, connection: psycopg.Connection[Any], table: _Table, kommunkod: str, amnen: list[str]
    ) -> None:
        rows = connection.execute(_comparison(table), (kommunkod, amnen) * 2).fetchall()
        by_subject: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(
            lambda: {"saknas": [], "over": []}
        )
        for what, subject, row in rows:
            by_subject[subject][what].append(row)
        for subject, found in sorted(by_subject.items()):
            derived = table.derived
            self._found.fault(
                "vyer",
                self._konsument,
                f"{derived.table} {kommunkod} {derived.slag} {subject}",
                _told(found["saknas"], found["over"]),
            )


def _described(connection: psycopg.Connection[Any], derived: Derived) -> _Table:
    row = connection.execute(
        "SELECT n.nspname, format_type(a.atttypid, NULL) FROM pg_class AS c"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = %s"
        " WHERE c.oid = to_regclass(%s)",
        (derived.column, derived.table),
    ).fetchone()
    if row is None:
        raise RuntimeError(f"the table {derived.table} has no column {derived.column}")
    return _Table(derived, sql.Identifier(row[0], derived.table), row[1])


def _make_temporary(connection: psycopg.Connection[Any], table: _Table) -> None:
    """A table of the real one's shape; names without schema mean it from now on."""
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {}) ON COMMIT DELETE ROWS").format(
            sql.Identifier(table.derived.table), table.real
        )
    )


def _comparison(table: _Table) -> sql.Composed:
    return sql.SQL(
        "SELECT vad, amne, rad FROM ("
        " SELECT 'saknas' AS vad, {column}::text AS amne, to_jsonb(r) AS rad FROM ("
        "  SELECT * FROM {temporary} EXCEPT ALL SELECT * FROM {real} WHERE {only}) AS r"
        " UNION ALL"
        " SELECT 'over', {column}::text, to_jsonb(r) FROM ("
        "  SELECT * FROM {real} WHERE {only} EXCEPT ALL SELECT * FROM {temporary}) AS r"
        ") AS skillnad"
    ).format(
        column=sql.Identifier(table.derived.column),
        temporary=table.temporary,
        real=table.real,
        only=sql.SQL("kommunkod = %s AND {} = ANY (%s::{}[])").format(
            sql.Identifier(table.derived.column), sql.SQL(table.type)
        ),
    )


def _told(missing: Sequence[dict[str, Any]], over: Sequence[dict[str, Any]]) -> str:
    """How the rows differ; where one stands against one, in which columns."""
    if len(missing) == len(over) == 1:
        ought, has = missing[0], over[0]
        told = [
            f"{name} är {has.get(name)}, ska vara {ought[name]}"
            for name in ought
            if has.get(name) != ought[name]
        ]
        return f"en rad är en annan än den som viks på nytt: {'; '.join(told)}"[:500]
    parts = []
    if missing:
        parts.append(f"saknar {_number(missing)}")
    if over:
        parts.append(f"har {_number(over)} för mycket")
    return "; ".join(parts)


def _number(rows: Sequence[dict[str, Any]]) -> str:
    return "en rad" if len(rows) == 1 else f"{len(rows)} rader"
