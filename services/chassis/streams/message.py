"""The message: what lies on the wire between two services, and how it is read back.

Guarantees that one recorded contract event always gives the same bytes (CloudEvents 1.0, binary
mode, headers in a fixed order), whether a broker or the embedded source carries it, and that
reading says exactly which of two faults it met: :class:`Unreadable` when the place of the message
in its stream cannot be known (its partition must stop, whatever follows could be out of order) and
:class:`Faulty` when only its content is bad (it is put in quarantine and its kommun waits). A place
or an instant that the message gives twice (in its own headers and in ``ce_id`` and ``ce_time``) and
differently is not known: a position too high would make the reader take all that follows for
repeats, an instant too early would change what has been reported as final.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec

MAX_INDEX = 999
"""The highest index of a message within one own event (so that offsets can be made of both)."""

MAX_EPOK = 8_000
"""The highest epok (a person raises it by one, once in a disaster)."""

_MARK = re.compile(r"(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,2})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_KOMMUNKOD = re.compile(r"[0-9]{4}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KEY = re.compile(rf"[0-9]{{4}}:{_UUID.pattern}")
_ID_PLACE = re.compile(r".*:([0-9]+:[0-9]+\.[0-9]+)", re.DOTALL)
_TOLD = 60
"""How much of a foreign text a reason repeats, in characters."""

# Only years that PostgreSQL and Python can step forth and back from in every time zone.
_TIME = re.compile(r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


class Place(NamedTuple):
    """Where in a stream of one epok: position of the own event, index of the message within it."""

    pos: int
    number: int

    def __str__(self) -> str:
        return f"{self.pos}.{self.number}"


START = Place(0, 0)
"""Before the first message: positions begin at 1."""

Last = dict[int, Place]
"""The place of the last message of each partition that has any."""


class Unreadable(Exception):
    """The message's place, key or kommun cannot be read: the partition stops. Text in Swedish."""


