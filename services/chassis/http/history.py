"""A thing's history: who changed what, when and why, read from its events.

Guarantees that nothing which was known is lost by a correction: every event of the thing is a post,
with the fields that it changed as they were shown before and after. It is made of what the thing's
own GET shows, so a service that shows no personal data there shows none here.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.chassis.aggregate import Aggregat, Handelse
from services.chassis.auth.roles import Identity
from services.chassis.http.resources import Bound, no_bound
from services.chassis.http.service import Service
from services.chassis.rules import admit

_OF_THE_EVENT = frozenset({"id", "version"})
"""Fields that every event changes, or none, and that say nothing of what was changed."""


class Faltandring(BaseModel):
    """A field that an event changed, as it was shown before and after."""

    falt: str
    fore: Any
    efter: Any


class Historikpost(BaseModel):
    """One event of the thing."""

    version: int
    handelse: Annotated[str, Field(examples=["BeslutRattat"])]
    registrerad: datetime
    aktor: Annotated[str, Field(description="Den som gjorde det, som i sin token.")]
    korrelation: Annotated[str, Field(description="Anropet som det gjordes med.")]
    skal: Annotated[str | None, Field(description="Skälet till en rättelse eller makulering.")]
    andrat: list[Faltandring]


class Historik(BaseModel):
    """Everything that has happened to a thing, the oldest first."""

    id: UUID
    poster: list[Historikpost]


async def history(
    service: Service,
    identity: Identity,
    kind: type[Aggregat],
    id: UUID,
    show: Callable[[Any], BaseModel],
    bound: Bound = no_bound,
) -> Historik:
    """The thing's history; :class:`NotFound`, or :class:`NotAdmitted` when ``bound`` says so."""
    async with service.reader.reading(identity.rackvidd) as connection:
        found = await service.reader.aggregate(connection, kind, id)
        unseen = await bound(service.reader, connection, identity.rackvidd, [found])
        admit(unseen.get(id))
        events = await service.reader.events(connection, id)
    return Historik(id=id, poster=list(posts(events, show)))


def posts(
    events: Iterable[tuple[datetime, Handelse]], show: Callable[[Any], BaseModel]
) -> Iterator[Historikpost]:
    """One post for each event, by what ``show`` makes of the thing before and after it."""
    thing: Any = None
    before: dict[str, Any] = {}
    for registrerad, event in events:
        thing = event.mutate(thing)
        after = show(thing).model_dump(mode="json")
        yield Historikpost(
            version=event.originator_version,
            handelse=event.TOPIC.rpartition(".")[2],
            registrerad=registrerad,
            aktor=event.aktor,
            korrelation=event.korrelation,
            skal=getattr(event, "skal", None),
            andrat=[
                Faltandring(falt=falt, fore=before.get(falt), efter=efter)
                for falt, efter in after.items()
                if falt not in _OF_THE_EVENT and efter != before.get(falt)
            ],
        )
        before = after
