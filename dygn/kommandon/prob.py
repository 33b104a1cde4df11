"""``dygn prob``: how fast a running installation answers, and how soon its reports show it.

Guarantees that only the kommun 0000 is written to (``dygn.prob`` says why that is nobody), and
that the exit code is 1 when something was refused or never came to be seen.
"""

from collections.abc import Sequence
from statistics import quantiles
from typing import Annotated

import typer

from dygn.klient import anslut
from dygn.kommandon.framsteg import framsteg
from dygn.kommandon.utskrift import meddela
from dygn.kommandon.val import KatalogVal
from dygn.prob import KOMMUN, Takt, Utfall, proba
from dygn.rapporter.tal import antal
from dygn.rapporter.utseende import cell, konsol, ny_tabell, siffra
from services.chassis.auth.roles import Roll

ROLLER = (Roll.SOCIALSEKRETERARE, Roll.EKONOM)
ANDELAR = (50, 95, 99)


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command("prob", help="Mät tiden från svar på ett kommando tills rapporterna visar det.")(
        prob
    )


def prob(
    katalog: KatalogVal = None,
    takt: Annotated[float, typer.Option(help="Kommandon per sekund.", min=1, max=2000)] = 50.0,
    tid: Annotated[float, typer.Option("--tid", help="Sekunder.", min=1, max=3600)] = 20.0,
) -> None:
    """Post invented placeringar in the kommun 0000 at a steady rate, and watch for them."""
    with anslut(katalog, ROLLER, kommunkod=KOMMUN) as klient, framsteg("", takt=True) as visa:
        alla = round(takt * tid)
        utfall = proba(
            klient.adresser,
            klient.token(),
            Takt(takt, tid),
            lambda klara: visa("kommandon", klara, max(alla, klara)),
        )
    _visa(utfall)
    if utfall.fel or utfall.osedda:
        raise typer.Exit(1)


def _visa(utfall: Utfall) -> None:
    tabell = ny_tabell(["Vad"], ["Antal", *(f"p{andel}, ms" for andel in ANDELAR), "Längst, ms"])
    for vad, sekunder in (
        ("Svar på kommando", utfall.svar),
        ("Från svar till synligt i varför", utfall.synliga),
    ):
        tabell.add_row(cell(vad), siffra(antal(len(sekunder))), *map(siffra, _andelar(sekunder)))
    konsol().print(tabell)
    konsol().print(f"{antal(round(len(utfall.svar) / utfall.vagg))} kommandon per sekund.")
    if utfall.osedda:
        meddela(f"{antal(utfall.osedda)} syntes aldrig.", "red")
    for text in list(dict.fromkeys(utfall.fel))[:5]:
        meddela(text, "red")


def _andelar(sekunder: Sequence[float]) -> list[str]:
    if len(sekunder) < 2:
        return ["–"] * (len(ANDELAR) + 1)
    delar = quantiles(sekunder, n=100, method="inclusive")
    return [f"{1000 * tal:.0f}" for tal in (*(delar[a - 1] for a in ANDELAR), max(sekunder))]
