"""Writing an answer: what a program reads to standard output, everything else to standard error.

Guarantees that with JSON and CSV nothing but the answer stands on standard output.
"""

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.text import Text

from dygn.kommandon.val import Format
from dygn.rapporter import underlag
from dygn.rapporter.rapport import CsvRad, som_csv
from dygn.rapporter.underlag import Json
from dygn.rapporter.utseende import konsol


def skriv(
    format_: Format,
    svar: Json,
    tabell: RenderableType,
    rubriker: Sequence[str],
    rader: Iterable[CsvRad],
) -> None:
    """Write the answer in the format; as CSV, what it was made from goes to standard error."""
    match format_:
        case Format.TABELL:
            konsol().print(tabell)
        case Format.JSON:
            sys.stdout.write(json.dumps(svar, ensure_ascii=False, indent=2) + "\n")
        case Format.CSV:
            sys.stdout.write(som_csv(rubriker, rader))
            for rad in underlag.rader(svar["underlag"]):
                meddela(rad)


def meddela(text: str, stil: str = "") -> None:
    """A line to the person, on standard error."""
    konsol(fel=True).print(Text(text, style=stil))
