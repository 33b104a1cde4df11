"""Row level security: every table of the service, for the API's role with and without a kommun."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from tests.stod.tjanst import sql
from tests.uppfoljning.stod import Flode
from tests.uppfoljning.views import fakta as f

EN, ANNAN = "1490", "1480"
UTAN_KOMMUN = {"strom", "inkorg", "styrpost", "relalage", "vybygge", "alembic_version"}
"""Tables that speak of streams or of the schema, never of a kommun."""


@pytest.fixture(scope="module", autouse=True)
def inkommet(flode: Flode) -> None:
    """Rows of two kommuner in every derived table, and one dirty subject of each."""
    for kommun in (EN, ANNAN):
        flode.hande(
            kommun,
            f.nu(
                f.leverantor(),
                f.klient(),
                f.beslut("b", date(2024, 1, 1)),
                f.placering("p", date(2024, 1, 1)),
            ),
        )
    for kommun in (EN, ANNAN):
        flode.ta(flode.koda(kommun, f.vid(datetime(2024, 5, 1, tzinfo=UTC), f.klient())))


def tabeller(uppfoljning: Databas) -> dict[str, bool]:
    """Every table → whether it has a column kommunkod."""
    rader = sql(
        uppfoljning,
        "SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
        " AND a.attname = 'kommunkod') FROM pg_class c"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')",
    )
    return {str(namn): bool(har) for namn, har in rader}


@pytest.fixture
def api(uppfoljning: Databas) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(uppfoljning.api.conninfo()) as connection:
        yield connection


def _far_lasa(uppfoljning: Databas, tabell: str) -> bool:
    fraga = "SELECT has_table_privilege(%s, %s, 'SELECT')"
    return bool(sql(uppfoljning, fraga, uppfoljning.api.roll, tabell)[0][0])


def som(connection: psycopg.Connection[Any], kommunkod: str | None, tabell: str) -> set[str]:
    """The kommuner whose rows are seen."""
    with connection.transaction(force_rollback=True):
        if kommunkod is not None:
            connection.execute("SELECT set_config('dygn.kommunkod', %s, true)", (kommunkod,))
        # Every arbetsenhet: what bounds a reader within the kommun has tests of its own.
        connection.execute("SELECT set_config('dygn.arbetsenheter', 'null', true)")
        return {
            kod
            for (kod,) in connection.execute(f"SELECT DISTINCT kommunkod FROM {tabell}".encode())
        }


def test_varje_tabell_har_radsakerhet_och_kommunkod_eller_handlar_om_strommar(
    uppfoljning: Databas,
) -> None:
    skyddade = {
        namn for (namn,) in sql(uppfoljning, "SELECT relname FROM pg_class WHERE relrowsecurity")
    }
    alla = tabeller(uppfoljning)
    assert {namn for namn, har in alla.items() if not har} <= UTAN_KOMMUN
    assert set(alla) - {"alembic_version"} <= skyddade


def test_den_som_inte_namner_nagon_kommun_ser_ingenting_och_annars_bara_den(
    uppfoljning: Databas, api: psycopg.Connection[Any]
) -> None:
    sedda = 0
    for tabell, har in tabeller(uppfoljning).items():
        if not har:
            continue
        if not _far_lasa(uppfoljning, tabell):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                som(api, EN, tabell)
            continue
        i_tabellen = {kod for (kod,) in sql(uppfoljning, f"SELECT kommunkod FROM {tabell}")}
        assert som(api, None, tabell) == set()
        assert som(api, "", tabell) == set()
        assert som(api, "0000", tabell) == set()
        assert som(api, EN, tabell) == i_tabellen & {EN}
        sedda += len(i_tabellen)
    assert sedda == 2 * len({"vistelse", "vardygn", "kostnad", "evb", "leverantor", "rafakta",
                             "rafakta_amne", "smutsig"})  # fmt: skip


@pytest.mark.parametrize(
    "sats",
    [
        "INSERT INTO leverantorsuppgift SELECT * FROM leverantorsuppgift",
        "UPDATE kostnadsintervall SET pris_ore = 0",
        "DELETE FROM evbintervall",
        "DELETE FROM rafakta",
        "DELETE FROM smutsig",
        "TRUNCATE vistelseintervall",
        "UPDATE inkorg SET pos = 0",
        "DELETE FROM handelse",
        "UPDATE handelse SET kommunkod = '1490'",
    ],
)
def test_den_som_laser_rapporter_far_inte_andra_nagot(
    api: psycopg.Connection[Any], sats: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        api.execute(sats.encode())
