"""``dygn demo``: a whole installation with an invented kommun in it, and what it can tell.

Guarantees that it starts in a catalogue of its own, emptied each time, and never touches the
user's; that Ctrl-C and SIGTERM stop all that it started, with exit code 0 once the tables are
shown.
"""

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from dygn.exempel.kommun import exempelkommun
from dygn.exempel.scenario import INVANTAN, Scenario
from dygn.fel import DygnFel
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.komposition import Inbyggd
from dygn.inbyggd.tomning import tom
from dygn.klient import LASROLLER, TJANSTER, Klient, mot_instans, ur_miljon
from dygn.kommandon.framsteg import framsteg
from dygn.kommandon.utskrift import meddela
from dygn.overforing.invantan import vanta_in
from dygn.rapporter import varfor
from dygn.rapporter.rapport import RAPPORTER
from dygn.rapporter.tal import antal, idag
from dygn.rapporter.utseende import konsol
from services.chassis.telemetry import logging

PLACERINGAR = 300
FRO = 1490
PORT = 8710
"""Tried first; a free one is taken where it is in use."""


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demokatalog(miljo: Mapping[str, str] = os.environ) -> Path:
    """The demo's own catalogue, in the user's folder for what may be thrown away."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "dygn-demo"
    xdg = Path(miljo.get("XDG_CACHE_HOME", ""))
    return (xdg if xdg.is_absolute() else Path.home() / ".cache") / "dygn-demo"


def demo(
    avsluta: Annotated[
        bool, typer.Option("--avsluta", help="Avsluta efter tabellerna i stället för att stanna.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", help=f"Port (förval: {PORT}, annars en ledig)."),
    ] = None,
    utan_start: Annotated[
        bool,
        typer.Option(
            "--utan-start",
            help="Starta inget: fyll på installationen som miljön pekar ut "
            "(DYGN_PLACERING_URL, DYGN_LEVERANTOR_URL, DYGN_UPPFOLJNING_URL, DYGN_TOKEN).",
        ),
    ] = False,
) -> None:
    """Starta allt i en egen katalog, fyll på en påhittad kommun och visa rapporterna."""
    signal.signal(signal.SIGTERM, _bryt)
    with _installation(port, utan_start) as klient:
        fyll_pa(klient)
        visa_rapporter(klient)
        _visa_vagen_vidare(klient)
        if not avsluta and not utan_start:
            meddela("Demon står kvar tills du trycker Ctrl-C.", "bold")
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()
            meddela("Stoppar …")


def _bryt(*_: object) -> None:
    """SIGTERM ends the demo as Ctrl-C does: at once, and with everything stopped behind it."""
    raise KeyboardInterrupt


@contextmanager
def _installation(port: int | None, utan_start: bool) -> Iterator[Klient]:
    if utan_start:
        klient = ur_miljon()
        if klient is None:
            raise DygnFel("Miljön pekar inte ut någon installation. Se `dygn demo --help`.")
        with klient:
            yield klient
        return
    logging.configure(os.environ.get("DYGN_LOG_LEVEL", "WARNING"))
    katalog = Katalog(demokatalog())
    tom(katalog)
    vald = _ledig_port() if port is None else port
    with (
        Inbyggd(katalog, port=vald, meddela=meddela) as instans,
        mot_instans(katalog, instans.url, LASROLLER) as klient,
    ):
        yield klient


def _ledig_port() -> int:
    with socket.socket() as prov:
        prov.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prov.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def fyll_pa(klient: Klient) -> None:
    """Post the invented kommun and the real decisions, and wait until it has come through."""
    kommun = exempelkommun(FRO, PLACERINGAR, idag())
    utfall = Scenario(klient, kommun, framsteg).kor()
    vanta_in(klient, ["placering", "uppfoljning"], INVANTAN)
    meddela(
        f"En påhittad kommun med {antal(len(kommun.placeringar))} placeringar är på plats: "
        f"{antal(utfall.anrop)} enskilda anrop och {antal(utfall.rader)} rader i klump, varav "
        f"{antal(utfall.flaggade)} flaggade."
    )


def visa_rapporter(klient: Klient) -> None:
    """The three reports and one "varför" as tables."""
    ar = idag().year - 1
    period = {"fran": f"{ar}-01-01", "till": f"{ar}-12-31"}
    kostnader = _rapport(klient, "dygnskostnader", **period, snitt="placeringsform")
    _rapport(klient, "evb", per="2023-12-31", lag="LSS")
    _rapport(klient, "leverantorer", **period)
    minst = min(kostnader["rader"], key=lambda rad: rad["antal_placeringar"])
    svar = klient.hamta(
        "uppfoljning",
        "varfor/dygnskostnader",
        **period,
        snitt="placeringsform",
        nyckel=minst["nyckel"],
    )
    ut = konsol()
    ut.rule()
    ut.print(varfor.trad(minst["namn"], svar))


def _rapport(klient: Klient, namn: str, **fraga: str) -> dict[str, Any]:
    svar: dict[str, Any] = klient.hamta("uppfoljning", f"rapporter/{namn}", **fraga)
    ut = konsol()
    ut.rule()
    ut.print(RAPPORTER[namn].tabell(svar))
    return svar


def _visa_vagen_vidare(klient: Klient) -> None:
    ut = konsol()
    ut.rule()
    ut.print(Text("Titta vidare: API:ernas dokumentation, där anrop kan provas", style="bold"))
    for tjanst in TJANSTER:
        ut.print(f"  {klient.adresser[tjanst]}/docs", soft_wrap=True)
    katalog = demokatalog()
    ut.print(f"En token: dygn token --katalog {katalog}", soft_wrap=True)
    ut.print(
        f"En rapport: dygn rapport evb --per 2023-12-31 --lag LSS --katalog {katalog}",
        soft_wrap=True,
    )
