"""Routes of what falls due: the list, and the clocks that it is made by."""

import asyncio
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field
from starlette.requests import Request

from services.chassis.calendar import day_of
from services.chassis.http import paging
from services.chassis.http.commands import sammanhang_of
from services.chassis.http.forms import FIRST_DAY, LAST_DAY
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.faltslag import ENRADIG
from services.placering.api.lasning import atkomstlogg
from services.placering.api.roller import LASA_KLIENTER, LASA_PERSON
from services.placering.domain.atgardsslag import Atgardsslag
from services.placering.domain.atkomst import Lasskal, Last
from services.placering.domain.klocka import Klocka
from services.placering.domain.klockor import KLOCKA, KLOCKOR
from services.placering.views import bevakningar as vy
from services.placering.views.atkomst import Lasning

router = service_router("bevakningar")

_KODER = frozenset(rad.kod for rad in KLOCKOR)
_DATUM = "ÅÅÅÅ-MM-DD"


def _skrivet(varde: Any) -> Any:
    """A number would be taken for seconds since 1970."""
    if isinstance(varde, str) and len(varde) != len(_DATUM):
        raise ValueError(f"Ska vara ett datum ({_DATUM}).")
    return varde


Per = Annotated[
    date | None,
    BeforeValidator(_skrivet),
    Query(
        description="Dagen som det ses från; i dag om inget anges.",
        examples=["2026-04-07"],
        ge=FIRST_DAY,
        le=LAST_DAY,
    ),
]
Inom = Annotated[
    int, Query(ge=0, le=3660, description="Så många dagar fram; försenat är alltid med.")
]
Text = Annotated[str | None, Query(max_length=100, pattern=ENRADIG)]
Regel = Annotated[
    str | None,
    Query(description="Bara denna regel.", pattern=r"^R-[A-Z]{3}-\d{1,3}$", examples=["R-KLO-2"]),
]


class BevakningUt(BaseModel):
    """Something that falls due, and why."""

    klient: UUID
    regel: str
    kod: Annotated[str, Field(description="Klockan, som i GET /v1/klockor.")]
    namn: str
    varfor: Annotated[str, Field(examples=["6 månader från 2026-01-10: SoL 22 kap. 13 §."])]
    raknas_fran: date
    forfaller: Annotated[date, Field(description="Sista dagen i tid.")]
    dagar_kvar: Annotated[int, Field(description="Negativt: så många dagar försenat.")]
    forsenad: bool
    exakt: Annotated[
        bool, Field(description="Falskt: födelsedagen kunde inte läsas, månadens första visas.")
    ]
    gors_med: Annotated[
        Atgardsslag | None, Field(description="Åtgärden som tar bort raden, om det är en.")
    ]
    beslut: UUID | None
    placering: UUID | None
    hem: UUID | None
    enhet: UUID | None
    leverantor: str | None
    handlaggare: str | None

    @classmethod
    def av(cls, listad: vy.Listad, per: date) -> "BevakningUt":
        """The row as it is shown."""
        rad = listad.rad
        klocka = KLOCKA[rad.kod, rad.rad_fran]
        return cls(
            klient=listad.klient,
            regel=klocka.regel,
            kod=rad.kod,
            namn=klocka.namn,
            varfor=_varfor(klocka, listad),
            raknas_fran=rad.raknas_fran,
            forfaller=listad.forfaller,
            dagar_kvar=(listad.forfaller - per).days,
            forsenad=listad.forfaller < per,
            exakt=listad.exakt,
            gors_med=klocka.gors_med,
            beslut=rad.beslut,
            placering=rad.placering,
            hem=listad.hem,
            enhet=listad.enhet,
            leverantor=listad.leverantor,
            handlaggare=listad.handlaggare,
        )


def _varfor(klocka: Klocka, listad: vy.Listad) -> str:
    """The reason in words."""
    fran = listad.rad.raknas_fran
    if klocka.alder is not None:
        return f"Dagen då personen fyller {klocka.alder}: {klocka.kalla}."
    if listad.forfaller == klocka.fran:
        return f"Räknat från {fran}, men inte före {klocka.fran}: {klocka.kalla}."
    tid = klocka.tid if klocka.igen is None else klocka.igen
    return f"{tid} från {fran}: {klocka.kalla}."


