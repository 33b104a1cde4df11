"""What the fuzz does to messages, and an oracle that says what must become of what it made.

The oracle shares no code with the inbox: it reads bytes with regular expressions of its own and
the standard library's JSON. Where a damage was made by hand, the catalogue says beside it what is
expected, and the test holds the oracle to that.
"""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from services.chassis.streams.message import Message
from tests.chassis.streams.provkontrakt import NyttSlag, PrisSatt, SakHand

Dom = Literal["fakta", "karantan", "okand_typ", "stopp"]
STORT = 5_000_000
"""Bytes of the largest values."""

Skada = Callable[[Message, random.Random], Message]


@dataclass(frozen=True)
class Skadat:
    """A damage and what is expected of it; ``None``: only the bytes can say."""

    namn: str
    gor: Skada
    vantat: Dom | None


# -- the oracle -----------------------------------------------------------------------------------

_UUID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TID = rb"(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
"""One that names no day is caught too: it is not what the other header says."""
_FORM = {
    "kommunkod": rb"\d{4}",
    "pos": rb"[1-9]\d{0,17}",
    "index": rb"0|[1-9]\d{0,2}",
    "epok": rb"1",
    "fore": rb"(?:0|[1-9]\d{0,17})\.(?:0|[1-9]\d{0,2})",
    "registrerad": _TID,
}
_KANDA = {SakHand.handelsetyp().encode(), PrisSatt.handelsetyp().encode()}


@dataclass(frozen=True)
class Last:
    """What the oracle reads of a message."""

    dom: Dom
    plats: tuple[int, int] = (0, 0)
    fore: tuple[int, int] = (0, 0)
    nyckel: str = ""
    kommunkod: str = ""


def las(message: Message, installation: str) -> Last:
    """What must become of it, were it the next of its partition and its key free."""
    antal = Counter(namn for namn, _ in message.headers)
    once = {namn: varde for namn, varde in message.headers if antal[namn] == 1}
    lasbart = (
        all(re.fullmatch(form, once.get(namn, b"")) for namn, form in _FORM.items())
        and once.get("installation", b"").decode("latin1") == installation
        and re.fullmatch(rb"(\d{4}):" + _UUID, message.key)
        and message.key[:4] == once["kommunkod"]
    )
    if not lasbart:
        return Last("stopp")
    plats = b"%s:%s.%s" % (once["epok"], once["pos"], once["index"])
    id = re.fullmatch(rb".*:(\d+:\d+\.\d+)", once.get("ce_id", b""), re.DOTALL)
    tid = once.get("ce_time", b"")
    if (id and id[1] != plats) or (re.fullmatch(_TID, tid) and tid != once["registrerad"]):
        return Last("stopp")
    fore_pos, fore_index = once["fore"].split(b".")
    return Last(
        _innehall(message.value, once, bool(id)),
        (int(once["pos"]), int(once["index"])),
        (int(fore_pos), int(fore_index)),
        message.key.decode(),
        once["kommunkod"].decode(),
    )


def _innehall(varde: bytes, once: dict[str, bytes], id: bool) -> Dom:
    typ = once.get("ce_type", b"")
    if once.get("ce_specversion") != b"1.0" or not typ or not id:
        return "karantan"
    if typ not in _KANDA:
        return "okand_typ"
    return "fakta" if _gar_att_spara(varde, typ) else "karantan"


def _gar_att_spara(varde: bytes, typ: bytes) -> bool:
    """Strict JSON of the right fields, and nothing in it that PostgreSQL's jsonb refuses."""
    try:
        par = json.loads(
            varde.decode("utf-8"),
            parse_constant=_vagra,
            parse_int=_helt,
            parse_float=_brutet,
            object_pairs_hook=list,
        )
    except (ValueError, RecursionError):
        return False
    falt = {"sak": _uuid, "avtal": _uuid, "antal": _tal, "text": _text}
    maste = {"sak", "avtal", "antal"}
    if typ == PrisSatt.handelsetyp().encode():
        falt, maste = {"avtal": _uuid, "pris": _tal}, {"avtal", "pris"}
    return (
        varde.lstrip()[:1] == b"{"
        and _text_ok(par)
        and maste <= {namn for namn, _ in par}
        and all(falt[namn](v) for namn, v in par if namn in falt)
    )


def _vagra(namn: str) -> None:
    raise ValueError(namn)


def _helt(text: str) -> int | str:
    if len(text) > 131_072:
        raise ValueError("jsonb takes no more digits")
    return int(text) if len(text) <= 4300 else "långt tal"


def _brutet(text: str) -> Decimal:
    tal = Decimal(text)
    if tal.adjusted() > 131_071:
        raise ValueError("jsonb takes no such exponent")
    return tal


def _text_ok(varde: Any) -> bool:
    if isinstance(varde, str):
        return not re.search("[\x00\ud800-\udfff]", varde)
    return not isinstance(varde, list | tuple) or all(map(_text_ok, varde))


def _uuid(varde: Any) -> bool:
    return isinstance(varde, str) and bool(
        re.fullmatch(_UUID.decode() + "|[0-9a-f]{32}", varde, re.IGNORECASE)
    )


