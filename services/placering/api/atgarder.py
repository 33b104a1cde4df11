"""Routes of åtgärder: what was done that a clock waits for, recorded, annulled, read."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.calendar import day_of
from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.atgardsformer import AtgardsslagUt, AtgardUt, NyAtgard
from services.placering.api.beslutsformer import Makulering
from services.placering.api.roller import BESLUTA, LASA_KLIENTER
from services.placering.domain.atgard import Atgard
from services.placering.domain.atgardsslag import ATGARDSRADER
from services.placering.domain.handelser.atgard import AtgardGjord
from services.placering.views.rackvidd import utom_rackhall

router = service_router("bevakningar")


@router.post(
    "/atgarder",
    status_code=201,
    response_model=Kvitto,
    summary="Anteckna en gjord åtgärd",
    **roles(*BESLUTA),
)
async def anteckna(call: Anrop, form: NyAtgard) -> JSONResponse:
    """Övervägande, omprövning, underställning med mera: klockan börjar om eller stannar."""
    id, idag = uuid4(), day_of(datetime.now(UTC))
    answer = await call.execute(
        lambda app: app.anteckna_atgard(
            call.sammanhang, id, klient=form.klient, uppgifter=form.uppgifter(), idag=idag
        ),
        reads=[form.klient],
    )
    return receipt(answer)


@router.post(
    "/atgarder/{id}/makulering",
    response_model=Kvitto,
    summary="Makulera en åtgärd",
    **roles(*BESLUTA),
)
async def makulera(call: Anrop, id: UUID, form: Makulering) -> JSONResponse:
    """En åtgärd som aldrig borde ha registrerats; klockan går som om den inte fanns."""
    answer = await call.execute(
        lambda app: app.makulera_atgard(call.sammanhang, id, skal=form.skal), changes=id
    )
    return receipt(answer)


@router.get(
    "/atgarder",
    response_model=resources.Sida[AtgardUt],
    summary="Lista åtgärder",
    **roles(*LASA_KLIENTER),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[AtgardUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst,
        anropare,
        Atgard,
        AtgardGjord.TOPIC,
        AtgardUt.model_validate,
        markor,
        antal,
        utom_rackhall,
    )


@router.get(
    "/atgarder/{id}",
    response_model=AtgardUt,
    summary="Läs en åtgärd",
    **roles(*LASA_KLIENTER),
)
async def las(tjanst: Tjanst, anropare: Anropare, id: UUID) -> JSONResponse:
    """Som den är nu, med version (ETag)."""
    return await resources.one(tjanst, anropare, Atgard, id, AtgardUt.model_validate, utom_rackhall)


@router.get(
    "/atgardsslag",
    response_model=list[AtgardsslagUt],
    summary="Lista slagen av åtgärder",
    **roles(*LASA_KLIENTER),
)
async def slag() -> list[AtgardsslagUt]:
    """Vad varje slag gäller, och om det kräver sammanträdets datum och paragraf."""
    return [AtgardsslagUt.model_validate(rad) for rad in ATGARDSRADER]
