"""What the event tables hold, by the frozen mapping: which messages must be everywhere, once."""

import re

import psycopg

from dygn.inbyggd.databaser import Databas
from services.chassis.streams.event_log import Publisher, read_saves
from services.chassis.streams.mapping import event_topic
from tests.system.utgivare import UTGIVARE

Plats = tuple[str, int, int]
"""Topic, position, index."""
_HANDELSEID = re.compile(r"(?P<strom>[a-z]+):(?P<epok>\d+):(?P<pos>\d+)\.(?P<index>\d+)")


def meddelanden(databaser: dict[str, Databas]) -> list[Plats]:
    """Every message that the stored events of all publishers give, in order."""
    return [
        plats
        for namn, utgivare in sorted(UTGIVARE.items())
        for plats in _meddelanden(databaser[namn], utgivare)
    ]


def _meddelanden(databas: Databas, utgivare: Publisher) -> list[Plats]:
    with psycopg.connect(databas.strom.conninfo(), autocommit=True) as anslutning:
        return [
            (event_topic(utgivare.service), rad.pos, index)
            for rad in read_saves(anslutning, 0, 10**9)
            for index, _ in enumerate(utgivare.mapping(utgivare.decode(rad)))
        ]


def plats(handelseid: str) -> Plats:
    """The place that an event id such as ``placering:1:17.0`` names."""
    funnen = _HANDELSEID.fullmatch(handelseid)
    assert funnen is not None, handelseid
    assert funnen["epok"] == "1", handelseid
    return event_topic(funnen["strom"]), int(funnen["pos"]), int(funnen["index"])
