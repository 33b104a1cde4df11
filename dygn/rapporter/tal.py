"""Numbers, amounts and days as they are written in Swedish.

Guarantees that an amount is cut into kronor and öre by integer arithmetic, never through a float,
and that a number never breaks over two lines (U+00A0 between the thousands).
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

FAST_BLANK = "\u00a0"
MINUS = "\u2212"
STRECK = "\u2013"
"""What is not known, or is not there: another thing than nought."""
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def antal(tal: int | None) -> str:
    """A whole number: 1234567 is "1 234 567" and None a dash."""
    if tal is None:
        return STRECK
    siffror = f"{abs(tal):,}".replace(",", FAST_BLANK)
    return f"{MINUS}{siffror}" if tal < 0 else siffror


def kronor(ore: int | None) -> str:
    """An amount in öre as kronor with two decimals: 123456789 is "1 234 567,89"."""
    if ore is None:
        return STRECK
    hela, rest = divmod(abs(ore), 100)
    tecken = MINUS if ore < 0 else ""
    return f"{tecken}{antal(hela)},{rest:02d}"


def stund(tid: str | datetime | None) -> str:
    """An instant as it is on the clock in Sweden, to the second."""
    if tid is None:
        return STRECK
    nar = datetime.fromisoformat(tid) if isinstance(tid, str) else tid
    return nar.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M:%S")


def nu() -> datetime:
    """The instant now."""
    return datetime.now(UTC)


def idag() -> date:
    """The day in Sweden, whatever the machine's clock says."""
    return nu().astimezone(STOCKHOLM).date()
