"""The whole nation's days and cost, asked of the derived tables: a plain way and a fast one.

No report of the services asks across kommuner (row level security lets none see another), so these
are questions of whoever owns a database that holds many. Guarantees that the fast way gives the
figures of the plain one, to the öre (``tests/uppfoljning/views/test_rikets_fragor.py``).

The fast way reads the intervals once, however many months are asked for: an interval adds its price
to every day from its first, and takes it away from the day after its last. Kept by day, and then by
month, these changes are few; a month costs what began before it, all its days, and what changes in
it, from its day.
"""

INDEX = (
    "CREATE INDEX kostnadsintervall_rike ON kostnadsintervall (till, fran)"
    " INCLUDE (placeringsform, pris_ore, pagar) WHERE kand_till IS NULL"
)
"""What an owner who asks such questions adds: the narrow rows that they are answered from."""

_SLUT = "CASE WHEN pagar THEN least(till, %(idag)s) ELSE till END"

AR = f"""
SELECT placeringsform, sum(dygn)::bigint AS dygn, sum(dygn * pris_ore)::bigint AS kostnad
FROM (
    SELECT placeringsform, pris_ore,
           least({_SLUT}, %(till)s) - greatest(fran, %(fran)s) + 1 AS dygn
    FROM kostnadsintervall
    WHERE kand_till IS NULL AND fran <= %(till)s AND till >= %(fran)s
) AS r
WHERE dygn > 0 GROUP BY placeringsform ORDER BY placeringsform
"""
"""One period, by form. Parameters: ``fran``, ``till``, ``idag``."""

MANADER_ENKELT = f"""
SELECT to_char(m, 'YYYY-MM') AS manad, placeringsform, sum(dygn)::bigint AS dygn,
       sum(dygn * pris_ore)::bigint AS kostnad
FROM generate_series(%(fran)s::timestamp, %(till)s::timestamp, interval '1 month') AS m,
LATERAL (
    SELECT placeringsform, pris_ore, least({_SLUT}, (m + interval '1 month')::date - 1)
           - greatest(fran, m::date) + 1 AS dygn
    FROM kostnadsintervall
    WHERE kand_till IS NULL AND fran < (m + interval '1 month')::date AND till >= m::date
) AS r
WHERE dygn > 0 GROUP BY 1, 2 ORDER BY 1, 2
"""
"""Whole months from the first of a month, by form: one overlap a month."""

MANADER = f"""
WITH urval AS NOT MATERIALIZED (
    SELECT placeringsform, coalesce(pris_ore, 0) AS pris, greatest(fran, %(fran)s) AS fran,
           {_SLUT} AS slut
    FROM kostnadsintervall
    WHERE kand_till IS NULL AND fran <= %(till)s AND till >= %(fran)s
),
dagar AS (
    SELECT placeringsform, fran AS dag, count(*) AS antal, sum(pris) AS pris
    FROM urval WHERE slut >= fran GROUP BY 1, 2
    UNION ALL
    SELECT placeringsform, slut + 1, -count(*), -sum(pris)
    FROM urval WHERE slut >= fran AND slut < %(till)s GROUP BY 1, 2
),
manader AS (
    SELECT m::date AS fran, (m + interval '1 month')::date AS nasta
    FROM generate_series(%(fran)s::timestamp, %(till)s::timestamp, interval '1 month') AS m
),
i_manad AS (
    -- From its day to the end of the month; in every later month the whole of it.
    SELECT placeringsform, manader.fran, nasta, sum(antal) AS antal, sum(pris) AS pris,
           sum(antal * (nasta - dag)) AS dygn, sum(pris * (nasta - dag)) AS kostnad
    FROM dagar JOIN manader ON dag >= manader.fran AND dag < nasta GROUP BY 1, 2, 3
),
alla AS (
    SELECT form.placeringsform, manader.fran, manader.nasta - manader.fran AS langd,
           coalesce(antal, 0) AS antal, coalesce(pris, 0) AS pris,
           coalesce(dygn, 0) AS dygn, coalesce(kostnad, 0) AS kostnad
    FROM manader CROSS JOIN (SELECT DISTINCT placeringsform FROM dagar) AS form
    LEFT JOIN i_manad USING (placeringsform, fran)
)
SELECT to_char(fran, 'YYYY-MM') AS manad, placeringsform,
       (dygn + langd * (sum(antal) OVER lopande - antal))::bigint AS dygn,
       (kostnad + langd * (sum(pris) OVER lopande - pris))::bigint AS kostnad
FROM alla WINDOW lopande AS (PARTITION BY placeringsform ORDER BY fran)
ORDER BY 1, 2
"""
"""The same figures, in one reading; a form without a day in a month has a row of zeros."""
