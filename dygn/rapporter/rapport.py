"""A report as the command line knows it: how its answer becomes a table and how it becomes CSV.

Guarantees one shape for every report, so that a new one is a module with two functions and a row
in `RAPPORTER`.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from dygn.rapporter import dygnskostnader, evb, leverantorer
from dygn.rapporter.underlag import Json

CsvRad = Sequence[str | int | None]


@dataclass(frozen=True, slots=True)
class Rapport:
    """A report's two ways to be written; JSON is the answer as it came."""

    namn: str
    tabell: Callable[[Json], RenderableType]
    rubriker: Callable[[Json], Sequence[str]]
    csv_rader: Callable[[Json], Iterable[CsvRad]]


RAPPORTER = {
    rapport.namn: rapport
    for rapport in (
        Rapport(
            "dygnskostnader",
            dygnskostnader.tabell,
            dygnskostnader.rubriker,
            dygnskostnader.csv_rader,
        ),
        Rapport("evb", evb.tabell, evb.rubriker, evb.csv_rader),
        Rapport("leverantorer", leverantorer.tabell, leverantorer.rubriker, leverantorer.csv_rader),
    )
}
"""The reports by name."""


def som_csv(rubriker: Sequence[str], rader: Iterable[CsvRad]) -> str:
    """One header line and the rows; what is not known is an empty cell."""
    ut = io.StringIO()
    skrivare = csv.writer(ut, lineterminator="\n")
    skrivare.writerow(rubriker)
    skrivare.writerows(rader)
    return ut.getvalue()
