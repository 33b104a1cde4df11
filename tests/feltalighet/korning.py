"""One fault after the other: what came of each, and which to take."""

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.feltalighet.alla_fel import FEL, FELEN
from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.fel_overgang import OVERGANGAR
from tests.feltalighet.kontroll import aterhamtad, kontrollera

LATTA = 18
"""Light faults in an ordinary test run."""
ALLA = 200
"""Faults in a full run, at least."""
VARV = 4
TUNGA_VARV = 2
"""How many times a full run takes each fault, at most."""


@dataclass(frozen=True, slots=True)
class Utfall:
    """A fault that was got over. Seconds from when it struck until both ways had come past the last
    command, and for all of it, with the checks."""

    fel: Fel
    hur: str
    aterhamtning: float
    allt: float

    def __str__(self) -> str:
        return (
            f"{self.fel.slag:16} {self.fel.namn:36} {self.aterhamtning:5.1f} s"
            f"  {self.allt:5.1f} s  {self.hur}"
        )


def kor(bana: Bana, fel: Fel, slump: random.Random) -> Utfall:
    """Do it, wait until it is got over, and check every promise."""
    borjade = time.monotonic()
    bana.skadad = True
    bana.arbeta()
    bana.nu_slog_det_till()
    hur = fel.gor(bana, slump)
    bana.lev()
    sekunder = aterhamtad(bana)
    kontrollera(bana)
    bana.skadad = False
    return Utfall(fel, hur, sekunder, time.monotonic() - borjade)


def urval(slump: random.Random) -> list[Fel]:
    """What an ordinary run takes, by chance; over some runs each light fault has its turn.

    Of the light ones something of every kind, and as many more as there is time for. Of those that
    take longer: every part killed again and again, a broker that goes away, and a database that is
    replaced by an older copy.
    """
    latta = [fel for fel in FELEN if not fel.tungt]
    tagna = [slump.choice(en_sort) for en_sort in _efter_slag(latta).values()]
    ovriga = [fel for fel in latta if fel not in tagna]
    tagna += slump.sample(ovriga, max(0, LATTA - len(tagna)))
    tagna += [
        FEL["doda.storm"],
        FEL[slump.choice(["maklare.stoppas", "maklare.dodas"])],
        slump.choice(OVERGANGAR),
    ]
    slump.shuffle(tagna)
    return tagna


def hela_schemat(slump: random.Random) -> list[Fel]:
    """Every fault again and again, each round in an order of its own."""
    schema: list[Fel] = []
    for varv in range(VARV):
        runda = [fel for fel in FELEN if varv < (TUNGA_VARV if fel.tungt else VARV)]
        slump.shuffle(runda)
        schema += runda
    return schema


def _efter_slag(felen: Iterable[Fel]) -> dict[str, list[Fel]]:
    slagen: dict[str, list[Fel]] = defaultdict(list)
    for fel in felen:
        slagen[fel.slag].append(fel)
    return slagen


def sammanfattning(utfall: Sequence[Utfall]) -> Iterator[str]:
    """A table: kind, how many, and the median and the longest seconds to recovery."""
    yield f"{'slag':18}{'antal':>6}{'median s':>10}{'längst s':>10}"
    slagen: dict[str, list[float]] = defaultdict(list)
    for ett in utfall:
        slagen[ett.fel.slag].append(ett.aterhamtning)
    for slag, sekunder in [*sorted(slagen.items()), ("alla", [u.aterhamtning for u in utfall])]:
        yield (
            f"{slag:18}{len(sekunder):6}{statistics.median(sekunder):10.1f}{max(sekunder):10.1f}"
        )
