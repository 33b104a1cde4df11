"""The forms of the API: what a caller may send and what it gets back.

Guarantees that an unknown field is refused, that amounts are whole öre (exclusive of moms) and
that dates are calendar dates.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.ord import Dagrakning, Leverantorstyp, Rattelseskal
from services.chassis.http.forms import Form, Ore
from services.chassis.http.takeover import ROWS_MAX, Overtagande, Referens

Namn = Annotated[str, Field(min_length=1, max_length=200, examples=["Exempelvård AB"])]
Nummer = Annotated[
    str,
    Field(
        min_length=1,
        max_length=20,
        description="Organisationsnummer, NNNNNN-NNNN.",
        examples=["556036-0793"],
    ),
]
Omrade = Annotated[str, Field(min_length=1, max_length=200, examples=["HVB barn och unga"])]


class NyLeverantor(Form):
    """A supplier to register."""

    organisationsnummer: Nummer
    namn: Namn
    typ: Leverantorstyp = Leverantorstyp.PRIVAT


class RattadLeverantor(NyLeverantor):
    """A supplier's record as it should be."""

    skal: Rattelseskal


class NyttAvropsstopp(Form):
    """The day from which the stop, or its end, holds."""

    fran: date


class NyEnhet(Form):
    """A unit to register."""

    leverantor: UUID
    namn: Namn


class NyttPris(Form):
    """A list price per day from a date."""

    fran: date
    dygnspris_ore: Ore


class Avtalsuppgifter(Form):
    """What an avtal says."""

    enhet: UUID | None = None
    omrade: Omrade
    fran: date
    till: date | None = None
    dagrakning: Dagrakning = Dagrakning.BADA


class NyttAvtal(Avtalsuppgifter):
    """An avtal to register."""

    leverantor: UUID


class RattatAvtal(Avtalsuppgifter):
    """An avtal's record as it should be."""

    skal: Rattelseskal


class RadIn(Form):
    """One row taken over from another system."""

    referens: Referens
    organisationsnummer: Nummer
    namn: Namn
    typ: Leverantorstyp = Leverantorstyp.PRIVAT
    enhet: Namn | None = None
    omrade: Omrade | None = None
    avtal_fran: date | None = None
    avtal_till: date | None = None
    grunddygnspris_ore: Ore | None = None


class Leverantorsovertagande(Overtagande):
    """Rows taken over from another system."""

    rader: Annotated[list[RadIn], Field(min_length=1, max_length=ROWS_MAX)]


class _Ut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int


class LeverantorUt(_Ut):
    """A supplier as it is now."""

    organisationsnummer: str
    namn: str
    typ: Leverantorstyp
    avropsstopp_fran: date | None


class EnhetUt(_Ut):
    """A unit as it is now, with its list prices by their first day."""

    leverantor: UUID
    organisationsnummer: str
    namn: str
    priser: dict[date, int]


class AvtalUt(_Ut):
    """An avtal as it is now."""

    leverantor: UUID
    organisationsnummer: str
    enhet: UUID | None
    omrade: str
    fran: date
    till: date | None
    dagrakning: Dagrakning
