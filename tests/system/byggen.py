"""Builds of views seen from outside: which there are, and whether two hold the same rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from dygn.inbyggd.databaser import Databas
from services.chassis.streams.builds import use_schema
from services.placering.views.vikning import TABELLER as REGISTRET
from tests.system.installation import sql
from tests.uppfoljning.stod import HARLEDDA

TABELLER: dict[str, Sequence[str]] = {
    "uppfoljning": ("rafakta", "rafakta_amne", *HARLEDDA),
    "placering": ("rafakta", "rafakta_amne", *REGISTRET),
}


def byggen(databas: Databas) -> list[tuple[str, str]]:
    """Schema and state of every build, in the order in which they were made."""
    return [
        (schema, lage)
        for schema, lage in sql(databas, "SELECT schema, lage FROM vybygge ORDER BY generation")
    ]


def aktivt(databas: Databas) -> str:
    """The schema of the newest build that is read."""
    return [schema for schema, lage in byggen(databas) if lage == "aktiv"][-1]


@contextmanager
def lasande(databas: Databas) -> Iterator[psycopg.Connection[Any]]:
    """The administrator, who sees the build that is read."""
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as anslutning:
        use_schema(anslutning, aktivt(databas))
        yield anslutning


def lasta(databas: Databas, schema: str) -> int:
    """Own events of the upstream streams that the build has taken in."""
    [(finns,)] = sql(databas, "SELECT to_regclass(%s) IS NOT NULL", [f"{schema}.styrpost"])
    if not finns:
        return 0
    [(pos,)] = sql(databas, f"SELECT coalesce(sum(pos), 0)::bigint FROM {schema}.styrpost")
    return int(pos)


def rader(databas: Databas, schema: str) -> dict[str, int]:
    """How many rows each table of a build has."""
    return {
        tabell: int(sql(databas, f"SELECT count(*) FROM {schema}.{tabell}")[0][0])
        for tabell in TABELLER[databas.tjanst]
    }


def skillnader(databas: Databas, ena: str, andra: str) -> dict[str, list[tuple[Any, ...]]]:
    """Rows that only one of the two builds has, by table; none where they are alike."""
    funna: dict[str, list[tuple[Any, ...]]] = {}
    for tabell in TABELLER[databas.tjanst]:
        olika = sql(
            databas,
            f"(SELECT '{ena}', r::text FROM (SELECT * FROM {ena}.{tabell}"
            f" EXCEPT ALL SELECT * FROM {andra}.{tabell}) AS r LIMIT 3) UNION ALL"
            f" (SELECT '{andra}', r::text FROM (SELECT * FROM {andra}.{tabell}"
            f" EXCEPT ALL SELECT * FROM {ena}.{tabell}) AS r LIMIT 3)",
        )
        if olika:
            funna[tabell] = olika
    return funna
