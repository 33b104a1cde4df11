"""Routes of a beslut that waits: why, offers, postponement, help meanwhile."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.routes import roles, service_router
from services.placering.api.beslutsformer import Makulering
from services.placering.api.drojsmalsformer import (
    NyDrojsmalsorsak,
    NyForskjutning,
    NyInterimHjalp,
    NyttErbjudande,
    SistaDagen,
    SvarPaErbjudande,
)
from services.placering.api.roller import BESLUTA

router = service_router("beslut")


@router.post(
    "/beslut/{id}/drojsmalsorsak",
    response_model=Kvitto,
    summary="Ange varför beslutet inte är verkställt",
    **roles(*BESLUTA),
)
async def ange_drojsmalsorsak(call: Anrop, id: UUID, form: NyDrojsmalsorsak) -> JSONResponse:
    """Orsaken är en kod och gäller från dagen (R-EVB-13)."""
    answer = await call.execute(
        lambda app: app.ange_drojsmalsorsak(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/erbjudanden",
    response_model=Kvitto,
    summary="Ange att insatsen har erbjudits",
    **roles(*BESLUTA),
)
async def lamna_erbjudande(call: Anrop, id: UUID, form: NyttErbjudande) -> JSONResponse:
    """Ett erbjudande verkställer inget (R-EVB-3, R-EVB-6)."""
    erbjudande = uuid4()
    answer = await call.execute(
        lambda app: app.lamna_erbjudande(
            call.sammanhang, id, erbjudande=erbjudande, datum=form.datum
        ),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/erbjudanden/{erbjudande}/svar",
    response_model=Kvitto,
    summary="Ange den enskildes svar på ett erbjudande",
    **roles(*BESLUTA),
)
async def besvara_erbjudande(
    call: Anrop, id: UUID, erbjudande: UUID, form: SvarPaErbjudande
) -> JSONResponse:
    """Ett avböjt erbjudande avslutar inte beslutet (R-EVB-6)."""
    answer = await call.execute(
        lambda app: app.besvara_erbjudande(call.sammanhang, id, erbjudande, **form.model_dump()),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/erbjudanden/{erbjudande}/makulering",
    response_model=Kvitto,
    summary="Makulera ett erbjudande",
    **roles(*BESLUTA),
)
async def makulera_erbjudande(
    call: Anrop, id: UUID, erbjudande: UUID, form: Makulering
) -> JSONResponse:
    """Ett erbjudande, och dess svar, som aldrig borde ha registrerats."""
    answer = await call.execute(
        lambda app: app.makulera_erbjudande(call.sammanhang, id, erbjudande, skal=form.skal),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/forskjutningar",
    response_model=Kvitto,
    summary="Ange att den enskilde vill vänta",
    **roles(*BESLUTA),
)
async def forskjut(call: Anrop, id: UUID, form: NyForskjutning) -> JSONResponse:
    """Ingen frist stannar, och beslutet rapporteras fortfarande (R-EVB-6)."""
    forskjutning = uuid4()
    answer = await call.execute(
        lambda app: app.forskjut_beslut(
            call.sammanhang, id, forskjutning=forskjutning, **form.model_dump()
        ),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/forskjutningar/{forskjutning}/slut",
    response_model=Kvitto,
    summary="Ange att den enskilde inte längre vill vänta",
    **roles(*BESLUTA),
)
async def avsluta_forskjutning(
    call: Anrop, id: UUID, forskjutning: UUID, form: SistaDagen
) -> JSONResponse:
    """Sista dagen med önskemålet."""
    answer = await call.execute(
        lambda app: app.avsluta_forskjutning(call.sammanhang, id, forskjutning, till=form.till),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/forskjutningar/{forskjutning}/makulering",
    response_model=Kvitto,
    summary="Makulera en förskjutning",
    **roles(*BESLUTA),
)
async def makulera_forskjutning(
    call: Anrop, id: UUID, forskjutning: UUID, form: Makulering
) -> JSONResponse:
    """Ett önskemål som aldrig borde ha registrerats."""
    answer = await call.execute(
        lambda app: app.makulera_forskjutning(call.sammanhang, id, forskjutning, skal=form.skal),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/interim_hjalp",
    response_model=Kvitto,
    summary="Ange hjälp under väntan",
    **roles(*BESLUTA),
)
async def ge_interim_hjalp(call: Anrop, id: UUID, form: NyInterimHjalp) -> JSONResponse:
    """En annan insats medan den enskilde väntar; den verkställer inte beslutet (R-EVB-3)."""
    hjalp = uuid4()
    answer = await call.execute(
        lambda app: app.ge_interim_hjalp(call.sammanhang, id, hjalp=hjalp, **form.model_dump()),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/interim_hjalp/{hjalp}/slut",
    response_model=Kvitto,
    summary="Ange att hjälpen under väntan upphörde",
    **roles(*BESLUTA),
)
async def avsluta_interim_hjalp(
    call: Anrop, id: UUID, hjalp: UUID, form: SistaDagen
) -> JSONResponse:
    """Sista dagen med hjälpen."""
    answer = await call.execute(
        lambda app: app.avsluta_interim_hjalp(call.sammanhang, id, hjalp, till=form.till),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/beslut/{id}/interim_hjalp/{hjalp}/makulering",
    response_model=Kvitto,
    summary="Makulera hjälp under väntan",
    **roles(*BESLUTA),
)
async def makulera_interim_hjalp(
    call: Anrop, id: UUID, hjalp: UUID, form: Makulering
) -> JSONResponse:
    """Hjälp som aldrig gavs."""
    answer = await call.execute(
        lambda app: app.makulera_interim_hjalp(call.sammanhang, id, hjalp, skal=form.skal),
        changes=id,
    )
    return receipt(answer)
