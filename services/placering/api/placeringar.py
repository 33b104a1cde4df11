"""Routes of placeringar: begin, price, end, correct, annul, read."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.history import Historik, history
from services.chassis.http.known import KandPer
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.beslutsformer import Makulering
from services.placering.api.lasning import EnInsyn
from services.placering.api.placeringsformer import (
    NyaBetalare,
    NyDestination,
    NyPlacering,
    NyttAvslut,
    NyttPlaneratSlut,
    PlaceringUt,
    RattadPlacering,
)
from services.placering.api.roller import BESLUTA, LASA_PLACERINGAR
from services.placering.domain.atkomst import Last
from services.placering.domain.handelser.placering import PlaceringInledd
from services.placering.domain.placering import Placering
from services.placering.domain.vistelsekalender import Vistelsekalender
from services.placering.views.rackvidd import utom_rackhall

router = service_router("placeringar")


@router.post(
    "/placeringar",
    status_code=201,
    response_model=Kvitto,
    summary="Inled en placering",
    **roles(*BESLUTA),
)
async def inled(call: Anrop, form: NyPlacering) -> JSONResponse:
    """Personen ska vara fri dagarna (R-PLA-1), leverantören får inte ha avropsstopp (R-PLA-4)."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.inled_placering(call.sammanhang, id, **form.model_dump()),
        reads=[
            form.klient,
            form.beslut,
            Vistelsekalender.id_for(call.sammanhang.kommunkod, form.klient),
            *([] if form.hem is None else [form.hem]),
        ],
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/betalare",
    response_model=Kvitto,
    summary="Ange betalare och andelar",
    **roles(*BESLUTA),
)
async def satt_betalare(call: Anrop, id: UUID, form: NyaBetalare) -> JSONResponse:
    """Andelarna är hela kostnaden (R-KOS-15); utan rad betalar individ- och familjeomsorgen."""
    answer = await call.execute(
        lambda app: app.satt_betalare(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/planerat_slut",
    response_model=Kvitto,
    summary="Ange planerat slut",
    **roles(*BESLUTA),
)
async def planera_slut(call: Anrop, id: UUID, form: NyttPlaneratSlut) -> JSONResponse:
    """Sista dagen enligt planen; placeringen pågår och dagarna är upptagna tills den avslutas."""
    answer = await call.execute(
        lambda app: app.planera_slut(call.sammanhang, id, planerat_slut=form.planerat_slut),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/avslut",
    response_model=Kvitto,
    summary="Avsluta en placering",
    **roles(*BESLUTA),
)
async def avsluta(call: Anrop, id: UUID, form: NyttAvslut) -> JSONResponse:
    """Ett avslut anger orsak (R-PLA-12); dagarna efter det blir fria."""
    answer = await call.execute(
        lambda app: app.avsluta_placering(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/destination",
    response_model=Kvitto,
    summary="Ange vart personen flyttade",
    **roles(*BESLUTA),
)
async def ange_destination(call: Anrop, id: UUID, form: NyDestination) -> JSONResponse:
    """Vart personen flyttade när placeringen slutade, också när det blir känt först senare."""
    answer = await call.execute(
        lambda app: app.ange_destination(call.sammanhang, id, destination=form.destination),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/rattelse",
    response_model=Kvitto,
    summary="Rätta en placering",
    **roles(*BESLUTA),
)
async def ratta(call: Anrop, id: UUID, form: RattadPlacering) -> JSONResponse:
    """Uppgifterna anges som de ska vara, också avslutet; det gamla finns kvar i historiken."""
    answer = await call.execute(
        lambda app: app.ratta_placering(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/placeringar/{id}/makulering",
    response_model=Kvitto,
    summary="Makulera en placering",
    **roles(*BESLUTA),
)
async def makulera(call: Anrop, id: UUID, form: Makulering) -> JSONResponse:
    """En placering som aldrig borde ha registrerats; dagarna blir fria."""
    answer = await call.execute(
        lambda app: app.makulera_placering(call.sammanhang, id, skal=form.skal), changes=id
    )
    return receipt(answer)


@router.get(
    "/placeringar",
    response_model=resources.Sida[PlaceringUt],
    summary="Lista placeringar",
    **roles(*LASA_PLACERINGAR),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[PlaceringUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst,
        anropare,
        Placering,
        PlaceringInledd.TOPIC,
        PlaceringUt.av,
        markor,
        antal,
        utom_rackhall,
    )


@router.get(
    "/placeringar/{id}",
    response_model=PlaceringUt,
    summary="Läs en placering",
    **roles(*LASA_PLACERINGAR),
)
async def las(
    tjanst: Tjanst, anropare: Anropare, id: UUID, insyn: EnInsyn, kand_per: KandPer = None
) -> JSONResponse:
    """Som den är nu, med version (ETag), eller som den var känd tidigare (`kand_per`)."""
    svar = await resources.one(
        tjanst, anropare, Placering, id, PlaceringUt.av, insyn.grans, known=kand_per
    )
    await insyn.anteckna(Last.PLACERING)
    return svar


@router.get(
    "/placeringar/{id}/historik",
    response_model=Historik,
    summary="Läs en placerings historik",
    **roles(*LASA_PLACERINGAR),
)
async def las_historik(tjanst: Tjanst, anropare: Anropare, id: UUID, insyn: EnInsyn) -> Historik:
    """Vem som ändrade vad, när och varför; det äldsta först."""
    svar = await history(tjanst, anropare, Placering, id, PlaceringUt.av, insyn.grans)
    await insyn.anteckna(Last.HISTORIK)
    return svar
