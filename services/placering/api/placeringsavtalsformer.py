"""Forms of the agreement for one person and of its prices. Amounts in öre without moms."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import BaseModel, Field

from contracts.ord import Prisslag, Rattelseskal
from services.chassis.http.forms import Form
from services.placering.api.faltslag import Ore
from services.placering.application.placeringsavtal import Avtalatpris
from services.placering.domain.delegater import Delegat
from services.placering.domain.placering import Prisrad
from services.placering.domain.placeringsavtal import (
    Motpart,
    Overenskommelse,
    Placeringsavtal,
    Prisvillkor,
    Tillaggsslag,
)

SkalBakat = Annotated[
    Rattelseskal | None,
    Field(description="Krävs när priset ändras från en dag som redan varit (R-KOS-5)."),
]


class NyOverenskommelse(Form):
    """Who agreed, for each side; roles, never names."""

    datum: Annotated[date, Field(description="Dagen då man kom överens.", examples=["2026-03-02"])]
    delegat: Annotated[Delegat, Field(description="Den som avtalade för kommunen.")]
    motpart: Annotated[Motpart, Field(description="Den som avtalade för hemmet.")]

    def overenskommelse(self) -> Overenskommelse:
        """As the domain has it."""
        return Overenskommelse(self.datum, self.delegat, self.motpart)


class Prisuppgifter(Form):
    """A price per day from a day on."""

    slag: Prisslag = Prisslag.GRUND
    fran: date
    till: Annotated[date | None, Field(description="Sista dagen; bara för tillägg.")] = None
    dygnspris_ore: Ore
    tillagg: Annotated[
        Tillaggsslag | None, Field(description="Vad tillägget avser; bara för tillägg.")
    ] = None


class NyPrisrad(Prisuppgifter):
    """A price row to agree, or with ``prisrad`` to replace."""

    prisrad: Annotated[UUID | None, Field(description="Raden som ersätts; utan: en ny.")] = None
    overenskommelse: NyOverenskommelse | None = None
    skal: SkalBakat = None


class NyttPlaceringsavtal(Form):
    """The agreement for the person, with its prices."""

    galler_till: Annotated[
        date | None,
        Field(description="Sista dagen; utan: tills vidare.", examples=["2026-12-31"]),
    ] = None
    overenskommelse: NyOverenskommelse
    priser: Annotated[
        list[Prisuppgifter],
        Field(
            max_length=50,
            default_factory=list,
            description="Grunddygnspris och tillägg, vart och ett från sin dag.",
        ),
    ]
    skal: Annotated[
        Rattelseskal | None,
        Field(description="Krävs när avtalet ersätter ett som redan tecknats."),
    ] = None

    def rader(self) -> list[Avtalatpris]:
        """The price rows, each with an id of its own."""
        return [
            Avtalatpris(
                uuid4(), Prisrad(ett.slag, ett.fran, ett.till, ett.dygnspris_ore), ett.tillagg
            )
            for ett in self.priser
        ]


class Forlangning(Form):
    """How the agreement goes on."""

    fran: Annotated[date, Field(description="Första dagen med det nya priset.")]
    galler_till: Annotated[date | None, Field(description="Sista dagen; utan: tills vidare.")] = (
        None
    )
    dygnspris_ore: Annotated[
        Ore | None, Field(description="Nytt grunddygnspris. Utan: enhetens pris den första dagen.")
    ] = None
    overenskommelse: NyOverenskommelse
    skal: SkalBakat = None


class OverenskommelseUt(BaseModel):
    """Who agreed, and when."""

    datum: date
    delegat: Delegat
    motpart: Motpart

    @classmethod
    def av(cls, given: Overenskommelse | None) -> "OverenskommelseUt | None":
        """As it is shown; ``None`` where nothing is said."""
        return None if given is None else cls(**asdict(given))


class PlaceringsavtalUt(BaseModel):
    """The agreement that holds."""

    galler_till: date | None
    overenskommelse: OverenskommelseUt | None

    @classmethod
    def av(cls, avtal: Placeringsavtal | None) -> "PlaceringsavtalUt | None":
        """As it is shown; ``None`` where none has been signed."""
        if avtal is None:
            return None
        return cls(
            galler_till=avtal.till, overenskommelse=OverenskommelseUt.av(avtal.overenskommelse)
        )


class PrisradUt(BaseModel):
    """An agreed price row."""

    prisrad: UUID
    slag: Prisslag
    fran: date
    till: date | None
    dygnspris_ore: Annotated[
        int | None, Field(description="Null: enhetens listpris på radens första dag.")
    ]
    tillagg: Tillaggsslag | None
    overenskommelse: OverenskommelseUt | None
    retroaktiv: Annotated[bool, Field(description="Ändrad från en dag som redan varit (R-KOS-5).")]
    skal: Rattelseskal | None

    @classmethod
    def av(cls, id: UUID, rad: Prisrad, villkor: Prisvillkor) -> "PrisradUt":
        """The row as it is shown."""
        return cls(
            prisrad=id,
            slag=rad.slag,
            fran=rad.fran,
            till=rad.till,
            dygnspris_ore=rad.dygnspris_ore,
            tillagg=villkor.tillagg,
            overenskommelse=OverenskommelseUt.av(villkor.overenskommelse),
            retroaktiv=villkor.retroaktiv,
            skal=villkor.skal,
        )
