"""The view of what falls due, folded from the service's own events as they are stored.

Guarantees that a person's rows are a pure function of the person's events, replaced as a set: what
was folded bit by bit is what a fold of everything would give. The place up to which events are in
stands beside the rows and moves in their transaction. Rows belong to a version of the view: code
of another version folds its own beside them, from the first event, and takes the old ones away
when it has come as far as the stream. The position of an event is given under the stream's row and
without holes, so none is passed over.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from services.chassis.aggregate import Aggregat
from services.chassis.calendar import day_of
from services.chassis.store.mapper import decode
from services.chassis.streams.health import Connect, Health
from services.placering.domain.atgard import Atgard
from services.placering.domain.beslut import Beslut
from services.placering.domain.bevakning import Bevakning, bevaka
from services.placering.domain.forlopp import Personhistoria
from services.placering.domain.handelser.atgard import AtgardGjord
from services.placering.domain.handelser.beslut import BeslutFattat
from services.placering.domain.handelser.klient import KlientRegistrerad
from services.placering.domain.handelser.placering import PlaceringInledd
from services.placering.domain.klient import Klient
from services.placering.domain.placering import Placering

VYVERSION = 2
"""Rises when the same events would be folded to other rows: clocks were added or changed."""

_BORJAN = (BeslutFattat, PlaceringInledd, AtgardGjord)
"""The first events of what belongs to a person."""
_BORJANS_TOPIC = frozenset(en.TOPIC for en in _BORJAN)


@dataclass(frozen=True, slots=True)
class _Rad:
    """An event as it is stored."""

    pos: int
    id: UUID
    topic: str
    kommunkod: str
    version: int
    state: bytes


class Bevakningsvikning:
    """A part of the stream process: folds what the commands have stored since the last time."""

    name = "bevakningar"

    def __init__(self, connect: Connect, *, chunk: int = 2000, poll_seconds: float = 0.5) -> None:
        self._connect = connect
        self._chunk = chunk
        self._poll_seconds = poll_seconds

    def run(self, stop: threading.Event, health: Health) -> None:
        """Fold until stopped; database faults are raised and the next run goes on."""
        with self._connect() as connection:
            while not stop.is_set():
                last = vik(connection, chunk=self._chunk)
                health.say("igang")
                if not last:
                    stop.wait(self._poll_seconds)


def vik_allt(connection: psycopg.Connection[Any]) -> None:
    """Fold until the view has come as far as the stream."""
    while vik(connection):
        pass


def vik(connection: psycopg.Connection[Any], *, chunk: int = 2000) -> int:
    """One transaction: the next events, and the persons they are about; how many were read.

    Two processes never fold at once: the second waits for the first and goes on behind it. Where
    a newer version has come as far as the stream, an older one folds no more.
    """
    if connection.execute(_INGET_NYTT, {"vyversion": VYVERSION}).fetchone():
        return 0
    with connection.transaction():
        pos = _lage(connection)
        rader = _lasta(connection, pos, chunk)
        for kommunkod, klienter in _berorda(connection, rader).items():
            _vik_klienter(connection, kommunkod, sorted(klienter))
        connection.execute(
            "UPDATE bevakningslage SET pos = %s, ikapp = ikapp OR %s WHERE vyversion = %s",
            (rader[-1].pos if rader else pos, len(rader) < chunk, VYVERSION),
        )
        if len(rader) < chunk:
            _ta_bort_aldre(connection)
    return len(rader)


_INGET_NYTT = """
SELECT 1 FROM bevakningslage WHERE ikapp AND (vyversion > %(vyversion)s
    OR (vyversion = %(vyversion)s AND pos >= (SELECT pos FROM strom)))
