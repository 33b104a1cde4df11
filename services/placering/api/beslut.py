"""Routes of beslut and their execution."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Call, Kvitto, receipt
from services.chassis.http.history import Historik, history
from services.chassis.http.known import KandPer
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.beslutsformer import (
    BeslutUt,
    Dag,
    Makulering,
    NyttBeslut,
    RattatBeslut,
    Verkstallande,
)
from services.placering.api.lasning import EnInsyn
from services.placering.api.roller import BESLUTA, LASA_BESLUT
from services.placering.domain.atkomst import Last
from services.placering.domain.beslut import Beslut
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.handelser.beslut import BeslutFattat
from services.placering.views.rackvidd import utom_rackhall

router = service_router("beslut")


def _ordning(call: Call, form: NyttBeslut) -> list[UUID]:
    """The delegationsordning that the beslut will be judged by."""
    if form.namnd is None:
        return []
    return [Delegationsordning.id_for(call.sammanhang.kommunkod, form.namnd)]


@router.post(
    "/beslut",
    status_code=201,
    response_model=Kvitto,
    summary="Registrera ett beslut",
    **roles(*BESLUTA),
)
async def fatta(call: Anrop, form: NyttBeslut) -> JSONResponse:
    """Beslutet har nämnd och beslutsfattare (R-BES-1) och ett lagrum i kraft (R-BES-2)."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.fatta_beslut(call.sammanhang, id, **form.falt()),
        reads=[form.klient, *_ordning(call, form)],
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/rattelse", response_model=Kvitto, summary="Rätta ett beslut", **roles(*BESLUTA)
)
async def ratta(call: Anrop, id: UUID, form: RattatBeslut) -> JSONResponse:
    """Uppgifterna anges som de ska vara; det gamla finns kvar i historiken."""
    answer = await call.execute(
        lambda app: app.ratta_beslut(call.sammanhang, id, **form.falt()), changes=id
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/makulering",
    response_model=Kvitto,
    summary="Makulera ett beslut",
    **roles(*BESLUTA),
)
async def makulera(call: Anrop, id: UUID, form: Makulering) -> JSONResponse:
    """Ett beslut som aldrig borde ha registrerats; placeringar under det makuleras först."""
    answer = await call.execute(
        lambda app: app.makulera_beslut(call.sammanhang, id, skal=form.skal), changes=id
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/verkstallande",
    response_model=Kvitto,
    summary="Ange att beslutet verkställs",
    **roles(*BESLUTA),
)
async def verkstall(call: Anrop, id: UUID, form: Verkstallande) -> JSONResponse:
    """Helt eller delvis. En placering under beslutet verkställer det utan detta (R-EVB-14)."""
    answer = await call.execute(
        lambda app: app.verkstall_beslut(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/avbrott",
    response_model=Kvitto,
    summary="Ange att verkställigheten avbryts",
    **roles(*BESLUTA),
)
async def avbryt(call: Anrop, id: UUID, form: Dag) -> JSONResponse:
    """Dagen är den första utan insatsen."""
    answer = await call.execute(
        lambda app: app.avbryt_beslut(call.sammanhang, id, datum=form.datum), changes=id
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/aterupptagande",
    response_model=Kvitto,
    summary="Ange att verkställigheten återupptas",
    **roles(*BESLUTA),
)
async def ateruppta(call: Anrop, id: UUID, form: Dag) -> JSONResponse:
    """Bara efter ett avbrott."""
    answer = await call.execute(
        lambda app: app.ateruppta_beslut(call.sammanhang, id, datum=form.datum), changes=id
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/upphorande",
    response_model=Kvitto,
    summary="Ange att beslutet upphör",
    **roles(*BESLUTA),
)
async def upphor(call: Anrop, id: UUID, form: Dag) -> JSONResponse:
    """Dagen är den första som beslutet inte längre gäller."""
    answer = await call.execute(
        lambda app: app.avsluta_beslut(call.sammanhang, id, datum=form.datum), changes=id
    )
    return receipt(answer)


@router.get(
    "/beslut",
    response_model=resources.Sida[BeslutUt],
    summary="Lista beslut",
    **roles(*LASA_BESLUT),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[BeslutUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst, anropare, Beslut, BeslutFattat.TOPIC, BeslutUt.av, markor, antal, utom_rackhall
    )


@router.get(
    "/beslut/{id}", response_model=BeslutUt, summary="Läs ett beslut", **roles(*LASA_BESLUT)
)
async def las(
    tjanst: Tjanst, anropare: Anropare, id: UUID, insyn: EnInsyn, kand_per: KandPer = None
) -> JSONResponse:
    """Som det är nu, med version (ETag), eller som det var känt tidigare (`kand_per`)."""
    svar = await resources.one(
        tjanst, anropare, Beslut, id, BeslutUt.av, insyn.grans, known=kand_per
    )
    await insyn.anteckna(Last.BESLUT)
    return svar


@router.get(
    "/beslut/{id}/historik",
    response_model=Historik,
    summary="Läs ett besluts historik",
    **roles(*LASA_BESLUT),
)
async def las_historik(tjanst: Tjanst, anropare: Anropare, id: UUID, insyn: EnInsyn) -> Historik:
    """Vem som ändrade vad, när och varför; det äldsta först."""
    svar = await history(tjanst, anropare, Beslut, id, BeslutUt.av, insyn.grans)
    await insyn.anteckna(Last.HISTORIK)
    return svar
