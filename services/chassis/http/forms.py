"""Field types that every API shares.

Guarantees that an amount is a whole, non-negative number of öre (no float, no text, no fraction),
that a date is written ÅÅÅÅ-MM-DD and can be counted with, and that no text carries control
characters, which neither a list on paper nor every database can hold.
"""

import re
from datetime import date
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

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

    @field_validator("*", mode="before")
    @classmethod
    def _written_right(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and _CONTROL.search(value):
            raise ValueError("Får inte innehålla styrtecken.")
        if value is not None and info.field_name in _date_fields(cls):
            _judge_date(value)
        return value


@cache
def _date_fields(form: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        name
        for name, field in form.model_fields.items()
        if date in (field.annotation, *get_args(field.annotation))
    )


def _judge_date(value: Any) -> None:
    """A number would be taken for seconds since 1970, and 9999-12-31 has no day after it."""
    if isinstance(value, date):
        written = value.isoformat()
    elif isinstance(value, str) and _DATE.fullmatch(value.strip()):
        written = value.strip()
    else:
        raise ValueError("Ska vara ett datum (ÅÅÅÅ-MM-DD).")
    if not FIRST_DAY.isoformat() <= written <= LAST_DAY.isoformat():
        raise ValueError(f"Ska vara ett datum från {FIRST_DAY} till {LAST_DAY}.")


def _judged(value: Any) -> Any:
    if value is not None:
        _judge_date(value)
    return value


QueryDate = Annotated[date | None, BeforeValidator(_judged)]
"""A date in a query, judged as one in a form is; it may be left out."""
