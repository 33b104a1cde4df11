"""Ej verkställda beslut by example: the clock, the limit, and what placeringar do to a beslut."""

from datetime import date, timedelta

import pytest

from contracts import placering as pla
from contracts.ord import Avslutsorsak, Drojsmalsorsak, Erbjudandesvar, Kon, Omfattning
from services.chassis.calendar import months_after
from services.uppfoljning.domain.evb import Lage, ska_rapporteras
from services.uppfoljning.domain.klocka import (
    TRE_MANADER,
    Grans,
    dagar_sedan,
    listas,
    tolka_grans,
)
from services.uppfoljning.domain.rader import EvbRad
from tests.uppfoljning.domain.fakta_bygge import BORJAN, KLIENT, Bygge, ident

Period = tuple[str, date, date | None]


def d(text: str) -> date:
    """A date of 2024, written ``MM-DD``."""
    return date.fromisoformat(f"2024-{text}")


@pytest.fixture
def bygge() -> Bygge:
    """A klient with one SoL beslut of 1 January."""
    bygge = Bygge()
    bygge.klient()
    bygge.beslut("b", d("01-01"))
    return bygge


def rader(bygge: Bygge, beslut: str = "b") -> list[EvbRad]:
    return sorted(
        (rad for rad in bygge.rader().evb if rad.beslut == ident(beslut) and rad.kand_till is None),
        key=lambda rad: rad.fran,
    )


def perioder(bygge: Bygge, beslut: str = "b") -> list[Period]:
    return [(rad.lage, rad.fran, rad.till) for rad in rader(bygge, beslut)]


def pa(bygge: Bygge, dag: date) -> EvbRad:
    """The row of the beslut that holds that day."""
    (rad,) = [r for r in rader(bygge) if r.fran <= dag and (r.till is None or dag <= r.till)]
    return rad


# -- the limit -----------------------------------------------------------------------------------


@pytest.mark.regel("R-KLO-1")
@pytest.mark.parametrize(
    ("start", "sista_dag_utanfor"),
    [
        (date(2023, 8, 31), date(2023, 11, 30)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2022, 11, 30), date(2023, 2, 28)),
        (date(2023, 9, 30), date(2023, 12, 30)),
        (date(2024, 1, 1), date(2024, 4, 1)),
        (date(2023, 12, 31), date(2024, 3, 31)),
    ],
)
def test_tre_manader_har_gatt_forst_dagen_efter_manadsdagen(
    start: date, sista_dag_utanfor: date
) -> None:
    assert not listas(start, sista_dag_utanfor)
    assert listas(start, sista_dag_utanfor + timedelta(days=1))


@pytest.mark.regel("R-KLO-1")
def test_nittio_dagar_listas_pa_den_nittionde() -> None:
    grans = tolka_grans("90d")
    assert not listas(d("01-01"), d("01-01") + timedelta(days=89), grans)
    assert listas(d("01-01"), d("01-01") + timedelta(days=90), grans)


@pytest.mark.regel("R-EVB-9")
def test_dagar_sedan_raknas_fran_noll() -> None:
    assert dagar_sedan(d("02-28"), d("02-28")) == 0
    assert dagar_sedan(d("02-28"), d("03-01")) == 2


@pytest.mark.parametrize(
    ("text", "grans"), [("3m", TRE_MANADER), ("90d", Grans(90, "d")), ("12m", Grans(12, "m"))]
)
def test_gransen_skrivs_som_den_lases(text: str, grans: Grans) -> None:
    assert tolka_grans(text) == grans
    assert str(grans) == text


@pytest.mark.parametrize("text", ["", "3", "m", "0m", "-3m", "3 m", "3M", "3mm", "03m", "10000d"])
def test_annat_ar_ingen_grans(text: str) -> None:
    with pytest.raises(ValueError, match="är ingen gräns"):
        tolka_grans(text)


