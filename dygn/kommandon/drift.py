"""Commands that run an embedded installation: start, wait, tell, stop, look inside, give a token.

Guarantees that a fault that a person can do something about is one Swedish sentence and exit code
1, and that a running installation is found through its catalogue and nothing else.

The composition brings every service along, which takes seconds: only ``starta`` waits for it.
"""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from dygn.inbyggd.fel import InbyggdFel
from dygn.inbyggd.katalog import Instans, Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.klient import TJANSTER
from dygn.klient import token as token_ur
from services.chassis.auth.roles import Roll

KatalogVal = Annotated[
    Path | None,
    typer.Option("--katalog", help="Installationens katalog (förval: användarens datamapp)."),
]

PORT = 8700

fel_ut = Console(stderr=True, highlight=False)
ut = Console(highlight=False)


def registrera(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("starta", help="Starta en egen installation på den här datorn.")(starta)
    app.command("vanta", help="Vänta tills alla strömmar är ikapp och vikta.")(vanta)
    app.command("status", help="Visa hur installationen mår.")(status)
    app.command("stoppa", help="Stoppa installationen.")(stoppa)
    app.command("psql", help="Öppna en tjänsts databas som administratör.")(psql)
    app.command("token", help="Skriv ut en token för anrop.")(token)


def starta(
    katalog: KatalogVal = None,
    port: Annotated[int, typer.Option(help="Port; 0 tar en ledig.")] = PORT,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="Låt händelserna gå genom en riktig Kafka.")
    ] = False,
) -> None:
    """Start and stay until Ctrl-C or SIGTERM."""
    from dygn.inbyggd.komposition import Inbyggd
    from services.chassis.telemetry import logging

    logging.configure(os.environ.get("DYGN_LOG_LEVEL", "WARNING"))
    sluta = threading.Event()
    for nummer in (signal.SIGINT, signal.SIGTERM):
        signal.signal(nummer, lambda *_: sluta.set())
    try:
        with Inbyggd(
            Katalog(katalog), port=port, kafka=kafka, meddela=lambda text: fel_ut.print(text)
        ) as inbyggd:
            ut.print(f"Dygn är igång på [bold]{inbyggd.url}[/bold]")
            for tjanst in TJANSTER:
                ut.print(f"  {inbyggd.url}/{tjanst}/docs")
            ut.print("Avsluta med Ctrl-C.")
            sluta.wait()
            fel_ut.print("Stoppar …")
    except InbyggdFel as error:
        raise _avbryt(str(error)) from None


def instans_i(katalog: Path | None) -> Instans:
    """The running installation of the catalogue; says so and ends when there is none."""
    plats = Katalog(katalog)
    instans = plats.instans()
    if instans is None:
        raise _avbryt(f"Ingen installation är igång i {plats.mapp}. Starta den med: dygn starta")
    return instans


def egen_token(katalog: Path | None, roller: list[Roll], sekunder: int = 3600) -> str:
    """A token of the catalogue's own issuer."""
    return token_ur(Katalog(katalog), roller, giltig=sekunder)


def vanta(
    katalog: KatalogVal = None,
    tid: Annotated[float, typer.Option("--tid", help="Högsta antal sekunder.")] = 300.0,
) -> None:
    """Wait until everything that is stored now is in every view."""
    from dygn.stromlage import vanta_ikapp

    instans = instans_i(katalog)
    with anropare(instans.url, egen_token(katalog, [Roll.SYSTEM])) as klient:
        kvar = vanta_ikapp(klient, tid)
    if kvar:
        for rad in kvar:
            fel_ut.print(str(rad))
        raise typer.Exit(1)


def anropare(url: str, bevis: str) -> httpx.Client:
    """A client that calls the installation with a token."""
    return httpx.Client(base_url=url, timeout=30.0, headers={"Authorization": f"Bearer {bevis}"})


