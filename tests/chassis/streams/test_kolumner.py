"""Columns in one parameter: what goes in comes out in the same row, or nothing is sent."""

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.streams.columns import column, rows_of
from tests.chassis.streams.provdatabas import Lager

ORD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1f"), min_size=1)


def test_varje_rad_kommer_fram_hel(mottagare: Lager) -> None:
    with mottagare.connect() as connection:

        @settings(deadline=None, max_examples=50)
        @given(st.lists(st.tuples(ORD, ORD)))
        def prova(rader: list[tuple[str, str]]) -> None:
            fick = connection.execute(
                "SELECT a, b FROM " + rows_of("a", "b"),
                (column(a for a, _ in rader), column(b for _, b in rader)),
            ).fetchall()
            assert fick == rader

        prova()


def test_ett_varde_som_skulle_flytta_de_andra_vagras() -> None:
    with pytest.raises(psycopg.DataError, match="U\\+001F"):
        column(["a", "b\x1fc"])
