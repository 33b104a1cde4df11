"""The OpenAPI documents: committed, fresh, and saying what every route demands and may answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dygn import openapi
from services.chassis.auth.roles import Roll
from tests.stod.tjanster import ostartad, tjanster

METODER = ("get", "post", "put", "patch", "delete")


def _dokument(tjanst: str) -> dict[str, Any]:
    dokument: dict[str, Any] = json.loads((openapi.MAPP / f"{tjanst}.json").read_bytes())
    return dokument


def _operationer(dokument: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for vag, metoder in dokument["paths"].items():
        for metod in METODER:
            if metod in metoder:
                yield vag, metod, metoder[metod]


def test_de_incheckade_dokumenten_ar_farska() -> None:
    assert openapi.avvikelser() == []
    assert openapi.main(["--kontrollera"]) == 0


def test_ett_gammalt_saknat_eller_overblivet_dokument_marks(tmp_path: Path) -> None:
    openapi.skriv(tmp_path)
    assert openapi.avvikelser(tmp_path) == []
    (tmp_path / "leverantor.json").write_text("{}")
    (tmp_path / "placering.json").unlink()
    (tmp_path / "nedlagd.json").write_text("{}")
    assert [rad.split(":")[0] for rad in openapi.avvikelser(tmp_path)] == [
        "leverantor.json",
        "nedlagd.json",
        "placering.json",
    ]
    openapi.skriv(tmp_path)
    assert openapi.avvikelser(tmp_path) == []


@pytest.mark.parametrize("tjanst", tjanster())
def test_varje_vag_sager_roller_inloggning_och_problem(tjanst: str) -> None:
    dokument = _dokument(tjanst)
    assert dokument["openapi"] == "3.1.0"
    assert dokument["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    provade = 0
    for vag, metod, operation in _operationer(dokument):
        if not vag.startswith("/v1/"):
            assert "security" not in operation, vag
            continue
        namn = f"{metod} {vag}"
        assert set(operation["x-roller"]) <= set(Roll), namn
        assert operation["x-roller"], namn
        assert operation["security"] == [{"bearer": []}], namn
        for status in ("4XX", "503"):
            innehall = operation["responses"][status]["content"]
            assert innehall["application/problem+json"]["schema"] == {
                "$ref": "#/components/schemas/Problem"
            }, namn
        assert "422" not in operation["responses"], namn
        assert operation["summary"], namn
        huvuden = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
        assert ("Idempotency-Key" in huvuden) == (metod == "post"), namn
        provade += 1
    assert provade >= 3


@pytest.mark.parametrize("tjanst", tjanster())
def test_varje_hanvisning_leder_nagonstans_och_varje_form_ar_ett_schema(tjanst: str) -> None:
    dokument = _dokument(tjanst)
    scheman = dokument["components"]["schemas"]
    for schema in scheman.values():
        Draft202012Validator.check_schema(schema)
    for hanvisning in _hanvisningar(dokument):
        assert hanvisning.removeprefix("#/components/schemas/") in scheman, hanvisning


def _hanvisningar(del_: Any) -> Iterator[str]:
    if isinstance(del_, dict):
        if isinstance(del_.get("$ref"), str):
            yield del_["$ref"]
        for inre in del_.values():
            yield from _hanvisningar(inre)
    elif isinstance(del_, list):
        for inre in del_:
            yield from _hanvisningar(inre)


@pytest.mark.parametrize("tjanst", tjanster())
def test_ingen_form_tar_emot_okanda_falt(tjanst: str) -> None:
    """Whatever a caller may send is closed; an answer may grow."""
    dokument = _dokument(tjanst)
    for vag, metod, operation in _operationer(dokument):
        if "requestBody" not in operation:
            continue
        for schema in _formen(dokument, operation["requestBody"]):
            assert schema.get("additionalProperties") is False, f"{metod} {vag}: {schema['title']}"


def _formen(dokument: dict[str, Any], kropp: dict[str, Any]) -> Iterator[dict[str, Any]]:
    vantar, sedda = [kropp], set()
    while vantar:
        for hanvisning in _hanvisningar(vantar.pop()):
            if hanvisning not in sedda:
                sedda.add(hanvisning)
                schema = dokument["components"]["schemas"][hanvisning.rsplit("/", 1)[1]]
                vantar.append(schema)
                if schema.get("type") == "object":
                    yield schema


@pytest.mark.parametrize("tjanst", tjanster())
def test_utfardaren_av_token_star_inte_i_nagon_tjansts_dokument(tjanst: str) -> None:
    dokument = ostartad(tjanst).openapi()
    assert not [vag for vag in dokument["paths"] if "token" in vag or "jwks" in vag]
    assert "servers" not in dokument
