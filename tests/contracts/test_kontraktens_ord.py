"""The vocabularies hold the codes that the rules name, and no event can carry a person's data."""

import itertools
import re
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from contracts import ord as ordlistor
from contracts.handelse import Kontraktshandelse
from contracts.leverantor import LeverantorRegistrerad
from contracts.ord import (
    PLACERINGSFORM,
    PLACERINGSFORMER,
    Avslutsorsak,
    Drojsmalsorsak,
    Form,
    Kon,
    Leverantorstyp,
    Omfattning,
    Placeringsform,
    Regi,
    placeringsformskod,
)
from contracts.schema import filnamn, handelseschema
from contracts.tjanster import TJANSTER

handelser = pytest.mark.parametrize(
    "klass",
    [klass for register in TJANSTER.values() for klass in register],
    ids=lambda klass: filnamn(klass),
)

PERSONUPPGIFTER = {
    "personnummer", "samordningsnummer", "personid", "namn", "fornamn", "efternamn", "fodelsedatum",
    "fodelsedag", "fodelsear", "alder", "adress", "postnummer", "ort", "folkbokford", "telefon",
    "epost", "mejl", "vardnadshavare", "foralder", "anhorig", "diagnos", "fritext", "text",
    "anteckning", "beskrivning", "kommentar", "motivering", "handlaggare", "aktor",
    "beslutsfattare",
}  # fmt: skip
"""Parts of field names that promise a person's data or room for it."""

OPPNA_TEXTER = {
    "placering": {"lag", "lagrum", "insatstyp", "namnd", "arbetsenhet", "fodelsemanad",
                  "leverantor", "flaggor"},
    "leverantor": {"organisationsnummer", "namn", "omrade"},
}  # fmt: skip
"""The only fields whose text no vocabulary or format binds; none of them is about a person."""


def personfalt(klass: type[Kontraktshandelse]) -> set[str]:
    """Fields whose name has a part that promises a person's data."""
    forbjudna = PERSONUPPGIFTER - ({"namn"} if klass.tjanst == "leverantor" else set())
    return {
        falt
        for falt in handelseschema(klass)["properties"]
        if forbjudna & set(falt.split("_")) or re.search("person|fritext", falt)
    }


def oppna_texter(klass: type[Kontraktshandelse]) -> set[str]:
    """Fields that may hold any text."""

    def oppen(schema: dict[str, Any]) -> bool:
        delar = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
        bunden = {"enum", "format"} & schema.keys()
        return (schema.get("type") == "string" and not bunden) or any(map(oppen, delar))

    return {falt for falt, schema in handelseschema(klass)["properties"].items() if oppen(schema)}


@pytest.mark.regel("R-SEK-1")
@handelser
def test_ingen_handelse_har_falt_for_personuppgifter(klass: type[Kontraktshandelse]) -> None:
    assert personfalt(klass) == set()


@pytest.mark.regel("R-SEK-1")
@handelser
def test_nya_texter_utan_kodlista_maste_provas_forst(klass: type[Kontraktshandelse]) -> None:
    assert oppna_texter(klass) <= OPPNA_TEXTER[klass.tjanst]


@pytest.mark.regel("R-SEK-1")
def test_planterade_personuppgifter_upptacks() -> None:
    class KlientFlyttad(Kontraktshandelse, frozen=True, kw_only=True):
        """An event that must never be."""

        tjanst = "placering"
        nyckelfalt = "klient"
        klient: UUID
        klients_namn: str
        personnummer: str | None
        skal_text: str
        namnd: str | None
        koder: list[str]

    assert personfalt(KlientFlyttad) == {"klients_namn", "personnummer", "skal_text"}
    assert oppna_texter(KlientFlyttad) - OPPNA_TEXTER["placering"] == {
        "klients_namn", "personnummer", "skal_text", "koder",
    }  # fmt: skip
    assert personfalt(LeverantorRegistrerad) == set()


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize("rad", PLACERINGSFORMER, ids=lambda rad: rad.kod)
def test_placeringsformens_kod_leder_till_form_och_tillbaka(rad: Placeringsform) -> None:
    assert PLACERINGSFORM[rad.kod] is rad
    for regi in [rad.regi] if rad.regi else list(Regi):
        assert placeringsformskod(rad.form, regi, rad.natverk) == rad.kod


