"""Forms of placeringar: what a caller sends and what it gets back. Amounts in öre without moms."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.ord import (
    Avslutsorsak,
    Destination,
    Rattelseskal,
    Regi,
    SkalUtomRamavtal,
    placeringsformskod,
)
from contracts.ord import (
    Form as Placeringsslag,
)
from services.chassis.http.forms import Form
from services.placering.api.faltslag import Formkod, Fritext, Nummer, Ore
from services.placering.api.franvaroformer import FranvaroUt
from services.placering.api.placeringsavtalsformer import PlaceringsavtalUt, PrisradUt
from services.placering.domain.betalare import ALLT


class Placeringsuppgifter(Form):
    """Where a placering is, under which avtal and from when."""

    placeringsform: Formkod
    leverantor: Nummer | None = None
    enhet: UUID | None = None
    avtal: Annotated[
        UUID | None, Field(description="Utan: enhetens avtal, annars leverantörens.")
    ] = None
    regi: Annotated[
        Regi | None, Field(description="Behövs bara där den inte följer av det andra.")
    ] = None
    fran: date
    dygnspris_ore: Annotated[
        Ore | None, Field(description="Avtalat grunddygnspris. Utan: enhetens pris på startdagen.")
    ] = None
    skal_utom_ramavtal: Annotated[
        SkalUtomRamavtal | None, Field(description="Krävs där inget avtal gäller (R-PLA-3).")
    ] = None
    text: Annotated[Fritext | None, Field(description="Förklarar skälet annat.")] = None
    hem: Annotated[
        UUID | None,
        Field(description="Hemmet som personen bor i (R-PLA-16); bara familjehem och jourhem."),
    ] = None


class NyPlacering(Placeringsuppgifter):
    """A placering to begin."""

    klient: UUID
    beslut: UUID


class RattadPlacering(Placeringsuppgifter):
    """A placering's record as it should be, its end too."""

    till: Annotated[date | None, Field(description="Sista dagen; utan: den pågår.")] = None
    orsak: Annotated[Avslutsorsak | None, Field(description="Krävs när till anges (R-PLA-12).")] = (
        None
    )
    avslutstext: Annotated[Fritext | None, Field(description="Förklarar orsaken annan.")] = None
    beslut_bestar: bool = False
    skal: Rattelseskal


Andel = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=ALLT,
        description="Hundradels procent av kostnaden; andelarna är tillsammans 10000.",
        examples=[2_500],
    ),
]


class NyaBetalare(Form):
    """Who pays from a day on; a row of the same day is replaced."""

    fran: Annotated[date, Field(description="Gäller till nästa rads första dag.")]
    ifo: Andel = 0
    annan_namnd: Andel = 0
    region: Andel = 0
    migrationsverket: Andel = 0


class BetalareUt(BaseModel):
    """The payers' shares from a day on, in hundredths of a per cent."""

    fran: date
    ifo: int
    annan_namnd: int
    region: int
    migrationsverket: int


class NyttPlaneratSlut(Form):
    """When a stay is meant to end."""

    planerat_slut: Annotated[
        date | None,
        Field(
            description="Sista dagen enligt planen; null: inget är planerat.",
            examples=["2026-08-31"],
        ),
    ]


class NyttAvslut(Form):
    """How a stay ended."""

    till: Annotated[date, Field(description="Sista dagen där.")]
    orsak: Annotated[Avslutsorsak | None, Field(description="Krävs (R-PLA-12).")] = None
    text: Annotated[Fritext | None, Field(description="Förklarar orsaken annan.")] = None
    beslut_bestar: Annotated[
        bool, Field(description="Beslutet står kvar fast orsaken annars avslutar det (R-EVB-14).")
    ] = False
    destination: Annotated[
        Destination | None, Field(description="Vart personen flyttade; kan anges senare.")
    ] = None


class NyDestination(Form):
    """Where the person went."""

    destination: Annotated[
        Destination | None, Field(description="Vart personen flyttade; null: inte känt.")
    ]


class Omplacering(Placeringsuppgifter):
    """The next home, and the end of the stay in this one."""

    till: Annotated[
        date | None,
        Field(description="Sista dagen i det gamla hemmet; utan: första dagen i det nya."),
    ] = None
    beslut: Annotated[UUID, Field(description="Beslutet som bär den nya placeringen.")]


class Omvandling(Form):
    """The same home, from now on the kommun's own."""

    placeringsform: Formkod = "eget_familjehem"
    fran: Annotated[date, Field(description="Dagen då hemmet blir kommunens eget.")]
    dygnspris_ore: Ore | None = None
    beslut: Annotated[UUID, Field(description="Beslutet som bär den nya placeringen.")]


_SAMMANSATTA = ("placeringsform", "priser", "placeringsavtal", "franvaro", "betalare")
"""Fields that are made of what the placering knows."""


class PlaceringUt(BaseModel):
    """A placering as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    klient: UUID
    beslut: UUID
    placeringsform: str
    form: Placeringsslag
    regi: Regi
    natverk: bool
    leverantor: str | None
    enhet: UUID | None
    avtal: UUID | None
    hem: UUID | None
    fran: date
    planerat_slut: date | None
    till: date | None
    orsak: Avslutsorsak | None
    destination: Destination | None
    beslut_bestar: bool
    dygnspris_ore: int | None
    priser: list[PrisradUt]
    placeringsavtal: PlaceringsavtalUt | None
    franvaro: list[FranvaroUt]
    betalare: list[BetalareUt]
    skal_utom_ramavtal: SkalUtomRamavtal | None
    makulerad: bool
    flaggor: list[str]

    @classmethod
    def av(cls, placering: Any) -> "PlaceringUt":
        """The placering as it is shown."""
        return cls(
            **{
                falt: getattr(placering, falt)
                for falt in cls.model_fields
                if falt not in _SAMMANSATTA
            },
            placeringsform=placeringsformskod(placering.form, placering.regi, placering.natverk),
            priser=[
                PrisradUt.av(id, rad, placering.prisvillkor[id])
                for id, rad in placering.prisrader.items()
            ],
            placeringsavtal=PlaceringsavtalUt.av(placering.placeringsavtal),
            betalare=[
                BetalareUt(fran=fran, **asdict(andelar))
                for fran, andelar in placering.betalare.items()
            ],
            franvaro=[
                FranvaroUt(franvaro=id, orsak=en.orsak, fran=en.fran, till=en.till)
                for id, en in placering.franvaro.items()
            ],
        )
