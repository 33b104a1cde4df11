"""Runs a service's migrations: the one way in which its schema changes.

Guarantees that a database is brought to the newest version before anything reads it, and that
two processes that start at once do not migrate at once (an advisory lock in the database). Each
service keeps its versions in ``services/<service>/migrations``; the frame keeps only the runner.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

_HERE = Path(__file__).parent
_LOCK = 0x4479_676E  # "Dygn"


def _config(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(_HERE.parent.parent / service / "migrations"))
    config.attributes["service"] = service
    return config


def migrate(service: str, owner_url: str) -> str:
    """Bring the service's database to the newest version and return that version's name.

    ``owner_url`` is a SQLAlchemy URL of the owner role.
    """
    engine = create_engine(owner_url)
    config = _config(service)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            version = current_version(connection)
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()
    finally:
        engine.dispose()
    assert version is not None
    return version


def current_version(connection: Connection) -> str | None:
    """The version that the database has, ``None`` when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_version(service: str) -> str:
    """The version that this code needs."""
    head = ScriptDirectory.from_config(_config(service)).get_current_head()
    assert head is not None
    return head
