"""Forms of rows taken over from another system: the columns of its files.

Guarantees that a row whose form is wrong is refused by itself, with its fields, and does not take
the other rows of the request with it (R-PLA-18).
"""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import Field, Tag, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from contracts.ord import (
    PLACERINGSFORM,
    Avslutsorsak,
    Drojsmalsorsak,
    Kon,
    Omfattning,
)
from services.chassis.http.forms import Form
from services.chassis.http.problems import of_validation
from services.chassis.http.takeover import ROWS_MAX, Overtagande
from services.placering.api.faltslag import (
    AV_SLAG,
    ENRADIG,
    Formkod,
    Insatstyp,
    Kort,
    Namn,
    Nummer,
    Ore,
    Skrivet,
)
from services.placering.overtagande import (
    Beslutsrad,
    Oformad,
    Placeringsrad,
    Prisandringsrad,
    Rad,
)

Referens = Annotated[str, Field(min_length=1, max_length=200, pattern=ENRADIG)]


class BeslutsradIn(Form):
    """A beslut; columns as in ``dygn importera beslut``."""

    slag: Literal["beslut"]
    referens: Referens
    kon: Kon
    lagrum: Skrivet
    insatstyp: Insatstyp
    beslutsdatum: date
    klient: Referens | None = None
    namnd: Kort | None = None
    fodelsear: Annotated[int | None, Field(ge=1900, le=2100)] = None
    arbetsenhet: Kort | None = None
    verkstallighet: Omfattning | None = None
    verkstalld_datum: date | None = None
    avbrott_datum: date | None = None
    aterupptagen_datum: date | None = None
    upphord_datum: Annotated[
        date | None, Field(description="Första dagen som beslutet inte gäller.")
    ] = None
    galler_till: date | None = None
    orsak: Drojsmalsorsak | None = None

    def rad(self) -> Rad:
        """The row as it is taken over."""
        return Beslutsrad(**self.model_dump(exclude={"slag"}))


class PlaceringsradIn(Form):
    """A placering; columns as in ``dygn importera placeringar``."""

    slag: Literal["placering"]
    referens: Referens
    klient: Referens | None = None
    kon: Kon
    fodelsedatum: date | None = None
    lagrum: Skrivet | None = None
    beslutsdatum: date | None = None
    placeringsform: Formkod
    organisationsnummer: Nummer | None = None
    enhet: Namn | None = None
    fran: date
    till: Annotated[date | None, Field(description="Sista dagen; utan: den pågår.")] = None
    dygnspris_ore: Ore | None = None
    avslutsorsak: Avslutsorsak | None = None
    beslut: Annotated[
        Referens | None, Field(description="Ett tidigare övertaget beslut; utan: ett eget.")
    ] = None

    def rad(self) -> Rad:
        """The row as it is taken over; its own beslut grants the form by name."""
        falt = self.model_dump(exclude={"slag"})
        return Placeringsrad(insatstyp=PLACERINGSFORM[self.placeringsform].namn, **falt)


class PrisandringsradIn(Form):
    """A price change; columns as in ``dygn importera prisandringar``."""

    slag: Literal["prisandring"]
    referens: Annotated[
        Referens | None, Field(description="Utan: placeringens referens och dagen.")
    ] = None
    placering: Referens
    fran: date
    dygnspris_ore: Ore

    def rad(self) -> Rad:
        """The row as it is taken over."""
        return Prisandringsrad(
            referens=self.referens or f"{self.placering}/{self.fran}",
            placering=self.placering,
            fran=self.fran,
            dygnspris_ore=self.dygnspris_ore,
        )


class OformadRad:
    """A row that is none of them."""

    def __init__(self, rad: Any, error: ValidationError) -> None:
        given = rad.get("referens") if isinstance(rad, dict) else None
        slag = rad.get("slag") if isinstance(rad, dict) else None
        self._referens = given if isinstance(given, str) else ""
        fel = [
            {**item, "loc": ("body", *_utan_slag(item["loc"], slag))}
            for item in error.errors(include_url=False)
        ]
        self._fel = of_validation(RequestValidationError(fel)).breaches

    def rad(self) -> Rad:
        """The row as it is refused."""
        return Oformad(
            self._referens, tuple(replace(breach, regel="R-PLA-18") for breach in self._fel)
        )


def _utan_slag(location: tuple[int | str, ...], slag: object) -> tuple[int | str, ...]:
    """Where in the row: the tag of the union is no field of it."""
    if location and location[0] == slag:
        return location[1:]
    return location or ("slag",)


def _var_for_sig(rad: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(rad)
    except ValidationError as error:
        return OformadRad(rad, error)


RadIn = Annotated[
    Annotated[
        Annotated[BeslutsradIn, Tag("beslut")]
        | Annotated[PlaceringsradIn, Tag("placering")]
        | Annotated[PrisandringsradIn, Tag("prisandring")],
        AV_SLAG,
    ],
    WrapValidator(_var_for_sig),
]


class Placeringsovertagande(Overtagande):
    """Rows taken over from another system, of any kind and in the order in which they count."""

    rader: Annotated[list[RadIn], Field(min_length=1, max_length=ROWS_MAX)]
