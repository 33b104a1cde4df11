"""``dygn bygg-om``: a service's views built anew beside those that are read, which then take over.

Guarantees that readers see the old views until the new ones are ready, and that the command can be
broken off at any time (also by kill -9): given again, it goes on where it was. The exit code is 0
when the new views are read.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from dygn.fel import DygnFel
from dygn.kommandon.framsteg import framsteg
from dygn.kommandon.utskrift import meddela
from dygn.kommandon.val import KatalogVal
from dygn.rapporter.tal import antal

if TYPE_CHECKING:
    from dygn.ombyggnad import Ombyggd, Visa
    from services.chassis.streams.take_over import Progress

VYER = {"uppfoljning": "uppföljningens rapporter", "placering": "placerings leverantörsregister"}


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bygg-om", help="Bygg om en tjänsts vyer vid sidan av dem som läses.")(bygg_om)


def bygg_om(
    vy: Annotated[str, typer.Argument(help="Vyer: uppfoljning eller placering.")],
    katalog: KatalogVal = None,
    stada: Annotated[
        bool, typer.Option("--stada", help="Bygg inget; ta bara bort byggen som ingen använder.")
    ] = False,
) -> None:
    """Rebuild, with a bar for reading and one for folding."""
    if vy not in VYER:
        raise DygnFel(f"{vy} har inga vyer att bygga om; välj {' eller '.join(VYER)}.")
    # Not at the top: it brings every service along, which takes seconds.
    import psycopg

    from dygn import ombyggnad

    plats = ombyggnad.finn_plats(vy, katalog)
    try:
        if stada:
            borta = ombyggnad.stada(vy, plats)
            meddela(f"Borttaget: {', '.join(borta)}." if borta else "Inget att ta bort.")
            return
        with _visat() as visa:
            gjort = ombyggnad.bygg_om(vy, plats, visa)
    except psycopg.Error as fel:
        raise DygnFel(
            f"Ombyggnaden avbröts, en databas svarar inte som den ska: {fel}"
            " Kör kommandot igen, så fortsätter den där den var."
        ) from fel
    sys.stdout.write(_sagt(vy, gjort))


def _sagt(vy: str, gjort: "Ombyggd") -> str:
    sekunder = f"{gjort.sekunder:.1f}".replace(".", ",")
    fran = f" (fortsatte efter {antal(gjort.borjade)})" if gjort.borjade else ""
    text = (
        f"Vyerna för {VYER[vy]} är ombyggda ur {antal(gjort.handelser)} händelser{fran}"
        f" på {sekunder} s och läses nu ur {gjort.schema}.\n"
    )
    if gjort.stadade:
        text += f"Borttaget: {', '.join(gjort.stadade)}.\n"
    return text


@contextmanager
def _visat() -> "Iterator[Visa]":
    """Shows how far it has come; says once what the take-over waits for, if it waits for long."""
    with framsteg("", takt=True, kvar=True) as rita:
        flest, vantat, sagd = 0, 0, ""

        def visa(framme: "Progress", brist: str | None) -> None:
            nonlocal flest, vantat, sagd
            rita("lästa händelser", framme.read, framme.events)
            flest = max(flest, framme.dirty)
            if framme.read >= framme.events or framme.near:
                rita("vikta ämnen", flest - framme.dirty, flest)
            vantat = vantat + 1 if brist else 0
            if brist and vantat > 5 and brist != sagd:
                sagd = brist
                meddela(f"Väntar med att ta över: {brist}.", "yellow")

        yield visa
