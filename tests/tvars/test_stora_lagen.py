"""Reading goes on past positions that no longer fit in two bytes."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg

from services.chassis.streams.event_log import read_saves
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera


def test_lasningen_gar_vidare_forbi_lage_32767(databas: Databasfabrik) -> None:
    bas = databas("leverantor", migrera)
    forst, antal = 32_001, 2_000
    rader = [
        (pos, uuid4(), 1, "x", b"{}", "1490", datetime.now(UTC), b"k" if pos % 100 == 0 else None)
        for pos in range(forst, forst + antal)
    ]
    with psycopg.connect(bas.admin.conninfo(), autocommit=True) as anslutning:
        with anslutning.cursor() as markor:
            markor.executemany(
                "INSERT INTO handelse (pos, originator_id, originator_version, topic, state,"
                " kommunkod, registrerad, kedja) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                rader,
            )
        lasta = read_saves(anslutning, forst - 1, 1_000)
        assert [rad.pos for rad in lasta] == list(range(forst, forst + 1_000))[: len(lasta)]
        assert lasta[-1].pos >= forst + 998
        assert lasta[-1].kedja is not None
