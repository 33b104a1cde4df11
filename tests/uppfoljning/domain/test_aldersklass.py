"""Age classes: the class changes on the first of the birthday's month."""

from datetime import date

import pytest

from services.uppfoljning.domain.aldersklass import KLASSER, aldersklass, dela
from services.uppfoljning.domain.dagintervall import Dagintervall, overlapp


@pytest.mark.parametrize(
    ("dag", "klass"),
    [
        (date(2011, 2, 28), "0-12"),
        (date(2024, 2, 29), "0-12"),
        (date(2024, 3, 1), "13-20"),
        (date(2032, 2, 29), "13-20"),
        (date(2032, 3, 1), "21+"),
        (date.max, "21+"),
    ],
)
def test_klassen_byts_den_forsta_i_fodelsedagens_manad(dag: date, klass: str) -> None:
    assert aldersklass("2011-03", dag) == klass


def test_okand_fodelsemanad_ar_en_klass_for_sig() -> None:
    assert aldersklass(None, date(2024, 1, 1)) == "okand" == KLASSER[-1]
    dagar = Dagintervall(date(2024, 1, 1), None)
    assert list(dela(None, dagar)) == [("okand", dagar)]


def test_dagarna_delas_dar_klassen_byts() -> None:
    assert list(dela("2011-03", Dagintervall(date(2024, 2, 28), date(2024, 3, 1)))) == [
        ("0-12", (date(2024, 2, 28), date(2024, 2, 29))),
        ("13-20", (date(2024, 3, 1), date(2024, 3, 1))),
    ]
    assert list(dela("2011-03", Dagintervall(date(2032, 2, 29), None))) == [
        ("13-20", (date(2032, 2, 29), date(2032, 2, 29))),
        ("21+", (date(2032, 3, 1), None)),
    ]


def test_overlapp_ar_det_gemensamma() -> None:
    a = Dagintervall(date(2024, 1, 1), date(2024, 1, 10))
    assert overlapp(a, Dagintervall(date(2024, 1, 10), None)) == (
        date(2024, 1, 10),
        date(2024, 1, 10),
    )
    assert overlapp(a, Dagintervall(date(2024, 1, 11), None)) is None
    assert overlapp(Dagintervall(date(2023, 1, 1), None), a) == a
