"""kill -9 of relay, inbox and folding while events flow, and a broker that dies: every report
equals that of the embedded way from the same event tables, and no event counts twice or is lost.

However the parts die, each message stands once on its topic. When the broker is stopped a message
may stand there again, as the contract says: byte for byte the same, so that readers skip it.
Apache Kafka 4.3.0 calls a transaction complete without having written its markers if it is
committed while the partitions lose their leader (KAFKA-20734); the relay then finds no position and
says it again, and its next commit makes both of them visible.
"""

import os
import random
import signal
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from dygn.inbyggd.kafka import Kafka as Maklare
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.message import Message
from tests.chassis.streams.provprocess import las_amne, plats
from tests.stod.matning import utan_matning
from tests.system.delprocess import Var
from tests.system.dodare import doda_samtidigt, oppnade, starta_alla
from tests.system.handelser import meddelanden
from tests.system.installation import Installation
from tests.system.lasare import Lasare, lasare
from tests.system.rapporter import alla_svar, skillnader
from tests.system.skribent import Skribent
from tests.system.utgivare import UTGIVARE

ANTAL_AVBROTT = 20
"""Kills of each part."""
LANGSTA_LIV = 0.6
"""Seconds that a part may work before it is killed."""
TOM = date(2025, 12, 31)


@dataclass
class Bana:
    """The installation whose event tables are read, a reader of them through the broker, and it."""

    installation: Installation
    lasare: Lasare
    maklare: Maklare

    def var(self) -> Var:
        """What the parts work with."""
        databaser = {
            namn: databas.strom.conninfo() for namn, databas in self.installation.databaser.items()
        }
        databaser["uppfoljning"] = self.lasare.databas.strom.conninfo()
        return Var(databaser, self.maklare.bootstrap)


@pytest.fixture(scope="module")
def bana(installationen: Installation, maklare: Maklare) -> Iterator[Bana]:
    with (
        lasare(installationen.databaser["uppfoljning"], "dygn_uppfoljning_avbruten") as en,
        utan_matning(),
    ):
        yield Bana(installationen, en, maklare)


def _allt_stammer(bana: Bana, *, med_omtag: bool = False) -> None:
    """Wait until both ways have come through; then compare them, and count.

    ``med_omtag``: the broker was stopped, so a message may stand again on its topic.
    """
    minst = bana.installation.avgjort()
    kand_per = min(minst, bana.lasare.avgjort(minst, bana.lasare.ostadat)).isoformat()
    vantat = meddelanden(bana.installation.databaser)
    assert bana.lasare.rafakta() == vantat
    assert bana.lasare.ostadat() == {}
    kafka = Kafka(bana.maklare.bootstrap)
    pa_amnet = [m for namn in sorted(UTGIVARE) for m in las_amne(kafka, namn)]
    if med_omtag:
        pa_amnet = utan_omtag(pa_amnet)
    assert [(m.topic, *plats(m)) for m in pa_amnet] == vantat
    fick = alla_svar(bana.lasare.las, kand_per, TOM)
    assert skillnader(alla_svar(bana.installation.las, kand_per, TOM), fick) == []
    assert '"slutlig": false' not in "".join(fick.values())


def utan_omtag(meddelanden: Iterable[Message]) -> list[Message]:
    """The messages without those that say again what was said, which must be the same bytes."""
    forsta: dict[tuple[str, int, int], Message] = {}
    for ett in meddelanden:
        sagt = forsta.setdefault((ett.topic, *plats(ett)), ett)
        assert replace(ett, offset=sagt.offset) == sagt
    return list(forsta.values())


def test_ett_omtag_raknas_en_gang_men_bara_om_det_ar_samma_byte() -> None:
    forst = Message("a", 1, 7, b"n", b"v", (("pos", b"3"), ("index", b"0")))
    omtag, nasta = (
        replace(forst, offset=8),
        replace(forst, headers=(("pos", b"4"), ("index", b"0"))),
    )
    assert utan_omtag([forst, omtag, nasta]) == [forst, nasta]
    for annat in (
        replace(omtag, value=b"w"),
        replace(omtag, key=b"m"),
        replace(omtag, partition=2),
    ):
        with pytest.raises(AssertionError):
            utan_omtag([forst, annat])


def test_kill_9_av_rela_inkorg_och_vikning_medan_handelser_flodar(
    bana: Bana, slump: random.Random, fro: int
) -> None:
    print(f"frö {fro}")
    with oppnade(bana.var(), slump) as delar:
        starta_alla(delar)
        with Skribent(bana.installation, random.Random(slump.random()), 0.05) as skribent:
            fore = skribent.anrop
            doda_samtidigt(delar, ANTAL_AVBROTT, LANGSTA_LIV)
            flodade = skribent.anrop - fore
        _allt_stammer(bana)
    assert [del_.dodade for del_ in delar] == [ANTAL_AVBROTT] * len(delar)
    assert min(del_.i_arbete for del_ in delar) >= ANTAL_AVBROTT // 2
    # Events came all the while: more than one for each kill.
    assert flodade > 3 * ANTAL_AVBROTT


@pytest.mark.parametrize("dod", ["stoppas", "dor"])
def test_maklaren_startas_om_medan_handelser_flodar(
    bana: Bana, slump: random.Random, dod: str
) -> None:
    maklare = bana.maklare
    with oppnade(bana.var(), slump) as delar:
        starta_alla(delar)
        with Skribent(bana.installation, random.Random(slump.random()), 0.05) as skribent:
            threading.Event().wait(slump.uniform(0.5, 1.5))
            if dod == "dor":
                assert maklare.pid is not None
                os.kill(maklare.pid, signal.SIGKILL)
            maklare.stop()
            fore = skribent.anrop
            threading.Event().wait(slump.uniform(0.5, 1.5))
            assert skribent.anrop > fore, "utan mäklare togs inga kommandon emot"
            maklare.start(port=maklare.port)
        _allt_stammer(bana, med_omtag=True)
