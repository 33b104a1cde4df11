"""The bulk endpoint's form: what is common to ``POST /v1/overtaganden`` of every service.

Guarantees that judging and storing give the same answer, and that a repeated request (the key has
been answered) is told what each row is now, which is that it was there.
"""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from services.chassis.http.commands import Call
from services.chassis.rules import Breach
from services.chassis.store.decision import Done
from services.chassis.takeover import Utfall, Verdict, counts, refuse_rows

ROWS_MAX = 1000

Kalla = Annotated[
    str,
    Field(pattern=r"^[a-z0-9_-]{1,40}$", description="Källans namn; referenser gäller inom den."),
]
Referens = Annotated[str, Field(min_length=1, max_length=200)]


class Overtagande(BaseModel):
    """What every takeover says besides its rows."""

    model_config = ConfigDict(extra="forbid")

    kalla: Kalla = "import"
    bara_bedom: Annotated[bool, Field(description="Bedöm raderna utan att lagra något.")] = False
    delvis: Annotated[bool, Field(description="Lagra de rader som går, även om andra avvisas.")] = (
        False
    )


class Anmarkning(BaseModel):
    """A fault or a flag of a row."""

    regel: str | None
    falt: str
    text: str

    @classmethod
    def of(cls, breach: Breach) -> "Anmarkning":
        """The breach as it is written in the answer."""
        return cls(regel=breach.regel, falt=breach.pekare.lstrip("/"), text=breach.text)


class Radutfall(BaseModel):
    """What became of one row."""

    index: int
    referens: str
    utfall: Utfall
    id: UUID | None
    fel: list[Anmarkning]
    flaggor: list[Anmarkning]

    @classmethod
    def of(cls, verdict: Verdict) -> "Radutfall":
        """The verdict as it is written in the answer."""
        return cls(
            index=verdict.index,
            referens=verdict.referens,
            utfall=verdict.utfall,
            id=verdict.id,
            fel=[Anmarkning.of(breach) for breach in verdict.fel],
            flaggor=[Anmarkning.of(breach) for breach in verdict.flaggor],
        )


class Overtagandesvar(BaseModel):
    """What became of every row; ``position`` is the newest event's, ``None`` if only judged."""

    rader: list[Radutfall]
    antal: dict[str, int]
    position: int | None


async def answer_takeover(
    call: Call, form: Overtagande, method: Callable[[Any], list[Verdict]]
) -> JSONResponse:
    """Judge the rows by ``method``, and store them unless the form says only to judge."""

    def judge(application: Any) -> Done:
        return Done(None, None, detail=method(application))

    def store(application: Any) -> Done:
        verdicts = method(application)
        if not form.delvis:
            refuse_rows(verdicts)
        return Done(None, None, detail=verdicts)

    if form.bara_bedom:
        position, verdicts = None, (await call.judge(judge)).detail
    else:
        answer = await call.execute(store)
        position = answer.pos
        verdicts = (await call.judge(judge)).detail if answer.repeated else answer.detail
    body = Overtagandesvar(
        rader=[Radutfall.of(verdict) for verdict in verdicts],
        antal=counts(verdicts),
        position=position,
    )
    return JSONResponse(body.model_dump(mode="json"))
