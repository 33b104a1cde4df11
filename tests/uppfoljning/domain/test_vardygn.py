"""Vårddygn by example: the day of a move, overlaps taken over, what a row names."""

from datetime import date

import pytest

from contracts.ord import Avslutsorsak, Franvaroorsak
from services.uppfoljning.domain.rader import VardygnsRad
from services.uppfoljning.domain.vardygn import Stann, Vardygnsdel, fordela
from tests.uppfoljning.domain.fakta_bygge import Bygge, ident


def mars(dag: int) -> date:
    return date(2024, 3, dag)


def stann(namn: str, fran: date, till: date | None) -> Stann:
    return Stann(fran, till, ident(namn), (namn,))


def fordelade(*vistelser: Stann) -> list[tuple[str, date, date | None]]:
    namn = {vistelse.placering: vistelse.handelser[0] for vistelse in vistelser}
    return [(namn[d.placering], d.fran, d.till) for d in fordela(reversed(vistelser))]


@pytest.mark.regel("R-KOS-17", "R-PLA-1")
def test_flyttdagen_ar_det_mottagande_hemmets() -> None:
    assert fordelade(stann("a", mars(1), mars(10)), stann("b", mars(10), None)) == [
        ("a", mars(1), mars(9)),
        ("b", mars(10), None),
    ]


@pytest.mark.regel("R-KOS-17")
def test_flytt_nasta_dag_och_uppehall_delar_ingen_dag() -> None:
    assert fordelade(
        stann("a", mars(1), mars(9)), stann("b", mars(10), mars(11)), stann("c", mars(20), None)
    ) == [("a", mars(1), mars(9)), ("b", mars(10), mars(11)), ("c", mars(20), None)]


@pytest.mark.regel("R-KOS-17")
def test_tva_flyttar_samma_dag_ger_dagen_at_det_sista_hemmet() -> None:
    assert fordelade(
        stann("a", mars(1), mars(5)), stann("b", mars(5), mars(5)), stann("c", mars(5), mars(9))
    ) == [("a", mars(1), mars(4)), ("c", mars(5), mars(9))]


@pytest.mark.regel("R-KOS-17")
def test_overtagna_vistelser_som_overlappar_ger_varje_dag_en_placering() -> None:
    assert fordelade(
        stann("a", mars(1), None),
        stann("b", mars(5), mars(20)),
        stann("c", mars(8), mars(10)),
        stann("d", mars(9), mars(9)),
    ) == [
        ("a", mars(1), mars(4)),
        ("b", mars(5), mars(7)),
        ("c", mars(8), mars(8)),
        ("d", mars(9), mars(9)),
        ("c", mars(10), mars(10)),
        ("b", mars(11), mars(20)),
        ("a", mars(21), None),
    ]


@pytest.mark.regel("R-KOS-17")
def test_helt_lika_vistelser_ger_dagarna_at_en_och_alltid_samma() -> None:
    a, b = stann("a", mars(1), mars(2)), stann("b", mars(1), mars(2))
    assert fordela([a, b]) == fordela([b, a])
    assert len(fordela([a, b])) == 1


def test_inga_vistelser_ger_inga_dygn() -> None:
    assert fordela([]) == []


def test_en_vistelse_till_kalenderns_slut_tar_slut_dar() -> None:
    assert fordelade(stann("a", mars(1), None), stann("b", mars(2), date.max)) == [
        ("a", mars(1), mars(1)),
        ("b", mars(2), date.max),
    ]


def test_grannen_som_skar_ar_en_av_handelserna() -> None:
    a, b = stann("a", mars(1), mars(9)), stann("b", mars(3), mars(5))
    assert fordela([a, b]) == [
        Vardygnsdel(mars(1), mars(2), a.placering, ("a", "b")),
        Vardygnsdel(mars(3), mars(5), b.placering, ("b",)),
        Vardygnsdel(mars(6), mars(9), a.placering, ("a", "b")),
    ]


@pytest.mark.regel("R-KOS-17")
def test_debiterade_dygn_och_varddygn_ar_tva_matt() -> None:
    bygge = Bygge()
    bygge.klient()
    bygge.beslut("b", mars(1))
    a = bygge.inled("a", mars(1))
    slut = bygge.avsluta("a", mars(10), Avslutsorsak.OMPLACERING)
    flytt = bygge.vid(1)
    b = bygge.inled("b", mars(10))
    rader = bygge.rader()
    fore, *nya = sorted(rader.varddygn, key=lambda rad: (rad.kand_fran, rad.fran))
    assert (fore.fran, fore.till, fore.kand_till) == (mars(1), mars(10), flytt)
    assert [(rad.fran, rad.till) for rad in nya] == [(mars(1), mars(9)), (mars(10), None)]
    assert isinstance(nya[0], VardygnsRad)
    nycklar = (bygge.fakta[1].id, bygge.fakta[0].id)
    assert nya[0].handelser == (a.id, slut.id, b.id, *nycklar)
    assert nya[1].handelser == (b.id, *nycklar)
    assert sorted((rad.fran, rad.till) for rad in rader.kostnad if rad.till) == [
        (mars(1), mars(10))
    ]


@pytest.mark.regel("R-KOS-17", "R-PLA-1")
def test_en_hallen_plats_kostar_pa_bada_hallen_men_ar_ett_varddygn_i_det_nya_hemmet() -> None:
    bygge = Bygge()
    bygge.klient()
    bygge.beslut("b", mars(1))
    bygge.inled("a", mars(1))
    bygge.borta("a", mars(5), mars(9), Franvaroorsak.HALLEN_PLATS)
    bygge.inled("b", mars(5))
    bygge.avsluta("b", mars(9))
    rader = bygge.rader()
    assert sorted((rad.fran, rad.till, rad.dim.placering) for rad in rader.varddygn) == [
        (mars(1), mars(4), ident("a")),
        (mars(5), mars(9), ident("b")),
        (mars(10), None, ident("a")),
    ]
    assert {(rad.fran, rad.till) for rad in rader.kostnad} == {
        (mars(1), None),
        (mars(5), mars(9)),
    }


@pytest.mark.parametrize("orsak", Franvaroorsak)
def test_franvaro_for_sig_andrar_inga_rader(orsak: Franvaroorsak) -> None:
    bygge = Bygge()
    bygge.klient()
    bygge.beslut("b", mars(1))
    bygge.inled("a", mars(1))
    fore = bygge.rader()
    bygge.vid(1)
    bygge.borta("a", mars(5), None, orsak)
    assert bygge.rader() == fore
