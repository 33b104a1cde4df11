"""Field types of this service's forms.

Guarantees that a text is one line of printable characters: a control character would travel with
the event and stop a reader that cannot store it.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Field

from contracts.ord import PLACERINGSFORM
from services.chassis.http.forms import Ore

ENRADIG = r"^[^\x00-\x1f\x7f]+$"


def _slag(given: Any) -> Any:
    """The value of ``slag`` as it was sent, or of a form that has been read."""
    return given.get("slag") if isinstance(given, dict) else getattr(given, "slag", None)


AV_SLAG = Discriminator(_slag)
"""Which form of several it is stands in the field ``slag``."""

Insatstyp = Annotated[
    str, Field(min_length=1, max_length=100, pattern=ENRADIG, examples=["Kontaktperson"])
]
Kort = Annotated[str, Field(min_length=1, max_length=100, pattern=ENRADIG)]
Namn = Annotated[str, Field(min_length=1, max_length=200, pattern=ENRADIG)]
Skrivet = Annotated[
    str, Field(min_length=1, max_length=100, pattern=ENRADIG, examples=["11 kap. 1 § SoL"])
]
Nummer = Annotated[
    str,
    Field(
        min_length=1,
        max_length=20,
        pattern=ENRADIG,
        description="Organisationsnummer, NNNNNN-NNNN.",
        examples=["556036-0793"],
    ),
]
Personnummer = Annotated[
    str,
    Field(
        min_length=1,
        max_length=20,
        pattern=ENRADIG,
        description="Personnummer eller samordningsnummer med sekel, ÅÅÅÅMMDD-NNNN.",
    ),
]
Fritext = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$",
        description="Fritext om den enskilde; lagras krypterad.",
    ),
]
Formkod = Annotated[
    str,
    Field(
        pattern="^(" + "|".join(PLACERINGSFORM) + ")$",
        description="Placeringsformens kod.",
        json_schema_extra={"enum": list(PLACERINGSFORM)},
        examples=["hvb"],
    ),
]

__all__ = [
    "AV_SLAG",
    "ENRADIG",
    "Formkod",
    "Fritext",
    "Insatstyp",
    "Kort",
    "Namn",
    "Nummer",
    "Ore",
    "Personnummer",
    "Skrivet",
]
