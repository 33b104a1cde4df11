"""``dygn rapport …``: the three reports."""

from pathlib import Path

import typer

from dygn.klient import LASROLLER, anslut
from dygn.kommandon.utskrift import skriv
from dygn.kommandon.val import (
    Format,
    FormatVal,
    Fran,
    Grans,
    KandPer,
    KatalogVal,
    LagVal,
    Per,
    Snitt,
    SnittVal,
    Till,
)
from dygn.rapporter.rapport import RAPPORTER


def registrera(app: typer.Typer) -> None:
    """Add the commands."""
    rapport = typer.Typer(help="Visa en rapport.", no_args_is_help=True)
    rapport.command("dygnskostnader")(dygnskostnader)
    rapport.command("evb")(evb)
    rapport.command("leverantorer")(leverantorer)
    app.add_typer(rapport, name="rapport")


def dygnskostnader(
    fran: Fran,
    till: Till,
    snitt: SnittVal = Snitt.PLACERINGSFORM,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """Placerade, dygn, kostnad och dygnskostnad, exklusive moms."""
    _visa(
        "dygnskostnader",
        format_,
        katalog,
        fran=fran,
        till=till,
        snitt=snitt.value,
        kand_per=kand_per,
    )


def evb(
    per: Per,
    lag: LagVal,
    grans: Grans = None,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """Ej verkställda beslut: statistiken per lag en viss dag."""
    _visa("evb", format_, katalog, per=per, lag=lag.value, grans=grans, kand_per=kand_per)


def leverantorer(
    fran: Fran,
    till: Till,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """Privata utförare: antal nyttjade leverantörer per område, placeringar och kostnad."""
    _visa("leverantorer", format_, katalog, fran=fran, till=till, kand_per=kand_per)


def _visa(namn: str, format_: Format, katalog: Path | None, **fraga: str | None) -> None:
    with anslut(katalog, LASROLLER) as klient:
        svar = klient.hamta("uppfoljning", f"rapporter/{namn}", **fraga)
    rapport = RAPPORTER[namn]
    skriv(format_, svar, rapport.tabell(svar), rapport.rubriker(svar), rapport.csv_rader(svar))
