"""Routes of moves: to another home, and of a home that becomes the kommun's own."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.routes import roles, service_router
from services.placering.api.placeringsformer import Omplacering, Omvandling
from services.placering.api.roller import BESLUTA

router = service_router("placeringar")


@router.post(
    "/placeringar/{id}/omplacering",
    status_code=201,
    response_model=Kvitto,
    summary="Omplacera",
    **roles(*BESLUTA),
)
async def omplacera(call: Anrop, id: UUID, form: Omplacering) -> JSONResponse:
    """Placeringen avslutas och nästa börjar, båda eller ingen; kvittot gäller den nya."""
    ny = uuid4()
    answer = await call.execute(
        lambda app: app.omplacera(call.sammanhang, id, ny, **form.model_dump()),
        changes=id,
        reads=[form.beslut, *([] if form.hem is None else [form.hem])],
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/omvandling",
    status_code=201,
    response_model=Kvitto,
    summary="Omvandla till eget hem",
    **roles(*BESLUTA),
)
async def omvandla(call: Anrop, id: UUID, form: Omvandling) -> JSONResponse:
    """Ett konsulentstött hem blir kommunens eget (R-PLA-13); kvittot gäller den nya placeringen."""
    ny = uuid4()
    answer = await call.execute(
        lambda app: app.omvandla(call.sammanhang, id, ny, **form.model_dump()),
        changes=id,
        reads=[form.beslut],
    )
    return receipt(answer)
