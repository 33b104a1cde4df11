"""The control record: how far a stream has come, said by the stream itself.

Guarantees that position, hole check, lag and watermark are one record that is published together
with the messages it speaks of: whoever reads it knows that everything up to ``pos`` lies before
it, and that every later event of the stream is recorded after ``registrerad``.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from services.chassis.streams.message import Last, Place, instant_text, read_instant

CONTROL_KEY = b"styr"
"""The one key of a control topic, so that compaction keeps the newest record."""


class BadControl(Exception):
    """Bytes that are no control record."""


@dataclass(frozen=True, slots=True)
class Control:
    """A stream as published so far.

    ``pos`` is the last own event (0 = none), ``registrerad`` an instant in UTC that every later
    event is recorded after, ``kedja`` the running hash at ``pos``, ``sista`` the place of the last
    message of each partition that has one.
    """

    installation: UUID
    epok: int
    pos: int
    registrerad: datetime
    kedja: bytes
    sista: Last

    def __post_init__(self) -> None:
        if self.epok < 0 or self.pos < 0:
            raise BadControl("epok or pos below zero")
        if any(place.pos > self.pos for place in self.sista.values()):
            raise BadControl("a partition stands beyond the position")


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    installation: UUID
    epok: int
    pos: int
    registrerad: str
    kedja: str
    sista: dict[int, tuple[int, int]]


_decoder = msgspec.json.Decoder(_Wire)


def encode_control(control: Control) -> bytes:
    """The record as canonical JSON: partitions in order, the hash in hex."""
    sista = {number: tuple(place) for number, place in sorted(control.sista.items())}
    return msgspec.json.encode(
        {
            "installation": str(control.installation),
            "epok": control.epok,
            "pos": control.pos,
            "registrerad": instant_text(control.registrerad),
            "kedja": control.kedja.hex(),
            "sista": sista,
        }
    )


def decode_control(raw: bytes) -> Control:
    """The record of the bytes; :class:`BadControl` for anything else."""
    try:
        wire = _decoder.decode(raw)
        return Control(
            installation=wire.installation,
            epok=wire.epok,
            pos=wire.pos,
            registrerad=read_instant(wire.registrerad),
            kedja=bytes.fromhex(wire.kedja),
            sista={number: Place(*place) for number, place in wire.sista.items()},
        )
    except (msgspec.DecodeError, ValueError) as fault:
        raise BadControl(str(fault)) from fault
