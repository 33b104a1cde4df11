"""What may go wrong between a command and its answer, apart from broken rules.

Each is answered with a status of its own by ``http.problems``; none of them has stored anything.
"""

from uuid import UUID

import psycopg

LOST_CONNECTION = (psycopg.OperationalError, psycopg.errors.TransactionTimeout)
"""What psycopg raises when the connection is gone: what was under way may be stored or not."""


class NotFound(Exception):
    """There is no such thing in the caller's kommun (404)."""

    def __init__(self, what: str, id: UUID | str) -> None:
        super().__init__(f"{what} {id} finns inte")
        self.what = what
        self.id = id


class Stale(Exception):
    """The thing has changed since the caller read it (412)."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"version {expected} gäller inte längre; nu gäller {actual}")
        self.expected = expected
        self.actual = actual


class KeyReused(Exception):
    """The Idempotency-Key has been used for another command (422)."""


class Contended(Exception):
    """The command lost its race every time it was tried (409)."""


class TooLarge(Exception):
    """The command makes a larger event than the stream takes (413)."""


class Unavailable(Exception):
    """The database does not answer (503); the same key may be sent again."""


class NotBuilt(Exception):
    """The views of this version of the service are still being built (503)."""
