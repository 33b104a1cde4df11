"""Rows in one parameter: each value comes out as it went in, and none in another's column."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.streams.binary_rows import (
    Rows,
    bigint,
    boolean,
    day,
    instant,
    integer,
    json,
    text,
    texts,
    uuid,
)
from tests.chassis.streams.provdatabas import Lager

ORD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
RAD = st.tuples(
    st.none() | ORD,
    st.lists(ORD),
    st.none() | st.dates(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.none() | st.uuids(),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.booleans(),
)


@pytest.fixture
def tabell(mottagare: Lager) -> Iterator[psycopg.Connection[Any]]:
    with mottagare.connect() as connection:
        connection.execute(
            "CREATE TEMPORARY TABLE prov (a text, b text[], c date, d timestamptz, e uuid,"
            " f bigint, g integer, h boolean, i jsonb)"
        )
        yield connection


def lasta(
    connection: psycopg.Connection[Any], bredd: int, rader: list[bytes]
) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT * FROM unnest(%b::prov[])", (Rows(connection, "prov", bredd, rader),)
    ).fetchall()


def test_varje_varde_kommer_fram_i_sin_kolumn(tabell: psycopg.Connection[Any]) -> None:
    @settings(deadline=None, max_examples=100)
    @given(st.lists(RAD))
    def prova(rader: list[tuple[Any, ...]]) -> None:
        fick = lasta(
            tabell,
            9,
            [
                b"".join(
                    (text(a), texts(b), day(c), instant(d), uuid(e), bigint(f), integer(g),
                     boolean(h), json(b'{"x": 1}'))
                )
                for a, b, c, d, e, f, g, h in rader
            ],
        )  # fmt: skip
        assert fick == [(*rad, {"x": 1}) for rad in rader]

    prova()


def test_ett_varde_av_fel_slag_vagras(tabell: psycopg.Connection[Any]) -> None:
    fel = text("2024-01-01") + b"".join(
        (texts([]), text("2024-01-01"), instant(None), uuid(None), bigint(1), integer(1),
         boolean(True), json(b"{}"))
    )  # fmt: skip
    with pytest.raises(psycopg.errors.DatatypeMismatch):
        lasta(tabell, 9, [fel])


def test_en_rad_med_for_fa_kolumner_vagras(tabell: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.DatatypeMismatch):
        lasta(tabell, 2, [text("a") + day(date(2024, 1, 1))])


def test_ett_dokument_som_inte_ar_json_vagras(tabell: psycopg.Connection[Any]) -> None:
    tom = (text(None), texts(["a"]), day(None), instant(None), uuid(UUID(int=1)), bigint(None))
    with pytest.raises(psycopg.DataError):
        lasta(tabell, 9, [b"".join((*tom, integer(None), boolean(False), json(b"{")))])
