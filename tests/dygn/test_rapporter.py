"""The reports as text: CSV to the letter, tables as they look a hundred columns wide."""

import copy
import io
import re
from typing import Any

import pytest
from rich.console import Console, RenderableType

from dygn.rapporter import underlag, varfor
from dygn.rapporter.rapport import RAPPORTER, som_csv
from dygn.rapporter.tal import antal, kronor, stund
from tests.dygn.svar import DYGNSKOSTNADER, EVB, LEVERANTORER, UNDERLAG, VARFOR, VARFOR_EVB


def _csv(namn: str, svar: dict[str, Any]) -> list[str]:
    rapport = RAPPORTER[namn]
    return som_csv(rapport.rubriker(svar), rapport.csv_rader(svar)).splitlines()


def _ritad(ritbar: RenderableType, bredd: int = 100) -> str:
    ut = io.StringIO()
    Console(file=ut, width=bredd, highlight=False, color_system=None).print(ritbar)
    rader = [rad.rstrip() for rad in ut.getvalue().splitlines()]
    return "\n".join(rader).replace("\u00a0", " ") + "\n"


def _tabell(namn: str, svar: dict[str, Any]) -> str:
    return _ritad(RAPPORTER[namn].tabell(svar))


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.regel("R-KOS-9")
@pytest.mark.parametrize(
    ("ore", "text"),
    [
        (0, "0,00"),
        (5, "0,05"),
        (99, "0,99"),
        (100, "1,00"),
        (123_456_789, "1\u00a0234\u00a0567,89"),
        (-5, "−0,05"),
        (-123_456, "−1\u00a0234,56"),
        (9_007_199_254_740_993_01, "9\u00a0007\u00a0199\u00a0254\u00a0740\u00a0993,01"),
        (None, "–"),
    ],
)
def test_ore_skrivs_som_kronor_utan_att_nagot_avrundas(ore: int | None, text: str) -> None:
    assert kronor(ore) == text


def test_noll_och_okant_ar_tva_olika_saker() -> None:
    assert antal(0) == "0"
    assert antal(None) == "–"
    assert antal(-1234) == "−1\u00a0234"


def test_tidpunkter_skrivs_som_klockan_ar_i_sverige() -> None:
    assert stund("2024-07-01T22:30:00+00:00") == "2024-07-02 00:30:00"
    assert stund("2024-12-31T23:00:00.5+00:00") == "2025-01-01 00:00:00"


# --- CSV ---------------------------------------------------------------------------------------


def test_dygnskostnader_som_csv_har_rubrik_och_rader_och_inget_annat() -> None:
    assert _csv("dygnskostnader", DYGNSKOSTNADER) == [
        "placeringsform,antal_placerade,antal_placeringar,debiterade_dygn,varddygn,"
        "kostnad_ore,dygnskostnad_ore",
        "hvb,41,45,12345,12301,8642108642,700049",
        "sis,1,1,0,1,0,",
    ]


@pytest.mark.parametrize("snitt", ["placeringsform", "leverantor", "manad", "aldersklass"])
def test_forsta_kolumnen_heter_som_snittet(snitt: str) -> None:
    svar = {**DYGNSKOSTNADER, "underlag": {**UNDERLAG, "snitt": snitt}}
    assert _csv("dygnskostnader", svar)[0].split(",")[0] == snitt


def test_evb_som_csv_har_papperets_kolumner_och_varje_rad_sager_sin_namnd() -> None:
    assert _csv("evb", EVB) == [
        "Nämnd,Inga ej verkställda beslut,Ej verkställda beslut,Typ av insats,"
        "Antal dagar sedan beslut,Man/kvinna,Antal dagar sedan avbrott",
        "Sociala omsorgsnämnden,,X,Daglig verksamhet,1376,M,",
        "Sociala omsorgsnämnden,,X,Daglig verksamhet,1376,M,",
        "Sociala omsorgsnämnden,,X,Daglig verksamhet,1395,K,120",
        "Sociala omsorgsnämnden,,X,Avlösarservice,92,A,",
        "Äldrenämnden,X,,,,,",
    ]


def test_leverantorer_som_csv_citerar_det_som_behover_citeras() -> None:
    assert _csv("leverantorer", LEVERANTORER) == [
        "omrade,organisationsnummer,namn,antal_placeringar,varddygn,kostnad_ore",
        ',552000-0034,"Exempel, ""Ett"" AB",1,34,4210864',
        "Barn och unga externa institutionsplaceringar,552000-0018,Exempelvården Tallen AB,"
        "12,3456,86421086",
        'Barn och unga externa institutionsplaceringar,552000-0034,"Exempel, ""Ett"" AB",'
        "2,70,8421086",
    ]


