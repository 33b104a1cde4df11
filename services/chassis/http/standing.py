"""How the service's streams stand: its own, and those that it reads.

Guarantees that a person or a program can tell whether everything has come through: a consumer is
caught up when the position that it has reached is the publisher's own, and nothing is dirty.
"""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from services.chassis.auth.roles import Roll
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst


class Konsumerad(BaseModel):
    """How far the service has read another's stream."""

    topic: str
    epok: int
    pos: int
    registrerad: datetime


class Stannad(BaseModel):
    """A partition that does not go on until a person decides."""

    topic: str
    partition: int
    lage: str
    skal: str | None


class Stromlage(BaseModel):
    """How the streams stand now."""

    tjanst: str
    installation: UUID
    epok: int
    pos: int
    registrerad: datetime
    konsumerar: list[Konsumerad]
    smutsiga: int
    karantan: int
    stoppade: list[Stannad]


def standing_router(*, consumes: bool) -> APIRouter:
    """The route ``GET /v1/stromlage`` of a service; ``consumes``: it reads others' streams."""
    router = service_router("drift")

    @router.get(
        "/stromlage",
        response_model=Stromlage,
        summary="Hur strömmarna står",
        **roles(*Roll),
    )
    async def stromlage(tjanst: Tjanst, anropare: Anropare) -> Stromlage:
        """Tjänstens egen ström och dem den läser; räknar bara den egna kommunens rader."""
        async with tjanst.reader.reading(anropare.rackvidd) as connection:
            strom = await (
                await connection.execute("SELECT installation, epok, pos, registrerad FROM strom")
            ).fetchone()
            assert strom is not None
            found = await (await connection.execute(_CONSUMED)).fetchone() if consumes else None
        return Stromlage(tjanst=tjanst.name, **strom, **(found if found is not None else _NOTHING))

    return router


_NOTHING = {"konsumerar": [], "smutsiga": 0, "karantan": 0, "stoppade": []}

_CONSUMED = """
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('topic', topic, 'epok', epok, 'pos', pos,
                                                'registrerad', registrerad) ORDER BY topic), '[]')
   FROM styrpost) AS konsumerar,
  (SELECT count(*) FROM smutsig) AS smutsiga,
  (SELECT count(*) FROM karantan
   WHERE lage IN ('karantan', 'hallen', 'okand_typ', 'slappt')) AS karantan,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('topic', topic, 'partition', partition,
                                                'lage', lage, 'skal', skal)
                             ORDER BY topic, partition), '[]')
   FROM inkorg WHERE lage IN ('lucka', 'stopp')) AS stoppade
"""
