"""Commands about messages put aside: list, show, release, throw away, let pass.

Guarantees that nothing is decided without a reason, and that a message is named as it is listed:
service, topic, partition, offset.
"""

from pathlib import Path
from typing import Annotated
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.table import Table

from dygn.kommandon.drift import KatalogVal, egen_token, instans_i
from services.chassis.auth.roles import Roll

karantan = typer.Typer(help="Meddelanden som inte gick att läsa in.", no_args_is_help=True)
KONSUMENTER = ("placering", "uppfoljning")
ut = Console(highlight=False)
fel_ut = Console(stderr=True, highlight=False)

Tjanstval = Annotated[str, typer.Argument(help="Tjänst som läser: placering eller uppfoljning.")]
Topicval = Annotated[str, typer.Argument(help="Ström, till exempel dygn.placering.v1.")]
Partitionval = Annotated[int, typer.Argument(help="Partition.")]
Offsetval = Annotated[int, typer.Argument(help="Offset.")]
Skal = Annotated[str, typer.Option("--skal", help="Varför; sparas med beslutet.")]


def registrera(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(karantan, name="karantan")


@karantan.command("lista", help="Lista det som ligger i karantän.")
def lista(
    katalog: KatalogVal = None,
    alla: Annotated[bool, typer.Option("--alla", help="Även det som är avgjort.")] = False,
) -> None:
    """Print a table over both reading services."""
    tabell = Table(title="Karantän")
    for rubrik in ("Tjänst", "Meddelande", "Läge", "Typ", "Nyckel", "Orsak"):
        tabell.add_column(rubrik, overflow="fold")
    for tjanst in KONSUMENTER:
        svar = _anropa(katalog, "GET", f"/{tjanst}/v1/karantan", {"alla": str(alla).lower()})
        for rad in svar.json():
            plats = f"{rad['topic']} {rad['partition']} {rad['offset']}"
            tabell.add_row(
                tjanst, plats, rad["lage"], rad["typ"] or "–", rad["nyckel"] or "–", rad["orsak"]
            )
    ut.print(tabell if tabell.row_count else "Inget ligger i karantän.")


@karantan.command("visa", help="Visa ett meddelande med huvuden och innehåll.")
def visa(
    tjanst: Tjanstval,
    topic: Topicval,
    partition: Partitionval,
    offset: Offsetval,
    katalog: KatalogVal = None,
) -> None:
    """Print the message as JSON."""
    svar = _anropa(katalog, "GET", _vag(tjanst, topic, partition, offset))
    ut.print_json(svar.text)


@karantan.command("slapp", help="Försök läsa in meddelandet igen, och sedan det som väntar.")
def slapp(
    tjanst: Tjanstval,
    topic: Topicval,
    partition: Partitionval,
    offset: Offsetval,
    skal: Skal,
    katalog: KatalogVal = None,
) -> None:
    """Decide to try again."""
    _besluta(katalog, _vag(tjanst, topic, partition, offset), "slapp", skal)


@karantan.command("kasta", help="Läs aldrig in meddelandet; det som väntar bakom går vidare.")
def kasta(
    tjanst: Tjanstval,
    topic: Topicval,
    partition: Partitionval,
    offset: Offsetval,
    skal: Skal,
    katalog: KatalogVal = None,
) -> None:
    """Decide to throw away."""
    _besluta(katalog, _vag(tjanst, topic, partition, offset), "kasta", skal)


@karantan.command("passera", help="Låt en okänd händelsetyp inte längre hålla tillbaka W.")
def passera(
    tjanst: Tjanstval,
    topic: Topicval,
    partition: Partitionval,
    offset: Offsetval,
    skal: Skal,
    katalog: KatalogVal = None,
) -> None:
    """Decide to let the settled instant pass."""
    _besluta(katalog, _vag(tjanst, topic, partition, offset), "passera", skal)


def _vag(tjanst: str, topic: str, partition: int, offset: int) -> str:
    if tjanst not in KONSUMENTER:
        fel_ut.print(f"{tjanst} läser inga strömmar; välj {' eller '.join(KONSUMENTER)}.")
        raise typer.Exit(1)
    return f"/{tjanst}/v1/karantan/{topic}/{partition}/{offset}"


def _besluta(katalog: Path | None, vag: str, beslut: str, skal: str) -> None:
    _anropa(katalog, "POST", f"{vag}/{beslut}", json={"skal": skal})
    ut.print("Beslutat. Strömprocessen verkställer det strax.")


def _anropa(
    katalog: Path | None,
    metod: str,
    vag: str,
    params: dict[str, str] | None = None,
    json: dict[str, str] | None = None,
) -> httpx.Response:
    instans = instans_i(katalog)
    huvuden = {
        "Authorization": f"Bearer {egen_token(katalog, [Roll.ADMINISTRATOR])}",
        "Idempotency-Key": uuid4().hex,
    }
    svar = httpx.request(
        metod, instans.url + vag, params=params, json=json, headers=huvuden, timeout=30
    )
    if svar.is_error:
        fel_ut.print(svar.json().get("detail", svar.text), style="red", markup=False)
        raise typer.Exit(1)
    return svar
