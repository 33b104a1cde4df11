"""The command ``dygn``: its subcommands put together, and its faults told to the person.

Guarantees that an expected fault is a Swedish text on standard error and an exit code, that what
goes to a program is UTF-8 whatever the terminal, and that a reader that stops reading (``| head``)
is no fault.
"""

import contextlib
import io
import os
import sys

import typer

from dygn.fel import DygnFel
from dygn.inbyggd.fel import InbyggdFel
from dygn.kommandon import demo, drift, exempel, importera, rapport, varfor
from dygn.kommandon.svenska import oversatt
from dygn.kommandon.utskrift import meddela

app = typer.Typer(
    name="dygn",
    help="Från placeringsbeslut till leverantörsuppföljning, händelse för händelse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for _modul in (drift, importera, rapport, varfor, exempel, demo):
    _modul.registrera(app)


def main() -> None:
    """Run the command line; ends the process with the command's exit code."""
    for strom in (sys.stdout, sys.stderr):
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(encoding="utf-8")
    try:
        oversatt(typer.main.get_command(app))()
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
