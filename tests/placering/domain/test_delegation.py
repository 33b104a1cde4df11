"""Delegation: the borders of the acts, the rows of a version, and the version of the day."""

from datetime import date
from typing import Any

import pytest

from services.chassis.calendar import months_after
from services.chassis.rules import Refused
from services.placering.domain import delegationsregler as regler
from services.placering.domain.beslut import Delegation
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.delegater import Beslutstyp, Delegat, delegat_av
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.delegationsrad import Delegationsrad
from services.placering.domain.delegationsregler import Arende
from tests.placering.domain.bygge import BESLUTSDATUM, SAMMANHANG, TJANSTEMAN, beslut, brott

UTSKOTT = Beslutsfattare(Beslutsfattarslag.UTSKOTT, datum=BESLUTSDATUM, paragraf="12")
ORDFORANDE = Beslutsfattare(Beslutsfattarslag.ORDFORANDE, datum=BESLUTSDATUM)
DOMSTOL = Beslutsfattare(Beslutsfattarslag.DOMSTOL)
HVB = Beslutstyp.PLACERING_HVB
SOL = "11 kap. 1 § SoL"
PEKARE = "/beslutsfattare"


def arende(beslutstyp: Beslutstyp | None = HVB, lagrum: str = SOL, **andra: Any) -> Arende:
    falt: dict[str, Any] = {"beslutsdatum": BESLUTSDATUM, "galler_till": None}
    return Arende(beslutstyp, lagrum, **(falt | andra))


def chef(roll: str = "Enhetschef") -> Beslutsfattare:
    return Beslutsfattare(Beslutsfattarslag.TJANSTEMAN, roll=roll, arbetsenhet="barn-2")


def rad(beslutstyp: Beslutstyp = HVB, lagst: Delegat = Delegat.ENHETSCHEF, **a: Any) -> Any:
    return Delegationsrad(beslutstyp, lagst, **a)


def ordning(*fran: date) -> Delegationsordning:
    en = Delegationsordning.borja(SAMMANHANG, "IFN")
    for dag in fran:
        en.anta(SAMMANHANG, fran=dag, antagen=dag, paragraf="1", rader=[rad()])
    return en


def avvisas(rader: list[Delegationsrad], fran: date = BESLUTSDATUM) -> list[Any]:
    en = ordning(date(2025, 1, 1))
    with pytest.raises(Refused) as fel:
        en.anta(SAMMANHANG, fran=fran, antagen=fran, paragraf="1", rader=rader)
    assert len(en.versioner) == 1
    return [(ett.regel, ett.pekare) for ett in fel.value.breaches]


# -- R-BES-9 and R-BES-4 --------------------------------------------------------------------------


@pytest.mark.regel("R-BES-9")
@pytest.mark.parametrize(
    ("beslutstyp", "lagrum", "ordforande"),
    [
        (Beslutstyp.PLACERING_FAMILJEHEM, SOL, False),
        (Beslutstyp.PLACERING_JOURHEM, SOL, False),
        (Beslutstyp.GODKANNANDE_FAMILJEHEM, SOL, False),
        (Beslutstyp.LVU_VERKSTALLIGHET, "2 § LVU", True),
        (None, "6 § LVU", True),
        (None, "11 § LVU", True),
        (None, "13 § LVM", True),
        (None, "11 § LVM", False),
        (None, "2024:79", True),
    ],
)
def test_det_som_lagen_forbehaller_utskottet_beslutas_inte_lagre(
    beslutstyp: Beslutstyp | None, lagrum: str, ordforande: bool
) -> None:
    ett = arende(beslutstyp, lagrum)
    fel = brott(regler.beslutet_haller_gransen(ett, chef("förvaltningschef"), PEKARE))
    assert fel == ("R-BES-9", PEKARE)
    assert regler.beslutet_haller_gransen(ett, UTSKOTT, PEKARE) is None
    assert regler.beslutet_haller_gransen(ett, DOMSTOL, PEKARE) is None
    assert (regler.beslutet_haller_gransen(ett, ORDFORANDE, PEKARE) is None) is ordforande


