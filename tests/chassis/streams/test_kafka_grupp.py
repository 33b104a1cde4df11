"""Consumers of a real topic: groups, rebalances, and the same bytes as embedded mode gives."""

import random
from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from kafka import TopicPartition

from services.chassis.streams import kafka_source
from services.chassis.streams.kafka_client import Kafka, admin_client
from services.chassis.streams.kafka_source import KafkaSource, open_kafka_source
from services.chassis.streams.mapping import control_topic, event_topic
from services.chassis.streams.process import StreamProcess
from services.chassis.streams.source import End, Reader
from tests.chassis.streams.provdatabas import Lager
from tests.chassis.streams.provkontrakt import pris, sak
from tests.chassis.streams.provlasning import KONSUMENT, Lasning
from tests.chassis.streams.provprocess import (
    del_av,
    igang,
    kluster,
    las_amne,
    mottagarprocess,
    publicera_allt,
    ur_kafka,
    ur_tabell,
    utgivarprocess,
)
from tests.stod.servrar import Kafkaserver
from tests.stod.vanta import eventually


@pytest.fixture
def kafka(kafka_server: Kafkaserver) -> Kafka:
    return kluster(kafka_server)


def _antal(mottagare: Lager) -> int:
    return int(mottagare.fraga("SELECT count(*) FROM rafakta")[0][0])


def test_inbaddat_och_kafka_ger_samma_byte(
    lasning: Lasning, tjanst: str, kafka: Kafka, slump: random.Random
) -> None:
    for _ in range(15):
        lasning.kalla.spara(*(sak() for _ in range(slump.randrange(1, 12))))
        lasning.kalla.spara(pris(uuid4(), slump.randrange(100)))
    publicera_allt(lasning.kalla, tjanst, kafka)
    batches, control = lasning.bunt()
    inbaddade = [replace(m, offset=None) for batch in batches for m in batch.messages]
    pa_amnet = [replace(m, offset=None) for m in las_amne(kafka, tjanst)]
    assert sorted(map(repr, inbaddade)) == sorted(map(repr, pa_amnet))
    assert control.pos == len(pa_amnet)


def test_allt_kommer_fram_genom_kafka_och_styrposten_nas(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka
) -> None:
    avtal, ting = uuid4(), [uuid4() for _ in range(10)]
    mottagning = mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst))
    with igang(mottagning):
        eventually(lambda: "finns inte ännu" in (del_av(mottagning, f"inkorg {tjanst}").text or ""))
        with igang(utgivarprocess(lager, tjanst, kafka)):
            for t in ting:
                lager.spara(sak(sak=t, avtal=avtal, antal=2))
            lager.spara(pris(avtal, 21))
            eventually(lambda: mottagare.summor() == {str(t): 42 for t in ting}, 30)
            eventually(lambda: mottagare.fraga("SELECT pos FROM styrpost") == [(11,)], 20)
            assert mottagning.health().ready


def test_tva_i_en_grupp_delar_upp_partitionerna_och_tar_over_varandras(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka
) -> None:
    ting = [uuid4() for _ in range(30)]
    publicera_allt(lager, tjanst, kafka)
    ena, andra = (mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst)) for _ in range(2))

    def delar(process: StreamProcess) -> int:
        return int(del_av(process, f"inkorg {tjanst}").matt.get("partitioner", 0))

    with igang(utgivarprocess(lager, tjanst, kafka), ena):
        lager.spara(*(sak(sak=t) for t in ting))
        eventually(lambda: delar(ena) == 4, 30)
        with igang(andra):
            for _ in range(10):
                lager.spara(*(sak(sak=t) for t in ting))
            eventually(lambda: (delar(ena), delar(andra)) == (2, 2), 30)
            lager.spara(*(sak(sak=t) for t in ting))
            eventually(lambda: _antal(mottagare) == 12 * 30, 30)
            assert ena.stop(20)
            lager.spara(*(sak(sak=t) for t in ting))
            eventually(lambda: delar(andra) == 4, 30)
            eventually(lambda: mottagare.fraga("SELECT pos FROM styrpost") == [(390,)], 30)
            eventually(lambda: mottagare.fraga("SELECT count(*) FROM smutsig") == [(0,)], 30)
    assert Counter(mottagare.fraga("SELECT fakta FROM sakrad")) == {(13,): 30}
    assert set(mottagare.fraga("SELECT lage FROM inkorg")) == {("oppen",)}


