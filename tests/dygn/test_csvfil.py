"""Reading import files: what is wrong is told with row, column and rule."""

from pathlib import Path

import pytest

from dygn.fel import DygnFel
from dygn.overforing.csvfil import Filinnehall, las_fil, las_text
from dygn.overforing.kolumner import BESLUT, LEVERANTORER, PLACERINGAR, PRISANDRINGAR

BESLUTSRUBRIK = "referens,kon,lagrum,insatstyp,beslutsdatum"


def _beslut(*rader: str, rubrik: str = BESLUTSRUBRIK) -> Filinnehall:
    return las_text("\n".join([rubrik, *rader]) + "\n", BESLUT, "prov.csv")


def _fel(innehall: Filinnehall) -> list[tuple[int, str | None]]:
    return [(fel.rad, fel.kolumn) for fel in innehall.fel]


def test_en_god_rad_kommer_ut_med_sina_varden() -> None:
    (rad,) = _beslut("a1,M,9 § LSS,Kontaktperson,2023-01-31").rader
    assert rad.rad == 2
    assert rad.referens == "a1"
    assert rad.varden == {
        "referens": "a1",
        "kon": "M",
        "lagrum": "9 § LSS",
        "insatstyp": "Kontaktperson",
        "beslutsdatum": "2023-01-31",
    }


def test_semikolon_bom_och_vagnretur_gar_lika_bra(tmp_path: Path) -> None:
    fil = tmp_path / "excel.csv"
    rader = [BESLUTSRUBRIK.replace(",", ";"), "a1;K;9 § LSS;Stöd, i hemmet;2023-01-31", ";;;;"]
    fil.write_bytes("\r\n".join(rader).encode("utf-8-sig"))
    innehall = las_fil(fil, BESLUT)
    assert innehall.fel == ()
    assert [rad.varden["insatstyp"] for rad in innehall.rader] == ["Stöd, i hemmet"]


def test_insatstyp_behalls_som_den_ar_skriven() -> None:
    (rad,) = _beslut('a1,M,9 § LSS,"Avlösar-  service ""natt"", §",2023-01-31').rader
    assert rad.varden["insatstyp"] == 'Avlösar-  service "natt", §'


def test_tomma_rader_ar_inga_rader_men_raknas_i_radnumren() -> None:
    innehall = _beslut("a1,M,9 § LSS,Stöd,2023-01-31", "", "a2,X,9 § LSS,Stöd,2023-01-31")
    assert [rad.rad for rad in innehall.rader] == [2]
    assert _fel(innehall) == [(4, "kon")]


@pytest.mark.parametrize(
    ("kolumn", "rad"),
    [
        ("referens", ",M,9 § LSS,Stöd,2023-01-31"),
        ("kon", "a1,man,9 § LSS,Stöd,2023-01-31"),
        ("lagrum", "a1,M,,Stöd,2023-01-31"),
        ("insatstyp", f"a1,M,9 § LSS,{'x' * 101},2023-01-31"),
        ("beslutsdatum", "a1,M,9 § LSS,Stöd,2023-02-29"),
        ("beslutsdatum", "a1,M,9 § LSS,Stöd,20230131"),
        ("beslutsdatum", "a1,M,9 § LSS,Stöd,31/1 2023"),
    ],
)
@pytest.mark.regel("R-PLA-18")
def test_en_cell_med_fel_form_pekas_ut_med_rad_kolumn_och_regel(kolumn: str, rad: str) -> None:
    innehall = _beslut("ok,M,9 § LSS,Stöd,2023-01-31", rad)
    (fel,) = innehall.fel
    assert (fel.rad, fel.kolumn, fel.regel) == (3, kolumn, "R-PLA-18")
    assert [god.rad for god in innehall.rader] == [2]


@pytest.mark.parametrize("ore", ["12,50", "12.5", "-1", "1e3", "100000001", "tolv", "١٢"])
def test_ore_ar_hela_och_inte_negativa(ore: str) -> None:
    text = f'placering;fran;dygnspris_ore\np1;2024-01-01;"{ore}"\n'
    assert _fel(las_text(text, PRISANDRINGAR, "pris.csv")) == [(2, "dygnspris_ore")]


