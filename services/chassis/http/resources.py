"""Reading things: one by its id, many by pages.

Guarantees that a thing comes with its version as ``ETag``, that another kommun's thing is 404 like
one that does not exist, that every list is paged in the same way, and that a service which bounds
its readers further (``Bound``) bounds them alike in both. Who may see a thing as it was known
earlier is judged by what it is now.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import JSONResponse

from services.chassis.aggregate import Aggregat
from services.chassis.auth.roles import Identity
from services.chassis.context import Rackvidd
from services.chassis.http import paging
from services.chassis.http.commands import etag
from services.chassis.http.service import Service
from services.chassis.rules import Breach, admit
from services.chassis.store.errors import NotFound
from services.chassis.store.reader import Reader, Rows

Ut = TypeVar("Ut", bound=BaseModel)
Thing = TypeVar("Thing", bound=Aggregat)

Bound = Callable[[Reader, Rows, Rackvidd, Sequence[Aggregat]], Awaitable[Mapping[UUID, Breach]]]
"""Tells which of the things the reader may not see, and why."""

LOOKED_AT = 2000
"""How many things a page looks at, at most, for a reader who sees few of them."""


class Sida(BaseModel, Generic[Ut]):
    """A page of a list; ``nasta`` is the cursor to the next page, ``None`` on the last.

    A page may be short, or empty, and not the last.
    """

    poster: list[Ut]
    nasta: str | None


async def no_bound(
    _reader: Reader, _connection: Rows, _rackvidd: Rackvidd, _things: Sequence[Aggregat]
) -> Mapping[UUID, Breach]:
    """Everything in the kommun may be seen."""
    return {}


async def one(
    service: Service,
    identity: Identity,
    kind: type[Aggregat],
    id: UUID,
    show: Callable[[Any], BaseModel],
    bound: Bound = no_bound,
    known: datetime | None = None,
) -> JSONResponse:
    """The thing as it is now; :class:`NotAdmitted` when ``bound`` says so.

    With ``known`` it is shown as it was known then, without ``ETag``, since nothing can be changed
    from there; :class:`NotFound` when it was not known at all.
    """
    async with service.reader.reading(identity.rackvidd) as connection:
        found = await service.reader.aggregate(connection, kind, id)
        unseen = await bound(service.reader, connection, identity.rackvidd, [found])
        admit(unseen.get(id))
        if known is None:
            return JSONResponse(show(found).model_dump(mode="json"), headers=etag(found.version))
        thing = await as_known(service, connection, kind, id, known)
    return JSONResponse(show(thing).model_dump(mode="json"))


async def as_known(
    service: Service, connection: Rows, kind: type[Thing], id: UUID, known: datetime
) -> Thing:
    """The thing as it was known at the instant; :class:`NotFound` when it was not known at all."""
    thing: Any = None
    for _, event in await service.reader.events(connection, id, known):
        thing = event.mutate(thing)
    if not isinstance(thing, kind):
        raise NotFound(kind.__name__, id)
    return thing


async def page(
    service: Service,
    identity: Identity,
    kind: type[Aggregat],
    first_topic: str,
    show: Callable[[Any], Ut],
    cursor: str | None,
    limit: int,
    bound: Bound = no_bound,
) -> Sida[Ut]:
    """Things in the order in which they were recorded, without those that ``bound`` names."""
    key = paging.key_of(cursor)
    if key and not key.isdecimal():
        raise paging.invalid()
    after, looked_at, more = int(key or 0), 0, True
    shown: list[Aggregat] = []
    reader = service.reader
    async with reader.reading(identity.rackvidd) as connection:
        while more and len(shown) < limit and looked_at < LOOKED_AT:
            wanted = limit - len(shown)
            found = await reader.page(connection, kind, first_topic, after, wanted + 1)
            more = len(found) > wanted
            things = [thing for _, thing in found[:wanted]]
            unseen = await bound(reader, connection, identity.rackvidd, things)
            shown += [thing for thing in things if thing.id not in unseen]
            looked_at += len(things)
            after = found[:wanted][-1][0] if things else after
    return Sida(
        poster=[show(thing) for thing in shown],
        nasta=paging.cursor(str(after)) if more else None,
    )
