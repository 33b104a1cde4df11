"""Kommuner apart: every table with a kommunkod, in every service, for the API's role.

The tables are asked of the database's own catalogue and filled by their column types, so a new
table without a policy fails here without anybody adding it to a list.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql as psql

from dygn.inbyggd.databaser import Databas
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import ANNAN_KOMMUN, KOMMUN, migrera, sql
from tests.stod.tjanster import tjanster

_KOLUMNER = """
SELECT a.attname, format_type(a.atttypid, NULL)
FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = '' AND a.attidentity = '' AND a.attnotnull AND d.oid IS NULL
"""
_TABELLER = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND a.attname = 'kommunkod' ORDER BY 1
"""
_ALLA = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'v') ORDER BY 1
"""
_UTAN_KOMMUN = {
    "strom": "the stream's own position, one row",
    "relalage": "how far the relay has come, one row",
    "inkorg": "how far a partition has been read",
    "styrpost": "how far another service's stream has come",
    "bevakningslage": "how far the view of what falls due has been folded",
    "nyckelprov": "the mark of the hash key that the database was begun with",
    "vybygge": "where the builds of the views lie, and which one is read",
    "alembic_version": "which migration has been run; nobody but the owner may read it",
}
"""Every table that holds nothing of any kommun, and why."""


def _varde(typ: str, nummer: int) -> Any:
    match typ:
        case "text" | "character varying" | "character" | "name":
            return f"v{nummer}"
        case "bigint" | "integer" | "smallint" | "numeric":
            return nummer
        case "boolean":
            return nummer == 1
        case "uuid":
            return f"00000000-0000-4000-8000-00000000000{nummer}"
        case "date" | "timestamp with time zone":
            return f"2026-01-0{nummer}"
        case "bytea":
            return bytes([nummer])
        case "jsonb" | "json":
            return "{}"
        case "text[]" | "uuid[]" | "bigint[]" | "jsonb[]" | "integer[]" | "date[]":
            return "{}"
        case _:
            raise AssertionError(f"provet kan inte fylla en kolumn av typen {typ}")


def _fyll(databas: Databas) -> list[str]:
    """One row of each of two kommuner in every table with a kommunkod; the tables' names."""
    tabeller = [rad[0] for rad in sql(databas, _TABELLER)]
    with psycopg.connect(databas.admin.conninfo()) as anslutning:
        anslutning.execute("SET session_replication_role = replica")
        for tabell, villkor in anslutning.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        ).fetchall():
            anslutning.execute(f'ALTER TABLE {tabell} DROP CONSTRAINT "{villkor}"')
        for tabell in tabeller:
            kolumner: dict[str, str] = dict(anslutning.execute(_KOLUMNER, (tabell,)).fetchall())
            for nummer, kommun in enumerate((KOMMUN, ANNAN_KOMMUN), 1):
                rad = {namn: _varde(typ, nummer) for namn, typ in kolumner.items()}
                rad["kommunkod"] = kommun
                anslutning.execute(_insert(tabell, rad), list(rad.values()))
    return tabeller


def _insert(tabell: str, rad: dict[str, Any]) -> psql.Composed:
    return psql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        psql.Identifier(tabell),
        psql.SQL(", ").join(map(psql.Identifier, rad)),
        psql.SQL(", ").join([psql.Placeholder()] * len(rad)),
    )


@pytest.fixture(params=tjanster())
def tjansten(request: pytest.FixtureRequest, databas: Databasfabrik) -> Databas:
    return databas(request.param, migrera)


def _far(databas: Databas, roll: str, tabell: str, ratt: str) -> bool:
    return bool(
        sql(databas, "SELECT has_any_column_privilege(%s, %s, %s)", roll, tabell, ratt)[0][0]
        if ratt in ("SELECT", "INSERT", "UPDATE")
        else sql(databas, "SELECT has_table_privilege(%s, %s, %s)", roll, tabell, ratt)[0][0]
    )


def _far_satta(databas: Databas, tabell: str, kolumn: str) -> bool:
    """Whether the API's role may give the column in a new row."""
    fraga = "SELECT has_column_privilege(%s, %s, %s, 'INSERT')"
    return bool(sql(databas, fraga, databas.api.roll, tabell, kolumn)[0][0])


def _synliga(
    databas: Databas, roll: str, tabeller: list[str], kommunkod: str | None
) -> Iterator[tuple[str, list[str]]]:
    anslutningar = {"api": databas.api, "strom": databas.strom}
    with psycopg.connect(anslutningar[roll].conninfo(), autocommit=True) as anslutning:
        if kommunkod is not None:
            anslutning.execute("SELECT set_config('dygn.kommunkod', %s, false)", (kommunkod,))
        # Every arbetsenhet: what bounds a reader within the kommun has tests of its own.
        anslutning.execute("SELECT set_config('dygn.arbetsenheter', 'null', false)")
        for tabell in tabeller:
            if _far(databas, anslutningar[roll].roll, tabell, "SELECT"):
                rader = anslutning.execute(
                    psql.SQL("SELECT kommunkod FROM {} ORDER BY 1").format(psql.Identifier(tabell))
                ).fetchall()
                yield tabell, [rad[0] for rad in rader]


