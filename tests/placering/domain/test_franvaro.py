"""Absence from a placering: its days, its end, and the other stay that may rest on it."""

from datetime import date
from uuid import UUID

import pytest

from contracts.ord import Avslutsorsak, Franvaroorsak, Rattelseskal
from services.placering.domain.dagar import Dagar
from services.placering.domain.franvaro import (
    Franvaro,
    franvaro_tacker_andra_vistelser,
)
from services.placering.domain.handelser import franvaro as handelser
from services.placering.domain.placering import Avslut, Placering
from services.placering.domain.vistelsekalender import Vistelse, Vistelsekalender
from tests.placering.domain.bygge import (
    KLIENT,
    SAMMANHANG,
    brott,
    placering,
    sist,
    uppgifter,
    vagras,
)

FORSTA = date(2026, 2, 1)
EN, TVA = UUID(int=21), UUID(int=22)
A, B, C = UUID(int=31), UUID(int=32), UUID(int=33)


def feb(dag: int) -> date:
    return date(2026, 2, dag)


def borta(fran: int, till: int | None, orsak: Franvaroorsak = Franvaroorsak.SJUKHUS) -> Franvaro:
    return Franvaro(orsak, feb(fran), None if till is None else feb(till))


def med_franvaro(fran: int = 5, till: int | None = 9) -> Placering:
    en = placering()
    en.borja_franvaro(SAMMANHANG, EN, borta(fran, till))
    return en


def test_franvaro_borjar_och_slutar() -> None:
    en = med_franvaro(5, None)
    assert isinstance(sist(en), handelser.FranvaroBorjad)
    assert en.franvaro == {EN: borta(5, None)}
    en.avsluta_franvaro(SAMMANHANG, EN, feb(9))
    assert en.franvaro == {EN: borta(5, 9)}
    with vagras("/till"):
        en.avsluta_franvaro(SAMMANHANG, EN, feb(10))


def test_franvaro_slutar_inte_fore_sin_borjan() -> None:
    en = med_franvaro(5, None)
    with vagras("/till"):
        en.avsluta_franvaro(SAMMANHANG, EN, feb(4))
    with vagras("/till"):
        en.borja_franvaro(SAMMANHANG, TVA, borta(2, 1))
    en.avsluta_franvaro(SAMMANHANG, EN, feb(5))


def test_franvaro_ligger_i_placeringen() -> None:
    en = placering()
    with vagras("/fran"):
        en.borja_franvaro(
            SAMMANHANG, EN, Franvaro(Franvaroorsak.SEMESTER, date(2026, 1, 31), FORSTA)
        )
    en.borja_franvaro(SAMMANHANG, EN, Franvaro(Franvaroorsak.SEMESTER, FORSTA, FORSTA))
    en.avsluta(SAMMANHANG, Avslut(feb(20), Avslutsorsak.PLANERAD, False))
    with vagras("/till"):
        en.borja_franvaro(SAMMANHANG, TVA, borta(20, 21))
    with vagras("/fran"):
        en.borja_franvaro(SAMMANHANG, TVA, borta(21, None))
    en.borja_franvaro(SAMMANHANG, TVA, borta(20, 20))


@pytest.mark.parametrize(
    ("fran", "till", "gar"),
    [(1, 4, True), (1, 5, False), (9, 12, False), (10, None, True), (1, None, False)],
)
def test_en_dag_borta_har_en_orsak(fran: int, till: int | None, gar: bool) -> None:
    en = med_franvaro(5, 9)
    if gar:
        en.borja_franvaro(SAMMANHANG, TVA, borta(fran, till))
        assert len(en.franvaro) == 2
    else:
        with vagras("/fran"):
            en.borja_franvaro(SAMMANHANG, TVA, borta(fran, till))


def test_franvaro_rattas_och_makuleras() -> None:
    en = med_franvaro(5, 9)
    ratt = borta(6, None, Franvaroorsak.AVVIKNING)
    en.ratta_franvaro(SAMMANHANG, EN, ratt, Rattelseskal.FEL_UPPGIFT)
    assert en.franvaro == {EN: ratt}
    en.makulera_franvaro(SAMMANHANG, EN, Rattelseskal.FEL_PERSON)
    assert en.franvaro == {}


def test_en_makulerad_placerings_franvaro_andras_inte() -> None:
    en = med_franvaro(5, None)
    en.makulera(SAMMANHANG, Rattelseskal.FEL_PERSON)
    with vagras(""):
        en.avsluta_franvaro(SAMMANHANG, EN, feb(9))
    with vagras(""):
        en.makulera_franvaro(SAMMANHANG, EN, Rattelseskal.FEL_PERSON)
    with vagras(""):
        en.ratta_franvaro(SAMMANHANG, EN, borta(5, 9), Rattelseskal.SKRIVFEL)
    with vagras(""):
        en.borja_franvaro(SAMMANHANG, TVA, borta(20, 20))


