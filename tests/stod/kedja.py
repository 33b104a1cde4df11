"""The running hash over the event table, recomputed apart from the store's own code."""

import hashlib
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dygn.inbyggd.databaser import Databas
from tests.stod.tjanst import sql

RADER = (
    "SELECT pos, originator_id, originator_version, topic, state, kommunkod, registrerad, kedja"
    " FROM handelse ORDER BY pos"
)


def kedjad(fore: bytes, rader: Sequence[tuple[Any, ...]]) -> bytes:
    """The chain as the protocol says it."""
    delar = [fore]
    for pos, id, version, topic, state, kommunkod, registrerad, _ in rader:
        mikro = (registrerad - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        delar.append(struct.pack(">qqq", pos, version, mikro))
        for del_ in (id.bytes, topic.encode(), bytes(state), kommunkod.encode()):
            delar.append(struct.pack(">q", len(del_)) + del_)
    return hashlib.sha256(b"".join(delar)).digest()


def prova_kedjan(databas: Databas) -> int:
    """Recompute the chain from the table; how many links it has."""
    kedja, lagring, lankar = bytes(32), [], 0
    for rad in sql(databas, RADER):
        lagring.append(rad)
        if rad[7] is not None:
            kedja = kedjad(kedja, lagring)
            assert bytes(rad[7]) == kedja
            lagring, lankar = [], lankar + 1
    assert lagring == [], "den sista lagringen har ingen kedja"
    assert bytes(sql(databas, "SELECT kedja FROM strom")[0][0]) == kedja
    return lankar
