"""Routes of avtal."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.leverantor.api.roller import ANDRA, LASA
from services.leverantor.api.scheman import AvtalUt, NyttAvtal, RattatAvtal
from services.leverantor.domain.avtal import Avtal
from services.leverantor.domain.handelser import AvtalTecknat

router = service_router("avtal")


@router.post(
    "/avtal",
    status_code=201,
    response_model=Kvitto,
    summary="Registrera ett avtal",
    **roles(*ANDRA),
)
async def teckna(call: Anrop, form: NyttAvtal) -> JSONResponse:
    """Avtalet har ett område, en period och ett sätt att räkna dygn (R-KOS-2)."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.teckna_avtal(call.sammanhang, id, **form.model_dump())
    )
    return receipt(answer)


@router.post(
    "/avtal/{id}/rattelse", response_model=Kvitto, summary="Rätta ett avtal", **roles(*ANDRA)
)
async def ratta(call: Anrop, id: UUID, form: RattatAvtal) -> JSONResponse:
    """Uppgifterna anges som de ska vara; det gamla finns kvar i historiken."""
    answer = await call.execute(
        lambda app: app.ratta_avtal(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.get("/avtal", response_model=resources.Sida[AvtalUt], summary="Lista avtal", **roles(*LASA))
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[AvtalUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst,
        anropare,
        Avtal,
        AvtalTecknat.TOPIC,
        AvtalUt.model_validate,
        markor,
        antal,
    )


@router.get("/avtal/{id}", response_model=AvtalUt, summary="Läs ett avtal", **roles(*LASA))
async def las(tjanst: Tjanst, anropare: Anropare, id: UUID) -> JSONResponse:
    """Som det är nu, med version (ETag)."""
    return await resources.one(tjanst, anropare, Avtal, id, AvtalUt.model_validate)
