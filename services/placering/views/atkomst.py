"""The access log: who read which person's data, when and why (R-SEK-3).

Guarantees that the record is written in the transaction of the read, before the answer leaves, and
that the application can add to the log and never change it (the database's rights say so).
"""

from uuid import UUID

from services.chassis.context import Sammanhang
from services.chassis.rules import rule
from services.chassis.store.reader import Rows


@rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="compute")
async def anteckna(
    connection: Rows,
    sammanhang: Sammanhang,
    *,
    klient: UUID | None,
    vad: str,
    varfor: str | None,
) -> None:
    """Varje läsning av personuppgifter antecknas med vem, vad, när och varför."""
    await connection.execute(
        "INSERT INTO atkomstlogg (kommunkod, aktor, klient, vad, varfor, korrelation)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (
            sammanhang.kommunkod,
            sammanhang.aktor,
            klient,
            vad,
            varfor,
            sammanhang.korrelation,
        ),
    )