@pytest.mark.regel("R-BES-9")
@pytest.mark.parametrize(
    ("beslutstyp", "lagrum", "dag"),
    [
        (HVB, SOL, BESLUTSDATUM),
        (Beslutstyp.PLACERING_FAMILJEHEM_VUXEN, SOL, BESLUTSDATUM),
        (None, "2 § LVU", BESLUTSDATUM),
        (None, "4 § LVM", BESLUTSDATUM),
        (None, "2024:79", date(2024, 3, 31)),
        (None, "otydligt", BESLUTSDATUM),
    ],
)
def test_annat_far_en_tjansteman_besluta(
    beslutstyp: Beslutstyp | None, lagrum: str, dag: date
) -> None:
    ett = arende(beslutstyp, lagrum, beslutsdatum=dag)
    assert regler.beslutet_haller_gransen(ett, TJANSTEMAN, PEKARE) is None
    assert regler.beslutet_haller_gransen(ett, ORDFORANDE, PEKARE) is None


@pytest.mark.regel("R-BES-9")
@pytest.mark.parametrize(
    ("skrivet", "avvisad"),
    [
        ("11 § LVU", True),
        ("11 § 2 st. LVU", True),
        ("11 § 4 st. LVU", False),
        ("13 a § LVU", False),
        ("13 b § LVU", True),
    ],
)
def test_en_rad_under_gransen_avvisas(skrivet: str, avvisad: bool) -> None:
    under = rad(Beslutstyp.OVRIGT_BISTAND, Delegat.FORVALTNINGSCHEF, lagrum=skrivet)
    pa = rad(Beslutstyp.OVRIGT_BISTAND, Delegat.UTSKOTT, lagrum=skrivet)
    assert (regler.raden_haller_gransen(under, BESLUTSDATUM, "/r") is not None) is avvisad
    assert regler.raden_haller_gransen(pa, BESLUTSDATUM, "/r") is None
    if avvisad:
        assert avvisas([pa, under]) == [("R-BES-9", "/rader/1/lagst")]


@pytest.mark.regel("R-BES-4")
@pytest.mark.parametrize("lagst", [Delegat.FORVALTNINGSCHEF, Delegat.NAMND, Delegat.UTSKOTT])
def test_jourhem_godkanns_av_utskott_i_varje_ordning(lagst: Delegat) -> None:
    en = rad(Beslutstyp.GODKANNANDE_JOURHEM, lagst)
    fel = regler.jourhem_godkanns_av_utskott(en, "/r")
    assert (fel is None) is (lagst is Delegat.UTSKOTT)
    if lagst is not Delegat.UTSKOTT:
        assert ("R-BES-4", "/rader/0/lagst") in avvisas([en])


@pytest.mark.regel("R-BES-4")
def test_ett_beslut_att_godkanna_jourhem_fattas_av_utskott() -> None:
    ett = arende(Beslutstyp.GODKANNANDE_JOURHEM)
    assert regler.utskott_godkanner_jourhem(ett, UTSKOTT, PEKARE) is None
    for vem in (ORDFORANDE, chef("förvaltningschef")):
        assert brott(regler.utskott_godkanner_jourhem(ett, vem, PEKARE)) == ("R-BES-4", PEKARE)
    assert regler.utskott_godkanner_jourhem(arende(), TJANSTEMAN, PEKARE) is None


# -- R-BES-3 --------------------------------------------------------------------------------------


@pytest.mark.regel("R-BES-3")
@pytest.mark.parametrize(
    ("roll", "far"),
    [
        ("förste socialsekreterare", False),
        ("Enhetschef", True),
        ("verksamhetschef", True),
        ("utskott", False),
        ("kassör", False),
    ],
)
def test_rollen_ska_sta_lika_hogt_som_raden_eller_hogre(roll: str, far: bool) -> None:
    fel = regler.delegaten_har_ratt(arende(), chef(roll), [rad()], PEKARE)
    assert (fel is None) is far
    if not far:
        assert brott(fel) == ("R-BES-3", f"{PEKARE}/roll")


@pytest.mark.regel("R-BES-3")
@pytest.mark.parametrize(
    ("en", "far"),
    [
        (rad(Beslutstyp.PLACERING_STODBOENDE), False),
        (rad(lagrum="SoL 11:1"), True),
        (rad(lagrum="SoL 12:1"), False),
        (rad(lagrum="SoL 4:1"), False),
    ],
)
def test_raden_ska_galla_beslutstypen_och_lagrummet(en: Delegationsrad, far: bool) -> None:
    assert (regler.delegaten_har_ratt(arende(), chef(), [en], PEKARE) is None) is far


