"""The relay against a real broker: nothing lost, nothing twice, nothing on another history."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.chassis.streams.control import CONTROL_KEY, Control, encode_control
from services.chassis.streams.health import Health, Refuses
from services.chassis.streams.kafka_client import (
    Kafka,
    admin_client,
    described,
    ensure_topics,
    last_control,
    transactional_producer,
)
from services.chassis.streams.mapping import control_topic, event_topic
from services.chassis.streams.new_epok import new_epok
from services.chassis.streams.relay import Relay
from services.chassis.streams.relay_lock import relay_lock
from tests.chassis.streams.provdatabas import PARTITIONER, Lager
from tests.chassis.streams.provkontrakt import Egen, PrisSatt, SakHand, sak, utgivare
from tests.chassis.streams.provprocess import (
    SNABB,
    del_av,
    igang,
    kluster,
    kor_rela,
    las_amne,
    plats,
    publicera_allt,
    utgivarprocess,
    vanta_pa_publicering,
)
from tests.stod.servrar import Kafkaserver
from tests.stod.vanta import eventually


@pytest.fixture
def kafka(kafka_server: Kafkaserver) -> Kafka:
    return kluster(kafka_server)


def _platser(kafka: Kafka, tjanst: str) -> list[tuple[int, int]]:
    return [plats(message) for message in las_amne(kafka, tjanst)]


def test_allt_publiceras_i_ordning_med_styrposten_i_samma_transaktion(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(*(sak() for _ in range(20)))
    lager.spara(Egen(()))
    lager.spara(
        Egen((SakHand(sak=uuid4(), avtal=uuid4(), antal=1), PrisSatt(avtal=uuid4(), pris=1)))
    )
    control = publicera_allt(lager, tjanst, kafka)
    assert _platser(kafka, tjanst) == [(pos, 0) for pos in range(1, 21)] + [(22, 0), (22, 1)]
    assert control.pos == 22
    messages = las_amne(kafka, tjanst)
    assert control.sista == {
        number: max(plats(m) for m in messages if m.partition == number)
        for number in {m.partition for m in messages}
    }
    [(kedja, installation)] = lager.fraga("SELECT kedja, installation FROM strom")
    assert (control.kedja, control.installation) == (bytes(kedja), installation)
    with admin_client(kafka) as admin:
        found = described(admin, [event_topic(tjanst), control_topic(tjanst)])
    assert {name: len(topic["partitions"]) for name, topic in found.items()} == {
        event_topic(tjanst): PARTITIONER,
        control_topic(tjanst): 1,
    }


def test_en_strom_som_vilar_sager_anda_hur_langt_den_har_kommit(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(sak())
    with igang(utgivarprocess(lager, tjanst, kafka)):
        forsta = vanta_pa_publicering(lager, tjanst, kafka)

        def senare() -> bool:
            nu = last_control(kafka, control_topic(tjanst))
            return nu is not None and nu.registrerad > forsta.registrerad

        eventually(senare, 10, "ingen ny styrpost")
    nu = last_control(kafka, control_topic(tjanst))
    assert nu is not None
    assert (nu.pos, nu.sista) == (forsta.pos, forsta.sista)
    [(strom,)] = lager.fraga("SELECT registrerad FROM strom")
    assert strom >= nu.registrerad
    lager.spara(sak())
    [(handelse,)] = lager.fraga("SELECT registrerad FROM handelse WHERE pos = 2")
    assert handelse > nu.registrerad


class _Dor(Relay):
    """Dies between the commit in Kafka and the copy of its position in PostgreSQL."""

    def _copy_position(self, connection: psycopg.Connection[Any], control: Control) -> None:
        raise SystemError("död")


def test_ett_rela_som_dor_innan_laget_ar_kant_upprepar_inget(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(*(sak() for _ in range(10)))
    for _ in range(3):
        fel = kor_rela(_Dor(utgivare(tjanst), lager.connect, kafka, pace=SNABB))
        assert isinstance(fel, SystemError)
        lager.spara(sak())
    publicera_allt(lager, tjanst, kafka)
    assert _platser(kafka, tjanst) == [(pos, 0) for pos in range(1, 14)]


class _DorFore(Relay):
    """Dies with messages sent and nothing committed."""

    def _out(self, run: Any, messages: Any, control: Control) -> Control:
        run.producer.begin_transaction()
        for message in messages:
            run.producer.send(
                message.topic,
                key=message.key,
                value=message.value,
                headers=list(message.headers),
                partition=message.partition,
            )
        run.producer.flush()
        raise SystemError("död")


def test_ett_rela_som_dor_fore_commit_har_inte_sagt_nagot(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(*(sak() for _ in range(10)))
    fel = kor_rela(_DorFore(utgivare(tjanst), lager.connect, kafka, pace=SNABB))
    assert isinstance(fel, SystemError)
    publicera_allt(lager, tjanst, kafka)
    assert _platser(kafka, tjanst) == [(pos, 0) for pos in range(1, 11)]


def test_av_tva_relan_publicerar_bara_det_som_har_laset(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    ena, andra = (utgivarprocess(lager, tjanst, kafka) for _ in range(2))
    with igang(ena):
        eventually(lambda: del_av(ena, "relä").lage == "igang", 20)
        with igang(andra):
            eventually(lambda: del_av(andra, "relä").lage == "vantar", 20)
            lager.spara(*(sak() for _ in range(5)))
            vanta_pa_publicering(lager, tjanst, kafka)
            assert del_av(andra, "relä").lage == "vantar"
            assert andra.health().ready
            assert ena.stop(20)
            eventually(lambda: del_av(andra, "relä").lage == "igang", 20)
            lager.spara(*(sak() for _ in range(5)))
            vanta_pa_publicering(lager, tjanst, kafka)
    assert _platser(kafka, tjanst) == [(pos, 0) for pos in range(1, 11)]


def test_ett_rela_som_forlorat_las_och_transaktions_id_publicerar_inget_mer(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    """As after a stopped process wakes up: somebody else has fenced its transactional id."""
    rela = utgivarprocess(lager, tjanst, kafka)
    with igang(rela):
        lager.spara(sak())
        vanta_pa_publicering(lager, tjanst, kafka)
        [(installation,)] = lager.fraga("SELECT installation FROM strom")
        tjuv = transactional_producer(kafka, f"dygn.{tjanst}.{installation}")
        tjuv.init_transactions()
        tjuv.close(timeout=2)
        lager.spara(sak())
        eventually(
            lambda: "tagit över" in (del_av(rela, "relä").senaste_fel or ""), 20, "inte utestängt"
        )
        vanta_pa_publicering(lager, tjanst, kafka)
    assert _platser(kafka, tjanst) == [(1, 0), (2, 0)]


_HALLER_LASET = """
import sys, threading
import psycopg
from services.chassis.streams.health import Health
from services.chassis.streams.relay_lock import relay_lock
connect = lambda: psycopg.connect(sys.argv[1], autocommit=True)
with relay_lock(connect, threading.Event(), Health("relä")) as lost:
    print("har", flush=True)
    lost.wait()
    print("förlorat", flush=True)
