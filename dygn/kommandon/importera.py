"""``dygn importera …``: history taken over from another system, out of CSV files.

Guarantees that the person sees every bad row with line, column and rule, and every rule that
flagged rows with the lines; the exit code is 1 when any row is bad, else 0.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from dygn.klient import IMPORTROLLER, Klient, anslut
from dygn.kommandon.framsteg import framsteg
from dygn.kommandon.utskrift import meddela
from dygn.kommandon.val import KatalogVal, kalla
from dygn.overforing.csvfil import Filinnehall, Radfel, las_fil
from dygn.overforing.kolumner import FILSLAG, Filslag
from dygn.overforing.overforing import Redovisning, for_over
from dygn.rapporter.tal import antal
from dygn.rapporter.utseende import cell, konsol, ny_tabell

INVANTAN = 120.0
"""Seconds to wait until suppliers have come through to the service that places."""
_VISADE_RADER = 12
"""How many line numbers a flag shows."""

Fil = Annotated[Path, typer.Argument(metavar="FIL.csv", help="Filen, UTF-8.")]
Kalla = Annotated[
    str,
    typer.Option(
        "--kalla",
        metavar="NAMN",
        parser=kalla,
        help="Systemet som raderna kommer från; en referens gäller inom sin källa.",
    ),
]
Torr = Annotated[bool, typer.Option("--torrkorning", help="Bedöm raderna, men skicka inget.")]
Delvis = Annotated[
    bool, typer.Option("--delvis", help="Skicka de goda raderna fast andra avvisas.")
]


def registrera(app: typer.Typer) -> None:
    """Add the commands."""
    importera = typer.Typer(
        help="Ta över historik från ett annat system. En andra körning lägger inte till något.",
        no_args_is_help=True,
    )
    importera.command("leverantorer")(leverantorer)
    importera.command("beslut")(beslut)
    importera.command("placeringar")(placeringar)
    importera.command("prisandringar")(prisandringar)
    app.add_typer(importera, name="importera")


def leverantorer(
    fil: Fil,
    kalla: Kalla = "import",
    torrkorning: Torr = False,
    delvis: Delvis = False,
    katalog: KatalogVal = None,
) -> None:
    """Leverantörer, enheter, avtal och grunddygnspriser.

    Kolumner: organisationsnummer, namn; valfria: typ, enhet, omrade, avtal_fran, avtal_till,
    grunddygnspris_ore.
    """
    _importera("leverantorer", fil, kalla, torrkorning, delvis, katalog)


def beslut(
    fil: Fil,
    kalla: Kalla = "import",
    torrkorning: Torr = False,
    delvis: Delvis = False,
    katalog: KatalogVal = None,
) -> None:
    """Beslut om insatser.

    Kolumner: referens, kon, lagrum, insatstyp, beslutsdatum; valfria: klient, namnd, fodelsear,
    arbetsenhet, verkstallighet, verkstalld_datum, avbrott_datum, aterupptagen_datum,
    upphord_datum, galler_till, orsak.
    """
    _importera("beslut", fil, kalla, torrkorning, delvis, katalog)


def placeringar(
    fil: Fil,
    kalla: Kalla = "import",
    torrkorning: Torr = False,
    delvis: Delvis = False,
    katalog: KatalogVal = None,
) -> None:
    """Placeringar, var och en under ett eget beslut om inget anges.

    Kolumner: referens, klient, kon, fodelsedatum, lagrum, beslutsdatum, placeringsform,
    organisationsnummer, enhet, fran, till (sista dagen där; tom: pågår), dygnspris_ore,
    avslutsorsak; valfri: beslut.
    """
    _importera("placeringar", fil, kalla, torrkorning, delvis, katalog)


def prisandringar(
    fil: Fil,
    kalla: Kalla = "import",
    torrkorning: Torr = False,
    delvis: Delvis = False,
    katalog: KatalogVal = None,
) -> None:
    """Nya dygnspriser på placeringar som redan är övertagna.

    Kolumner: placering (dess referens), fran, dygnspris_ore.
    """
    _importera("prisandringar", fil, kalla, torrkorning, delvis, katalog)


def _importera(
    namn: str, fil: Path, kalla: str, torrkorning: bool, delvis: bool, katalog: Path | None
) -> None:
    slag = FILSLAG[namn]
    innehall = las_fil(fil, slag)
    with anslut(katalog, IMPORTROLLER) as klient:
        konto = ta_over(klient, slag, innehall, kalla=kalla, torrkorning=torrkorning, delvis=delvis)
    visa_konto(konto, torrkorning=torrkorning, delvis=delvis)
    if konto.fel:
        raise typer.Exit(1)


def ta_over(
    klient: Klient,
    slag: Filslag,
    innehall: Filinnehall,
    *,
    kalla: str,
    torrkorning: bool = False,
    delvis: bool = False,
) -> Redovisning:
    """Take the rows over with a progress bar, after the suppliers that they name have come."""
    if slag.namn in ("placeringar", "prisandringar"):
        # Not at the top: it knows the services' own forms, and they take a second to import.
        from dygn.overforing.invantan import vanta_in

        vanta_in(klient, ["placering"], INVANTAN)
    with framsteg(slag.i_text) as visa:
        return for_over(
            klient,
            slag,
            innehall,
            kalla=kalla,
            torrkorning=torrkorning,
            delvis=delvis,
            framsteg=visa,
        )


def visa_konto(konto: Redovisning, *, torrkorning: bool = False, delvis: bool = False) -> None:
    """Tell the person what became of the rows, on standard error."""
    if konto.fel:
        _visa_fel(konto.fel)
    if konto.flaggor:
        _visa_flaggor(konto.flaggor)
    meddela(
        f"{antal(konto.antal)} rader: {antal(konto.nya)} nya, {antal(konto.fanns)} fanns, "
        f"{antal(konto.flaggade)} flaggade, {antal(konto.avvisade)} avvisade.",
        "bold",
    )
    if torrkorning:
        meddela("Torrkörning: inget är skickat.")
    elif konto.fel and not delvis:
        meddela(
            "Inget är skickat, eftersom rader avvisades. Rätta dem, eller skicka de goda med "
            "--delvis."
        )
    elif konto.skickade:
        meddela(f"{antal(konto.skickade)} rader är lagrade.")
    else:
        meddela("Inget nytt att lagra.")


def _visa_fel(fel: Iterable[Radfel]) -> None:
    ut = ny_tabell(["Rad", "Kolumn", "Regel", "Fel"], [])
    ut.columns[0].justify = "right"
    ut.columns[2].no_wrap = True
    for ett in fel:
        ut.add_row(str(ett.rad), cell(ett.kolumn or ""), cell(ett.regel or ""), cell(ett.text))
    konsol(fel=True).print(Text("Avvisade rader", style="bold red"), ut, sep="\n")


def _visa_flaggor(flaggor: Iterable[Radfel]) -> None:
    per_regel: dict[tuple[str, str], list[int]] = defaultdict(list)
    for flagga in flaggor:
        per_regel[flagga.regel or "", flagga.text].append(flagga.rad)
    ut = ny_tabell(["Regel", "Flagga", "Antal", "Rader"], [])
    ut.columns[0].no_wrap = True
    ut.columns[2].justify = "right"
    for (regel, text), rader in sorted(per_regel.items()):
        ut.add_row(cell(regel), cell(text), antal(len(rader)), cell(_radlista(rader)))
    konsol(fel=True).print(
        Text("Flaggade rader (godtagna, men någon bör se på dem)", style="bold yellow"),
        ut,
        sep="\n",
    )


def _radlista(rader: list[int]) -> str:
    visade = ", ".join(str(rad) for rad in rader[:_VISADE_RADER])
    fler = len(rader) - _VISADE_RADER
    return f"{visade} … och {antal(fler)} till" if fler > 0 else visade
