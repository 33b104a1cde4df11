"""Runs of whole days: what two of them share, and whether others cover them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placering.domain.dagar import Dagar

SLUT = date(2026, 2, 28)
"""Later than every day that is drawn: until here a run without a last day is told out."""


def dagar(fran: int, till: int | None) -> Dagar:
    return Dagar(date(2026, 1, fran), None if till is None else date(2026, 1, till))


def dag_for_dag(en: Dagar) -> set[date]:
    sista = en.till or SLUT
    return {en.fran + timedelta(days=n) for n in range((sista - en.fran).days + 1)}


runs = st.tuples(st.integers(1, 12), st.one_of(st.none(), st.integers(0, 6))).map(
    lambda par: dagar(par[0], None if par[1] is None else par[0] + par[1])
)


@given(runs, runs)
def test_delade_dagar_ar_de_som_finns_i_bada(ena: Dagar, andra: Dagar) -> None:
    delade = ena.delade_med(andra)
    assert (set() if delade is None else dag_for_dag(delade)) == dag_for_dag(ena) & dag_for_dag(
        andra
    )


@given(runs, st.lists(runs, max_size=4))
def test_dagar_tacks_av_andra_dag_for_dag(ena: Dagar, andra: list[Dagar]) -> None:
    tackta = {dag for en in andra for dag in dag_for_dag(en)}
    assert ena.tacks_av(andra) == (dag_for_dag(ena) <= tackta)


@pytest.mark.parametrize(
    ("andra", "tacks"),
    [
        ([], False),
        ([(1, 9)], True),
        ([(3, 5)], True),
        ([(3, 4)], False),
        ([(4, 5)], False),
        ([(4, 5), (3, 3)], True),
        ([(3, 3), (5, 5)], False),
        ([(1, None)], True),
    ],
)
def test_en_enda_dag_som_saknas_racker(andra: list[tuple[int, int | None]], tacks: bool) -> None:
    assert dagar(3, 5).tacks_av(dagar(*par) for par in andra) is tacks


def test_dagar_utan_slut_tacks_bara_av_dagar_utan_slut() -> None:
    assert not dagar(3, None).tacks_av([dagar(1, 30)])
    assert dagar(3, None).tacks_av([dagar(1, 10), dagar(11, None)])


def test_dagar_sags_pa_svenska() -> None:
    assert str(dagar(3, 5)) == "2026-01-03 till 2026-01-05"
    assert str(dagar(3, None)) == "2026-01-03 och tills vidare"
