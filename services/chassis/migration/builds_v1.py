"""The pointer to the builds of a consumer's views, version 1: frozen, because migrations call it.

A later change is a new migration, never a change here. ``vybygge`` says in which schema each build
of the views lies, which version of the views it is of, and whether it is being built (``byggs``),
read (``aktiv``) or left behind (``gammal``). What was in ``public`` before builds were is the first
one, of the version that filled it; in an empty database it is of the version that first claims it
(``vyversion`` NULL). A version has at most one build that is read and one that is being built.
"""

from alembic import op

from services.chassis.migration.roles import protect


def create_builds(service: str) -> None:
    """The table, with the row of what is there."""
    op.execute(
        """
        CREATE TABLE vybygge (
            generation integer PRIMARY KEY CHECK (generation > 0),
            schema text NOT NULL UNIQUE,
            vyversion text,
            lage text NOT NULL CHECK (lage IN ('byggs', 'aktiv', 'gammal')),
            skapad timestamptz NOT NULL DEFAULT clock_timestamp(),
            aktiv_sedan timestamptz,
            gammal_sedan timestamptz
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX vybygge_ett ON vybygge (coalesce(vyversion, ''), lage)"
        " WHERE lage IN ('byggs', 'aktiv')"
    )
    op.execute(
        "INSERT INTO vybygge (generation, schema, vyversion, lage, aktiv_sedan)"
        " SELECT 1, 'public', max(vyversion), 'aktiv', clock_timestamp() FROM inkorg"
    )
    protect(
        service,
        "vybygge",
        api="SELECT",
        stream="SELECT, UPDATE (vyversion, lage, aktiv_sedan, gammal_sedan)",
        kommun_column=False,
    )
