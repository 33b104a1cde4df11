"""Reading things: one by its id, many by pages.

Guarantees that a thing comes with its version as ``ETag``, that another kommun's thing is 404 like
one that does not exist, and that every list is paged in the same way.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import JSONResponse

from services.chassis.aggregate import Aggregat
from services.chassis.auth.roles import Identity
from services.chassis.http import paging
from services.chassis.http.commands import etag
from services.chassis.http.service import Service

Ut = TypeVar("Ut", bound=BaseModel)


class Sida(BaseModel, Generic[Ut]):
    """A page of a list; ``nasta`` is the cursor to the next page, ``None`` on the last."""

    poster: list[Ut]
    nasta: str | None


async def one(
    service: Service,
    identity: Identity,
    kind: type[Aggregat],
    id: UUID,
    show: Callable[[Any], BaseModel],
) -> JSONResponse:
    """The thing as it is now."""
    async with service.reader.reading(identity.kommunkod) as connection:
        found = await service.reader.aggregate(connection, kind, id)
    return JSONResponse(show(found).model_dump(mode="json"), headers=etag(found.version))


async def page(
    service: Service,
    identity: Identity,
    kind: type[Aggregat],
    first_topic: str,
    show: Callable[[Any], Ut],
    cursor: str | None,
    limit: int,
) -> Sida[Ut]:
    """Things in the order in which they were recorded."""
    key = paging.key_of(cursor)
    if key and not key.isdecimal():
        raise paging.invalid()
    async with service.reader.reading(identity.kommunkod) as connection:
        found = await service.reader.page(connection, kind, first_topic, int(key or 0), limit + 1)
    shown = found[:limit]
    last = str(shown[-1][0]) if len(found) > limit else None
    return Sida(
        poster=[show(thing) for _, thing in shown],
        nasta=None if last is None else paging.cursor(last),
    )
