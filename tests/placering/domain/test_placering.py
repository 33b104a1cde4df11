"""A placering: begun, priced, ended once and with a reason, corrected, annulled."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.ord import Avslutsorsak, Form, Prisslag, Rattelseskal, Regi
from services.placering.domain import regler
from services.placering.domain.betalare import Andelar, andelarna_ar_hela_kostnaden
from services.placering.domain.handelser import placering as handelser
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.placering import Avslut, Placering, Prisrad
from tests.placering.domain.bygge import (
    KLIENT,
    SAMMANHANG,
    brott,
    placering,
    sist,
    uppgifter,
    vagras,
)

FRAN = date(2026, 2, 1)
FORE = date(2026, 1, 31)
MARS = date(2026, 3, 1)
RAD = UUID(int=7)
PLANERAT = Avslut(MARS, Avslutsorsak.PLANERAD, False)


def avslutad() -> Placering:
    en = placering()
    en.avsluta(SAMMANHANG, PLANERAT)
    return en


def test_en_placering_inleds_och_pagar() -> None:
    en = placering()
    assert (en.klient, en.form, en.regi, en.fran) == (KLIENT, Form.FAMILJEHEM, Regi.EGEN, FRAN)
    assert (en.till, en.orsak, en.makulerad, en.prisrader) == (None, None, False, {})


# -- avslut ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("till", [FRAN, MARS])
def test_en_placering_avslutas_pa_sin_forsta_dag_eller_senare(till: date) -> None:
    en = placering()
    en.avsluta(SAMMANHANG, Avslut(till, Avslutsorsak.SAMMANBROTT, True), [Hemlighet("x", 2, "")])
    assert (en.till, en.orsak, en.beslut_bestar) == (till, Avslutsorsak.SAMMANBROTT, True)
    assert en.hemligheter == (Hemlighet("x", 2, ""),)


def test_slut_fore_start_avvisas() -> None:
    with vagras("/till"):
        placering().avsluta(SAMMANHANG, Avslut(FORE, Avslutsorsak.PLANERAD, False))


def test_en_placering_avslutas_en_gang() -> None:
    en = avslutad()
    with vagras("/till"):
        en.avsluta(SAMMANHANG, PLANERAT)


@pytest.mark.regel("R-PLA-12")
def test_ett_avslut_har_en_orsak() -> None:
    assert regler.avslut_har_orsak(Avslutsorsak.PLANERAD, "/orsak") is None
    assert brott(regler.avslut_har_orsak(None, "/orsak")) == ("R-PLA-12", "/orsak")


@pytest.mark.regel("R-PLA-12")
def test_orsaken_annan_ska_ha_text() -> None:
    annan = Avslutsorsak.ANNAN
    assert regler.annan_orsak_har_text(annan, True, "/text") is None
    assert regler.annan_orsak_har_text(Avslutsorsak.PLANERAD, False, "/text") is None
    assert brott(regler.annan_orsak_har_text(annan, False, "/text")) == ("R-PLA-12", "/text")


@pytest.mark.regel("R-PLA-12")
def test_en_orsak_hor_till_ett_avslut() -> None:
    planerad = Avslutsorsak.PLANERAD
    assert regler.orsak_hor_till_avslut(None, None, "/till") is None
    assert regler.orsak_hor_till_avslut(planerad, MARS, "/till") is None
    assert brott(regler.orsak_hor_till_avslut(planerad, None, "/till")) == ("R-PLA-12", "/till")


def test_ett_planerat_slut_ligger_i_placeringen_och_avslutar_inget() -> None:
    en = placering()
    with vagras("/planerat_slut"):
        en.planera_slut(SAMMANHANG, FORE)
    for dag in (FRAN, MARS, None):
        en.planera_slut(SAMMANHANG, dag)
        assert (en.planerat_slut, en.till) == (dag, None)
    with vagras("/planerat_slut"):
        avslutad().planera_slut(SAMMANHANG, MARS)


# -- betalare -------------------------------------------------------------------------------------


@pytest.mark.regel("R-KOS-15")
@pytest.mark.parametrize(("ifo", "region", "gar"), [(1, 9_999, True), (0, 9_999, False)])
def test_andelarna_ar_hela_kostnaden(ifo: int, region: int, gar: bool) -> None:
    funnet = andelarna_ar_hela_kostnaden(Andelar(ifo=ifo, region=region), "/ifo")
    assert brott(funnet) == (None if gar else ("R-KOS-15", "/ifo"))


def test_andelar_galler_fran_en_dag_i_placeringen() -> None:
    en = placering()
    en.satt_betalare(SAMMANHANG, MARS, Andelar(ifo=0, region=10_000))
    en.satt_betalare(SAMMANHANG, FRAN, Andelar())
    assert list(en.betalare) == [FRAN, MARS]
    with vagras("/fran"):
        en.satt_betalare(SAMMANHANG, FORE, Andelar())
    slut = avslutad()
    slut.satt_betalare(SAMMANHANG, MARS, Andelar())
    with vagras("/fran"):
        slut.satt_betalare(SAMMANHANG, date(2026, 3, 2), Andelar())


# -- priser ---------------------------------------------------------------------------------------


def pris(fran: date, till: date | None = None, slag: Prisslag = Prisslag.GRUND) -> Prisrad:
    return Prisrad(slag, fran, till, 80_000)


def test_en_prisrad_avtalas_och_ersatts() -> None:
    en = placering()
    en.andra_pris(SAMMANHANG, RAD, pris(FRAN))
    en.andra_pris(SAMMANHANG, RAD, pris(MARS))
    assert en.prisrader == {RAD: pris(MARS)}
    assert isinstance(sist(en), handelser.PlaceringPrisAndrat)


def test_ett_tillagg_far_sluta_men_inte_fore_sin_borjan() -> None:
    en = placering()
    en.andra_pris(SAMMANHANG, RAD, pris(MARS, MARS, Prisslag.TILLAGG))
    with vagras("/till"):
        en.andra_pris(SAMMANHANG, RAD, pris(MARS, FRAN, Prisslag.TILLAGG))


def test_ett_grundpris_har_inget_slut() -> None:
    with vagras("/till"):
        placering().andra_pris(SAMMANHANG, RAD, pris(FRAN, MARS))


def test_ett_pris_borjar_inte_fore_placeringen() -> None:
    with vagras("/fran"):
        placering().andra_pris(SAMMANHANG, RAD, pris(FORE))


def test_ett_pris_borjar_inte_efter_slutet() -> None:
    en = avslutad()
    with vagras("/fran"):
        en.andra_pris(SAMMANHANG, RAD, pris(date(2026, 3, 2)))
    en.andra_pris(SAMMANHANG, RAD, pris(MARS))


# -- rättelse och makulering ----------------------------------------------------------------------


def ratta(en: Placering, fran: date = FRAN, avslut: Avslut | None = None) -> None:
    en.ratta(
        SAMMANHANG,
        uppgifter=uppgifter(fran=fran, dygnspris_ore=90_000),
        avslut=avslut,
        hemligheter=[],
        skal=Rattelseskal.SKRIVFEL,
    )


def test_en_placering_rattas_med_sitt_avslut() -> None:
    en = avslutad()
    ratta(en, fran=FORE)
    assert (en.fran, en.dygnspris_ore, en.till, en.orsak) == (FORE, 90_000, None, None)
    ratta(en, avslut=Avslut(MARS, Avslutsorsak.AVLIDEN, True))
    assert (en.till, en.orsak, en.beslut_bestar) == (MARS, Avslutsorsak.AVLIDEN, True)


def test_en_rattad_borjan_ligger_inte_efter_en_prisrad() -> None:
    en = placering()
    en.andra_pris(SAMMANHANG, RAD, pris(FRAN))
    ratta(en)
    with vagras("/fran"):
        ratta(en, fran=MARS)


def test_en_makulerad_placering_andras_inte() -> None:
    en = placering()
    en.makulera(SAMMANHANG, Rattelseskal.FEL_PERSON)
    assert en.makulerad
    with vagras(""):
        en.makulera(SAMMANHANG, Rattelseskal.FEL_PERSON)
    with vagras(""):
        en.avsluta(SAMMANHANG, PLANERAT)
    with vagras(""):
        en.andra_pris(SAMMANHANG, uuid4(), pris(FRAN))
    with vagras(""):
        ratta(en)
