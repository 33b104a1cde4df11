"""A dozen questions about a kommun that together touch every table of derived rows."""

from collections.abc import Iterator

from tests.system.rapporter import SNITT, Las, jamforbar

AR = {"fran": "2024-01-01", "till": "2024-12-31"}
MANAD = {"fran": "2024-07-01", "till": "2024-07-31"}


def dussinet(las: Las, kand_per: str) -> dict[str, str]:
    """The answers as known then, by question."""
    return {
        f"{vag} {fraga}": jamforbar(las(vag, **fraga, kand_per=kand_per))
        for vag, fraga in _fragor()
    }


def _fragor() -> Iterator[tuple[str, dict[str, str]]]:
    for snitt in SNITT:
        for period in (AR, MANAD):
            yield "rapporter/dygnskostnader", {**period, "snitt": snitt}
    for period in (AR, MANAD):
        yield "rapporter/leverantorer", period
    for grans in ("3m", "30d"):
        yield "rapporter/evb", {"per": "2024-12-31", "lag": "SoL", "grans": grans}
