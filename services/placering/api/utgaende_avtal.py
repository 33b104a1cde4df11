"""The route of avtal that end soon, with the persons placed under them (R-KLO-10)."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.calendar import day_of
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.bevakningar import Per
from services.placering.api.roller import LASA_PLACERINGAR
from services.placering.views.utgaende_avtal import UtgaendeAvtal, utgaende

router = service_router("bevakningar")

Manader = Annotated[
    int, Query(ge=0, le=60, description="Så många månader fram (R-KLO-10).", examples=[6])
]


class PlaceradUt(BaseModel):
    """A person placed under the avtal."""

    model_config = ConfigDict(from_attributes=True)

    klient: UUID
    placering: UUID
    fran: date
    till: date | None


class UtgaendeAvtalUt(BaseModel):
    """An avtal that ends soon, or has ended while somebody is placed under it."""

    model_config = ConfigDict(from_attributes=True)

    avtal: UUID
    leverantor: Annotated[str, Field(description="Organisationsnummer.")]
    namn: str | None
    enhet: UUID | None
    till: Annotated[date, Field(description="Avtalets sista dag.")]
    placerade: list[PlaceradUt]
    skyddade: Annotated[
        int, Field(description="Så många till, med skyddade personuppgifter, är placerade.")
    ]


class UtgaendeAvtalLista(BaseModel):
    """The avtal, the first to end first."""

    per: date
    poster: list[UtgaendeAvtalUt]

    @classmethod
    def av(cls, per: date, avtal: list[UtgaendeAvtal]) -> "UtgaendeAvtalLista":
        """The list as it is shown."""
        return cls(per=per, poster=[UtgaendeAvtalUt.model_validate(ett) for ett in avtal])


@router.get(
    "/bevakningar/avtal",
    response_model=UtgaendeAvtalLista,
    summary="Lista avtal som snart slutar",
    **roles(*LASA_PLACERINGAR),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, per: Per = None, manader: Manader = 6
) -> UtgaendeAvtalLista:
    """Med dem som är placerade under dem. Ett avtal som slutat står kvar så länge någon är det."""
    dag = per or day_of(datetime.now(UTC))
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        return UtgaendeAvtalLista.av(dag, await utgaende(connection, dag, manader))