def _tal(varde: Any) -> bool:
    return isinstance(varde, int) and not isinstance(varde, bool)


def _text(varde: Any) -> bool:
    return isinstance(varde, str)


# -- the damages ----------------------------------------------------------------------------------


def _huvud(namn: str, varde: bytes) -> Skada:
    return lambda m, _: replace(
        m, headers=tuple((n, varde if n == namn else v) for n, v in m.headers)
    )


def _utan(namn: str) -> Skada:
    return lambda m, _: replace(m, headers=tuple(h for h in m.headers if h[0] != namn))


def _dubbelt(namn: str) -> Skada:
    return lambda m, _: replace(m, headers=(*m.headers, (namn, dict(m.headers)[namn])))


def _mer(namn: str, varde: bytes) -> Skada:
    return lambda m, _: replace(m, headers=((namn, varde), *m.headers))


def _varde(varde: bytes) -> Skada:
    return lambda m, _: replace(m, value=varde)


def _falt(text: bytes) -> Skada:
    """One more field, which the contract does not know."""
    return lambda m, _: replace(m, value=m.value[:-1] + b"," + text + b"}")


def _tal_i(text: bytes) -> Skada:
    def gor(m: Message, _: random.Random) -> Message:
        return replace(m, value=re.sub(rb'("antal"|"pris"):\d+', rb"\1:" + text, m.value))

    return gor


def _nyckel(gor: Callable[[bytes], bytes]) -> Skada:
    return lambda m, _: replace(m, key=gor(m.key))


def _byte(raw: bytes, slump: random.Random) -> bytes:
    """One byte changed, taken away or put in."""
    var = slump.randrange(len(raw)) if raw else 0
    ny = bytes([slump.choice([slump.randrange(256), slump.choice(b'09afz.:-"{}\\')])])
    return raw[:var] + slump.choice([ny, b"", ny + raw[var : var + 1]]) + raw[var + 1 :]


def _byte_i_varde(m: Message, slump: random.Random) -> Message:
    return replace(m, value=_byte(m.value, slump))


def _byte_i_nyckel(m: Message, slump: random.Random) -> Message:
    return replace(m, key=_byte(m.key, slump))


def _byte_i_huvud(m: Message, slump: random.Random) -> Message:
    nr = slump.randrange(len(m.headers))
    huvuden = list(m.headers)
    huvuden[nr] = (huvuden[nr][0], _byte(huvuden[nr][1], slump))
    return replace(m, headers=tuple(huvuden))


def _omkastat(m: Message, slump: random.Random) -> Message:
    return replace(m, headers=tuple(slump.sample(m.headers, len(m.headers))))


def _kapat(m: Message, slump: random.Random) -> Message:
    return replace(m, value=m.value[: slump.randrange(len(m.value))])


def _skrap(m: Message, slump: random.Random) -> Message:
    return replace(m, value=slump.randbytes(slump.randrange(1, 2000)))


PLATS = ("kommunkod", "pos", "index", "epok", "fore", "registrerad", "installation")
KUVERT = ("ce_specversion", "ce_type", "ce_id")
FRITT = ("ce_source", "ce_time", "content-type")

STANNAR = [
    *(Skadat(f"utan {namn}", _utan(namn), "stopp") for namn in PLATS),
    *(Skadat(f"dubbelt {namn}", _dubbelt(namn), "stopp") for namn in PLATS),
    *(Skadat(f"tomt {namn}", _huvud(namn, b""), "stopp") for namn in PLATS),
    *(Skadat(f"ej utf-8 {namn}", _huvud(namn, b"\xff\xfe1"), "stopp") for namn in PLATS),
    *(Skadat(f"stort {namn}", _huvud(namn, b"9" * 100_000), "stopp") for namn in PLATS),
    Skadat("annan pos", _huvud("pos", b"999999"), "stopp"),
    Skadat("annan epok", _huvud("epok", b"2"), "stopp"),
    Skadat("annan kommun", _huvud("kommunkod", b"9999"), "stopp"),
    Skadat("annan tid", _huvud("registrerad", b"2020-01-01T00:00:00.000000Z"), "stopp"),
    Skadat("annat id", _huvud("ce_id", b"sak:1:999999.0"), "stopp"),
    Skadat("tom nyckel", _nyckel(lambda _: b""), "stopp"),
    Skadat("nyckel utan id", _nyckel(lambda k: k[:5]), "stopp"),
    Skadat("nyckel i versaler", _nyckel(lambda k: k[:5] + k[5:].upper() + b" "), "stopp"),
    Skadat("nyckel med mer", _nyckel(lambda k: k + b"x" * 100_000), "stopp"),
    Skadat("byte i nyckel", _byte_i_nyckel, None),
    Skadat("byte i huvud", _byte_i_huvud, None),
]
"""What is, or may be, done to the place, the key or the kommun."""

