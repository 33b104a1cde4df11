"""``dygn varfor …``: from a figure of a report to the events behind it.

Guarantees that a key which is no row of the report is said to be none, and that a supplier that
stands under several områden is not guessed about.
"""

from typing import Annotated, Any
from uuid import UUID

import typer
from typer.core import TyperGroup

from dygn.fel import DygnFel
from dygn.klient import LASROLLER, Klient, anslut
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
    dag,
)
from dygn.rapporter import varfor as vy
from dygn.rapporter.leverantorer import UTAN_OMRADE
from dygn.rapporter.tal import idag
from dygn.rapporter.underlag import Json

FORST = "1900-01-01"
"""The first day where none is given: before every placering."""


class _Varforgrupp(TyperGroup):
    """A placering's id may stand alone: ``dygn varfor ID`` is ``dygn varfor placering ID``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the words name."""
        if args and _ar_id(args[0]):
            args = ["placering", *args]
        return super().resolve_command(ctx, args)


def _ar_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def registrera(app: typer.Typer) -> None:
    """Add the commands."""
    varfor = typer.Typer(
        cls=_Varforgrupp,
        help="Visa varför en siffra är som den är: placeringar, dygn × pris, händelser.",
        no_args_is_help=True,
    )
    varfor.command("dygnskostnader")(dygnskostnader)
    varfor.command("leverantorer")(leverantorer)
    varfor.command("evb")(evb)
    varfor.command("placering")(placering)
    app.add_typer(varfor, name="varfor")


def dygnskostnader(
    nyckel: Annotated[
        str,
        typer.Argument(
            metavar="NYCKEL",
            help='Radens nyckel, som i CSV: hvb, 2024-03, 13-20, ett organisationsnummer ("" är '
            "egna hem och SiS).",
        ),
    ],
    fran: Fran,
    till: Till,
    snitt: SnittVal = Snitt.PLACERINGSFORM,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """En rad i rapporten dygnskostnader."""
    with anslut(katalog, LASROLLER) as klient:
        svar = klient.hamta(
            "uppfoljning",
            "varfor/dygnskostnader",
            fran=fran,
            till=till,
            snitt=snitt.value,
            nyckel=nyckel,
            kand_per=kand_per,
        )
    _skriv_trad(format_, svar, nyckel or "Egna hem och SiS")


def leverantorer(
    organisationsnummer: Annotated[
        str, typer.Argument(metavar="ORGANISATIONSNUMMER", help="Leverantören.")
    ],
    fran: Fran,
    till: Till,
    omrade: Annotated[
        str | None,
        typer.Option(
            "--omrade",
            metavar="OMRÅDE",
            help="Området (behövs bara där leverantören står under flera).",
        ),
    ] = None,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """En rad i rapporten om privata utförare."""
    with anslut(katalog, LASROLLER) as klient:
        period = {"fran": fran, "till": till, "kand_per": kand_per}
        vald = _omrade(klient, organisationsnummer, omrade, period)
        svar = klient.hamta(
            "uppfoljning",
            "varfor/leverantorer",
            **period,
            omrade=vald,
            organisationsnummer=organisationsnummer,
        )
    _skriv_trad(format_, svar, f"{organisationsnummer}, {vald or UTAN_OMRADE}")


def _omrade(klient: Klient, nummer: str, omrade: str | None, period: dict[str, str | None]) -> str:
    if omrade is not None:
        return "" if omrade == UTAN_OMRADE else omrade
    rapport = klient.hamta("uppfoljning", "rapporter/leverantorer", **period)
    omraden = [rad["omrade"] for rad in rapport["rader"] if rad["organisationsnummer"] == nummer]
    if len(omraden) == 1:
        return str(omraden[0] or "")
    if not omraden:
        raise DygnFel(f"{nummer} är ingen rad i rapporten för perioden.")
    val = "\n".join(f'  --omrade "{ett or UTAN_OMRADE}"' for ett in omraden)
    raise DygnFel(f"{nummer} står under flera områden. Välj ett:\n{val}")


def evb(
    beslut: Annotated[UUID, typer.Argument(metavar="BESLUT", help="Beslutets id.")],
    per: Per,
    lag: LagVal,
    grans: Grans = None,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """Ett beslut: varför det står, eller inte står, bland de ej verkställda."""
    with anslut(katalog, LASROLLER) as klient:
        svar = klient.hamta(
            "uppfoljning",
            "varfor/evb",
            per=per,
            lag=lag.value,
            beslut=str(beslut),
            grans=grans,
            kand_per=kand_per,
        )
    skriv(format_, svar, vy.evb(svar), vy.EVB_CSV_KOLUMNER, vy.evb_csv_rader(svar))


def placering(
    id_: Annotated[UUID, typer.Argument(metavar="ID", help="Placeringens id.")],
    fran: Annotated[
        str | None,
        typer.Option(
            "--fran", metavar="DAG", parser=dag, help="Periodens första dag (förval: alla)."
        ),
    ] = None,
    till: Annotated[
        str | None,
        typer.Option(
            "--till", metavar="DAG", parser=dag, help="Periodens sista dag (förval: i dag)."
        ),
    ] = None,
    kand_per: KandPer = None,
    format_: FormatVal = Format.TABELL,
    katalog: KatalogVal = None,
) -> None:
    """En placering: dess dygn, priser och händelser."""
    period = {"fran": fran or FORST, "till": till or idag().isoformat()}
    with anslut(katalog, LASROLLER) as klient:
        svar = klient.hamta("uppfoljning", f"varfor/placeringar/{id_}", **period, kand_per=kand_per)
    _skriv_trad(format_, svar, f"Placering {id_}")


def _skriv_trad(format_: Format, svar: Json, rubrik: str) -> None:
    if not svar["placeringar"]:
        raise DygnFel(f"{rubrik} är ingen rad i rapporten: inga placeringar finns bakom den.")
    skriv(format_, svar, vy.trad(rubrik, svar), vy.CSV_KOLUMNER, vy.csv_rader(svar))
