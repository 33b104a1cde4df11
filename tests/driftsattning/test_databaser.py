"""The SQL that a cluster's databases are made with makes what embedded mode makes."""

import os
import secrets
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from dygn.inbyggd.databaser import ROLLSLAG, TJANSTER, Anslutning, rollnamn, skapa_databas
from dygn.inbyggd.postgres import binarmapp
from tests.husets_regler.trad import ROT
from tests.stod.servrar import LOSENORD, Postgresserver

MAPP = ROT / "deploy" / "postgres"


@pytest.fixture
def tjanst(postgres_server: Postgresserver) -> Iterator[str]:
    """An invented service, whose database and roles are dropped after the test."""
    namn = f"prov_{secrets.token_hex(4)}"
    yield namn
    with psycopg.connect(postgres_server.admin.conninfo(), autocommit=True) as anslutning:
        anslutning.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(f"dygn_{namn}")
            )
        )
        for slag in ROLLSLAG:
            anslutning.execute(
                sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(rollnamn(namn, slag)))
            )


def gor_med_sql(admin: Anslutning, tjanst: str, losenord: str = LOSENORD) -> None:
    """Run the SQL as the init step does."""
    utfall = subprocess.run(
        [
            str(binarmapp() / "psql"),
            "--no-psqlrc",
            "--quiet",
            f"--dbname={admin.mot('postgres').conninfo()}",
            f"--set=tjanst={tjanst}",
            f"--file={MAPP / 'tjanst.sql'}",
        ],
        env={**os.environ, **{f"LOSENORD_{slag.upper()}": losenord for slag in ROLLSLAG}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (utfall.returncode, utfall.stderr) == (0, "")


def avbild(admin: Anslutning, tjanst: str) -> tuple[object, ...]:
    """What the server says of the service's roles and database, its name taken out."""
    with psycopg.connect(admin.conninfo()) as anslutning:
        roller = anslutning.execute(
            "SELECT replace(rolname, %(t)s, 'T'), rolcanlogin, rolsuper, rolbypassrls, rolcreatedb,"
            " rolcreaterole, rolreplication, rolinherit, rolconnlimit FROM pg_roles"
            " WHERE rolname LIKE 'dygn\\_' || %(t)s || '%%' ORDER BY rolname",
            {"t": tjanst},
        ).fetchall()
        databas = anslutning.execute(
            "SELECT replace(pg_get_userbyid(datdba), %(t)s, 'T'), pg_encoding_to_char(encoding),"
            " datlocprovider, datallowconn, replace(datacl::text, %(t)s, 'T')"
            " FROM pg_database WHERE datname = 'dygn_' || %(t)s",
            {"t": tjanst},
        ).fetchall()
    assert len(roller) == len(ROLLSLAG)
    assert len(databas) == 1
    return (*roller, *databas)


def test_sql_och_inbyggd_drift_gor_samma_roller_och_databas(
    postgres_server: Postgresserver, tjanst: str
) -> None:
    admin = postgres_server.admin
    skapa_databas(admin, tjanst, losenord=LOSENORD)
    med_python = avbild(admin, tjanst)
    with psycopg.connect(admin.conninfo(), autocommit=True) as anslutning:
        anslutning.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(f"dygn_{tjanst}")))
        for slag in ROLLSLAG:
            anslutning.execute(
                sql.SQL("DROP ROLE {}").format(sql.Identifier(rollnamn(tjanst, slag)))
            )
    gor_med_sql(admin, tjanst)
    assert avbild(admin, tjanst) == med_python


def test_en_andra_korning_tar_tillbaka_det_som_nagon_gett_en_roll(
    postgres_server: Postgresserver, tjanst: str
) -> None:
    admin = postgres_server.admin
    gor_med_sql(admin, tjanst)
    forst = avbild(admin, tjanst)
    with psycopg.connect(admin.conninfo(), autocommit=True) as anslutning:
        anslutning.execute(
            sql.SQL("ALTER ROLE {} SUPERUSER BYPASSRLS").format(
                sql.Identifier(rollnamn(tjanst, "api"))
            )
        )
    assert avbild(admin, tjanst) != forst
    gor_med_sql(admin, tjanst)
    assert avbild(admin, tjanst) == forst


def test_ett_losenord_med_citattecken_och_mellanslag_blir_det_det_ar(
    postgres_server: Postgresserver, tjanst: str
) -> None:
    admin = postgres_server.admin
    gor_med_sql(admin, tjanst, losenord='it\'s a "test" \\ $1')
    with psycopg.connect(admin.conninfo()) as anslutning:
        rad = anslutning.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", (rollnamn(tjanst, "strom"),)
        ).fetchone()
    assert rad is not None
    assert str(rad[0]).startswith("SCRAM-SHA-256$")


def test_initsteget_gor_alla_tjanster_och_saknar_det_ett_losenord_sager_det_vilket() -> None:
    skript = MAPP / "databaser"
    assert f"for tjanst in {' '.join(TJANSTER)}; do" in skript.read_text("utf-8")
    utfall = subprocess.run(
        ["/bin/sh", str(skript)],
        env={"PATH": os.environ["PATH"], "DYGN_LOSENORD_PLACERING_AGARE": "x"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert utfall.returncode == 1
    assert utfall.stderr == "DYGN_LOSENORD_PLACERING_API saknas\n"
