"""Query parameters that several routes share, and what is wrong with them.

Guarantees that a period goes forward, that a date is written ÅÅÅÅ-MM-DD, that ``kand_per`` is a
date or an instant with offset, that no key carries a control character, and that each fault names
its parameter.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator
from starlette.requests import Request

from services.chassis.http.problems import Problem
from services.chassis.rules import Breach
from services.uppfoljning.domain.klocka import Grans, tolka_grans
from services.uppfoljning.views.underlag import KandPer, instant_of

_DATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _skrivet(varde: Any) -> Any:
    """A date without its hyphens would be taken for seconds since 1970."""
    if isinstance(varde, str) and not _DATUM.fullmatch(varde):
        raise ValueError("Ska vara ett datum (ÅÅÅÅ-MM-DD).")
    return varde


Datum = Annotated[date, BeforeValidator(_skrivet)]
"""A date in a query, written ÅÅÅÅ-MM-DD."""
Fran = Annotated[Datum, Query(description="Periodens första dag.", examples=["2024-01-01"])]
Till = Annotated[Datum, Query(description="Periodens sista dag.", examples=["2024-12-31"])]
Per = Annotated[Datum, Query(description="Rapportens dag.", examples=["2023-12-31"])]

UTAN_STYRTECKEN = r"^[^\x00-\x1f\x7f]*$"
"""Text that a row's key can be: the database takes no NUL."""


def wrong(parameter: str, text: str) -> Problem:
    """A 422 about one parameter."""
    return Problem(
        422,
        "Felaktiga uppgifter",
        text,
        kind="felaktiga-uppgifter",
        breaches=[Breach(None, f"query:{parameter}", text)],
    )


def _period(fran: Fran, till: Till) -> tuple[date, date]:
    if till < fran:
        raise wrong("till", "Periodens sista dag ligger före dess första.")
    return fran, till


Period = Annotated[tuple[date, date], Depends(_period)]
"""(first day, last day), in order."""


def tolka_kand_per(text: str) -> KandPer:
    """A date or an instant with offset; :class:`ValueError` for anything else.

    :class:`OverflowError` for one that lies outside the calendar when it is written in UTC.
    """
    kand_per = date.fromisoformat(text) if _DATUM.fullmatch(text) else datetime.fromisoformat(text)
    if isinstance(kand_per, datetime) and kand_per.tzinfo is None:
        raise ValueError(text)
    instant_of(kand_per)
    return kand_per


def _kand_per(
    request: Request,
    kand_per: Annotated[
        str | None,
        Query(
            description="Som det var känt då: ett datum (dagens slut) eller en tidpunkt med"
            " tidszon. Utelämnat: allt som är känt.",
            examples=["2024-12-31"],
        ),
    ] = None,
) -> KandPer:
    del request
    if kand_per is None:
        return None
    try:
        # A plus sign that was not encoded comes as a space.
        return tolka_kand_per(kand_per.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise wrong(
            "kand_per", "Ange ett datum (ÅÅÅÅ-MM-DD) eller en tidpunkt med tidszon."
        ) from None


Kand = Annotated[KandPer, Depends(_kand_per)]


def _grans(
    grans: Annotated[
        str, Query(description="Gräns: kalendermånader (3m) eller dagar (90d), R-KLO-1.")
    ] = "3m",
) -> Grans:
    try:
        return tolka_grans(grans)
    except ValueError:
        raise wrong("grans", "Ange gränsen som 3m eller 90d.") from None


Gransval = Annotated[Grans, Depends(_grans)]
