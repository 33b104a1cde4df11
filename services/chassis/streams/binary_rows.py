"""Many rows in one parameter, in PostgreSQL's own binary form of them.

Guarantees that no value reaches a column which it was not written for: each carries its type, and
the database refuses the whole statement when the number of columns or the type of one is not the
table's. Text is never cut apart, so whatever a value holds it stays in its place.

The form is that of an array of the table's rows: each row its columns' number, each column its
type and length and bytes (``record_recv`` and ``array_recv`` in PostgreSQL's source). A row written
as text costs the database as much to read as to store, and this a third of that; COPY would do,
but does not write into a table with row level security.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from psycopg.rows import tuple_row

_BOOL, _BIGINT, _INTEGER, _TEXT, _TEXTS = 16, 20, 23, 25, 1009
_DATE, _INSTANT, _UUID, _JSON = 1082, 1184, 2950, 3802
"""The numbers of the types, the same in every PostgreSQL."""

_NULL = -1
_FIRST_DAY = date(2000, 1, 1).toordinal()
_FIRST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_HEAD = Struct("!Ii").pack
_LENGTH = Struct("!i").pack
_COLUMN_OF_4 = Struct("!Iii").pack
_COLUMN_OF_8 = Struct("!Iiq").pack
_COLUMN_OF_16 = Struct("!Ii16s").pack
_ARRAY = Struct("!iiIii").pack
_TEXTS_HEAD = Struct("!IiiiIii").pack
_TRUE, _FALSE = (_HEAD(_BOOL, 1) + raw for raw in (b"\x01", b"\x00"))


# -- one column ------------------------------------------------------------------------------------
# What many rows share (codes, days, instants, ids of events) is written once and remembered.


@lru_cache(maxsize=8_192)
def text(value: str | None) -> bytes:
    """A ``text``."""
    if value is None:
        return _HEAD(_TEXT, _NULL)
    raw = value.encode()
    return _HEAD(_TEXT, len(raw)) + raw


def texts(values: Sequence[str]) -> bytes:
    """A ``text[]``."""
    items = b"".join(map(_item, values))
    return _TEXTS_HEAD(_TEXTS, 20 + len(items), 1, 0, _TEXT, len(values), 1) + items


@lru_cache(maxsize=8_192)
def _item(value: str) -> bytes:
    raw = value.encode()
    return _LENGTH(len(raw)) + raw


@lru_cache(maxsize=8_192)
def day(value: date | None) -> bytes:
    """A ``date``."""
    if value is None:
        return _HEAD(_DATE, _NULL)
    return _COLUMN_OF_4(_DATE, 4, value.toordinal() - _FIRST_DAY)


@lru_cache(maxsize=8_192)
def instant(value: datetime | None) -> bytes:
    """A ``timestamptz``; an aware instant."""
    if value is None:
        return _HEAD(_INSTANT, _NULL)
    return _COLUMN_OF_8(_INSTANT, 8, (value - _FIRST_INSTANT) // _MICROSECOND)


def uuid(value: UUID | None) -> bytes:
    """A ``uuid``."""
    return _HEAD(_UUID, _NULL) if value is None else _COLUMN_OF_16(_UUID, 16, value.bytes)


def bigint(value: int | None) -> bytes:
    """A ``bigint``; :class:`struct.error` for a number that is none."""
    return _HEAD(_BIGINT, _NULL) if value is None else _COLUMN_OF_8(_BIGINT, 8, value)


def integer(value: int | None) -> bytes:
    """An ``integer``; :class:`struct.error` for a number that is none."""
    return _HEAD(_INTEGER, _NULL) if value is None else _COLUMN_OF_4(_INTEGER, 4, value)


def boolean(value: bool) -> bytes:
    """A ``boolean``."""
    return _TRUE if value else _FALSE


def json(raw: bytes) -> bytes:
    """A ``jsonb``, of a document as UTF-8; before it stands the version of the form, 1."""
    return _HEAD(_JSON, len(raw) + 1) + b"\x01" + raw


# -- the rows --------------------------------------------------------------------------------------


class Rows:
    """Rows of one table as a parameter, for ``unnest(%b::the_table[])``."""

    __slots__ = ("raw",)

    def __init__(
        self, connection: psycopg.Connection[Any], table: str, width: int, rows: Iterable[bytes]
    ) -> None:
        """``rows`` are the joined columns of each, ``width`` is how many a row has.

        The database is asked for the number of the table's type: every build has its own.
        """
        cursor = connection.cursor(row_factory=tuple_row)
        found = cursor.execute("SELECT %s::regtype::oid", (table,)).fetchone()
        assert found is not None
        columns = _LENGTH(width)
        items = [_LENGTH(len(columns) + len(row)) + columns + row for row in rows]
        self.raw = b"".join((_ARRAY(1, 0, found[0], len(items), 1), *items))


class _RowsDumper(Dumper):
    """Sends the bytes as they are, and lets the statement say what they are."""

    format = Format.BINARY

    def dump(self, obj: Rows) -> Buffer:
        return obj.raw


psycopg.adapters.register_dumper(Rows, _RowsDumper)
