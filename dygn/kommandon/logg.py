"""``dygn logg kontrollera``: proof that the access log is whole, in order and unchanged (R-SEK-3).

Guarantees that it changes nothing but the file of receipts, and that its exit code is 0 only when
every record was checked and agrees; else 1, with the records that do not agree named.
"""

from pathlib import Path
from typing import Annotated

import typer

from dygn.fel import DygnFel
from dygn.kommandon.utskrift import meddela
from dygn.kommandon.val import KatalogVal
from dygn.rapporter.tal import antal

VISADE = 50
"""Faults that are told one by one."""

logg = typer.Typer(help="Åtkomstloggen: vem som läst om vem, när och varför.", no_args_is_help=True)


def registrera(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(logg, name="logg")


@logg.callback()
def _logg() -> None:
    """Åtkomstloggen: vem som läst om vem, när och varför."""


@logg.command("kontrollera", help="Pröva att åtkomstloggen är hel och oförändrad.")
def kontrollera(
    katalog: KatalogVal = None,
    kvitto: Annotated[
        Path | None,
        typer.Option(
            "--kvitto",
            metavar="FIL",
            help="Kvitton från tidigare kontroller: prövas, och förnyas när allt stämmer."
            " Förvara filen utanför databasen.",
        ),
    ] = None,
) -> None:
    """Check the log while the installation runs; the exit code is 1 when it does not agree."""
    # Not at the top: it brings every service along, which takes seconds.
    import psycopg

    from dygn.loggkontroll import kontrollera as kor

    try:
        utfall = kor(katalog, kvitto)
    except psycopg.Error as fel:
        raise DygnFel(f"Kontrollen avbröts, databasen svarar inte som den ska: {fel}") from fel
    for avvikelse in utfall.avvikelser[:VISADE]:
        meddela(f"{avvikelse.var}: {avvikelse.vad}", "red")
    if utfall.avvikelser:
        meddela(f"{antal(len(utfall.avvikelser))} avvikelser i {antal(utfall.rader)} rader.", "red")
        raise typer.Exit(1)
    meddela(f"Åtkomstloggen stämmer: {antal(utfall.rader)} rader.", "green")
