"""The committed documents say what the classes say, and stand on their own."""

import functools
import json
import operator
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from contracts import dokument, exempelfiler
from contracts.asyncapidok import asyncapi, exempelhuvuden
from contracts.exempelfiler import exempel_for
from contracts.handelse import Kontraktshandelse, Register
from contracts.kuvert import Styrpost
from contracts.schema import DIALEKT, alla_scheman, filnamn, handelseschema
from contracts.tjanster import ROT, TJANSTER

HANDELSER = [klass for register in TJANSTER.values() for klass in register]
tjanster = pytest.mark.parametrize("tjanst", sorted(TJANSTER))
handelser = pytest.mark.parametrize("klass", HANDELSER, ids=lambda klass: filnamn(klass))


def test_incheckade_dokument_ar_farska() -> None:
    assert dokument.avvikelser() == []


def test_dokument_som_saknas_andrats_eller_blivit_over_sags(tmp_path: Path) -> None:
    dokument.skriv(tmp_path)
    assert dokument.avvikelser(tmp_path) == []
    (tmp_path / "asyncapi/placering.yaml").unlink()
    (tmp_path / "scheman/placering/PlaceringInledd.v1.json").write_text("{}")
    (tmp_path / "scheman/placering/PlaceringFlyttad.v1.json").write_text("{}")
    assert dokument.avvikelser(tmp_path) == [
        "asyncapi/placering.yaml: saknas",
        "scheman/placering/PlaceringFlyttad.v1.json: hör inte till någon händelse",
        "scheman/placering/PlaceringInledd.v1.json: är inte som klasserna säger",
    ]
    dokument.skriv(tmp_path)
    assert dokument.avvikelser(tmp_path) == []


