"""Names and kinds of suppliers by organisationsnummer, as known at an instant (R-LEV-3)."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.store.reader import Rows
from services.uppfoljning.views.period import KAND


@dataclass(frozen=True, slots=True)
class Uppgift:
    """A supplier's name and kind."""

    namn: str
    typ: str


async def leverantorsuppgifter(connection: Rows, kand: datetime | None) -> dict[str, Uppgift]:
    """The suppliers that were known, by organisationsnummer."""
    cursor = await connection.execute(
        "SELECT r.organisationsnummer, r.namn, r.typ FROM leverantorsuppgift AS r"
        f" WHERE r.kommunkod = current_setting('dygn.kommunkod') AND {KAND}"
        " ORDER BY r.organisationsnummer, r.kand_fran",
        {"kand": kand},
    )
    return {
        row["organisationsnummer"]: Uppgift(row["namn"], row["typ"])
        for row in await cursor.fetchall()
    }


async def namn_pa_leverantorer(connection: Rows, kand: datetime | None) -> dict[str, str]:
    """The suppliers' names, by organisationsnummer."""
    found = await leverantorsuppgifter(connection, kand)
    return {nummer: uppgift.namn for nummer, uppgift in found.items()}
