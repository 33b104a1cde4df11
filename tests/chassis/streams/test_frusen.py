"""A process that is stopped in the middle of its transaction holds nobody else up for long."""

from typing import Any

import psycopg
import pytest

from services.chassis.streams import parts
from services.chassis.streams.health import transient
from services.chassis.streams.parts import connector
from tests.chassis.streams.provdatabas import Lager


def test_en_transaktion_som_star_stilla_slapper_sina_las_och_den_som_vaknar_borjar_om(
    lager: Lager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "FROZEN_SECONDS", 1)
    connect = connector(lager.databas.strom.conninfo())
    with connect() as fryst, connect() as annan:
        annan.execute("SET lock_timeout = '20s'")
        fel = _vackt(fryst, annan)
    # The part begins again, and does not take it for a fault of the data.
    assert transient(fel)


def _vackt(fryst: psycopg.Connection[Any], annan: psycopg.Connection[Any]) -> psycopg.Error:
    """What the first is told that stands still while the other gets what it holds."""
    try:
        with fryst.transaction():
            fryst.execute("SELECT FROM strom FOR UPDATE")
            annan.execute("SELECT FROM strom FOR UPDATE")
            fryst.execute("SELECT 1")
    except psycopg.Error as fel:
        return fel
    raise AssertionError("den som stod stilla miste inte sina lås")
