"""A person has a stream published anew."""

import random

import psycopg

from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.new_epok import new_epok
from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel


def ny_epok(bana: Bana, tjanst: str) -> int:
    """What ``dygn ny-epok`` does; the new epok."""
    with psycopg.connect(bana.databaser[tjanst].admin.conninfo(), autocommit=True) as anslutning:
        return new_epok(anslutning, tjanst, Kafka(bana.maklare.bootstrap))


def _ny_epok(bana: Bana, slump: random.Random) -> str:
    """While all works."""
    tjanst = slump.choice(["leverantor", "placering"])
    with bana.flode():
        epok = ny_epok(bana, tjanst)
        bana.nu_slog_det_till()
    return f"{tjanst} epok {epok}"


NYA_EPOKER = [Fel("epok.hojs_under_drift", "ny epok", _ny_epok)]
