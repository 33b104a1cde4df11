"""Sums that were final stay what they were: receipts of them, and every receipt tried again.

Guarantees that what a report says as known at a settled instant can be held against what it said
when the receipt was made, month by month and kommun by kommun. The sums are taken straight from
the derived rows, by the reports' own definition of a day (``period``) and none of their short
cuts. A receipt is of one version of the views: another version may fold the same facts to other
rows, and its sums are not held against this one's.

A receipt stores the months whose sums differ from the receipt before; its other months are those
of the newest one before it. So a receipt a day for years takes little room, and each still says
what every month was.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

import psycopg

from services.chassis.calendar import day_of
from services.chassis.streams.settled import settled
from services.uppfoljning.views.period import DYGN, INOM, KAND, Snitt, nycklar
from services.uppfoljning.views.underlag import KONSUMENT, TOPICS

FORSTA_DAG = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Summor:
    """The sums of a kommun and a month; ``kostnad_ore`` in whole öre, exclusive of moms.

    ``beslut_med_klocka`` are the beslut whose clock runs on the month's last day (of a month that
    goes on: on the day of the settled instant).
    """

    antal_placerade: int = 0
    antal_placeringar: int = 0
    debiterade_dygn: int = 0
    dygn_utan_pris: int = 0
    varddygn: int = 0
    kostnad_ore: int = 0
    beslut_med_klocka: int = 0


KOLUMNER = tuple(falt.name for falt in fields(Summor))
Manader = dict[date, Summor]
"""Sums by the first day of the month; a month without any is left out."""


@dataclass(frozen=True, slots=True)
class Kvitto:
    """The sums of a kommun as known at the settled instant ``kand_till``."""

    kommunkod: str
    kand_till: datetime
    manader: Manader


@dataclass(frozen=True, slots=True)
class Andrad:
    """A sum that is not what a receipt says that it was."""

    kommunkod: str
    manad: date
    kand_till: datetime
    vad: str
    var: int
    blev: int


_TAL = {
    "vistelseintervall": (
        "count(DISTINCT r.klient) AS antal_placerade,"
        " count(DISTINCT r.placering) AS antal_placeringar"
    ),
    "kostnadsintervall": (
        f"sum({DYGN})::bigint AS debiterade_dygn,"
        f" coalesce(sum({DYGN}) FILTER (WHERE r.grund_ore IS NULL), 0)::bigint AS dygn_utan_pris,"
        f" coalesce(sum({DYGN} * r.pris_ore), 0)::bigint AS kostnad_ore"
    ),
    "vardygnsintervall": f"sum({DYGN})::bigint AS varddygn",
}
_SUMMOR = """
SELECT d.nyckel, {tal} FROM {tabell} AS r CROSS JOIN LATERAL ({nycklar}) AS d
WHERE {inom} AND {kand} AND {dygn} > 0 GROUP BY d.nyckel
"""
_KLOCKOR = f"""
SELECT to_char(m, 'YYYY-MM'), count(DISTINCT r.beslut) AS beslut_med_klocka
FROM evbintervall AS r CROSS JOIN LATERAL generate_series(
    date_trunc('month', greatest(r.fran, %(fran)s)::timestamp),
    least(r.till, %(idag)s)::timestamp, interval '1 month') AS m
CROSS JOIN LATERAL (
    SELECT least((m + interval '1 month')::date - 1, %(idag)s::date) AS dag) AS sist
WHERE r.kommunkod = current_setting('dygn.kommunkod') AND {KAND}
  AND r.fran <= sist.dag AND (r.till IS NULL OR r.till >= sist.dag) AND r.klocka_fran <= sist.dag
GROUP BY 1
"""
_KOMMUNER = """
WITH RECURSIVE k AS (
    SELECT min(kommunkod) AS kommunkod FROM rafakta_amne
    UNION ALL
    SELECT (SELECT min(a.kommunkod) FROM rafakta_amne AS a WHERE a.kommunkod > k.kommunkod)
    FROM k WHERE k.kommunkod IS NOT NULL)
