"""Options that several commands take, and how what is typed is read.

Guarantees that a day, an instant or a limit that cannot be read is refused here, in Swedish, with
the option's name, before anything is asked of a service.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

KatalogVal = Annotated[
    Path | None,
    typer.Option("--katalog", metavar="DIR", help="Installationens katalog (förval: din egen)."),
]


class Format(StrEnum):
    """How a report is written."""

    TABELL = "tabell"
    JSON = "json"
    CSV = "csv"


class Snitt(StrEnum):
    """The cuts of dygnskostnader."""

    PLACERINGSFORM = "placeringsform"
    LEVERANTOR = "leverantor"
    MANAD = "manad"
    ALDERSKLASS = "aldersklass"


class Lag(StrEnum):
    """The acts that EVB is reported under."""

    SOL = "SoL"
    LSS = "LSS"


def dag(text: str) -> str:
    """A calendar day, as it is sent on; BadParameter on anything else."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
    raise typer.BadParameter("Ska vara en dag i kalendern (ÅÅÅÅ-MM-DD).")


def dag_eller_stund(text: str) -> str:
    """A day (its end, in Stockholm) or an instant with offset, as it is sent on."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dag(text)
    try:
        nar = datetime.fromisoformat(text)
    except ValueError:
        nar = None
    if nar is None or nar.tzinfo is None:
        raise typer.BadParameter(
            "Ska vara en dag (ÅÅÅÅ-MM-DD) eller en tidpunkt med tidszon "
            "(till exempel 2025-03-31T12:00:00+02:00)."
        )
    return nar.isoformat()


def grans(text: str) -> str:
    """A limit in months or days, such as 3m or 90d."""
    if not re.fullmatch(r"[1-9]\d{0,3}[md]", text):
        raise typer.BadParameter(
            "Ska vara ett antal månader eller dagar, till exempel 3m eller 90d."
        )
    return text


def kalla(text: str) -> str:
    """The name of a source."""
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", text):
        raise typer.BadParameter("Får ha 1–40 tecken: a–z, 0–9, bindestreck och understreck.")
    return text


Fran = Annotated[
    str, typer.Option("--fran", metavar="DAG", parser=dag, help="Periodens första dag.")
]
Till = Annotated[
    str, typer.Option("--till", metavar="DAG", parser=dag, help="Periodens sista dag.")
]
Per = Annotated[str, typer.Option("--per", metavar="DAG", parser=dag, help="Rapportens dag.")]
SnittVal = Annotated[Snitt, typer.Option("--snitt", help="Vad raderna är.")]
LagVal = Annotated[Lag, typer.Option("--lag", help="Lagen som besluten är fattade enligt.")]
Grans = Annotated[
    str | None,
    typer.Option(
        "--grans",
        metavar="GRÄNS",
        parser=grans,
        help="När ett beslut räknas som ej verkställt: 3m eller 90d (förval: tjänstens, 3m).",
    ),
]
KandPer = Annotated[
    str | None,
    typer.Option(
        "--kand-per",
        metavar="TID",
        parser=dag_eller_stund,
        help="Som det var känt en dag (dess slut) eller en tidpunkt med tidszon (förval: nu).",
    ),
]
FormatVal = Annotated[Format, typer.Option("--format", help="Hur svaret skrivs.")]
