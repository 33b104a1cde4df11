"""Report 1, dygnskostnader: days and costs in one cut."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from dygn.rapporter.tal import antal, kronor
from dygn.rapporter.underlag import SNITT, Json
from dygn.rapporter.utseende import cell, med_underlag, ny_tabell, siffra, summarad

_MATT = (
    "antal_placerade",
    "antal_placeringar",
    "debiterade_dygn",
    "varddygn",
    "kostnad_ore",
    "dygnskostnad_ore",
)
_RUBRIKER = (
    "Antal\nplacerade",
    "Antal\nplaceringar",
    "Debiterade\ndygn",
    "Vårddygn",
    "Kostnad,\nkr",
    "Dygnskostnad,\nkr",
)
_ALDERSKLASSER = {"0-12": "0–12 år", "13-20": "13–20 år", "21+": "21 år och äldre"}
_ALDERSKLASSER["okand"] = "Okänd ålder"


def rubriker(svar: Json) -> Sequence[str]:
    """The columns of the CSV; the first has the name of the cut."""
    return (str(svar["underlag"]["snitt"]), *_MATT)


def csv_rader(svar: Json) -> Iterator[Sequence[str | int | None]]:
    """The rows of the CSV."""
    for rad in svar["rader"]:
        yield (rad["nyckel"], *(rad[matt] for matt in _MATT))


def tabell(svar: Json) -> RenderableType:
    """The report for the eye."""
    snitt = str(svar["underlag"]["snitt"])
    ut = ny_tabell([SNITT.get(snitt, snitt)], _RUBRIKER)
    for rad in svar["rader"]:
        ut.add_row(cell(_namn(snitt, rad)), *(siffra(tal) for tal in _tal(rad)))
    summarad(ut, ["Summa"], _tal(svar["summa"]))
    return med_underlag("Dygnskostnader", svar["underlag"], ut, *_anmarkningar(svar["summa"]))


def _namn(snitt: str, rad: Json) -> str:
    nyckel, namn = str(rad["nyckel"]), str(rad.get("namn") or "")
    if snitt == "leverantor" and not nyckel:
        return namn or "Egna hem och SiS"
    if snitt == "leverantor":
        return f"{namn}\n{nyckel}" if namn and namn != nyckel else nyckel
    if snitt == "aldersklass":
        return _ALDERSKLASSER.get(nyckel, nyckel)
    return namn or nyckel


def _tal(rad: Json) -> list[str]:
    return [
        *(antal(rad[matt]) for matt in _MATT[:4]),
        kronor(rad["kostnad_ore"]),
        kronor(rad["dygnskostnad_ore"]),
    ]


def _anmarkningar(summa: Json) -> Iterator[RenderableType]:
    yield Text(
        "Placerade är personer, var och en räknad en gång per rad och en gång i summan.",
        style="dim",
    )
    if utan := summa.get("dygn_utan_pris"):
        yield Text(
            f"{antal(utan)} debiterade dygn har inget känt pris och står för 0 kr.", style="yellow"
        )
