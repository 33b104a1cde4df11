"""Routes of delegationsordningar: entered version by version, read as a table, compared."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.forms import Form
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.problems import Problem
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.faltslag import Kort, Skrivet
from services.placering.api.roller import DELEGERA, LASA_BESLUT
from services.placering.domain.delegater import Beslutstyp, Delegat
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.delegationsrad import Delegationsrad
from services.placering.domain.handelser.delegation import DelegationsordningBorjad

router = service_router("delegation")
_LASA = (*LASA_BESLUT, *(roll for roll in DELEGERA if roll not in LASA_BESLUT))
RADER_HOGST = 300


class Rad(Form):
    """A kind of decision and the lowest delegat."""

    beslutstyp: Beslutstyp
    lagst: Annotated[Delegat, Field(description="Lägsta delegat.")]
    lagrum: Annotated[Skrivet | None, Field(description="Saknas: alla lagrum.")] = None
    villkor: Annotated[Kort | None, Field(description="Visas; bedöms inte av systemet.")] = None
    hogst_manader: Annotated[
        int | None,
        Field(strict=True, ge=1, le=240, description="Så länge får beslutet gälla."),
    ] = None


class NyVersion(Form):
    """A version that the nämnd has adopted."""

    fran: Annotated[date, Field(description="Första dagen den gäller.")]
    antagen: Annotated[date, Field(description="Nämndens sammanträde.")]
    paragraf: Kort
    rader: Annotated[list[Rad], Field(min_length=1, max_length=RADER_HOGST)]

    def falt(self) -> dict[str, Any]:
        """The fields as the application takes them."""
        falt = self.model_dump()
        return falt | {"rader": [Delegationsrad(**rad) for rad in falt["rader"]]}


class NyDelegationsordning(NyVersion):
    """A nämnd's first version."""

    namnd: Kort


class RadUt(BaseModel):
    """A row as it is shown."""

    model_config = ConfigDict(from_attributes=True)

    beslutstyp: Beslutstyp
    lagst: Delegat
    lagrum: str | None
    villkor: str | None
    hogst_manader: int | None


class VersionUt(BaseModel):
    """A version as a table."""

    model_config = ConfigDict(from_attributes=True)

    nr: int
    fran: date
    antagen: date
    paragraf: str
    rader: list[RadUt]


class DelegationsordningUt(BaseModel):
    """A nämnd's delegationsordning, the oldest version first."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    namnd: str
    versioner: list[VersionUt]


class JamforelseUt(BaseModel):
    """The rows that only one of two versions has."""

    model_config = ConfigDict(from_attributes=True)

    borttagna: list[RadUt]
    tillkomna: list[RadUt]


@router.post(
    "/delegationsordningar",
    status_code=201,
    response_model=Kvitto,
    summary="Lägg in en nämnds delegationsordning",
    **roles(*DELEGERA),
)
async def borja(call: Anrop, form: NyDelegationsordning) -> JSONResponse:
    """Den första versionen. Den avvisas om den bryter mot R-BES-4 eller R-BES-9."""
    answer = await call.execute(
        lambda app: app.borja_delegationsordning(call.sammanhang, **form.falt())
    )
    return receipt(answer)


@router.post(
    "/delegationsordningar/{id}/versioner",
    response_model=Kvitto,
    summary="Lägg in en ny version av en delegationsordning",
    **roles(*DELEGERA),
)
async def anta(call: Anrop, id: UUID, form: NyVersion) -> JSONResponse:
    """Den gäller från sin första dag; den förra gäller till dagen före."""
    answer = await call.execute(
        lambda app: app.anta_delegationsversion(call.sammanhang, id, **form.falt()), changes=id
    )
    return receipt(answer)


@router.get(
    "/delegationsordningar",
    response_model=resources.Sida[DelegationsordningUt],
    summary="Lista delegationsordningar",
    **roles(*_LASA),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[DelegationsordningUt]:
    """Kommunens nämnder, i den ordning de lades in."""
    return await resources.page(
        tjanst,
        anropare,
        Delegationsordning,
        DelegationsordningBorjad.TOPIC,
        DelegationsordningUt.model_validate,
        markor,
        antal,
    )


@router.get(
    "/delegationsordningar/{id}",
    response_model=DelegationsordningUt,
    summary="Läs en delegationsordning",
    **roles(*_LASA),
)
async def las(tjanst: Tjanst, anropare: Anropare, id: UUID) -> JSONResponse:
    """Alla versioner som tabeller, med version (ETag)."""
    return await resources.one(
        tjanst, anropare, Delegationsordning, id, DelegationsordningUt.model_validate
    )


Nr = Annotated[int, Query(ge=1, le=10_000, description="Versionens nummer.")]


@router.get(
    "/delegationsordningar/{id}/jamforelse",
    response_model=JamforelseUt,
    summary="Jämför två versioner av en delegationsordning",
    **roles(*_LASA),
)
async def jamfor(tjanst: Tjanst, anropare: Anropare, id: UUID, gammal: Nr, ny: Nr) -> JamforelseUt:
    """Rader som bara den ena versionen har."""
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        ordning = await tjanst.reader.aggregate(connection, Delegationsordning, id)
    skillnad = ordning.skillnad(gammal, ny)
    if skillnad is None:
        raise Problem(404, "Finns inte", "Versionen finns inte.", kind="finns-inte")
    return JamforelseUt.model_validate(skillnad)
