"""The bulk route: beslut, placeringar and price changes taken over (R-PLA-18)."""

from starlette.responses import JSONResponse

from services.chassis.http.commands import Anrop
from services.chassis.http.routes import roles, service_router
from services.chassis.http.takeover import Overtagandesvar, answer_takeover
from services.placering.api.radformer import Placeringsovertagande
from services.placering.api.roller import BESLUTA
from services.placering.overtagande import ta_over

router = service_router("övertaganden")


@router.post(
    "/overtaganden",
    response_model=Overtagandesvar,
    summary="Ta över beslut, placeringar och prisändringar från ett annat system",
    **roles(*BESLUTA),
)
async def overtagande(call: Anrop, form: Placeringsovertagande) -> JSONResponse:
    """Varje rad får ett utfall; en rad som redan finns läggs inte till igen."""
    rader = [rad.rad() for rad in form.rader]
    return await answer_takeover(
        call, form, lambda app: ta_over(app, call.sammanhang, form.kalla, rader)
    )
