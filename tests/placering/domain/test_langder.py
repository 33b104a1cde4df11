"""Calendar arithmetic of clocks: month ends, leap days, birthdays, holidays."""

from datetime import date

import pytest

from services.placering.domain.alder import fyller, fyllt, tidigast
from services.placering.domain.langd import Langd


@pytest.mark.parametrize(
    ("fran", "langd", "till"),
    [
        (date(2026, 8, 31), Langd(manader=3), date(2026, 11, 30)),
        (date(2026, 8, 30), Langd(manader=3), date(2026, 11, 30)),
        (date(2026, 11, 30), Langd(manader=3), date(2027, 2, 28)),
        (date(2023, 11, 30), Langd(manader=3), date(2024, 2, 29)),
        (date(2024, 2, 29), Langd(manader=12), date(2025, 2, 28)),
        (date(2024, 2, 29), Langd(manader=48), date(2028, 2, 29)),
        (date(2026, 1, 15), Langd(dagar=7), date(2026, 1, 22)),
        (date(2026, 1, 31), Langd(manader=1, dagar=1), date(2026, 3, 1)),
        (date(2026, 1, 15), Langd(), date(2026, 1, 15)),
        (date(9999, 12, 30), Langd(dagar=7), date.max),
        (date(9999, 12, 30), Langd(manader=6), date.max),
    ],
)
def test_en_langd_slutar_pa_samma_dag_i_manaden_eller_dess_sista(
    fran: date, langd: Langd, till: date
) -> None:
    assert langd.efter(fran) == till


@pytest.mark.parametrize(
    ("fran", "manader", "helgdag"),
    [
        (date(2026, 6, 25), 6, date(2026, 12, 25)),  # juldagen
        (date(2026, 7, 1), 6, date(2027, 1, 1)),  # nyårsdagen
        (date(2025, 12, 6), 6, date(2026, 6, 6)),  # nationaldagen, en lördag
        (date(2025, 10, 3), 6, date(2026, 4, 3)),  # långfredagen
    ],
)
def test_en_helgdag_flyttar_ingen_dag(fran: date, manader: int, helgdag: date) -> None:
    assert Langd(manader=manader).efter(fran) == helgdag


def test_en_langd_sags_pa_svenska() -> None:
    assert str(Langd(manader=6)) == "6 månader"
    assert str(Langd(manader=1)) == "1 månad"
    assert str(Langd(dagar=28)) == "28 dagar"
    assert str(Langd(manader=1, dagar=1)) == "1 månad och 1 dag"
    assert str(Langd()) == "samma dag"


@pytest.mark.parametrize("alder", [13, 18, 21])
def test_en_person_fyller_pa_sin_fodelsedag(alder: int) -> None:
    assert fyller(date(2010, 5, 17), alder) == date(2010 + alder, 5, 17)


@pytest.mark.parametrize(
    ("alder", "dag"), [(13, date(2021, 2, 28)), (18, date(2026, 2, 28)), (20, date(2028, 2, 29))]
)
def test_den_som_ar_fodd_pa_skottdagen_fyller_den_28_februari(alder: int, dag: date) -> None:
    assert fyller(date(2008, 2, 29), alder) == dag


@pytest.mark.parametrize("alder", [13, 18, 21])
def test_manaden_avgor_alla_dagar_utom_i_fodelsemanaden(alder: int) -> None:
    ar = 2010 + alder
    assert tidigast("2010-05", alder) == date(ar, 5, 1)
    assert fyllt("2010-05", alder, date(ar, 4, 30)) is False
    assert fyllt("2010-05", alder, date(ar, 5, 1)) is None
    assert fyllt("2010-05", alder, date(ar, 5, 31)) is None
    assert fyllt("2010-05", alder, date(ar, 6, 1)) is True
