"""What the technical frame puts on the wire is what the contract says is there."""

import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import jsonschema
import pytest

from contracts.exempelfiler import Exempel, exempel_for
from contracts.kuvert import NYCKELMONSTER
from contracts.placering import BeslutFattat
from contracts.schema import Schema, alla_scheman
from contracts.tjanster import TJANSTER
from services.chassis.streams.control import CONTROL_KEY, Control, encode_control
from services.chassis.streams.message import START, Message, Place, headers_of, key_text, parse

INSTALLATION = UUID("0f6f3c52-7d0b-4c2e-9a54-2c1f5b8f6a10")
TIDER = [
    datetime(2026, 2, 2, 7, 31, 0, 0, tzinfo=UTC),
    datetime(2026, 7, 2, 9, 31, 0, 7, tzinfo=timezone(timedelta(hours=2))),
]


def _folj(namn: str, data: object) -> None:
    schema: Schema = alla_scheman()[f"protokoll/{namn}.v1.json"]
    jsonschema.Draft202012Validator(schema).validate(data)


def _meddelande(exempel: Exempel, tid: datetime, fore: Place) -> Message:
    klass, handelse = exempel.klass, exempel.avkodad()
    huvuden = headers_of(
        service=klass.tjanst,
        installation=INSTALLATION,
        epok=1,
        place=Place(17, 2),
        fore=fore,
        registrerad=tid,
        kommunkod="1490",
        typ=klass.handelsetyp(),
    )
    nyckel = key_text("1490", handelse.nyckelvarde).encode()
    return Message(f"dygn.{klass.tjanst}.v1", 3, 0, nyckel, handelse.koda(), huvuden)


@pytest.mark.parametrize("tid", TIDER)
@pytest.mark.parametrize("fore", [START, Place(16, 999)])
def test_huvuden_och_nyckel_ar_de_som_kontraktet_lovar(tid: datetime, fore: Place) -> None:
    meddelande = _meddelande(exempel_for(BeslutFattat)[0], tid, fore)
    huvuden = {namn: varde.decode() for namn, varde in meddelande.headers}
    _folj("Huvuden", huvuden)
    utlovade = alla_scheman()["protokoll/Huvuden.v1.json"]["properties"]
    assert huvuden.keys() == utlovade.keys()
    jsonschema.validate(meddelande.key.decode(), {"pattern": NYCKELMONSTER})


def test_meddelandet_lases_tillbaka_till_samma_handelse() -> None:
    exempel = exempel_for(BeslutFattat)[0]
    kuvert = parse(_meddelande(exempel, TIDER[0], START))
    register = TJANSTER["placering"]
    assert register.avkoda(kuvert.typ, kuvert.data) == exempel.avkodad()
    assert kuvert.data == exempel.data


@pytest.mark.parametrize("sista", [{}, {0: Place(17, 2), 5: Place(3, 0)}])
def test_styrposten_ar_den_som_kontraktet_lovar(sista: dict[int, Place]) -> None:
    post = Control(INSTALLATION, 1, 17, TIDER[1], bytes(32), sista)
    _folj("Styrpost", json.loads(encode_control(post)))
    assert CONTROL_KEY == b"styr"