@pytest.mark.regel("R-PLA-15")
def test_varje_form_regi_och_natverk_har_en_kod_i_listan() -> None:
    for form, regi, natverk in itertools.product(Form, Regi, (False, True)):
        rad = PLACERINGSFORM[placeringsformskod(form, regi, natverk)]
        assert rad.form is form


@pytest.mark.regel("R-PLA-15")
def test_placeringsformerna_ar_de_som_rapporterna_listar() -> None:
    assert [rad.kod for rad in PLACERINGSFORMER] == [
        "hvb", "sis", "konsulentstott_familjehem", "eget_familjehem", "natverkshem", "jourhem",
        "stodboende", "skyddat_boende", "hvb_vuxna", "familjehem_vuxna", "boende_vuxna",
        "annan_heldygnsvard",
    ]  # fmt: skip
    assert len(PLACERINGSFORM) == len(PLACERINGSFORMER)


@pytest.mark.regel("R-PLA-15")
def test_natverkshem_ar_ett_eget_hem_och_bara_hem_utan_leverantor_har_fast_regi_egen() -> None:
    assert PLACERINGSFORM["natverkshem"].regi is Regi.EGEN
    utan_leverantor = {rad.kod for rad in PLACERINGSFORMER if not rad.har_leverantor}
    assert utan_leverantor == {"eget_familjehem", "natverkshem", "sis"}
    assert PLACERINGSFORM["sis"].regi is Regi.STATEN
    egna = {rad.kod for rad in PLACERINGSFORMER if rad.regi is Regi.EGEN}
    assert egna == {"eget_familjehem", "natverkshem"}


@pytest.mark.regel("R-PLA-15")
def test_regi_och_leverantorens_slag_ar_regelns() -> None:
    assert set(Regi) == {
        "egen", "konsulentstodd", "extern_privat", "annan_kommun_region", "annan_forvaltning",
        "staten",
    }  # fmt: skip
    assert set(Leverantorstyp) == {"privat", "kommun", "region", "eget_bolag"}


@pytest.mark.regel("R-EVB-8")
def test_kon_ar_man_kvinna_eller_annan() -> None:
    assert {kon.name: kon.value for kon in Kon} == {"MAN": "M", "KVINNA": "K", "ANNAN": "A"}


@pytest.mark.regel("R-EVB-13")
def test_drojsmalsorsakerna_ar_regelns() -> None:
    regelns = (
        "önskemål-uppdragstagare, önskemål-utförande, hälsa, tackat-nej, ej-svarat, vill-ej-nu, "
        "ställföreträdare-emot, ej-kontakt, ej-valt-utförare, resursbrist, parallell-insats, okänt"
    )
    assert set(Drojsmalsorsak) == {_ascii(kod) for kod in regelns.split(", ")}


@pytest.mark.regel("R-EVB-15")
def test_ett_beslut_verkstalls_helt_eller_delvis() -> None:
    assert set(Omfattning) == {"helt", "delvis"}


@pytest.mark.regel("R-PLA-12")
def test_avslutsorsakerna_ar_regelns() -> None:
    regelns = (
        "planerad, omplacering, sammanbrott, omvandling, avliden, myndig/avflyttad, "
        "avtal upphört, annan"
    )
    assert set(Avslutsorsak) == {_ascii(kod) for kod in regelns.split(", ")}


def test_varje_kod_ar_ascii_med_sma_bokstaver() -> None:
    listor = [
        varde
        for varde in vars(ordlistor).values()
        if isinstance(varde, type) and issubclass(varde, StrEnum) and list(varde)
    ]
    assert len(listor) >= 11
    for lista in listor:
        for kod in lista:
            assert re.fullmatch("[MKA]" if lista is Kon else "[a-z]+(_[a-z]+)*", kod.value)


def _ascii(ord_: str) -> str:
    sma = ord_.replace("å", "a").replace("ä", "a").replace("ö", "o")
    return re.sub("[-/ ]", "_", sma)
