"""``dygn kontrollera`` against a real Kafka: all is well while events flow, and a message that is
taken away, changed or slipped in is found and named. The tests leave what they did in the topics,
so each looks for its own.
"""

import random
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from services.chassis.kontroll.findings import SHOWN
from services.chassis.streams.control import CONTROL_KEY, encode_control
from services.chassis.streams.kafka_client import Kafka, admin_client, last_control
from services.chassis.streams.mapping import control_topic, event_topic
from services.chassis.streams.message import Message
from services.chassis.streams.new_epok import new_epok
from tests.chassis.streams.provprocess import las_amne, plats
from tests.stod.vanta import eventually
from tests.system.installation import TALAMOD, Installation, installation, sql
from tests.system.skador import avvikelser, granskat, granskning
from tests.system.skribent import Skribent

UPPF, PLAC, LEV = "uppfoljning", "placering", "leverantor"


@pytest.fixture(scope="module")
def kafkavagen() -> Iterator[Installation]:
    with installation(kafka=True) as ny:
        yield ny


@pytest.fixture(scope="module")
def maklaren(kafkavagen: Installation) -> Kafka:
    assert kafkavagen.inbyggd.maklare is not None
    return Kafka(kafkavagen.inbyggd.maklare.bootstrap)


def _partitioner(kafka: Kafka, topic: str) -> list[TopicPartition]:
    consumer = KafkaConsumer(**kafka.common)
    try:
        return [TopicPartition(topic, n) for n in sorted(consumer.partitions_for_topic(topic))]
    finally:
        consumer.close()


def _las(kafka: Kafka, tjanst: str) -> list[Message]:
    """Every message that is left in the topic, by partition and offset."""
    return sorted(las_amne(kafka, tjanst), key=lambda ett: (ett.partition, ett.offset or 0))


def _lagg(kafka: Kafka, message: Message) -> None:
    """Produce the message as somebody who is not the relay."""
    producer = KafkaProducer(**kafka.common, acks="all")
    producer.send(
        message.topic,
        key=message.key,
        value=message.value,
        headers=list(message.headers),
        partition=message.partition,
    ).get(timeout=30)
    producer.close()


def _var(message: Message) -> str:
    pos, index = plats(message)
    return f"{message.topic}/{message.partition} {pos}.{index}"


def test_allt_stammer_medan_det_skrivs_ocksa_genom_kafka(
    kafkavagen: Installation, maklaren: Kafka, slump: random.Random
) -> None:
    tal: list[int] = []
    with Skribent(kafkavagen, slump, 0.0) as skribent:
        while len(tal) < 3 or skribent.anrop < 80:
            svar = granskning(kafkavagen)
            assert svar["stammer"], svar
            tal.append(granskat(svar, "topic", PLAC)["meddelanden"])
    assert tal[-1] > tal[0], "det skrevs inte medan det granskades"
    kafkavagen.avgjort()
    svar = granskning(kafkavagen)
    assert svar["stammer"], svar
    assert svar["kafka"]
    for tjanst in (PLAC, LEV):
        sett = granskat(svar, "topic", tjanst)
        assert sett["meddelanden"] == len(_las(maklaren, tjanst))
        assert sett["styrposter"] > 0
        assert sett.get("ännu_inte_publicerade", 0) == 0


def test_efter_en_ny_epok_stammer_allt_igen_och_det_gamla_hanger_ihop(
    kafkavagen: Installation, maklaren: Kafka
) -> None:
    """The suppliers' stream is published anew; both readers rebuild; no final sum is another."""
    gamla = len(_las(maklaren, LEV))
    with psycopg.connect(kafkavagen.databaser[LEV].admin.conninfo(), autocommit=True) as admin:
        assert new_epok(admin, LEV, maklaren) == 2
    for _ in range(3):  # while it is under way
        svar = granskning(kafkavagen)
        assert svar["stammer"], svar
    kafkavagen.avgjort()
    svar = granskning(kafkavagen)
    assert svar["stammer"], svar
    sett = granskat(svar, "topic", LEV)
    assert sett["meddelanden"] == sett["meddelanden_av_tidigare_epok"] == gamla
    assert granskat(svar, "slutligt", UPPF)["prövade_kvitton"] > 0
    assert svar["anmarkningar"] == []


def test_ett_upprepat_meddelande_ar_inget_fel_men_ett_andrat_ar_det(
    kafkavagen: Installation, maklaren: Kafka
) -> None:
    ett, annat = sorted(_las(maklaren, PLAC), key=plats)[:2]
    _lagg(maklaren, ett)
    svar = granskning(kafkavagen)
    assert svar["stammer"], svar
    assert granskat(svar, "topic", PLAC)["upprepade"] == 1
    _lagg(maklaren, replace(annat, value=annat.value.replace(b"2012", b"2013") + b" "))
    fel = avvikelser(granskning(kafkavagen))
    assert fel == {("topic", PLAC, _var(annat)): "är upprepat men ändrat: innehållet"}


