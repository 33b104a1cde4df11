"""Every fault, again and again, for at most forty minutes: ``make feltalighet``.

Not part of an ordinary run (whose selection is ``test_fel.py``): the file is named when it is to be
run. It prints a line for each fault and a table at the end; a fault that is not got over is told
with how to run it again, and the next one gets a new system.
"""

import random
import time
import traceback
from collections.abc import Callable

import pytest

from tests.feltalighet.bana import Bana
from tests.feltalighet.korning import ALLA, Utfall, hela_schemat, kor, sammanfattning
from tests.feltalighet.slutkontroll import slutkontroll

LANGST = 36 * 60.0
"""Seconds after which no more faults are begun."""
BYT_EFTER = 40
"""Faults after which a new system is taken: the old one has grown."""


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_alla_fel_om_och_om_igen(
    banan: Callable[[], Bana], fro: int, capsys: pytest.CaptureFixture[str]
) -> None:
    borjade = time.monotonic()
    utfall: list[Utfall] = []
    brister: list[str] = []
    schema = hela_schemat(random.Random(fro))
    with capsys.disabled():
        print(f"\n{len(schema)} fel, frö {fro}")
        for nummer, fel in enumerate(schema, 1):
            if time.monotonic() - borjade > LANGST:
                print(f"Tiden är ute: {len(schema) - nummer + 1} fel togs inte.")
                break
            en = banan()
            try:
                utfall.append(kor(en, fel, random.Random(f"{fro} {nummer}")))
                print(f"{nummer:4} {utfall[-1]}", flush=True)
                if nummer % BYT_EFTER == 0 or nummer == len(schema):
                    slutkontroll(en)
                    en.skadad = True
            except Exception as brist:
                brister.append(f"{nummer} {fel.namn}: {brist!r}"[:2000])
                print(f"{nummer:4} {fel.slag:16} {fel.namn:36} BRIST")
                traceback.print_exc()
        print()
        for rad in sammanfattning(utfall):
            print(rad)
        print(f"{(time.monotonic() - borjade) / 60:.1f} minuter")
    assert brister == []
    assert len(utfall) >= ALLA
