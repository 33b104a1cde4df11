"""Routes of the reports.

Guarantees that a report's rows and what it says of its own finality come from one snapshot of the
database.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import Query

from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.uppfoljning.api.parametrar import Gransval, Kand, Per, Period
from services.uppfoljning.api.roller import RAPPORT
from services.uppfoljning.api.scheman import (
    DygnskostnaderUt,
    DygnskostnadsradUt,
    EvbAnalysUt,
    EvbRadUt,
    EvbSummaUt,
    EvbUt,
    LeverantorerUt,
    LeverantorsradUt,
    LeverantorssummaUt,
    OmradeUt,
    tal_ut,
    underlag_ut,
)
from services.uppfoljning.views.dygnskostnader import dygnskostnader
from services.uppfoljning.views.evb import EvbListrad, evb_lista, svensk_ordning
from services.uppfoljning.views.leverantorer import leverantorer
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import las_underlag

router = service_router("rapporter")

Lag = Annotated[Literal["SoL", "LSS"], Query(description="Lagen; en rapport per lag.")]


@router.get(
    "/rapporter/dygnskostnader",
    response_model=DygnskostnaderUt,
    summary="Dygnskostnader",
    **roles(*RAPPORT),
)
async def rapport_dygnskostnader(
    tjanst: Tjanst,
    anropare: Anropare,
    period: Period,
    kand_per: Kand,
    snitt: Annotated[Snitt, Query(description="Vad rapporten delas efter.")] = (
        Snitt.PLACERINGSFORM
    ),
) -> DygnskostnaderUt:
    """Placerade, placeringar, dygn och kostnad i perioden, exklusive moms."""
    fran, till = period
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        rapport = await dygnskostnader(connection, underlag, fran, till, snitt)
    return DygnskostnaderUt(
        underlag=underlag_ut(anropare.rackvidd, underlag, fran=fran, till=till, snitt=snitt),
        rader=[
            DygnskostnadsradUt(nyckel=nyckel, namn=namn, **tal_ut(tal).model_dump())
            for nyckel, namn, tal in rapport.rader
        ],
        summa=tal_ut(rapport.summa),
    )


@router.get(
    "/rapporter/leverantorer",
    response_model=LeverantorerUt,
    summary="Uppföljning av privata utförare",
    **roles(*RAPPORT),
)
async def rapport_leverantorer(
    tjanst: Tjanst, anropare: Anropare, period: Period, kand_per: Kand
) -> LeverantorerUt:
    """Nyttjade privata leverantörer per område (R-LEV-2)."""
    fran, till = period
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        rapport = await leverantorer(connection, underlag, fran, till)
    return LeverantorerUt(
        underlag=underlag_ut(anropare.rackvidd, underlag, fran=fran, till=till),
        rader=[
            LeverantorsradUt(
                omrade=rad.omrade,
                organisationsnummer=rad.organisationsnummer,
                namn=rad.namn,
                antal_placeringar=rad.antal_placeringar,
                varddygn=rad.varddygn,
                kostnad_ore=rad.kostnad_ore,
            )
            for rad in rapport.rader
        ],
        antal_per_omrade=[
            OmradeUt(omrade=omrade, antal_leverantorer=antal)
            for omrade, antal in rapport.antal_per_omrade.items()
        ],
        summa=LeverantorssummaUt(
            summa_over_omraden=rapport.summa_over_omraden,
            antal_leverantorer=rapport.antal_leverantorer,
            antal_placeringar=sum(rad.antal_placeringar for rad in rapport.rader),
            varddygn=sum(rad.varddygn for rad in rapport.rader),
            kostnad_ore=sum(rad.kostnad_ore for rad in rapport.rader),
        ),
    )


@router.get(
    "/rapporter/evb",
    response_model=EvbUt,
    summary="Ej verkställda beslut",
    **roles(*RAPPORT),
)
async def rapport_evb(
    tjanst: Tjanst,
    anropare: Anropare,
    per: Per,
    lag: Lag,
    grans: Gransval,
    kand_per: Kand,
) -> EvbUt:
    """Beslut som inte verkställts, eller inte återupptagits, inom gränsen (R-KLO-1)."""
    forra = forra_kvartalets_slut(per)
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        underlag = await las_underlag(connection, anropare.kommunkod, kand_per)
        lista = await evb_lista(connection, underlag, per, lag, grans)
        fore = await evb_lista(connection, underlag, forra, lag, grans)
    aterupptagna = sum(rad.ej_aterupptagen for rad in lista.rader)
    return EvbUt(
        titel=titel(lag, per),
        underlag=underlag_ut(anropare.rackvidd, underlag, per=per, lag=lag, grans=str(grans)),
        rader=[evb_rad_ut(rad) for rad in lista.rader],
        analys=analys(lista.rader, fore.rader),
        summa=EvbSummaUt(
            antal=len(lista.rader),
            ej_verkstallda=len(lista.rader) - aterupptagna,
            ej_aterupptagna=aterupptagna,
        ),
        forra_per=forra,
        namnder_utan=list(lista.namnder_utan),
    )


_MANADER = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
_LAGNAMN = {"SoL": "socialtjänstlagen", "LSS": "9 § LSS"}


def titel(lag: str, per: date) -> str:
    """The title that the nämnd's papers use."""
    dag = f"{per.day} {_MANADER[per.month - 1]} {per.year}"
    return f"Ej verkställda gynnande beslut enligt {_LAGNAMN[lag]} t.o.m. den {dag}"


