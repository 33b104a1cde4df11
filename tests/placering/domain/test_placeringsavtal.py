"""The agreement for one person: signed once, extended without a gap, priced backwards with care."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.ord import Avslutsorsak, Prisslag, Rattelseskal
from services.placering.domain.delegater import Delegat
from services.placering.domain.handelser import placering as handelser
from services.placering.domain.placering import Avslut, Placering, Prisrad
from services.placering.domain.placeringsavtal import (
    Motpart,
    Overenskommelse,
    Placeringsavtal,
    Prisvillkor,
    Tillaggsslag,
    ar_retroaktiv,
    forlangning_foljer_pa_avtalet,
    retroaktivt_har_skal,
)
from tests.placering.domain.bygge import SAMMANHANG, brott, placering, sist, vagras

FRAN = date(2026, 2, 1)
APRIL = date(2026, 4, 30)
MAJ = date(2026, 5, 1)
DAG = timedelta(days=1)
VI = Overenskommelse(date(2026, 1, 20), Delegat.ENHETSCHEF, Motpart.FORESTANDARE)
RAD, ANNAN_RAD = UUID(int=7), UUID(int=8)
SENT = Rattelseskal.SENT_INKOMMEN


def tecknad(till: date | None = APRIL) -> Placering:
    en = placering()
    en.teckna_placeringsavtal(SAMMANHANG, Placeringsavtal(till, VI), None)
    return en


def forlang(
    en: Placering, fran: date = MAJ, till: date | None = None, *, bakat: bool = False
) -> None:
    en.forlang_placeringsavtal(
        SAMMANHANG,
        RAD,
        fran=fran,
        avtal=Placeringsavtal(till, VI),
        dygnspris_ore=90_000,
        villkor=Prisvillkor(retroaktiv=bakat, skal=SENT if bakat else None),
    )


def test_placeringsavtalet_sager_hur_lange_det_galler_och_vilka_som_kom_overens() -> None:
    assert placering().placeringsavtal is None
    assert tecknad().placeringsavtal == Placeringsavtal(APRIL, VI)


def test_ett_placeringsavtal_ersatts_bara_med_skal() -> None:
    en = tecknad()
    with vagras("/skal"):
        en.teckna_placeringsavtal(SAMMANHANG, Placeringsavtal(None, VI), None)
    en.teckna_placeringsavtal(SAMMANHANG, Placeringsavtal(None, VI), Rattelseskal.SKRIVFEL)
    assert en.placeringsavtal == Placeringsavtal(None, VI)


def test_ett_placeringsavtal_slutar_inte_fore_placeringens_forsta_dag() -> None:
    with vagras("/galler_till"):
        tecknad(FRAN - DAG)
    assert tecknad(FRAN).placeringsavtal == Placeringsavtal(FRAN, VI)


@pytest.mark.regel("R-KOS-3")
def test_en_forlangning_ger_avtalet_ny_sista_dag_och_nytt_pris() -> None:
    en = tecknad()
    forlang(en, MAJ, date(2026, 12, 31))
    assert en.placeringsavtal == Placeringsavtal(date(2026, 12, 31), VI)
    assert en.prisrader == {RAD: Prisrad(Prisslag.GRUND, MAJ, None, 90_000)}
    assert isinstance(sist(en), handelser.PlaceringsavtalForlangt)
    assert en.flaggor == ()


@pytest.mark.regel("R-KOS-3")
def test_en_forlangning_borjar_senast_dagen_efter_avtalets_sista_dag() -> None:
    avtal = Placeringsavtal(APRIL, VI)
    assert forlangning_foljer_pa_avtalet(avtal, MAJ, "/fran") is None
    assert forlangning_foljer_pa_avtalet(avtal, APRIL, "/fran") is None
    funnet = forlangning_foljer_pa_avtalet(avtal, MAJ + DAG, "/fran")
    assert brott(funnet) == ("R-KOS-3", "/fran")
    tills_vidare = Placeringsavtal(None, VI)
    assert forlangning_foljer_pa_avtalet(tills_vidare, date(2030, 1, 1), "/fran") is None
    assert forlangning_foljer_pa_avtalet(None, date(2030, 1, 1), "/fran") is None


def test_en_forlangning_ryms_i_placeringen() -> None:
    with vagras("/fran"):
        forlang(placering(), FRAN - DAG)
    with vagras("/galler_till"):
        forlang(tecknad(), MAJ, APRIL)
    slut = placering()
    slut.avsluta(SAMMANHANG, Avslut(APRIL, Avslutsorsak.PLANERAD, False))
    with vagras("/fran"):
        forlang(slut, MAJ)
    forlang(slut, APRIL)


def test_en_makulerad_placerings_avtal_andras_inte() -> None:
    en = tecknad()
    en.makulera(SAMMANHANG, SENT)
    with vagras(""):
        forlang(en)
    with vagras(""):
        en.teckna_placeringsavtal(SAMMANHANG, Placeringsavtal(None, VI), SENT)


@pytest.mark.regel("R-KOS-5")
def test_en_dag_som_varit_ar_bakat_i_tiden() -> None:
    assert ar_retroaktiv(APRIL, MAJ)
    assert not ar_retroaktiv(MAJ, MAJ)


@pytest.mark.regel("R-KOS-5")
def test_en_andring_bakat_i_tiden_har_skal() -> None:
    bakat = Prisvillkor(retroaktiv=True)
    assert brott(retroaktivt_har_skal(bakat, "/skal")) == ("R-KOS-5", "/skal")
    assert retroaktivt_har_skal(Prisvillkor(retroaktiv=True, skal=SENT), "/skal") is None
    assert retroaktivt_har_skal(Prisvillkor(), "/skal") is None
    with vagras("/skal", "R-KOS-5"):
        placering().andra_pris(SAMMANHANG, RAD, Prisrad(Prisslag.GRUND, FRAN, None, 1), bakat)


@pytest.mark.regel("R-KOS-5")
def test_ett_pris_bakat_i_tiden_flaggas_en_gang() -> None:
    en = placering()
    en.andra_pris(SAMMANHANG, RAD, Prisrad(Prisslag.GRUND, FRAN, None, 1))
    assert not en.flaggor
    bakat = Prisvillkor(Tillaggsslag.EXTRA_PERSONAL, VI, True, SENT)
    en.andra_pris(SAMMANHANG, ANNAN_RAD, Prisrad(Prisslag.TILLAGG, FRAN, None, 2), bakat)
    assert en.prisvillkor == {RAD: Prisvillkor(), ANNAN_RAD: bakat}
    forlang(en, bakat=True)
    assert en.flaggor == ("R-KOS-5",)


def test_bara_ett_tillagg_har_ett_slag_av_tillagg() -> None:
    en = placering()
    villkor = Prisvillkor(Tillaggsslag.SKOLA)
    with vagras("/tillagg"):
        en.andra_pris(SAMMANHANG, RAD, Prisrad(Prisslag.GRUND, FRAN, None, 1), villkor)
    en.andra_pris(SAMMANHANG, RAD, Prisrad(Prisslag.TILLAGG, FRAN, None, 1), villkor)
