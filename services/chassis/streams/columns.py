"""Many values in one parameter: texts with a separator between, cut apart by the database.

Guarantees that a value never slips into its neighbour's place: one that holds the separator (a
control character that ids, codes, instants and JSON do not hold) is refused before anything is
sent. Arrays would do the same, but the driver makes them element by element, which costs ten
times as much; COPY is as fast, but cannot write into a table with row level security without a
temporary table between.
"""

from collections.abc import Iterable

import psycopg

SEPARATOR = "\x1f"
"""ASCII's own unit separator."""

CUT = "string_to_table(%s, E'\\x1f')"
"""The texts of one :func:`column`, a row each."""


def rows_of(*names: str) -> str:
    """A FROM item ``rad`` with these text columns, whose parameters are :func:`column`'s texts.

    A text column is cast where it is used. No value may be empty.
    """
    return f"ROWS FROM ({', '.join([CUT] * len(names))}) AS rad ({', '.join(names)})"


def column(values: Iterable[str]) -> str:
    """The values as one text; :class:`psycopg.DataError` when one of them holds the separator."""
    every = list(values)
    text = SEPARATOR.join(every)
    if text.count(SEPARATOR) != max(0, len(every) - 1):
        raise psycopg.DataError("ett värde innehåller tecknet U+001F")
    return text
