"""Forms of klienter: what a caller sends and what it gets back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.ord import Kon, Rattelseskal
from services.chassis.http.forms import Form
from services.placering.api.faltslag import Kort, Namn, Personnummer
from services.placering.domain.atkomst import Lasskal, Nodskal


class NyKlient(Form):
    """A person to register; the birth date follows from the personnummer where it is given."""

    personnummer: Personnummer | None = None
    namn: Namn | None = None
    fodelsedatum: date | None = None
    kon: Kon
    skyddad: Annotated[bool, Field(description="Skyddade personuppgifter.")] = False
    arbetsenhet: Kort | None = None


class RattadKlient(NyKlient):
    """A person's record as it should be."""

    skal: Rattelseskal


class NyEnsamkommande(Form):
    """On which days a person counts as an ensamkommande barn."""

    fran: Annotated[
        date | None,
        Field(
            description="Första dagen; null: personen räknas inte som ensamkommande.",
            examples=["2025-10-14"],
        ),
    ]
    till: Annotated[date | None, Field(description="Sista dagen; utan: tills vidare.")] = None


class EnsamkommandeUt(BaseModel):
    """Days on which a person counts as an ensamkommande barn."""

    model_config = ConfigDict(from_attributes=True)

    fran: date
    till: date | None


class Sokning(Form):
    """Whom to look for; in the body, so that the number never stands in an address or a log."""

    personnummer: Personnummer
    skal: Annotated[Lasskal | None, Field(description="Varför: skrivs i åtkomstloggen.")] = None
    nodskal: Annotated[
        Nodskal | None,
        Field(description="Varför, om personen hör till en annan arbetsenhet (nödläsning)."),
    ] = None


class Traff(BaseModel):
    """The klient with the personnummer, ``None`` when the kommun has none."""

    klient: UUID | None


class KlientUt(BaseModel):
    """A person without personal data."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    kon: Kon
    fodelsemanad: str | None
    skyddad: bool
    arbetsenhet: str | None
    ensamkommande: EnsamkommandeUt | None


class TextUt(BaseModel):
    """A free text about the person, and what it is about."""

    om: Annotated[str, Field(description="beslut eller placering.")]
    id: UUID
    vad: str
    text: str


class KlientMedUppgifter(KlientUt):
    """A person with personal data; what has been culled is ``None``."""

    personnummer: str | None
    namn: str | None
    fodelsedatum: str | None
    fodelsear: str | None
    texter: list[TextUt]