def test_en_grans_bortom_kalendern_nas_aldrig() -> None:
    assert months_after(date(9999, 10, 1), 3) == date.max
    assert months_after(date(9999, 9, 30), 3) == date(9999, 12, 30)
    assert not listas(date(9999, 10, 1), date.max)


# -- which beslut --------------------------------------------------------------------------------


@pytest.mark.regel("R-BES-7", "R-EVB-1")
def test_bara_beslut_vars_lagrum_evb_foljer_har_rader(bygge: Bygge) -> None:
    bygge.beslut("lvu", d("01-01"), lag="LVU", lagrum="2 § LVU", evb=False)
    assert perioder(bygge, "lvu") == []
    assert perioder(bygge) == [(Lage.EJ_VERKSTALLD, d("01-01"), None)]
    bygge.vid(1)
    bygge.ratta_beslut("b", d("01-01"), evb=False)
    assert perioder(bygge) == []
    assert bygge.rader().evb[0].kand_till == bygge.nu


@pytest.mark.regel("R-EVB-7")
def test_tva_beslut_som_ser_likadana_ut_ar_tva_rader(bygge: Bygge) -> None:
    bygge.beslut("b2", d("01-01"))
    per = d("04-02")
    listade = [rad for rad in bygge.rader().evb if ska_rapporteras(rad, per)]
    assert [rad.beslut for rad in listade] == [ident("b"), ident("b2")]
    assert not [rad for rad in bygge.rader().evb if ska_rapporteras(rad, d("04-01"))]


def test_ett_makulerat_beslut_har_inga_rader_fran_den_stunden(bygge: Bygge) -> None:
    bygge.vid(1)
    bygge.makulera_beslut("b")
    (rad,) = bygge.rader().evb
    assert (rad.kand_fran, rad.kand_till) == (BORJAN, bygge.nu)


def test_det_som_sags_om_ett_okant_beslut_ger_inga_rader() -> None:
    bygge = Bygge()
    bygge.verkstall("b", d("01-01"))
    assert bygge.rader().evb == []


@pytest.mark.regel("R-EVB-8")
def test_raden_bar_beslutets_och_klientens_uppgifter(bygge: Bygge) -> None:
    bygge.vid(1)
    rattad = bygge.ratta_klient(Kon.ANNAN, None, arbetsenhet="Norr")
    beslut = bygge.ratta_beslut(
        "b", d("01-05"), lag="LSS", lagrum="9 § LSS", insatstyp="Ledsagarservice", arbetsenhet="N"
    )
    orsak = bygge.orsak("b", d("02-01"), Drojsmalsorsak.RESURSBRIST)
    assert rader(bygge)[-1] == EvbRad(
        beslut=ident("b"), klient=KLIENT, fran=d("02-01"), till=None, lage="ej_verkstalld",
        klocka_fran=d("01-05"), beslutsdatum=d("01-05"), avbrottsdatum=None, lag="LSS",
        lagrum="9 § LSS", insatstyp="Ledsagarservice", kon="A", namnd="Nämnden",
        arbetsenhet="Norr", orsak="resursbrist", handelser=(beslut.id, orsak.id, rattad.id),
        kand_fran=bygge.nu, kand_till=None,
    )  # fmt: skip


def test_utan_kand_klient_ar_konet_annat() -> None:
    bygge = Bygge()
    bygge.beslut("b", d("01-01"))
    assert (rader(bygge)[0].kon, rader(bygge)[0].handelser) == ("A", (bygge.fakta[0].id,))


# -- what is said outright -----------------------------------------------------------------------