def test_utan_kommunkod_syns_inget_och_med_en_syns_bara_den_kommunens_rader(
    tjansten: Databas,
) -> None:
    tabeller = _fyll(tjansten)
    assert "handelse" in tabeller
    for kommunkod, vantat in [
        (None, []),
        ("", []),
        (KOMMUN, [KOMMUN]),
        (ANNAN_KOMMUN, [ANNAN_KOMMUN]),
        ("9999", []),
        ("14", []),
        ("1490%", []),
    ]:
        sedda = dict(_synliga(tjansten, "api", tabeller, kommunkod))
        assert "handelse" in sedda
        assert sedda == dict.fromkeys(sedda, vantat), f"med kommunkod {kommunkod!r}"


def test_stromrollen_ser_varje_kommun(tjansten: Databas) -> None:
    tabeller = _fyll(tjansten)
    sedda = dict(_synliga(tjansten, "strom", tabeller, None))
    assert "handelse" in sedda
    assert sedda == {tabell: [ANNAN_KOMMUN, KOMMUN] for tabell in sedda}


def test_en_rad_at_en_annan_kommun_kan_inte_skrivas(tjansten: Databas) -> None:
    tabeller = _fyll(tjansten)
    provade = []
    for tabell in tabeller:
        if not _far(tjansten, tjansten.api.roll, tabell, "INSERT"):
            continue
        # A table may give some of its columns itself: the role says nothing of those.
        rad = {
            namn: _varde(typ, 3)
            for namn, typ in sql(tjansten, _KOLUMNER, tabell)
            if _far_satta(tjansten, tabell, namn)
        }
        rad["kommunkod"] = ANNAN_KOMMUN
        with psycopg.connect(tjansten.api.conninfo()) as anslutning:
            anslutning.execute("SELECT set_config('dygn.kommunkod', %s, false)", (KOMMUN,))
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                anslutning.execute(_insert(tabell, rad), list(rad.values()))
        provade.append(tabell)
    assert "handelse" in provade
    assert "idempotens" in provade


def test_varje_tabell_har_kommunkod_eller_ett_skal_att_inte_ha_det(tjansten: Databas) -> None:
    """A table without the column is a table that row level security cannot part."""
    med = {rad[0] for rad in sql(tjansten, _TABELLER)}
    alla = {rad[0] for rad in sql(tjansten, _ALLA)}
    utan = alla - med
    oppna = {
        tabell
        for tabell in utan - set(_UTAN_KOMMUN)
        if _far(tjansten, tjansten.api.roll, tabell, "SELECT")
    }
    assert not oppna
    assert not _far(tjansten, tjansten.api.roll, "alembic_version", "SELECT")


def test_radskydd_ar_pa_for_varje_tabell_som_en_tjansteroll_nar(tjansten: Databas) -> None:
    for tabell, skydd in sql(
        tjansten,
        "SELECT relname, relrowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
    ):
        nas = any(
            _far(tjansten, roll, tabell, ratt)
            for roll in (tjansten.api.roll, tjansten.strom.roll)
            for ratt in ("SELECT", "INSERT", "UPDATE", "DELETE")
        )
        assert skydd or not nas, tabell


def test_tjansternas_roller_kan_inte_andra_eller_tomma_handelser(tjansten: Databas) -> None:
    _fyll(tjansten)
    for anslutning_som in (tjansten.api, tjansten.strom):
        for sats in (
            "UPDATE handelse SET topic = 'x'",
            "UPDATE handelse SET kedja = NULL",
            "DELETE FROM handelse",
            "TRUNCATE handelse",
            "DROP TABLE handelse",
            "ALTER TABLE handelse DISABLE ROW LEVEL SECURITY",
            "UPDATE strom SET epok = 2",
            "UPDATE strom SET installation = gen_random_uuid()",
            "DELETE FROM strom",
            "DELETE FROM idempotens",
            "CREATE TABLE egen (x int)",
        ):
            with psycopg.connect(anslutning_som.conninfo(), autocommit=True) as anslutning:
                anslutning.execute("SELECT set_config('dygn.kommunkod', %s, false)", (KOMMUN,))
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    anslutning.execute(sats)
    with (
        psycopg.connect(tjansten.strom.conninfo()) as anslutning,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        anslutning.execute("INSERT INTO handelse (pos) VALUES (99)")


def test_ingen_roll_ar_superanvandare_eller_gar_forbi_radskyddet(tjansten: Databas) -> None:
    for anslutning_som in (tjansten.agare, tjansten.api, tjansten.strom):
        with psycopg.connect(anslutning_som.conninfo()) as anslutning:
            (rad,) = anslutning.execute(
                "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchall()
        assert not any(rad), anslutning_som.roll


def test_en_tabell_utan_skydd_markas(databas: Databasfabrik) -> None:
    """The tests above are able to fail: a planted table without policy is seen."""
    planterad = databas("leverantor", migrera)
    sql(planterad, "CREATE TABLE glomd (kommunkod text NOT NULL, varde int NOT NULL)")
    sql(planterad, f"GRANT SELECT ON glomd TO {planterad.api.roll}")
    with pytest.raises(AssertionError, match="kommunkod None"):
        test_utan_kommunkod_syns_inget_och_med_en_syns_bara_den_kommunens_rader(planterad)
    with pytest.raises(AssertionError, match="glomd"):
        test_radskydd_ar_pa_for_varje_tabell_som_en_tjansteroll_nar(databas_med_glomd(databas))


def databas_med_glomd(databas: Databasfabrik) -> Databas:
    ny = databas("leverantor", migrera)
    sql(ny, "CREATE TABLE glomd (kommunkod text NOT NULL, varde int NOT NULL)")
    sql(ny, f"GRANT SELECT ON glomd TO {ny.api.roll}")
    return ny
