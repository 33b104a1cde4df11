"""Who may do what with a table: grants and row level security, written once.

Guarantees that no table is open by mistake: :func:`protect` turns row level security on for a
table, so whoever has no policy sees nothing. A service's database knows three roles: the owner
(``dygn_<service>_agare``: migrations only), the API (``dygn_<service>``: one kommun at a time,
named by the setting ``dygn.kommunkod`` of its transaction; the writer names every kommun in its
group) and the stream process (``dygn_<service>_strom``: every kommun, no HTTP).
"""

from alembic import op

OWN_KOMMUN = "kommunkod = ANY (string_to_array(current_setting('dygn.kommunkod', true), ','))"
"""True for rows of the kommun in whose name the transaction acts; false when none is named."""


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