@pytest.mark.regel("R-KLO-1", "R-EVB-9")
def test_sagd_verkstallighet_avbrott_aterupptagande_och_slut(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"))
    bygge.avbryt("b", d("03-01"))
    bygge.ateruppta("b", d("04-01"))
    bygge.upphor("b", d("05-01"))
    assert perioder(bygge) == [
        (Lage.EJ_VERKSTALLD, d("01-01"), d("01-31")),
        (Lage.VERKSTALLD, d("02-01"), d("02-29")),
        (Lage.AVBRUTEN, d("03-01"), d("03-31")),
        (Lage.VERKSTALLD, d("04-01"), d("04-30")),
        (Lage.UPPHORD, d("05-01"), None),
    ]
    avbruten = pa(bygge, d("03-15"))
    assert (avbruten.klocka_fran, avbruten.avbrottsdatum) == (d("03-01"), d("03-01"))
    assert [rad.klocka_fran for rad in rader(bygge)] == [
        d("01-01"), None, d("03-01"), None, None,
    ]  # fmt: skip


@pytest.mark.regel("R-KLO-1")
def test_ett_avbrott_listas_forst_tre_manader_efter_avbrottet(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"))
    bygge.avbryt("b", d("03-01"))
    listade = [dag for dag in (d("06-01"), d("06-02")) if ska_rapporteras(pa(bygge, dag), dag)]
    assert listade == [d("06-02")]
    assert not ska_rapporteras(pa(bygge, d("02-15")), d("02-15"))
    assert not ska_rapporteras(pa(bygge, d("02-15")), d("06-02"))
    assert not ska_rapporteras(pa(bygge, d("06-02")), d("02-15"))
    assert not ska_rapporteras(rader(bygge)[0], d("06-02"))


def test_ett_avbrott_utan_kand_verkstallighet_ar_ett_avbrott(bygge: Bygge) -> None:
    bygge.avbryt("b", d("03-01"))
    rad = pa(bygge, d("03-01"))
    assert (rad.lage, rad.klocka_fran) == (Lage.AVBRUTEN, d("03-01"))
    bygge.avbryt("b", d("03-10"))
    assert pa(bygge, d("03-10")).avbrottsdatum == d("03-01")


def test_samma_dag_galler_det_sist_sagda(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"))
    bygge.avbryt("b", d("02-01"))
    assert pa(bygge, d("02-01")).lage == Lage.AVBRUTEN
    bygge.ateruppta("b", d("02-01"))
    assert pa(bygge, d("02-01")).lage == Lage.VERKSTALLD


def test_det_som_hande_fore_beslutet_galler_fran_dess_forsta_dag() -> None:
    bygge = Bygge()
    bygge.beslut("b", d("02-01"))
    bygge.verkstall("b", d("01-10"))
    assert perioder(bygge) == [(Lage.VERKSTALLD, d("02-01"), None)]
    bygge.avbryt("b", d("01-20"))
    rad = pa(bygge, d("02-01"))
    assert (rad.lage, rad.klocka_fran, rad.avbrottsdatum) == (
        Lage.AVBRUTEN,
        d("02-01"),
        d("01-20"),
    )


def test_ett_slut_som_registreras_pa_nytt_ersatter_det_forra(bygge: Bygge) -> None:
    bygge.upphor("b", d("03-01"))
    bygge.upphor("b", d("04-01"))
    assert perioder(bygge)[-1] == (Lage.UPPHORD, d("04-01"), None)


@pytest.mark.regel("R-EVB-14")
def test_ett_tidsbegransat_beslut_upphor_dagen_efter(bygge: Bygge) -> None:
    bygge.ratta_beslut("b", d("01-01"), galler_till=d("03-31"))
    bygge.verkstall("b", d("04-01"))
    assert perioder(bygge) == [
        (Lage.EJ_VERKSTALLD, d("01-01"), d("03-31")),
        (Lage.UPPHORD, d("04-01"), None),
    ]
    bygge.upphor("b", d("03-01"))
    assert perioder(bygge)[-1] == (Lage.UPPHORD, d("03-01"), None)
    bygge.upphor("b", d("05-01"))
    assert perioder(bygge)[-1] == (Lage.UPPHORD, d("04-01"), None)
    bygge.upphor("b", d("01-01"))
    assert perioder(bygge) == [(Lage.UPPHORD, d("01-01"), None)]


def test_ett_beslut_till_kalenderns_slut_upphor_inte(bygge: Bygge) -> None:
    bygge.ratta_beslut("b", d("01-01"), galler_till=date.max)
    assert perioder(bygge) == [(Lage.EJ_VERKSTALLD, d("01-01"), None)]


# -- partial -------------------------------------------------------------------------------------


@pytest.mark.regel("R-EVB-15")
def test_delvis_som_aldrig_var_helt_raknas_fran_beslutet(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"), Omfattning.DELVIS)
    rad = pa(bygge, d("02-01"))
    assert (rad.lage, rad.klocka_fran) == (Lage.DELVIS, d("01-01"))
    assert ska_rapporteras(rad, d("04-02"))


@pytest.mark.regel("R-EVB-15")
def test_delvis_efter_helt_raknas_fran_dagen_det_blev_delvis(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"))
    delvis = bygge.verkstall("b", d("03-01"), Omfattning.DELVIS)
    bygge.verkstall("b", d("03-20"), Omfattning.DELVIS)
    rad = pa(bygge, d("03-20"))
    assert (rad.fran, rad.lage, rad.klocka_fran) == (d("03-01"), Lage.DELVIS, d("03-01"))
    assert rad.handelser[:2] == (bygge.fakta[1].id, delvis.id)
    assert not ska_rapporteras(rad, d("06-01"))
    assert ska_rapporteras(rad, d("06-02"))


@pytest.mark.regel("R-EVB-15")
def test_ett_avbrott_i_det_delvisa_borjar_inte_om_klockan(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"), Omfattning.DELVIS)
    bygge.avbryt("b", d("03-01"))
    bygge.ateruppta("b", d("04-01"))
    bygge.ateruppta("b", d("04-02"))
    bygge.verkstall("b", d("05-01"))
    bygge.ateruppta("b", d("05-02"))
    bygge.verkstall("b", d("05-03"))
    assert [(rad.lage, rad.fran, rad.klocka_fran, rad.avbrottsdatum) for rad in rader(bygge)] == [
        (Lage.EJ_VERKSTALLD, d("01-01"), d("01-01"), None),
        (Lage.DELVIS, d("02-01"), d("01-01"), None),
        (Lage.AVBRUTEN, d("03-01"), d("01-01"), d("03-01")),
        (Lage.DELVIS, d("04-01"), d("01-01"), None),
        (Lage.VERKSTALLD, d("05-01"), None, None),
    ]


@pytest.mark.regel("R-EVB-15")
def test_delvis_efter_avbrott_raknas_fran_avbrottet(bygge: Bygge) -> None:
    bygge.verkstall("b", d("02-01"))
    bygge.avbryt("b", d("03-01"))
    bygge.verkstall("b", d("04-01"), Omfattning.DELVIS)
    rad = pa(bygge, d("04-01"))
    assert (rad.lage, rad.klocka_fran, rad.avbrottsdatum) == (Lage.DELVIS, d("03-01"), None)


# -- reasons -------------------------------------------------------------------------------------


@pytest.mark.regel("R-EVB-13")
def test_orsaken_galler_tills_insatsen_ar_helt_verkstalld(bygge: Bygge) -> None:
    bygge.orsak("b", d("01-10"), Drojsmalsorsak.TACKAT_NEJ)
    bygge.orsak("b", d("01-20"), Drojsmalsorsak.RESURSBRIST)
    bygge.verkstall("b", d("02-01"))
    bygge.orsak("b", d("02-20"), Drojsmalsorsak.HALSA)
    bygge.avbryt("b", d("03-01"))
    bygge.ateruppta("b", d("04-01"))
    bygge.avbryt("b", d("05-01"))
    assert [(rad.lage, rad.fran, rad.orsak) for rad in rader(bygge)] == [
        (Lage.EJ_VERKSTALLD, d("01-01"), None),
        (Lage.EJ_VERKSTALLD, d("01-10"), "tackat_nej"),
        (Lage.EJ_VERKSTALLD, d("01-20"), "resursbrist"),
        (Lage.VERKSTALLD, d("02-01"), None),
        (Lage.AVBRUTEN, d("03-01"), "halsa"),
        (Lage.VERKSTALLD, d("04-01"), None),
        (Lage.AVBRUTEN, d("05-01"), None),
    ]


# -- placeringar ---------------------------------------------------------------------------------


@pytest.mark.regel("R-EVB-14")
def test_forsta_placeringsdagen_ar_verkstalligheten(bygge: Bygge) -> None:
    inledd = bygge.inled("p", d("04-02"))
    assert ska_rapporteras(rader(bygge)[0], d("04-02")) is False
    assert perioder(bygge) == [
        (Lage.EJ_VERKSTALLD, d("01-01"), d("04-01")),
        (Lage.VERKSTALLD, d("04-02"), None),
    ]
    assert rader(bygge)[1].handelser == (bygge.fakta[1].id, inledd.id, bygge.fakta[0].id)


@pytest.mark.regel("R-EVB-14")
@pytest.mark.parametrize(
    ("orsak", "bestar", "foljer"),
    [
        (Avslutsorsak.PLANERAD, False, Lage.UPPHORD),
        (Avslutsorsak.AVLIDEN, False, Lage.UPPHORD),
        (Avslutsorsak.MYNDIG_AVFLYTTAD, False, Lage.UPPHORD),
        (Avslutsorsak.PLANERAD, True, Lage.AVBRUTEN),
        (Avslutsorsak.OMPLACERING, False, Lage.AVBRUTEN),
        (Avslutsorsak.OMVANDLING, False, Lage.AVBRUTEN),
        (Avslutsorsak.SAMMANBROTT, False, Lage.AVBRUTEN),
        (Avslutsorsak.AVTAL_UPPHORT, False, Lage.AVBRUTEN),
        (Avslutsorsak.ANNAN, False, Lage.AVBRUTEN),
    ],
)
def test_avslutsorsaken_sager_om_beslutet_upphor_med_placeringen(
    bygge: Bygge, orsak: Avslutsorsak, bestar: bool, foljer: Lage
) -> None:
    bygge.inled("p", d("02-01"))
    bygge.avsluta("p", d("02-29"), orsak, bestar)
    assert perioder(bygge)[-1] == (foljer, d("03-01"), None)
    assert pa(bygge, d("03-01")).avbrottsdatum == (d("03-01") if foljer is Lage.AVBRUTEN else None)


@pytest.mark.regel("R-EVB-14")
@pytest.mark.parametrize("ny", ["02-29", "03-01"])
def test_ny_placering_samma_eller_nasta_dag_ar_inget_avbrott(bygge: Bygge, ny: str) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), Avslutsorsak.SAMMANBROTT)
    bygge.inled("p2", d(ny))
    assert perioder(bygge)[1:] == [(Lage.VERKSTALLD, d("02-01"), None)]


@pytest.mark.regel("R-EVB-14")
def test_ny_placering_en_dag_senare_ar_avbrott_en_dag_och_sedan_aterupptagen(
    bygge: Bygge,
) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), Avslutsorsak.SAMMANBROTT)
    bygge.inled("p2", d("03-02"))
    assert perioder(bygge)[1:] == [
        (Lage.VERKSTALLD, d("02-01"), d("02-29")),
        (Lage.AVBRUTEN, d("03-01"), d("03-01")),
        (Lage.VERKSTALLD, d("03-02"), None),
    ]


@pytest.mark.regel("R-EVB-14")
def test_en_ny_placering_efter_planerat_slut_oppnar_beslutet_igen(bygge: Bygge) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"))
    bygge.inled("p2", d("03-10"))
    assert perioder(bygge)[2:] == [
        (Lage.UPPHORD, d("03-01"), d("03-09")),
        (Lage.VERKSTALLD, d("03-10"), None),
    ]


@pytest.mark.regel("R-EVB-14")
@pytest.mark.parametrize(
    "orsak", [Avslutsorsak.OMPLACERING, Avslutsorsak.OMVANDLING, Avslutsorsak.SAMMANBROTT]
)
@pytest.mark.parametrize("ny", ["02-29", "03-01"])
def test_flytt_under_ett_nytt_beslut_samma_eller_nasta_dag_avslutar_det_gamla(
    bygge: Bygge, orsak: Avslutsorsak, ny: str
) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), orsak)
    bygge.beslut("b2", d("02-20"))
    bygge.inled("p2", d(ny), beslut="b2")
    assert perioder(bygge)[2:] == [(Lage.UPPHORD, d("03-01"), None)]
    assert perioder(bygge, "b2")[-1] == (Lage.VERKSTALLD, d(ny), None)


