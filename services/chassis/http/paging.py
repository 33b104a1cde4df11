"""Lists in pages: a cursor that points behind the last thing that was shown.

Guarantees that things which come in while a reader pages are neither skipped nor shown twice: the
cursor is the last thing's sort key, not a number of rows. It is opaque to callers.
"""

import base64
import binascii
from typing import Annotated

from fastapi import Query

from services.chassis.http.problems import Problem

PAGE = 100
PAGE_MAX = 500

Markor = Annotated[
    str | None, Query(description="Markör från föregående sida (`nasta`).", max_length=200)
]
Antal = Annotated[int, Query(ge=1, le=PAGE_MAX, description="Högsta antal per sida.")]


def cursor(key: str) -> str:
    """The cursor that points behind the thing with this sort key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor_text: str | None) -> str:
    """The sort key that a cursor points behind; empty for the first page; 400 when it is none."""
    if cursor_text is None:
        return ""
    try:
        padded = cursor_text + "=" * (-len(cursor_text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise invalid() from None


def invalid() -> Problem:
    """The cursor is none that the service has given."""
    return Problem(
        400,
        "Ogiltig markör",
        "Markören är inte en som tjänsten har gett.",
        kind="ogiltig-markor",
    )