def forra_kvartalets_slut(per: date) -> date:
    """The last day of the quarter before the one that ``per`` is in.

    The calendar's first day in its first quarter, which has none before it.
    """
    forsta = date(per.year, (per.month - 1) // 3 * 3 + 1, 1)
    return max(forsta, date(1, 1, 2)) - timedelta(days=1)


def evb_rad_ut(rad: EvbListrad) -> EvbRadUt:
    """A beslut on the list as it is written."""
    return EvbRadUt(
        beslut=rad.beslut,
        namnd=rad.namnd,
        insatstyp=rad.insatstyp,
        kon=rad.kon,
        lage="ej_aterupptagen" if rad.ej_aterupptagen else rad.lage,
        lagrum=rad.lagrum,
        beslutsdatum=rad.beslutsdatum,
        avbrottsdatum=rad.avbrottsdatum,
        dagar_sedan_beslut=rad.dagar_sedan_beslut,
        dagar_sedan_avbrott=rad.dagar_sedan_avbrott,
        orsak=rad.orsak,
    )


def analys(nu: tuple[EvbListrad, ...], fore: tuple[EvbListrad, ...]) -> list[EvbAnalysUt]:
    """Per insats; one that had rows before appears also with none now (R-EVB-16)."""
    insatser = sorted({rad.insatstyp for rad in (*nu, *fore)}, key=svensk_ordning)
    return [
        _analys(
            insats,
            [rad for rad in nu if rad.insatstyp == insats],
            {rad.beslut for rad in fore if rad.insatstyp == insats},
        )
        for insats in insatser
    ]


def _analys(insats: str, rader: list[EvbListrad], fore: set[object]) -> EvbAnalysUt:
    kon = Counter(rad.kon for rad in rader)
    avbrutna = sum(rad.ej_aterupptagen for rad in rader)
    nu = {rad.beslut for rad in rader}
    return EvbAnalysUt(
        insatstyp=insats,
        antal=len(rader),
        ej_verkstallda=len(rader) - avbrutna,
        ej_aterupptagna=avbrutna,
        man=kon["M"],
        kvinnor=kon["K"],
        annan=kon["A"],
        nya=len(nu - fore),
        borta=len(fore - nu),
        orsaker=dict(sorted(Counter(rad.orsak for rad in rader if rad.orsak).items())),
        langsta_dagar=max((rad.dagar_sedan_beslut for rad in rader), default=0),
    )
