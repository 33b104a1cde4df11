"""Damage done by an administrator, whom no right binds, and taken back afterwards.

Only for an installation where nothing is written meanwhile: the table is put back as it was.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from dygn.inbyggd.databaser import Databas
from dygn.kommandon.kontrollera import som_json
from dygn.kontroll import finn, kontrollera
from tests.system.installation import Installation


def granskning(installation: Installation) -> dict[str, Any]:
    """What ``dygn kontrollera --format json`` says of the installation."""
    var = finn(installation.inbyggd.katalog.mapp)
    funnet = kontrollera(var, lambda _vad, _klara, _alla: None)
    svar: dict[str, Any] = json.loads(json.dumps(som_json(funnet, kafka=var.kafka is not None)))
    return svar


def avvikelser(svar: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    """What the deviations say, by check, service and where."""
    funna: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for ett in svar["avvikelser"]:
        funna[ett["kontroll"], ett["tjanst"], ett["var"]].append(ett["text"])
    return {var: " | ".join(texter) for var, texter in funna.items()}


def granskat(svar: dict[str, Any], kontroll: str, tjanst: str) -> dict[str, int]:
    """What a check looked at in a service."""
    [sett] = [
        ett for ett in svar["granskat"] if (ett["kontroll"], ett["tjanst"]) == (kontroll, tjanst)
    ]
    return {vad: tal for vad, tal in sett.items() if isinstance(tal, int)}


@contextmanager
def skadad(databas: Databas, tabell: str, *satser: str) -> Iterator[None]:
    """The table after the statements; as it was when the context ends."""
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as anslutning:
        anslutning.execute(f"CREATE TEMPORARY TABLE fore AS TABLE {tabell}".encode())
        with anslutning.transaction():
            for sats in satser:
                cursor = anslutning.execute(sats.encode())
                assert cursor.rowcount, f"träffade ingen rad: {sats}"
        try:
            yield
        finally:
            with anslutning.transaction():
                anslutning.execute(f"DELETE FROM {tabell}".encode())
                egna = ", ".join(_egna_kolumner(anslutning, tabell))
                anslutning.execute(
                    f"INSERT INTO {tabell} ({egna}) SELECT {egna} FROM fore".encode()
                )


def _egna_kolumner(anslutning: psycopg.Connection[Any], tabell: str) -> list[str]:
    """The columns that are stored as given: what is generated of others is made again."""
    rader = anslutning.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        (tabell,),
    )
    return [namn for (namn,) in rader]