OFARLIGT = [
    *(Skadat(f"utan {namn}", _utan(namn), "fakta") for namn in FRITT),
    *(Skadat(f"dubbelt {namn}", _dubbelt(namn), "fakta") for namn in FRITT),
    *(Skadat(f"ej utf-8 {namn}", _huvud(namn, b"\xff\xfe"), "fakta") for namn in FRITT),
    Skadat("okänt huvud", _mer("traceparent", b"\xff\x00\xfe"), "fakta"),
    Skadat("stort huvud", _mer("x" * 500, b"y" * 200_000), "fakta"),
    Skadat("huvud med noll i namnet", _mer("a\x00b", b""), "fakta"),
    Skadat("omkastade huvuden", _omkastat, "fakta"),
    Skadat("okänt fält", _falt(b'"x":{"y":[1,2.5,null,true]}'), "fakta"),
    Skadat("måttligt djup", _falt(b'"x":' + b"[" * 100 + b"]" * 100), "fakta"),
    Skadat("långt tal", _falt(b'"x":' + b"9" * 100_000), "fakta"),
    Skadat("blanktecken", lambda m, _: replace(m, value=b" \r\n" + m.value + b"\t"), "fakta"),
    Skadat("två gånger", lambda m, _: replace(m, value=m.value[:-1] + b"," + m.value[1:]), "fakta"),
    Skadat("enhetsskiljare", _falt(b'"x":"\\u001f"'), "fakta"),
]
STORA = [
    Skadat("stor text", _falt(b'"x":"' + b"a" * STORT + b'"'), "fakta"),
    Skadat("stor lista", _falt(b'"x":[' + b"0," * (STORT // 20) + b"0]"), "fakta"),
    Skadat("stort skräp", _varde(b"[" * STORT), "karantan"),
    Skadat("stora nollor", _varde(b"\x00" * STORT), "karantan"),
    Skadat("packad bomb", _varde(gzip.compress(b"\x00" * 20 * STORT, 1)), "karantan"),
]
DALIGT = [
    *(Skadat(f"utan {namn}", _utan(namn), "karantan") for namn in KUVERT),
    *(Skadat(f"dubbelt {namn}", _dubbelt(namn), "karantan") for namn in KUVERT),
    *(Skadat(f"tomt {namn}", _huvud(namn, b""), "karantan") for namn in KUVERT),
    Skadat("senare kuvert", _huvud("ce_specversion", b"2.0"), "karantan"),
    Skadat("id utan plats", _huvud("ce_id", b"\xff" * 50), "karantan"),
    Skadat("tomt", _varde(b""), "karantan"),
    Skadat("null", _varde(b"null"), "karantan"),
    Skadat("lista", _varde(b"[]"), "karantan"),
    Skadat("inga fält", _varde(b"{}"), "karantan"),
    Skadat("utf-16", lambda m, _: replace(m, value=m.value.decode().encode("utf-16")), "karantan"),
    Skadat("byteordning", lambda m, _: replace(m, value=b"\xef\xbb\xbf" + m.value), "karantan"),
    Skadat("packat", lambda m, _: replace(m, value=gzip.compress(m.value)), "karantan"),
    Skadat("noll", _falt(b'"x":"\\u0000"'), "karantan"),
    Skadat("noll i namn", _falt(b'"\\u0000":1'), "karantan"),
    Skadat("halvt tecken", _falt(b'"x":"\\ud800"'), "karantan"),
    Skadat("halvt tecken i byte", _falt(b'"x":"\xed\xa0\x80"'), "karantan"),
    Skadat("ej utf-8", _falt(b'"x":"\xff"'), "karantan"),
    Skadat("ej utf-8 i namn", _falt(b'"\xff":1'), "karantan"),
    Skadat("NaN", _falt(b'"x":NaN'), "karantan"),
    Skadat("oändligt", _tal_i(b"Infinity"), "karantan"),
    Skadat("bråk", _tal_i(b"1.5"), "karantan"),
    Skadat("text för tal", _tal_i(b'"1"'), "karantan"),
    Skadat("för långt tal", _tal_i(b"9" * 5000), "karantan"),
    Skadat("för långt okänt tal", _falt(b'"x":' + b"9" * 140_000), "karantan"),
    Skadat("för stor exponent", _falt(b'"x":1e999999'), "karantan"),
    Skadat("djupt", _falt(b'"x":' + b"[" * 50_000 + b"]" * 50_000), "karantan"),
    Skadat("djupa objekt", _falt(b'"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000), "karantan"),
    Skadat("byte i värde", _byte_i_varde, None),
    Skadat("fler byte i värde", _byte_i_varde, None),
    Skadat("kapat", _kapat, "karantan"),
    Skadat("skräp", _skrap, None),
]
OKANT = [
    Skadat("senare version", _huvud("ce_type", b"se.prov.SakHand.v2"), "okand_typ"),
    Skadat("nytt slag", _huvud("ce_type", NyttSlag.handelsetyp().encode()), "okand_typ"),
    Skadat("stor typ", _huvud("ce_type", b"se." + b"x" * 100_000), "okand_typ"),
    Skadat("typ ej utf-8", _huvud("ce_type", b"se.\xff\x00"), "okand_typ"),
]
