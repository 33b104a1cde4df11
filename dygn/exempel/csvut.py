"""The example as import files: the same rows, the same bytes."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from dygn.exempel.kommun import Exempelkommun
from dygn.exempel.leverantorer import Rad
from dygn.overforing.kolumner import FILSLAG, Filslag


def filer(kommun: Exempelkommun) -> Iterator[tuple[Filslag, Sequence[Rad]]]:
    """Each kind of file with its rows, in the order in which they must be imported."""
    for namn in ("leverantorer", "beslut", "placeringar", "prisandringar"):
        yield FILSLAG[namn], getattr(kommun, namn)


def som_text(slag: Filslag, rader: Sequence[Rad]) -> str:
    """The file's text: the columns that any row has, in the kind's order."""
    anvanda = {namn for rad in rader for namn in rad}
    kolumner = [kolumn.namn for kolumn in slag.kolumner if kolumn.kravd or kolumn.namn in anvanda]
    ut = io.StringIO()
    skrivare = csv.DictWriter(ut, kolumner, restval="", lineterminator="\n")
    skrivare.writeheader()
    skrivare.writerows(rader)
    return ut.getvalue()


def skriv(kommun: Exempelkommun, mapp: Path) -> list[tuple[Path, int]]:
    """Write the files into the folder, made where missing; each file with its number of rows."""
    mapp.mkdir(parents=True, exist_ok=True)
    skrivna = []
    for slag, rader in filer(kommun):
        fil = mapp / f"{slag.namn}.csv"
        fil.write_text(som_text(slag, rader), encoding="utf-8", newline="")
        skrivna.append((fil, len(rader)))
    return skrivna
