"""The forms of the reports as JSON.

Guarantees that every report says what it was made from (``underlag``), that amounts are whole öre
exclusive of moms, and that an unknown dygnskostnad is ``null``, never 0.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.chassis.context import Rackvidd
from services.uppfoljning.views import varfor as v
from services.uppfoljning.views.dygnskostnader import Tal
from services.uppfoljning.views.underlag import Underlag


class StromUt(BaseModel):
    """How far a stream had been read."""

    strom: str
    epok: int
    pos: int
    registrerad: datetime | None


class UnderlagUt(BaseModel):
    """What an answer was made from."""

    kommunkod: str
    fran: date | None = None
    till: date | None = None
    per: date | None = None
    snitt: str | None = None
    lag: str | None = None
    grans: str | None = None
    omrade: str | None = None
    arbetsenheter: list[str] | None = Field(
        description="De arbetsenheter som läsaren är knuten till; null: hela kommunen."
    )
    kand_per: datetime | None = Field(description="null: allt som är känt.")
    slutlig: bool = Field(description="Svaret är detsamma för alltid.")
    skal: list[str] = Field(description="Varför svaret är preliminärt.")
    w: datetime | None = Field(description="Fram till dess är allt inne och vikt.")
    framtagen: datetime
    strommar: list[StromUt]
    moms: str = "exklusive moms"


def underlag_ut(rackvidd: Rackvidd, underlag: Underlag, **fraga: Any) -> UnderlagUt:
    """What an answer was made from, as it is written."""
    enheter = rackvidd.arbetsenheter
    return UnderlagUt(
        kommunkod=rackvidd.kommunkod,
        arbetsenheter=None if enheter is None else sorted(enheter),
        **fraga,
        kand_per=underlag.kand_per,
        slutlig=underlag.slutlig,
        skal=list(underlag.skal),
        w=underlag.w,
        framtagen=underlag.framtagen,
        strommar=[
            StromUt(strom=s.strom, epok=s.epok, pos=s.pos, registrerad=s.registrerad)
            for s in underlag.strommar
        ],
    )


class TalUt(BaseModel):
    """The figures of report 1."""

    antal_placerade: int
    antal_placeringar: int
    debiterade_dygn: int
    varddygn: int
    kostnad_ore: int
    dygnskostnad_ore: int | None = Field(description="Kostnad per debiterat dygn (R-KOS-17).")
    dygn_utan_pris: int


class DygnskostnadsradUt(TalUt):
    """A row of report 1."""

    nyckel: str
    namn: str


class DygnskostnaderUt(BaseModel):
    """Report 1."""

    rapport: str = "dygnskostnader"
    underlag: UnderlagUt
    rader: list[DygnskostnadsradUt]
    summa: TalUt


def tal_ut(tal: Tal) -> TalUt:
    """The figures as they are written."""
    return TalUt(
        antal_placerade=tal.antal_placerade,
        antal_placeringar=tal.antal_placeringar,
        debiterade_dygn=tal.debiterade_dygn,
        varddygn=tal.varddygn,
        kostnad_ore=tal.kostnad_ore,
        dygnskostnad_ore=tal.dygnskostnad_ore,
        dygn_utan_pris=tal.dygn_utan_pris,
    )


class EvbRadUt(BaseModel):
    """A beslut on the list."""

    beslut: UUID
    namnd: str
    insatstyp: str
    kon: str
    lage: str = Field(description="ej_verkstalld, delvis eller ej_aterupptagen.")
    lagrum: str
    beslutsdatum: date
    avbrottsdatum: date | None
    dagar_sedan_beslut: int
    dagar_sedan_avbrott: int | None
    orsak: str | None


class EvbAnalysUt(BaseModel):
    """One insats: how many now, and what changed since the end of the quarter before."""

    insatstyp: str
    antal: int
    ej_verkstallda: int
    ej_aterupptagna: int
    man: int
    kvinnor: int
    annan: int
    nya: int
    borta: int
    orsaker: dict[str, int]
    langsta_dagar: int


class EvbSummaUt(BaseModel):
    """The whole list; the two kinds are counted apart."""

    antal: int
    ej_verkstallda: int
    ej_aterupptagna: int


class EvbUt(BaseModel):
    """Report 2."""

    rapport: str = "evb"
    titel: str
    underlag: UnderlagUt
    rader: list[EvbRadUt]
    analys: list[EvbAnalysUt]
    summa: EvbSummaUt
    forra_per: date
    namnder_utan: list[str]


class LeverantorsradUt(BaseModel):
    """A supplier in one område."""

    omrade: str
    organisationsnummer: str
    namn: str
    antal_placeringar: int
    varddygn: int
    kostnad_ore: int


class OmradeUt(BaseModel):
    """How many suppliers were used in an område."""

    omrade: str
    antal_leverantorer: int


class LeverantorssummaUt(BaseModel):
    """The totals: over områden (a supplier in two counts twice) and distinct."""

    summa_over_omraden: int
    antal_leverantorer: int
    antal_placeringar: int
    varddygn: int
    kostnad_ore: int


class LeverantorerUt(BaseModel):
    """Report 3."""

    rapport: str = "leverantorer"
    underlag: UnderlagUt
    rader: list[LeverantorsradUt]
    antal_per_omrade: list[OmradeUt]
    summa: LeverantorssummaUt


class KostnadsdelUt(BaseModel):
    """Days with one price: ``dygn`` times ``pris_ore`` is ``kostnad_ore``."""

    fran: date
    till: date
    dygn: int
    pris_ore: int | None
    grund_ore: int | None
    tillagg_ore: int
    kostnad_ore: int
    handelser: list[str]


class VarddygnsdelUt(BaseModel):
    """Days in care that are counted here."""

    fran: date
    till: date
    dygn: int
    handelser: list[str]


class PlaceringsdelUt(BaseModel):
    """One placement's part of a figure."""

    placering: UUID
    klient: UUID
    fran: date | None
    till: date | None
    debiterade_dygn: int
    varddygn: int
    kostnad_ore: int
    intervall: list[KostnadsdelUt]
    varddygnsintervall: list[VarddygnsdelUt]


