"""How places and children in a home are counted, day by day."""

from datetime import date
from uuid import UUID

import pytest

from services.placering.domain.boende import (
    Boende,
    antal,
    barn_till,
    bott_sedan,
    dagar_med,
    dagar_med_fler_an,
    overfull_dag,
    rad_for,
)
from services.placering.domain.dagar import Dagar
from tests.placering.domain.hembygge import boende, mars


@pytest.mark.parametrize(
    ("fran", "till", "dag", "upptar"),
    [
        (5, 9, 4, False),
        (5, 9, 5, True),
        (5, 9, 8, True),
        (5, 9, 9, False),  # the day of a move is the next one's
        (5, None, 31, True),
        (5, 5, 5, True),  # a stay of one day
        (5, 5, 6, False),
    ],
)
def test_en_plats_ar_upptagen_till_dagen_for_flytten(
    fran: int, till: int | None, dag: int, upptar: bool
) -> None:
    assert boende(fran, till).upptar(mars(dag)) is upptar


def test_en_person_raknas_en_gang_om_dagen() -> None:
    alla = [boende(1, 5, 1), boende(5, None, 1), boende(5, 5, 1), boende(5, None, 2)]
    assert [antal(alla, mars(dag)) for dag in (4, 5, 6)] == [1, 2, 2]


def test_raden_som_galler_ar_den_senast_borjade_annars_den_forsta() -> None:
    rader = {mars(10): 2, mars(5): 1}
    assert [rad_for(rader, mars(dag)) for dag in (1, 5, 9, 10)] == [1, 1, 1, 2]


def test_dagarna_med_ett_varde_ar_perioder() -> None:
    rader = {mars(1): "a", mars(10): "b", mars(20): "a"}
    assert list(dagar_med(rader, "a", Dagar(mars(5), None))) == [
        Dagar(mars(5), mars(9)),
        Dagar(mars(20), None),
    ]
    assert list(dagar_med(rader, "b", Dagar(mars(5), mars(12)))) == [Dagar(mars(10), mars(12))]
    assert list(dagar_med(rader, "b", Dagar(mars(21), None))) == []


@pytest.mark.regel("R-PLA-9")
@pytest.mark.parametrize(
    ("platser", "full"),
    [
        ({mars(1): 2}, None),
        ({mars(1): 1}, mars(5)),  # the day on which the second one comes
        ({mars(1): 2, mars(7): 1}, mars(7)),  # fewer places while both live there
        ({mars(1): 2, mars(9): 1}, None),  # fewer from the day on which one leaves
    ],
)
def test_forsta_dagen_med_fler_boende_an_platser(
    platser: dict[date, int], full: date | None
) -> None:
    alla = [boende(1, 9), boende(5)]
    assert overfull_dag(alla, platser, [Dagar(mars(1), None)]) == full


@pytest.mark.regel("R-PLA-9")
def test_bara_de_dagar_som_galler_provas() -> None:
    alla = [boende(1), boende(1)]
    assert overfull_dag(alla, {mars(1): 1}, []) is None
    assert overfull_dag(alla, {mars(1): 1}, [Dagar(mars(20), mars(21))]) == mars(20)


@pytest.mark.regel("R-PLA-8")
def test_fler_an_tre_barn_ar_fyra() -> None:
    tre = [boende(1), boende(2), boende(3, 20)]
    assert dagar_med_fler_an(tre, 3) == ()
    assert dagar_med_fler_an([*tre, boende(5)], 3) == (Dagar(mars(5), mars(19)),)


@pytest.mark.regel("R-PLA-8")
def test_den_som_blir_vuxen_raknas_inte_langre() -> None:
    alla = [boende(1), boende(1), boende(1), boende(4, barn_till=mars(8))]
    assert dagar_med_fler_an(alla, 3) == (Dagar(mars(4), mars(8)),)
    alla = [boende(1), boende(1), boende(1), boende(4, barn_till=mars(3))]
    assert dagar_med_fler_an(alla, 3) == ()


@pytest.mark.regel("R-PLA-8")
def test_en_dag_med_fyra_barn_och_sedan_tills_vidare() -> None:
    alla = [boende(1), boende(1), boende(1), boende(4, 4), boende(9)]
    assert dagar_med_fler_an(alla, 3) == (Dagar(mars(4), mars(4)), Dagar(mars(9), None))


@pytest.mark.parametrize(
    ("fodelsemanad", "vuxenhem", "sist"),
    [
        ("2010-02", False, date(2028, 2, 29)),
        ("2010-02", True, date(2028, 2, 29)),
        (None, False, None),
        (None, True, date(2026, 2, 28)),  # the day before: never a child there
    ],
)
def test_barn_till_och_med_manaden_man_fyller_arton(
    fodelsemanad: str | None, vuxenhem: bool, sist: date | None
) -> None:
    assert barn_till(fodelsemanad, vuxenhem, mars(1)) == sist


@pytest.mark.regel("R-PLA-16")
@pytest.mark.parametrize(
    ("dagar", "dag", "sedan"),
    [
        ([(1, 10), (10, None)], 20, mars(1)),  # one home, converted
        ([(1, 10), (11, None)], 20, mars(1)),
        ([(1, 10), (12, None)], 20, mars(12)),  # a day elsewhere
        ([(1, 10), (12, None)], 9, mars(1)),
        ([(1, 10)], 11, None),  # lives there no longer
        ([(1, None), (3, 5)], 6, mars(1)),
        ([(1, 9), (3, 5), (9, 12)], 11, mars(1)),
        ([(5, None)], 4, None),
        ([], 4, None),
    ],
)
def test_tiden_i_hemmet_raknas_utan_uppehall(
    dagar: list[tuple[int, int | None]], dag: int, sedan: date | None
) -> None:
    alla: list[Boende] = [boende(fran, till, 1) for fran, till in dagar]
    assert bott_sedan([*reversed(alla), boende(1)], UUID(int=1), mars(dag)) == sedan
