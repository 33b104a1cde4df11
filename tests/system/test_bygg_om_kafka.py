"""A rebuild through a real Kafka, beside the groups of those who feed what is read; and the same
replay from the event tables.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dygn.ombyggnad import bygg_om, finn_plats
from services.chassis.streams.take_over import Progress
from tests.stod.vanta import eventually
from tests.system.byggen import aktivt, byggen, rader, skillnader
from tests.system.fragare import Fragare
from tests.system.installation import TALAMOD, Installation, installation, sql
from tests.system.kommandorad import oppna
from tests.system.skador import granskning
from tests.system.skribent import Skribent

UPPF = "uppfoljning"


@pytest.fixture(scope="module")
def genom_kafka() -> Iterator[Installation]:
    """An installation whose events go through a broker."""
    with installation(kafka=True) as ny:
        yield ny


def test_ur_kafka_medan_det_skrivs_och_lases_och_ur_tabellerna_blir_det_samma(
    genom_kafka: Installation, slump: random.Random
) -> None:
    databas = genom_kafka.databaser[UPPF]
    katalog = genom_kafka.inbyggd.katalog.mapp
    with Skribent(genom_kafka, slump, 0.0) as skribent:
        eventually(lambda: skribent.anrop > 40, TALAMOD, "ingen skrev")
        kand_per = genom_kafka.avgjort().isoformat()
        with Fragare(genom_kafka, kand_per) as fragare:
            process = oppna("bygg-om", UPPF, "--katalog", str(katalog))
            ut, fel = process.communicate(timeout=TALAMOD)
            assert process.returncode == 0, f"{ut}\n{fel}"
            skrivet, svarat = skribent.anrop, fragare.svar
            eventually(
                lambda: skribent.anrop > skrivet + 10 and fragare.svar > svarat + 4,
                TALAMOD,
                "det stod stilla",
            )
    assert fragare.fel == []
    genom_kafka.avgjort()
    ur_kafka = aktivt(databas)
    assert byggen(databas) == [("public", "gammal"), (ur_kafka, "aktiv")]
    assert all(rader(databas, ur_kafka).values())
    assert sql(databas, f"SELECT count(*) FROM {ur_kafka}.inkorg WHERE topic_id LIKE 'inby%'") == [
        (0,)
    ]
    svar = granskning(genom_kafka)
    assert svar["stammer"], svar

    # The same replay with no broker between.
    plats = finn_plats(UPPF, katalog)
    sett: list[Progress] = []
    bygg_om(
        UPPF,
        replace(plats, var=replace(plats.var, kafka=None)),
        lambda framme, _: sett.append(framme),
    )
    ur_tabellerna = aktivt(databas)
    assert sett[-1].read == sett[-1].events > 0
    assert skillnader(databas, ur_kafka, ur_tabellerna) == {}
    # And who reads through the broker goes on from there.
    with Skribent(genom_kafka, slump, 0.0) as skribent:
        eventually(lambda: skribent.anrop > 20, TALAMOD, "ingen skrev")
    genom_kafka.avgjort()
    svar = granskning(genom_kafka)
    assert svar["stammer"], svar
