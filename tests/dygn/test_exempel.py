"""The invented kommun: the same for the same seed, plausible, and good as an import."""

import itertools
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from organisationsnummer.organisationsnummer import Organisationsnummer

from contracts.ord import PLACERINGSFORM, Avslutsorsak
from dygn.exempel.csvut import filer, skriv, som_text
from dygn.exempel.former import NYA_SOL, VANLIGT, VANLIGT_FOR
from dygn.exempel.kommun import Exempelkommun, exempelkommun
from dygn.exempel.organisationsnummer import kontrollsiffra, pahittat
from dygn.overforing.csvfil import las_text

TOM = date(2026, 6, 30)


@pytest.fixture(scope="module")
def kommun() -> Exempelkommun:
    return exempelkommun(1490, 300, TOM)


def _text(kommun: Exempelkommun) -> str:
    return "".join(som_text(slag, rader) for slag, rader in filer(kommun))


def test_samma_fro_ger_samma_byte_och_ett_annat_andra(fro: int) -> None:
    forsta = exempelkommun(fro, 120, TOM)
    assert _text(forsta) == _text(exempelkommun(fro, 120, TOM))
    assert forsta.rattelser == exempelkommun(fro, 120, TOM).rattelser
    assert _text(forsta) != _text(exempelkommun(fro + 1, 120, TOM))


@pytest.mark.parametrize("antal", [1, 12, 77, 500])
def test_det_blir_sa_manga_placeringar_som_man_ber_om(antal: int, fro: int) -> None:
    assert len(exempelkommun(fro, antal, TOM).placeringar) == antal


def test_alla_former_finns_aven_i_en_liten_kommun(fro: int) -> None:
    former = {rad["placeringsform"] for rad in exempelkommun(fro, 12, TOM).placeringar}
    assert former == set(PLACERINGSFORM)
    assert {ett.form for ett in VANLIGT} == set(PLACERINGSFORM)


def test_alla_avslutsorsaker_finns(kommun: Exempelkommun) -> None:
    orsaker = {rad["avslutsorsak"] for rad in kommun.placeringar} - {""}
    assert orsaker == {orsak.value for orsak in Avslutsorsak}


def test_organisationsnumren_ar_ratt_till_formen_och_olika(kommun: Exempelkommun) -> None:
    namn_per_nummer = defaultdict(set)
    for rad in kommun.leverantorer:
        namn_per_nummer[rad["organisationsnummer"]].add(rad["namn"])
        assert Organisationsnummer.parse(rad["organisationsnummer"]).format() is not None
    assert all(len(namn) == 1 for namn in namn_per_nummer.values())
    alla_namn = [namn for namnen in namn_per_nummer.values() for namn in namnen]
    assert len(alla_namn) == len(set(alla_namn))


def test_kontrollsiffran_ar_den_kanda() -> None:
    assert kontrollsiffra("556036079") == "3"
    for lopnummer in (0, 1, 99_999):
        nummer = pahittat(lopnummer)
        assert Organisationsnummer.parse(nummer).format(separator=True) == nummer


def test_filerna_gar_att_lasa_som_importfiler_utan_ett_enda_fel(kommun: Exempelkommun) -> None:
    for slag, rader in filer(kommun):
        innehall = las_text(som_text(slag, rader), slag, slag.namn)
        assert innehall.fel == ()
        assert len(innehall.rader) == len(rader)


@pytest.mark.regel("R-PLA-1")
def test_ingen_ar_pa_tva_stallen_samma_dag_annat_an_flyttdagen(kommun: Exempelkommun) -> None:
    per_klient = defaultdict(list)
    for rad in kommun.placeringar:
        till = rad["till"] or "9999-12-31"
        assert rad["fran"] <= till
        per_klient[rad["klient"]].append((rad["fran"], till))
    for vistelser in per_klient.values():
        for (_, slut), (nasta, _) in itertools.pairwise(vistelser):
            assert slut <= nasta