def ratta_borjan(en: Placering, fran: date) -> None:
    en.ratta(
        SAMMANHANG,
        uppgifter=uppgifter(fran=fran),
        avslut=None,
        hemligheter=[],
        skal=Rattelseskal.SKRIVFEL,
    )


def test_en_rattad_borjan_ligger_inte_efter_en_franvaro() -> None:
    en = med_franvaro(5, 9)
    ratta_borjan(en, feb(5))
    with vagras("/fran"):
        ratta_borjan(en, feb(6))


# -- another stay on the same days ----------------------------------------------------------------


@pytest.mark.regel("R-PLA-1")
@pytest.mark.parametrize("orsak", Franvaroorsak)
def test_orsaken_avgor_om_dagarna_lamnas(orsak: Franvaroorsak) -> None:
    en = placering()
    en.borja_franvaro(SAMMANHANG, EN, borta(20, None, orsak))
    en.borja_franvaro(SAMMANHANG, TVA, borta(5, 9, orsak))
    lamnade = (Dagar(feb(5), feb(9)), Dagar(feb(20), None))
    annan_vistelse = orsak.value in ("annan_placering", "hallen_plats", "inskolning")
    assert en.lamnade_dagar == (lamnade if annan_vistelse else ())


def kalender(*borta: Dagar) -> Vistelsekalender:
    """A's stay runs from 1 February, and these of its days are left to another."""
    en = Vistelsekalender.borja(SAMMANHANG, KLIENT)
    en.satt(SAMMANHANG, A, FORSTA, None)
    en.lamna(SAMMANHANG, A, borta)
    return en


@pytest.mark.regel("R-PLA-1")
@pytest.mark.parametrize(
    ("fran", "till", "gar"),
    [(5, 9, True), (6, 8, True), (4, 9, False), (5, 10, False), (5, None, False)],
)
def test_en_annan_vistelse_far_ligga_pa_lamnade_dagar_och_inga_andra(
    fran: int, till: int | None, gar: bool
) -> None:
    krock = kalender(Dagar(feb(5), feb(9))).krock(feb(fran), None if till is None else feb(till))
    assert krock == (None if gar else Vistelse(FORSTA, None))


@pytest.mark.regel("R-PLA-1")
def test_dagar_lamnade_tills_vidare_rymmer_en_vistelse_tills_vidare() -> None:
    en = kalender(Dagar(feb(5), None))
    assert en.krock(feb(5), None) is None
    assert en.krock(feb(4), None) == Vistelse(FORSTA, None)


@pytest.mark.regel("R-PLA-1")
def test_lamnade_dagar_rymmer_en_vistelse_och_inte_tva() -> None:
    en = kalender(Dagar(feb(5), feb(20)))
    en.satt(SAMMANHANG, B, feb(5), feb(9))
    assert en.krock(feb(8), feb(12)) == Vistelse(feb(5), feb(9))
    assert en.krock(feb(9), feb(12)) is None


@pytest.mark.regel("R-PLA-1")
def test_kortad_franvaro_krockar_med_den_som_vilar_pa_den() -> None:
    en = kalender(Dagar(feb(5), feb(9)))
    en.satt(SAMMANHANG, B, feb(5), feb(9))
    assert en.krock(FORSTA, None, A) is None
    assert en.krock(FORSTA, None, A, [Dagar(feb(5), feb(9))]) is None
    assert en.krock(FORSTA, None, A, [Dagar(feb(5), feb(8))]) == Vistelse(feb(5), feb(9))
    assert en.krock(FORSTA, None, A, []) == Vistelse(feb(5), feb(9))


@pytest.mark.regel("R-PLA-1")
def test_krocken_ar_ett_brott_mot_regeln() -> None:
    assert franvaro_tacker_andra_vistelser(None, "/till") is None
    krock = Vistelse(feb(5), feb(9))
    assert brott(franvaro_tacker_andra_vistelser(krock, "/till")) == ("R-PLA-1", "/till")


def test_samma_lamnade_dagar_en_gang_till_ar_ingen_handelse() -> None:
    en = kalender(Dagar(feb(5), feb(9)))
    forra = sist(en)
    en.lamna(SAMMANHANG, A, (Dagar(feb(5), feb(9)),))
    assert sist(en) is forra
    en.stryk(SAMMANHANG, A)
    assert (en.vistelser, en.borta) == ({}, {})
    en.satt(SAMMANHANG, C, FORSTA, None)
    en.stryk(SAMMANHANG, C)
    assert en.vistelser == {}
