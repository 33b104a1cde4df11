"""Who may do what with a table: grants and row level security, written once.

Guarantees that no table is open by mistake: :func:`protect` turns row level security on for a
table, so whoever has no policy sees nothing. A service's database knows three roles: the owner
(``dygn_<service>_agare``: migrations only), the API (``dygn_<service>``: one kommun at a time,
named by the setting ``dygn.kommunkod`` of its transaction; the writer names every kommun in its
group) and the stream process (``dygn_<service>_strom``: every kommun, no HTTP). Where a table is
bound to arbetsenheter as well, a reader's stand in the setting ``dygn.arbetsenheter``.
"""

from alembic import op

OWN_KOMMUN = "kommunkod = ANY (string_to_array(current_setting('dygn.kommunkod', true), ','))"
"""True for rows of the kommun in whose name the transaction acts; false when none is named."""


OWN_ARBETSENHET = """
    (SELECT current_setting('dygn.arbetsenheter', true) = 'null')
    OR arbetsenhet = ANY (ARRAY(SELECT jsonb_array_elements_text(
        nullif(nullif(current_setting('dygn.arbetsenheter', true), ''), 'null')::jsonb)))
"""
"""True for rows of the reader's arbetsenheter: all where the setting says ``null``, none where
there is no setting.

The setting is read in sub-selects, which the planner runs once a statement and not once a row.
"""


def api_role(service: str) -> str:
    """The database role of the service's API."""
    return f"dygn_{service}"


def stream_role(service: str) -> str:
    """The database role of the service's stream process."""
    return f"dygn_{service}_strom"


def protect(
    service: str,
    table: str,
    *,
    api: str,
    stream: str,
    kommun_column: bool = True,
    own: str = OWN_KOMMUN,
) -> None:
    """Row level security and grants for one table.

    ``api`` and ``stream`` are lists of privileges as GRANT writes them; an empty one gives none.
    A table without kommunkod (``kommun_column=False``) holds nothing of any kommun; ``own`` says
    which rows the API may see of one that has it.
    """
    own = own if kommun_column else "true"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    if api:
        op.execute(f"GRANT {api} ON {table} TO {api_role(service)}")
        op.execute(
            f"CREATE POLICY {table}_api ON {table} TO {api_role(service)}"
            f" USING ({own}) WITH CHECK ({own})"
        )
    if stream:
        op.execute(f"GRANT {stream} ON {table} TO {stream_role(service)}")
        op.execute(
            f"CREATE POLICY {table}_strom ON {table} TO {stream_role(service)}"
            " USING (true) WITH CHECK (true)"
        )


def bound_to_arbetsenhet(service: str, table: str) -> None:
    """The API sees only the rows of the reader's arbetsenheter (column ``arbetsenhet``).

    The policy is restrictive: it narrows what :func:`protect` lets the API see and adds nothing.
    """
    op.execute(
        f"CREATE POLICY {table}_arbetsenhet ON {table} AS RESTRICTIVE TO {api_role(service)}"
        f" USING ({OWN_ARBETSENHET})"
    )
