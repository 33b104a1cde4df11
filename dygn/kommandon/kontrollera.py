"""``dygn kontrollera``: proof that events, topics, facts, derived rows and final sums agree.

Guarantees that it can be run at any time on a running installation, which it neither stops nor
changes (``dygn.kontroll`` says how), and that its exit code is 0 only when everything was checked
and agrees: 1 when something does not (listed) or could not be checked.
"""

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from dygn.fel import DygnFel
from dygn.kommandon.framsteg import framsteg
from dygn.kommandon.val import KatalogVal
from dygn.rapporter.tal import antal
from dygn.rapporter.utseende import cell, konsol, ny_tabell, siffra

if TYPE_CHECKING:
    from dygn.kontroll import Var
    from services.chassis.kontroll.findings import Finding, Findings

KONTROLLER = {
    "handelser": "Händelser",
    "topic": "Ämnen i Kafka",
    "fakta": "Fakta",
    "vyer": "Vikta rader",
    "slutligt": "Slutliga summor",
}
"""The checks in the order in which they are told."""


class Format(StrEnum):
    """How the answer is written."""

    TABELL = "tabell"
    JSON = "json"


def registrera(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "kontrollera", help="Pröva att händelser, ämnen, fakta och rapporter stämmer överens."
    )(kontrollera)


def kontrollera(
    katalog: KatalogVal = None,
    format_: Annotated[Format, typer.Option("--format", help="Hur svaret skrivs.")] = Format.TABELL,
) -> None:
    """Check the installation while it runs; the exit code is 1 when something does not agree."""
    # Not at the top: it brings every service along, which takes seconds.
    from dygn.kontroll import finn

    var = finn(katalog)
    funnet = _kor(var)
    if format_ is Format.JSON:
        svar = som_json(funnet, kafka=var.kafka is not None)
        sys.stdout.write(json.dumps(svar, ensure_ascii=False, indent=2) + "\n")
    else:
        konsol().print(som_tabell(funnet, kafka=var.kafka is not None))
    if not funnet.ok:
        raise typer.Exit(1)


def _kor(var: "Var") -> "Findings":
    import psycopg
    from kafka.errors import KafkaError

    from dygn.kontroll import kontrollera as kor
    from services.chassis.kontroll.topic_reader import Silent

    try:
        with framsteg("", takt=True) as visa:
            return kor(var, visa)
    except psycopg.Error as fel:
        raise DygnFel(f"Kontrollen avbröts, en databas svarar inte som den ska: {fel}") from fel
    except (KafkaError, Silent) as fel:
        raise DygnFel(f"Kontrollen avbröts, Kafka svarar inte som det ska: {fel}") from fel


# --- the answer --------------------------------------------------------------------------------


def som_json(funnet: "Findings", *, kafka: bool) -> dict[str, Any]:
    """The answer for a program; ``fler`` are the faults that are counted and not listed."""
    return {
        "stammer": funnet.ok,
        "kafka": kafka,
        "granskat": [
            {
                "kontroll": kontroll,
                "tjanst": tjanst,
                **{vad.replace(" ", "_"): tal for vad, tal in sett.items()},
            }
            for (kontroll, tjanst), sett in _ordnat(funnet)
        ],
        "avvikelser": [_rad(ett) for ett in funnet.faults],
        "fler": [
            {"kontroll": kontroll, "tjanst": tjanst, "antal": tal}
            for (kontroll, tjanst), tal in sorted(funnet.untold().items())
        ],
        "anmarkningar": [_rad(ett) for ett in funnet.remarks],
    }


def _rad(ett: "Finding") -> dict[str, str]:
    return {"kontroll": ett.kontroll, "tjanst": ett.tjanst, "var": ett.var, "text": ett.text}


def som_tabell(funnet: "Findings", *, kafka: bool) -> RenderableType:
    """The answer for a person: what was looked at, what does not agree, what else there is."""
    delar: list[RenderableType] = [_granskat(funnet)]
    if not kafka:
        delar.append(Text("Installationen går utan Kafka: inga ämnen används.", style="dim"))
    if funnet.remarks:
        delar += [Text(), Text("Anmärkningar", style="bold yellow"), _lista(funnet.remarks)]
    if funnet.faults:
        delar += [Text(), Text("Avvikelser", style="bold red"), _lista(funnet.faults)]
    for (kontroll, tjanst), tal in sorted(funnet.untold().items()):
        delar.append(Text(f"… och {antal(tal)} till: {KONTROLLER[kontroll].lower()}, {tjanst}."))
    delar += [Text(), _dom(funnet)]
    return Group(*delar)


def _dom(funnet: "Findings") -> Text:
    if funnet.ok:
        return Text("Allt stämmer.", style="bold green")
    return Text(f"{antal(sum(funnet.counts.values()))} avvikelser.", style="bold red")


def _ordnat(funnet: "Findings") -> list[Any]:
    ordning = list(KONTROLLER)
    return sorted(funnet.seen.items(), key=lambda post: (ordning.index(post[0][0]), post[0][1]))


def _granskat(funnet: "Findings") -> RenderableType:
    tabell = ny_tabell(["Kontroll", "Tjänst", "Granskat"], ["Avvikelser"])
    for (kontroll, tjanst), sett in _ordnat(funnet):
        fel = funnet.counts[kontroll, tjanst]
        tabell.add_row(
            cell(KONTROLLER[kontroll]),
            cell(tjanst),
            cell(", ".join(f"{vad} {antal(tal)}" for vad, tal in sett.items())),
            siffra(antal(fel), "bold red" if fel else ""),
        )
    return tabell


def _lista(rader: "list[Finding]") -> RenderableType:
    tabell = ny_tabell(["Kontroll", "Tjänst", "Var", "Vad"], [])
    for ett in rader:
        tabell.add_row(
            cell(KONTROLLER[ett.kontroll]), cell(ett.tjanst), cell(ett.var), cell(ett.text)
        )
    return tabell
