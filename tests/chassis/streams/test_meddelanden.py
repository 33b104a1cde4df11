"""The bytes of messages and control records, and what is read back of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.streams import message as message_module
from services.chassis.streams.control import BadControl, Control, decode_control, encode_control
from services.chassis.streams.mapping import (
    Recorded,
    Stream,
    encode_batch,
    offset_of,
    partition_of,
)
from services.chassis.streams.message import (
    START,
    Faulty,
    Message,
    Place,
    Unreadable,
    check_content,
    parse,
)
from tests.chassis.streams.provkontrakt import PrisSatt, SakHand, avbilda

INSTALLATION = UUID("11111111-2222-3333-4444-555555555555")
SAK = UUID("aaaaaaaa-0000-0000-0000-000000000001")
AVTAL = UUID("bbbbbbbb-0000-0000-0000-000000000002")
TID = datetime(2026, 11, 24, 8, 59, 0, 7, tzinfo=UTC)
STROM = Stream("sak", INSTALLATION, 3, 4)


def _spela_in(pos: int, *handelser: SakHand | PrisSatt) -> Recorded:
    return Recorded(pos, TID, "1490", [(h.handelsetyp(), h.koda()) for h in handelser])


def _ett_meddelande() -> Message:
    egen = _spela_in(7, SakHand(sak=SAK, avtal=AVTAL, antal=2))
    messages, _ = encode_batch(STROM, [egen], avbilda, {})
    return replace(messages[0], offset=12)


def test_ett_meddelande_har_alltid_samma_byte() -> None:
    message = _ett_meddelande()
    assert (message.topic, message.partition) == ("dygn.sak.v1", 0)
    assert message.key == b"1490:aaaaaaaa-0000-0000-0000-000000000001"
    assert message.value == (
        b'{"sak":"aaaaaaaa-0000-0000-0000-000000000001",'
        b'"avtal":"bbbbbbbb-0000-0000-0000-000000000002","antal":2,"text":""}'
    )
    assert message.headers == (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"sak:3:7.0"),
        ("ce_type", b"se.prov.SakHand.v1"),
        ("ce_source", b"/dygn/sak"),
        ("ce_time", b"2026-11-24T08:59:00.000007Z"),
        ("content-type", b"application/json"),
        ("installation", b"11111111-2222-3333-4444-555555555555"),
        ("epok", b"3"),
        ("pos", b"7"),
        ("index", b"0"),
        ("registrerad", b"2026-11-24T08:59:00.000007Z"),
        ("kommunkod", b"1490"),
        ("fore", b"0.0"),
    )


def test_en_nyckel_har_samma_partition_for_alltid() -> None:
    nycklar = [f"1490:{UUID(int=n)}".encode() for n in range(8)]
    assert [partition_of(nyckel, 6) for nyckel in nycklar] == PARTITIONER_AV_SEX


PARTITIONER_AV_SEX = [1, 3, 0, 3, 3, 5, 3, 0]


def test_kuvertet_ger_tillbaka_det_som_skrevs() -> None:
    envelope = parse(_ett_meddelande())
    assert (envelope.installation, envelope.epok) == (INSTALLATION, 3)
    assert (envelope.place, envelope.fore) == (Place(7, 0), START)
    assert (envelope.registrerad, envelope.kommunkod) == (TID, "1490")
    assert envelope.typ == "se.prov.SakHand.v1"
    assert envelope.offset == 12
    check_content(_ett_meddelande(), envelope)


def test_fore_ar_meddelandet_fore_i_samma_partition() -> None:
    sak = SakHand(sak=SAK, avtal=AVTAL, antal=1)
    pris = PrisSatt(avtal=AVTAL, pris=5)
    forsta, sista = encode_batch(
        STROM, [_spela_in(1, sak, pris), _spela_in(2), _spela_in(3, pris, sak)], avbilda, {}
    )
    sista_sak, sista_pris = partition_of(forsta[0].key, 4), partition_of(forsta[1].key, 4)
    assert sista_sak != sista_pris
    assert [dict(m.headers)["fore"] for m in forsta] == [b"0.0", b"0.0", b"1.1", b"1.0"]
    assert sista == {sista_sak: Place(3, 1), sista_pris: Place(3, 0)}
    andra, _ = encode_batch(STROM, [_spela_in(4, sak)], avbilda, sista)
    assert dict(andra[0].headers)["fore"] == b"3.1"
    assert sista == {sista_sak: Place(3, 1), sista_pris: Place(3, 0)}


def test_ett_inbaddat_lage_stiger_med_epok_och_plats() -> None:
    platser = [(1, Place(1, 0)), (1, Place(1, 999)), (1, Place(10**11, 0)), (2, Place(1, 0))]
    lagen = [offset_of(epok, place) for epok, place in platser]
    assert lagen == sorted(lagen)
    assert len(set(lagen)) == 4


def _utan(namn: str) -> Callable[[Message], Message]:
    return lambda m: replace(m, headers=tuple(h for h in m.headers if h[0] != namn))


def _med(namn: str, varde: bytes) -> Callable[[Message], Message]:
    return lambda m: replace(m, headers=tuple((n, varde if n == namn else v) for n, v in m.headers))


@pytest.mark.parametrize(
    ("andring", "text"),
    [
        (_utan("pos"), "huvudet pos finns 0"),
        (_utan("kommunkod"), "huvudet kommunkod finns 0"),
        (_utan("fore"), "huvudet fore finns 0"),
        (_med("pos", b"sju"), "huvudet pos har fel form"),
        (_med("pos", b"07"), "huvudet pos har fel form"),
        (_med("pos", b"0"), "platsen 0.0"),
        (_med("epok", b"99999"), "epok 99999"),
        (_med("fore", b"1"), "huvudet fore har fel form"),
        (_med("kommunkod", b"\xff\xfe"), "inte UTF-8"),
        (_med("kommunkod", b"1480"), "hör inte till kommun 1480"),
        (_med("installation", b"nej"), "huvudet installation har fel form"),
        (_med("installation", str(INSTALLATION).upper().encode() + b"}"), "har fel form"),
        (_med("registrerad", b"2026-11-24"), "ingen tidpunkt"),
        (_med("registrerad", b"2026-13-24T08:59:00.000007Z"), "ingen tidpunkt"),
        (_med("registrerad", b"0001-01-01T00:00:00.000000Z"), "ingen tidpunkt"),
        (_med("registrerad", b"9999-12-31T23:59:59.999999Z"), "ingen tidpunkt"),
        (_med("pos", b"8"), "ce_id säger 3:7.0, de andra huvudena 3:8.0"),
        (_med("registrerad", b"2026-11-24T08:59:00.000008Z"), "ce_time säger 2026-11-24T08:59"),
        (_med("ce_time", b"2025-11-24T08:59:00.000007Z"), "ce_time säger 2025-11-24T08:59"),
        (_med("index", b"1"), "ce_id säger 3:7.0"),
        (_med("epok", b"4"), "ce_id säger 3:7.0"),
        (_med("ce_id", b"sak:3:8.0"), "ce_id säger 3:8.0"),
        (lambda m: replace(m, key=b"1490"), "inte kommunkod:uuid"),
        (lambda m: replace(m, key=m.key.upper()), "inte kommunkod:uuid"),
        (lambda m: replace(m, key=b"1490:{" + m.key[5:] + b"}"), "inte kommunkod:uuid"),
        (lambda m: replace(m, key=b"\xff"), "inte UTF-8"),
        (lambda m: replace(m, offset=None), "saknar läge"),
        (lambda m: replace(m, headers=(*m.headers, ("pos", b"8"))), "huvudet pos finns 2"),
    ],
)
def test_utan_plats_nyckel_eller_kommun_ar_meddelandet_olasbart(
    andring: Callable[[Message], Message], text: str
) -> None:
    with pytest.raises(Unreadable, match=text):
        parse(andring(_ett_meddelande()))


@pytest.mark.parametrize(
    ("andring", "text"),
    [
        (_utan("ce_type"), "ce_type saknas"),
        (_med("ce_specversion", b"0.3"), "inte 1.0"),
        (_med("ce_id", b"sak"), "ce_id slutar inte"),
        (_utan("ce_id"), "ce_id slutar inte"),
    ],
)
def test_fel_i_innehallet_satter_bara_meddelandet_at_sidan(
    andring: Callable[[Message], Message], text: str
) -> None:
    message = andring(_ett_meddelande())
    with pytest.raises(Faulty, match=text):
        check_content(message, parse(message))


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_ett_meddelande_lases_lika_i_ett_svep_som_huvud_for_huvud(data: st.DataObject) -> None:
    """Whatever is done to it, reading at once gives the strict reading's answer or none at all."""
    hel = _ett_meddelande()
    huvuden = list(hel.headers)
    for _ in range(data.draw(st.integers(0, 2))):
        nr = data.draw(st.integers(0, len(huvuden) - 1))
        namn, varde = huvuden[nr]
        klipp, skarv = data.draw(st.integers(0, 40)), data.draw(st.binary(max_size=3))
        annat = varde[:klipp] + skarv + varde[klipp + 1 :]
        konstiga = [b"", b" ", b"0", b"007", b"1490", b"7.0", b"1 2", varde + b" ", annat]
        huvuden[nr] = (namn, data.draw(st.sampled_from(konstiga)))
    if data.draw(st.booleans()):
        huvuden.append(data.draw(st.sampled_from(hel.headers)))
    nyckel = data.draw(st.sampled_from([hel.key, hel.key.upper(), hel.key + b" ", b"1490:x", b""]))
    andrat = replace(hel, headers=tuple(huvuden), key=nyckel)
    i_ett_svep = message_module._read_at_once(andrat)
    if i_ett_svep is not None:
        assert i_ett_svep == message_module._read_strictly(andrat)