SELECT kommunkod FROM k WHERE kommunkod IS NOT NULL
"""


def kommuner(connection: psycopg.Connection[Any]) -> list[str]:
    """Every kommun that has facts, or a receipt."""
    rader = connection.execute(
        _KOMMUNER + " UNION SELECT kommunkod FROM kontrollkvitto ORDER BY 1"
    ).fetchall()
    return [kommunkod for (kommunkod,) in rader]


def avgjort(connection: psycopg.Connection[Any], kommunkod: str) -> datetime | None:
    """The settled instant of the kommun."""
    return settled(connection, KONSUMENT, TOPICS, kommunkod).w


def summera(connection: psycopg.Connection[Any], kommunkod: str, kand: datetime) -> Manader:
    """The sums of every month to that of ``kand``, as known then. Inside a transaction."""
    idag = day_of(kand)
    nasta = (idag.replace(day=1) + timedelta(days=32)).replace(day=1)
    fragor = {"fran": FORSTA_DAG, "till": nasta - timedelta(days=1), "idag": idag, "kand": kand}
    connection.execute("SELECT set_config('dygn.kommunkod', %s, true)", (kommunkod,))
    funna: dict[str, dict[str, int]] = {}
    for tabell, tal in _TAL.items():
        sats = _SUMMOR.format(
            tal=tal, tabell=tabell, nycklar=nycklar(Snitt.MANAD), inom=INOM, kand=KAND, dygn=DYGN
        )
        _samla(connection, sats, fragor, funna)
    _samla(connection, _KLOCKOR, fragor, funna)
    return {date.fromisoformat(f"{manad}-01"): Summor(**tal) for manad, tal in funna.items()}


def _samla(
    connection: psycopg.Connection[Any],
    sats: str,
    fragor: dict[str, Any],
    funna: dict[str, dict[str, int]],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sats.encode(), fragor)
        namn = [kolumn.name for kolumn in cursor.description or ()][1:]
        for manad, *tal in cursor:
            funna.setdefault(manad, {}).update(zip(namn, tal, strict=True))


# --- receipts ----------------------------------------------------------------------------------


def kvitton(
    connection: psycopg.Connection[Any], kommunkod: str, vyversion: str, till: datetime
) -> list[datetime]:
    """The instants of the kommun's receipts that are settled at ``till``, oldest first."""
    rader = connection.execute(
        "SELECT kand_till FROM kontrollkvitto WHERE kommunkod = %s AND vyversion = %s"
        " AND kand_till <= %s ORDER BY kand_till",
        (kommunkod, vyversion, till),
    ).fetchall()
    return [nar for (nar,) in rader]


def las_kvitto(
    connection: psycopg.Connection[Any], kommunkod: str, vyversion: str, kand_till: datetime
) -> Manader:
    """What a receipt says of every month."""
    rader = connection.execute(
        f"SELECT DISTINCT ON (manad) manad, {', '.join(KOLUMNER)} FROM kontrollsumma"
        " WHERE kommunkod = %s AND vyversion = %s AND kand_till <= %s"
        " ORDER BY manad, kand_till DESC",
        (kommunkod, vyversion, kand_till),
    ).fetchall()
    return {manad: Summor(*tal) for manad, *tal in rader}


def prova_kvitto(
    connection: psycopg.Connection[Any], kommunkod: str, vyversion: str, kand_till: datetime
) -> Iterator[Andrad]:
    """What has become another since the receipt. Inside a transaction."""
    da = las_kvitto(connection, kommunkod, vyversion, kand_till)
    nu = summera(connection, kommunkod, kand_till)
    for manad in sorted(da.keys() | nu.keys()):
        var, blev = da.get(manad, Summor()), nu.get(manad, Summor())
        for kolumn in KOLUMNER:
            if getattr(var, kolumn) != getattr(blev, kolumn):
                yield Andrad(
                    kommunkod,
                    manad,
                    kand_till,
                    kolumn,
                    getattr(var, kolumn),
                    getattr(blev, kolumn),
                )


def spara_kvitto(connection: psycopg.Connection[Any], vyversion: str, kvitto: Kvitto) -> bool:
    """Store a receipt that is newer than every other of the kommun; whether it was.

    Two who check at once store one after the other.
    """
    with connection.transaction():
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            (f"kontrollkvitto/{kvitto.kommunkod}",),
        )
        nyast = connection.execute(
            "SELECT max(kand_till) FROM kontrollkvitto WHERE kommunkod = %s AND vyversion = %s",
            (kvitto.kommunkod, vyversion),
        ).fetchone()
        if nyast is not None and nyast[0] is not None and nyast[0] >= kvitto.kand_till:
            return False
        fore = las_kvitto(connection, kvitto.kommunkod, vyversion, kvitto.kand_till)
        rader = [
            (kvitto.kommunkod, vyversion, manad, kvitto.kand_till, *astuple(ny))
            for manad in sorted(fore.keys() | kvitto.manader.keys())
            if (ny := kvitto.manader.get(manad, Summor())) != fore.get(manad, Summor())
        ]
        connection.execute(
            "INSERT INTO kontrollkvitto (kommunkod, vyversion, kand_till) VALUES (%s, %s, %s)",
            (kvitto.kommunkod, vyversion, kvitto.kand_till),
        )
        connection.cursor().executemany(
            "INSERT INTO kontrollsumma (kommunkod, vyversion, manad, kand_till,"
            f" {', '.join(KOLUMNER)}) VALUES (%s, %s, %s, %s{', %s' * len(KOLUMNER)})",
            rader,
        )
    return True
