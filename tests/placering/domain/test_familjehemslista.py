"""The yearly list to IVO: when it is due, and that it is given once (R-KLO-8)."""

from datetime import date

import pytest

from contracts.ord import Rattelseskal
from services.placering.domain.familjehemslista import (
    Familjehemslista,
    lamnas_senast,
    listans_dag,
)
from tests.placering.domain.bygge import SAMMANHANG, vagras

pytestmark = pytest.mark.regel("R-KLO-8")


@pytest.mark.parametrize("ar", [2026, 2028])
def test_listan_lamnas_den_31_januari_och_visar_arets_sista_dag(ar: int) -> None:
    assert lamnas_senast(ar) == date(ar, 1, 31)
    assert listans_dag(ar) == date(ar - 1, 12, 31)


def test_listan_lamnas_en_gang_tills_det_makuleras() -> None:
    lista = Familjehemslista.lamna(SAMMANHANG, 2026, date(2026, 1, 29))
    with vagras("/ar", "R-KLO-8"):
        lista.lamna_igen(SAMMANHANG, date(2026, 1, 30))
    lista.makulera(SAMMANHANG, Rattelseskal.FEL_UPPGIFT)
    assert lista.lamnad is None
    with vagras(""):
        lista.makulera(SAMMANHANG, Rattelseskal.FEL_UPPGIFT)
    lista.lamna_igen(SAMMANHANG, date(2026, 1, 30))
    assert lista.lamnad == date(2026, 1, 30)
