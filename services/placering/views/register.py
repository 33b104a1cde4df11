"""The copy of the suppliers' register, read for one command.

Guarantees that a command asks once for every supplier that it speaks of, however many rows it has.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from contracts.ord import Leverantorstyp
from services.placering.domain.register import (
    Avropsstopp,
    Avtalsuppgift,
    Enhetsuppgift,
    Leverantorsuppgift,
    Register,
)

Query = Callable[[str, dict[str, Any]], Sequence[dict[str, Any]]]


def las_register(query: Query, kommunkod: str, nummer: Iterable[str | None]) -> Register:
    """Everything about the suppliers with these organisationsnummer."""
    sokta = sorted({ett for ett in nummer if ett is not None})
    if not sokta:
        return Register()
    om = {"kommunkod": kommunkod, "nummer": sokta}
    var = " WHERE kommunkod = %(kommunkod)s AND organisationsnummer = ANY (%(nummer)s)"
    leverantorer = query(
        "SELECT leverantor, organisationsnummer, typ FROM register_leverantor" + var, om
    )
    return Register(
        _med_stopp(query, kommunkod, leverantorer),
        (
            Enhetsuppgift(rad["enhet"], rad["organisationsnummer"], rad["namn"])
            for rad in query(
                "SELECT enhet, organisationsnummer, namn FROM register_enhet" + var, om
            )
        ),
        (
            Avtalsuppgift(
                rad["avtal"], rad["organisationsnummer"], rad["enhet"], rad["fran"], rad["till"]
            )
            for rad in query(
                "SELECT avtal, organisationsnummer, enhet, fran, till FROM register_avtal" + var, om
            )
        ),
    )


def _med_stopp(
    query: Query, kommunkod: str, leverantorer: Sequence[dict[str, Any]]
) -> Iterable[Leverantorsuppgift]:
    stopp: dict[UUID, list[Avropsstopp]] = defaultdict(list)
    for rad in query(
        "SELECT leverantor, fran, till FROM register_avropsstopp"
        " WHERE kommunkod = %(kommunkod)s AND leverantor = ANY (%(leverantorer)s) ORDER BY fran",
        {"kommunkod": kommunkod, "leverantorer": [rad["leverantor"] for rad in leverantorer]},
    ):
        stopp[rad["leverantor"]].append(Avropsstopp(rad["fran"], rad["till"]))
    for rad in leverantorer:
        yield Leverantorsuppgift(
            rad["organisationsnummer"],
            Leverantorstyp(rad["typ"]),
            tuple(stopp[rad["leverantor"]]),
        )
