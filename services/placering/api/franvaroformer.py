"""Forms of absence from a placering: what a caller sends and what it gets back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.ord import Franvaroorsak, Rattelseskal
from services.chassis.http.forms import Form


class NyFranvaro(Form):
    """Days away from the home."""

    orsak: Annotated[
        Franvaroorsak,
        Field(
            description="annan_placering, hallen_plats och inskolning lämnar dagarna åt en annan"
            " placering (R-PLA-1).",
            examples=["sjukhus"],
        ),
    ]
    fran: Annotated[date, Field(description="Första dagen borta.", examples=["2026-04-07"])]
    till: Annotated[
        date | None,
        Field(description="Sista dagen borta; utan: tills vidare.", examples=["2026-04-12"]),
    ] = None


class RattadFranvaro(NyFranvaro):
    """An absence as it should be."""

    skal: Rattelseskal


class FranvaronsSlut(Form):
    """When the person came back."""

    till: Annotated[date, Field(description="Sista dagen borta.", examples=["2026-04-12"])]


class FranvaroUt(BaseModel):
    """An absence."""

    franvaro: UUID
    orsak: Franvaroorsak
    fran: date
    till: date | None
