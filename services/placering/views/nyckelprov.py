"""Is this database one that the process's keys belong to?

Guarantees that a process with another hash key than the one that the database was begun with never
answers: it would not find a single person again and register everybody anew. The first process
leaves the mark of its key; a mark tells a key from others and says nothing of it.
"""

import psycopg

from services.chassis.crypto import Keyring
from services.chassis.http.gate import Refuses

_FEL = (
    "Nyckeln för hashar är en annan än den som databasen är gjord med: ange den första"
    " huvudnyckeln som DYGN_HASH_KEY (docs/drift.md)."
)


async def prova_nycklar(conninfo: str, keyring: Keyring) -> None:
    """:class:`Refuses` where the database was begun with another hash key."""
    async with await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, connect_timeout=2
    ) as anslutning:
        await anslutning.execute(
            "INSERT INTO nyckelprov (hashmarke) VALUES (%s) ON CONFLICT DO NOTHING",
            (keyring.hash_mark,),
        )
        cursor = await anslutning.execute("SELECT hashmarke FROM nyckelprov")
        rad = await cursor.fetchone()
    if rad is None or bytes(rad[0]) != keyring.hash_mark:
        raise Refuses(_FEL)
