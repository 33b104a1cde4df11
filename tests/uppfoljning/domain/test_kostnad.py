"""Cost of a placering by example: each rule on both sides of its border."""

from datetime import date

import pytest

from contracts.ord import Avslutsorsak, Dagrakning, Form, Kon, Prisslag, Regi
from services.uppfoljning.domain.dagintervall import Dagintervall, antal_dagar, dagen_fore
from services.uppfoljning.domain.kostnad import debiterade_dygn, dygnspris
from services.uppfoljning.domain.rader import KostnadsRad
from services.uppfoljning.domain.summering import dagar, dygnskostnad_ore, kostnad_ore
from tests.uppfoljning.domain.fakta_bygge import BORJAN, KLIENT, Bygge, ident

MARS = date(2024, 3, 1), date(2024, 3, 31)


@pytest.fixture
def bygge() -> Bygge:
    """A klient with one beslut."""
    bygge = Bygge()
    bygge.klient()
    bygge.beslut("b", date(2024, 1, 1))
    return bygge


def nu(bygge: Bygge) -> list[KostnadsRad]:
    """The cost rows as they are known at the end, in order of date."""
    return sorted(
        (rad for rad in bygge.rader().kostnad if rad.kand_till is None),
        key=lambda rad: (rad.dim.placering, rad.fran),
    )


def delar(bygge: Bygge) -> list[tuple[date, date | None, int | None]]:
    return [(rad.fran, rad.till, rad.pris_ore) for rad in nu(bygge)]


