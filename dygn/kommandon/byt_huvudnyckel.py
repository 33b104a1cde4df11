"""``dygn byt-huvudnyckel``: a new master key for an embedded installation that stands still.

Guarantees that it can be broken off anywhere (also by kill -9): the catalogue keeps the earlier key
until every klient's key is wrapped by the new one, and ``dygn starta`` reads with both meanwhile.
Given again, the command goes on where it was.
"""

import sys

import typer

from dygn.kommandon.framsteg import framsteg
from dygn.kommandon.utskrift import meddela
from dygn.kommandon.val import KatalogVal


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command("byt-huvudnyckel", help="Byt huvudnyckeln som skyddar personuppgifterna.")(byt)


def byt(katalog: KatalogVal = None) -> None:
    """Make a new master key, wrap every klient's key by it, and forget the earlier one."""
    # Not at the top: it brings every service along, which takes seconds.
    from dygn.inbyggd.katalog import Katalog
    from dygn.nyckelbyte import byt_huvudnyckel

    with framsteg("", takt=True) as rita:
        utfall = byt_huvudnyckel(
            Katalog(katalog), lambda gjorda, av: rita("inslagna nycklar", gjorda, av)
        )
    sys.stdout.write(
        f"{utfall.bytta} nycklar är inslagna på nytt; alla {utfall.alla} klienters nycklar är"
        " inslagna av den nya huvudnyckeln.\n"
    )
    meddela(
        "Säkerhetskopiera huvudnyckel och hashnyckel ur katalogen, skilda från databasen. En äldre"
        " säkerhetskopia av databasen läses bara med den tidigare huvudnyckeln.",
        "yellow",
    )
