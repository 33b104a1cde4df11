"""Forms of a beslut that waits: what a caller sends and what it gets back."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.ord import Drojsmalsniva, Drojsmalsorsak, Erbjudandesvar
from services.chassis.http.forms import Form
from services.placering.api.faltslag import Insatstyp
from services.placering.domain.drojsmal import niva_for


class NyDrojsmalsorsak(Form):
    """Why the beslut is not carried out."""

    datum: date
    orsak: Drojsmalsorsak


class NyttErbjudande(Form):
    """An offer made to the person."""

    datum: Annotated[date, Field(description="Dagen då det lämnades.", examples=["2026-03-02"])]


class SvarPaErbjudande(Form):
    """The person's answer."""

    datum: Annotated[date, Field(description="Dagen för svaret.", examples=["2026-03-09"])]
    svar: Annotated[Erbjudandesvar, Field(examples=["avbojt"])]


class _Period(Form):
    fran: Annotated[date, Field(description="Första dagen.", examples=["2026-03-10"])]
    till: Annotated[
        date | None,
        Field(description="Sista dagen; utan: tills vidare.", examples=["2026-05-31"]),
    ] = None


class NyForskjutning(_Period):
    """The person's own wish to wait."""

    lov: Annotated[
        bool,
        Field(
            description="Den enskilde väntar på en utförare vald enligt LOV (R-EVB-11).",
            examples=[False],
        ),
    ] = False


class NyInterimHjalp(_Period):
    """Another insats in the meantime."""

    insatstyp: Annotated[
        Insatstyp, Field(description="En av `/v1/insatstyper`.", examples=["Kontaktperson"])
    ]


class SistaDagen(Form):
    """The last day."""

    till: Annotated[date, Field(description="Sista dagen.", examples=["2026-05-31"])]


class DrojsmalUt(BaseModel):
    """Why it was not carried out, from a day on."""

    datum: date
    orsak: Drojsmalsorsak
    niva: Annotated[
        Drojsmalsniva | None, Field(description="Var orsaken ligger; okänd orsak saknar nivå.")
    ]

    @classmethod
    def av(cls, datum: date, orsak: Drojsmalsorsak) -> Self:
        """The reason with its level (R-EVB-13)."""
        return cls(datum=datum, orsak=orsak, niva=niva_for(orsak))


class ErbjudandeUt(BaseModel):
    """An offer and its answer."""

    erbjudande: UUID
    datum: date
    svar: Erbjudandesvar | None
    svarsdatum: date | None

    @classmethod
    def av(cls, id: UUID, ett: Any) -> Self:
        """The offer with its id."""
        return cls(erbjudande=id, **asdict(ett))


class ForskjutningUt(BaseModel):
    """Days on which the person asked to wait."""

    forskjutning: UUID
    fran: date
    till: date | None
    lov: bool

    @classmethod
    def av(cls, id: UUID, en: Any) -> Self:
        """The postponement with its id."""
        return cls(forskjutning=id, **asdict(en))


class InterimHjalpUt(BaseModel):
    """Help in the meantime."""

    hjalp: UUID
    insatstyp: str
    fran: date
    till: date | None

    @classmethod
    def av(cls, id: UUID, en: Any) -> Self:
        """The help with its id."""
        return cls(hjalp=id, **asdict(en))
