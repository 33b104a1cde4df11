"""Writes the documents of the contracts, and tells whether the committed ones are fresh.

``python -m contracts.dokument`` writes ``scheman/`` and ``asyncapi/`` and puts examples that are
not released yet in canonical form; ``--kontrollera`` changes nothing and ends with 1 when a file is
missing, stale or left over. Nobody edits what it writes.
"""

import argparse
import sys
from pathlib import Path

from contracts.asyncapidok import asyncapi, som_yaml
from contracts.exempelfiler import alla_exempel
from contracts.grind import slappta_exempel
from contracts.schema import alla_scheman, som_bytes
from contracts.tjanster import ROT, TJANSTER


def filer() -> dict[str, bytes]:
    """Every generated file below the folder of the contracts, by its path with ``/``."""
    scheman = {f"scheman/{namn}": som_bytes(schema) for namn, schema in alla_scheman().items()}
    dokument = {f"asyncapi/{tjanst}.yaml": som_yaml(asyncapi(tjanst)) for tjanst in TJANSTER}
    return scheman | dokument


def avvikelser(rot: Path = ROT) -> list[str]:
    """What is not as it would be written now, a line each; empty when all is fresh."""
    rader = []
    farska = filer()
    for namn, innehall in farska.items():
        fil = rot / namn
        if not fil.exists():
            rader.append(f"{namn}: saknas")
        elif fil.read_bytes() != innehall:
            rader.append(f"{namn}: är inte som klasserna säger")
    rader += [f"{namn}: hör inte till någon händelse" for namn in _genererade(rot) - farska.keys()]
    return sorted(rader)


def skriv(rot: Path = ROT) -> None:
    """Write every generated file and remove those that belong to nothing any more."""
    farska = filer()
    for namn in _genererade(rot) - farska.keys():
        (rot / namn).unlink()
    for namn, innehall in farska.items():
        (rot / namn).parent.mkdir(parents=True, exist_ok=True)
        (rot / namn).write_bytes(innehall)


def _genererade(rot: Path) -> set[str]:
    monster = ("scheman/**/*.json", "asyncapi/*.yaml")
    return {fil.relative_to(rot).as_posix() for ett in monster for fil in rot.glob(ett)}


def gor_kanoniska() -> None:
    """Write examples that are not released yet as they lie on the wire; the others are frozen."""
    frysta = slappta_exempel()
    for exempel in alla_exempel():
        if exempel.namn not in frysta:
            exempel.fil.write_bytes(exempel.avkodad().koda() + b"\n")


def main(argument: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    tolk = argparse.ArgumentParser(
        prog="python -m contracts.dokument", description="Skriver kontraktens dokument."
    )
    tolk.add_argument(
        "--kontrollera", action="store_true", help="ändra inget, säg bara vad som är inaktuellt"
    )
    if not tolk.parse_args(argument).kontrollera:
        gor_kanoniska()
        skriv()
        return 0
    rader = avvikelser()
    sys.stderr.writelines(f"{rad}\n" for rad in rader)
    if rader:
        sys.stderr.write("Kör: python -m contracts.dokument\n")
    return 1 if rader else 0


if __name__ == "__main__":
    sys.exit(main())