class Faulty(Exception):
    """The message's content cannot be used: it is put in quarantine. Text in Swedish."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as carried, byte for byte.

    ``offset`` is the broker's; the embedded source makes its own that rises within a partition.
    """

    topic: str
    partition: int
    offset: int | None
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A message whose place in the stream has been read; ``data`` is not yet decoded.

    ``registrerad`` is the instant of recording in UTC, ``fore`` the place of the message before
    this one in the same partition, ``typ`` empty when the message names none.
    """

    topic: str
    partition: int
    offset: int
    installation: UUID
    epok: int
    pos: int
    index: int
    registrerad: datetime
    kommunkod: str
    typ: str
    nyckel: str
    fore: Place
    data: bytes

    @property
    def place(self) -> Place:
        """Where in its stream the message stands."""
        return Place(self.pos, self.index)


def instant_text(instant: datetime) -> str:
    """The instant as RFC 3339 in UTC with six decimals: one spelling for one instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(text: str) -> datetime:
    """The instant of :func:`instant_text`; :class:`ValueError` for any other spelling."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"not an instant: {text!r}")
    return datetime.fromisoformat(text)


def key_text(kommunkod: str, nyckelvarde: UUID) -> str:
    """The key of a message: what happens to one thing in one kommun keeps its order."""
    return f"{kommunkod}:{nyckelvarde}"


def headers_of(
    *,
    service: str,
    installation: UUID,
    epok: int,
    place: Place,
    fore: Place,
    registrerad: datetime,
    kommunkod: str,
    typ: str,
) -> tuple[tuple[str, bytes], ...]:
    """The headers of a message in their fixed order."""
    at = instant_text(registrerad)
    pairs = (
        ("ce_specversion", "1.0"),
        ("ce_id", f"{service}:{epok}:{place}"),
        ("ce_type", typ),
        ("ce_source", f"/dygn/{service}"),
        ("ce_time", at),
        ("content-type", "application/json"),
        ("installation", str(installation)),
        ("epok", str(epok)),
        ("pos", str(place.pos)),
        ("index", str(place.number)),
        ("registrerad", at),
        ("kommunkod", kommunkod),
        ("fore", str(fore)),
    )
    return tuple((name, text.encode()) for name, text in pairs)


def parse(message: Message) -> Envelope:
    """Read where the message stands and whose it is; :class:`Unreadable` when that is not clear.

    Nearly every message is spelt as our publishers spell it and is read in one go; what is not is
    read again header by header, which finds the fault, or another spelling that is as good.
    """
    return _read_at_once(message) or _read_strictly(message)


_USUAL = re.compile(
    r"(?P<kommunkod>[0-9]{4}):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r" (?P=kommunkod) ([1-9][0-9]{0,17}) (0|[1-9][0-9]{0,2}) (0|[1-9][0-9]{0,2})"
    r" ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r" ((?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"
    r" (0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,2})"
)
"""Key, kommunkod, pos, index, epok (below 1 000), installation, registrerad and fore."""


def _read_at_once(message: Message) -> Envelope | None:
    """The envelope of a message that is as usual in every respect, ``None`` for any other."""
    once = dict(message.headers)
    if message.offset is None or len(once) != len(message.headers):
        return None
    try:
        line = b"%b %b %b %b %b %b %b %b" % (
            message.key, once["kommunkod"], once["pos"], once["index"], once["epok"],
            once["installation"], once["registrerad"], once["fore"],
        )  # fmt: skip
        found = _USUAL.fullmatch(line.decode("ascii"))
        ends = b":%b:%b.%b" % (once["epok"], once["pos"], once["index"])
        if found is None or not once["ce_id"].endswith(ends):
            return None
        if once["ce_time"] != once["registrerad"]:
            return None
        kommunkod, pos, number, epok, installation, at, fore, fore_number = found.groups()
        typ = once["ce_type"].decode("ascii")
        if "\x00" in typ:
            return None
        return Envelope(
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            installation=_installation(installation),
            epok=int(epok),
            pos=int(pos),
            index=int(number),
            registrerad=datetime.fromisoformat(at),
            kommunkod=kommunkod,
            typ=typ,
            nyckel=line[:41].decode("ascii"),
            fore=Place(int(fore), int(fore_number)),
            data=message.value,
        )
    except (KeyError, TypeError, ValueError):
        return None


@lru_cache(maxsize=64)
def _installation(text: str) -> UUID:
    """A consumer meets a handful of installations, message after message."""
    return UUID(text)


def _read_strictly(message: Message) -> Envelope:
    if message.offset is None:
        raise Unreadable("meddelandet saknar läge (offset)")
    read = _Headers(message.headers)
    kommunkod = read.matching("kommunkod", _KOMMUNKOD)
    nyckel = _utf8("nyckeln", message.key)
    _check_key(nyckel, kommunkod)
    place, epok = Place(read.number("pos"), read.number("index")), read.number("epok")
    if place.pos < 1 or place.number > MAX_INDEX or epok > MAX_EPOK:
        raise Unreadable(f"platsen {place} i epok {epok} finns inte i någon ström")
    _check_place(read.text_or_empty("ce_id"), f"{epok}:{place}")
    registrerad = read.instant("registrerad")
    _check_instant(read.text_or_empty("ce_time"), instant_text(registrerad))
    return Envelope(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        installation=read.uuid("installation"),
        epok=epok,
        pos=place.pos,
        index=place.number,
        registrerad=registrerad,
        kommunkod=kommunkod,
        typ=read.text_or_empty("ce_type"),
        nyckel=nyckel,
        fore=read.place("fore"),
        data=message.value,
    )


def check_content(message: Message, envelope: Envelope) -> None:
    """:class:`Faulty` when the CloudEvents part is missing or contradicts the rest."""
    once = dict(message.headers)
    if len(once) == len(message.headers) and envelope.typ:
        ends = b":%d:%d.%d" % (envelope.epok, envelope.pos, envelope.index)
        if once.get("ce_specversion") == b"1.0" and once.get("ce_id", b"").endswith(ends):
            return
    read = _Headers(message.headers)
    if read.text_or_empty("ce_specversion") != "1.0":
        raise Faulty("huvudet ce_specversion är inte 1.0")
    if not envelope.typ:
        raise Faulty("huvudet ce_type saknas")
    wanted = f":{envelope.epok}:{envelope.place}"
    if not read.text_or_empty("ce_id").endswith(wanted):
        raise Faulty(f"huvudet ce_id slutar inte med {wanted}")


def _check_place(ce_id: str, place: str) -> None:
    """A ``ce_id`` of another form is only bad content; one that names another place is worse."""
    found = _ID_PLACE.fullmatch(ce_id)
    if found is not None and found[1] != place:
        raise Unreadable(f"huvudet ce_id säger {found[1][:_TOLD]}, de andra huvudena {place}")


def _check_instant(ce_time: str, registrerad: str) -> None:
    """The same of ``ce_time``, which nothing else is read from."""
    if _TIME.fullmatch(ce_time) and ce_time != registrerad:
        raise Unreadable(f"huvudet ce_time säger {ce_time}, huvudet registrerad {registrerad}")


def _check_key(nyckel: str, kommunkod: str) -> None:
    """One key has one spelling: in another it would not wait behind itself."""
    kommun, _, _ = nyckel.partition(":")
    if kommun != kommunkod:
        raise Unreadable(f"nyckeln {nyckel[:_TOLD]!r} hör inte till kommun {kommunkod}")
    if not _KEY.fullmatch(nyckel):
        raise Unreadable(f"nyckeln {nyckel[:_TOLD]!r} är inte kommunkod:uuid")


def _utf8(what: str, raw: bytes | None) -> str:
    if raw is None:
        raise Unreadable(f"{what} saknas")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(f"{what} är inte UTF-8") from None


class _Headers:
    """Strict readers of single headers; a header twice is as unreadable as none."""

    def __init__(self, headers: tuple[tuple[str, bytes], ...]) -> None:
        self._once = dict(headers)
        self._all = headers

    def _count(self, name: str) -> int:
        if len(self._once) == len(self._all):
            return 1 if name in self._once else 0
        return sum(header == name for header, _ in self._all)

    def text(self, name: str) -> str:
        count = self._count(name)
        if count != 1:
            raise Unreadable(f"huvudet {name} finns {count} gånger, ska finnas en")
        return _utf8(f"huvudet {name}", self._once[name])

    def text_or_empty(self, name: str) -> str:
        if self._count(name) != 1 or not self._once[name]:
            return ""
        text = self._once[name].decode("utf-8", "replace")
        return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        text = self.text(name)
        if not pattern.fullmatch(text):
            raise Unreadable(f"huvudet {name} har fel form: {text[:_TOLD]!r}")
        return text

    def number(self, name: str) -> int:
        return int(self.matching(name, _NUMBER))

    def place(self, name: str) -> Place:
        pos, index = self.matching(name, _MARK).split(".")
        return Place(int(pos), int(index))

    def uuid(self, name: str) -> UUID:
        return UUID(self.matching(name, _UUID))

    def instant(self, name: str) -> datetime:
        text = self.text(name)
        try:
            return read_instant(text)
        except ValueError:
            raise Unreadable(f"huvudet {name} är ingen tidpunkt: {text[:_TOLD]!r}") from None
