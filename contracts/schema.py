"""JSON Schema (2020-12) of one event version, made from its class.

Guarantees that a schema says exactly what the class reads and writes: msgspec makes it from the
type hints, and only descriptions and the contract's own marks (``x-typ``, ``x-tjanst``,
``x-version``, ``x-nyckel``) are added. The bytes are deterministic: keys sorted, one final newline.
A schema never forbids unknown fields, because a later release of the version may add some.
"""

import json
from typing import Any

import msgspec

from contracts.faltdok import commonmark, faltbeskrivningar, klassbeskrivning
from contracts.handelse import Kontraktshandelse
from contracts.kuvert import Huvuden, Styrpost
from contracts.tjanster import TJANSTER

Schema = dict[str, Any]

DIALEKT = "https://json-schema.org/draft/2020-12/schema"
PROTOKOLL = "protokoll"
"""The folder of the schemas that belong to the protocol and to no service."""


def delar(*klasser: type[msgspec.Struct], mall: str) -> dict[str, Schema]:
    """The schemas of the classes and of all that they use, by name; ``mall`` makes references."""
    _, delscheman = msgspec.json.schema_components(klasser, ref_template=mall)
    for delschema in delscheman.values():
        if "description" in delschema:
            delschema["description"] = commonmark(delschema["description"])
        for uppraknad in (delschema, *delschema.get("properties", {}).values()):
            if "enum" in uppraknad:
                uppraknad["type"] = "string"
    for klass in klasser:
        beskriv(delscheman[klass.__name__], klass)
    return delscheman


def beskriv(schema: Schema, klass: type[msgspec.Struct]) -> None:
    """Put the docstrings of a class and of its fields into its schema."""
    schema["description"] = klassbeskrivning(klass)
    texter = faltbeskrivningar(klass)
    for falt in msgspec.structs.fields(klass):
        if falt.name in texter:
            schema["properties"][falt.encode_name]["description"] = texter[falt.name]


def klasschema(klass: type[msgspec.Struct], namn: str) -> Schema:
    """A schema document of its own, named ``urn:dygn:<namn>``."""
    delscheman = delar(klass, mall="#/$defs/{name}")
    schema = delscheman.pop(klass.__name__)
    schema |= {"$schema": DIALEKT, "$id": f"urn:dygn:{namn}"}
    if delscheman:
        schema["$defs"] = delscheman
    # Plain JSON values, so that a fresh schema equals one that was read from a file.
    plain: Schema = json.loads(json.dumps(schema))
    return plain


def handelseschema(klass: type[Kontraktshandelse]) -> Schema:
    """The schema of an event version, with the contract's own marks."""
    namn = klass.handelsenamn()
    schema = klasschema(klass, f"{klass.tjanst}:{namn}:v{klass.version}")
    return schema | {
        "title": namn,
        "x-typ": klass.handelsetyp(),
        "x-tjanst": klass.tjanst,
        "x-version": klass.version,
        "x-nyckel": klass.nyckelfalt,
    }


def filnamn(klass: type[Kontraktshandelse]) -> str:
    """``<service>/<Handelse>.v<version>.json``, the same under every folder of the contracts."""
    return f"{klass.tjanst}/{klass.handelsenamn()}.v{klass.version}.json"


def alla_scheman() -> dict[str, Schema]:
    """Every schema of the contracts as the classes say now, by file name."""
    scheman = {
        f"{PROTOKOLL}/{klass.__name__}.v1.json": klasschema(
            klass, f"{PROTOKOLL}:{klass.__name__}:v1"
        )
        for klass in (Huvuden, Styrpost)
    }
    for register in TJANSTER.values():
        scheman |= {filnamn(klass): handelseschema(klass) for klass in register}
    return scheman


def som_bytes(schema: Schema) -> bytes:
    """The schema as it is committed: UTF-8, keys sorted, two spaces, one final newline."""
    return (json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
