"""``dygn exempel``: an invented kommun as import files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dygn.exempel.csvut import skriv
from dygn.exempel.kommun import exempelkommun
from dygn.kommandon.utskrift import meddela
from dygn.kommandon.val import dag
from dygn.rapporter.tal import antal, idag


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command("exempel")(exempel)


def exempel(
    placeringar: Annotated[
        int, typer.Option("--placeringar", metavar="N", min=1, max=100_000, help="Hur många.")
    ] = 300,
    fro: Annotated[
        int, typer.Option("--fro", metavar="S", help="Samma frö ger samma filer.")
    ] = 1490,
    ut: Annotated[
        Path, typer.Option("--ut", metavar="MAPP", help="Mappen som filerna skrivs i.")
    ] = Path("exempel"),
    tom: Annotated[
        str | None,
        typer.Option("--tom", metavar="DAG", parser=dag, help="Sista kända dagen (förval: i dag)."),
    ] = None,
) -> None:
    """Skriv en påhittad men rimlig kommun som filer att importera."""
    kommun = exempelkommun(fro, placeringar, date.fromisoformat(tom) if tom else idag())
    for fil, rader in skriv(kommun, ut):
        meddela(f"{fil}: {antal(rader)} rader")
    meddela(f"Frö {fro}, till och med {kommun.tom}. Importera filerna i den ordningen.")
