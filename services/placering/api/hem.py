"""Routes of homes. Every read of the carers' personal data leaves an access record (R-SEK-3)."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query
from starlette.requests import Request
from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Call, Kvitto, etag, receipt, sammanhang_of
from services.chassis.http.history import Historik, history
from services.chassis.http.known import KandPer
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.chassis.rules import admit
from services.chassis.store.errors import NotFound
from services.chassis.store.reader import Reader, Rows
from services.placering.api.beslutsformer import Makulering
from services.placering.api.hemformer import (
    AnnanKommunsBarnUt,
    BoendelistaUt,
    BoendeUt,
    HemMedUppgifter,
    HemtextUt,
    HemUt,
    NyaPlatser,
    NyArvodesniva,
    NyHemomvandling,
    NyIvoUnderrattelse,
    NyReferens,
    NyTillhorighet,
    NyttAnnanKommunsBarn,
    NyttGodkannande,
    NyttHem,
    NyttHemslut,
    NyUtredning,
    RattatHem,
)
from services.placering.api.lasning import Skal, atkomstlogg
from services.placering.api.roller import BESLUTA, LASA_PERSON, LASA_PLACERINGAR
from services.placering.domain import hemregler
from services.placering.domain.atkomst import Last
from services.placering.domain.boende import Boende, antal, bott_sedan, rad_for
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.handelser.hem import HemRegistrerat
from services.placering.domain.hem import ADRESS, KONTAKT, NAMN, Hem
from services.placering.domain.klient import Klient
from services.placering.views.atkomst import Lasning
from services.placering.views.personuppgifter import las_upp
from services.placering.views.rackvidd import utom_rackhall

router = service_router("hem")


@router.post(
    "/hem",
    status_code=201,
    response_model=Kvitto,
    summary="Registrera ett hem",
    **roles(*BESLUTA),
)
async def registrera(call: Anrop, form: NyttHem) -> JSONResponse:
    """Familjehem, jourhem eller nätverkshem; namn, kontakt och adress lagras krypterade."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.registrera_hem(call.sammanhang, id, **form.model_dump())
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/rattelse", response_model=Kvitto, summary="Rätta ett hem", **roles(*BESLUTA)
)
async def ratta(call: Anrop, id: UUID, form: RattatHem) -> JSONResponse:
    """Uppgifterna anges som de ska vara, också namn, kontakt och adress."""
    answer = await call.execute(
        lambda app: app.ratta_hem(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/makulering", response_model=Kvitto, summary="Makulera ett hem", **roles(*BESLUTA)
)
async def makulera(call: Anrop, id: UUID, form: Makulering) -> JSONResponse:
    """Ett hem som aldrig borde ha registrerats och som ingen placering pekar ut."""
    answer = await call.execute(
        lambda app: app.makulera_hem(call.sammanhang, id, skal=form.skal), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/platser",
    response_model=Kvitto,
    summary="Ange hur många platser ett hem har",
    **roles(*BESLUTA),
)
async def satt_platser(call: Anrop, id: UUID, form: NyaPlatser) -> JSONResponse:
    """Från en dag; inte färre än som är upptagna i ett eget hem (R-PLA-9)."""
    answer = await call.execute(
        lambda app: app.satt_platser(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/arvodesniva",
    response_model=Kvitto,
    summary="Ange ett hems arvodesnivå",
    **roles(*BESLUTA),
)
async def satt_arvodesniva(call: Anrop, id: UUID, form: NyArvodesniva) -> JSONResponse:
    """Nivåns kod från en dag; beloppen finns i kommunens tabell."""
    answer = await call.execute(
        lambda app: app.satt_arvodesniva(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/tillhorighet",
    response_model=Kvitto,
    summary="Ange vems ett hem är",
    **roles(*BESLUTA),
)
async def satt_tillhorighet(call: Anrop, id: UUID, form: NyTillhorighet) -> JSONResponse:
    """Från en dag då ingen bor där; annars omvandlas hemmet med alla som bor där (R-PLA-16)."""
    answer = await call.execute(
        lambda app: app.satt_tillhorighet(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/omvandling",
    response_model=Kvitto,
    summary="Omvandla ett hem till kommunens eget",
    **roles(*BESLUTA),
)
async def omvandla(call: Anrop, id: UUID, form: NyHemomvandling) -> JSONResponse:
    """Alla som bor där följer med, i samma hem (R-PLA-13, R-PLA-16): alla eller ingen."""
    ny = uuid4()
    answer = await call.execute(
        lambda app: app.omvandla_hem(call.sammanhang, id, ny, **form.falt()), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/avslut", response_model=Kvitto, summary="Avsluta ett hem", **roles(*BESLUTA)
)
async def avsluta(call: Anrop, id: UUID, form: NyttHemslut) -> JSONResponse:
    """Ingen får bo där efter dagen."""
    answer = await call.execute(
        lambda app: app.avsluta_hem(call.sammanhang, id, till=form.till), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/ivo_underrattelser",
    response_model=Kvitto,
    summary="Ange att IVO underrättats om fler än tre barn",
    **roles(*BESLUTA),
)
async def underratta_ivo(call: Anrop, id: UUID, form: NyIvoUnderrattelse) -> JSONResponse:
    """Dagen är en av dem då fler än tre placerade barn bor i hemmet (R-PLA-8)."""
    answer = await call.execute(
        lambda app: app.underratta_ivo(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/andra_kommuners_barn",
    response_model=Kvitto,
    summary="Registrera ett barn som en annan kommun placerat i ett hem",
    **roles(*BESLUTA),
)
async def satt_annan_kommuns_barn(
    call: Anrop, id: UUID, form: NyttAnnanKommunsBarn
) -> JSONResponse:
    """Barnet tar en plats (R-PLA-9) och räknas bland de placerade barnen (R-PLA-8)."""
    falt = form.model_dump() | {"barn": form.barn or uuid4()}
    answer = await call.execute(
        lambda app: app.satt_annan_kommuns_barn(call.sammanhang, id, **falt), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/andra_kommuners_barn/{barn}/makulering",
    response_model=Kvitto,
    summary="Makulera ett barn som en annan kommun placerat",
    **roles(*BESLUTA),
)
async def stryk_annan_kommuns_barn(
    call: Anrop, id: UUID, barn: UUID, form: Makulering
) -> JSONResponse:
    """Ett barn som aldrig borde ha registrerats där; platsen blir ledig."""
    answer = await call.execute(
        lambda app: app.stryk_annan_kommuns_barn(call.sammanhang, id, barn, skal=form.skal),
        changes=id,
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/utredningar",
    response_model=Kvitto,
    summary="Registrera en avslutad utredning av ett hem",
    **roles(*BESLUTA),
)
async def utred(call: Anrop, id: UUID, form: NyUtredning) -> JSONResponse:
    """Den som avslutades sist avgör om hemmet är utrett (R-PLA-17)."""
    falt = form.model_dump() | {"utredning": form.utredning or uuid4()}
    answer = await call.execute(lambda app: app.utred_hem(call.sammanhang, id, **falt), changes=id)
    return receipt(answer)


@router.post(
    "/hem/{id}/referenser",
    response_model=Kvitto,
    summary="Registrera en referens om ett hem",
    **roles(*BESLUTA),
)
async def ta_referens(call: Anrop, id: UUID, form: NyReferens) -> JSONResponse:
    """Vem som lämnade den anges som källa och kommun; vad som sades lagras krypterat."""
    falt = form.model_dump() | {"referens": form.referens or uuid4()}
    answer = await call.execute(
        lambda app: app.ta_hemreferens(call.sammanhang, id, **falt), changes=id
    )
    return receipt(answer)


@router.post(
    "/hem/{id}/godkannanden",
    response_model=Kvitto,
    summary="Registrera att ett hem godkänns",
    **roles(*BESLUTA),
)
async def godkann(call: Anrop, id: UUID, form: NyttGodkannande) -> JSONResponse:
    """Av utskottet när det är ett jourhem (R-BES-4), annars lägst av utskottet (R-BES-9)."""
    falt = form.falt() | {"godkannande": form.godkannande or uuid4()}
    answer = await call.execute(
        lambda app: app.godkann_hem(call.sammanhang, id, **falt),
        changes=id,
        reads=_ordning(call, form),
    )
    return receipt(answer)


def _ordning(call: Call, form: NyttGodkannande) -> list[UUID]:
    if form.namnd is None:
        return []
    return [Delegationsordning.id_for(call.sammanhang.kommunkod, form.namnd)]


@router.post(
    "/hem/{id}/uppgifter/{uppgift}/makulering",
    response_model=Kvitto,
    summary="Makulera en utredning, en referens eller ett godkännande",
    **roles(*BESLUTA),
)
async def makulera_uppgift(call: Anrop, id: UUID, uppgift: UUID, form: Makulering) -> JSONResponse:
    """Det som aldrig borde ha registrerats; det finns kvar i historiken."""
    answer = await call.execute(
        lambda app: app.makulera_hemuppgift(call.sammanhang, id, uppgift, skal=form.skal),
        changes=id,
    )
    return receipt(answer)


@router.get(
    "/hem",
    response_model=resources.Sida[HemUt],
    summary="Lista hem utan personuppgifter",
    **roles(*LASA_PLACERINGAR),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[HemUt]:
    """I den ordning de registrerades; hela kommunens, eftersom vem som helst kan placera där."""
    return await resources.page(
        tjanst, anropare, Hem, HemRegistrerat.TOPIC, HemUt.av, markor, antal
    )


@router.get("/hem/{id}", response_model=HemUt, summary="Läs ett hem", **roles(*LASA_PLACERINGAR))
async def las(
    tjanst: Tjanst, anropare: Anropare, id: UUID, kand_per: KandPer = None
) -> JSONResponse:
    """Som det är nu, med version (ETag), eller som det var känt tidigare (`kand_per`)."""
    return await resources.one(tjanst, anropare, Hem, id, HemUt.av, known=kand_per)


@router.get(
    "/hem/{id}/historik",
    response_model=Historik,
    summary="Läs ett hems historik",
    **roles(*LASA_PLACERINGAR),
)
async def las_historik(tjanst: Tjanst, anropare: Anropare, id: UUID) -> Historik:
    """Vem som ändrade vad, när och varför; det äldsta först."""
    return await history(tjanst, anropare, Hem, id, HemUt.av)


@router.get(
    "/hem/{id}/uppgifter",
    response_model=HemMedUppgifter,
    summary="Läs vilka som tar emot i ett hem",
    **roles(*LASA_PERSON),
)
async def las_uppgifter(
    request: Request, tjanst: Tjanst, anropare: Anropare, id: UUID, skal: Skal = None
) -> JSONResponse:
    """Namn, kontakt, adress och texter; läsningen antecknas i åtkomstloggen före svaret."""
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        hem = await tjanst.reader.aggregate(connection, Hem, id)
        admit(hemregler.hemmet_inom_arbetsenhet(hem.arbetsenhet, anropare.rackvidd))
        uppgifter = await las_upp(connection, tjanst.keyring, id, hem.hemligheter)
    lasning = Lasning(Last.HEM, id, None if skal is None else skal.value, hem.arbetsenhet)
    await atkomstlogg(tjanst).anteckna(sammanhang_of(request), lasning)
    visat = HemMedUppgifter(
        id=id,
        version=hem.version,
        namn=uppgifter.egna.get(NAMN),
        kontakt=uppgifter.egna.get(KONTAKT),
        adress=uppgifter.egna.get(ADRESS),
        texter=[
            HemtextUt(om=om, id=UUID(om_id), text=text)
            for (om, om_id, _), text in sorted(uppgifter.texter.items())
            if hem.har_uppgift(UUID(om_id))
        ],
    )
    return JSONResponse(visat.model_dump(mode="json"), headers=etag(hem.version))


Dag = Annotated[date, Query(description="Dagen som listan gäller.", examples=["2026-03-31"])]


@router.get(
    "/hem/{id}/boende",
    response_model=BoendelistaUt,
    summary="Läs vilka som bor i ett hem en dag",
    **roles(*LASA_PLACERINGAR),
)
async def las_boende(
    tjanst: Tjanst, anropare: Anropare, id: UUID, dag: Dag, kand_per: KandPer = None
) -> BoendelistaUt:
    """De som bor där natten efter dagen; antalet upptagna platser räknar alla."""
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        hem = await _hemmet(tjanst.reader, connection, id, kand_per)
        har = {nr: en for nr, en in hem.boende.items() if en.upptar(dag)}
        klienter = await tjanst.reader.aggregates(
            connection, Klient, sorted({en.vem for en in har.values()})
        )
        dolda = await utom_rackhall(
            tjanst.reader, connection, anropare.rackvidd, list(klienter.values())
        )
    return BoendelistaUt(
        id=id,
        dag=dag,
        leverantor=rad_for(hem.tillhorighet, dag),
        platser=rad_for(hem.platser, dag),
        upptagna=antal(hem.alla(), dag),
        boende=[
            BoendeUt(
                placering=nr,
                klient=en.vem,
                fran=en.fran,
                till=en.till,
                bott_sedan=bott_sedan(hem.boende.values(), en.vem, dag),
            )
            for nr, en in sorted(har.items(), key=lambda rad: (rad[1].fran, rad[0]))
            if en.vem not in dolda
        ],
        andra_kommuners_barn=[
            AnnanKommunsBarnUt(barn=nr, **asdict(ett))
            for nr, ett in hem.andras.items()
            if Boende(ett.fran, ett.till, nr).upptar(dag)
        ],
    )


async def _hemmet(reader: Reader, connection: Rows, id: UUID, known: datetime | None) -> Hem:
    """The home as it is now, or as it was known; :class:`NotFound` when it was not."""
    hem = await reader.aggregate(connection, Hem, id)
    if known is None:
        return hem
    thing: Hem | None = None
    for _, event in await reader.events(connection, id, known):
        thing = event.mutate(thing)
    if thing is None:
        raise NotFound("Hem", id)
    return thing