class BevakningarUt(BaseModel):
    """A page of what falls due, the first first; ``nasta`` is the cursor to the next page."""

    per: date
    senast: Annotated[date, Field(description="Sista dagen som är med.")]
    position: Annotated[
        int, Field(description="Så långt som listan är läst ur händelserna (som i kvittot).")
    ]
    skyddade: Annotated[
        int,
        Field(
            description="Rader om personer med skyddade personuppgifter: de står inte i listan."
            " Fråga om personen för att se dem (R-SEK-2)."
        ),
    ]
    poster: list[BevakningUt]
    nasta: str | None


@router.get(
    "/bevakningar",
    response_model=BevakningarUt,
    summary="Lista vad som förfaller",
    **roles(*LASA_PERSON),
)
async def lista(
    request: Request,
    tjanst: Tjanst,
    anropare: Anropare,
    per: Per = None,
    inom: Inom = 30,
    klient: UUID | None = None,
    hem: UUID | None = None,
    enhet: UUID | None = None,
    leverantor: Text = None,
    handlaggare: Text = None,
    regel: Regel = None,
    markor: Markor = None,
    antal: Antal = PAGE,
) -> BevakningarUt:
    """Överväganden, omprövningar, frister och åldersgränser, försenade först.

    Raden står kvar tills åtgärden är gjord eller det den gäller är över. Födelsedagen läses bara
    där den avgör, och läsningen antecknas. En åldersgräns sorteras som månadens första dag.
    """
    dag = per or day_of(datetime.now(UTC))
    urval = vy.urval(
        dag,
        inom,
        klient=klient,
        hem=hem,
        enhet=enhet,
        leverantor=leverantor,
        handlaggare=handlaggare,
        koder=None if regel is None else [rad.kod for rad in KLOCKOR if rad.regel == regel],
    )
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        sida = await vy.sida(
            connection,
            tjanst.reader,
            tjanst.keyring,
            anropare.rackvidd,
            urval,
            _nyckel(markor),
            antal,
        )
        skyddade = await vy.skyddade(connection, urval)
    await asyncio.gather(
        *(
            atkomstlogg(tjanst).anteckna(
                sammanhang_of(request), Lasning.om(Last.FODELSEDATUM, last, Lasskal.UPPFOLJNING)
            )
            for last in sida.lasta
        )
    )
    return BevakningarUt(
        per=dag,
        senast=urval.senast,
        position=sida.position,
        skyddade=skyddade,
        poster=[BevakningUt.av(listad, dag) for listad in sida.rader],
        nasta=None if sida.nasta is None else paging.cursor("|".join(map(str, sida.nasta))),
    )


def _nyckel(markor: str | None) -> vy.Nyckel | None:
    text = paging.key_of(markor)
    if not text:
        return None
    try:
        forfaller, klient, kod, om, fran = text.split("|")
        if kod not in _KODER:
            raise ValueError(kod)
        return (
            date.fromisoformat(forfaller),
            UUID(klient),
            kod,
            UUID(om),
            date.fromisoformat(fran),
        )
    except ValueError:
        raise paging.invalid() from None


class KlockaUt(BaseModel):
    """A clock as it stands in the table of rules."""

    kod: str
    regel: str
    namn: str
    kalla: str
    raknas_fran: Annotated[str, Field(description="Vad klockan går från.")]
    tid: Annotated[str | None, Field(description="Hur länge; saknas för en åldersgräns.")]
    alder: int | None
    igen: Annotated[str | None, Field(description="Hur länge efter varje gjord åtgärd.")]
    gors_med: Atgardsslag | None
    under: Annotated[int | None, Field(description="Klockan stannar dagen personen fyller så.")]
    fran: date
    till: date | None

    @classmethod
    def av(cls, rad: Klocka) -> "KlockaUt":
        """The row as it is shown."""
        return cls(
            kod=rad.kod,
            regel=rad.regel,
            namn=rad.namn,
            kalla=rad.kalla,
            raknas_fran=rad.start,
            tid=None if rad.alder is not None else str(rad.tid),
            alder=rad.alder,
            igen=None if rad.igen is None else str(rad.igen),
            gors_med=rad.gors_med,
            under=rad.under,
            fran=rad.fran,
            till=rad.till,
        )


@router.get(
    "/klockor",
    response_model=list[KlockaUt],
    summary="Lista klockorna",
    **roles(*LASA_KLIENTER),
)
async def klockor() -> list[KlockaUt]:
    """Reglerna som bevakningarna görs efter: från när, hur länge, enligt vad."""
    return [KlockaUt.av(rad) for rad in KLOCKOR]
