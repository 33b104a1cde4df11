"""Brings the view of what falls due up to date, as the stream process does."""

import psycopg

from services.placering.views.bevakningsvikning import vik_allt
from tests.stod.tjanst import Klient


def vik(vard: Klient) -> None:
    """Fold all that has been stored."""
    with psycopg.connect(vard.databas.strom.conninfo(), autocommit=True) as anslutning:
        vik_allt(anslutning)