@pytest.mark.regel("R-BES-3")
@pytest.mark.parametrize(
    ("galler_till", "far"),
    [(date(2026, 5, 10), True), (date(2026, 5, 11), False), (None, False)],
)
def test_beslutet_ska_rymmas_i_radens_manader(galler_till: date | None, far: bool) -> None:
    ett = arende(galler_till=galler_till)
    fel = regler.delegaten_har_ratt(ett, chef(), [rad(hogst_manader=4)], PEKARE)
    assert (fel is None) is far


@pytest.mark.regel("R-BES-3")
def test_bara_en_tjansteman_provas_och_da_med_beslutstyp() -> None:
    assert regler.delegaten_har_ratt(arende(None), UTSKOTT, [], PEKARE) is None
    fel = regler.delegaten_har_ratt(arende(None), chef(), [rad()], PEKARE)
    assert brott(fel) == ("R-BES-3", "/beslutstyp")


def test_en_roll_lases_som_den_skrivs() -> None:
    assert delegat_av(" Förste  socialsekreterare") is Delegat.FORSTE_SOCIALSEKRETERARE
    assert delegat_av("nämnd") is None


def test_manader_raknas_till_manadens_sista_dag() -> None:
    assert months_after(date(2025, 10, 31), 4) == date(2026, 2, 28)
    assert months_after(date(2026, 1, 10), 12) == date(2027, 1, 10)
    assert months_after(date(9999, 10, 1), 240) == date.max, "inget slut är efter kalenderns"


# -- versions -------------------------------------------------------------------------------------


@pytest.mark.regel("R-BES-3")
@pytest.mark.parametrize(
    ("dag", "nr"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), 1),
        (date(2025, 6, 30), 1),
        (date(2025, 7, 1), 2),
    ],
)
def test_versionen_galler_fran_sin_dag_till_nasta(dag: date, nr: int | None) -> None:
    version = ordning(date(2025, 1, 1), date(2025, 7, 1)).galler(dag)
    assert (None if version is None else version.nr) == nr


def test_en_version_laggs_efter_de_andra() -> None:
    assert avvisas([rad()], date(2025, 1, 1)) == [(None, "/fran")]
    assert len(ordning(date(2025, 1, 1), date(2025, 1, 2)).versioner) == 2


def test_en_rad_finns_en_gang_och_kan_lasas() -> None:
    assert avvisas([rad(), rad()]) == [(None, "/rader/1")]
    assert avvisas([rad(lagrum="99 kap. BrB")]) == [(None, "/rader/0/lagrum")]


def test_tva_versioner_jamfors() -> None:
    en = ordning(date(2025, 1, 1))
    ny = rad(lagst=Delegat.SOCIALSEKRETERARE)
    samma = rad()
    dag = date(2025, 7, 1)
    en.anta(SAMMANHANG, fran=dag, antagen=dag, paragraf="2", rader=[samma, ny])
    skillnad = en.skillnad(1, 2)
    tillbaka = en.skillnad(2, 1)
    assert skillnad is not None
    assert tillbaka is not None
    assert (skillnad.borttagna, skillnad.tillkomna) == ((), (ny,))
    assert (tillbaka.borttagna, tillbaka.tillkomna) == ((ny,), ())
    assert en.skillnad(1, 3) is None
    assert en.skillnad(3, 1) is None


@pytest.mark.regel("R-BES-3")
def test_en_ny_provning_tar_bort_flaggan() -> None:
    ett = beslut()
    ett.prova_delegation(SAMMANHANG, None, Delegation(), flaggas=False)
    assert ett.version == 1
    ett.prova_delegation(SAMMANHANG, HVB, Delegation(), flaggas=True)
    assert (ett.flaggor, ett.beslutstyp) == (("R-BES-3",), HVB)
    ett.prova_delegation(SAMMANHANG, HVB, Delegation(ett.id, 1), flaggas=False)
    assert (ett.flaggor, ett.delegation) == ((), Delegation(ett.id, 1))