def test_den_som_inget_far_gar_in_pa_nytt_utan_sitt_namn(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member with a lasting name that inherits an empty assignment would wait for ever."""
    tilldelad = KafkaSource.assigned

    def tom_tilldelning(self: KafkaSource, partitions: list[TopicPartition]) -> None:
        if self._patience is None:
            tilldelad(self, partitions)
            return
        for partition in partitions:
            self._consumer.seek(partition, 0)
            self._consumer.pause(partition)

    monkeypatch.setattr(kafka_source, "STARVED_AFTER", 1.0)
    monkeypatch.setattr(KafkaSource, "assigned", tom_tilldelning)
    lager.spara(*(sak() for _ in range(20)))
    publicera_allt(lager, tjanst, kafka)
    kalla = open_kafka_source(tjanst, kafka, member="bestandig")
    with igang(mottagarprocess(mottagare, tjanst, kalla)):
        eventually(lambda: _antal(mottagare) == 20, 40)


def test_fran_inbaddat_till_kafka_och_tillbaka_pa_samma_databas(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka
) -> None:
    """Offsets of the two have nothing in common; the marks do."""
    ting = [uuid4() for _ in range(12)]
    for varv, kalla in enumerate(
        (ur_tabell(lager, tjanst), ur_kafka(kafka, tjanst), ur_tabell(lager, tjanst)), 1
    ):
        lager.spara(*(sak(sak=t) for t in ting))
        publicera_allt(lager, tjanst, kafka)
        with igang(mottagarprocess(mottagare, tjanst, kalla)):
            eventually(
                lambda: mottagare.fraga("SELECT pos FROM styrpost") == [(12 * varv,)],  # noqa: B023
                30,
            )
            eventually(lambda: mottagare.fraga("SELECT count(*) FROM smutsig") == [(0,)], 20)
        assert Counter(mottagare.fraga("SELECT fakta FROM sakrad")) == {(varv,): 12}


def test_ett_amne_som_gors_om_lases_om_utan_dubbletter(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(*(sak() for _ in range(12)))
    publicera_allt(lager, tjanst, kafka)
    with igang(mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst))):
        eventually(lambda: _antal(mottagare) == 12, 30)
    with admin_client(kafka) as admin:
        admin.delete_topics([event_topic(tjanst), control_topic(tjanst)])
        eventually(
            lambda: all(
                topic["error_code"]
                for topic in admin.describe_topics([event_topic(tjanst), control_topic(tjanst)])
            ),
            20,
        )
    lager.spara(*(sak() for _ in range(3)))
    publicera_allt(lager, tjanst, kafka)
    assert len(las_amne(kafka, tjanst)) == 15
    with igang(mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst))):
        eventually(lambda: mottagare.fraga("SELECT pos FROM styrpost") == [(15,)], 30)
    assert _antal(mottagare) == 15


def test_ett_lage_som_amnet_inte_har_ar_ett_fel_och_inget_hopp(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(*(sak(sak=UUID(int=n)) for n in range(12)))
    publicera_allt(lager, tjanst, kafka)
    mottagning = mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst))
    with igang(mottagning):
        eventually(lambda: _antal(mottagare) == 12, 30)
    mottagare.gor('UPDATE inkorg SET "offset" = 9999 WHERE partition = 2')
    ny = mottagarprocess(mottagare, tjanst, ur_kafka(kafka, tjanst))
    with igang(ny):
        eventually(
            lambda: "OffsetOutOfRange" in (del_av(ny, f"inkorg {tjanst}").senaste_fel or ""), 30
        )
    assert _antal(mottagare) == 12


def test_den_som_inte_laser_styramnet_vet_ocksa_hur_langt_strommen_hade_kommit(
    lager: Lager, mottagare: Lager, tjanst: str, kafka: Kafka
) -> None:
    for _ in range(7):
        lager.spara(sak())
    publicera_allt(lager, tjanst, kafka)
    with mottagare.connect() as connection:
        lasare = Reader(KONSUMENT, connection)
        with open_kafka_source(tjanst, kafka)(lasare) as kalla:
            leveranser = [kalla.poll(0.01) for _ in range(2)]
    assert [leverans.end for leverans in leveranser] == [End(1, 7), None]
