"""Routes of klienter. Every read of personal data leaves an access record (R-SEK-3)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.auth.roles import Identity
from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, etag, receipt
from services.chassis.http.history import Historik, posts
from services.chassis.http.known import KandPer
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Service, Tjanst
from services.chassis.rules import Breach, admit, refuse_on
from services.chassis.store.reader import Reader, Rows
from services.placering.api.klientformer import (
    KlientMedUppgifter,
    KlientUt,
    NyEnsamkommande,
    NyKlient,
    RattadKlient,
    Sokning,
    TextUt,
    Traff,
)
from services.placering.api.lasning import EnInsyn, Insyn
from services.placering.api.roller import BESLUTA, LASA_KLIENTER, LASA_PERSON
from services.placering.domain import regler
from services.placering.domain.atkomst import Last
from services.placering.domain.handelser.klient import KlientRegistrerad
from services.placering.domain.klient import (
    FODELSEAR,
    FODELSEDATUM,
    NAMN,
    PERSONNUMMER,
    Klient,
    Personnummer,
)
from services.placering.views.personnummer import hash_av_personnummer, krav_att_lasa
from services.placering.views.personuppgifter import (
    Klientuppgifter,
    egna,
    las_alla,
    las_upp,
)
from services.placering.views.rackvidd import utom_rackhall

router = service_router("klienter")


@router.post(
    "/klienter",
    status_code=201,
    response_model=Kvitto,
    summary="Registrera en klient",
    **roles(*BESLUTA),
)
async def registrera(call: Anrop, form: NyKlient) -> JSONResponse:
    """Personnummer, namn, födelsedatum och fritext lagras krypterade."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.registrera_klient(call.sammanhang, id, **form.model_dump())
    )
    return receipt(answer)


@router.post(
    "/klienter/{id}/rattelse",
    response_model=Kvitto,
    summary="Rätta en klients uppgifter",
    **roles(*BESLUTA),
)
async def ratta(call: Anrop, id: UUID, form: RattadKlient) -> JSONResponse:
    """Uppgifterna anges som de ska vara; det gamla finns kvar i historiken."""
    answer = await call.execute(
        lambda app: app.ratta_klient(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/klienter/{id}/ensamkommande",
    response_model=Kvitto,
    summary="Ange om klienten är ensamkommande",
    **roles(*BESLUTA),
)
async def ange_ensamkommande(call: Anrop, id: UUID, form: NyEnsamkommande) -> JSONResponse:
    """De dagar då personen räknas som ensamkommande barn; det senast sagda gäller."""
    answer = await call.execute(
        lambda app: app.ange_ensamkommande(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/klienter/sokning",
    response_model=Traff,
    summary="Sök en klient på personnummer",
    **roles(*LASA_PERSON),
)
async def sok(call: Anrop, form: Sokning) -> Traff:
    """Sökningen antecknas i åtkomstloggen, också när ingen hittas."""
    refuse_on([regler.personnummer_stammer(form.personnummer, "/personnummer")])
    nummer = regler.normaliserat_personnummer(form.personnummer)
    assert nummer is not None
    rackvidd = call.identity.rackvidd
    hashvarde = hash_av_personnummer(call.service.keyring, nummer)
    insyn = Insyn(call.service, call.identity, call.sammanhang, form.skal, form.nodskal)
    reader = call.service.reader
    utom: Mapping[UUID, Breach] = {}
    async with reader.reading(rackvidd) as connection:
        krav = await krav_att_lasa(connection, rackvidd.kommunkod, hashvarde)
        klient = await _klient_med(reader, connection, krav)
        if klient is not None:
            utom = await insyn.grans(reader, connection, rackvidd, [klient])
    await insyn.anteckna(Last.SOKNING)
    for brott in utom.values():
        admit(brott)  # after the search has been logged: it told that the person is known
    return Traff(klient=None if klient is None else klient.id)


async def _klient_med(reader: Reader, connection: Rows, krav: UUID) -> Klient | None:
    """The person who has the personnummer that the claim is about."""
    krav_av = await reader.aggregates(connection, Personnummer, [krav])
    agare = krav_av[krav].klient if krav in krav_av else None
    return None if agare is None else await reader.aggregate(connection, Klient, agare)


@router.get(
    "/klienter",
    response_model=resources.Sida[KlientUt],
    summary="Lista klienter utan personuppgifter",
    **roles(*LASA_KLIENTER),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[KlientUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst,
        anropare,
        Klient,
        KlientRegistrerad.TOPIC,
        KlientUt.model_validate,
        markor,
        antal,
        utom_rackhall,
    )


@router.get(
    "/klienter/{id}",
    response_model=KlientMedUppgifter,
    summary="Läs en klient med personuppgifter",
    **roles(*LASA_PERSON),
)
async def las(
    tjanst: Tjanst, anropare: Anropare, id: UUID, insyn: EnInsyn, kand_per: KandPer = None
) -> JSONResponse:
    """Som den är nu, med version (ETag), eller som den var känd tidigare (`kand_per`).

    Läsningen antecknas i åtkomstloggen innan svaret lämnas.
    """
    async with _lasning(tjanst, anropare, id, Last.KLIENT, insyn) as (connection, klient):
        if kand_per is not None:
            klient = await resources.as_known(tjanst, connection, Klient, id, kand_per)
        uppgifter = await las_upp(connection, tjanst.keyring, id, klient.hemligheter, kand_per)
    return JSONResponse(
        _med_uppgifter(klient, uppgifter).model_dump(mode="json"),
        headers=etag(klient.version) if kand_per is None else None,
    )


@router.get(
    "/klienter/{id}/historik",
    response_model=Historik,
    summary="Läs en klients historik med personuppgifter",
    **roles(*LASA_PERSON),
)
async def las_historik(tjanst: Tjanst, anropare: Anropare, id: UUID, insyn: EnInsyn) -> Historik:
    """Vem som ändrade vad, när och varför; det äldsta först. Läsningen antecknas."""
    async with _lasning(tjanst, anropare, id, Last.HISTORIK, insyn) as (connection, _):
        alla = await las_alla(connection, tjanst.keyring, id)
        handelser = await tjanst.reader.events(connection, id)

    def visad(klient: Klient) -> KlientMedUppgifter:
        return _med_uppgifter(klient, Klientuppgifter(egna(alla, klient.hemligheter), {}))

    return Historik(id=id, poster=list(posts(handelser, visad)))


@asynccontextmanager
async def _lasning(
    tjanst: Service, anropare: Identity, id: UUID, vad: Last, insyn: Insyn
) -> AsyncIterator[tuple[Rows, Klient]]:
    """A read of a person whom the caller reaches; noted when what was asked for has been read."""
    reader = tjanst.reader
    async with reader.reading(anropare.rackvidd) as connection:
        klient = await reader.aggregate(connection, Klient, id)
        admit((await insyn.grans(reader, connection, anropare.rackvidd, [klient])).get(id))
        yield connection, klient
    await insyn.anteckna(vad)


def _med_uppgifter(klient: Klient, uppgifter: Klientuppgifter) -> KlientMedUppgifter:
    eget = uppgifter.egna
    return KlientMedUppgifter(
        **KlientUt.model_validate(klient).model_dump(),
        personnummer=eget.get(PERSONNUMMER),
        namn=eget.get(NAMN),
        fodelsedatum=eget.get(FODELSEDATUM),
        fodelsear=eget.get(FODELSEAR),
        texter=[
            TextUt(om=om, id=UUID(om_id), vad=vad, text=text)
            for (om, om_id, vad), text in sorted(uppgifter.texter.items())
        ],
    )
