"""Persons: numbers, birth dates, and the claim of a number."""

from datetime import date
from uuid import UUID

import pytest

from contracts.ord import Kon, Rattelseskal
from services.placering.domain import regler
from services.placering.domain.handelser import klient as handelser
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.klient import Klient, Personnummer
from tests.placering.domain.bygge import KLIENT, SAMMANHANG, brott, sist

PERSONNUMMER = "201002032389"
SAMORDNINGSNUMMER = "201002632386"


@pytest.mark.parametrize("skrivet", ["20100203-2389", "201002032389", " 20100203-2389 "])
def test_ett_personnummer_skrivs_med_sekel(skrivet: str) -> None:
    assert regler.normaliserat_personnummer(skrivet) == PERSONNUMMER
    assert regler.personnummer_stammer(skrivet, "/personnummer") is None


@pytest.mark.parametrize(
    "skrivet",
    ["", "100203-2389", "20100203-2388", "20100203+2389", "2010-02-03-2389", "20101303-2385", "x"],
)
def test_ett_felskrivet_personnummer_avvisas(skrivet: str) -> None:
    assert brott(regler.personnummer_stammer(skrivet, "/personnummer")) == (None, "/personnummer")


def test_ett_samordningsnummer_gar_och_sager_fodelsedatumet() -> None:
    assert regler.normaliserat_personnummer("20100263-2386") == SAMORDNINGSNUMMER
    assert regler.fodelsedatum_ur(SAMORDNINGSNUMMER) == date(2010, 2, 3)
    assert regler.fodelsedatum_ur(PERSONNUMMER) == date(2010, 2, 3)


def test_fodelsedatumet_ska_vara_personnumrets() -> None:
    assert regler.fodelsedatum_stammer(PERSONNUMMER, date(2010, 2, 3), "/x") is None
    assert brott(regler.fodelsedatum_stammer(PERSONNUMMER, date(2010, 2, 4), "/x")) == (None, "/x")


def test_ett_samordningsnummer_binder_inte_fodelsedatumet() -> None:
    assert regler.fodelsedatum_stammer(SAMORDNINGSNUMMER, date(2009, 5, 5), "/x") is None


def test_ett_personnummer_hor_till_en_enda_klient() -> None:
    assert regler.personnummer_ledigt(False, "/x") is None
    assert brott(regler.personnummer_ledigt(True, "/x")) == (None, "/x")


@pytest.mark.regel("R-LEV-3")
def test_organisationsnumret_ska_ha_ratt_kontrollsiffra() -> None:
    assert regler.normaliserat_organisationsnummer(" 5560360793 ") == "556036-0793"
    assert regler.organisationsnummer_stammer("556036-0793", "/x") is None
    assert brott(regler.organisationsnummer_stammer("556036-0794", "/x")) == ("R-LEV-3", "/x")
    arabiska = "٥٥٦٠٣٦٠٧٩٣"
    assert brott(regler.organisationsnummer_stammer(arabiska, "/x")) == ("R-LEV-3", "/x")


@pytest.mark.regel("R-SEK-1")
def test_ett_personnummer_kanns_igen_bland_organisationsnummer() -> None:
    assert regler.ser_ut_som_personnummer("100203-2389")
    assert not regler.ser_ut_som_personnummer("556036-0793")


def test_en_klient_registreras_och_rattas() -> None:
    krav = Personnummer.id_for("1490", "ab")
    klient = Klient.registrera(
        SAMMANHANG,
        KLIENT,
        kon=Kon.KVINNA,
        fodelsemanad="2010-02",
        skyddad=False,
        arbetsenhet=None,
        nummerkrav=krav,
        hemligheter=[Hemlighet("namn", 1, "00")],
    )
    assert (klient.id, klient.kon, klient.nummerkrav) == (KLIENT, Kon.KVINNA, krav)
    klient.ratta(
        SAMMANHANG,
        kon=Kon.ANNAN,
        fodelsemanad=None,
        skyddad=True,
        arbetsenhet="barn-2",
        nummerkrav=None,
        hemligheter=[],
        skal=Rattelseskal.FEL_UPPGIFT,
    )
    assert isinstance(sist(klient), handelser.KlientRattad)
    assert (klient.kon, klient.fodelsemanad, klient.skyddad) == (Kon.ANNAN, None, True)
    assert (klient.arbetsenhet, klient.nummerkrav, klient.hemligheter) == ("barn-2", None, ())


def test_ett_nummer_kan_slappas_och_tas_igen() -> None:
    id = Personnummer.id_for("1490", "ab")
    nummer = Personnummer.ta(SAMMANHANG, id, KLIENT)
    assert (nummer.id, nummer.klient) == (id, KLIENT)
    nummer.slapp(SAMMANHANG)
    assert nummer.klient is None
    nummer.ta_igen(SAMMANHANG, UUID(int=2))
    assert nummer.klient == UUID(int=2)


def test_samma_nummer_i_tva_kommuner_ar_tva_krav() -> None:
    assert Personnummer.id_for("1490", "ab") != Personnummer.id_for("1480", "ab")
