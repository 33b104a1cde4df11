"""Legal grounds: read as people write them, and in force on the beslutsdatum."""

from datetime import date

import pytest

from services.placering.domain.insatstyper import INSATSTYPER, Insatstyp, beviljas
from services.placering.domain.lagrum import LAGRUM, gallande, i_kraft, las, motsvarande, rader_for
from services.placering.domain.regler import lagrum_galler
from tests.placering.domain.bygge import brott

GAMLA_SISTA = date(2025, 6, 30)
NYA_FORSTA = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("skrivet", "text"),
    [
        ("9 § LSS", "9 § LSS"),
        ("LSS 9 §", "9 § LSS"),
        ("lss 9§", "9 § LSS"),
        ("  9  §   LSS ", "9 § LSS"),
        ("§ 9 LSS", "9 § LSS"),
        ("9 § LSS (1993:387)", "9 § LSS"),
        ("9 § 2 LSS", "9 § 2 LSS"),
        ("LSS 9 § p 10", "9 § 10 LSS"),
        ("9 § punkt 4 LSS (1993:387)", "9 § 4 LSS"),
        ("3 § 2 st. LVU", "3 § LVU"),
        ("4 kap. 1 § SoL", "4 kap. 1 § SoL"),
        ("4 kap 1§ SoL", "4 kap. 1 § SoL"),
        ("SoL (2001:453) 4 kap. 1 §", "4 kap. 1 § SoL"),
        ("SoL 4:1", "4 kap. 1 § SoL"),
        ("4 kap. 1 § socialtjänstlagen", "4 kap. 1 § SoL"),
        ("2 § LVU", "2 § LVU"),
        ("LVU 6 §", "6 § LVU"),
        ("4 § LVM", "4 § LVM"),
        ("2024:79", "2024:79"),
        ("4 kap. 3 § lagen (2024:79)", "4 kap. 3 § 2024:79"),
    ],
)
@pytest.mark.regel("R-BES-2")
def test_ett_lagrum_lases_som_det_skrivs(skrivet: str, text: str) -> None:
    rad = gallande(skrivet, date(2024, 6, 1))
    assert rad is not None
    assert rad.text == text


@pytest.mark.parametrize(
    "skrivet",
    [
        "",
        "9 §",
        "SoL",
        "8 § LSS",
        "9 kap. 9 § LSS",
        "9 § LSS och 4 kap. 1 § SoL",
        "2 § och 3 § LVU",
        "2001:453 2025:400",
        "4 kap. 1 § SoL (2025:400)",
        "LSS (1990:52) 9 §",
        "99:99 SoL",
        "9a § LSS",
        "9 § 11 LSS",
        "9 § 0 LSS",
        "kap. 4 § 1 SoL",
    ],
)
@pytest.mark.regel("R-BES-2")
def test_det_som_inte_ar_ett_lagrum_avvisas(skrivet: str) -> None:
    assert gallande(skrivet, date(2024, 6, 1)) is None
    assert brott(lagrum_galler(skrivet, date(2024, 6, 1), "/lagrum")) == ("R-BES-2", "/lagrum")


@pytest.mark.regel("R-BES-2")
@pytest.mark.parametrize(
    ("skrivet", "dag", "galler"),
    [
        ("4 kap. 1 § SoL", GAMLA_SISTA, True),
        ("4 kap. 1 § SoL", NYA_FORSTA, False),
        ("11 kap. 1 § SoL", GAMLA_SISTA, False),
        ("11 kap. 1 § SoL", NYA_FORSTA, True),
        ("12 kap. 1 § SoL", GAMLA_SISTA, False),
        ("12 kap. 1 § SoL", NYA_FORSTA, True),
        ("9 § LSS", NYA_FORSTA, True),
        ("9 § LSS", date(1993, 12, 31), False),
        ("9 § LSS", date(1994, 1, 1), True),
        ("2024:79", date(2024, 3, 31), False),
        ("2024:79", date(2024, 4, 1), True),
    ],
)
def test_lagrummet_galler_till_och_med_sin_sista_dag(skrivet: str, dag: date, galler: bool) -> None:
    assert (lagrum_galler(skrivet, dag, "/lagrum") is None) is galler


@pytest.mark.regel("R-BES-2")
def test_avslaget_sager_nar_lagrummet_galler() -> None:
    gammalt = lagrum_galler("4 kap. 1 § SoL", NYA_FORSTA, "/lagrum")
    nytt = lagrum_galler("11 kap. 1 § SoL", GAMLA_SISTA, "/lagrum")
    assert gammalt is not None
    assert nytt is not None
    assert "från 2002-01-01 till 2025-06-30" in gammalt.text
    assert "från 2025-07-01," in nytt.text


@pytest.mark.regel("R-BES-7", "R-EVB-1")
def test_evb_foljer_lagrummet() -> None:
    assert {rad.text for rad in LAGRUM if rad.evb} == {
        "4 kap. 1 § SoL",
        "11 kap. 1 § SoL",
        "12 kap. 1 § SoL",
        "9 § LSS",
        *(f"9 § {punkt} LSS" for punkt in range(1, 11)),
    }


@pytest.mark.regel("R-BES-2")
def test_lagens_nummer_pekar_ut_den_ena_av_tva_lagar_med_samma_namn() -> None:
    lasning = las("4 kap. 1 § SoL (2001:453)")
    assert lasning is not None
    assert [rad.sfs for rad in rader_for(lasning)] == ["2001:453"]


@pytest.mark.regel("R-BES-2")
def test_gamla_och_nya_lagen_galler_aldrig_samma_dag() -> None:
    gamla = {rad.sfs for rad in i_kraft(GAMLA_SISTA) if rad.lag == "SoL"}
    nya = {rad.sfs for rad in i_kraft(NYA_FORSTA) if rad.lag == "SoL"}
    assert (gamla, nya) == ({"2001:453"}, {"2025:400"})


def test_gammalt_och_nytt_lagrum_motsvarar_varandra() -> None:
    gammalt, nytt = gallande("SoL 4:1", GAMLA_SISTA), gallande("SoL 12:1", NYA_FORSTA)
    lss = gallande("9 § LSS", NYA_FORSTA)
    assert gammalt is not None
    assert nytt is not None
    assert lss is not None
    assert [rad.text for rad in motsvarande(gammalt)] == ["11 kap. 1 § SoL", "12 kap. 1 § SoL"]
    assert [rad.text for rad in motsvarande(nytt)] == ["4 kap. 1 § SoL"]
    assert motsvarande(lss) == []


@pytest.mark.parametrize(
    ("dag", "finns"),
    [(date(2015, 12, 31), False), (date(2016, 1, 1), True)],
)
def test_en_insatstyp_beviljas_fran_sin_forsta_dag(dag: date, finns: bool) -> None:
    assert ("Stödboende" in {rad.namn for rad in beviljas(dag)}) is finns


def test_en_insatstyp_beviljas_till_och_med_sin_sista_dag() -> None:
    rad = Insatstyp("Prov", "SoL", date(2020, 1, 1), date(2020, 12, 31))
    assert rad.galler(date(2020, 12, 31))
    assert not rad.galler(date(2021, 1, 1))


def test_varje_punkt_i_lss_ar_en_insatstyp_och_ett_lagrum() -> None:
    punkter = [str(punkt) for punkt in range(1, 11)]
    assert [rad.punkt for rad in INSATSTYPER if rad.lag == "LSS"] == punkter
    assert [rad.punkt for rad in LAGRUM if rad.punkt] == punkter