"""


def _lage(connection: psycopg.Connection[Any]) -> int:
    """How far this version has come; its row is held until the transaction ends."""
    connection.execute(
        "INSERT INTO bevakningslage (vyversion, pos, ikapp) VALUES (%s, 0, false)"
        " ON CONFLICT DO NOTHING",
        (VYVERSION,),
    )
    row = connection.execute(
        "SELECT pos FROM bevakningslage WHERE vyversion = %s FOR UPDATE", (VYVERSION,)
    ).fetchone()
    assert row is not None
    return int(row[0])


def _lasta(connection: psycopg.Connection[Any], efter: int, chunk: int) -> list[_Rad]:
    return [
        _Rad(pos, id, topic, kommunkod, version, bytes(state))
        for pos, id, topic, kommunkod, version, state in connection.execute(
            "SELECT pos, originator_id, topic, kommunkod, originator_version, state FROM handelse"
            " WHERE pos > %s ORDER BY pos LIMIT %s",
            (efter, chunk),
        )
    ]


def _berorda(connection: psycopg.Connection[Any], rader: Sequence[_Rad]) -> dict[str, set[UUID]]:
    """The persons by kommun that the events are about; whose each new thing is, is remembered."""
    _minns(connection, [rad for rad in rader if rad.topic in _BORJANS_TOPIC])
    berorda: dict[str, set[UUID]] = defaultdict(set)
    for rad in rader:
        if rad.topic == KlientRegistrerad.TOPIC:
            berorda[rad.kommunkod].add(rad.id)
    saker = list({rad.id for rad in rader})
    for kommunkod, klient in connection.execute(
        "SELECT DISTINCT kommunkod, klient FROM bevakningssak"
        " WHERE vyversion = %s AND (sak = ANY (%s) OR klient = ANY (%s))",
        (VYVERSION, saker, saker),
    ):
        berorda[kommunkod].add(klient)
    return berorda


def _minns(connection: psycopg.Connection[Any], forsta: Sequence[_Rad]) -> None:
    if not forsta:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bevakningssak (vyversion, kommunkod, sak, klient) VALUES (%s, %s, %s, %s)",
            [
                (
                    VYVERSION,
                    rad.kommunkod,
                    rad.id,
                    decode(rad.topic, rad.id, rad.version, rad.state).klient,  # type: ignore[attr-defined]
                )
                for rad in forsta
            ],
        )


def _vik_klienter(
    connection: psycopg.Connection[Any], kommunkod: str, klienter: Sequence[UUID]
) -> None:
    """Replace the rows of these persons."""
    for tabell in ("bevakning", "bevakningsvistelse"):
        connection.execute(
            f"DELETE FROM {tabell} WHERE vyversion = %s AND kommunkod = %s AND klient = ANY (%s)",
            (VYVERSION, kommunkod, list(klienter)),
        )
    bevakningar: list[tuple[Any, ...]] = []
    vistelser: list[tuple[Any, ...]] = []
    for historia, senast in _historier(connection, kommunkod, klienter):
        rader = bevaka(historia, day_of(senast))
        bevakningar += [(VYVERSION, kommunkod, *varde) for varde in _varden(historia, rader)]
        vistelser += [(VYVERSION, kommunkod, *varde) for varde in _vistelser(historia)]
    with connection.cursor() as cursor:
        for sats, varden in ((_SATT_IN, bevakningar), (_SATT_IN_VISTELSE, vistelser)):
            if varden:
                cursor.executemany(sats, varden)


_SATT_IN = (
    "INSERT INTO bevakning (vyversion, kommunkod, klient, kod, rad_fran, om, raknas_fran,"
    " forfaller, alder, under, upphor, beslut, placering, hem, enhet, leverantor, handlaggare,"
    f" arbetsenhet, skyddad) VALUES ({', '.join(['%s'] * 19)})"
)


_SATT_IN_VISTELSE = (
    "INSERT INTO bevakningsvistelse (vyversion, kommunkod, klient, placering, form, regi, natverk,"
    " hem, enhet, leverantor, avtal, fran, till, kon, fodelsemanad, arbetsenhet, skyddad)"
    f" VALUES ({', '.join(['%s'] * 17)})"
)


def _historier(
    connection: psycopg.Connection[Any], kommunkod: str, klienter: Sequence[UUID]
) -> Iterable[tuple[Personhistoria, datetime]]:
    """Each person with all that is the person's, and when the newest of it was recorded."""
    saker: dict[UUID, Aggregat] = {}
    senast: dict[UUID, datetime] = {}
    agare: dict[UUID, UUID] = {}
    for klient, topic, id, version, state, registrerad in connection.execute(
        "SELECT s.klient, h.topic, h.originator_id, h.originator_version, h.state, h.registrerad"
        " FROM (SELECT sak, klient FROM bevakningssak"
        "  WHERE vyversion = %(vyversion)s AND kommunkod = %(kommunkod)s"
        "  AND klient = ANY (%(klienter)s)"
        "  UNION ALL SELECT klient, klient FROM unnest(%(klienter)s::uuid[]) AS k (klient)) AS s"
        " JOIN handelse AS h ON h.originator_id = s.sak AND h.kommunkod = %(kommunkod)s"
        " ORDER BY h.originator_id, h.originator_version",
        {"vyversion": VYVERSION, "kommunkod": kommunkod, "klienter": list(klienter)},
    ):
        handelse = decode(topic, id, version, bytes(state))
        saker[id] = handelse.mutate(saker.get(id))  # type: ignore[assignment]
        senast[klient] = max(registrerad, senast.get(klient, registrerad))
        agare[id] = klient
    delar: dict[UUID, list[Aggregat]] = defaultdict(list)
    for id, sak in saker.items():
        delar[agare[id]].append(sak)
    for klient, dens in delar.items():
        person = saker.get(klient)
        if isinstance(person, Klient):
            yield _historia(person, dens), senast[klient]


def _historia(klient: Klient, saker: Sequence[Aggregat]) -> Personhistoria:
    return Personhistoria(
        klient,
        [sak for sak in saker if isinstance(sak, Beslut)],
        [sak for sak in saker if isinstance(sak, Placering)],
        [sak for sak in saker if isinstance(sak, Atgard)],
    )


def _varden(historia: Personhistoria, rader: Iterable[Bevakning]) -> Iterable[tuple[Any, ...]]:
    klient = historia.klient
    placeringar = {en.id: en for en in historia.placeringar}
    for rad in rader:
        placering = None if rad.placering is None else placeringar[rad.placering]
        yield (
            klient.id,
            rad.kod,
            rad.rad_fran,
            rad.om,
            rad.raknas_fran,
            rad.forfaller,
            rad.alder,
            rad.under,
            rad.upphor,
            rad.beslut,
            rad.placering,
            None if placering is None else placering.hem,
            None if placering is None else placering.enhet,
            None if placering is None else placering.leverantor,
            historia.handlaggare,
            klient.arbetsenhet,
            klient.skyddad,
        )


def _vistelser(historia: Personhistoria) -> Iterable[tuple[Any, ...]]:
    klient = historia.klient
    for en in historia.vistelser:
        yield (
            klient.id,
            en.id,
            en.form.value,
            en.regi.value,
            en.natverk,
            en.hem,
            en.enhet,
            en.leverantor,
            en.avtal,
            en.fran,
            en.till,
            klient.kon.value,
            klient.fodelsemanad,
            klient.arbetsenhet,
            klient.skyddad,
        )


def _ta_bort_aldre(connection: psycopg.Connection[Any]) -> None:
    """The rows of older versions; a process of one that still runs would make them anew."""
    for tabell in ("bevakning", "bevakningsvistelse", "bevakningssak", "bevakningslage"):
        connection.execute(f"DELETE FROM {tabell} WHERE vyversion < %s", (VYVERSION,))