@pytest.mark.regel("R-KOS-2")
@pytest.mark.parametrize(
    ("dagrakning", "fran", "till"),
    [
        (Dagrakning.BADA, date(2024, 2, 28), date(2024, 3, 1)),
        (Dagrakning.ANKOMST, date(2024, 2, 28), date(2024, 2, 29)),
        (Dagrakning.AVRESA, date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_avtalet_sager_vilka_dagar_som_raknas(
    dagrakning: Dagrakning, fran: date, till: date
) -> None:
    vistelse = Dagintervall(date(2024, 2, 28), date(2024, 3, 1))
    assert debiterade_dygn(vistelse, dagrakning) == (fran, till)


@pytest.mark.regel("R-KOS-2", "R-PLA-1")
@pytest.mark.parametrize("dagrakning", list(Dagrakning))
def test_en_vistelse_pa_en_dag_ar_ett_dygn_hur_man_an_raknar(dagrakning: Dagrakning) -> None:
    vistelse = Dagintervall(date(2024, 2, 29), date(2024, 2, 29))
    assert debiterade_dygn(vistelse, dagrakning) == vistelse


@pytest.mark.regel("R-KOS-2")
@pytest.mark.parametrize("dagrakning", [Dagrakning.ANKOMST, Dagrakning.AVRESA])
def test_tva_dagar_ar_ett_dygn_nar_bara_en_andpunkt_raknas(dagrakning: Dagrakning) -> None:
    dygn = debiterade_dygn(Dagintervall(date(2024, 3, 1), date(2024, 3, 2)), dagrakning)
    assert dygn is not None
    assert dygn.till is not None
    assert antal_dagar(dygn.fran, dygn.till) == 1


@pytest.mark.regel("R-KOS-2")
def test_en_lopande_vistelse_har_ingen_sista_dag_an() -> None:
    lopande = Dagintervall(date(2024, 3, 1), None)
    assert debiterade_dygn(lopande, Dagrakning.ANKOMST) == lopande
    assert debiterade_dygn(lopande, Dagrakning.AVRESA) == (date(2024, 3, 2), None)
    sista = Dagintervall(date.max, None)
    assert debiterade_dygn(sista, Dagrakning.AVRESA) is None


@pytest.mark.regel("R-KOS-2")
def test_avtalets_dagrakning_styr_raderna_och_galler_aven_rattad(bygge: Bygge) -> None:
    bygge.vid(1)
    bygge.avtal("a", dagrakning=Dagrakning.AVRESA)
    bygge.inled("p", date(2024, 3, 1), avtal="a")
    bygge.avsluta("p", date(2024, 3, 4))
    assert delar(bygge) == [(date(2024, 3, 2), date(2024, 3, 4), 1000)]
    bygge.vid(2)
    bygge.ratta_avtal("a", "Jourhem", Dagrakning.ANKOMST)
    assert delar(bygge) == [(date(2024, 3, 1), date(2024, 3, 3), 1000)]
    assert [rad.dim.omrade for rad in nu(bygge)] == ["Jourhem"]
    fore = [rad for rad in bygge.rader().kostnad if rad.kand_till is not None]
    assert [(rad.kand_fran, rad.kand_till) for rad in fore] == [
        (bygge.vid(1), bygge.vid(2)),
    ]


@pytest.mark.regel("R-KOS-2")
def test_utan_kant_avtal_raknas_bada_dagarna_utom_ramavtal(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1), avtal="okant")
    bygge.avsluta("p", date(2024, 3, 2))
    assert delar(bygge) == [(date(2024, 3, 1), date(2024, 3, 2), 1000)]
    assert nu(bygge)[0].dim.omrade == ""
    assert nu(bygge)[0].dim.avtal == ident("okant")


def test_en_vistelse_vars_enda_rest_faller_utanfor_kalendern_har_inga_dygn(bygge: Bygge) -> None:
    bygge.avtal("a", dagrakning=Dagrakning.AVRESA)
    bygge.inled("p", date.max, avtal="a")
    assert nu(bygge) == []
    assert len(bygge.rader().vistelse) == 1


@pytest.mark.regel("R-KOS-1")
def test_ett_tillagg_har_sitt_eget_intervall(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.avsluta("p", date(2024, 3, 31))
    bygge.pris("p", "t", date(2024, 3, 10), 250, Prisslag.TILLAGG, date(2024, 3, 20))
    assert [(r.fran, r.till, r.grund_ore, r.tillagg_ore, r.pris_ore) for r in nu(bygge)] == [
        (date(2024, 3, 1), date(2024, 3, 9), 1000, 0, 1000),
        (date(2024, 3, 10), date(2024, 3, 20), 1000, 250, 1250),
        (date(2024, 3, 21), date(2024, 3, 31), 1000, 0, 1000),
    ]


@pytest.mark.regel("R-KOS-1")
def test_flera_tillagg_laggs_ihop_och_utanfor_vistelsen_kostar_de_inget(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 10))
    bygge.avsluta("p", date(2024, 3, 20))
    bygge.pris("p", "t1", date(2024, 3, 1), 1, Prisslag.TILLAGG)
    bygge.pris("p", "t2", date(2024, 3, 20), 20, Prisslag.TILLAGG, date(2024, 4, 30))
    bygge.pris("p", "t3", date(2024, 3, 21), 300, Prisslag.TILLAGG)
    bygge.pris("p", "t4", date(2024, 3, 15), 4000, Prisslag.TILLAGG, date(2024, 3, 14))
    bygge.pris("p", "t5", date(2024, 3, 1), 50000, Prisslag.TILLAGG, date(2024, 3, 9))
    assert delar(bygge) == [
        (date(2024, 3, 10), date(2024, 3, 19), 1001),
        (date(2024, 3, 20), date(2024, 3, 20), 1021),
    ]


@pytest.mark.regel("R-KOS-1")
def test_ett_tillagg_till_kalenderns_slut_tar_aldrig_slut(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.pris("p", "t", date(2024, 3, 2), 5, Prisslag.TILLAGG, date.max)
    assert delar(bygge)[-1] == (date(2024, 3, 2), None, 1005)


@pytest.mark.regel("R-KOS-1")
def test_nytt_grundpris_galler_fran_sin_dag_tills_nasta(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.pris("p", "g2", date(2024, 3, 20), 1200)
    bygge.pris("p", "g1", date(2024, 3, 10), 1100)
    assert delar(bygge) == [
        (date(2024, 3, 1), date(2024, 3, 9), 1000),
        (date(2024, 3, 10), date(2024, 3, 19), 1100),
        (date(2024, 3, 20), None, 1200),
    ]


@pytest.mark.regel("R-KOS-1")
def test_en_prisrad_fran_forsta_dagen_gar_fore_startpriset(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 10))
    bygge.pris("p", "g", date(2024, 3, 10), 1100)
    assert delar(bygge) == [(date(2024, 3, 10), None, 1100)]
    bygge.pris("p", "g", date(2024, 3, 11), 1100)
    assert delar(bygge) == [
        (date(2024, 3, 10), date(2024, 3, 10), 1000),
        (date(2024, 3, 11), None, 1100),
    ]


@pytest.mark.regel("R-KOS-1")
def test_av_tva_grundrader_samma_dag_galler_den_sist_registrerade(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.pris("p", "g1", date(2024, 3, 10), 1100)
    bygge.pris("p", "g2", date(2024, 3, 10), 1200)
    assert delar(bygge)[-1] == (date(2024, 3, 10), None, 1200)
    bygge.pris("p", "g1", date(2024, 3, 10), 1300)
    assert delar(bygge)[-1] == (date(2024, 3, 10), None, 1300)


@pytest.mark.regel("R-KOS-3")
def test_overenskommet_pris_binder_aven_nar_enheten_har_ett_listpris(bygge: Bygge) -> None:
    bygge.listpris(date(2024, 1, 1), 5000)
    bygge.inled("p", date(2024, 3, 1), dygnspris_ore=0)
    assert delar(bygge) == [(date(2024, 3, 1), None, 0)]


@pytest.mark.regel("R-KOS-3")
def test_utan_overenskommet_pris_galler_listpriset_pa_forsta_dagen_hela_tiden(
    bygge: Bygge,
) -> None:
    bygge.listpris(date(2024, 1, 1), 5000)
    bygge.listpris(date(2024, 3, 1), 6000)
    bygge.listpris(date(2024, 3, 2), 7000)
    bygge.listpris(date(2024, 3, 1), 1, enhet="annan")
    bygge.inled("p", date(2024, 3, 1), dygnspris_ore=None)
    assert delar(bygge) == [(date(2024, 3, 1), None, 6000)]
    bygge.listpris(date(2024, 3, 1), 6500)
    assert delar(bygge) == [(date(2024, 3, 1), None, 6500)]


@pytest.mark.regel("R-KOS-3")
def test_en_forlangning_ger_nytt_pris_fran_sin_dag(bygge: Bygge) -> None:
    bygge.listpris(date(2024, 1, 1), 5000)
    bygge.listpris(date(2024, 3, 10), 6000)
    bygge.listpris(date(2024, 3, 11), 7000)
    bygge.inled("p", date(2024, 3, 1))
    bygge.forlang("p", "f1", date(2024, 3, 10))
    bygge.forlang("p", "f2", date(2024, 3, 20), 8000)
    assert delar(bygge) == [
        (date(2024, 3, 1), date(2024, 3, 9), 1000),
        (date(2024, 3, 10), date(2024, 3, 19), 6000),
        (date(2024, 3, 20), None, 8000),
    ]


@pytest.mark.regel("R-KOS-3", "R-KOS-6")
def test_en_forlangning_till_listpris_visar_bade_sig_sjalv_och_listpriset(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.vid(1)
    forlangd = bygge.forlang("p", "f", date(2024, 3, 10))
    assert delar(bygge) == [(date(2024, 3, 1), None, 1000)]
    bygge.vid(2)
    lista = bygge.listpris(date(2024, 3, 10), 6000)
    assert {forlangd.id, lista.id} <= set(nu(bygge)[-1].handelser)
    assert delar(bygge)[-1] == (date(2024, 3, 10), None, 6000)


@pytest.mark.regel("R-KOS-3")
def test_ett_listpris_efter_forlangningens_forsta_dag_andrar_inget(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.forlang("p", "f", date(2024, 3, 10))
    bygge.listpris(date(2024, 3, 11), 6000)
    assert delar(bygge) == [(date(2024, 3, 1), None, 1000)]


@pytest.mark.regel("R-KOS-3")
def test_ett_listpris_som_blir_kant_efterat_prissatter_fran_dess_det_registrerades(
    bygge: Bygge,
) -> None:
    inledd = bygge.vid(1)
    bygge.inled("p", date(2024, 3, 1), dygnspris_ore=None)
    satt = bygge.vid(2)
    bygge.listpris(date(2024, 2, 1), 6000)
    assert [(r.pris_ore, r.kand_fran, r.kand_till) for r in bygge.rader().kostnad] == [
        (None, inledd, satt),
        (6000, satt, None),
    ]


@pytest.mark.regel("R-KOS-1")
def test_utan_kant_pris_raknas_dygnen_men_kostar_inget(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1), dygnspris_ore=None, enhet=None)
    bygge.listpris(date(2024, 3, 2), 6000)
    (rad,) = nu(bygge)
    assert (rad.pris_ore, rad.grund_ore, rad.tillagg_ore) == (None, None, 0)
    assert dagar(rad.fran, rad.till, *MARS) == 31
    assert kostnad_ore(rad.fran, rad.till, rad.pris_ore, *MARS) == 0


@pytest.mark.regel("R-KOS-1")
def test_ar_bara_tillagg_kanda_ar_de_den_kanda_kostnaden(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1), dygnspris_ore=None)
    bygge.pris("p", "t", date(2024, 3, 31), 70, Prisslag.TILLAGG)
    assert [(r.pris_ore, r.grund_ore, r.tillagg_ore) for r in nu(bygge)] == [
        (None, None, 0),
        (70, None, 70),
    ]
    assert dygnspris(None, []) is None
    assert dygnspris(0, []) == 0


def test_en_makulerad_placering_har_inga_rader_fran_den_stunden(bygge: Bygge) -> None:
    inledd = bygge.vid(1)
    bygge.inled("p", date(2024, 3, 1))
    makulerad = bygge.vid(2)
    bygge.makulera("p")
    bygge.vid(3)
    bygge.ratta("p", date(2024, 3, 2))
    rader = bygge.rader()
    for rad in (*rader.kostnad, *rader.vistelse, *rader.varddygn):
        assert (rad.kand_fran, rad.kand_till) == (inledd, makulerad)
    assert [len(tabell) for tabell in rader[:3]] == [1, 1, 1]


def test_en_rattelse_ersatter_alla_uppgifter_ocksa_slutet(bygge: Bygge) -> None:
    bygge.vid(1)
    bygge.inled("p", date(2024, 3, 1))
    bygge.avsluta("p", date(2024, 3, 31))
    bygge.vid(2)
    bygge.ratta(
        "p", date(2024, 3, 5), form=Form.FAMILJEHEM, regi=Regi.EGEN, natverk=True,
        leverantor=None, enhet=None, dygnspris_ore=900,
    )  # fmt: skip
    (rad,) = nu(bygge)
    assert (rad.fran, rad.till, rad.pris_ore) == (date(2024, 3, 5), None, 900)
    assert rad.dim == (
        ident("p"), KLIENT, ident("b"), "natverkshem", "egen", "", None, None, "",
        "4 kap. 1 § SoL", "M", "2010-05", None,
    )  # fmt: skip
    bygge.vid(3)
    bygge.ratta("p", date(2024, 3, 5), till=date(2024, 3, 6), orsak=Avslutsorsak.ANNAN)
    assert delar(bygge) == [(date(2024, 3, 5), date(2024, 3, 6), 1000)]


def test_ett_slut_fore_borjan_ar_ingen_vistelse(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 2))
    bygge.avsluta("p", date(2024, 3, 1))
    assert bygge.rader()[:3] == ([], [], [])


def test_pris_och_slut_pa_en_placering_som_inte_ar_kand_ger_inga_rader() -> None:
    bygge = Bygge()
    bygge.pris("p", "g", date(2024, 3, 1), 1)
    bygge.vid(1)
    bygge.listpris(date(2024, 3, 1), 1)
    bygge.klient()
    assert bygge.rader() == ([], [], [], [])


def test_raden_namner_de_handelser_som_satte_den(bygge: Bygge) -> None:
    avtal = bygge.avtal("a")
    inledd = bygge.inled("p", date(2024, 3, 1), avtal="a")
    slut = bygge.avsluta("p", date(2024, 3, 31))
    grund = bygge.pris("p", "g", date(2024, 3, 10), 1100)
    tillagg = bygge.pris("p", "t", date(2024, 3, 20), 5, Prisslag.TILLAGG)
    klient, beslut = bygge.fakta[0], bygge.fakta[1]
    nycklar = (avtal.id, beslut.id, klient.id)
    assert [rad.handelser for rad in nu(bygge)] == [
        (inledd.id, slut.id, *nycklar),
        (inledd.id, slut.id, grund.id, *nycklar),
        (inledd.id, slut.id, grund.id, tillagg.id, *nycklar),
    ]


def test_en_rattelse_som_inte_ror_raden_gor_ingen_ny_rad(bygge: Bygge) -> None:
    bygge.avtal("a", "HVB", Dagrakning.ANKOMST)
    bygge.inled("p", date(2024, 3, 1), avtal="a")
    fore = bygge.rader()[:3]
    bygge.vid(1)
    bygge.ratta_klient(Kon.MAN, "2010-05")
    bygge.ratta_beslut("b", date(2024, 1, 2))
    bygge.ratta_avtal("a", "HVB", Dagrakning.ANKOMST)
    bygge.stopp(date(2024, 3, 1))
    assert bygge.rader()[:3] == fore


def test_en_rattad_klient_och_ett_rattat_lagrum_foljer_varje_rad(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.vid(1)
    bygge.ratta_klient(Kon.KVINNA, "2011-01")
    bygge.ratta_beslut("b", date(2024, 1, 1), lagrum="2 § LVU", lag="LVU", evb=False)
    for tabell in bygge.rader()[:3]:
        assert [(r.dim.kon, r.dim.fodelsemanad, r.dim.lagrum, r.kand_fran) for r in tabell] == [
            ("M", "2010-05", "4 kap. 1 § SoL", BORJAN),
            ("K", "2011-01", "2 § LVU", bygge.nu),
        ]


@pytest.mark.regel("R-SEK-3")
def test_nar_en_person_byter_arbetsenhet_visste_den_forra_det_den_visste(bygge: Bygge) -> None:
    bygge.inled("p", date(2024, 3, 1))
    bygge.vid(1)
    bytt = bygge.ratta_klient(Kon.MAN, "2010-05", arbetsenhet="Norr")
    for tabell in bygge.rader()[:3]:
        assert [(r.dim.arbetsenhet, r.kand_fran, r.kand_till) for r in tabell] == [
            (None, BORJAN, bygge.nu),
            ("Norr", bygge.nu, None),
        ]
        assert bytt.id in tabell[-1].handelser


def test_innan_klient_och_beslut_ar_kanda_ar_deras_nycklar_okanda() -> None:
    bygge = Bygge()
    bygge.inled("p", date(2024, 3, 1))
    (rad,) = nu(bygge)
    assert (rad.dim.kon, rad.dim.fodelsemanad, rad.dim.lagrum) == ("A", None, "")
    assert rad.handelser == (bygge.fakta[0].id,)


@pytest.mark.regel("R-KOS-9")
@pytest.mark.parametrize(
    ("kostnad", "dygn", "facit"),
    [
        (10, 4, 3),
        (9, 4, 2),
        (11, 4, 3),
        (-10, 4, -3),
        (-9, 4, -2),
        (0, 7, 0),
        (1, 3, 0),
        (2, 3, 1),
        (10**18 + 1, 2, 5 * 10**17 + 1),
        (5, 0, None),
        (0, 0, None),
    ],
)
def test_dygnskostnad_ar_hela_oren_halva_bort_fran_noll(
    kostnad: int, dygn: int, facit: int | None
) -> None:
    assert dygnskostnad_ore(kostnad, dygn) == facit


@pytest.mark.parametrize(
    ("fran", "till", "facit"),
    [
        (date(2024, 2, 1), date(2024, 2, 29), 0),
        (date(2024, 2, 1), date(2024, 3, 1), 1),
        (date(2024, 3, 31), None, 1),
        (date(2024, 4, 1), None, 0),
        (date(2024, 4, 1), date(2024, 4, 2), 0),
        (date(2023, 1, 1), None, 31),
        (date(2024, 3, 30), date(2024, 5, 1), 2),
        (date(2024, 3, 30), date(2024, 3, 31), 2),
        (date(2024, 3, 1), date(2024, 3, 31), 31),
    ],
)
def test_dagar_i_en_period_ar_de_gemensamma(fran: date, till: date | None, facit: int) -> None:
    assert dagar(fran, till, *MARS) == facit
    assert kostnad_ore(fran, till, 7, *MARS) == 7 * facit


def test_fore_kalenderns_borjan_finns_ingen_dag() -> None:
    with pytest.raises(OverflowError):
        dagen_fore(date.min)