def status(katalog: KatalogVal = None) -> None:
    """Show the services and their streams."""
    from dygn.stromlage import las_lagen

    instans = instans_i(katalog)
    with anropare(instans.url, egen_token(katalog, [Roll.SYSTEM])) as klient:
        lagen = las_lagen(klient)
    tabell = Table(title=f"Dygn på {instans.url} (pid {instans.pid})")
    for rubrik in ("Tjänst", "Läge", "Läser", "Ovikta", "Karantän", "Stannat"):
        tabell.add_column(rubrik)
    for lage in lagen.values():
        laser = ", ".join(f"{rad.topic} {rad.pos}" for rad in lage.konsumerar) or "–"
        stannat = "; ".join(
            f"{rad.topic}/{rad.partition}: {rad.lage} {rad.skal or ''}" for rad in lage.stoppade
        )
        tabell.add_row(
            lage.tjanst,
            str(lage.pos),
            laser,
            str(lage.smutsiga),
            str(lage.karantan),
            stannat or "–",
        )
    ut.print(tabell)
    ut.print(_stromtabell(instans.url))
    ut.print("Händelser genom Kafka." if instans.kafka else "Händelser direkt ur tabellerna.")


def _stromtabell(url: str) -> Table:
    tabell = Table(title="Strömprocesser")
    for rubrik in ("Tjänst", "Del", "Läge", "Mått", "Senaste fel"):
        tabell.add_column(rubrik, overflow="fold")
    for tjanst, delar in httpx.get(f"{url}/strommar", timeout=10).json().items():
        for en in delar:
            matt = ", ".join(f"{namn} {varde:g}" for namn, varde in en["matt"].items())
            lage = en["lage"] + (f": {en['text']}" if en["text"] else "")
            tabell.add_row(tjanst, en["del"], lage, matt or "–", en["senaste_fel"] or "–")
    return tabell


def stoppa(katalog: KatalogVal = None) -> None:
    """Stop the running installation and wait until it has ended."""
    instans = instans_i(katalog)
    os.kill(instans.pid, signal.SIGTERM)
    slut = time.monotonic() + 30
    while Katalog(katalog).ar_last:
        if time.monotonic() > slut:
            raise _avbryt("Installationen har inte stannat på 30 s.")
        time.sleep(0.1)


def psql(
    argument: Annotated[
        list[str] | None, typer.Argument(help="Argument till psql, efter --.")
    ] = None,
    katalog: KatalogVal = None,
    tjanst: Annotated[str, typer.Option(help="Tjänst.")] = "uppfoljning",
) -> None:
    """Become the wheel's psql on the service's database, bound by no row policy."""
    instans_i(katalog)
    if tjanst not in TJANSTER:
        raise _avbryt(f"Tjänsten {tjanst} finns inte.")
    kommando = Postgres(Katalog(katalog)).psql(tjanst, argument or [])
    raise typer.Exit(subprocess.run(kommando, check=False).returncode)


def token(
    katalog: KatalogVal = None,
    roll: Annotated[
        list[Roll] | None, typer.Option(help="Roll; kan anges flera gånger (förval: alla).")
    ] = None,
    arbetsenhet: Annotated[
        list[str] | None,
        typer.Option(
            help="Arbetsenhet som rollen är knuten till; kan anges flera gånger"
            " (förval: hela kommunen)."
        ),
    ] = None,
    giltig: Annotated[int, typer.Option(help="Minuter.", min=1)] = 60,
) -> None:
    """Print a token; nothing else goes to standard output."""
    plats = Katalog(katalog)
    if not plats.mapp.exists():
        raise _avbryt(f"Katalogen {plats.mapp} finns inte. Starta först: dygn starta")
    typer.echo(
        token_ur(plats, roll or list(Roll), arbetsenheter=arbetsenhet or None, giltig=giltig * 60)
    )


def _avbryt(text: str) -> typer.Exit:
    fel_ut.print(text, style="red", markup=False)
    return typer.Exit(1)
