"""The SQL that every period report shares: intervals cut by a key, overlapping a period.

Guarantees one definition of "how many days of this row fall under this key": overlap of the row's
days (of a running stay those until ``idag``) with the key's days within the period. Parameters:
``fran``, ``till`` (the period, both days in it), ``idag``, ``kand`` (an instant, or ``NULL`` for
all that is known).
"""

from enum import StrEnum


class Snitt(StrEnum):
    """What a report is cut by."""

    PLACERINGSFORM = "placeringsform"
    LEVERANTOR = "leverantor"
    MANAD = "manad"
    ALDERSKLASS = "aldersklass"


KAND = (
    "(CASE WHEN %(kand)s::timestamptz IS NULL THEN r.kand_till IS NULL"
    " ELSE r.kand_fran <= %(kand)s AND (r.kand_till IS NULL OR r.kand_till > %(kand)s) END)"
)
"""Rows that were known."""

SLUT = "(CASE WHEN r.pagar THEN least(r.till, %(idag)s) ELSE r.till END)"
"""The last day of row ``r`` that counts: a running stay's days to come do not, whatever cuts it."""

INOM = (
    f"r.kommunkod = current_setting('dygn.kommunkod') AND r.fran <= %(till)s AND {SLUT} >= %(fran)s"
)
"""Rows of the kommun that may overlap the period."""

DYGN = f"(least({SLUT}, d.till) - greatest(r.fran, d.fran) + 1)"
"""Days of row ``r`` under key ``d``; rows where it is not above zero do not count."""

_HELA = "SELECT {nyckel} AS nyckel, %(fran)s::date AS fran, %(till)s::date AS till"

_MANADER = f"""
SELECT to_char(m, 'YYYY-MM') AS nyckel,
       greatest(m::date, %(fran)s::date) AS fran,
       least((m + interval '1 month')::date - 1, %(till)s::date) AS till
FROM generate_series(date_trunc('month', greatest(r.fran, %(fran)s)::timestamp),
                     least({SLUT}, %(till)s)::timestamp,
                     interval '1 month') AS m
"""

_KLASSER = """
SELECT k.nyckel, greatest(k.fran, %(fran)s::date) AS fran, least(k.till, %(till)s::date) AS till
FROM (SELECT to_date(r.fodelsemanad || '-01', 'YYYY-MM-DD') AS fodd) AS f,
LATERAL (VALUES
    ('0-12', '-infinity'::date, (f.fodd + interval '13 years')::date - 1),
    ('13-20', (f.fodd + interval '13 years')::date, (f.fodd + interval '21 years')::date - 1),
    ('21+', (f.fodd + interval '21 years')::date, 'infinity'::date),
    ('okand', CASE WHEN f.fodd IS NULL THEN '-infinity'::date END, 'infinity'::date)
) AS k (nyckel, fran, till)
WHERE (f.fodd IS NULL) = (k.nyckel = 'okand')
"""


def nycklar(snitt: Snitt) -> str:
    """The keys of a row ``r`` with the days on which each holds, as a LATERAL subquery."""
    match snitt:
        case Snitt.PLACERINGSFORM | Snitt.LEVERANTOR:
            return _HELA.format(nyckel=f"r.{snitt.value}")
        case Snitt.MANAD:
            return _MANADER
        case Snitt.ALDERSKLASS:
            return _KLASSER
