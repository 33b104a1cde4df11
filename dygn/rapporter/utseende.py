"""The look that the tables share.

Guarantees right-aligned figures in columns that never break a number, and a sums row that stands
apart from the rows.
"""

from collections.abc import Sequence

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dygn.rapporter.underlag import Json, rader

BREDD_UTAN_TERMINAL = 100
"""Columns where the output goes to a file or a pipe."""
_RAM = Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
"""Lines under the header and over the sums, and nowhere else."""


def konsol(*, fel: bool = False) -> Console:
    """The console for standard output, or for standard error."""
    ut = Console(stderr=fel, highlight=False)
    if not ut.is_terminal:
        ut.width = max(ut.width, BREDD_UTAN_TERMINAL)
    return ut


def ny_tabell(text: Sequence[str], tal: Sequence[str]) -> Table:
    """A table with text columns first and then figures."""
    tabell = Table(
        box=_RAM, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", show_edge=False
    )
    for rubrik in text:
        tabell.add_column(rubrik, overflow="fold")
    for rubrik in tal:
        tabell.add_column(rubrik, justify="right", no_wrap=True)
    return tabell


def cell(text: str, stil: str = "") -> Text:
    """A cell that is text only: what a file brought in is never read as markup."""
    return Text(text, style=stil)


def siffra(text: str, stil: str = "") -> Text:
    """A figure, which is never broken."""
    return Text(text, style=stil, no_wrap=True, justify="right")


def summarad(tabell: Table, text: Sequence[str], tal: Sequence[str]) -> None:
    """The last row, with the sums."""
    tabell.add_section()
    tabell.add_row(*(cell(en, "bold") for en in text), *(siffra(ett, "bold") for ett in tal))


def med_underlag(rubrik: str, underlag: Json, *delar: RenderableType) -> Group:
    """The report: its title, what it was made from, and its parts."""
    return Group(
        Text(rubrik, style="bold"),
        *(Text(rad, style="dim") for rad in rader(underlag)),
        Text(),
        *delar,
    )