@pytest.mark.regel("R-EVB-14")
def test_omplacering_ar_avbrott_tills_ett_nytt_beslut_bar_nasta_placering(bygge: Bygge) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), Avslutsorsak.OMPLACERING)
    bygge.beslut("b2", d("02-20"))
    bygge.inled("p2", d("03-10"), beslut="b2")
    assert perioder(bygge)[2:] == [
        (Lage.AVBRUTEN, d("03-01"), d("03-09")),
        (Lage.UPPHORD, d("03-10"), None),
    ]


@pytest.mark.regel("R-EVB-14")
def test_omplacering_tillbaka_under_samma_beslut_ar_aterupptagen(bygge: Bygge) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), Avslutsorsak.OMPLACERING)
    bygge.inled("p2", d("03-10"))
    bygge.beslut("b2", d("02-20"))
    bygge.inled("p3", d("04-10"), beslut="b2")
    assert perioder(bygge)[2:] == [
        (Lage.AVBRUTEN, d("03-01"), d("03-09")),
        (Lage.VERKSTALLD, d("03-10"), None),
    ]


@pytest.mark.regel("R-EVB-14")
def test_efter_ett_sammanbrott_avslutar_en_senare_placering_under_annat_beslut_inget(
    bygge: Bygge,
) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), Avslutsorsak.SAMMANBROTT)
    bygge.beslut("b2", d("02-20"))
    bygge.inled("p2", d("03-02"), beslut="b2")
    assert perioder(bygge)[2:] == [(Lage.AVBRUTEN, d("03-01"), None)]


