"""Routes of the agreement for one person: its prices, its signing, its extension."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.calendar import day_of
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.routes import roles, service_router
from services.placering.api.placeringsavtalsformer import (
    Forlangning,
    NyOverenskommelse,
    NyPrisrad,
    NyttPlaceringsavtal,
)
from services.placering.api.roller import BESLUTA
from services.placering.domain.placeringsavtal import Overenskommelse

router = service_router("placeringar")


def idag() -> date:
    """The day of the call, in Sweden."""
    return day_of(datetime.now(UTC))


def _overens(given: NyOverenskommelse | None) -> Overenskommelse | None:
    return None if given is None else given.overenskommelse()


@router.post(
    "/placeringar/{id}/priser",
    response_model=Kvitto,
    summary="Avtala en prisrad",
    **roles(*BESLUTA),
)
async def andra_pris(call: Anrop, id: UUID, form: NyPrisrad) -> JSONResponse:
    """Ett grundpris gäller tills nästa tar vid; ett tillägg läggs på det (R-KOS-1).

    En ändring från en dag som redan varit ska ha ett skäl och flaggas (R-KOS-5).
    """
    dag, rad = idag(), form.prisrad or uuid4()
    answer = await call.execute(
        lambda app: app.andra_pris(
            call.sammanhang,
            id,
            prisrad=rad,
            slag=form.slag,
            fran=form.fran,
            till=form.till,
            dygnspris_ore=form.dygnspris_ore,
            tillagg=form.tillagg,
            overenskommelse=_overens(form.overenskommelse),
            skal=form.skal,
            idag=dag,
        ),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/placeringsavtal",
    response_model=Kvitto,
    summary="Teckna placeringsavtal",
    **roles(*BESLUTA),
)
async def teckna(call: Anrop, id: UUID, form: NyttPlaceringsavtal) -> JSONResponse:
    """Avtalet för personen: hur länge det gäller, priserna och vilka som kom överens."""
    dag, rader = idag(), form.rader()
    answer = await call.execute(
        lambda app: app.teckna_placeringsavtal(
            call.sammanhang,
            id,
            galler_till=form.galler_till,
            overenskommelse=form.overenskommelse.overenskommelse(),
            priser=rader,
            skal=form.skal,
            idag=dag,
        ),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/forlangning",
    response_model=Kvitto,
    summary="Förläng placeringsavtalet",
    **roles(*BESLUTA),
)
async def forlang(call: Anrop, id: UUID, form: Forlangning) -> JSONResponse:
    """En förlängning ger nytt pris: det avtalade, annars enhetens listpris den dagen (R-KOS-3)."""
    dag, rad = idag(), uuid4()
    answer = await call.execute(
        lambda app: app.forlang_placeringsavtal(
            call.sammanhang,
            id,
            prisrad=rad,
            fran=form.fran,
            galler_till=form.galler_till,
            dygnspris_ore=form.dygnspris_ore,
            overenskommelse=form.overenskommelse.overenskommelse(),
            skal=form.skal,
            idag=dag,
        ),
        changes=id,
    )
    return receipt(answer)