def test_det_vanliga_meddelandet_lases_i_ett_svep() -> None:
    """Else the test above would say nothing, and reading would be slow."""
    assert message_module._read_at_once(_ett_meddelande()) is not None


STYRPOST = Control(INSTALLATION, 3, 7, TID, b"\x01\xff", {10: Place(7, 0), 2: Place(5, 1)})


def test_styrposten_har_alltid_samma_byte_och_lases_tillbaka() -> None:
    raw = encode_control(STYRPOST)
    assert raw == (
        b'{"installation":"11111111-2222-3333-4444-555555555555","epok":3,"pos":7,'
        b'"registrerad":"2026-11-24T08:59:00.000007Z","kedja":"01ff","sista":{"2":[5,1],"10":[7,0]}}'
    )
    assert decode_control(raw) == STYRPOST


@pytest.mark.parametrize(
    "andring",
    [
        {"epok": -1},
        {"epok": "3"},
        {"pos": 6},
        {"registrerad": "2026-11-24"},
        {"kedja": "0g"},
        {"sista": {"2": [5]}},
        {"sista": {"x": [5, 1]}},
        {"mer": 1},
    ],
)
def test_en_styrpost_som_inte_ar_hel_vagras(andring: dict[str, object]) -> None:
    hel = json.loads(encode_control(STYRPOST))
    with pytest.raises(BadControl):
        decode_control(json.dumps(hel | andring).encode())


def test_en_tom_styrpost_vagras() -> None:
    with pytest.raises(BadControl):
        decode_control(b"")