@pytest.mark.regel("R-EVB-14")
def test_star_beslutet_kvar_raknas_bara_placeringar_under_det(bygge: Bygge) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("02-29"), Avslutsorsak.OMPLACERING, bestar=True)
    bygge.beslut("b2", d("02-20"))
    bygge.inled("p2", d("03-01"), beslut="b2")
    assert perioder(bygge)[2:] == [(Lage.AVBRUTEN, d("03-01"), None)]


def test_en_vistelse_inom_en_annan_andrar_inget(bygge: Bygge) -> None:
    bygge.inled("p1", d("02-01"))
    bygge.avsluta("p1", d("03-31"), Avslutsorsak.SAMMANBROTT)
    bygge.inled("p2", d("02-10"))
    bygge.avsluta("p2", d("02-20"), Avslutsorsak.PLANERAD)
    assert perioder(bygge)[2:] == [(Lage.AVBRUTEN, d("04-01"), None)]
    bygge.inled("p0", d("01-15"))
    assert perioder(bygge)[1:] == [(Lage.VERKSTALLD, d("01-15"), None)]


def test_en_vistelse_till_kalenderns_slut_foljs_av_inget(bygge: Bygge) -> None:
    bygge.inled("p", d("02-01"))
    bygge.avsluta("p", date.max, Avslutsorsak.SAMMANBROTT)
    assert perioder(bygge)[1:] == [(Lage.VERKSTALLD, d("02-01"), None)]


