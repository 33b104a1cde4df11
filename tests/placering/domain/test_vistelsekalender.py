"""One stay a day; the day of a move may be shared (R-PLA-1)."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placering.domain import regler
from services.placering.domain.handelser import vistelsekalender as handelser
from services.placering.domain.vistelsekalender import Vistelse, Vistelsekalender
from tests.placering.domain.bygge import KLIENT, SAMMANHANG, brott, sist

pytestmark = pytest.mark.regel("R-PLA-1")


def dag(nummer: int | None) -> date | None:
    """The day of that number in January 2026."""
    return None if nummer is None else date(2026, 1, nummer)


def vistelse(fran: int, till: int | None) -> Vistelse:
    return Vistelse(date(2026, 1, fran), dag(till))


@pytest.mark.parametrize(
    ("ena", "andra", "krockar"),
    [
        ((1, 5), (6, 9), False),
        ((1, 5), (5, 9), False),
        ((1, 5), (4, 9), True),
        ((1, 5), (5, 5), False),
        ((1, 5), (1, 1), False),
        ((1, 5), (3, 3), True),
        ((5, 5), (5, 5), False),
        ((1, 5), (1, 5), True),
        ((1, None), (9, 9), True),
        ((9, None), (1, 9), False),
        ((9, None), (1, 10), True),
        ((1, None), (1, None), True),
        ((9, None), (1, 8), False),
    ],
)
def test_bara_dagen_for_en_flytt_far_delas(
    ena: tuple[int, int | None], andra: tuple[int, int | None], krockar: bool
) -> None:
    assert vistelse(*ena).krockar(vistelse(*andra)) is krockar
    assert vistelse(*andra).krockar(vistelse(*ena)) is krockar


dagar = st.integers(1, 12)
vistelser = st.tuples(dagar, st.one_of(st.none(), st.integers(0, 6))).map(
    lambda par: vistelse(par[0], None if par[1] is None else par[0] + par[1])
)


@given(vistelser, vistelser)
def test_krock_ar_att_dela_en_annan_dag_an_flyttens(ena: Vistelse, andra: Vistelse) -> None:
    """The same told day by day."""

    def dagarna(v: Vistelse) -> set[date]:
        sista = v.till or date(2026, 3, 1)
        return {v.fran + timedelta(days=n) for n in range((sista - v.fran).days + 1)}

    delade = dagarna(ena) & dagarna(andra)
    flyttdagar = {d for d in delade if d in (ena.till,) and d == andra.fran}
    flyttdagar |= {d for d in delade if d in (andra.till,) and d == ena.fran}
    assert ena.krockar(andra) == bool(delade - flyttdagar)


def test_en_krock_ar_ett_brott_mot_regeln() -> None:
    assert regler.en_vistelse_om_dagen(None, "/fran") is None
    for krock in (vistelse(1, 5), vistelse(1, None)):
        assert brott(regler.en_vistelse_om_dagen(krock, "/fran")) == ("R-PLA-1", "/fran")


def test_kalendern_hittar_krocken_men_inte_med_placeringen_sjalv() -> None:
    kalender = Vistelsekalender.borja(SAMMANHANG, KLIENT)
    placering = uuid4()
    kalender.satt(SAMMANHANG, placering, date(2026, 1, 1), None)
    assert kalender.krock(date(2026, 1, 9), None) == vistelse(1, None)
    assert kalender.krock(date(2026, 1, 9), None, utom=placering) is None


def test_ett_avslut_frigor_dagarna_efter() -> None:
    kalender = Vistelsekalender.borja(SAMMANHANG, KLIENT)
    placering = uuid4()
    kalender.satt(SAMMANHANG, placering, date(2026, 1, 1), None)
    kalender.satt(SAMMANHANG, placering, date(2026, 1, 1), date(2026, 1, 5))
    assert kalender.krock(date(2026, 1, 5), None) is None
    assert kalender.krock(date(2026, 1, 4), None) == vistelse(1, 5)


def test_en_struken_vistelse_ar_borta() -> None:
    kalender = Vistelsekalender.borja(SAMMANHANG, KLIENT)
    placering = uuid4()
    kalender.satt(SAMMANHANG, placering, date(2026, 1, 1), None)
    kalender.stryk(SAMMANHANG, placering)
    assert kalender.krock(date(2026, 1, 9), None) is None


def test_samma_vistelse_en_gang_till_ar_ingen_handelse() -> None:
    kalender = Vistelsekalender.borja(SAMMANHANG, KLIENT)
    placering = uuid4()
    kalender.satt(SAMMANHANG, placering, date(2026, 1, 1), None)
    forra = sist(kalender)
    assert isinstance(forra, handelser.VistelseSatt)
    kalender.satt(SAMMANHANG, placering, date(2026, 1, 1), None)
    assert sist(kalender) is forra


def test_en_person_har_en_kalender_i_varje_kommun() -> None:
    assert Vistelsekalender.id_for("1490", KLIENT) != Vistelsekalender.id_for("1480", KLIENT)
    assert Vistelsekalender.id_for("1490", KLIENT) != Vistelsekalender.id_for("1490", UUID(int=2))
