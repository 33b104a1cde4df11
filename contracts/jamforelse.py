"""Compares two versions of one JSON Schema and tells what would break a consumer.

Guarantees that whoever reads by the old schema can read all that the new one lets through, and that
today's class still reads all that lies in the topic since before: so also a tightened limit and a
field that becomes required are refused. Allowed are a new field that need not be there, a new code
in a vocabulary (a consumer must survive an unknown one, see the README) and new words of
description. Whatever this module does not know is judged as a break when it differs.
"""

import functools
import json
import operator
from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]

_BESKRIVANDE = {"title", "description", "examples", "$schema", "$id", "$defs", "$comment"}
_UNDRE = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_OVRE = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
_EGET = {"type", "enum", "anyOf", "properties", "required", "default", "items"}


class Andring(NamedTuple):
    """One difference: in which field (empty: the event itself), what, and whether it breaks."""

    falt: str
    text: str
    bryter: bool


def jamfor(slappt: Schema, nu: Schema) -> list[Andring]:
    """Every difference that matters, in the order in which it is met."""
    return list(_varden("", _utveckla(slappt, slappt), _utveckla(nu, nu)))


def _utveckla(del_: Any, dokument: Schema, pa_vag: tuple[str, ...] = ()) -> Any:
    """The schema without references and without words of description.

    So a change is seen wherever it is made, and a code list may move within the document. A type
    that contains itself keeps the reference that would lead round.
    """
    if isinstance(del_, list):
        return [_utveckla(ett, dokument, pa_vag) for ett in del_]
    if not isinstance(del_, dict):
        return del_
    pekare = del_.get("$ref")
    if pekare in pa_vag:
        return {"$ref": pekare}
    if pekare is not None:
        mal = functools.reduce(operator.getitem, pekare.removeprefix("#/").split("/"), dokument)
        resten = {nyckel: varde for nyckel, varde in del_.items() if nyckel != "$ref"}
        return _utveckla(mal | resten, dokument, (*pa_vag, pekare))
    return {
        nyckel: _utveckla_under(nyckel, varde, dokument, pa_vag)
        for nyckel, varde in del_.items()
        if nyckel not in _BESKRIVANDE
    }


def _utveckla_under(nyckel: str, varde: Any, dokument: Schema, pa_vag: tuple[str, ...]) -> Any:
    if nyckel in {"default", "enum", "const"}:
        return varde
    if nyckel == "properties":
        return {falt: _utveckla(schema, dokument, pa_vag) for falt, schema in varde.items()}
    return _utveckla(varde, dokument, pa_vag)


def _varden(falt: str, slappt: Schema, nu: Schema) -> Iterator[Andring]:
    """Compare the schemas of one value."""
    (gammal, gammal_null), (ny, ny_null) = _utan_null(slappt), _utan_null(nu)
    if gammal_null != ny_null:
        text = "får inte längre vara null" if gammal_null else "får nu vara null"
        yield Andring(falt, text, bryter=True)
    if "default" in slappt and slappt["default"] != nu.get("default"):
        yield _byte(falt, "förvalt värde", slappt["default"], nu.get("default"))
    if gammal.get("type") != ny.get("type"):
        yield _byte(falt, "typen", gammal.get("type"), ny.get("type"))
        return
    yield from _koder(falt, gammal, ny)
    yield from _ovriga_villkor(falt, gammal, ny)
    if "properties" in gammal or "properties" in ny:
        yield from _falten(falt, gammal, ny)
    if isinstance(gammal.get("items"), dict) and isinstance(ny.get("items"), dict):
        yield from _varden(f"{falt}[]", gammal["items"], ny["items"])
    elif gammal.get("items") != ny.get("items"):
        yield _byte(falt, "typen på raderna", gammal.get("items"), ny.get("items"))


def _falten(prefix: str, gammal: Schema, ny: Schema) -> Iterator[Andring]:
    fore, efter = gammal.get("properties", {}), ny.get("properties", {})
    forr_krav, nu_krav = set(gammal.get("required", [])), set(ny.get("required", []))
    for namn in fore:
        falt = f"{prefix}.{namn}".lstrip(".")
        if namn not in efter:
            yield Andring(falt, "är borttaget eller har bytt namn", bryter=True)
            continue
        yield from _varden(falt, fore[namn], efter[namn])
        if namn in forr_krav - nu_krav:
            yield Andring(falt, "finns inte längre alltid med", bryter=True)
        if namn in nu_krav - forr_krav:
            yield Andring(falt, "har blivit obligatoriskt", bryter=True)
    for namn in efter:
        if namn not in fore:
            bryter = namn in nu_krav
            text = f"är nytt och {'obligatoriskt' if bryter else 'frivilligt'}"
            yield Andring(f"{prefix}.{namn}".lstrip("."), text, bryter)


def _utan_null(schema: Schema) -> tuple[Schema, bool]:
    """The schema of the value proper, and whether null may stand in its place.

    A union of several kinds of values is left as it is and compared whole.
    """
    delar = schema.get("anyOf", [])
    vardedelar = [del_ for del_ in delar if del_ != {"type": "null"}]
    if len(vardedelar) == 1 and len(delar) > 1:
        resten = {nyckel: varde for nyckel, varde in schema.items() if nyckel != "anyOf"}
        return resten | vardedelar[0], True
    return schema, False


def _koder(falt: str, gammal: Schema, ny: Schema) -> Iterator[Andring]:
    if ("enum" in gammal) != ("enum" in ny):
        fore, efter = ("kodlista", "fri text") if "enum" in gammal else ("fri text", "kodlista")
        yield _byte(falt, "typen", fore, efter)
        return
    forr, nu = set(gammal.get("enum", [])), set(ny.get("enum", []))
    for kod in sorted(forr - nu):
        yield Andring(falt, f"koden ”{kod}” är borttagen", bryter=True)
    for kod in sorted(nu - forr):
        yield Andring(falt, f"koden ”{kod}” är ny; konsumenter ska tåla den", bryter=False)


def _ovriga_villkor(falt: str, gammal: Schema, ny: Schema) -> Iterator[Andring]:
    for villkor in sorted((gammal.keys() | ny.keys()) - _BESKRIVANDE - _EGET):
        forr, nu = gammal.get(villkor), ny.get(villkor)
        if _text(forr) != _text(nu):
            yield _byte(falt, _villkorets_namn(villkor, forr, nu), forr, nu)
    if _text(gammal.get("anyOf")) != _text(ny.get("anyOf")):
        yield _byte(falt, "typen", gammal.get("anyOf"), ny.get("anyOf"))


def _villkorets_namn(villkor: str, forr: object, nu: object) -> str:
    if villkor == "x-nyckel":
        return "nyckelfältet"
    if villkor not in _UNDRE | _OVRE:
        return f"villkoret {villkor}"
    return f"gränsen {villkor} ({'snävare' if _snavare(villkor, forr, nu) else 'vidare'})"


def _snavare(villkor: str, forr: object, nu: object) -> bool:
    if not isinstance(forr, int | float) or not isinstance(nu, int | float):
        return forr is None
    return nu > forr if villkor in _UNDRE else nu < forr


def _byte(falt: str, vad: str, forr: object, nu: object) -> Andring:
    return Andring(falt, f"{vad} har ändrats från {_visa(forr)} till {_visa(nu)}", bryter=True)


def _visa(varde: object) -> str:
    if varde is None:
        return "inget"
    return varde if isinstance(varde, str) else _text(varde)


def _text(varde: object) -> str:
    return json.dumps(varde, ensure_ascii=False, sort_keys=True)
