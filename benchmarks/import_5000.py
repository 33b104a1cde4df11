"""How long 5 000 placements with 3 000 price changes take from the files into the reports.

    python -m benchmarks.import_5000

Starts an installation of its own as a person does (``dygn starta``), imports the files of an
invented kommun with the command line, waits, and asks for a report. Prints seconds for each phase.
The goal, set for a machine with two cores: everything from the first import to the end of
``dygn vanta`` within 90 seconds.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from dygn.exempel.csvut import skriv
from dygn.exempel.kommun import exempelkommun
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.tomning import tom

PLACERINGAR = 5_000
PRISANDRINGAR = 3_000
TOM = date(2025, 12, 31)
FRO = 5_000
MAL = 90.0


def _dygn(*argument: str) -> Sequence[str]:
    return [sys.executable, "-m", "dygn", *argument]


def _tid(namn: str, gor: Callable[[], object]) -> float:
    borjan = time.monotonic()
    gor()
    tog = time.monotonic() - borjan
    print(f"{namn:<32} {tog:7.1f} s", flush=True)
    return tog


def _filer(mapp: Path) -> None:
    kommun = exempelkommun(FRO, PLACERINGAR, TOM)
    assert len(kommun.prisandringar) >= PRISANDRINGAR, len(kommun.prisandringar)
    for fil, rader in skriv(
        replace(kommun, prisandringar=kommun.prisandringar[:PRISANDRINGAR]), mapp
    ):
        print(f"{fil.name:<32} {rader:7} rader")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dygn-import-") as filer:
        mapp = Path(filer)
        _filer(mapp)
        katalog = Katalog(tempfile.mkdtemp(prefix="dygn-matning-"))
        process = subprocess.Popen(
            _dygn("starta", "--katalog", str(katalog.mapp), "--port", "0"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _mat(katalog, mapp, process)
        finally:
            process.terminate()
            process.wait(60)
            tom(katalog)
            katalog.las_upp()
            katalog.lasfil.unlink()
            katalog.mapp.rmdir()


def _mat(katalog: Katalog, mapp: Path, process: "subprocess.Popen[bytes]") -> None:
    def kor(*argument: str) -> None:
        kommando = [*_dygn(*argument), "--katalog", str(katalog.mapp)]
        subprocess.run(kommando, check=True, capture_output=True)

    _tid("första start", lambda: _vanta_pa_start(katalog, process))
    summa = 0.0
    for namn in ("leverantorer", "placeringar", "prisandringar"):
        fil = str(mapp / f"{namn}.csv")
        summa += _tid(f"importera {namn}", partial(kor, "importera", namn, fil))
    summa += _tid("vanta", partial(kor, "vanta"))
    print(f"{'in i rapporterna':<32} {summa:7.1f} s  (mål {MAL:.0f} s)")
    ar = TOM.year
    period = ("--fran", f"{ar - 7}-01-01", "--till", f"{ar}-12-31")
    for snitt in ("placeringsform", "manad"):
        fraga = ("rapport", "dygnskostnader", *period, "--snitt", snitt)
        _tid(f"rapport {snitt}, åtta år", partial(kor, *fraga))
    if summa > MAL:
        raise SystemExit(f"Målet {MAL:.0f} s nåddes inte.")


def _vanta_pa_start(katalog: Katalog, process: "subprocess.Popen[bytes]") -> None:
    while katalog.instans() is None:
        if process.poll() is not None:
            raise SystemExit("Installationen startade inte.")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
