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

import typer

from dygn.fel import DygnFel
from dygn.inbyggd.fel import InbyggdFel
from dygn.kommandon.svenska import oversatt
from dygn.kommandon.utskrift import meddela

_MODULER = {
    "drift": ("starta", "vanta", "status", "stoppa", "psql", "token"),
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
    try:
        oversatt(typer.main.get_command(kommandorad(sys.argv[1:])))(prog_name="dygn")
    except (DygnFel, InbyggdFel) as fel:
        meddela(str(fel), "red")
        sys.exit(fel.kod if isinstance(fel, DygnFel) else 1)
    except BrokenPipeError:
        # Else the interpreter tries to flush once more at exit, and complains.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
