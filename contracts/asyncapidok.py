"""The AsyncAPI 3.0 document of a publishing service.

Guarantees that a stranger can subscribe with this one file: it holds the channels, the headers, the
key, the schema and an example of every message, and points to nothing outside itself. Schemas are
made as in :mod:`contracts.schema`, with shared vocabularies as components.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from contracts.exempelfiler import exempel_for
from contracts.faltdok import commonmark, klassbeskrivning
from contracts.handelse import Kontraktshandelse
from contracts.kuvert import NYCKELMONSTER, Huvuden, Styrpost
from contracts.schema import delar
from contracts.tjanster import TJANSTER

Dokument = dict[str, Any]

BINDNING = "0.5.0"
_INSTALLATION = "0f6f3c52-7d0b-4c2e-9a54-2c1f5b8f6a10"
_FORSTA = datetime(2026, 2, 2, 7, 30, 0, 125000, tzinfo=UTC)
_OM_TJANSTEN = """\
Events that the service `{tjanst}` has recorded, pseudonymised, as CloudEvents 1.0 in binary mode.

Delivery is at least once: skip a `ce_id` (or a `pos`.`index`) that was already read. Order holds
within a key, so within a partition. `fore` names the message before in the partition: when it is
not the one last read, one is missing. Fields and codes may be added to a version and an unknown
field is to be passed over; everything else needs a new version, published under a type of its own.
Nothing is ever deleted from the topic.
"""


def _pekare(*steg: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(steg)}


def asyncapi(tjanst: str) -> Dokument:
    """The document of the service, as plain data."""
    klasser = list(TJANSTER[tjanst])
    dokument = {
        "asyncapi": "3.0.0",
        "id": f"urn:dygn:{tjanst}",
        "info": {
            "title": f"Dygn: {tjanst}",
            "version": "1.0.0",
            "description": commonmark(_OM_TJANSTEN.format(tjanst=tjanst)),
        },
        "defaultContentType": "application/json",
        "channels": {
            "handelser": _handelsekanal(tjanst, klasser),
            "styrning": _styrkanal(tjanst),
        },
        "operations": {
            "skickaHandelse": _sandning(
                "handelser", klasser, "Publish what was recorded, in order."
            ),
            "skickaStyrpost": {
                "action": "send",
                "summary": "Say how far the publisher has come.",
                "channel": _pekare("channels", "styrning"),
                "messages": [_pekare("channels", "styrning", "messages", "Styrpost")],
            },
        },
        "components": {
            "schemas": delar(*klasser, Huvuden, Styrpost, mall="#/components/schemas/{name}"),
            "messages": {
                **{klass.__name__: _meddelande(klass, nr) for nr, klass in enumerate(klasser, 1)},
                "Styrpost": _styrpost(tjanst),
            },
        },
    }
    # A round trip, so that no part is shared and the YAML needs no anchors.
    return json.loads(json.dumps(dokument))  # type: ignore[no-any-return]


def som_yaml(dokument: Dokument) -> bytes:
    """The document as it is committed."""
    return msgspec.yaml.encode(dokument)


def _handelsekanal(tjanst: str, klasser: list[type[Kontraktshandelse]]) -> Dokument:
    return {
        "address": f"dygn.{tjanst}.v1",
        "title": f"Events of {tjanst}",
        "description": "Partition = hash of the key over the number of partitions that the "
        "installation was made with; the number never changes within an epok.",
        "messages": {
            klass.__name__: _pekare("components", "messages", klass.__name__) for klass in klasser
        },
        "bindings": {
            "kafka": {
                "topic": f"dygn.{tjanst}.v1",
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": BINDNING,
            }
        },
    }


def _styrkanal(tjanst: str) -> Dokument:
    return {
        "address": f"dygn.{tjanst}.styr",
        "title": f"Control records of {tjanst}",
        "description": "One partition, one key, compacted: the last record is the one that counts.",
        "messages": {"Styrpost": _pekare("components", "messages", "Styrpost")},
        "bindings": {
            "kafka": {
                "topic": f"dygn.{tjanst}.styr",
                "partitions": 1,
                "topicConfiguration": {"cleanup.policy": ["compact"]},
                "bindingVersion": BINDNING,
            }
        },
    }


def _sandning(kanal: str, klasser: list[type[Kontraktshandelse]], text: str) -> Dokument:
    return {
        "action": "send",
        "summary": text,
        "channel": _pekare("channels", kanal),
        "messages": [_pekare("channels", kanal, "messages", klass.__name__) for klass in klasser],
    }


def _meddelande(klass: type[Kontraktshandelse], nr: int) -> Dokument:
    nyckel = (
        f"`kommunkod:{klass.nyckelfalt}`: the kommun's code and the event's `{klass.nyckelfalt}`."
    )
    return {
        "name": klass.handelsetyp(),
        "title": klass.handelsenamn(),
        "summary": klassbeskrivning(klass).split("\n\n", maxsplit=1)[0],
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "allOf": [
                _pekare("components", "schemas", "Huvuden"),
                {"type": "object", "properties": {"ce_type": {"const": klass.handelsetyp()}}},
            ],
        },
        "payload": _pekare("components", "schemas", klass.__name__),
        "bindings": {
            "kafka": {
                "key": {"type": "string", "pattern": NYCKELMONSTER, "description": nyckel},
                "bindingVersion": BINDNING,
            }
        },
        "examples": [
            {
                "name": exempel.fil.stem,
                "headers": exempelhuvuden(klass, nr),
                "payload": json.loads(exempel.data),
            }
            for exempel in exempel_for(klass)
        ],
    }


def exempelhuvuden(klass: type[Kontraktshandelse], pos: int) -> dict[str, str]:
    """Headers as the event at ``pos`` would have them, were all others in its partition too."""
    registrerad = _instant(_FORSTA + timedelta(minutes=pos))
    return {
        "ce_specversion": "1.0",
        "ce_id": f"{klass.tjanst}:1:{pos}.0",
        "ce_type": klass.handelsetyp(),
        "ce_source": f"/dygn/{klass.tjanst}",
        "ce_time": registrerad,
        "content-type": "application/json",
        "installation": _INSTALLATION,
        "epok": "1",
        "pos": str(pos),
        "index": "0",
        "registrerad": registrerad,
        "kommunkod": "1490",
        "fore": f"{pos - 1}.0",
    }


def _styrpost(tjanst: str) -> Dokument:
    pos = len(list(TJANSTER[tjanst]))
    return {
        "name": "Styrpost",
        "title": "Styrpost",
        "summary": klassbeskrivning(Styrpost).split("\n\n", maxsplit=1)[0],
        "contentType": "application/json",
        "payload": _pekare("components", "schemas", "Styrpost"),
        "bindings": {
            "kafka": {
                "key": {
                    "type": "string",
                    "enum": ["styr"],
                    "description": "The same in every record.",
                },
                "bindingVersion": BINDNING,
            }
        },
        "examples": [
            {
                "name": "Styrpost",
                "payload": {
                    "installation": _INSTALLATION,
                    "epok": 1,
                    "pos": pos,
                    "registrerad": _instant(_FORSTA + timedelta(minutes=pos)),
                    "kedja": "5f" * 32,
                    "sista": {"3": [pos, 0]},
                },
            }
        ],
    }


def _instant(tid: datetime) -> str:
    return tid.isoformat(timespec="microseconds").replace("+00:00", "Z")