def test_en_makulerad_placering_har_inte_verkstallt_nagot(bygge: Bygge) -> None:
    bygge.inled("p", d("02-01"))
    bygge.vid(1)
    bygge.makulera("p")
    assert perioder(bygge) == [(Lage.EJ_VERKSTALLD, d("01-01"), None)]


def test_en_placering_flyttad_till_ratt_beslut_verkstaller_det(bygge: Bygge) -> None:
    bygge.inled("p", d("02-01"))
    bygge.beslut("b2", d("01-01"))
    bygge.vid(1)
    bygge.ratta("p", d("02-01"), beslut="b2")
    assert perioder(bygge) == [(Lage.EJ_VERKSTALLD, d("01-01"), None)]
    assert perioder(bygge, "b2")[-1] == (Lage.VERKSTALLD, d("02-01"), None)


def test_sagt_och_gjort_ar_ett(bygge: Bygge) -> None:
    bygge.verkstall("b", d("01-20"))
    bygge.inled("p", d("02-01"))
    bygge.avbryt("b", d("02-10"))
    bygge.ateruppta("b", d("02-15"))
    bygge.avsluta("p", d("02-20"), Avslutsorsak.SAMMANBROTT)
    bygge.ateruppta("b", d("03-01"))
    assert perioder(bygge)[1:] == [
        (Lage.VERKSTALLD, d("01-20"), d("02-09")),
        (Lage.AVBRUTEN, d("02-10"), d("02-14")),
        (Lage.VERKSTALLD, d("02-15"), d("02-20")),
        (Lage.AVBRUTEN, d("02-21"), d("02-29")),
        (Lage.VERKSTALLD, d("03-01"), None),
    ]


