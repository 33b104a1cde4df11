"""Whatever fault strikes while commands flow: nothing is lost, nothing counts twice, every report
is that of a reader that nothing was done to, and what was final stays as it was.

A run takes a selection by chance, something of every kind (``korning.urval``). The seed, which the
run prints, gives the same faults again; ``DYGN_FEL`` names others, with commas between. All of
them, many times over: ``make feltalighet`` (``full_korning.py``).
"""

import os
import random
from collections.abc import Callable

import pytest

from tests.conftest import FRO_MILJO
from tests.feltalighet.alla_fel import FEL
from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.korning import kor, urval

VAL_MILJO = "DYGN_FEL"


def _valda() -> list[Fel]:
    if val := os.environ.get(VAL_MILJO):
        return [FEL[namn] for namn in val.split(",")]
    return urval(random.Random(int(os.environ[FRO_MILJO])))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "fel" in metafunc.fixturenames:
        metafunc.parametrize("fel", _valda(), ids=str)


# The broker's client leaves dead sockets to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_efter_felet_fattas_inget_och_inget_ar_dubbelt(
    banan: Callable[[], Bana], fel: Fel, slump: random.Random
) -> None:
    print(kor(banan(), fel, slump))
