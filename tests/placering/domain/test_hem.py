"""A home: what is refused, what is flagged, and what it remembers."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.ord import Form, Rattelseskal, Regi
from services.chassis.context import Rackvidd
from services.placering.domain import hemregler
from services.placering.domain.dagar import Dagar
from services.placering.domain.handelser.hem import BoendeSatt
from services.placering.domain.hem import Hem
from services.placering.domain.hemuppgifter import (
    AnnanKommunsBarn,
    FlerBarn,
    Hemreferens,
    Hemutfall,
    Referenskalla,
)
from tests.placering.domain.bygge import SAMMANHANG, brott, sist, uppgifter, vagras
from tests.placering.domain.hembygge import (
    NUMMER,
    bebott,
    boende,
    godkannande,
    hem,
    hos_leverantor,
    mars,
    prova,
    utrett,
)

SKAL = Rattelseskal.SKRIVFEL


def ratta(hemmet: Hem, **andra: Any) -> None:
    falt: dict[str, Any] = {
        "beteckning": "FH-1",
        "arbetsenhet": None,
        "natverk": False,
        "fran": date(2026, 1, 1),
        "till": None,
        "hemligheter": (),
        "skal": SKAL,
    }
    hemmet.ratta(SAMMANHANG, **(falt | andra))


def fel(provning: Any) -> set[tuple[str | None, str]]:
    return {(ett.regel, ett.pekare) for ett in provning.fel}


# -- the record -----------------------------------------------------------------------------------


def test_ett_hem_rattas_och_makuleras() -> None:
    hemmet = hem()
    ratta(hemmet, beteckning="FH-2", natverk=True, till=mars(31))
    assert (hemmet.beteckning, hemmet.natverk, hemmet.till) == ("FH-2", True, mars(31))
    hemmet.makulera(SAMMANHANG, SKAL)
    with vagras(""):
        ratta(hemmet)
    assert (None, "/hem") in fel(prova(hemmet, boende(1)))


def test_ett_hem_dar_nagon_bor_makuleras_inte() -> None:
    with vagras(""):
        bebott(hem(), boende(1)).makulera(SAMMANHANG, SKAL)


@pytest.mark.parametrize(
    ("rattelse", "pekare"),
    [
        ({"fran": mars(6)}, "/fran"),
        ({"till": mars(8)}, "/till"),
        ({"till": date(2025, 12, 31)}, "/till"),
    ],
)
def test_hemmet_finns_de_dagar_da_nagon_bor_dar(rattelse: dict[str, Any], pekare: str) -> None:
    hemmet = bebott(hem(), boende(5, 9))
    with vagras(pekare):
        ratta(hemmet, **rattelse)
    ratta(hemmet, fran=mars(5), till=mars(9))
    ratta(hemmet, till=None)


def test_den_som_bor_kvar_tills_vidare_hindrar_ett_slut() -> None:
    with vagras("/till"):
        ratta(bebott(hem(), boende(5)), till=mars(31))


@pytest.mark.parametrize(("fran", "till"), [(4, 8), (5, 10), (5, None)])
def test_ingen_bor_i_ett_hem_som_inte_finns(fran: int, till: int | None) -> None:
    hemmet = hem(fran=mars(5))
    ratta(hemmet, fran=mars(5), till=mars(9))
    assert (None, "/hem") in fel(prova(hemmet, boende(fran, till)))
    assert fel(prova(hemmet, boende(5, 9))) == set()


# -- R-PLA-9: places ------------------------------------------------------------------------------


@pytest.mark.regel("R-PLA-9")
def test_sista_platsen_ar_den_sista() -> None:
    hemmet = bebott(hem(), boende(1))
    assert fel(prova(hemmet, boende(5))) == set()
    bebott(hemmet, boende(5, 20))
    assert fel(prova(hemmet, boende(19))) == {("R-PLA-9", "/hem")}
    assert fel(prova(hemmet, boende(20))) == set()
    assert fel(prova(hemmet, boende(2, 5))) == set()


@pytest.mark.regel("R-PLA-9")
def test_en_placering_som_andras_star_inte_i_vagen_for_sig_sjalv() -> None:
    hemmet = hem(platser=1)
    bebott(hemmet, boende(1))
    [en] = hemmet.boende
    assert fel(prova(hemmet, boende(3), utom=en)) == set()
    assert fel(prova(hemmet, boende(3))) == {("R-PLA-9", "/hem")}


@pytest.mark.regel("R-PLA-9")
def test_platserna_kan_inte_bli_farre_an_de_som_bor_dar() -> None:
    hemmet = bebott(hem(), boende(1, 10), boende(1))
    with vagras("/antal", "R-PLA-9"):
        hemmet.satt_platser(SAMMANHANG, mars(9), 1)
    hemmet.satt_platser(SAMMANHANG, mars(10), 1)
    hemmet.satt_platser(SAMMANHANG, mars(1), 3)
    assert hemmet.platser == {date(2026, 1, 1): 2, mars(1): 3, mars(10): 1}


@pytest.mark.regel("R-PLA-9")
def test_i_leverantorens_hem_flaggas_det_som_i_ett_eget_avvisas() -> None:
    hemmet = hem(leverantor=NUMMER, platser=1)
    for flagga in (False, True):
        provning = hemmet.prova(hos_leverantor(mars(1)), boende(1, leverantor=NUMMER))
        assert provning.fel == ()
        assert ("R-PLA-9" in provning.flaggor) is flagga
        bebott(hemmet, boende(1, leverantor=NUMMER))
    hemmet.satt_platser(SAMMANHANG, mars(1), 0)


@pytest.mark.regel("R-PLA-9")
def test_den_som_strukits_tar_ingen_plats() -> None:
    hemmet = bebott(hem(platser=1), boende(1))
    [en] = hemmet.boende
    hemmet.stryk_boende(SAMMANHANG, en)
    assert fel(prova(hemmet, boende(1))) == set()


def test_samma_dagar_igen_ar_ingen_handelse() -> None:
    hemmet, en, placering = hem(), boende(1), uuid4()
    hemmet.bosatt(SAMMANHANG, placering, en)
    assert isinstance(sist(hemmet), BoendeSatt)
    version = hemmet.version
    hemmet.bosatt(SAMMANHANG, placering, en)
    assert hemmet.version == version


# -- R-PLA-15 and R-PLA-16: form, network and whose it is -----------------------------------------


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize("form", Form)
def test_bara_familjehem_och_jourhem_pekas_ut(form: Form) -> None:
    ar_hem = form in (Form.FAMILJEHEM, Form.JOURHEM, Form.FAMILJEHEM_VUXNA)
    funna = fel(prova(hem(), boende(1), form=form))
    assert (("R-PLA-15", "/placeringsform") in funna) is not ar_hem


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize(
    ("hemmets", "andra", "avvisas"),
    [
        (True, {"natverk": True}, False),
        (True, {"natverk": False}, True),
        (False, {"natverk": True}, True),
        (True, {"form": Form.JOURHEM}, False),
    ],
)
def test_natverksmarket_ar_hemmets(hemmets: bool, andra: dict[str, Any], avvisas: bool) -> None:
    funna = fel(prova(hem(natverk=hemmets), boende(1), **andra))
    assert (("R-PLA-15", "/placeringsform") in funna) is avvisas


@pytest.mark.regel("R-PLA-16")
def test_placeringen_har_hemmets_leverantor() -> None:
    eget, kopt = hem(), hem(leverantor=NUMMER)
    i_eget, i_kopt = uppgifter(fran=mars(1)), hos_leverantor(mars(1))
    en, hos = boende(1), boende(1, leverantor=NUMMER)
    assert ("R-PLA-16", "/hem") not in fel(eget.prova(i_eget, en))
    assert ("R-PLA-16", "/hem") in fel(eget.prova(i_kopt, hos))
    assert ("R-PLA-16", "/hem") in fel(kopt.prova(i_eget, en))
    assert ("R-PLA-16", "/hem") not in fel(kopt.prova(i_kopt, hos))
    annan = uppgifter(fran=mars(1), leverantor="559999-1238", regi=Regi.KONSULENTSTODD)
    assert ("R-PLA-16", "/hem") in fel(kopt.prova(annan, boende(1, leverantor="559999-1238")))


@pytest.mark.regel("R-PLA-16")
def test_leverantoren_ar_hemmets_alla_dagar() -> None:
    hemmet = hem(leverantor=NUMMER, platser=9)
    hemmet.satt_tillhorighet(SAMMANHANG, mars(10), None)
    for fran, till, avvisas in ((1, 10, False), (1, 11, True), (1, None, True), (10, 10, True)):
        funna = fel(hemmet.prova(hos_leverantor(mars(fran)), boende(fran, till, leverantor=NUMMER)))
        assert (("R-PLA-16", "/hem") in funna) is avvisas, (fran, till)


@pytest.mark.regel("R-PLA-16")
def test_tillhorigheten_byts_inte_under_nagon_som_bor_dar() -> None:
    hemmet = bebott(hem(leverantor=NUMMER), boende(5, 9, leverantor=NUMMER))
    for fran in (1, 5, 8):
        with vagras("/fran", "R-PLA-16"):
            hemmet.satt_tillhorighet(SAMMANHANG, mars(fran), None)
    hemmet.satt_tillhorighet(SAMMANHANG, mars(9), None)
    hemmet.satt_tillhorighet(SAMMANHANG, mars(5), NUMMER)
    assert hemmet.tillhorighet == {
        date(2026, 1, 1): NUMMER,
        mars(5): NUMMER,
        mars(9): None,
    }


@pytest.mark.regel("R-PLA-9")
def test_ett_hem_med_for_manga_blir_inte_kommunens_eget() -> None:
    hemmet = bebott(hem(leverantor=NUMMER, platser=1), *(boende(1, leverantor=NUMMER),) * 2)
    barn = AnnanKommunsBarn("1480", "2026-1", mars(1), None)
    hemmet.satt_andras(SAMMANHANG, uuid4(), barn)
    with vagras("/fran", "R-PLA-9"):
        hemmet.omvandla(SAMMANHANG, mars(10))
    with vagras("/fran", "R-PLA-9"):
        hemmet.satt_tillhorighet(SAMMANHANG, mars(10), None)
    hemmet.satt_platser(SAMMANHANG, mars(10), 3)
    assert set(hemmet.omvandla(SAMMANHANG, mars(10))) == set(hemmet.boende)


@pytest.mark.regel("R-PLA-16")
def test_en_omvandling_tar_med_alla_som_bor_kvar() -> None:
    hemmet = bebott(
        hem(leverantor=NUMMER, platser=5),
        boende(1, 9, leverantor=NUMMER),  # gone
        boende(1, 10, leverantor=NUMMER),  # leaves the same day
        boende(2, leverantor=NUMMER),
        boende(10, leverantor=NUMMER),
    )
    assert set(hemmet.omvandla(SAMMANHANG, mars(10))) == set(list(hemmet.boende)[2:])
    assert hemmet.tillhorighet[mars(10)] is None


@pytest.mark.regel("R-PLA-16")
@pytest.mark.parametrize(("fran", "till"), [(11, None), (1, 11), (11, 12)])
def test_den_som_inte_kan_folja_med_hindrar_omvandlingen(fran: int, till: int | None) -> None:
    hemmet = bebott(hem(leverantor=NUMMER), boende(fran, till, leverantor=NUMMER))
    with vagras("/fran", "R-PLA-16"):
        hemmet.omvandla(SAMMANHANG, mars(10))


@pytest.mark.regel("R-PLA-16")
def test_ett_eget_hem_omvandlas_inte() -> None:
    with vagras("/fran", "R-PLA-16"):
        hem().omvandla(SAMMANHANG, mars(10))


# -- other kommuner's children, arvode, end --------------------------------------------------------


@pytest.mark.regel("R-PLA-9")
def test_andra_kommuners_barn_tar_plats() -> None:
    hemmet, rad = hem(platser=1), uuid4()
    hemmet.satt_andras(SAMMANHANG, rad, AnnanKommunsBarn("1480", "2026-1", mars(1), mars(9)))
    assert fel(prova(hemmet, boende(8))) == {("R-PLA-9", "/hem")}
    assert fel(prova(hemmet, boende(9))) == set()
    bebott(hemmet, boende(20))
    with vagras("/fran", "R-PLA-9"):
        hemmet.satt_andras(SAMMANHANG, rad, AnnanKommunsBarn("1480", "2026-1", mars(1), mars(21)))
    hemmet.satt_andras(SAMMANHANG, rad, AnnanKommunsBarn("1480", "2026-1", mars(1), mars(20)))
    with vagras("/till"):
        hemmet.satt_andras(SAMMANHANG, rad, AnnanKommunsBarn("1480", "2026-1", mars(5), mars(4)))
    with vagras("/fran"):
        dag = date(2025, 12, 31)
        hemmet.satt_andras(SAMMANHANG, rad, AnnanKommunsBarn("1480", "2026-1", dag, dag))
    with vagras("/till"):
        ratta(hemmet, till=mars(19))
    hemmet.stryk_andras(SAMMANHANG, rad, SKAL)
    assert hemmet.andras == {}


def test_ett_hem_med_en_annan_kommuns_barn_makuleras_inte() -> None:
    hemmet = hem()
    hemmet.satt_andras(SAMMANHANG, uuid4(), AnnanKommunsBarn("1480", "2026-1", mars(1), None))
    with vagras(""):
        hemmet.makulera(SAMMANHANG, SKAL)


def test_ett_hem_avslutas_en_gang_nar_ingen_bor_dar() -> None:
    hemmet = bebott(hem(), boende(5, 9))
    with vagras("/till"):
        hemmet.avsluta(SAMMANHANG, mars(8))
    with vagras("/till"):
        hemmet.avsluta(SAMMANHANG, date(2025, 12, 31))
    hemmet.avsluta(SAMMANHANG, mars(9))
    with vagras("/till"):
        hemmet.avsluta(SAMMANHANG, mars(10))
    ratta(hemmet, till=None)
    hemmet.satt_arvodesniva(SAMMANHANG, mars(1), "niva_1")
    hemmet.satt_arvodesniva(SAMMANHANG, mars(1), "niva_2")
    assert (hemmet.till, hemmet.arvodesniva) == (None, {mars(1): "niva_2"})


# -- R-PLA-8 --------------------------------------------------------------------------------------


@pytest.mark.regel("R-PLA-8")
def test_det_fjarde_barnet_flaggas() -> None:
    hemmet = hem(platser=5)
    for nr in range(4):
        assert ("R-PLA-8" in prova(hemmet, boende(1)).flaggor) is (nr == 3)
        bebott(hemmet, boende(1))
    assert "R-PLA-8" in prova(hemmet, boende(2)).flaggor


@pytest.mark.regel("R-PLA-8")
def test_fyra_barn_andra_dagar_flaggar_ingen() -> None:
    hemmet = bebott(hem(platser=5), *(boende(1, 10) for _ in range(4)))
    assert "R-PLA-8" not in prova(hemmet, boende(10)).flaggor


# -- R-PLA-17: judged and approved ----------------------------------------------------------------


@pytest.mark.regel("R-PLA-17")
def test_ett_hem_som_inte_ar_utrett_och_godkant_flaggas() -> None:
    hemmet = hem()
    assert "R-PLA-17" in prova(hemmet, boende(1)).flaggor
    utrett(hemmet)
    assert "R-PLA-17" in prova(hemmet, boende(1)).flaggor
    hemmet.godkann(SAMMANHANG, uuid4(), godkannande())
    assert prova(hemmet, boende(1)).flaggor == ()
    assert "R-PLA-17" in prova(hemmet, boende(1), form=Form.JOURHEM).flaggor
    assert prova(hemmet, boende(1), form=Form.FAMILJEHEM_VUXNA).flaggor == ()


@pytest.mark.regel("R-PLA-17")
def test_utredningen_som_avslutades_sist_galler() -> None:
    hemmet = utrett(hem())
    assert hemmet.utrett(date(2025, 12, 10))
    assert not hemmet.utrett(date(2025, 12, 9))
    utrett(hemmet, Hemutfall.EJ_GODTAGBART, avslutad=mars(5))
    assert hemmet.utrett(mars(4))
    assert not hemmet.utrett(mars(5))
    assert hemregler.utrett_fore_godkannande(False, "") is not None
    assert hemregler.utrett_fore_godkannande(True, "") is None


@pytest.mark.regel("R-PLA-17")
def test_ett_godkannande_galler_sina_dagar() -> None:
    hemmet = hem()
    ett = uuid4()
    hemmet.godkann(SAMMANHANG, ett, godkannande(fran=mars(5), till=mars(9)))
    assert [hemmet.godkant(Form.FAMILJEHEM, mars(dag)) for dag in (4, 5, 9, 10)] == [
        False,
        True,
        True,
        False,
    ]
    hemmet.godkann(SAMMANHANG, ett, godkannande(fran=mars(5)))
    assert hemmet.godkant(Form.FAMILJEHEM, mars(10))
    with vagras("/till"):
        hemmet.godkann(SAMMANHANG, ett, godkannande(fran=mars(5), till=mars(4)))


def test_uppgifter_ersatts_och_makuleras() -> None:
    hemmet = utrett(hem())
    [utredning] = hemmet.utredningar
    referens, beslutet = uuid4(), uuid4()
    hemmet.ta_referens(SAMMANHANG, referens, Hemreferens(mars(1), Referenskalla.KOMMUN, "1480"), ())
    hemmet.godkann(SAMMANHANG, beslutet, godkannande())
    for uppgift in (utredning, referens, beslutet):
        assert hemmet.har_uppgift(uppgift)
        hemmet.makulera_uppgift(SAMMANHANG, uppgift, SKAL)
        assert not hemmet.har_uppgift(uppgift)


def test_en_utredning_slutar_inte_innan_den_borjar() -> None:
    with vagras("/avslutad"):
        utrett(hem(), inledd=date(2025, 12, 11))
    utrett(hem(), inledd=date(2025, 12, 10))


@pytest.mark.regel("R-BES-2")
@pytest.mark.parametrize("form", [Form.FAMILJEHEM, Form.JOURHEM])
def test_lagrummet_for_godkannande_foljer_beslutsdatumet(form: Form) -> None:
    gammalt = hemregler.godkannandelagrum(form, date(2025, 6, 30))
    nytt = hemregler.godkannandelagrum(form, date(2025, 7, 1))
    assert gammalt == "6 kap. 6 § SoL (2001:453)"
    assert nytt is not None
    assert nytt.startswith("22 kap.")
    fore = hemregler.godkannande_har_lagrum(form, date(2001, 12, 31), "/beslutsdatum")
    assert brott(fore) == ("R-BES-2", "/beslutsdatum")
    assert hemregler.godkannande_har_lagrum(form, date(2002, 1, 1), "/beslutsdatum") is None


@pytest.mark.regel("R-SEK-3")
def test_hemmet_andras_av_arbetsenheten() -> None:
    soder = Rackvidd("1490", frozenset({"Söder"}))
    assert hemregler.hemmet_inom_arbetsenhet("Söder", soder) is None
    assert brott(hemregler.hemmet_inom_arbetsenhet(None, soder)) == ("R-SEK-3", "")
    assert hemregler.hemmet_inom_arbetsenhet(None, Rackvidd("1490", None)) is None


@pytest.mark.regel("R-PLA-8")
def test_ivo_underrattas_om_dagar_med_fler_an_tre() -> None:
    hemmet = bebott(hem(platser=9), *(boende(1) for _ in range(3)), boende(5, 10))
    rad = uuid4()
    hemmet.satt_andras(SAMMANHANG, rad, AnnanKommunsBarn("1480", "2026-1", mars(20), None))
    for dag in (4, 10, 19):
        with vagras("/fran", "R-PLA-8"):
            hemmet.underratta_ivo(SAMMANHANG, mars(dag), mars(21))
    hemmet.underratta_ivo(SAMMANHANG, mars(6), mars(12))
    assert hemmet.fler_an_tre_barn == (
        FlerBarn(Dagar(mars(5), mars(9)), mars(12)),
        FlerBarn(Dagar(mars(20), None), None),
    )
