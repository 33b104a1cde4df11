"""The command ``dygn``: its subcommands put together, and its faults told to the person.

Guarantees that an expected fault is a Swedish text on standard error and an exit code, that what
goes to a program is UTF-8 whatever the terminal, and that a reader that stops reading (``| head``)
is no fault.
"""

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from dygn.fel import DygnFel
from dygn.inbyggd.fel import InbyggdFel
from dygn.kommandon.svenska import Anvandningsfel, felsats, oversatt
from dygn.kommandon.utskrift import meddela

AVBRUTET = 130
"""The exit code of a command that Ctrl-C broke off."""
_MODULER = {
    "drift": ("starta", "vanta", "status", "stoppa", "psql", "token"),
    "karantan": ("karantan",),
    "ny_epok": ("ny-epok",),
    "byt_huvudnyckel": ("byt-huvudnyckel",),
    "kontrollera": ("kontrollera",),
    "logg": ("logg",),
    "prob": ("prob",),
    "bygg_om": ("bygg-om",),
    "importera": ("importera",),
    "rapport": ("rapport",),
    "varfor": ("varfor",),
    "exempel": ("exempel",),
    "demo": ("demo",),
}
"""The modules of `dygn.kommandon` in the order of the help page, with their commands."""


def kommandorad(argument: Sequence[str]) -> typer.Typer:
    """The application. Only the module of the command that is asked for is imported.

    (Those that start an installation bring every service along, which takes seconds.)
    """
    app = typer.Typer(
        name="dygn",
        help="Från placeringsbeslut till leverantörsuppföljning, händelse för händelse.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    app.callback()(_rot)
    forst = next((ord_ for ord_ in argument if not ord_.startswith("-")), None)
    behovs = [namn for namn, kommandon in _MODULER.items() if forst in kommandon]
    for namn in behovs or _MODULER:
        importlib.import_module(f"dygn.kommandon.{namn}").registrera(app)
    return app


def _rot() -> None:
    """Från placeringsbeslut till leverantörsuppföljning, händelse för händelse."""


def main() -> None:
    """Run the command line; ends the process with the command's exit code."""
    for strom in (sys.stdout, sys.stderr):
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(encoding="utf-8")
    sys.exit(kor(sys.argv[1:]))


def kor(argument: Sequence[str]) -> int:
    """Run the command; its exit code."""
    kommando = oversatt(typer.main.get_command(kommandorad(argument)))
    try:
        kod = kommando(list(argument), prog_name="dygn", standalone_mode=False)
    except (DygnFel, InbyggdFel) as fel:
        meddela(str(fel), "red")
        return fel.kod if isinstance(fel, DygnFel) else 1
    except Anvandningsfel as fel:
        return _fel_skrivet(fel)
    except typer.Abort:
        kod = AVBRUTET
    except BrokenPipeError:
        # Else the interpreter tries to flush once more at exit, and complains.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    if kod == AVBRUTET:
        meddela("Avbrutet.", "red")
    return kod if isinstance(kod, int) else 0


def _fel_skrivet(fel: Any) -> int:
    """Tell what of the command was typed wrong, or show the help where nothing was typed."""
    if type(fel).__name__ == "NoArgsIsHelpError":
        fel.show()
        return 0
    meddela(felsats(fel.format_message()), "red")
    vad = fel.ctx.command_path if fel.ctx is not None else "dygn"
    meddela(f"Hjälp: {vad} --help")
    return 2


if __name__ == "__main__":
    main()
