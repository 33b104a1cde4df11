"""Golden files: the bytes of every event version are read by today's classes, for ever."""

import json

import jsonschema
import msgspec
import pytest

from contracts.exempelfiler import EXEMPEL, Exempel, alla_exempel, exempel_for
from contracts.grind import slappta_exempel
from contracts.handelse import Kontraktshandelse, OkandHandelse
from contracts.placering import HANDELSER, PlaceringInledd
from contracts.schema import filnamn, handelseschema
from contracts.tjanster import TJANSTER

alla = pytest.mark.parametrize("exempel", alla_exempel(), ids=lambda exempel: exempel.namn)
handelser = pytest.mark.parametrize(
    "klass",
    [klass for register in TJANSTER.values() for klass in register],
    ids=lambda klass: filnamn(klass),
)


@handelser
def test_varje_handelse_har_ett_exempel_med_alla_sina_falt(klass: type[Kontraktshandelse]) -> None:
    exemplen = exempel_for(klass)
    assert exemplen, f"skriv contracts/exempel/{filnamn(klass)}"
    assert exemplen[0].namn == filnamn(klass)
    assert any(exempel.avkodad().koda() == exempel.data for exempel in exemplen), (
        "inget exempel visar alla fält; lägg till ett med eget namn"
    )


@alla
def test_exemplet_avkodas_och_kodas_till_samma_bytes(exempel: Exempel) -> None:
    """A field that was added later may follow with its default; the rest is the same bytes."""
    fore = json.loads(exempel.data)
    efter = json.loads(exempel.avkodad().koda())
    assert msgspec.json.encode({falt: efter[falt] for falt in fore}) == exempel.data
    klass = exempel.klass
    forvalda = {falt.encode_name: falt for falt in msgspec.structs.fields(klass)}
    for tillagt in efter.keys() - fore.keys():
        assert not forvalda[tillagt].required


@alla
def test_exemplet_foljer_schemat(exempel: Exempel) -> None:
    kontroll = jsonschema.Draft202012Validator.FORMAT_CHECKER
    schema = handelseschema(exempel.klass)
    jsonschema.Draft202012Validator(schema, format_checker=kontroll).validate(
        json.loads(exempel.data)
    )


def test_ingen_exempelfil_ligger_utan_handelse() -> None:
    pa_disk = {fil.relative_to(EXEMPEL).as_posix() for fil in EXEMPEL.rglob("*.json")}
    assert pa_disk == {exempel.namn for exempel in alla_exempel()}
    assert slappta_exempel() <= pa_disk


def test_ett_falt_som_kom_till_senare_lases_forbi() -> None:
    exempel = exempel_for(PlaceringInledd)[0]
    med_nytt = json.dumps(json.loads(exempel.data) | {"tillkom_senare": 1}).encode()
    assert HANDELSER.avkoda(PlaceringInledd.handelsetyp(), med_nytt) == exempel.avkodad()


@pytest.mark.parametrize(
    ("falt", "varde"),
    [
        ("fran", "2026-02-30"),
        ("dygnspris_ore", 4250.5),
        ("dygnspris_ore", "425000"),
        ("klient", "19110412-0000"),
        ("form", "kollo"),
        ("natverk", None),
    ],
)
def test_data_av_fel_slag_avkodas_inte(falt: str, varde: object) -> None:
    exempel = exempel_for(PlaceringInledd)[0]
    fel = json.dumps(json.loads(exempel.data) | {falt: varde}).encode()
    with pytest.raises(msgspec.ValidationError, match=falt):
        HANDELSER.avkoda(PlaceringInledd.handelsetyp(), fel)


def test_data_dar_ett_obligatoriskt_falt_saknas_avkodas_inte() -> None:
    data = json.loads(exempel_for(PlaceringInledd)[0].data)
    del data["avtal"]
    with pytest.raises(msgspec.ValidationError, match="avtal"):
        HANDELSER.avkoda(PlaceringInledd.handelsetyp(), json.dumps(data).encode())


def test_okand_typ_sags_vara_okand() -> None:
    with pytest.raises(OkandHandelse):
        HANDELSER.avkoda("se.dygn.placering.PlaceringInledd.v99", b"{}")
    with pytest.raises(OkandHandelse):
        HANDELSER.klass("se.dygn.leverantor.AvtalTecknat.v1")
