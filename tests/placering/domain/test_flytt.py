"""A move in one command: no day between, and what a conversion is (R-PLA-13)."""

from datetime import date

import pytest

from contracts.ord import Form, Regi
from services.placering.domain import flytt
from tests.placering.domain.bygge import brott


@pytest.mark.parametrize(
    ("fran", "gar"),
    [
        (date(2026, 2, 27), False),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), True),
        (date(2026, 3, 2), False),
    ],
)
def test_den_nya_borjar_sista_dagen_eller_dagen_efter(fran: date, gar: bool) -> None:
    funnet = flytt.flytt_utan_uppehall(date(2026, 2, 28), fran, "/till")
    assert brott(funnet) == (None if gar else (None, "/till"))


@pytest.mark.regel("R-PLA-13")
@pytest.mark.parametrize("regi", Regi)
def test_bara_ett_konsulentstott_hem_omvandlas(regi: Regi) -> None:
    funnet = flytt.omvandlas_fran_konsulentstott(regi, "")
    assert brott(funnet) == (None if regi is Regi.KONSULENTSTODD else ("R-PLA-13", ""))


@pytest.mark.regel("R-PLA-13")
@pytest.mark.parametrize(
    ("form", "regi", "gar"),
    [
        (Form.FAMILJEHEM, Regi.EGEN, True),
        (Form.FAMILJEHEM, Regi.KONSULENTSTODD, False),
        (Form.JOURHEM, Regi.EGEN, False),
    ],
)
def test_hemmet_blir_eget_och_av_samma_form(form: Form, regi: Regi, gar: bool) -> None:
    funnet = flytt.omvandlas_till_eget(Form.FAMILJEHEM, form, regi, "/placeringsform")
    assert brott(funnet) == (None if gar else ("R-PLA-13", "/placeringsform"))


@pytest.mark.regel("R-PLA-13")
@pytest.mark.parametrize(
    ("placeringsform", "regi"),
    [("eget_familjehem", None), ("natverkshem", None), ("jourhem", Regi.EGEN)],
)
def test_ett_eget_hem_har_egen_regi(placeringsform: str, regi: Regi | None) -> None:
    begaran = flytt.eget_hem(placeringsform, date(2026, 3, 10), None)
    assert (begaran.regi, begaran.leverantor) == (regi, None)
