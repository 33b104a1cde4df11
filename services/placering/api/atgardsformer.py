"""Forms of åtgärder: what a caller sends and what it gets back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.http.forms import Form
from services.placering.api.faltslag import Kort
from services.placering.domain.atgard import Atgardsuppgifter
from services.placering.domain.atgardsslag import Atgardsslag, Sak


class NyAtgard(Form):
    """Something that was done about a person."""

    klient: UUID
    slag: Annotated[
        Atgardsslag,
        Field(description="Slagen listas av GET /v1/atgardsslag.", examples=["overvagande"]),
    ]
    datum: Annotated[
        date,
        Field(description="Dagen då det gjordes; inte senare än i dag.", examples=["2026-04-07"]),
    ]
    beslut: Annotated[UUID | None, Field(description="Krävs där slaget gäller ett beslut.")] = None
    placering: Annotated[
        UUID | None, Field(description="Krävs där slaget gäller en placering.")
    ] = None
    ej_aktuell: Annotated[bool, Field(description="Prövat och funnet att inget behöver göras.")] = (
        False
    )
    sammantrade: Annotated[
        date | None,
        Field(
            description="Sammanträdets datum; krävs där utskottet ska pröva (R-BES-9).",
            examples=["2026-04-07"],
        ),
    ] = None
    paragraf: Annotated[
        Kort | None,
        Field(description="Paragrafen i protokollet; krävs som datumet.", examples=["§ 84"]),
    ] = None
    handlaggare: Annotated[
        Kort | None,
        Field(
            description="Handläggarens användar-id, aldrig ett namn; krävs där slaget utser någon.",
            examples=["u-4711"],
        ),
    ] = None

    def uppgifter(self) -> Atgardsuppgifter:
        """What the åtgärd says."""
        return Atgardsuppgifter(**self.model_dump(exclude={"klient"}))


class AtgardUt(BaseModel):
    """An åtgärd as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    klient: UUID
    slag: Atgardsslag
    datum: date
    beslut: UUID | None
    placering: UUID | None
    ej_aktuell: bool
    sammantrade: date | None
    paragraf: str | None
    handlaggare: str | None
    makulerad: bool


class AtgardsslagUt(BaseModel):
    """A kind of åtgärd and what it must say."""

    model_config = ConfigDict(from_attributes=True)

    slag: Atgardsslag
    namn: str
    sak: Annotated[Sak, Field(description="Vad åtgärden gäller.")]
    i_utskott: Annotated[
        str | None,
        Field(description="Regeln som kräver sammanträdets datum och paragraf."),
    ]
    utser: Annotated[bool, Field(description="Anger vem som utsetts.")]
