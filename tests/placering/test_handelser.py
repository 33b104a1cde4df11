"""The stream as a feed over HTTP: the topic's own events, for systems that have no Kafka."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest

from services.chassis.auth.roles import Roll
from services.chassis.http.feed import MEDIA_TYPE
from services.chassis.streams.event_log import beginning, read_strom
from services.chassis.streams.message import Message
from services.placering.streams.outgoing import PUBLISHER
from tests.placering.varld import klient_och_beslut, pagaende_placering
from tests.stod.tjanst import ANNAN_KOMMUN, KOMMUN, Klient

pytestmark = pytest.mark.anyio


def amnets(vard: Klient) -> list[Message]:
    """What the relay gives the topic, of every kommun."""
    with psycopg.connect(vard.databas.admin.conninfo(), autocommit=True) as anslutning:
        stream = PUBLISHER.stream(read_strom(anslutning))
        step = PUBLISHER.step(anslutning, stream, beginning(stream), 10_000)
        assert step is not None
        return list(step.messages)


def nasta(svar: httpx.Response) -> dict[str, str]:
    """The parameters of the address to ask next."""
    fraga = urlsplit(svar.links["next"]["url"]).query
    return {namn: varde for namn, [varde] in parse_qs(fraga).items()}


async def hela(system: Klient, antal: int) -> list[dict[str, Any]]:
    """Everything there is, page by page; no page holds more than was asked for."""
    alla: list[dict[str, Any]] = []
    fraga = {"antal": str(antal)}
    while True:
        svar = await system.get("/v1/handelser", params=fraga)
        assert svar.status_code == 200, svar.text
        assert svar.headers["content-type"] == MEDIA_TYPE
        assert len({en["pos"] for en in svar.json()}) <= antal
        if nasta(svar) == fraga:
            assert svar.json() == []
            return alla
        alla += svar.json()
        fraga = nasta(svar)


@pytest.mark.parametrize("antal", [1, 3, 1_000])
async def test_flodet_ar_amnets_handelser_av_den_egna_kommunen(vard: Klient, antal: int) -> None:
    await pagaende_placering(vard)
    await klient_och_beslut(vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN))
    await klient_och_beslut(vard)
    vantade = [en for en in amnets(vard) if dict(en.headers)["kommunkod"] == KOMMUN.encode()]
    assert len(vantade) < len(amnets(vard))
    fick = await hela(vard.som(Roll.SYSTEM), antal)
    assert len(fick) == len(vantade) > 4
    for en, message in zip(fick, vantade, strict=True):
        huvuden = {namn: varde.decode() for namn, varde in message.headers}
        for falt in ("specversion", "id", "type", "source", "time"):
            assert en[falt] == huvuden[f"ce_{falt}"]
        assert (en["epok"], en["pos"], en["index"]) == tuple(
            int(huvuden[namn]) for namn in ("epok", "pos", "index")
        )
        assert en["partitionkey"] == message.key.decode()
        assert en["datacontenttype"] == "application/json"
        assert "fore" not in en


async def test_data_ar_samma_byte(vard: Klient) -> None:
    await klient_och_beslut(vard)
    svar = await vard.som(Roll.SYSTEM).get("/v1/handelser")
    for message in amnets(vard):
        assert b'"data":' + message.value in svar.content


async def test_det_som_kommer_senare_kommer_efter_adressen_som_gavs(vard: Klient) -> None:
    system = vard.som(Roll.SYSTEM)
    tomt = await system.get("/v1/handelser")
    assert tomt.json() == []
    await klient_och_beslut(vard)
    svar = await system.get("/v1/handelser", params=nasta(tomt))
    assert [en["pos"] for en in svar.json()] == [1, 2]
    igen = await system.get("/v1/handelser", params=nasta(svar))
    assert igen.json() == []
    assert nasta(igen) == nasta(svar)


async def test_en_plats_ur_en_annan_epok_eller_bortom_strommen_vagras(vard: Klient) -> None:
    await klient_och_beslut(vard)
    system = vard.som(Roll.SYSTEM)
    [(epok,)] = vard.sql("SELECT epok FROM strom")
    for efter, status in {f"{epok + 1}:0": 410, f"{epok}:3": 409, f"{epok}:2": 200}.items():
        svar = await system.get("/v1/handelser", params={"efter": efter})
        assert svar.status_code == status, efter


@pytest.mark.parametrize("efter", ["17", "1:-1", "1:1.0", "", "1:99999999999999999999", "ett"])
async def test_en_plats_som_inte_kan_lasas_namns(vard: Klient, efter: str) -> None:
    svar = await vard.som(Roll.SYSTEM).get("/v1/handelser", params={"efter": efter})
    assert svar.status_code == 422
    assert [fel["pointer"] for fel in svar.json()["errors"]] == ["query:efter"]


@pytest.mark.regel("R-SEK-3")
async def test_den_som_ar_knuten_till_arbetsenheter_far_inte_flodet(vard: Klient) -> None:
    svar = await vard.som(Roll.SYSTEM, arbetsenheter=["Barn norr"]).get("/v1/handelser")
    assert svar.status_code == 403
    assert svar.json()["regel"] == "R-SEK-3"
