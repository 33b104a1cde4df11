"""What the harness would say of a topic in which something is wrong."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.chassis.streams.message import START, Message, Place, headers_of
from tests.feltalighet.amnen import Amnen

TOPIC = "dygn.placering.v1"


def meddelande(pos: int, fore: Place, *, partition: int = 1, nyckel: int = 1) -> Message:
    """As a relay makes it, at an offset that is its position."""
    huvuden = headers_of(
        service="placering",
        installation=UUID(int=7),
        epok=1,
        place=Place(pos, 0),
        fore=fore,
        registrerad=datetime(2024, 1, 1, tzinfo=UTC),
        kommunkod="1490",
        typ="se.dygn.placering.nagot.v1",
    )
    return Message(TOPIC, partition, pos, f"1490:{UUID(int=nyckel)}".encode(), b"{}", huvuden)


def last(*meddelanden: Message) -> Amnen:
    """A topic with these, read."""
    amnen = Amnen("127.0.0.1:1")
    for ett in meddelanden:
        amnen.ta(ett)
    return amnen


ETT, TVA = meddelande(1, START), meddelande(2, Place(1, 0))


def test_ett_helt_amne_har_inga_brott() -> None:
    amnen = last(ETT, TVA, meddelande(3, START, partition=2, nyckel=2))
    assert amnen.brott() == []
    assert amnen.omtag == 0
    assert amnen.platser({TOPIC: 1}) == [(TOPIC, 1, 0), (TOPIC, 2, 0), (TOPIC, 3, 0)]


def test_ett_omtag_raknas_for_sig_och_ar_bara_ett_om_det_ar_samma_byte() -> None:
    amnen = last(ETT, TVA, replace(ETT, offset=3), replace(TVA, offset=4))
    assert amnen.omtag == 2
    assert amnen.brott() == []
    assert amnen.platser({TOPIC: 1}) == [(TOPIC, 1, 0), (TOPIC, 2, 0)]
    for annat in (replace(ETT, value=b"{ }"), replace(ETT, partition=2)):
        [brott] = last(ETT, TVA, annat).brott()
        assert "sägs igen som något annat" in brott


def test_ett_hal_ar_ett_brott() -> None:
    [brott] = last(ETT, meddelande(3, Place(2, 0))).brott()
    assert "3.0 i epok 1 säger sig följa 2.0, före ligger 1.0" in brott


def test_en_nyckel_i_tva_partitioner_ar_ett_brott() -> None:
    [brott] = last(ETT, meddelande(2, START, partition=2)).brott()
    assert "ligger i partition 1 och 2" in brott
