"""Messages put aside, over HTTP: list them, show one, release it or throw it away.

Guarantees that a decision is an event and a mark in one transaction: the event says who and why,
the mark tells the stream process, which carries it out in order. Only administrators and systems
come here, and a message whose kommun cannot be read is shown without its content: it may be
another kommun's.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from services.chassis.auth.roles import Roll
from services.chassis.http.commands import Anrop, Call, Kvitto, receipt
from services.chassis.http.forms import Form
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.chassis.identifiers import derived_id
from services.chassis.rules import Breach, Refused
from services.chassis.store.application import ServiceApplication
from services.chassis.store.decision import Done, Mark
from services.chassis.store.errors import NotFound
from services.chassis.streams.decision_event import Karantanbeslut

KARANTAN = (Roll.ADMINISTRATOR, Roll.SYSTEM)

Beslut = Literal["slapp", "kasta", "passera"]

_MARKS: dict[str, str] = {"slapp": "slappt", "kasta": "kastad", "passera": "passerad"}
_OPEN: dict[str, tuple[str, ...]] = {
    "slapp": ("karantan", "okand_typ"),
    "kasta": ("karantan", "hallen", "okand_typ", "passerad"),
    "passera": ("okand_typ",),
}
"""States in which each decision can be made."""


class KarantanUt(BaseModel):
    """A message put aside."""

    konsument: str
    vyversion: str
    topic: str
    partition: int
    offset: int
    kommunkod: str | None
    nyckel: str | None
    pos: int | None
    index: int | None
    registrerad: datetime | None
    typ: str | None
    orsak: str
    lage: str
    inkommen: datetime
    beslutad_av: str | None
    beslut_skal: str | None


class KarantanHelt(KarantanUt):
    """A message put aside, with its headers, and its content where the kommun is known."""

    huvuden: Any
    innehall: str | None


class NyttBeslut(Form):
    """Why it is decided so."""

    skal: Annotated[str, Field(min_length=3, max_length=500)]


_COLUMNS = (
    'konsument, vyversion, topic, partition, "offset", kommunkod, nyckel, pos, "index",'
    " registrerad, typ, orsak, lage, inkommen, beslutad_av, beslut_skal"
)
_WHERE = 'topic = %(topic)s AND partition = %(partition)s AND "offset" = %(offset)s'

Topic = Annotated[str, Path(max_length=100)]
Partition = Annotated[int, Path(ge=0, le=100_000)]
Offset = Annotated[int, Path(ge=0, le=2**62)]


def quarantine_router() -> APIRouter:
    """The routes under ``/v1/karantan`` of a service that reads others' streams."""
    router = service_router("karantän")

    @router.get(
        "/karantan",
        response_model=list[KarantanUt],
        summary="Meddelanden i karantän",
        **roles(*KARANTAN),
    )
    async def lista(
        tjanst: Tjanst,
        anropare: Anropare,
        alla: Annotated[bool, Query(description="Även de som är avgjorda.")] = False,
    ) -> list[KarantanUt]:
        """Äldst först; högst 500."""
        only = "" if alla else " WHERE lage IN ('karantan', 'hallen', 'okand_typ', 'slappt')"
        async with tjanst.reader.reading(anropare.rackvidd) as connection:
            cursor = await connection.execute(
                f"SELECT {_COLUMNS} FROM karantan{only}"
                ' ORDER BY registrerad NULLS FIRST, topic, partition, "offset" LIMIT 500'
            )
            return [KarantanUt(**row) for row in await cursor.fetchall()]

    @router.get(
        "/karantan/{topic}/{partition}/{offset}",
        response_model=KarantanHelt,
        summary="Ett meddelande i karantän",
        **roles(*KARANTAN),
    )
    async def visa(
        tjanst: Tjanst, anropare: Anropare, topic: Topic, partition: Partition, offset: Offset
    ) -> KarantanHelt:
        """Med huvuden, och innehåll om kommunen går att läsa."""
        async with tjanst.reader.reading(anropare.rackvidd) as connection:
            cursor = await connection.execute(
                f"SELECT {_COLUMNS}, huvuden, ra FROM karantan WHERE {_WHERE}"
                " ORDER BY inkommen DESC LIMIT 1",
                {"topic": topic, "partition": partition, "offset": offset},
            )
            row = await cursor.fetchone()
        if row is None:
            raise NotFound("Meddelande", f"{topic}/{partition}/{offset}")
        raw = row.pop("ra")
        known = row["kommunkod"] is not None and raw is not None
        return KarantanHelt(
            **row, innehall=bytes(raw).decode("utf-8", "replace") if known else None
        )

    @router.post(
        "/karantan/{topic}/{partition}/{offset}/{beslut}",
        response_model=Kvitto,
        summary="Släpp, kasta eller passera ett meddelande",
        **roles(*KARANTAN),
    )
    async def besluta(
        call: Anrop,
        topic: Topic,
        partition: Partition,
        offset: Offset,
        beslut: Beslut,
        form: NyttBeslut,
    ) -> JSONResponse:
        """``slapp``: försök igen. ``kasta``: tillämpa aldrig. ``passera``: håll inte W längre."""
        answer = await call.execute(
            lambda app: _besluta(app, call, (topic, partition, offset), beslut, form.skal)
        )
        return receipt(answer)

    return router


def _besluta(
    application: ServiceApplication,
    call: Call,
    place: tuple[str, int, int],
    beslut: Beslut,
    skal: str,
) -> Done:
    topic, partition, offset = place
    rows = application.query(
        f"SELECT konsument, vyversion, lage FROM karantan WHERE {_WHERE}"
        " ORDER BY inkommen DESC LIMIT 1",
        {"topic": topic, "partition": partition, "offset": offset},
    )
    if not rows:
        raise NotFound("Meddelande", f"{topic}/{partition}/{offset}")
    row = rows[0]
    if row["lage"] not in _OPEN[beslut]:
        raise Refused(
            Breach(None, "/beslut", f"Meddelandet är {row['lage']} och väntar inte på det.")
        )
    id = derived_id(
        call.sammanhang.kommunkod,
        "karantan",
        row["konsument"],
        topic,
        str(partition),
        str(offset),
    )
    found = application.find(Karantanbeslut, id)
    if found is None:
        found = Karantanbeslut.fatta(
            call.sammanhang,
            id,
            konsument=row["konsument"],
            topic=topic,
            partition=partition,
            offset=offset,
            beslut=beslut,
            skal=skal,
        )
    else:
        found.fatta_igen(call.sammanhang, beslut=beslut, skal=skal)
    mark = Mark(
        "karantan",
        {
            "lage": _MARKS[beslut],
            "beslutad_av": call.sammanhang.aktor,
            "beslut_skal": skal,
            "beslutad": datetime.now(UTC),
        },
        {
            "konsument": row["konsument"],
            "vyversion": row["vyversion"],
            "topic": topic,
            "partition": partition,
            "offset": offset,
        },
    )
    application.save(found, rows=[mark])
    return Done(id, found.version)
