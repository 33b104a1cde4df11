"""``dygn ny-epok``: a person's decision that a stream is published anew from its first event.

Guarantees that it is not done by mistake (it asks, unless told ``--ja``) and says what follows:
every reader rebuilds its views of the stream.
"""

from typing import Annotated

import psycopg
import typer
from rich.console import Console

from dygn.inbyggd.databaser import databasnamn
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.kommandon.drift import KatalogVal, instans_i
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.new_epok import new_epok

PUBLICERAR = ("leverantor", "placering")
ut = Console(highlight=False)


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ny-epok", help="Publicera en tjänsts ström på nytt från början.")(ny_epok)


def ny_epok(
    tjanst: Annotated[str, typer.Argument(help="Tjänst: leverantor eller placering.")],
    katalog: KatalogVal = None,
    ja: Annotated[bool, typer.Option("--ja", help="Fråga inte.")] = False,
) -> None:
    """Raise the epok of the service's stream."""
    if tjanst not in PUBLICERAR:
        ut.print(f"{tjanst} publicerar ingen ström; välj {' eller '.join(PUBLICERAR)}.")
        raise typer.Exit(1)
    instans = instans_i(katalog)
    if not ja:
        typer.confirm(
            f"Hela strömmen från {tjanst} publiceras på nytt och alla läsare bygger om sina vyer."
            " Gör det bara när databasen är återställd utan sina sista transaktioner. Fortsätta?",
            abort=True,
        )
    server = Postgres(Katalog(katalog)).admin.mot(databasnamn(tjanst))
    kafka = None if instans.kafka is None else Kafka(instans.kafka)
    with psycopg.connect(server.conninfo(), autocommit=True) as anslutning:
        epok = new_epok(anslutning, tjanst, kafka)
    ut.print(f"Strömmen från {tjanst} är nu på epok {epok}. Läsarna bygger om sina vyer.")
