"""Routes of the legal grounds and the insatstyper: dated data, the same for every kommun."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.http.routes import roles, service_router
from services.placering.api.roller import LASA_BESLUT
from services.placering.domain.insatstyper import beviljas
from services.placering.domain.lagrum import Lagrum, i_kraft, motsvarande

router = service_router("lagrum")

Datum = Annotated[date, Query(description="Beslutsdatumet (ÅÅÅÅ-MM-DD).", examples=["2026-01-10"])]


class LagrumUt(BaseModel):
    """A legal ground; ``motsvarar`` are those of the act before or after."""

    lagrum: str
    lag: str
    sfs: str
    fran: date
    till: Annotated[date | None, Field(description="Sista dagen; saknas: gäller fortfarande.")]
    evb: Annotated[bool, Field(description="Om ej verkställda beslut av slaget rapporteras.")]
    motsvarar: list[str]

    @classmethod
    def av(cls, rad: Lagrum) -> "LagrumUt":
        """The row as it is shown."""
        return cls(
            lagrum=rad.text,
            lag=rad.lag,
            sfs=rad.sfs,
            fran=rad.fran,
            till=rad.till,
            evb=rad.evb,
            motsvarar=[f"{annan.text} ({annan.sfs})" for annan in motsvarande(rad)],
        )


class InsatstypUt(BaseModel):
    """An insatstyp that EVB covers."""

    model_config = ConfigDict(from_attributes=True)

    namn: str
    lag: str
    punkt: Annotated[str | None, Field(description="Punkten i 9 § LSS.")]
    fran: date
    till: date | None


@router.get(
    "/lagrum",
    response_model=list[LagrumUt],
    summary="Lista lagrum i kraft en dag",
    **roles(*LASA_BESLUT),
)
async def lista_lagrum(datum: Datum) -> list[LagrumUt]:
    """De lagrum som ett beslut den dagen kan vila på (R-BES-2)."""
    return [LagrumUt.av(rad) for rad in i_kraft(datum)]


@router.get(
    "/insatstyper",
    response_model=list[InsatstypUt],
    summary="Lista insatstyper en dag",
    **roles(*LASA_BESLUT),
)
async def lista_insatstyper(datum: Datum) -> list[InsatstypUt]:
    """De insatstyper som EVB omfattar, de som kan beviljas den dagen."""
    return [InsatstypUt.model_validate(rad) for rad in beviljas(datum)]
