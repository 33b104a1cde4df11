"""The settings of a service's processes, from the environment (prefix ``DYGN_``) or by hand.

Guarantees that a process that lacks a setting says so when it starts, not when it first needs it,
and that no secret is printed: keys and database URLs are secret types. Embedded mode builds the
same object in memory, so that both ways of running have the same knobs.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What a service needs to know about the world around it.

    Database URLs are libpq connection strings. Times are seconds, sizes are bytes.
    """

    model_config = SettingsConfigDict(env_prefix="DYGN_", extra="ignore", frozen=True)

    service: str = ""
    database_url: SecretStr
    """As the API's role."""
    stream_database_url: SecretStr | None = None
    """As the stream process's role; only the stream process needs it."""
    owner_database_url: SecretStr | None = None
    """As the owner, a SQLAlchemy URL; only migrations need it."""

    kafka_bootstrap: str | None = None
    """``host:port[,host:port]``; ``None``: embedded, events come from the event tables."""

    kafka_replication: Annotated[int, Field(gt=0)] = 1
    """Copies of each topic that the relay creates."""
    member: str | None = None
    """The stream process's lasting name in its consumer groups; default: the host's name."""

    issuer: str
    """The ``iss`` that tokens must carry."""
    audience: str = "dygn"
    jwks_url: str | None = None
    jwks_file: Path | None = None
    """The keys that tokens are signed with: a URL, or a file where there is no issuer to ask."""

    master_key: SecretStr | None = None
    """Base64 of the 32 bytes that wrap every klient's key; or ``master_key_file``."""
    master_key_file: Path | None = None
    other_master_keys: SecretStr | None = None
    """Base64, with commas between: while the master key is exchanged, those that still wrap some
    klient's key, or soon will."""
    hash_key: SecretStr | None = None
    """Base64 of the key that hashes are made with, once the master key has been exchanged: the
    first that the installation had."""

    event_max_bytes: Annotated[int, Field(gt=0)] = 131_072
    """A larger event is refused when it is decided: a relay that never skips would stop at it."""
    body_max_bytes: Annotated[int, Field(gt=0)] = 4_194_304
    reader_connections: Annotated[int, Field(gt=0)] = 8
    database_timeout: float = 5.0
    """How long a request waits for a database connection before it is answered 503."""
    group_max: Annotated[int, Field(gt=0)] = 64
    """How many waiting commands the writer takes in one transaction."""
    stale_after: float = 30.0
    """Lag after which a stream is called old."""
    log_level: str = "INFO"