"""


@contextmanager
def _annan_process_med_laset(lager: Lager) -> Iterator[subprocess.Popen[str]]:
    rot = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", _HALLER_LASET, lager.databas.strom.conninfo()],
        stdout=subprocess.PIPE,
        text=True,
        cwd=rot,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "har\n"
        yield process
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.kill()
        process.communicate()


def test_en_stoppad_process_behaller_inte_laset(lager: Lager) -> None:
    """SIGSTOP: the process lives and its connection is open, but nobody pings any more."""
    with _annan_process_med_laset(lager) as process:
        os.kill(process.pid, signal.SIGSTOP)
        fatt, stopp = threading.Event(), threading.Event()

        def ta() -> None:
            with relay_lock(lager.connect, stopp, Health("relä")) as lost:
                if lost is not None:
                    fatt.set()

        trad = threading.Thread(target=ta)
        trad.start()
        try:
            assert not fatt.wait(2)
            assert fatt.wait(20), "låset släpptes aldrig"
        finally:
            stopp.set()
            trad.join(20)
        os.kill(process.pid, signal.SIGCONT)
        assert process.stdout is not None
        assert process.stdout.readline() == "förlorat\n"


def _aterstall(lager: Lager, kvar: int) -> None:
    """The database as it was at position ``kvar``: its last transactions are lost."""
    lager.gor("DELETE FROM handelse WHERE pos > %s", (kvar,))
    lager.gor(
        "UPDATE strom SET pos = %s, kedja = (SELECT kedja FROM handelse WHERE pos = %s)",
        (kvar, kvar),
    )


@pytest.mark.parametrize("nya", [0, 1, 3])
def test_en_aterstalld_databas_far_inget_publicera_utan_ny_epok(
    lager: Lager, tjanst: str, kafka: Kafka, nya: int
) -> None:
    for _ in range(4):
        lager.spara(sak())
    publicera_allt(lager, tjanst, kafka)
    _aterstall(lager, 3)
    for _ in range(nya):
        lager.spara(sak())
    fore = len(las_amne(kafka, tjanst))
    rela = utgivarprocess(lager, tjanst, kafka)
    with igang(rela):
        eventually(lambda: del_av(rela, "relä").lage == "vagrar", 20)
        assert "dygn ny-epok" in (del_av(rela, "relä").text or "")
        assert not rela.health().ready
        assert len(las_amne(kafka, tjanst)) == fore
        with lager.admin() as connection:
            assert new_epok(connection, tjanst, kafka) == 2
        eventually(lambda: del_av(rela, "relä").lage == "igang", 20)
        eventually(lambda: lager.fraga("SELECT epok, pos FROM relalage") == [(2, 3 + nya)], 20)
    nytt = [m for m in las_amne(kafka, tjanst) if dict(m.headers)["epok"] == b"2"]
    assert [plats(m) for m in nytt] == [(pos, 0) for pos in range(1, 4 + nya)]


def test_en_ny_epok_ar_hogre_an_den_publicerade(lager: Lager, tjanst: str, kafka: Kafka) -> None:
    lager.spara(sak())
    lager.gor("UPDATE strom SET epok = 5")
    publicera_allt(lager, tjanst, kafka)
    lager.gor("UPDATE strom SET epok = 1")
    fel = kor_rela(Relay(utgivare(tjanst), lager.connect, kafka, pace=SNABB))
    assert isinstance(fel, Refuses)
    assert "epok 5" in str(fel)
    with lager.admin() as connection:
        assert new_epok(connection, tjanst, kafka) == 6


def test_en_annan_installation_far_inte_publicera_i_samma_amne(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    lager.spara(sak())
    publicera_allt(lager, tjanst, kafka)
    lager.gor("UPDATE strom SET installation = gen_random_uuid()")
    fel = kor_rela(Relay(utgivare(tjanst), lager.connect, kafka, pace=SNABB))
    assert isinstance(fel, Refuses)
    assert "installationen" in str(fel)


def test_meddelanden_utan_styrpost_vagras(lager: Lager, tjanst: str, kafka: Kafka) -> None:
    lager.spara(sak())
    publicera_allt(lager, tjanst, kafka)
    with admin_client(kafka) as admin:
        admin.delete_topics([control_topic(tjanst)])
    eventually(lambda: _bort(kafka, control_topic(tjanst)), 20)
    fel = kor_rela(Relay(utgivare(tjanst), lager.connect, kafka, pace=SNABB))
    assert isinstance(fel, Refuses)
    assert "är tomt" in str(fel)
    assert "dygn ny-epok" in str(fel)


def test_utan_styrpost_publiceras_allt_i_en_ny_epok_nar_nagon_begart_det(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    """Also where the database does not know that a new epok has been begun before."""
    lager.spara(sak(), sak())
    lager.gor("UPDATE strom SET epok = 3")
    publicera_allt(lager, tjanst, kafka)
    with admin_client(kafka) as admin:
        admin.delete_topics([control_topic(tjanst)])
    eventually(lambda: _bort(kafka, control_topic(tjanst)), 20)
    lager.gor("UPDATE strom SET epok = 1")
    with lager.admin() as connection:
        assert new_epok(connection, tjanst, kafka) == 4
    publicera_allt(lager, tjanst, kafka)
    epoker = [int(dict(m.headers)["epok"]) for m in las_amne(kafka, tjanst)]
    assert sorted(epoker) == [3, 3, 4, 4]


def test_en_ny_epok_fore_den_forsta_publiceringen(lager: Lager, tjanst: str, kafka: Kafka) -> None:
    lager.spara(sak())
    with lager.admin() as connection:
        assert new_epok(connection, tjanst, kafka) == 2
    publicera_allt(lager, tjanst, kafka)
    assert _platser(kafka, tjanst) == [(1, 0)]


def _bort(kafka: Kafka, topic: str) -> bool:
    with admin_client(kafka) as admin:
        return topic not in described(admin, [topic])


def test_en_styrpost_som_inte_gar_att_lasa_vagras(lager: Lager, tjanst: str, kafka: Kafka) -> None:
    ensure_topics(kafka, event_topic(tjanst), control_topic(tjanst), PARTITIONER)
    producer = transactional_producer(kafka, f"prov.{tjanst}")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(control_topic(tjanst), key=CONTROL_KEY, value=b"annat", partition=0)
    producer.flush()
    producer.commit_transaction()
    producer.close(timeout=2)
    fel = kor_rela(Relay(utgivare(tjanst), lager.connect, kafka, pace=SNABB))
    assert isinstance(fel, Refuses)
    assert "går inte att läsa" in str(fel)


def test_sista_styrposten_hittas_bakom_manga_avbrutna(
    lager: Lager, tjanst: str, kafka: Kafka
) -> None:
    """The end of the control topic may hold nothing but aborted records and markers."""
    lager.spara(sak())
    control = publicera_allt(lager, tjanst, kafka)
    producer = transactional_producer(kafka, f"prov.{tjanst}")
    producer.init_transactions()
    for _ in range(40):
        producer.begin_transaction()
        producer.send(
            control_topic(tjanst), key=CONTROL_KEY, value=encode_control(control), partition=0
        )
        producer.flush()
        producer.abort_transaction()
    producer.close(timeout=2)
    nu = last_control(kafka, control_topic(tjanst))
    assert nu is not None
    assert nu.pos == 1
