"""From a call to a command and from its answer to a response.

Guarantees that every POST has an ``Idempotency-Key`` (400 without), that a change of an existing
thing names the version it is about in ``If-Match`` (428 without, 412 when stale), and that an
answer carries the thing's id, version (also as ``ETag``) and position, the same when repeated.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse

from services.chassis.auth.roles import Identity
from services.chassis.context import Sammanhang
from services.chassis.http.problems import Problem
from services.chassis.http.service import Service, service_of
from services.chassis.store.decision import Answer, Done
from services.chassis.store.writer import Command

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'"(\d{1,18})"')


class Kvitto(BaseModel):
    """Receipt of a command: the thing's id and version, and the position of its newest event."""

    id: UUID | None
    version: int | None
    position: int | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call that may become a command."""

    service: Service
    identity: Identity
    sammanhang: Sammanhang
    key: str
    body: bytes
    if_match: str | None

    async def execute(
        self,
        method: Callable[[Any], Done],
        *,
        changes: UUID | None = None,
        reads: Sequence[UUID] = (),
    ) -> Answer:
        """Decide and store; ``changes`` is the existing thing that the call is about.

        ``reads`` names what else the method is known to load, so that it is read together with
        what other commands load: a matter of speed alone.
        """
        expected = None if changes is None else (changes, self._version())
        also = (*reads,) if changes is None else (changes, *reads)
        command = Command(self.sammanhang, method, self.key, self.body, expected, also)
        return await self.service.writer.execute(command)

    async def judge(self, method: Callable[[Any], Done]) -> Answer:
        """Decide and throw the decision away."""
        return await self.service.writer.execute(Command(self.sammanhang, method, only_judge=True))

    def _version(self) -> int:
        if self.if_match is None:
            raise Problem(
                428,
                "Version saknas",
                "Ange i If-Match den version (ETag) som ändringen utgår från.",
                kind="version-saknas",
            )
        found = _ETAG.fullmatch(self.if_match)
        if found is None:
            raise Problem(
                400,
                "Ogiltig If-Match",
                'If-Match ska vara en ETag, till exempel "3".',
                kind="ogiltig-if-match",
            )
        return int(found[1])


async def _call(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Egen nyckel för anropet; samma nyckel igen ger samma svar.",
            max_length=128,
        ),
    ] = None,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="Den version (ETag) som ändringen utgår från."),
    ] = None,
) -> Call:
    service = service_of(request)
    if idempotency_key is None or not _KEY.fullmatch(idempotency_key):
        raise Problem(
            400,
            "Idempotency-Key saknas",
            "Ange en Idempotency-Key (1–128 tecken), så att anropet kan göras om utan att dubblas.",
            kind="nyckel-saknas",
        )
    identity: Identity = request.scope["dygn.identity"]
    said = b"\0".join((request.method.encode(), request.url.path.encode(), await request.body()))
    return Call(
        service=service,
        identity=identity,
        sammanhang=sammanhang_of(request),
        key=idempotency_key,
        body=service.keyring.keyed_hash("idempotens", said),
        if_match=if_match,
    )


Anrop = Annotated[Call, Depends(_call)]
"""Parameter of every route that changes something."""


def sammanhang_of(request: Request) -> Sammanhang:
    """Who calls, for which kommun, and on which call."""
    identity: Identity = request.scope["dygn.identity"]
    return Sammanhang(
        identity.kommunkod,
        identity.subject,
        request.scope["dygn.korrelation"],
        identity.arbetsenheter,
    )


def receipt(answer: Answer) -> JSONResponse:
    """The response to a command."""
    return JSONResponse(
        Kvitto(id=answer.id, version=answer.version, position=answer.pos).model_dump(mode="json"),
        answer.status,
        etag(answer.version),
    )


def etag(version: int | None) -> dict[str, str]:
    """The header that tells a thing's version."""
    return {} if version is None else {"ETag": f'"{version}"'}
