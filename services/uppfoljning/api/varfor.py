"""Routes that open a figure: placements → intervals × price → the events that set them (R-KOS-6).

Guarantees that the parts sum to the figure that the report shows for the same question.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.chassis.rules import rule
from services.chassis.store.errors import NotFound
from services.uppfoljning.api.parametrar import UTAN_STYRTECKEN, Gransval, Kand, Per, Period
from services.uppfoljning.api.rapporter import Lag, evb_rad_ut
from services.uppfoljning.api.roller import VARFOR
from services.uppfoljning.api.scheman import (
    EvbLageUt,
    UnderlagUt,
    VarforEvbUt,
    VarforUt,
    placeringsdel_ut,
    tal_ut,
    underlag_ut,
)
from services.uppfoljning.views import varfor as v
from services.uppfoljning.views.evb import evb_lagen, evb_lista
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import las_underlag

router = service_router("varför")


@rule("R-KOS-6", source="systemets eget val", consequence="compute")
def _svar(rapport: str, nyckel: str, underlag: UnderlagUt, svar: v.Varfor) -> VarforUt:
    """Varje krona går att förklara: rad → placeringar → intervall × pris → händelser."""
    return VarforUt(
        rapport=rapport,
        nyckel=nyckel,
        underlag=underlag,
        summa=tal_ut(svar.tal),
        placeringar=[placeringsdel_ut(del_) for del_ in svar.placeringar],
    )


@router.get(
    "/varfor/dygnskostnader",
    response_model=VarforUt,
    summary="Varför en rad i dygnskostnader är som den är",
    **roles(*VARFOR),
)
async def varfor_dygnskostnader(
    tjanst: Tjanst,
    anropare: Anropare,
    period: Period,
    kand_per: Kand,
    nyckel: Annotated[str, Query(description="Radens nyckel.", pattern=UTAN_STYRTECKEN)],
    snitt: Snitt = Snitt.PLACERINGSFORM,
) -> VarforUt:
    """Placeringarna bakom raden, med dygn, pris och händelser."""
    fran, till = period
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        svar = await v.varfor_nyckel(connection, underlag, fran, till, snitt, nyckel)
    fraga = underlag_ut(anropare.rackvidd, underlag, fran=fran, till=till, snitt=snitt)
    return _svar("dygnskostnader", nyckel, fraga, svar)


@router.get(
    "/varfor/leverantorer",
    response_model=VarforUt,
    summary="Varför en rad i leverantörsrapporten är som den är",
    **roles(*VARFOR),
)
async def varfor_leverantorer(
    tjanst: Tjanst,
    anropare: Anropare,
    period: Period,
    kand_per: Kand,
    organisationsnummer: Annotated[
        str, Query(description="Leverantörens nummer.", pattern=UTAN_STYRTECKEN)
    ],
    omrade: Annotated[
        str, Query(description="Området; tomt är utom ramavtal.", pattern=UTAN_STYRTECKEN)
    ] = "",
) -> VarforUt:
    """Placeringarna bakom raden, med dygn, pris och händelser."""
    fran, till = period
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        svar = await v.varfor_leverantor(
            connection, underlag, fran, till, omrade, organisationsnummer
        )
    fraga = underlag_ut(anropare.rackvidd, underlag, fran=fran, till=till, omrade=omrade)
    return _svar("leverantorer", organisationsnummer, fraga, svar)


@router.get(
    "/varfor/placeringar/{id}",
    response_model=VarforUt,
    summary="En placerings dygn och kostnad i en period",
    **roles(*VARFOR),
)
async def varfor_placering(
    tjanst: Tjanst, anropare: Anropare, id: UUID, period: Period, kand_per: Kand
) -> VarforUt:
    """Placeringens intervall, med dygn, pris och händelser."""
    fran, till = period
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        svar = await v.varfor_placering(connection, underlag, fran, till, id)
    if not svar.placeringar:
        raise NotFound("Placering", id)
    fraga = underlag_ut(anropare.rackvidd, underlag, fran=fran, till=till)
    return _svar("placering", str(id), fraga, svar)


@router.get(
    "/varfor/evb",
    response_model=VarforEvbUt,
    summary="Varför ett beslut är, eller inte är, med bland ej verkställda",
    **roles(*VARFOR),
)
async def varfor_evb(
    tjanst: Tjanst,
    anropare: Anropare,
    per: Per,
    lag: Lag,
    beslut: UUID,
    grans: Gransval,
    kand_per: Kand,
) -> VarforEvbUt:
    """Beslutets lägen dag för dag, och vad som avgör."""
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        lagen = await evb_lagen(connection, underlag, beslut)
        lista = await evb_lista(connection, underlag, per, lag, grans)
    if not lagen:
        raise NotFound("Beslut", beslut)
    rad = next((rad for rad in lista.rader if rad.beslut == beslut), None)
    return VarforEvbUt(
        beslut=beslut,
        underlag=underlag_ut(anropare.rackvidd, underlag, per=per, lag=lag, grans=str(grans)),
        listad=rad is not None,
        text=(
            f"Klockan går sedan {rad.klocka_fran} och gränsen {grans} är passerad {per}."
            if rad is not None
            else f"Ingen klocka har passerat gränsen {grans} den {per}."
        ),
        regler=["R-KLO-1", "R-EVB-1", "R-EVB-14", "R-EVB-15"],
        rad=None if rad is None else evb_rad_ut(rad),
        lagen=[
            EvbLageUt(
                fran=lage.fran,
                till=lage.till,
                lage=lage.lage,
                klocka_fran=lage.klocka_fran,
                handelser=list(lage.handelser),
            )
            for lage in lagen
        ],
    )
