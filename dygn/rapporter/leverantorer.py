"""Report 3, privata utförare: suppliers used per område (R-LEV-2), SiS and own homes not counted.

Guarantees that both totals are said, each with what it counts: the sum over områden, where a
supplier counts once in each, and the distinct organisationsnummer.
"""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from dygn.rapporter.tal import antal, kronor
from dygn.rapporter.underlag import Json
from dygn.rapporter.utseende import cell, med_underlag, ny_tabell, siffra, summarad

KOLUMNER = (
    "omrade",
    "organisationsnummer",
    "namn",
    "antal_placeringar",
    "varddygn",
    "kostnad_ore",
)
UTAN_OMRADE = "Utom ramavtal"


def rubriker(_svar: Json) -> Sequence[str]:
    """The columns of the CSV."""
    return KOLUMNER


def csv_rader(svar: Json) -> Iterator[Sequence[str | int | None]]:
    """The rows of the CSV."""
    for rad in svar["rader"]:
        yield tuple(rad[kolumn] for kolumn in KOLUMNER)


def tabell(svar: Json) -> RenderableType:
    """The report for the eye: suppliers per område, then each supplier."""
    return med_underlag(
        "Uppföljning av privata utförare",
        svar["underlag"],
        Text("Antal nyttjade leverantörer", style="bold"),
        _antal(svar),
        Text(),
        Text("Leverantörer", style="bold"),
        _leverantorer(svar),
    )


def _antal(svar: Json) -> RenderableType:
    ut = ny_tabell(["Område"], ["Antal nyttjade\nleverantörer"])
    for rad in svar["antal_per_omrade"]:
        ut.add_row(cell(rad["omrade"] or UTAN_OMRADE), siffra(antal(rad["antal_leverantorer"])))
    summa = svar["summa"]
    summarad(ut, ["Summa över områden"], [antal(summa["summa_over_omraden"])])
    ut.add_row(
        cell("Olika organisationsnummer", "bold"),
        siffra(antal(summa["antal_leverantorer"]), "bold"),
    )
    return ut


def _leverantorer(svar: Json) -> RenderableType:
    ut = ny_tabell(
        ["Område\n  Leverantör", "Organisations-\nnummer"],
        ["Antal\nplaceringar", "Vårddygn", "Kostnad,\nkr"],
    )
    ut.columns[1].no_wrap = True
    forra: str | None = None
    for rad in svar["rader"]:
        omrade = str(rad["omrade"] or UTAN_OMRADE)
        if omrade != forra:
            ut.add_row(cell(omrade, "bold"))
        ut.add_row(
            Padding(cell(str(rad["namn"])), (0, 0, 0, 2)),
            cell(str(rad["organisationsnummer"])),
            siffra(antal(rad["antal_placeringar"])),
            siffra(antal(rad["varddygn"])),
            siffra(kronor(rad["kostnad_ore"])),
        )
        forra = omrade
    summa = svar["summa"]
    summarad(
        ut,
        ["Summa", ""],
        [
            antal(summa["antal_placeringar"]),
            antal(summa["varddygn"]),
            kronor(summa["kostnad_ore"]),
        ],
    )
    return ut