def test_alla_fel_i_en_rad_hittas_pa_en_gang() -> None:
    assert _fel(_beslut("a1,X,,Stöd,i går")) == [
        (2, "kon"),
        (2, "lagrum"),
        (2, "beslutsdatum"),
    ]


def test_en_rad_med_fel_antal_celler_ar_fel_som_helhet() -> None:
    innehall = _beslut("a1,M,9 § LSS,Stöd", "a2,M,9 § LSS,Stöd,2023-01-31,x")
    assert _fel(innehall) == [(2, None), (3, None)]
    assert innehall.antal == 2


def test_samma_referens_tva_ganger_ar_ett_fel_som_sager_var_den_forsta_star() -> None:
    rad = "a1,M,9 § LSS,Stöd,2023-01-31"
    (fel,) = _beslut(rad, rad).fel
    assert (fel.rad, fel.kolumn) == (3, "referens")
    assert "rad 2" in fel.text


def test_tva_lika_leverantorsrader_ar_inget_fel() -> None:
    text = "organisationsnummer,namn\n552000-0017,Exempel AB\n552000-0017,Exempel AB\n"
    innehall = las_text(text, LEVERANTORER, "lev.csv")
    assert innehall.fel == ()
    assert innehall.rader[0].referens == innehall.rader[1].referens


def test_leverantorsraders_referens_foljer_av_innehallet() -> None:
    text = "organisationsnummer,namn,enhet\n5520000017,Ett AB,A\n5520000017,Ett AB,B\n"
    forsta, andra = las_text(text, LEVERANTORER, "lev.csv").rader
    assert forsta.referens != andra.referens
    assert forsta.referens.startswith("5520000017/")


def test_rubrikraden_maste_stamma_och_felet_namner_varje_kolumn() -> None:
    with pytest.raises(DygnFel) as fel:
        _beslut(rubrik="referens,kön,lagrum,insatstyp,insatstyp")
    text = str(fel.value)
    assert "saknas: kon, beslutsdatum" in text
    assert "Okända kolumner: kön" in text
    assert "två gånger: insatstyp" in text


def test_en_tom_fil_saknar_rubrik() -> None:
    with pytest.raises(DygnFel, match="Rubrikraden"):
        las_text("", PLACERINGAR, "tom.csv")


def test_en_fil_som_inte_ar_utf8_sags_vara_det(tmp_path: Path) -> None:
    fil = tmp_path / "latin.csv"
    fil.write_bytes(f"{BESLUTSRUBRIK}\na1,M,9 § LSS,Stöd,2023-01-31\n".encode("latin-1"))
    with pytest.raises(DygnFel, match="inte UTF-8"):
        las_fil(fil, BESLUT)


def test_en_fil_som_inte_finns_sags_inte_ga_att_lasa(tmp_path: Path) -> None:
    with pytest.raises(DygnFel, match="går inte att läsa"):
        las_fil(tmp_path / "saknas.csv", BESLUT)


def test_ett_citattecken_som_aldrig_stangs_ar_ett_fel_med_rad() -> None:
    with pytest.raises(DygnFel, match="rad 2"):
        _beslut('a1,M,"9 § LSS,Stöd,2023-01-31')


def test_en_cell_over_flera_rader_flyttar_de_foljande_radnumren() -> None:
    innehall = _beslut('a1,M,9 § LSS,"Stöd\ni hemmet",2023-01-31', "a2,X,9 § LSS,Stöd,2023-01-31")
    assert [rad.rad for rad in innehall.rader] == [2]
    assert _fel(innehall) == [(4, "kon")]


def test_en_placering_under_ett_taget_beslut_far_sakna_eget_lagrum() -> None:
    rubrik = ",".join(kolumn.namn for kolumn in PLACERINGAR.kolumner)
    text = f"{rubrik}\np1,k1,M,,,,hvb,552000-0017,A,2024-01-01,,,,b1\n"
    (rad,) = las_text(text, PLACERINGAR, "p.csv").rader
    assert "lagrum" not in rad.varden
    assert rad.varden["beslut"] == "b1"