def test_flyttar_samma_dag_avbrott_och_pagaende_placeringar_finns(kommun: Exempelkommun) -> None:
    par = [
        (forra, nasta)
        for forra, nasta in zip(kommun.placeringar, kommun.placeringar[1:], strict=False)
        if forra["klient"] == nasta["klient"]
    ]
    assert any(forra["till"] == nasta["fran"] for forra, nasta in par)
    vecka = timedelta(days=7)
    assert any(
        date.fromisoformat(forra["till"]) + vecka < date.fromisoformat(nasta["fran"])
        for forra, nasta in par
    )
    assert any(not rad["till"] for rad in kommun.placeringar)
    assert any(rad["aterupptagen_datum"] for rad in kommun.beslut)


def test_priser_och_aldrar_ar_rimliga_for_formen(kommun: Exempelkommun) -> None:
    for rad in kommun.placeringar:
        vanligt = VANLIGT_FOR[rad["placeringsform"]]
        if rad["dygnspris_ore"]:
            lagst, hogst = vanligt.pris
            assert lagst * 90 <= int(rad["dygnspris_ore"]) <= hogst * 130
            assert int(rad["dygnspris_ore"]) % 1000 == 0


@pytest.mark.regel("R-BES-2")
def test_lagrummet_ar_det_som_galler_pa_beslutsdatumet(kommun: Exempelkommun) -> None:
    lagrum = defaultdict(set)
    for rad in (*kommun.placeringar, *kommun.beslut):
        if rad["lagrum"].endswith("SoL"):
            lagrum[rad["lagrum"]].add(rad["beslutsdatum"])
    assert max(lagrum["4 kap. 1 § SoL"]) < NYA_SOL.isoformat()
    assert min(lagrum["11 kap. 1 § SoL"]) >= NYA_SOL.isoformat()


def test_prisandringar_ligger_i_placeringen_och_ar_sex_pa_tio(kommun: Exempelkommun) -> None:
    placeringar = {rad["referens"]: rad for rad in kommun.placeringar}
    for rad in kommun.prisandringar:
        placering = placeringar[rad["placering"]]
        assert placering["fran"] < rad["fran"] <= (placering["till"] or TOM.isoformat())
    assert len(kommun.prisandringar) == 180


def test_en_enhet_har_ett_avtal_i_taget(kommun: Exempelkommun) -> None:
    per_enhet = defaultdict(list)
    for rad in kommun.leverantorer:
        if rad["avtal_fran"]:
            nyckel = (rad["organisationsnummer"], rad["enhet"])
            per_enhet[nyckel].append((rad["avtal_fran"], rad["avtal_till"] or "9999-12-31"))
    for perioder in per_enhet.values():
        for (_, slut), (nasta, _) in itertools.pairwise(perioder):
            assert slut < nasta


def test_varje_placering_pekar_pa_en_leverantor_och_enhet_som_finns(kommun: Exempelkommun) -> None:
    finns = {(rad["organisationsnummer"], rad["enhet"]) for rad in kommun.leverantorer}
    for rad in kommun.placeringar:
        if rad["organisationsnummer"]:
            assert (rad["organisationsnummer"], rad["enhet"]) in finns
        else:
            assert VANLIGT_FOR[rad["placeringsform"]].extern < 100


def test_rattelser_galler_placeringar_utan_prisandringar(kommun: Exempelkommun) -> None:
    andrade = {rad["placering"] for rad in kommun.prisandringar}
    assert any(rattelse.dygnspris_ore is None for rattelse in kommun.rattelser)
    assert any(rattelse.dygnspris_ore is not None for rattelse in kommun.rattelser)
    assert not andrade & {rattelse.placering for rattelse in kommun.rattelser}


def test_filerna_skrivs_i_den_ordning_som_de_importeras(
    kommun: Exempelkommun, tmp_path: Path
) -> None:
    skrivna = skriv(kommun, tmp_path / "ny" / "mapp")
    assert [fil.name for fil, _ in skrivna] == [
        "leverantorer.csv",
        "beslut.csv",
        "placeringar.csv",
        "prisandringar.csv",
    ]
    assert skrivna[2][0].read_text("utf-8").splitlines()[0].startswith("referens,klient,kon,")
