"""Thousands of damaged messages: each ends where it must, and what is not damaged goes on.

About 1 500 messages in an ordinary run, a third of them damaged; `DYGN_FUZZ=10000` gives the
number (as `DYGN_FUZZ=10000 python -m pytest tests/chassis/streams/test_fuzz.py`). The same seed
(`DYGN_TEST_FRO`) gives the same messages. They are damaged when they are read, one batch at a time:
what the run keeps in memory is the inbox's own doing, and is measured.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis.streams.control import Control
from services.chassis.streams.mapping import Recorded, Stream, encode_batch, event_topic
from services.chassis.streams.message import Message, Place
from services.chassis.streams.quarantine import release, throw_away
from services.chassis.streams.set_aside import Identity, encode_headers
from services.chassis.streams.settled import positions
from services.chassis.streams.source import PartitionBatch
from tests.chassis.streams.provfacit import Facit
from tests.chassis.streams.provkontrakt import PrisSatt, SakHand, avbilda
from tests.chassis.streams.provlasning import KONSUMENT, Lasning
from tests.chassis.streams.provskador import (
    DALIGT,
    OFARLIGT,
    OKANT,
    STANNAR,
    STORA,
    STORT,
    Skadat,
    las,
)

ANTAL = int(os.environ.get("DYGN_FUZZ", "1500"))
PARTITIONER = 6
SKADADE, OSKADD = ("1490", "1480"), "0180"
"""Kommuner whose messages are damaged in every way, and one whose content never is."""
BORJAN = datetime(2026, 1, 1, tzinfo=UTC)
VAXER_HOGST = 20 * STORT
"""Bytes that the process may grow by: a batch of some messages of the largest kind, copied on its
way to the database; about half of what a run of 10 000 carries in all."""


@dataclass(frozen=True)
class Rad:
    """A message as it was published, and what is done to it on its way."""

    hel: Message
    skada: Skadat | None
    fro: int

    def kommen(self) -> Message:
        """As it comes."""
        if self.skada is None:
            return self.hel
        return self.skada.gor(self.hel, random.Random(self.fro))


@dataclass
class Partition:
    """One partition's messages by offset, and the oracle of it."""

    nummer: int
    facit: Facit
    rader: dict[int, Rad] = field(default_factory=dict)
    lagade: set[int] = field(default_factory=set)
    domd: int = 0
    """The offset from which the oracle has not judged."""

    def meddelande(self, offset: int) -> Message:
        rad = self.rader[offset]
        message = rad.hel if offset in self.lagade else rad.kommen()
        return replace(message, offset=offset)

    def domer(self) -> int | None:
        """The oracle judges to the end; the offset that it stops at."""
        for offset in sorted(o for o in self.rader if o >= self.domd):
            if not self.facit.ta(offset, self.meddelande(offset)):
                self.domd = offset
                return offset
            self.domd = offset + 1
        return None


def _skada(kommunkod: str, slump: random.Random) -> Skadat | None:
    if slump.random() > 0.33:
        return None
    slag = [STANNAR, OFARLIGT] if kommunkod == OSKADD else [STANNAR, OFARLIGT, DALIGT, OKANT]
    vikter = [8, 30] if kommunkod == OSKADD else [8, 40, 45, 12]
    return slump.choice(slump.choices(slag, vikter)[0])


