"""Proves that the access log is as it was written (R-SEK-3): whole, in order, and unchanged.

Guarantees that a record which was changed, taken away, added by hand or has changed places with
another is named, by its kommun and number. The link is computed here anew, not by the database's
own function, which whoever changes records may change too.

Whoever may rewrite every later record and the head row as well leaves a chain that agrees with
itself. It then disagrees with a receipt of an earlier check (:class:`Kvitto`), which is kept
outside the database.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.chassis.kontroll.snapshot import Snapshot

_BORJAN = bytes(32)
_EPOK = datetime(1970, 1, 1, tzinfo=UTC)
_ANDRAD = "stämmer inte med kedjan: den är ändrad, eller har bytt plats med en annan"

_ANNAT_KVITTO = "är inte den som kvittot från en tidigare kontroll säger"


@dataclass(frozen=True, slots=True)
class Loggpost:
    """A record as it is stored; ``kedja`` is its link."""

    nr: int
    tid: datetime
    aktor: str
    klient: UUID | None
    vad: str
    varfor: str | None
    arbetsenhet: str | None
    nodlage: bool
    anmarkningar: list[str]
    urval: str | None
    korrelation: str
    kedja: bytes


@dataclass(frozen=True, slots=True)
class Kvitto:
    """How long a kommun's log was when it was last found whole, and its link there."""

    nr: int
    kedja: bytes


@dataclass(frozen=True, slots=True)
class Avvikelse:
    """Something that does not agree: where (kommun and record) and what, in Swedish."""

    var: str
    vad: str


@dataclass(slots=True)
class Utfall:
    """What a check saw: faults, records, and a receipt for each kommun."""

    avvikelser: list[Avvikelse] = field(default_factory=list)
    rader: int = 0
    kvitton: dict[str, Kvitto] = field(default_factory=dict)


def lank(forra: bytes, kommunkod: str, post: Loggpost) -> bytes:
    """The record's link: sha256 of the one before and of every column, each with its length."""
    delar = (
        kommunkod,
        str(post.nr),
        str((post.tid - _EPOK) // timedelta(microseconds=1)),
        post.aktor,
        None if post.klient is None else str(post.klient),
        post.vad,
        post.varfor,
        post.arbetsenhet,
        "true" if post.nodlage else "false",
        ",".join(post.anmarkningar),
        post.urval,
        post.korrelation,
    )
    summa = hashlib.sha256(forra)
    for del_ in delar:
        if del_ is None:
            summa.update(struct.pack(">i", -1))
        else:
            byte = del_.encode()
            summa.update(struct.pack(">i", len(byte)) + byte)
    return summa.digest()


def granska(frusen: Snapshot, tidigare: Mapping[str, Kvitto]) -> Utfall:
    """Check every kommun's log, and that it still is what the earlier receipts say."""
    utfall = Utfall()
    kommuner = {
        kommun
        for (kommun,) in frusen.rows(
            "SELECT kommunkod FROM atkomsthuvud UNION SELECT kommunkod FROM atkomstlogg"
        )
    }
    for kommun in sorted(kommuner | tidigare.keys()):
        poster = (
            Loggpost(*rad)
            for rad in frusen.rows(
                "SELECT nr, tid, aktor, klient, vad, varfor, arbetsenhet, nodlage, anmarkningar,"
                " urval, korrelation, kedja FROM atkomstlogg WHERE kommunkod = %s ORDER BY nr",
                (kommun,),
            )
        )
        huvud = next(
            (
                Kvitto(nr, bytes(kedja))
                for nr, kedja in frusen.rows(
                    "SELECT nr, kedja FROM atkomsthuvud WHERE kommunkod = %s", (kommun,)
                )
            ),
            None,
        )
        kedja = _Kedja(kommun, tidigare.get(kommun))
        utfall.avvikelser += [
            Avvikelse(f"kommun {kommun} {var}".strip(), vad)
            for var, vad in kedja.granska(poster, huvud)
        ]
        utfall.rader += kedja.antal
        if huvud is not None:
            utfall.kvitton[kommun] = huvud
    return utfall


class _Kedja:
    """One kommun's chain, read from its beginning."""

    def __init__(self, kommunkod: str, kvitto: Kvitto | None) -> None:
        self._kommunkod = kommunkod
        self._kvitto = kvitto
        self._nr = 0
        self._tid: datetime | None = None
        # After a fault both what is stored and what ought to be may go on: the fault is told once.
        self._lankar = [_BORJAN]
        self.antal = 0

    def granska(
        self, poster: Iterable[Loggpost], huvud: Kvitto | None
    ) -> Iterator[tuple[str, str]]:
        """Every fault: which record, and what about it."""
        kvitto_sett = self._kvitto is None or self._kvitto.nr == 0
        for post in poster:
            self.antal += 1
            yield from self._post(post)
            if self._kvitto is not None and post.nr == self._kvitto.nr:
                kvitto_sett = True
                if post.kedja != self._kvitto.kedja:
                    yield (
                        f"rad {post.nr}",
                        _ANNAT_KVITTO,
                    )
        if huvud is None:
            yield "", "saknar huvudrad i atkomsthuvud"
        else:
            yield from self._slut(huvud)
        if not kvitto_sett and self._kvitto is not None:
            yield f"rad {self._kvitto.nr}", "saknas, men fanns när kvittot skrevs"

    def _post(self, post: Loggpost) -> Iterator[tuple[str, str]]:
        lucka = post.nr != self._nr + 1
        if lucka and post.nr > self._nr:
            yield _namn(self._nr + 1, post.nr - 1), "saknas i åtkomstloggen"
        elif lucka:
            yield f"rad {post.nr}", "har ett nummer som ingen rad kan ha"
        if self._tid is not None and post.tid <= self._tid:
            yield f"rad {post.nr}", "är antecknad före raden före den"
        raknade = [lank(forra, self._kommunkod, post) for forra in self._lankar]
        if post.kedja in raknade:
            self._lankar = [post.kedja]
        else:
            if not lucka:
                yield f"rad {post.nr}", _ANDRAD
            self._lankar = [post.kedja, raknade[-1]]
        self._nr = post.nr
        self._tid = post.tid

    def _slut(self, huvud: Kvitto) -> Iterator[tuple[str, str]]:
        if huvud.nr > self._nr:
            yield _namn(self._nr + 1, huvud.nr), "saknas i slutet av åtkomstloggen"
        elif huvud.nr < self._nr:
            yield "huvudraden", f"säger {huvud.nr} rader, den sista raden är {self._nr}"
        elif huvud.kedja != self._lankar[0]:
            yield "huvudraden", "har en annan kedja än sista raden"


def _namn(forsta: int, sista: int) -> str:
    return f"rad {forsta}" if forsta == sista else f"rad {forsta}–{sista}"
