"""The upper bound: COPY of the raw facts into a plain table, with nothing else done."""

from collections.abc import Iterable

import psycopg

from services.chassis.streams.message import parse
from services.chassis.streams.source import PartitionBatch


def kopiera(conninfo: str, buntar: Iterable[PartitionBatch]) -> None:
    """Each batch one COPY and one commit into a table with a primary key, as its owner."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            'CREATE TABLE ren (topic text, pos bigint, "index" int, epok int, kommunkod text,'
            " typ text, nyckel text, registrerad timestamptz, data text,"
            ' PRIMARY KEY (topic, pos, "index"))'
        )
        for bunt in buntar:
            lasta = [parse(message) for message in bunt.messages]
            with connection.cursor().copy("COPY ren FROM STDIN") as kopia:
                for e in lasta:
                    kopia.write_row(
                        (e.topic, e.pos, e.index, e.epok, e.kommunkod, e.typ, e.nyckel,
                         e.registrerad, e.data.decode())
                    )  # fmt: skip
            connection.commit()