def _publicerat(stream: Stream, slump: random.Random) -> Iterator[Message]:
    """What a service would have published: things under avtal, in three kommuner."""
    saker = [UUID(int=slump.getrandbits(128)) for _ in range(max(20, ANTAL // 12))]
    avtal = [UUID(int=slump.getrandbits(128)) for _ in range(max(5, ANTAL // 100))]
    inspelat = []
    for pos in range(1, ANTAL + 1):
        handelser = [
            PrisSatt(avtal=slump.choice(avtal), pris=slump.randrange(1000))
            if slump.random() < 0.1
            else SakHand(
                sak=slump.choice(saker),
                avtal=slump.choice(avtal),
                antal=slump.randrange(100),
                text=slump.choice(["", "ord", "å\\u00e4\n"]),
            )
            for _ in range(slump.choice([1, 1, 1, 2]))
        ]
        kommun = slump.choice((*SKADADE, OSKADD))
        nar = BORJAN + timedelta(milliseconds=pos)
        inspelat.append(
            Recorded(pos, nar, kommun, [(h.handelsetyp(), h.koda()) for h in handelser])
        )
    messages, _ = encode_batch(stream, inspelat, avbilda, {})
    yield from messages[:ANTAL]


def _partitioner(stream: Stream, slump: random.Random) -> list[Partition]:
    """The messages where they lie, some of them twice, some offsets empty."""
    alla = [Partition(nr, Facit(str(stream.installation))) for nr in range(PARTITIONER)]
    lagen = [0] * PARTITIONER
    stora = set(slump.sample(range(100, ANTAL), max(15, ANTAL // 100)))
    for nr, message in enumerate(_publicerat(stream, slump)):
        egen = alla[message.partition]
        kommun = message.key[:4].decode()
        skada = _skada(kommun, slump) if len(egen.rader) > 2 else None
        if nr in stora and kommun != OSKADD:
            skada = slump.choice(STORA)
        if egen.rader and slump.random() < 0.02:
            forut = egen.rader[slump.choice(list(egen.rader))].hel
            egen.rader[lagen[egen.nummer]] = Rad(forut, None, 0)
            lagen[egen.nummer] += 1
        egen.rader[lagen[egen.nummer]] = Rad(message, skada, slump.getrandbits(32))
        lagen[egen.nummer] += slump.choice([1, 1, 1, 2])
    return alla


class Korning:
    """The fuzzed stream and the reader of it, step by step; what it says is held to the oracle."""

    def __init__(self, lasning: Lasning, slump: random.Random) -> None:
        self.lasning, self.slump = lasning, slump
        self.stream = Stream(lasning.tjanst, UUID(int=slump.getrandbits(128)), 1, PARTITIONER)
        self.partitioner = _partitioner(self.stream, slump)
        self.stopp: Counter[str] = Counter()
        self.minne = _minne()
        self.topp = 0

    # -- reading -----------------------------------------------------------------------------------

    def las(self, egen: Partition) -> bool:
        """Read the partition on until it stops or is at its end; whether it stopped."""
        start = self._lage(egen)
        offsets = sorted(o for o in egen.rader if o >= start)
        while offsets:
            storlek = self.slump.choice([1, 7, 60, 200])
            nu, offsets = offsets[:storlek], offsets[storlek:]
            batch = PartitionBatch(
                self.lasning.topic,
                "ett ämne",
                egen.nummer,
                start,
                nu[-1] + 1,
                [egen.meddelande(offset) for offset in nu],
            )
            start = nu[-1] + 1
            [utfall] = self.lasning.ta([batch])
            self.mat()
            if utfall == "stoppad":
                return True
            assert utfall == "tillampad"
        return False

    def _lage(self, egen: Partition) -> int:
        rows = self._fraga('SELECT "offset" FROM inkorg WHERE partition = %s', [egen.nummer])
        return int(rows[0][0]) if rows else 0

    def _fraga(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.lasning.connection.execute(sql.encode(), params).fetchall()

    def mat(self) -> None:
        """How much the process has grown."""
        self.topp = max(self.topp, _minne() - self.minne)

    # -- what stops --------------------------------------------------------------------------------

    def tills_alla_ar_framme(self) -> None:
        """Read all partitions, and decide about what stops them, until none does."""
        kvar = list(self.partitioner)
        while kvar:
            stannade = {egen.nummer: self._las_och_jamfor(egen) for egen in kvar}
            kvar = [egen for egen in kvar if stannade[egen.nummer] is not None]
            self._namnda({egen.nummer for egen in kvar})
            for egen in kvar:
                self._avgor_stopp(egen, stannade[egen.nummer])
            assert self._vard() == frozenset()
        self._namnda(set())

    def _las_och_jamfor(self, egen: Partition) -> int | None:
        stannar = egen.domer()
        assert self.las(egen) == (stannar is not None), (egen.nummer, stannar)
        if stannar is not None:
            rad = egen.rader[stannar]
            self.stopp[rad.skada.namn if rad.skada and stannar not in egen.lagade else "hål"] += 1
            assert self._lage(egen) == stannar
        return stannar

    def _namnda(self, nummer: set[int]) -> None:
        """Exactly these partitions are said to stand still, each with its reason."""
        [lage] = positions(self.lasning.connection, KONSUMENT, [self.lasning.topic])
        assert {partition for partition, _, _ in lage.stannade} == nummer
        for _, slag, skal in lage.stannade:
            assert slag in ("stopp", "lucka")
            assert skal
            assert len(skal) < 500
        assert self._vard() == nummer

    def _vard(self) -> frozenset[int]:
        tend = self.lasning.inkorg.tend
        return tend(self.lasning.connection, self.lasning.topic, range(PARTITIONER))

    def _avgor_stopp(self, egen: Partition, offset: int | None) -> None:
        assert offset is not None
        if offset in egen.lagade or self.slump.random() < 0.5:
            beslut = release if offset not in egen.lagade or egen.facit.gar_att_ta() else throw_away
        else:
            beslut = throw_away
        if beslut is release:
            egen.lagade.add(offset)
            egen.facit.slapp()
        else:
            egen.facit.kasta(offset)
            egen.domd = offset + 1
        self._besluta(beslut, egen, offset)

    def _besluta(self, beslut: Callable[..., object], egen: Partition, offset: int) -> None:
        inkorg = self.lasning.inkorg
        identity = Identity(KONSUMENT, inkorg.vyversion, self.lasning.topic, egen.nummer, offset)
        beslut(self.lasning.connection, identity, vem="prov", skal="prövat")

    # -- what is put aside -------------------------------------------------------------------------

    def avgor_allt_at_sidan(self) -> None:
        """Mend or throw away the first of each key that waits, until none does."""
        while any(egen.facit.vantar for egen in self.partitioner):
            for egen in self.partitioner:
                for nyckel in list(egen.facit.vantar):
                    lagat = self.slump.random() < 0.6
                    offset = egen.facit.avgor(nyckel, lagat)
                    if lagat:
                        self._laga(egen, offset)
                    self._besluta(release if lagat else throw_away, egen, offset)
            self._vard()
            self.mat()
            self.jamfor()

    def _laga(self, egen: Partition, offset: int) -> None:
        """As if this version of the program could read it after all."""
        hel = egen.rader[offset].hel
        self.lasning.connection.execute(
            "UPDATE karantan SET ra = %s, huvuden = %s::jsonb"
            ' WHERE partition = %s AND "offset" = %s',
            (hel.value, encode_headers(hel.headers), egen.nummer, offset),
        )

    # -- held to the oracle ------------------------------------------------------------------------

    def jamfor(self) -> None:
        """Facts and what is put aside are exactly what the oracle says; nothing else has gone."""
        fakta = {plats for egen in self.partitioner for plats in egen.facit.fakta}
        assert set(self.lasning.rafakta()) == fakta
        assert len(fakta) == sum(len(egen.facit.fakta) for egen in self.partitioner)
        funna: dict[tuple[int, int], str] = {
            (partition, offset): lage
            for partition, offset, lage in self._fraga(
                "SELECT partition, \"offset\", lage FROM karantan WHERE lage <> 'tillampad'"
            )
        }
        for egen in self.partitioner:
            vantade = egen.facit.at_sidan() | dict.fromkeys(egen.facit.kastade, "kastad")
            assert {o: lage for (p, o), lage in funna.items() if p == egen.nummer} == vantade
            f = egen.facit
            borta = len(f.kastade) + len(f.upprepade)
            vantar = len(f.okanda) + sum(map(len, f.vantar.values()))
            assert len(f.fakta) + vantar + borta == len(egen.rader), "något saknas"

    def w(self, styrpost: Control) -> None:
        """Each kommun is settled until just before its own oldest message aside, and no other's."""
        haller: dict[str, list[int]] = {}
        for egen in self.partitioner:
            for last in egen.facit.haller():
                haller.setdefault(last.kommunkod, []).append(last.plats[0])
        for kommun in (*SKADADE, OSKADD):
            vantat = styrpost.registrerad
            if kommun in haller:
                aldst = BORJAN + timedelta(milliseconds=min(haller[kommun]))
                vantat = aldst - timedelta(microseconds=1)
            assert self.lasning.w(kommun).w == vantat, kommun

    def styrpost(self) -> Control:
        """What the relay would say when all is published."""
        sista = {egen.nummer: egen.facit.mark for egen in self.partitioner}
        return Control(
            self.stream.installation,
            1,
            ANTAL,
            BORJAN + timedelta(milliseconds=ANTAL + 1),
            b"k",
            {nummer: Place(*plats) for nummer, plats in sista.items()},
        )


def _minne() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_inget_tappas_och_inget_stannar_utom_det_vars_plats_inte_gar_att_lasa(
    lasning: Lasning, slump: random.Random
) -> None:
    korning = Korning(lasning, slump)
    assert lasning.topic == event_topic(korning.stream.service)
    korning.tills_alla_ar_framme()
    korning.jamfor()
    assert sum(korning.stopp.values()) > PARTITIONER, korning.stopp
    styrpost = korning.styrpost()
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [styrpost]) == []
    lasning.vik()
    assert lasning.mottagare.fraga("SELECT amne, fel FROM smutsig") == []
    korning.w(styrpost)
    karantan = [lage for egen in korning.partitioner for lage in egen.facit.at_sidan().values()]
    assert {"karantan", "hallen", "okand_typ"} <= set(karantan)
    print(
        f"\n{ANTAL} meddelanden: {len(lasning.rafakta())} fakta, {dict(Counter(karantan))},"
        f" {sum(korning.stopp.values())} stopp ({len(korning.stopp)} slag)"
    )
    korning.avgor_allt_at_sidan()
    lasning.vik()
    korning.jamfor()
    korning.w(styrpost)
    print(f"minnet växte som mest {korning.topp / 2**20:.0f} MiB")
    assert korning.topp < VAXER_HOGST


@pytest.mark.parametrize(
    "skadat",
    [s for s in (*STANNAR, *OFARLIGT, *STORA, *DALIGT, *OKANT) if s.vantat is not None],
    ids=lambda skadat: skadat.namn,
)
def test_facit_sager_om_varje_skada_det_som_star_bredvid_den(
    skadat: Skadat, slump: random.Random
) -> None:
    stream = Stream("sak", UUID(int=slump.getrandbits(128)), 1, PARTITIONER)
    sak = SakHand(sak=UUID(int=1), avtal=UUID(int=2), antal=7)
    egen = Recorded(3, BORJAN, "1490", [(sak.handelsetyp(), sak.koda())])
    [hel], _ = encode_batch(stream, [egen], avbilda, {})
    assert las(hel, str(stream.installation)).dom == "fakta"
    assert las(skadat.gor(hel, slump), str(stream.installation)).dom == skadat.vantat
