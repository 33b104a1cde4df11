"""The gate: refuses a change of the contracts that would break a consumer.

Guarantees that what was released stands: ``slappta/`` holds the schema of every released event
version, and ``slappta/sha256`` the checksums of these files and of the released examples, so that
none of them is edited by hand or lost. ``python -m contracts.grind`` compares and ends with 1 when
something breaks; ``--slapp`` does the same and then releases all that is new. What breaks goes into
a new version of the event, which is a new class beside the old one.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from contracts.exempelfiler import EXEMPEL, alla_exempel
from contracts.jamforelse import Schema, jamfor
from contracts.schema import PROTOKOLL, alla_scheman, som_bytes
from contracts.tjanster import ROT

SLAPPTA = ROT / "slappta"


class Utlatande(NamedTuple):
    """What the gate found: breaks that are refused, and news that a release would take in."""

    brott: list[str]
    nytt: list[str]


def granska(slappta: Mapping[str, Schema], nuvarande: Mapping[str, Schema]) -> Utlatande:
    """Judge the schemas of now against the released ones, both by file name."""
    utlatande = Utlatande([], [])
    for namn, slappt in sorted(slappta.items()):
        if namn not in nuvarande:
            utlatande.brott.append(
                f"{namn.removesuffix('.json')}: händelsen är borttagen eller har bytt namn. "
                "Lägg tillbaka klassen i registret: det som är publicerat ska alltid gå att läsa."
            )
            continue
        _granska_en(namn, slappt, nuvarande[namn], utlatande)
    utlatande.nytt.extend(
        f"{namn.removesuffix('.json')}: är ny" for namn in sorted(nuvarande.keys() - slappta.keys())
    )
    return utlatande


def _granska_en(namn: str, slappt: Schema, nu: Schema, utlatande: Utlatande) -> None:
    handelse = namn.removesuffix(".json")
    for andring in jamfor(slappt, nu):
        plats = f"{handelse}, fältet ”{andring.falt}”" if andring.falt else handelse
        if andring.bryter:
            utlatande.brott.append(f"{plats}: {andring.text}. {_vad_gora(namn, nu)}")
        else:
            utlatande.nytt.append(f"{plats}: {andring.text}")


def _vad_gora(namn: str, nu: Schema) -> str:
    if namn.startswith(f"{PROTOKOLL}/"):
        return "Återställ det: en ändring av protokollet kräver nya ämnen i Kafka."
    titel, nasta = nu["title"], nu["x-version"] + 1
    return (
        f"Återställ det och gör en ny version av händelsen: klassen {titel}V{nasta} "
        f"med version = {nasta}."
    )


def slappta_scheman(mapp: Path = SLAPPTA) -> dict[str, Schema]:
    """The released schemas, by file name."""
    return {
        fil.relative_to(mapp).as_posix(): json.loads(fil.read_bytes())
        for fil in sorted(mapp.glob("*/*.json"))
    }


def slappta_exempel(mapp: Path = SLAPPTA) -> set[str]:
    """The names of the released examples, which are never changed."""
    namnen = kontrollsummor(mapp)
    return {namn.removeprefix("exempel/") for namn in namnen if namn.startswith("exempel/")}


def kontrollsummor(mapp: Path = SLAPPTA) -> dict[str, str]:
    """The checksum of every released file, by its path below the folder of the contracts."""
    lista = mapp / "sha256"
    if not lista.exists():
        return {}
    rader = (rad.split("  ", maxsplit=1) for rad in lista.read_text("utf-8").splitlines())
    return {namn: summa for summa, namn in rader}


def rorda_filer(rot: Path = ROT) -> list[str]:
    """Released files that are changed or gone, a line each."""
    rader = []
    for namn, summa in kontrollsummor(rot / "slappta").items():
        fil = rot / namn
        if not fil.exists():
            rader.append(f"{namn}: den släppta filen saknas. Hämta tillbaka den.")
        elif _summa(fil) != summa:
            rader.append(
                f"{namn}: den släppta filen är ändrad. Hämta tillbaka den; ett nytt exempel får "
                "en egen fil."
            )
    return rader


def slapp(rot: Path = ROT) -> None:
    """Release all that is new; call only when nothing breaks."""
    mapp = rot / "slappta"
    namn_och_filer = {}
    for namn, schema in alla_scheman().items():
        fil = mapp / namn
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_bytes(som_bytes(schema))
        namn_och_filer[f"slappta/{namn}"] = fil
    for exempel in alla_exempel():
        namn_och_filer[f"exempel/{exempel.namn}"] = EXEMPEL / exempel.namn
    rader = [f"{_summa(fil)}  {namn}\n" for namn, fil in sorted(namn_och_filer.items())]
    (mapp / "sha256").write_text("".join(rader), "utf-8")


def _summa(fil: Path) -> str:
    return hashlib.sha256(fil.read_bytes()).hexdigest()


def main(argument: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    tolk = argparse.ArgumentParser(
        prog="python -m contracts.grind",
        description="Vägrar ändringar som skulle bryta för den som läser händelserna.",
    )
    tolk.add_argument("--slapp", action="store_true", help="släpp det som är nytt, om inget bryter")
    slappa = tolk.parse_args(argument).slapp
    utlatande = granska(slappta_scheman(), alla_scheman())
    brott = rorda_filer() + utlatande.brott
    sys.stderr.writelines(f"BRYTER  {rad}\n" for rad in brott)
    if brott:
        return 1
    vad = "släppt" if slappa else "nytt"
    sys.stdout.writelines(f"{vad}  {rad}\n" for rad in utlatande.nytt)
    if slappa:
        slapp()
    return 0


if __name__ == "__main__":
    sys.exit(main())
