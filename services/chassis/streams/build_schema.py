"""Making and taking away builds: what the owner of the database does.

Guarantees that a new build has the tables of ``public`` as they are now (columns, keys, indexes,
rights, row policies), so that what bounds a reader there bounds it here; that what a person has
decided about messages put aside is there before the first message is read; and that a build is
taken away only when nobody can be using it: one that another has replaced in its own version after
:data:`REST`, an earlier one of another version when no process of that version holds it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.streams.builds import FIRST, Build, find_build, number_of, reference
from services.chassis.streams.decisions import carry_decisions

INBOX_TABLES = ("inkorg", "styrpost", "rafakta", "rafakta_amne", "smutsig", "karantan")

REST = timedelta(minutes=10)
"""How long a replaced build stays: an answer that began before may still read it."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('vybygge', 0))"


def ensure_build(
    owner: psycopg.Connection[Any], vyversion: str, derived: Sequence[str]
) -> Build | None:
    """Make a build for a version that has none; ``None`` when it has. Idempotent."""
    with owner.transaction():
        owner.execute(_LOCK)
        if find_build(owner, vyversion) is not None:
            return None
        return _create(owner, vyversion, derived)


def begin_build(
    owner: psycopg.Connection[Any], vyversion: str, derived: Sequence[str]
) -> tuple[Build, bool]:
    """The build that is under way for the version, or a new one; whether it was under way."""
    with owner.transaction():
        owner.execute(_LOCK)
        owner.execute(
            "UPDATE public.vybygge SET vyversion = %s WHERE vyversion IS NULL", (vyversion,)
        )
        row = owner.execute(
            "SELECT generation, schema, vyversion, lage FROM public.vybygge"
            " WHERE lage = 'byggs' AND vyversion = %s",
            (vyversion,),
        ).fetchone()
        if row is not None:
            return Build(*row), True
        return _create(owner, vyversion, derived), False


def drop_unused(owner: psycopg.Connection[Any], vyversion: str) -> list[str]:
    """Take away what nobody uses; the schemas. ``public`` is emptied and stays as the pattern."""
    dropped: list[str] = []
    for (generation,) in owner.execute(
        "SELECT generation FROM public.vybygge WHERE generation < (SELECT generation"
        " FROM public.vybygge WHERE vyversion = %s AND lage = 'aktiv') ORDER BY generation",
        (vyversion,),
    ).fetchall():
        with owner.transaction():
            owner.execute(_LOCK)
            owner.execute("SET LOCAL lock_timeout = '5s'")
            schema = _unused(owner, generation, vyversion)
            if schema is not None:
                _drop(owner, generation, schema)
                dropped.append(schema)
    return dropped


def _unused(owner: psycopg.Connection[Any], generation: int, vyversion: str) -> str | None:
    row = owner.execute(
        "SELECT schema, CASE WHEN vyversion = %(egen)s"
        " THEN lage = 'gammal' AND gammal_sedan < clock_timestamp() - %(vila)s"
        " ELSE pg_try_advisory_xact_lock(hashtextextended('vyversion/' || vyversion, 0)) END"
        " FROM public.vybygge WHERE generation = %(generation)s",
        {"egen": vyversion, "vila": REST, "generation": generation},
    ).fetchone()
    return str(row[0]) if row is not None and row[1] else None


def _drop(owner: psycopg.Connection[Any], generation: int, schema: str) -> None:
    owner.execute("DELETE FROM public.vybygge WHERE generation = %s", (generation,))
    if schema != FIRST:
        owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        return
    tables = [
        table
        for (table,) in owner.execute(
            "SELECT DISTINCT c.relname FROM pg_class AS c JOIN pg_namespace AS n"
            " ON n.oid = c.relnamespace JOIN public.vybygge AS v ON v.schema = n.nspname"
            " WHERE c.relkind = 'r'"
        ).fetchall()
    ]
    owner.execute(
        sql.SQL("TRUNCATE {}").format(
            sql.SQL(", ").join(sql.Identifier(FIRST, table) for table in tables)
        )
    )


def _create(owner: psycopg.Connection[Any], vyversion: str, derived: Sequence[str]) -> Build:
    row = owner.execute("SELECT coalesce(max(generation), 0) + 1 FROM public.vybygge").fetchone()
    assert row is not None
    generation = int(row[0])
    build = Build(generation, f"vy_{number_of(vyversion)}_{generation}", vyversion, "byggs")
    schema = sql.Identifier(build.schema)
    owner.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    for table in (*INBOX_TABLES, *derived):
        owner.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                sql.Identifier(build.schema, table), sql.Identifier(FIRST, table)
            )
        )
        _protect_alike(owner, build.schema, table)
    for (role,) in owner.execute(_GRANTEES, {"schema": build.schema}).fetchall():
        owner.execute(
            sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, sql.Identifier(role))
        )
    owner.execute(
        "INSERT INTO public.vybygge (generation, schema, vyversion, lage) VALUES (%s, %s, %s, %s)",
        (build.generation, build.schema, vyversion, build.lage),
    )
    read = reference(owner, build)
    if read is not None:
        carry_decisions(owner, read.schema, build)
    return build


def _protect_alike(owner: psycopg.Connection[Any], schema: str, table: str) -> None:
    """Row security, rights and policies as the table of the same name has them in ``public``."""
    new = sql.Identifier(schema, table)
    owner.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(new))
    for role, privilege, columns in owner.execute(_RIGHTS, {"table": table}).fetchall():
        named = sql.SQL(", ").join(map(sql.Identifier, columns or ()))
        of = sql.SQL(" ({})").format(named) if columns else sql.SQL("")
        owner.execute(
            sql.SQL("GRANT {}{} ON {} TO {}").format(
                sql.SQL(privilege), of, new, sql.Identifier(role)
            )
        )
    for name, permissive, roles, command, using, check in owner.execute(
        _POLICIES, {"table": table}
    ).fetchall():
        owner.execute(
            sql.SQL("CREATE POLICY {} ON {} AS {} FOR {} TO {}{}{}").format(
                sql.Identifier(name),
                new,
                sql.SQL(permissive),
                sql.SQL(command),
                sql.SQL(", ").join(map(sql.Identifier, roles)),
                sql.SQL(f" USING ({using})" if using else ""),
                sql.SQL(f" WITH CHECK ({check})" if check else ""),
            )
        )


_RIGHTS = """
SELECT grantee, privilege_type, NULL::text[] FROM information_schema.table_privileges
WHERE table_schema = 'public' AND table_name = %(table)s AND grantee <> current_user
UNION ALL
SELECT c.grantee, c.privilege_type, array_agg(c.column_name::text)
FROM information_schema.column_privileges AS c
WHERE c.table_schema = 'public' AND c.table_name = %(table)s AND c.grantee <> current_user
  AND NOT EXISTS (SELECT FROM information_schema.table_privileges AS t
                  WHERE t.table_schema = 'public' AND t.table_name = c.table_name
                    AND t.grantee = c.grantee AND t.privilege_type = c.privilege_type)
GROUP BY c.grantee, c.privilege_type
"""
_POLICIES = """
SELECT policyname, permissive, roles, cmd, qual, with_check FROM pg_policies
WHERE schemaname = 'public' AND tablename = %(table)s ORDER BY policyname
"""
_GRANTEES = """
SELECT DISTINCT grantee FROM information_schema.table_privileges
WHERE table_schema = %(schema)s AND grantee <> current_user
"""