def test_ett_raderat_meddelande_namns(kafkavagen: Installation, maklaren: Kafka) -> None:
    """Kafka can take away from the beginning of a partition."""
    partition = _full(maklaren, LEV)
    forst, nasta = [
        message
        for message in _las(maklaren, LEV)
        if message.partition == partition and dict(message.headers)["epok"] == b"2"
    ][:2]
    assert nasta.offset is not None
    with admin_client(maklaren) as admin:
        admin.delete_records({TopicPartition(nasta.topic, nasta.partition): nasta.offset})
    fel = avvikelser(granskning(kafkavagen))
    assert fel["topic", LEV, _var(forst)] == "meddelandet saknas"
    assert [var for _, tjanst, var in fel if tjanst == LEV] == [_var(forst)]


def _full(kafka: Kafka, tjanst: str) -> int:
    """A partition with many messages."""
    numren = [message.partition for message in _las(kafka, tjanst)]
    return max(set(numren), key=numren.count)


def test_ett_amne_som_skrivits_om_ljuger_inte(kafkavagen: Installation, maklaren: Kafka) -> None:
    """A partition emptied and written anew by another hand: one message left out, one altered."""
    antal = _full(maklaren, PLAC)
    alla = [m for m in _las(maklaren, PLAC) if m.partition == antal]
    unika = {plats(m): m for m in reversed(alla)}
    ordnade = [unika[nyckel] for nyckel in sorted(unika)]
    borta, andrat = ordnade[1], ordnade[3]
    with admin_client(maklaren) as admin:
        admin.delete_records({TopicPartition(borta.topic, antal): -1})
    for message in ordnade:
        if message is andrat:
            huvuden = tuple(
                (namn, b"0.0" if namn == "fore" else varde) for namn, varde in message.headers
            )
            _lagg(maklaren, replace(message, headers=huvuden))
        elif message is not borta:
            _lagg(maklaren, message)
    fel = avvikelser(granskning(kafkavagen))
    assert fel["topic", PLAC, _var(borta)] == "meddelandet saknas"
    assert "huvudet fore är 0.0, ska vara" in fel["topic", PLAC, _var(andrat)]
    har = {
        var
        for _, tjanst, var in fel
        if tjanst == PLAC and var.startswith(f"{borta.topic}/{antal} ")
    }
    assert har == {_var(borta), _var(andrat)}


def test_en_falsk_styrpost_namns(kafkavagen: Installation, maklaren: Kafka) -> None:
    def forfalska() -> str | None:
        kand = last_control(maklaren, control_topic(LEV))
        assert kand is not None
        falsk = encode_control(replace(kand, kedja=bytes(32)))
        _lagg(maklaren, Message(control_topic(LEV), 0, None, CONTROL_KEY, falsk, ()))
        fel = avvikelser(granskning(kafkavagen))
        return fel.get(("topic", LEV, f"{control_topic(LEV)} läge {kand.pos}"))

    # The relay may say something newer in between: the false one goes backwards then.
    text = eventually(forfalska, TALAMOD, "den falska styrposten kom aldrig fram i tid")
    assert text is not None
    assert "har en annan kedja" in text


def test_ett_meddelande_som_ingen_handelse_gett_namns_och_lasaren_har_stannat(
    kafkavagen: Installation, maklaren: Kafka
) -> None:
    sist = max(_las(maklaren, PLAC), key=plats)
    # The place stands in its id as well: a message that contradicts itself would be unreadable.
    nytt = {"pos": b"777777", "index": b"0", "ce_id": f"{PLAC}:1:777777.0".encode()}
    huvuden = tuple((namn, nytt.get(namn, varde)) for namn, varde in sist.headers)
    _lagg(maklaren, replace(sist, headers=huvuden))
    eventually(
        lambda: sql(
            kafkavagen.databaser[UPPF], "SELECT 1 FROM inkorg WHERE lage IN ('lucka', 'stopp')"
        ),
        TALAMOD,
        "läsaren stannade inte",
    )
    svar = granskning(kafkavagen)
    fel = avvikelser(svar)
    assert fel["topic", PLAC, f"{sist.topic}/{sist.partition} 777777.0"] == (
        "ligger i ämnet, men ingen händelse har gett det"
    )
    assert any(
        ett["var"] == f"{sist.topic}/{sist.partition}" and "har stannat" in ett["text"]
        for ett in svar["anmarkningar"]
    )


def test_ett_tomt_amne_blir_en_kort_lista(kafkavagen: Installation, maklaren: Kafka) -> None:
    """Last: the topic is emptied. What is missing is counted, not listed without end."""
    antal = len({plats(m) for m in _las(maklaren, PLAC)})
    with admin_client(maklaren) as admin:
        admin.delete_records(dict.fromkeys(_partitioner(maklaren, event_topic(PLAC)), -1))
    svar = granskning(kafkavagen)
    egna = [
        ett for ett in svar["avvikelser"] if (ett["kontroll"], ett["tjanst"]) == ("topic", PLAC)
    ]
    [fler] = [ett["antal"] for ett in svar["fler"] if ett["tjanst"] == PLAC]
    assert {ett["text"] for ett in egna} == {"meddelandet saknas"}
    assert len(egna) == SHOWN
    # One was slipped in by a test before this, one had been left out.
    assert len(egna) + fler == antal
