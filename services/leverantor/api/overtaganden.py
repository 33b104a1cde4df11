"""The bulk route: suppliers taken over from another system (R-PLA-18)."""

from starlette.responses import JSONResponse

from services.chassis.http.commands import Anrop
from services.chassis.http.routes import roles, service_router
from services.chassis.http.takeover import Overtagandesvar, answer_takeover
from services.leverantor.api.roller import ANDRA
from services.leverantor.api.scheman import Leverantorsovertagande
from services.leverantor.overtagande import Leverantorsrad, ta_over

router = service_router("övertaganden")


@router.post(
    "/overtaganden",
    response_model=Overtagandesvar,
    summary="Ta över leverantörer från ett annat system",
    **roles(*ANDRA),
)
async def overtagande(call: Anrop, form: Leverantorsovertagande) -> JSONResponse:
    """Varje rad får ett utfall; en rad som redan finns läggs inte till igen."""
    rader = [Leverantorsrad(**rad.model_dump()) for rad in form.rader]
    return await answer_takeover(
        call, form, lambda app: ta_over(app, call.sammanhang, form.kalla, rader)
    )
