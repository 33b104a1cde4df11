"""A migration that dies half way: the next one finds a whole version and goes on from there."""

import random

from dygn.inbyggd.databaser import Databas, kasta_databas, skapa_databas
from tests.feltalighet.bana import Bana
from tests.feltalighet.punkter import Punkt
from tests.stod.tjanst import migrera
from tests.system.installation import sql

_SCHEMA = (
    "SELECT table_name, column_name, data_type, column_default, is_nullable"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public'",
    "SELECT grantee, table_name, column_name, privilege_type"
    " FROM information_schema.role_column_grants WHERE table_schema = 'public'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT relname, relrowsecurity FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    "SELECT version_num FROM alembic_version",
)


def schema(databas: Databas) -> list[list[str]]:
    """All that a migration makes, in a form that can be compared."""
    return [sorted(map(repr, sql(databas, fraga))) for fraga in _SCHEMA]


def dod_migrering(punkt: Punkt, bana: Bana, slump: random.Random) -> str:
    """A new database of a service, whose migration dies and is then run again.

    It is held to another new one that was migrated undisturbed: in the one that runs, a rebuild may
    have moved tables to a schema of their own.
    """
    tjanst = "uppfoljning" if punkt.tidigast > 1 else slump.choice(sorted(bana.databaser))
    nummer = slump.randint(punkt.tidigast, punkt.senast)
    ny = skapa_databas(bana.postgres.admin, tjanst, namn="halv")
    hel = skapa_databas(bana.postgres.admin, tjanst, namn="hel")
    try:
        migrera(hel)
        liv = bana.starta(
            "migrering",
            tjanst=tjanst,
            databas=ny.agare.sqlalchemy_url(),
            punkt=punkt.namn,
            nummer=nummer,
        )
        liv.vanta_pa_dod()
        bana.nu_slog_det_till()
        assert liv.passerad, liv
        migrera(ny)
        assert schema(ny) == schema(hel)
    finally:
        kasta_databas(bana.postgres.admin, hel.namn)
        kasta_databas(bana.postgres.admin, ny.namn)
    return f"{tjanst}, passage {nummer}"
