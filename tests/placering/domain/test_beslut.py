"""A beslut: who took it, what may be recorded under it and in what order."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.ord import Drojsmalsorsak, Omfattning, Rattelseskal
from services.placering.domain import regler
from services.placering.domain.beslut import Beslut, Steg
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.handelser import beslut as handelser
from tests.placering.domain.bygge import (
    BESLUTSDATUM,
    KLIENT,
    SAMMANHANG,
    TJANSTEMAN,
    beslut,
    beslutsuppgifter,
    brott,
    sist,
    vagras,
)

FORE = date(2026, 1, 9)
FEBRUARI = date(2026, 2, 1)
MARS = date(2026, 3, 1)
APRIL = date(2026, 4, 1)


def verkstallt(datum: date = FEBRUARI) -> Beslut:
    """Carried out wholly from the day."""
    ett = beslut()
    ett.verkstall(SAMMANHANG, datum, Omfattning.HELT)
    return ett


def avbrutet() -> Beslut:
    """Carried out in February, interrupted in March."""
    ett = verkstallt()
    ett.avbryt(SAMMANHANG, MARS)
    return ett


# -- R-BES-1 --------------------------------------------------------------------------------------


@pytest.mark.regel("R-BES-1")
def test_ett_beslut_ska_ha_namnd() -> None:
    assert regler.namnd_ar_angiven("IFN", "/namnd") is None
    for tom in (None, ""):
        assert brott(regler.namnd_ar_angiven(tom, "/namnd")) == ("R-BES-1", "/namnd")


@pytest.mark.regel("R-BES-1")
@pytest.mark.parametrize(
    "vem",
    [
        TJANSTEMAN,
        Beslutsfattare(Beslutsfattarslag.UTSKOTT, datum=BESLUTSDATUM, paragraf="12"),
        Beslutsfattare(Beslutsfattarslag.ORDFORANDE, datum=BESLUTSDATUM, forordnad=True),
        Beslutsfattare(Beslutsfattarslag.DOMSTOL),
    ],
)
def test_fyra_slags_beslutsfattare_gar(vem: Beslutsfattare) -> None:
    assert regler.beslutsfattare_ar_angiven(vem, "/beslutsfattare") is None


@pytest.mark.regel("R-BES-1")
@pytest.mark.parametrize(
    ("vem", "falt"),
    [
        (None, ""),
        (Beslutsfattare(Beslutsfattarslag.TJANSTEMAN, arbetsenhet="barn-2"), "/roll"),
        (Beslutsfattare(Beslutsfattarslag.TJANSTEMAN, roll="chef"), "/arbetsenhet"),
        (Beslutsfattare(Beslutsfattarslag.UTSKOTT, paragraf="12"), "/datum"),
        (Beslutsfattare(Beslutsfattarslag.UTSKOTT, datum=BESLUTSDATUM), "/paragraf"),
        (Beslutsfattare(Beslutsfattarslag.ORDFORANDE), "/datum"),
    ],
)
def test_en_beslutsfattare_ska_vara_hel(vem: Beslutsfattare | None, falt: str) -> None:
    funnet = regler.beslutsfattare_ar_angiven(vem, "/beslutsfattare")
    assert brott(funnet) == ("R-BES-1", f"/beslutsfattare{falt}")


# -- verkställighet -------------------------------------------------------------------------------


def test_ett_beslut_fattas_och_ar_inte_verkstallt() -> None:
    ett = beslut()
    assert (ett.klient, ett.lag, ett.lagrum, ett.evb) == (KLIENT, "SoL", "11 kap. 1 § SoL", True)
    assert not ett.har_borjat(APRIL)
    assert (ett.steg, ett.drojsmal, ett.makulerat, ett.upphort) == ([], [], False, None)


@pytest.mark.parametrize("omfattning", Omfattning)
def test_ett_beslut_kan_verkstallas_fran_beslutsdatumet(omfattning: Omfattning) -> None:
    ett = beslut()
    ett.verkstall(SAMMANHANG, BESLUTSDATUM, omfattning)
    assert ett.steg == [Steg("verkstallt", BESLUTSDATUM, omfattning)]
    assert ett.har_borjat(BESLUTSDATUM)
    assert not ett.har_borjat(FORE)


def test_inget_hander_fore_beslutsdatumet() -> None:
    ett = beslut()
    with vagras("/datum"):
        ett.verkstall(SAMMANHANG, FORE, Omfattning.HELT)
    with vagras("/datum"):
        ett.upphor(SAMMANHANG, FORE)
    with vagras("/datum"):
        ett.ange_drojsmalsorsak(SAMMANHANG, FORE, Drojsmalsorsak.HALSA)


def test_delvis_kan_bli_helt_men_inte_samma_igen() -> None:
    ett = beslut()
    ett.verkstall(SAMMANHANG, FEBRUARI, Omfattning.DELVIS)
    with vagras("/omfattning"):
        ett.verkstall(SAMMANHANG, MARS, Omfattning.DELVIS)
    ett.verkstall(SAMMANHANG, MARS, Omfattning.HELT)
    with vagras("/omfattning"):
        ett.verkstall(SAMMANHANG, APRIL, Omfattning.HELT)


@pytest.mark.regel("R-EVB-14")
def test_bara_det_som_har_borjat_kan_avbrytas() -> None:
    ett = beslut()
    with vagras("/datum", "R-EVB-14"):
        ett.avbryt(SAMMANHANG, MARS)
    ett.satt_vistelse(SAMMANHANG, uuid4(), MARS, None)
    with vagras("/datum", "R-EVB-14"):
        ett.avbryt(SAMMANHANG, FEBRUARI)
    ett.avbryt(SAMMANHANG, MARS)
    assert ett.steg == [Steg("avbrutet", MARS)]


def test_ett_overtaget_avbrott_gar_utan_kand_borjan() -> None:
    ett = beslut()
    ett.avbryt(SAMMANHANG, MARS, aven_ej_borjat=True)
    assert ett.steg == [Steg("avbrutet", MARS)]


def test_ett_avbrott_avbryts_inte_igen_men_aterupptas() -> None:
    ett = avbrutet()
    with vagras("/datum"):
        ett.avbryt(SAMMANHANG, APRIL)
    with vagras("/datum"):
        ett.verkstall(SAMMANHANG, APRIL, Omfattning.DELVIS)
    ett.ateruppta(SAMMANHANG, APRIL)
    assert isinstance(sist(ett), handelser.BeslutAterupptaget)
    with vagras("/datum"):
        ett.ateruppta(SAMMANHANG, APRIL)
    ett.avbryt(SAMMANHANG, APRIL)


def test_bara_ett_avbrott_kan_aterupptas() -> None:
    for ett in (beslut(), verkstallt()):
        with vagras("/datum"):
            ett.ateruppta(SAMMANHANG, MARS)


@pytest.mark.regel("R-EVB-14")
def test_nar_varje_placering_har_slutat_kan_verkstalligheten_aterupptas() -> None:
    ett = beslut()
    ett.satt_vistelse(SAMMANHANG, uuid4(), FEBRUARI, MARS)
    with vagras("/datum"):
        ett.ateruppta(SAMMANHANG, MARS)
    ett.ateruppta(SAMMANHANG, APRIL)


def test_steg_gar_framat_i_tiden() -> None:
    with vagras("/datum"):
        verkstallt(MARS).avbryt(SAMMANHANG, FEBRUARI)
    with vagras("/datum"):
        avbrutet().ateruppta(SAMMANHANG, FEBRUARI)
    with vagras("/datum"):
        verkstallt(MARS).upphor(SAMMANHANG, FEBRUARI)


def test_ett_upphort_beslut_galler_inte_fran_dagen() -> None:
    ett = beslut()
    ett.upphor(SAMMANHANG, MARS)
    assert ett.upphort == MARS
    with vagras("/datum"):
        ett.upphor(SAMMANHANG, APRIL)
    with vagras("/datum"):
        ett.verkstall(SAMMANHANG, MARS, Omfattning.HELT)
    ett.verkstall(SAMMANHANG, FEBRUARI, Omfattning.HELT)


def test_ett_beslut_upphor_inte_fore_en_placering_under_det() -> None:
    ett = beslut()
    ett.satt_vistelse(SAMMANHANG, uuid4(), MARS, None)
    with vagras("/datum"):
        ett.upphor(SAMMANHANG, MARS)
    ett.upphor(SAMMANHANG, APRIL)


def test_inget_hander_efter_sista_dagen() -> None:
    ett = beslut(galler_till=MARS)
    with vagras("/datum"):
        ett.verkstall(SAMMANHANG, APRIL, Omfattning.HELT)
    ett.verkstall(SAMMANHANG, MARS, Omfattning.HELT)


def test_drojsmalsorsaker_laggs_till_varandra() -> None:
    ett = beslut()
    ett.ange_drojsmalsorsak(SAMMANHANG, FEBRUARI, Drojsmalsorsak.RESURSBRIST)
    ett.ange_drojsmalsorsak(SAMMANHANG, MARS, Drojsmalsorsak.TACKAT_NEJ)
    assert ett.drojsmal == [
        (FEBRUARI, Drojsmalsorsak.RESURSBRIST),
        (MARS, Drojsmalsorsak.TACKAT_NEJ),
    ]


# -- placeringar under det ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dag", "galler"), [(FORE, False), (BESLUTSDATUM, True), (MARS, True), (APRIL, False)]
)
def test_en_placering_borjar_medan_beslutet_galler(dag: date, galler: bool) -> None:
    tidsbegransat = beslut(galler_till=MARS)
    upphort = beslut()
    upphort.upphor(SAMMANHANG, APRIL)
    for ett in (tidsbegransat, upphort):
        assert (ett.galler_inte(dag, "/fran") is None) is galler


def test_inga_placeringar_under_ett_makulerat_beslut() -> None:
    ett = beslut()
    ett.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    assert brott(ett.galler_inte(MARS, "/fran")) == (None, "/beslut")


def test_samma_vistelse_en_gang_till_ar_ingen_handelse() -> None:
    ett = beslut()
    placering = uuid4()
    ett.satt_vistelse(SAMMANHANG, placering, MARS, None)
    forra = sist(ett)
    ett.satt_vistelse(SAMMANHANG, placering, MARS, None)
    assert sist(ett) is forra


# -- rättelse och makulering ----------------------------------------------------------------------


def test_ett_beslut_makuleras_nar_inga_placeringar_star_under_det() -> None:
    ett = beslut()
    placering = uuid4()
    ett.satt_vistelse(SAMMANHANG, placering, MARS, None)
    with vagras(""):
        ett.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    ett.stryk_vistelse(SAMMANHANG, placering)
    ett.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    assert ett.makulerat


def test_ett_makulerat_beslut_andras_inte() -> None:
    ett = beslut()
    ett.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    with vagras(""):
        ett.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    with vagras(""):
        ett.verkstall(SAMMANHANG, MARS, Omfattning.HELT)
    with vagras(""):
        ett.upphor(SAMMANHANG, MARS)
    with vagras(""):
        ett.ratta(
            SAMMANHANG,
            uppgifter=beslutsuppgifter(),
            hemligheter=[],
            skal=Rattelseskal.SKRIVFEL,
        )


def ratta(ett: Beslut, **andra: date | str | None) -> None:
    """Correct the beslut to these fields."""
    ett.ratta(
        SAMMANHANG,
        uppgifter=beslutsuppgifter(**andra),
        hemligheter=[],
        skal=Rattelseskal.SKRIVFEL,
    )


def test_ett_beslut_rattas() -> None:
    ett = beslut()
    ratta(ett, insatstyp="Stödboende", galler_till=APRIL)
    assert (ett.insatstyp, ett.galler_till) == ("Stödboende", APRIL)
    assert isinstance(sist(ett), handelser.BeslutRattat)


def test_ett_rattat_beslutsdatum_ligger_inte_efter_det_som_har_hant() -> None:
    for ett in (verkstallt(), beslut(), beslut(), beslut()):
        if not ett.steg:
            ett.upphor(SAMMANHANG, FEBRUARI)
        ratta(ett, beslutsdatum=FEBRUARI)
        with vagras("/beslutsdatum"):
            ratta(ett, beslutsdatum=MARS)
    med_vistelse = beslut()
    med_vistelse.satt_vistelse(SAMMANHANG, uuid4(), FEBRUARI, None)
    med_vistelse.ange_drojsmalsorsak(SAMMANHANG, MARS, Drojsmalsorsak.HALSA)
    with vagras("/beslutsdatum"):
        ratta(med_vistelse, beslutsdatum=MARS)


def test_en_rattad_sista_dag_ligger_inte_fore_en_placerings_borjan() -> None:
    ett = beslut()
    ratta(ett, galler_till=FEBRUARI)
    ett.satt_vistelse(SAMMANHANG, uuid4(), FEBRUARI, None)
    ratta(ett, galler_till=FEBRUARI)
    with vagras("/galler_till"):
        ratta(ett, galler_till=BESLUTSDATUM)
