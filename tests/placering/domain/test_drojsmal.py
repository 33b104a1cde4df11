"""A beslut that waits: reasons, offers, the person's wish, help meanwhile."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.ord import (
    Drojsmalsniva,
    Drojsmalsorsak,
    Erbjudandesvar,
    Omfattning,
    Rattelseskal,
)
from services.placering.domain.beslut import Beslut
from services.placering.domain.drojsmal import niva_for
from services.placering.domain.handelser import drojsmal as handelser
from services.placering.domain.vantan import Erbjudande, Forskjutning, InterimHjalp
from tests.placering.domain.bygge import (
    BESLUTSDATUM,
    SAMMANHANG,
    beslut,
    beslutsuppgifter,
    sist,
    vagras,
)

FORE = date(2026, 1, 9)
FEBRUARI = date(2026, 2, 1)
MARS = date(2026, 3, 1)
APRIL = date(2026, 4, 1)
E = UUID(int=7)


def erbjudet(datum: date = FEBRUARI) -> Beslut:
    """Offered, not answered."""
    ett = beslut()
    ett.lamna_erbjudande(SAMMANHANG, E, datum)
    return ett


# -- reasons --------------------------------------------------------------------------------------


@pytest.mark.regel("R-EVB-13")
def test_varje_orsak_har_sin_niva_utom_den_okanda() -> None:
    assert niva_for(Drojsmalsorsak.RESURSBRIST) is Drojsmalsniva.STRUKTUR
    assert niva_for(Drojsmalsorsak.OKANT) is None
    andra = set(Drojsmalsorsak) - {Drojsmalsorsak.RESURSBRIST, Drojsmalsorsak.OKANT}
    assert {niva_for(orsak) for orsak in andra} == {Drojsmalsniva.INDIVID}


# -- offers ---------------------------------------------------------------------------------------


def test_ett_erbjudande_lamnas_fran_beslutsdatumet() -> None:
    assert erbjudet(BESLUTSDATUM).erbjudanden == {E: Erbjudande(BESLUTSDATUM)}
    with vagras("/datum"):
        erbjudet(FORE)


@pytest.mark.regel("R-EVB-6")
@pytest.mark.parametrize("svar", Erbjudandesvar)
def test_ett_svar_varken_avslutar_eller_verkstaller_beslutet(svar: Erbjudandesvar) -> None:
    ett = erbjudet()
    ett.besvara_erbjudande(SAMMANHANG, E, FEBRUARI, svar)
    assert ett.erbjudanden == {E: Erbjudande(FEBRUARI, svar, FEBRUARI)}
    assert (ett.upphort, ett.steg, ett.har_borjat(APRIL)) == (None, [], False)
    ett.lamna_erbjudande(SAMMANHANG, uuid4(), MARS)
    assert len(ett.erbjudanden) == 2


def test_ett_erbjudande_besvaras_en_gang_och_inte_innan_det_lamnats() -> None:
    ett = erbjudet()
    with vagras("/datum"):
        ett.besvara_erbjudande(SAMMANHANG, E, date(2026, 1, 31), Erbjudandesvar.AVBOJT)
    ett.besvara_erbjudande(SAMMANHANG, E, MARS, Erbjudandesvar.AVBOJT)
    with vagras("/svar"):
        ett.besvara_erbjudande(SAMMANHANG, E, MARS, Erbjudandesvar.ACCEPTERAT)


def test_ett_erbjudande_makuleras_med_sitt_svar() -> None:
    ett = erbjudet()
    ett.besvara_erbjudande(SAMMANHANG, E, MARS, Erbjudandesvar.AVBOJT)
    ett.makulera_erbjudande(SAMMANHANG, E, Rattelseskal.FEL_PERSON)
    assert ett.erbjudanden == {}
    assert isinstance(sist(ett), handelser.ErbjudandeMakulerat)


# -- the person's wish ----------------------------------------------------------------------------


def forskjutet(till: date | None = None) -> Beslut:
    """Postponed from February on."""
    ett = beslut()
    ett.forskjut(SAMMANHANG, E, Forskjutning(FEBRUARI, till, lov=False))
    return ett


@pytest.mark.regel("R-EVB-6")
def test_den_enskildes_vantan_verkstaller_inget_och_avslutar_inget() -> None:
    ett = forskjutet()
    assert ett.forskjutningar == {E: Forskjutning(FEBRUARI, None, lov=False)}
    assert (ett.upphort, ett.steg, ett.har_borjat(APRIL)) == (None, [], False)


def test_en_dag_forskjuts_av_ett_onskemal() -> None:
    ett = forskjutet(date(2026, 2, 28))
    with vagras("/fran"):
        ett.forskjut(SAMMANHANG, uuid4(), Forskjutning(date(2026, 2, 28), None, lov=True))
    ett.forskjut(SAMMANHANG, uuid4(), Forskjutning(MARS, None, lov=True))
    assert len(ett.forskjutningar) == 2


@pytest.mark.parametrize(
    ("fran", "till", "pekare"),
    [(FORE, None, "/fran"), (FEBRUARI, date(2026, 1, 31), "/till")],
)
def test_en_forskjutning_har_dagar_som_gar(fran: date, till: date | None, pekare: str) -> None:
    with vagras(pekare):
        beslut().forskjut(SAMMANHANG, E, Forskjutning(fran, till, lov=False))


def test_det_som_ar_helt_verkstallt_forskjuts_inte() -> None:
    ett = beslut()
    ett.verkstall(SAMMANHANG, MARS, Omfattning.HELT)
    with vagras("/fran"):
        ett.forskjut(SAMMANHANG, E, Forskjutning(MARS, None, lov=False))
    ett.forskjut(SAMMANHANG, E, Forskjutning(FEBRUARI, date(2026, 2, 28), lov=False))


def test_det_som_ar_delvis_verkstallt_eller_avbrutet_kan_forskjutas() -> None:
    ett = beslut()
    ett.verkstall(SAMMANHANG, FEBRUARI, Omfattning.DELVIS)
    ett.forskjut(SAMMANHANG, E, Forskjutning(FEBRUARI, FEBRUARI, lov=False))
    ett.verkstall(SAMMANHANG, MARS, Omfattning.HELT)
    ett.avbryt(SAMMANHANG, APRIL)
    ett.forskjut(SAMMANHANG, uuid4(), Forskjutning(APRIL, APRIL, lov=False))
    ett.ateruppta(SAMMANHANG, date(2026, 5, 1))
    with vagras("/fran"):
        ett.forskjut(SAMMANHANG, uuid4(), Forskjutning(date(2026, 5, 1), None, lov=False))


def test_den_som_bor_under_beslutet_vantar_inte_men_vantar_nar_vistelsen_slutat() -> None:
    ett = beslut()
    ett.satt_vistelse(SAMMANHANG, uuid4(), FEBRUARI, date(2026, 2, 28))
    assert ett.helt_verkstallt_den(date(2026, 2, 28))
    assert not ett.helt_verkstallt_den(MARS)
    assert not ett.helt_verkstallt_den(date(2026, 1, 31))


def test_en_forskjutning_far_ett_slut_och_kan_makuleras() -> None:
    ett = forskjutet()
    with vagras("/till"):
        ett.avsluta_forskjutning(SAMMANHANG, E, date(2026, 1, 31))
    ett.avsluta_forskjutning(SAMMANHANG, E, FEBRUARI)
    assert ett.forskjutningar == {E: Forskjutning(FEBRUARI, FEBRUARI, lov=False)}
    with vagras("/till"):
        ett.avsluta_forskjutning(SAMMANHANG, E, MARS)
    ett.makulera_forskjutning(SAMMANHANG, E, Rattelseskal.SKRIVFEL)
    assert ett.forskjutningar == {}


# -- help meanwhile -------------------------------------------------------------------------------


def test_interim_hjalp_ges_avslutas_och_makuleras() -> None:
    ett = beslut()
    ett.ge_interim_hjalp(SAMMANHANG, E, InterimHjalp(FEBRUARI, None, "Kontaktperson"))
    with vagras("/till"):
        ett.avsluta_interim_hjalp(SAMMANHANG, E, date(2026, 1, 31))
    ett.avsluta_interim_hjalp(SAMMANHANG, E, MARS)
    assert ett.interim_hjalp == {E: InterimHjalp(FEBRUARI, MARS, "Kontaktperson")}
    assert not ett.har_borjat(APRIL)
    ett.makulera_interim_hjalp(SAMMANHANG, E, Rattelseskal.DUBBLETT)
    assert ett.interim_hjalp == {}


def test_interim_hjalp_ar_en_insatstyp_och_ingen_fritext() -> None:
    with vagras("/insatstyp"):
        beslut().ge_interim_hjalp(SAMMANHANG, E, InterimHjalp(FEBRUARI, None, "Mormor hjälper"))


# -- all of it ------------------------------------------------------------------------------------


def test_inget_sags_om_ett_makulerat_eller_upphort_beslut() -> None:
    ett = erbjudet()
    ett.upphor(SAMMANHANG, MARS)
    with vagras("/datum"):
        ett.lamna_erbjudande(SAMMANHANG, uuid4(), MARS)
    ett.besvara_erbjudande(SAMMANHANG, E, APRIL, Erbjudandesvar.AVBOJT)
    ett.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    with vagras(""):
        ett.makulera_erbjudande(SAMMANHANG, E, Rattelseskal.DUBBLETT)


def test_beslutsdatumet_rattas_inte_till_efter_ett_erbjudande() -> None:
    ett = erbjudet()
    with vagras("/beslutsdatum"):
        ett.ratta(
            SAMMANHANG,
            uppgifter=beslutsuppgifter(beslutsdatum=MARS),
            hemligheter=(),
            skal=Rattelseskal.SKRIVFEL,
        )
