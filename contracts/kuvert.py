"""What goes around an event on the wire: the headers of a message, and the control record.

Guarantees that a reader in any language can tell a repeat from news and see a hole: each message
names itself (``epok``, ``pos``, ``index``) and the one before it in its partition (``fore``), and
the control record says how far the publisher has come. The classes are the description of the
wire, held by the same gate as the events; a service writes and reads the bytes in its own frame.

Units: instants are RFC 3339 in UTC with microseconds, counters are decimal text in headers and
integers in the control record.
"""

from typing import Annotated, Literal

import msgspec

Tal = Annotated[str, msgspec.Meta(pattern=r"^(0|[1-9][0-9]*)$")]
Lage = Annotated[str, msgspec.Meta(pattern=r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$")]
Uuidtext = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Marke = Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)]
Instant = Annotated[
    str,
    msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"),
]

NYCKELMONSTER = r"^[0-9]{4}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
"""The key of every message: the kommun's code, a colon, and the value of the event's key field."""


class Huvuden(msgspec.Struct, frozen=True, kw_only=True):
    """The headers of every event message: CloudEvents 1.0 in binary mode, and the protocol's own.

    Every value is text in UTF-8.
    """

    ce_specversion: Literal["1.0"]
    ce_id: Annotated[
        str, msgspec.Meta(pattern=r"^[a-z]+:[1-9][0-9]*:[1-9][0-9]*\.(0|[1-9][0-9]*)$")
    ]
    """``<service>:<epok>:<pos>.<index>``. The same id again is the same event again: skip it."""
    ce_type: str
    """``se.dygn.<service>.<Handelse>.v<version>``; which schema the data follow."""
    ce_source: Annotated[str, msgspec.Meta(pattern=r"^/dygn/[a-z]+$")]
    """``/dygn/<service>``; a reader of several installations tells them by ``installation``."""
    ce_time: Instant
    """The same instant as ``registrerad``."""
    content_type: Literal["application/json"] = msgspec.field(name="content-type")
    installation: Uuidtext
    """The installation that published it. Another one than yesterday is another database."""
    epok: Tal
    """Raised when the publisher's database was restored; a reader rebuilds its views from 0."""
    pos: Tal
    """Position of the recorded event in the service, gapless from 1."""
    index: Tal
    """Which of the messages of that recorded event this is, from 0."""
    registrerad: Instant
    """When the publishing service recorded the event; rises with ``pos``."""
    kommunkod: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$")]
    """The kommun whose event it is; also the first part of the key."""
    fore: Lage
    """``<pos>.<index>`` of the message before it in the same partition; the first names ``0.0``."""


class Styrpost(msgspec.Struct, frozen=True, kw_only=True):
    """How far the publisher has come; written in the same transaction as the messages it counts.

    When the marks of ``sista`` are reached, everything recorded at or before ``registrerad`` is in.
    """

    installation: Uuidtext
    epok: Annotated[int, msgspec.Meta(ge=1)]
    pos: Annotated[int, msgspec.Meta(ge=0)]
    """The last recorded event whose messages are all published; 0: none yet."""
    registrerad: Instant
    """Nothing that is recorded at or before this instant is still to come."""
    kedja: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    """The running hash (SHA-256, hex) of the publisher's event table at ``pos``."""
    sista: dict[Tal, Marke]
    """By partition number: the last ``[pos, index]`` of every partition that has a message."""
