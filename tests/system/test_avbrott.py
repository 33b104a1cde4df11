"""kill -9 of relay, inbox and folding while events flow, and a broker that dies: every report
equals that of the embedded way from the same event tables, and no event counts twice or is lost.
"""

import os
import random
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from dygn.inbyggd.kafka import Kafka as Maklare
from services.chassis.streams.kafka_client import Kafka
from tests.chassis.streams.provprocess import las_amne, plats
from tests.system.delprocess import Var
from tests.system.dodare import doda_samtidigt, oppnade, starta_alla
from tests.system.handelser import meddelanden
from tests.system.installation import Installation
from tests.system.lasare import Lasare, lasare
from tests.system.rapporter import alla_svar, skillnader
from tests.system.skribent import Skribent
from tests.system.utgivare import UTGIVARE

pytestmark = pytest.mark.usefixtures("utan_matning")

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
    with lasare(installationen.databaser["uppfoljning"], "dygn_uppfoljning_avbruten") as en:
        yield Bana(installationen, en, maklare)


def _allt_stammer(bana: Bana) -> None:
    """Wait until both ways have come through; then compare them, and count."""
    minst = bana.installation.avgjort()
    kand_per = min(minst, bana.lasare.avgjort(minst, bana.lasare.ostadat)).isoformat()
    vantat = meddelanden(bana.installation.databaser)
    assert bana.lasare.rafakta() == vantat
    assert bana.lasare.ostadat() == {}
    kafka = Kafka(bana.maklare.bootstrap)
    pa_amnet = [(m.topic, *plats(m)) for namn in sorted(UTGIVARE) for m in las_amne(kafka, namn)]
    assert pa_amnet == vantat
    fick = alla_svar(bana.lasare.las, kand_per, TOM)
    assert skillnader(alla_svar(bana.installation.las, kand_per, TOM), fick) == []
    assert '"slutlig": false' not in "".join(fick.values())


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
        _allt_stammer(bana)
