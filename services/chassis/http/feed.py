"""A service's stream as a feed over HTTP, for authorised systems that have no Kafka.

Guarantees the very events of the topic, made by the same mapping, in the stream's order and of the
caller's kommun alone, as CloudEvents 1.0 in the JSON batch format. Every answer says from where to
go on (``Link: <…>; rel="next"``), also when it holds nothing: other kommuner's events may have
passed. Positions are given in the order of commit and without gaps, so whoever keeps that address
together with what the events led to misses none; whoever asks from an earlier one meets the same
events again, with the same ids.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from services.chassis.auth.roles import Roll
from services.chassis.http.problems import Problem
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.chassis.rules import Breach, NotAdmitted
from services.chassis.store.reader import Rows
from services.chassis.streams.event_log import STROM_SQL, Publisher, Strom
from services.chassis.streams.mapping import Recorded, StoredRow, encode_batch
from services.chassis.streams.message import Message

MEDIA_TYPE = "application/cloudevents-batch+json"
SPAN = 50_000
"""Positions that one answer looks through at most: a small kommun in a large installation."""

_FORM = re.compile(r"(0|[1-9][0-9]{0,3}):(0|[1-9][0-9]{0,17})")
_NUMBERS = ("epok", "pos", "index")
_ROWS = (
    "SELECT pos, registrerad, kommunkod, topic, originator_id, originator_version, state"
    " FROM handelse WHERE kommunkod = current_setting('dygn.kommunkod')"
    " AND pos > %s AND pos <= %s ORDER BY pos LIMIT %s"
)

Efter = Annotated[
    str | None,
    Query(
        description="Platsen att fortsätta efter (`epok:position`, ur svarets `Link`);"
        " utan den från början.",
        examples=["1:0"],
        max_length=30,
    ),
]
Antal = Annotated[int, Query(ge=1, le=5_000, description="Högsta antal egna händelser i svaret.")]


def feed_router(publisher: Publisher) -> APIRouter:
    """The route ``GET /v1/handelser`` of a service that publishes."""
    router = service_router("drift")

    @router.get(
        "/handelser",
        response_class=Response,
        responses={200: {"description": "Händelserna, äldst först.", "content": _CONTENT}},
        summary="Händelserna, för system utan Kafka",
        **roles(Roll.SYSTEM),
    )
    async def handelser(
        tjanst: Tjanst, anropare: Anropare, efter: Efter = None, antal: Antal = 1_000
    ) -> Response:
        """Samma händelser som i Kafka (CloudEvents 1.0, JSON), i ordning, för den egna kommunen.

        Svarets `Link` med `rel="next"` är adressen att fråga härnäst. Är listan tom finns inget
        nytt; fråga igen om en stund. Är platsen ur en tidigare epok (410) läses allt om från
        början: varje händelses `id` säger vad som är nytt.
        """
        if anropare.arbetsenheter is not None:
            raise NotAdmitted(Breach("R-SEK-3", "", _WHOLE))
        async with tjanst.reader.reading(anropare.rackvidd) as connection:
            strom = await _strom(connection)
            start = _start(efter, strom)
            end = min(strom.pos, start + SPAN)
            rows = await _rows(connection, start, end, antal)
        if len(rows) == antal:
            end = rows[-1].pos
        # Relative to the address asked for: the service may be mounted under another path.
        following = f"?efter={strom.epok}:{end}&antal={antal}"
        return Response(
            msgspec.json.encode([cloud_event(one) for one in _messages(publisher, strom, rows)]),
            media_type=MEDIA_TYPE,
            headers={"Link": f'<{following}>; rel="next"'},
        )

    return router


_WHOLE = "Flödet gäller hela kommunen och lämnas inte till den som är knuten till arbetsenheter."


def cloud_event(message: Message) -> dict[str, Any]:
    """A message of the stream as a CloudEvent in JSON; its data are the same bytes.

    ``fore``, which tells a reader of one partition that nothing is missing, has no meaning here.
    """
    event: dict[str, Any] = {}
    for name, raw in message.headers:
        text = raw.decode()
        if name == "content-type":
            event["datacontenttype"] = text
        elif name != "fore":
            event[name.removeprefix("ce_")] = int(text) if name in _NUMBERS else text
    return {**event, "partitionkey": message.key.decode(), "data": msgspec.Raw(message.value)}


async def _strom(connection: Rows) -> Strom:
    row = await (await connection.execute(STROM_SQL)).fetchone()
    assert row is not None
    return Strom(**{**row, "kedja": bytes(row["kedja"] or b"")})


def _start(efter: str | None, strom: Strom) -> int:
    """The position to go on behind; a refusal when it is none of this stream's."""
    if efter is None:
        return 0
    read = _FORM.fullmatch(efter)
    if read is None:
        breach = Breach(None, "query:efter", "Ange platsen som epok:position, till exempel 1:0.")
        raise Problem(
            422, "Felaktiga uppgifter", breach.text, kind="felaktiga-uppgifter", breaches=[breach]
        )
    epok, pos = int(read[1]), int(read[2])
    if epok != strom.epok:
        raise Problem(
            410,
            "Platsen gäller inte längre",
            f"Strömmen är på epok {strom.epok}. Läs om den från början, utan efter.",
            kind="annan-epok",
        )
    if pos > strom.pos:
        raise Problem(
            409,
            "Platsen finns inte",
            f"Strömmen har kommit till {strom.pos}. Databasen kan vara återställd till ett"
            " tidigare läge: vänta tills den som driver systemet har gett strömmen en ny epok.",
            kind="okand-plats",
        )
    return pos


async def _rows(connection: Rows, after: int, last: int, limit: int) -> list[StoredRow]:
    cursor = await connection.execute(_ROWS, (after, last, limit))
    return [
        StoredRow(**{**row, "state": bytes(row["state"])}, kedja=None)
        for row in await cursor.fetchall()
    ]


def _messages(publisher: Publisher, strom: Strom, rows: Sequence[StoredRow]) -> list[Message]:
    recorded = (
        Recorded(row.pos, row.registrerad, row.kommunkod, publisher.decode(row)) for row in rows
    )
    messages, _ = encode_batch(publisher.stream(strom), recorded, publisher.mapping, {})
    return messages


_CONTENT: dict[str, Any] = {
    MEDIA_TYPE: {
        "schema": {
            "type": "array",
            "items": {
                "type": "object",
                "description": "Ett CloudEvent; data är beskrivna i AsyncAPI-dokumentet.",
                "required": ["specversion", "id", "source", "type", "time", "data"],
                "properties": {
                    "specversion": {"const": "1.0"},
                    "id": {"type": "string", "examples": ["placering:1:17.0"]},
                    "source": {"type": "string", "examples": ["/dygn/placering"]},
                    "type": {
                        "type": "string",
                        "examples": ["se.dygn.placering.PlaceringInledd.v1"],
                    },
                    "time": {"type": "string", "format": "date-time"},
                    "datacontenttype": {"const": "application/json"},
                    "installation": {"type": "string", "format": "uuid"},
                    "epok": {"type": "integer"},
                    "pos": {"type": "integer", "description": "Läget i strömmen."},
                    "index": {"type": "integer", "description": "Platsen inom läget."},
                    "registrerad": {"type": "string", "format": "date-time"},
                    "kommunkod": {"type": "string", "examples": ["1490"]},
                    "partitionkey": {"type": "string", "description": "Vad ordningen gäller inom."},
                    "data": {"type": "object"},
                },
            },
        }
    }
}