def test_en_rapport_utan_rader_ar_bara_rubriken() -> None:
    assert len(_csv("leverantorer", {**LEVERANTORER, "rader": []})) == 1


# --- what it was made from ---------------------------------------------------------------------


def test_underlaget_sager_allt_som_svaret_vilar_pa() -> None:
    assert underlag.rader(UNDERLAG) == [
        "Period: 2024-01-01 – 2024-12-31, snitt: placeringsform, kommun 1490.",
        "Känt per: allt som är känt nu. Preliminär (fullständigt fram till 2025-01-02 12:00:00): "
        "Ingen tidpunkt är angiven.",
        "Läst: placering till 1:1234 (2025-01-02 12:00:00), leverantor till 2:51 (–).",
        "Framtagen 2025-01-02 12:00:01, exklusive moms.",
    ]


def test_en_slutlig_rapport_sager_att_den_ar_det() -> None:
    assert underlag.rader(EVB["underlag"])[:2] == [
        "Per 2023-12-31, lag: LSS, gräns: 3 månader, kommun 1490.",
        "Känt per: 2024-01-01 00:00:00. Slutlig (fullständigt fram till 2025-01-02 12:00:00).",
    ]


def test_utan_w_ar_inget_fullstandigt() -> None:
    rad = underlag.rader({**UNDERLAG, "w": None})[1]
    assert "inget är fullständigt ännu" in rad


# --- tables ------------------------------------------------------------------------------------


DYGNSKOSTNADSTABELL = """\
                    Antal        Antal  Debiterade                 Kostnad,  Dygnskostnad,
Placeringsform  placerade  placeringar        dygn  Vårddygn             kr             kr
──────────────────────────────────────────────────────────────────────────────────────────
HVB                    41           45      12 345    12 301  86 421 086,42       7 000,49
SiS                     1            1           0         1           0,00              –
──────────────────────────────────────────────────────────────────────────────────────────
Summa                  41           46      12 345    12 302  86 421 086,42       7 000,49
Placerade är personer, var och en räknad en gång per rad och en gång i summan.
3 debiterade dygn har inget känt pris och står för 0 kr.
"""


def test_dygnskostnader_som_tabell() -> None:
    over, tabell = _tabell("dygnskostnader", DYGNSKOSTNADER).split("\n\n")
    assert over.startswith("Dygnskostnader\nPeriod: 2024-01-01 – 2024-12-31, ")
    assert tabell == DYGNSKOSTNADSTABELL


def test_evb_som_tabell_har_namnden_pa_forsta_raden_i_varje_insats() -> None:
    text = _tabell("evb", EVB)
    beslut, analys = text.split("Analys\n")
    rader = [rad for rad in beslut.splitlines() if " X " in f"{rad} "]
    assert [rad.startswith("Sociala omsorgsnämnden") for rad in rader] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert [rad.split()[-1] for rad in rader[:4]] == ["M", "M", "120", "A"]
    assert rader[4].split() == ["Äldrenämnden", "X"]
    assert text.startswith(EVB["titel"])
    summa = next(rad for rad in analys.splitlines() if rad.startswith("Summa"))
    assert summa.split(maxsplit=9) == ["Summa", "4", "3", "1", "1", "2", "2", "1", "1", "1 395"]
    assert "Skäl, Daglig verksamhet: resursbrist 2." in analys
    assert "Nya och borta: sedan 2023-09-30." in analys


@pytest.mark.regel("R-LEV-2")
def test_leverantorer_som_tabell_visar_bada_summorna() -> None:
    text = _tabell("leverantorer", LEVERANTORER)
    rader = text.splitlines()
    assert any(rad.split() == ["Summa", "över", "områden", "3"] for rad in rader)
    assert any(rad.split() == ["Olika", "organisationsnummer", "2"] for rad in rader)
    assert any(rad.split() == ["Utom", "ramavtal", "1"] for rad in rader)
    summa = next(rad for rad in rader if rad.startswith("Summa  "))
    assert re.split(r" {2,}", summa) == ["Summa", "15", "3 560", "990 530,36"]


@pytest.mark.parametrize("namn", ["dygnskostnader", "evb", "leverantorer"])
def test_ingen_rad_ar_bredare_an_hundra_tecken(namn: str) -> None:
    svar = {"dygnskostnader": DYGNSKOSTNADER, "evb": EVB, "leverantorer": LEVERANTORER}[namn]
    assert all(len(rad) <= 100 for rad in _tabell(namn, svar).splitlines())


