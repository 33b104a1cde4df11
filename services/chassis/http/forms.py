"""Field types that every API shares.

Guarantees that an amount is a whole, non-negative number of öre: no float, no text, no fraction.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Ore = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=100_000_000,
        description="Öre per dygn, exklusive moms.",
        examples=[350_000],
    ),
]


class Form(BaseModel):
    """What a caller sends; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
