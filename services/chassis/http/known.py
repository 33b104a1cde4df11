"""The parameter ``kand_per``: a thing as it was known at an instant.

Guarantees one reading of it for every thing: a date means its end in Sweden, an instant has its
offset, and anything else is a 422 that names the parameter.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Query

from services.chassis.calendar import end_of_day
from services.chassis.http.problems import Problem
from services.chassis.rules import Breach

_DATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FEL = "Ange ett datum (ÅÅÅÅ-MM-DD) eller en tidpunkt med tidszon."
_BROTT = Breach(None, "query:kand_per", _FEL)


def instant_from(text: str) -> datetime:
    """The instant in UTC; :class:`ValueError` or :class:`OverflowError` when it is none."""
    if _DATUM.fullmatch(text):
        return end_of_day(date.fromisoformat(text))
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant.astimezone(UTC)


def _kand_per(
    kand_per: Annotated[
        str | None,
        Query(
            description="Som det var känt ett datum (dagens slut) eller en tidpunkt med tidszon.",
            examples=["2026-03-31"],
        ),
    ] = None,
) -> datetime | None:
    if kand_per is None:
        return None
    try:
        # A plus sign that was not encoded comes as a space.
        return instant_from(kand_per.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise Problem(
            422, "Felaktiga uppgifter", _FEL, kind="felaktiga-uppgifter", breaches=[_BROTT]
        ) from None


KandPer = Annotated[datetime | None, Depends(_kand_per)]
"""The instant up to which what was recorded counts; ``None`` for all that is known."""