def test_det_som_kom_in_ur_en_fil_tolkas_aldrig_som_formatering() -> None:
    svar = copy.deepcopy(EVB)
    svar["rader"][0]["insatstyp"] = "[red]Stöd[/red] [link=x]"
    svar["rader"][0]["namnd"] = "[bold]N"
    text = _tabell("evb", svar)
    assert "[red]Stöd[/red]" in text
    assert "[bold]N" in text


# --- why ---------------------------------------------------------------------------------------


@pytest.mark.regel("R-KOS-6")
def test_varfor_visar_placeringar_dygn_ganger_pris_och_handelser() -> None:
    text = _ritad(varfor.trad("HVB", VARFOR))
    for del_ in (
        "HVB: 62 debiterade dygn, 61 vårddygn, 434 000,00 kr, 7 000,00 kr per dygn",
        "Placering 1b00319a-db44-5d5a-b3cc-47b0c64d1096 2024-01-01 – 2024-03-02",
        "31 dygn × 7 000,00 kr (6 500,00 + tillägg 500,00) = 217 000,00 kr",
        "ur placering:1:17.0, placering:1:19.0",
        "Vårddygn 2024-01-01 – 2024-03-01: 61",
        "Delarnas summa: 1 placering, 62 debiterade dygn, 61 vårddygn, 434 000,00 kr. "
        "Stämmer med siffran.",
    ):
        assert del_ in text
    assert "STÄMMER INTE" not in text


@pytest.mark.regel("R-KOS-6")
@pytest.mark.parametrize("matt", ["debiterade_dygn", "varddygn", "kostnad_ore"])
def test_varfor_sager_ifran_nar_delarna_inte_blir_siffran(matt: str) -> None:
    svar = copy.deepcopy(VARFOR)
    svar["summa"][matt] += 1
    assert varfor.avvikelser(svar) == {matt: -1}
    assert f"STÄMMER INTE med siffran: {matt} −1." in _ritad(varfor.trad("HVB", svar), 200)


def test_varfor_sager_ifran_nar_dygn_ganger_pris_inte_ar_kostnaden() -> None:
    svar = copy.deepcopy(VARFOR)
    svar["placeringar"][0]["intervall"][0]["pris_ore"] += 1
    assert "217 000,00 kr STÄMMER INTE" in _ritad(varfor.trad("HVB", svar), 200)


def test_dygn_utan_pris_sags_vara_det() -> None:
    svar = copy.deepcopy(VARFOR)
    svar["placeringar"][0]["intervall"][1] |= {"pris_ore": None, "kostnad_ore": 0}
    assert "31 dygn × okänt pris = 0,00 kr\n" in _ritad(varfor.trad("HVB", svar), 200)


def test_varfor_som_csv_har_en_rad_per_intervall() -> None:
    rader = som_csv(varfor.CSV_KOLUMNER, varfor.csv_rader(VARFOR)).splitlines()
    id_ = "1b00319a-db44-5d5a-b3cc-47b0c64d1096"
    assert rader == [
        "placering,slag,fran,till,dygn,pris_ore,kostnad_ore,handelser",
        f"{id_},kostnad,2024-01-01,2024-01-31,31,700000,21700000,placering:1:17.0 placering:1:19.0",
        f"{id_},kostnad,2024-02-01,2024-03-02,31,700000,21700000,placering:1:17.0",
        f"{id_},varddygn,2024-01-01,2024-03-01,61,,,",
    ]


def test_varfor_ett_beslut_star_i_rapporten_visar_klockans_gang() -> None:
    text = _ritad(varfor.evb(VARFOR_EVB))
    for del_ in (
        "står i rapporten",
        "2020-03-07 – 2023-09-01: verkställt, klockan står",
        "2023-09-02 – tills vidare: avbrutet, klockan går från 2023-09-02",
        "ur placering:1:18.0",
        "120 dagar sedan avbrottet",
        "Regler: R-KLO-1",
    ):
        assert del_ in text
    inte = {**VARFOR_EVB, "listad": False, "rad": None}
    assert "står inte i rapporten" in _ritad(varfor.evb(inte))


def test_varfor_ett_beslut_som_csv_har_en_rad_per_lage() -> None:
    rader = som_csv(varfor.EVB_CSV_KOLUMNER, varfor.evb_csv_rader(VARFOR_EVB)).splitlines()
    assert rader[0] == "beslut,fran,till,lage,klocka_fran,handelser"
    assert rader[2].endswith(",2023-09-02,,avbruten,2023-09-02,placering:1:18.0")
