"""Routes of absence from a placering: begin, end, correct, annul."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.routes import roles, service_router
from services.placering.api.beslutsformer import Makulering
from services.placering.api.franvaroformer import FranvaronsSlut, NyFranvaro, RattadFranvaro
from services.placering.api.roller import BESLUTA

router = service_router("placeringar")


@router.post(
    "/placeringar/{id}/franvaro",
    response_model=Kvitto,
    summary="Registrera frånvaro",
    **roles(*BESLUTA),
)
async def borja(call: Anrop, id: UUID, form: NyFranvaro) -> JSONResponse:
    """Placeringen pågår, men personen är borta hela dagar, också sådana som redan har varit."""
    franvaro = uuid4()
    answer = await call.execute(
        lambda app: app.borja_franvaro(call.sammanhang, id, franvaro=franvaro, **form.model_dump()),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/franvaro/{franvaro}/slut",
    response_model=Kvitto,
    summary="Avsluta en frånvaro",
    **roles(*BESLUTA),
)
async def avsluta(call: Anrop, id: UUID, franvaro: UUID, form: FranvaronsSlut) -> JSONResponse:
    """Personen är tillbaka dagen efter den sista dagen borta."""
    answer = await call.execute(
        lambda app: app.avsluta_franvaro(call.sammanhang, id, franvaro, till=form.till),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/franvaro/{franvaro}/rattelse",
    response_model=Kvitto,
    summary="Rätta en frånvaro",
    **roles(*BESLUTA),
)
async def ratta(call: Anrop, id: UUID, franvaro: UUID, form: RattadFranvaro) -> JSONResponse:
    """Uppgifterna anges som de ska vara; en annan placering som vilar på dem ska täckas."""
    answer = await call.execute(
        lambda app: app.ratta_franvaro(call.sammanhang, id, franvaro, **form.model_dump()),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/franvaro/{franvaro}/makulering",
    response_model=Kvitto,
    summary="Makulera en frånvaro",
    **roles(*BESLUTA),
)
async def makulera(call: Anrop, id: UUID, franvaro: UUID, form: Makulering) -> JSONResponse:
    """En frånvaro som aldrig borde ha registrerats."""
    answer = await call.execute(
        lambda app: app.makulera_franvaro(call.sammanhang, id, franvaro, skal=form.skal),
        changes=id,
    )
    return receipt(answer)