class VarforUt(BaseModel):
    """Why a figure is what it is."""

    rapport: str
    nyckel: str
    underlag: UnderlagUt
    summa: TalUt
    placeringar: list[PlaceringsdelUt]


def placeringsdel_ut(del_: v.Placeringsdel) -> PlaceringsdelUt:
    """A placement's part as it is written."""
    return PlaceringsdelUt(
        placering=del_.placering,
        klient=del_.klient,
        fran=del_.fran,
        till=del_.till,
        debiterade_dygn=del_.debiterade_dygn,
        varddygn=del_.varddygn,
        kostnad_ore=del_.kostnad_ore,
        intervall=[
            KostnadsdelUt(
                fran=k.fran,
                till=k.till,
                dygn=k.dygn,
                pris_ore=k.pris_ore,
                grund_ore=k.grund_ore,
                tillagg_ore=k.tillagg_ore,
                kostnad_ore=k.kostnad_ore,
                handelser=list(k.handelser),
            )
            for k in del_.kostnadsdelar
        ],
        varddygnsintervall=[
            VarddygnsdelUt(fran=d.fran, till=d.till, dygn=d.dygn, handelser=list(d.handelser))
            for d in del_.varddygnsdelar
        ],
    )


class EvbLageUt(BaseModel):
    """How a beslut stood on some days."""

    fran: date
    till: date | None
    lage: str
    klocka_fran: date | None
    handelser: list[str]


class VarforEvbUt(BaseModel):
    """Why a beslut is, or is not, on the list."""

    beslut: UUID
    underlag: UnderlagUt
    listad: bool
    text: str
    regler: list[str]
    rad: EvbRadUt | None
    lagen: list[EvbLageUt]