def test_en_vistelse_som_borjar_avbrottsdagen_aterupptar(bygge: Bygge) -> None:
    bygge.inled("p", d("02-01"))
    bygge.avbryt("b", d("02-01"))
    assert perioder(bygge)[1:] == [(Lage.VERKSTALLD, d("02-01"), None)]
    bygge.verkstall("b", d("02-01"), Omfattning.DELVIS)
    assert perioder(bygge)[1:] == [(Lage.DELVIS, d("02-01"), None)]


def test_ett_andra_slut_efter_slutet_andrar_inget(bygge: Bygge) -> None:
    bygge.inled("p", d("02-01"))
    bygge.avsluta("p", d("02-10"))
    forsta = rader(bygge)[-1]
    bygge.ateruppta("b", d("03-01"))
    assert perioder(bygge)[-1] == (Lage.VERKSTALLD, d("03-01"), None)
    assert forsta.klocka_fran is None


@pytest.mark.regel("R-EVB-6")
def test_erbjudanden_vantan_och_hjalp_under_tiden_andrar_ingen_rad(bygge: Bygge) -> None:
    fore = bygge.rader().evb
    om = {"klient": KLIENT, "beslut": ident("b")}
    bygge.vid(1)
    bygge.hande(pla.ErbjudandeLamnat(**om, erbjudande=ident("e"), datum=d("02-01")))
    bygge.hande(
        pla.ErbjudandeBesvarat(
            **om, erbjudande=ident("e"), datum=d("02-05"), svar=Erbjudandesvar.AVBOJT
        )
    )
    bygge.hande(
        pla.BeslutForskjutet(**om, forskjutning=ident("f"), fran=d("02-05"), till=None, lov=True)
    )
    bygge.hande(
        pla.InterimHjalpGiven(
            **om, hjalp=ident("h"), insatstyp="Kontaktperson", fran=d("02-05"), till=None
        )
    )
    assert bygge.rader().evb == fore
    assert ska_rapporteras(pa(bygge, d("04-02")), d("04-02"))
