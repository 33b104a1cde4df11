"""Forms of beslut: what a caller sends and what it gets back."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Tag

from contracts.ord import Omfattning, Rattelseskal
from services.chassis.http.forms import Form
from services.placering.api.drojsmalsformer import (
    DrojsmalUt,
    ErbjudandeUt,
    ForskjutningUt,
    InterimHjalpUt,
)
from services.placering.api.faltslag import AV_SLAG, Insatstyp, Kort, Skrivet
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.delegater import Beslutstyp


class Tjansteman(Form):
    """An official by delegation: role and arbetsenhet, never a name."""

    slag: Literal["tjansteman"]
    roll: Kort
    arbetsenhet: Kort


class Utskott(Form):
    """The nämnd or its utskott: the meeting's date and the paragraph of its minutes."""

    slag: Literal["utskott"]
    datum: date
    paragraf: Kort


class Ordforande(Form):
    """The chair, or a member appointed to it, when the matter could not wait."""

    slag: Literal["ordforande"]
    datum: date
    forordnad: Annotated[bool, Field(description="Förordnad ledamot i stället.")] = False


class Domstol(Form):
    """A court; the case number leads to the person and is stored encrypted."""

    slag: Literal["domstol"]
    mal: Kort
    datum: date | None = None
    laga_kraft: date | None = None


BeslutsfattareIn = Annotated[
    Annotated[Tjansteman, Tag("tjansteman")]
    | Annotated[Utskott, Tag("utskott")]
    | Annotated[Ordforande, Tag("ordforande")]
    | Annotated[Domstol, Tag("domstol")],
    AV_SLAG,
]


class Beslutsuppgifter(Form):
    """What a beslut says (R-BES-1)."""

    lagrum: Skrivet
    insatstyp: Insatstyp
    beslutsdatum: date
    namnd: Annotated[Kort | None, Field(description="Krävs (R-BES-1).")] = None
    beslutsfattare: Annotated[BeslutsfattareIn | None, Field(description="Krävs (R-BES-1).")] = None
    galler_till: Annotated[date | None, Field(description="Sista dagen.")] = None
    arbetsenhet: Kort | None = None
    beslutstyp: Annotated[
        Beslutstyp | None,
        Field(description="Krävs när nämnden har en delegationsordning (R-BES-3)."),
    ] = None

    def falt(self) -> dict[str, Any]:
        """The fields as the application takes them."""
        falt = self.model_dump(exclude={"beslutsfattare"})
        falt["beslutsfattare"], falt["mal"] = _beslutsfattare(self.beslutsfattare)
        return falt


def _beslutsfattare(
    vem: Tjansteman | Utskott | Ordforande | Domstol | None,
) -> tuple[Beslutsfattare | None, str | None]:
    """The decider, and the case number that must not stand in an event."""
    if vem is None:
        return None, None
    falt = vem.model_dump(exclude={"slag", "mal"})
    mal = vem.mal if isinstance(vem, Domstol) else None
    return Beslutsfattare(Beslutsfattarslag(vem.slag), **falt), mal


class NyttBeslut(Beslutsuppgifter):
    """A beslut to record."""

    klient: UUID


class RattatBeslut(Beslutsuppgifter):
    """A beslut's record as it should be."""

    skal: Rattelseskal


class Dag(Form):
    """The day from which it holds."""

    datum: date


class Verkstallande(Dag):
    """The insats began, wholly or in part."""

    omfattning: Omfattning = Omfattning.HELT


class Makulering(Form):
    """Why a record should never have been there."""

    skal: Rattelseskal


class _Ut(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class BeslutsfattareUt(_Ut):
    """Who took it; without a court's case number."""

    slag: Beslutsfattarslag
    roll: str | None
    arbetsenhet: str | None
    datum: date | None
    paragraf: str | None
    forordnad: bool | None
    laga_kraft: date | None


class StegUt(_Ut):
    """A recorded step of the execution."""

    slag: Literal["verkstallt", "avbrutet", "aterupptaget"]
    datum: date
    omfattning: Omfattning | None


class VistelseUt(BaseModel):
    """The stay of a placering under the beslut."""

    placering: UUID
    fran: date
    till: date | None


class DelegationUt(_Ut):
    """The version of the delegationsordning that a beslut was judged by."""

    ordning: UUID | None
    version: int | None


_VISAS_ANNORLUNDA = frozenset(
    {
        "beslutsfattare",
        "delegation",
        "verkstallighet",
        "drojsmal",
        "erbjudanden",
        "forskjutningar",
        "interim_hjalp",
        "placeringar",
    }
)
"""Fields whose shape is not that of the beslut's own."""


class BeslutUt(_Ut):
    """A beslut as it is now."""

    id: UUID
    version: int
    klient: UUID
    lag: str
    lagrum: str
    evb: Annotated[bool, Field(description="Om ej verkställda beslut av slaget rapporteras.")]
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: BeslutsfattareUt | None
    beslutstyp: Beslutstyp | None
    delegation: DelegationUt
    makulerat: bool
    upphort: date | None
    verkstallighet: list[StegUt]
    drojsmal: list[DrojsmalUt]
    erbjudanden: list[ErbjudandeUt]
    forskjutningar: list[ForskjutningUt]
    interim_hjalp: list[InterimHjalpUt]
    placeringar: list[VistelseUt]
    flaggor: list[str]

    @classmethod
    def av(cls, beslut: Any) -> "BeslutUt":
        """The beslut as it is shown."""
        vem = beslut.beslutsfattare
        return cls(
            **{
                falt: getattr(beslut, falt)
                for falt in cls.model_fields
                if falt not in _VISAS_ANNORLUNDA
            },
            beslutsfattare=None if vem is None else BeslutsfattareUt.model_validate(vem),
            delegation=DelegationUt.model_validate(beslut.delegation),
            verkstallighet=[StegUt.model_validate(steg) for steg in beslut.steg],
            drojsmal=[DrojsmalUt.av(datum, orsak) for datum, orsak in beslut.drojsmal],
            erbjudanden=[ErbjudandeUt.av(id, ett) for id, ett in beslut.erbjudanden.items()],
            forskjutningar=[ForskjutningUt.av(id, en) for id, en in beslut.forskjutningar.items()],
            interim_hjalp=[InterimHjalpUt.av(id, en) for id, en in beslut.interim_hjalp.items()],
            placeringar=[
                VistelseUt(placering=id, fran=fran, till=till)
                for id, (fran, till) in beslut.vistelser.items()
            ],
        )
