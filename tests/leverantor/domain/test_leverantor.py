"""A supplier, its number and its avropsstopp: given – when – then."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.ord import Leverantorstyp, Rattelseskal
from services.chassis.context import Sammanhang
from services.leverantor.domain.handelser import (
    AvropsstoppHavt,
    AvropsstoppSatt,
    LeverantorRattad,
    LeverantorRegistrerad,
    OrganisationsnummerAterTaget,
    OrganisationsnummerSlappt,
    OrganisationsnummerTaget,
)
from services.leverantor.domain.leverantor import Leverantor, Organisationsnummer
from tests.stod.givet import givet, hande

S = Sammanhang("1490", "u1", "k1")
ANNAN = Sammanhang("1480", "u2", "k2")
ID = UUID("11111111-1111-4111-8111-111111111111")
NUMMER = "556036-0793"
VAR, HOST = date(2026, 3, 1), date(2026, 9, 1)


def en_leverantor() -> Leverantor:
    return Leverantor.registrera(
        S, ID, organisationsnummer=NUMMER, namn="Exempelvård AB", typ=Leverantorstyp.PRIVAT
    )


def test_en_registrerad_leverantor_bar_sina_uppgifter_och_sitt_sammanhang() -> None:
    (handelse,) = en_leverantor().pending_events
    assert isinstance(handelse, LeverantorRegistrerad)
    assert (handelse.kommunkod, handelse.aktor, handelse.korrelation) == ("1490", "u1", "k1")
    leverantor = givet(en_leverantor()).aggregat
    assert (leverantor.id, leverantor.version) == (ID, 1)
    assert (leverantor.organisationsnummer, leverantor.namn) == (NUMMER, "Exempelvård AB")
    assert leverantor.typ is Leverantorstyp.PRIVAT
    assert leverantor.avropsstopp_fran is None


def test_en_rattelse_ar_en_handelse_med_skal_och_de_uppgifter_som_galler() -> None:
    utfall = (
        givet(en_leverantor())
        .nar(
            lambda it: it.ratta(
                S,
                organisationsnummer="556012-5790",
                namn="Exempelvården AB",
                typ=Leverantorstyp.EGET_BOLAG,
                skal=Rattelseskal.SKRIVFEL,
            )
        )
        .da(
            hande(
                LeverantorRattad,
                organisationsnummer="556012-5790",
                namn="Exempelvården AB",
                typ=Leverantorstyp.EGET_BOLAG,
                skal=Rattelseskal.SKRIVFEL,
                originator_version=2,
            )
        )
    )
    rattad = utfall.aggregat
    assert (rattad.organisationsnummer, rattad.namn) == ("556012-5790", "Exempelvården AB")
    assert rattad.typ is Leverantorstyp.EGET_BOLAG


@pytest.mark.regel("R-PLA-4")
def test_ett_avropsstopp_galler_fran_sin_dag() -> None:
    utfall = (
        givet(en_leverantor())
        .nar(lambda it: it.satt_avropsstopp(S, VAR))
        .da(hande(AvropsstoppSatt, fran=VAR, organisationsnummer=NUMMER))
    )
    assert utfall.aggregat.avropsstopp_fran == VAR


@pytest.mark.regel("R-PLA-4")
def test_ett_andra_avropsstopp_avvisas() -> None:
    givet(en_leverantor(), lambda it: it.satt_avropsstopp(S, VAR)).nar(
        lambda it: it.satt_avropsstopp(S, HOST)
    ).avvisas("/fran")


@pytest.mark.regel("R-PLA-4")
def test_ett_avropsstopp_havs_fran_samma_dag_eller_senare() -> None:
    for dag in (VAR, HOST):
        utfall = (
            givet(en_leverantor(), lambda it: it.satt_avropsstopp(S, VAR))
            .nar(lambda it, dag=dag: it.hav_avropsstopp(S, dag))  # type: ignore[misc]
            .da(hande(AvropsstoppHavt, fran=dag, organisationsnummer=NUMMER))
        )
        assert utfall.aggregat.avropsstopp_fran is None


@pytest.mark.regel("R-PLA-4")
def test_ett_avropsstopp_kan_inte_havas_fore_sin_borjan() -> None:
    givet(en_leverantor(), lambda it: it.satt_avropsstopp(S, HOST)).nar(
        lambda it: it.hav_avropsstopp(S, VAR)
    ).avvisas("/fran")


@pytest.mark.regel("R-PLA-4")
def test_utan_avropsstopp_finns_inget_att_hava() -> None:
    givet(en_leverantor()).nar(lambda it: it.hav_avropsstopp(S, VAR)).avvisas("/fran")


@pytest.mark.regel("R-PLA-4")
def test_efter_en_havning_kan_ett_nytt_avropsstopp_sattas() -> None:
    givet(
        en_leverantor(),
        lambda it: it.satt_avropsstopp(S, VAR),
        lambda it: it.hav_avropsstopp(S, HOST),
    ).nar(lambda it: it.satt_avropsstopp(S, HOST)).da(hande(AvropsstoppSatt, fran=HOST))


@pytest.mark.regel("R-PLA-4")
def test_avropsstoppet_bar_det_nummer_som_galler_nu() -> None:
    givet(
        en_leverantor(),
        lambda it: it.ratta(
            S,
            organisationsnummer="556012-5790",
            namn="X",
            typ=Leverantorstyp.PRIVAT,
            skal=Rattelseskal.FEL_UPPGIFT,
        ),
    ).nar(lambda it: it.satt_avropsstopp(S, VAR)).da(
        hande(AvropsstoppSatt, organisationsnummer="556012-5790")
    )


@pytest.mark.regel("R-LEV-3")
def test_ett_organisationsnummer_ar_en_sak_for_sig_i_varje_kommun() -> None:
    ett = Organisationsnummer.id_for("1490", NUMMER)
    assert ett == Organisationsnummer.id_for("1490", NUMMER)
    assert ett != Organisationsnummer.id_for("1480", NUMMER)
    assert ett != Organisationsnummer.id_for("1490", "556012-5790")
    assert Organisationsnummer.ta(ANNAN, NUMMER, ID).id == Organisationsnummer.id_for(
        "1480", NUMMER
    )


@pytest.mark.regel("R-LEV-3")
def test_ett_nummer_tas_slapps_och_tas_igen_av_en_annan() -> None:
    annan = uuid4()
    taget = Organisationsnummer.ta(S, NUMMER, ID)
    (forst,) = taget.pending_events
    assert isinstance(forst, OrganisationsnummerTaget)
    slappt = givet(taget).nar(lambda it: it.slapp(S)).da(hande(OrganisationsnummerSlappt)).aggregat
    assert slappt.leverantor is None
    atertaget = (
        givet(Organisationsnummer.ta(S, NUMMER, ID), lambda it: it.slapp(S))
        .nar(lambda it: it.ta_igen(S, annan))
        .da(hande(OrganisationsnummerAterTaget, leverantor=annan))
    )
    assert atertaget.aggregat.leverantor == annan
