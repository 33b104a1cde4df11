"""The register's rules, each as a function."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leverantor.domain import regler


def _kontrollsiffra(nio: str) -> str:
    """Luhn's check digit, written apart from the library that the rule uses."""
    summa = sum(sum(divmod(int(siffra) * (2 - plats % 2), 10)) for plats, siffra in enumerate(nio))
    return str(-summa % 10)


@pytest.mark.regel("R-LEV-3")
@pytest.mark.parametrize(
    ("skrivet", "normalt"),
    [
        ("556036-0793", "556036-0793"),
        ("5560360793", "556036-0793"),
        (" 556036-0793 ", "556036-0793"),
        ("16556036-0793", "556036-0793"),
        ("165560360793", "556036-0793"),
        ("212000-1355", "212000-1355"),
    ],
)
def test_ett_organisationsnummer_skrivs_pa_ett_satt(skrivet: str, normalt: str) -> None:
    assert regler.normaliserat(skrivet) == normalt
    assert regler.organisationsnummer_stammer(skrivet, "/x") is None


@pytest.mark.regel("R-LEV-3")
@pytest.mark.parametrize(
    "skrivet",
    [
        "", " ", "x", "556036-0794", "556036-079", "556036-07930", "556036 0793", "55-60360793",
        "٥٥٦٠٣٦-٠٧٩٣", "５５６０３６-０７９３", "5560360793\n5560360793", "-5560360793", "0" * 10,
        "17556036-0793", "000000-0000", "556036–0793",
    ],
)  # fmt: skip
def test_ett_felaktigt_organisationsnummer_vagras(skrivet: str) -> None:
    assert regler.normaliserat(skrivet) is None
    brott = regler.organisationsnummer_stammer(skrivet, "/x")
    assert brott is not None
    assert (brott.regel, brott.pekare) == ("R-LEV-3", "/x")


@pytest.mark.regel("R-LEV-3")
@given(st.from_regex(r"\A[1-9][0-9][2-9][0-9]{6}\Z"))
def test_av_tio_slutsiffror_ar_en_ratt(nio: str) -> None:
    ratta = [siffra for siffra in "0123456789" if regler.normaliserat(nio + siffra) is not None]
    assert ratta == [_kontrollsiffra(nio)]


@pytest.mark.regel("R-LEV-3")
@given(st.text())
def test_vilken_text_som_helst_ar_ett_nummer_pa_normal_form_eller_inget(text: str) -> None:
    normalt = regler.normaliserat(text)
    assert normalt is None or (
        normalt.isascii() and len(normalt) == 11 and regler.normaliserat(normalt) == normalt
    )


@pytest.mark.regel("R-LEV-3")
def test_en_enskild_firma_kanns_igen_pa_sitt_nummer_hur_det_an_skrivs() -> None:
    former = {
        regler.normaliserat(form)
        for form in ("19121212-1212", "191212121212", "121212+1212", "19121212+1212")
    }
    assert len(former) == 1
    assert None not in former


@pytest.mark.regel("R-LEV-3")
def test_ett_upptaget_nummer_ar_ett_brott_och_ett_ledigt_inget() -> None:
    brott = regler.organisationsnummer_ledigt(True, "/organisationsnummer")
    assert brott is not None
    assert (brott.regel, brott.pekare) == ("R-LEV-3", "/organisationsnummer")
    assert regler.organisationsnummer_ledigt(False, "/organisationsnummer") is None


def test_en_period_slutar_tidigast_sin_forsta_dag() -> None:
    dag, dagen_fore = date(2026, 2, 28), date(2026, 2, 27)
    assert regler.period_gar_framat(dag, None, "/till") is None
    assert regler.period_gar_framat(dag, dag, "/till") is None
    brott = regler.period_gar_framat(dag, dagen_fore, "/till")
    assert brott is not None
    assert (brott.regel, brott.pekare) == (None, "/till")