def test_kommandot_kontrollerar_utan_att_skriva(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dokument.main(["--kontrollera"]) == 0
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(dokument, "avvikelser", lambda: ["asyncapi/placering.yaml: saknas"])
    monkeypatch.setattr(dokument, "skriv", pytest.fail)
    assert dokument.main(["--kontrollera"]) == 1
    assert "Kör: python -m contracts.dokument" in capsys.readouterr().err


def test_kommandot_skriver(monkeypatch: pytest.MonkeyPatch) -> None:
    skrivet: list[bool] = []
    monkeypatch.setattr(dokument, "skriv", lambda: skrivet.append(True))
    monkeypatch.setattr(dokument, "alla_exempel", list)
    assert dokument.main([]) == 0
    assert skrivet == [True]


def test_nya_exempel_far_kanonisk_form_och_slappta_ror_ingen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (forsta, *_) = exempel_for(HANDELSER[0])
    utspritt = json.dumps(json.loads(forsta.data), indent=4).encode()
    mapp = tmp_path / forsta.klass.tjanst
    mapp.mkdir()
    for namn in ("nytt.json", "slappt.json"):
        (mapp / namn).write_bytes(utspritt)
    exemplen = [forsta._replace(fil=fil, data=utspritt) for fil in mapp.iterdir()]
    monkeypatch.setattr(exempelfiler, "EXEMPEL", tmp_path)
    monkeypatch.setattr(dokument, "alla_exempel", lambda: exemplen)
    monkeypatch.setattr(dokument, "slappta_exempel", lambda: {f"{mapp.name}/slappt.json"})
    dokument.gor_kanoniska()
    assert (mapp / "nytt.json").read_bytes() == forsta.data + b"\n"
    assert (mapp / "slappt.json").read_bytes() == utspritt


def test_varje_schema_ar_giltigt_json_schema_2020_12() -> None:
    for namn, schema in alla_scheman().items():
        assert schema["$schema"] == DIALEKT, namn
        jsonschema.Draft202012Validator.check_schema(schema)


def test_varje_handelseklass_star_i_sin_tjansts_register() -> None:
    namngivna = {
        klass
        for klass in _underklasser(Kontraktshandelse)
        if klass.__module__.startswith("contracts.") and not klass.__name__.startswith("_")
    }
    assert namngivna == set(HANDELSER)
    assert len({klass.handelsetyp() for klass in HANDELSER}) == len(HANDELSER)
    for tjanst, register in TJANSTER.items():
        assert {klass.tjanst for klass in register} == {tjanst}


@handelser
def test_schemat_bar_nyckel_typ_och_beskrivning(klass: type[Kontraktshandelse]) -> None:
    schema = handelseschema(klass)
    assert schema["x-typ"] == f"se.dygn.{klass.tjanst}.{klass.handelsenamn()}.v{klass.version}"
    assert schema["properties"][schema["x-nyckel"]] == {"type": "string", "format": "uuid"}
    assert schema["x-nyckel"] in schema["required"]
    assert schema["description"]


def test_faltens_beskrivningar_foljer_med_ocksa_de_arvda() -> None:
    schema = alla_scheman()["placering/PlaceringInledd.v1.json"]
    assert "utom ramavtal" in schema["properties"]["avtal"]["description"]
    assert "list price" in schema["properties"]["dygnspris_ore"]["description"]


def test_ny_version_ar_en_ny_klass_med_samma_handelsenamn() -> None:
    class PlaceringMakuleradV2(Kontraktshandelse, frozen=True, kw_only=True):
        """The second version."""

        tjanst = "placering"
        nyckelfalt = "klient"
        version = 2

    typ = "se.dygn.placering.PlaceringMakulerad.v2"
    assert PlaceringMakuleradV2.handelsetyp() == typ
    assert filnamn(PlaceringMakuleradV2) == "placering/PlaceringMakulerad.v2.json"
    register = Register(*TJANSTER["placering"], PlaceringMakuleradV2)
    assert len(register.typer()) == len(TJANSTER["placering"].typer()) + 1


@tjanster
def test_asyncapi_har_kanaler_sandningar_och_kafkas_installningar(tjanst: str) -> None:
    dok = _last(tjanst)
    assert dok["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= dok["info"].keys()
    kanaler = dok["channels"]
    adresser = {kanal["address"] for kanal in kanaler.values()}
    assert adresser == {f"dygn.{tjanst}.v1", f"dygn.{tjanst}.styr"}
    for kanal in kanaler.values():
        assert kanal["bindings"]["kafka"]["topic"] == kanal["address"]
    installning = kanaler["handelser"]["bindings"]["kafka"]["topicConfiguration"]
    assert installning == {"cleanup.policy": ["delete"], "retention.ms": -1}
    styrning = kanaler["styrning"]["bindings"]["kafka"]
    assert styrning["partitions"] == 1
    assert styrning["topicConfiguration"] == {"cleanup.policy": ["compact"]}
    assert {sandning["action"] for sandning in dok["operations"].values()} == {"send"}
    for sandning in dok["operations"].values():
        kanal = _folj(dok, sandning["channel"])
        assert [_folj(dok, del_) for del_ in sandning["messages"]] == [
            _folj(dok, del_) for del_ in kanal["messages"].values()
        ]


@tjanster
def test_asyncapi_har_bara_nycklar_som_standarden_kanner(tjanst: str) -> None:
    dok = _last(tjanst)
    assert dok.keys() == {
        "asyncapi", "id", "info", "defaultContentType", "channels", "operations", "components",
    }  # fmt: skip
    assert dok["components"].keys() == {"schemas", "messages"}
    for kanal in dok["channels"].values():
        assert kanal.keys() == {"address", "title", "description", "messages", "bindings"}
    for sandning in dok["operations"].values():
        assert sandning.keys() == {"action", "summary", "channel", "messages"}
    for meddelande in dok["components"]["messages"].values():
        assert meddelande.keys() - {"headers"} == {
            "name", "title", "summary", "contentType", "payload", "bindings", "examples",
        }  # fmt: skip
        assert meddelande["bindings"]["kafka"].keys() == {"key", "bindingVersion"}
        for exempel in meddelande["examples"]:
            assert exempel.keys() - {"headers"} == {"name", "payload"}


@tjanster
def test_varje_hanvisning_i_asyncapi_leder_nagonstans(tjanst: str) -> None:
    dok = _last(tjanst)
    pekare = list(_pekare(dok))
    assert pekare
    for ett in pekare:
        assert ett.startswith("#/"), "the document must stand alone"
        assert _folj(dok, {"$ref": ett})
    anvanda = {ett.rsplit("/", maxsplit=1)[1] for ett in pekare if "/schemas/" in ett}
    assert anvanda == dok["components"]["schemas"].keys()


@tjanster
def test_varje_handelse_ar_ett_meddelande_med_exempel_som_foljer_schemat(tjanst: str) -> None:
    dok = _last(tjanst)
    meddelanden = dok["components"]["messages"]
    assert meddelanden.keys() == {klass.__name__ for klass in TJANSTER[tjanst]} | {"Styrpost"}
    for klass in TJANSTER[tjanst]:
        meddelande = meddelanden[klass.__name__]
        assert meddelande["name"] == klass.handelsetyp()
        nyckel = meddelande["bindings"]["kafka"]["key"]
        assert f"kommunkod:{klass.nyckelfalt}" in nyckel["description"]
        forsta = exempel_for(klass)[0].avkodad()
        jsonschema.validate(f"1490:{forsta.nyckelvarde}", nyckel)
        assert len(meddelande["examples"]) == len(exempel_for(klass))
        for exempel in meddelande["examples"]:
            _folj_schemat(dok, exempel["payload"], meddelande["payload"])
            _folj_schemat(dok, exempel["headers"], meddelande["headers"])


@tjanster
def test_styrpostens_exempel_foljer_schemat_och_klassen(tjanst: str) -> None:
    dok = _last(tjanst)
    meddelande = dok["components"]["messages"]["Styrpost"]
    (exempel,) = meddelande["examples"]
    _folj_schemat(dok, exempel["payload"], meddelande["payload"])
    post = msgspec.convert(exempel["payload"], Styrpost)
    assert post.pos == len(list(TJANSTER[tjanst]))
    assert meddelande["payload"] == {"$ref": "#/components/schemas/Styrpost"}


@pytest.mark.parametrize(
    ("huvud", "varde"),
    [
        ("fore", "17"),
        ("fore", "017.0"),
        ("kommunkod", "149"),
        ("ce_id", "placering:1:17"),
        ("ce_id", "placering:0:17.0"),
        ("ce_specversion", "0.3"),
        ("ce_type", "se.dygn.placering.BeslutFattat.v1"),
        ("registrerad", "2026-02-02 08:31:00"),
        ("content-type", "text/plain"),
        ("pos", None),
        ("installation", None),
    ],
)
def test_huvuden_som_inte_haller_formen_faller(huvud: str, varde: str | None) -> None:
    dok = _last("placering")
    klass = next(iter(TJANSTER["placering"]))
    huvuden = exempelhuvuden(klass, 17)
    schema = dok["components"]["messages"][klass.__name__]["headers"]
    _folj_schemat(dok, huvuden, schema)
    trasiga = {k: v for k, v in (huvuden | {huvud: varde}).items() if v is not None}
    with pytest.raises(jsonschema.ValidationError):
        _folj_schemat(dok, trasiga, schema)


@tjanster
def test_asyncapi_pa_disk_ar_samma_dokument(tjanst: str) -> None:
    assert _last(tjanst) == asyncapi(tjanst)


def _last(tjanst: str) -> dict[str, Any]:
    return msgspec.yaml.decode((ROT / f"asyncapi/{tjanst}.yaml").read_bytes(), type=dict[str, Any])


def _folj(dok: dict[str, Any], del_: dict[str, Any]) -> Any:
    mal: Any = del_
    while isinstance(mal, dict) and "$ref" in mal:
        steg = mal["$ref"].removeprefix("#/").split("/")
        mal = functools.reduce(operator.getitem, steg, dok)
    return mal


def _folj_schemat(dok: dict[str, Any], data: object, schema: dict[str, Any]) -> None:
    helt = {"$schema": DIALEKT, "components": dok["components"], **schema}
    kontroll = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(helt, format_checker=kontroll).validate(data)


def _pekare(del_: object) -> Iterator[str]:
    if isinstance(del_, dict):
        if isinstance(del_.get("$ref"), str):
            yield del_["$ref"]
        for varde in del_.values():
            yield from _pekare(varde)
    elif isinstance(del_, list):
        for varde in del_:
            yield from _pekare(varde)


def _underklasser(klass: type[Kontraktshandelse]) -> Iterator[type[Kontraktshandelse]]:
    for underklass in klass.__subclasses__():
        yield underklass
        yield from _underklasser(underklass)
