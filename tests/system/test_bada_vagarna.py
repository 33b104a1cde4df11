"""The same events by every way give the same reports, byte for byte: straight from the event
tables, with keys shuffled, and through a real Kafka.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
import pytest

from dygn.exempel.kommun import exempelkommun
from dygn.exempel.scenario import Scenario
from dygn.inbyggd.kafka import Kafka as Maklare
from dygn.inbyggd.komposition import KOMMUNKOD
from dygn.overforing.overforing import Framsteg
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.parts import OpenUpstream, connector, from_kafka
from services.chassis.streams.process import StreamProcess, publishing
from services.chassis.streams.source import OpenSource
from tests.stod.matning import utan_matning
from tests.system.blandad import BlandadKalla, blandad
from tests.system.handelser import meddelanden
from tests.system.installation import Installation, sql
from tests.system.lasare import Lasare, lasare, matad, ur_tabellerna
from tests.system.rapporter import alla_svar, skillnader
from tests.system.utgivare import UTGIVARE
from tests.uppfoljning.stod import harledda

PLACERINGAR = 60
TOM = date(2026, 3, 31)


@contextmanager
def _tyst(_vad: str) -> Iterator[Framsteg]:
    yield lambda _skede, _klara, _alla: None


@dataclass
class Vagar:
    """The readers by how the events come to them, and the lowest of their settled instants."""

    installation: Installation
    lasare: dict[str, Lasare]
    kallor: list[BlandadKalla]
    w: datetime


def _sent_omsagt(installation: Installation) -> None:
    """What suppliers say after the placeringar are there: list prices and an avtal, corrected."""
    hamta, posta = installation.klient.hamta, installation.posta
    for enhet in hamta("leverantor", "enheter", antal="100")["poster"]:
        if enhet["priser"]:
            forst = min(enhet["priser"])
            installation.klient.skicka(
                "leverantor",
                f"enheter/{enhet['id']}/priser",
                {"fran": forst, "dygnspris_ore": enhet["priser"][forst] + 7_000},
                etag=f'"{enhet["version"]}"',
            )
    for avtal in hamta("leverantor", "avtal", antal="100")["poster"][::5]:
        kvar = {namn: avtal[namn] for namn in ("enhet", "omrade", "fran", "till")}
        installation.klient.skicka(
            "leverantor",
            f"avtal/{avtal['id']}/rattelse",
            {**kvar, "dagrakning": "ankomst", "skal": "skrivfel"},
            etag=f'"{avtal["version"]}"',
        )
    posta("leverantor", "leverantorer", {"organisationsnummer": "556036-0793", "namn": "Sent AB"})


@pytest.fixture(scope="module")
def vagar(installationen: Installation, maklare: Maklare, fro: int) -> Iterator[Vagar]:
    kommun = exempelkommun(fro, PLACERINGAR, TOM)
    Scenario(installationen.klient, kommun, _tyst).kor()
    _sent_omsagt(installationen)
    databaser = installationen.databaser
    uppfoljning, kafka = databaser["uppfoljning"], Kafka(maklare.bootstrap)
    kallor: list[BlandadKalla] = []
    with ExitStack() as stack:
        # The scenario is measured; three more readers of it and all their answers are not.
        stack.enter_context(utan_matning())
        gar = {
            vag: stack.enter_context(lasare(uppfoljning, f"dygn_uppfoljning_{vag}"))
            for vag in ("direkt", "blandat", "kafka")
        }
        relan = [
            StreamProcess(publishing(utgivare, connector(databaser[namn].strom.conninfo()), kafka))
            for namn, utgivare in UTGIVARE.items()
        ]
        for rela in relan:
            stack.enter_context(_igang(rela))
        oppnar: dict[str, OpenUpstream] = {
            "direkt": ur_tabellerna(databaser),
            "blandat": _blandat(ur_tabellerna(databaser), fro, kallor),
            "kafka": from_kafka(kafka),
        }
        processer = {
            vag: stack.enter_context(matad(gar[vag].databas, oppna))
            for vag, oppna in oppnar.items()
        }
        minst = installationen.avgjort()
        ws = [en.avgjort(minst, _lagen(processer[vag], *relan)) for vag, en in gar.items()]
        yield Vagar(installationen, gar, kallor, min([minst, *ws]))


@contextmanager
def _igang(process: StreamProcess) -> Iterator[None]:
    process.start()
    try:
        yield
    finally:
        assert process.stop(30), process.health()


def _lagen(*processer: StreamProcess) -> Callable[[], object]:
    return lambda: [process.health() for process in processer]


def _blandat(oppna: OpenUpstream, fro: int, kallor: list[BlandadKalla]) -> OpenUpstream:
    def oppna_blandat(namn: str) -> OpenSource:
        return blandad(oppna(namn), random.Random(f"{fro} {namn}"), kallor)

    return oppna_blandat


def test_varje_vag_ger_samma_rapporter_byte_for_byte(vagar: Vagar) -> None:
    kand_per = vagar.w.isoformat()
    vantat = alla_svar(vagar.installation.las, kand_per, TOM)
    assert len(vantat) > 200
    assert '"slutlig": false' not in "".join(vantat.values())
    for vag, en in vagar.lasare.items():
        assert skillnader(vantat, alla_svar(en.las, kand_per, TOM)) == [], vag


def test_scenariot_ror_vid_det_som_kan_skilja(vagar: Vagar) -> None:
    """Else the comparison would be of little."""
    typer = {
        (namn, typ.rpartition(".")[2].split(":")[0])
        for namn in UTGIVARE
        for (typ,) in sql(vagar.installation.databaser[namn], "SELECT DISTINCT topic FROM handelse")
    }
    assert len(typer) >= 20, sorted(typer)
    assert sum(kalla.byten for kalla in vagar.kallor) > 50


def test_varje_vag_ger_samma_harledda_rader(vagar: Vagar) -> None:
    vantat = _harledda(vagar.installation.databaser["uppfoljning"].admin.conninfo())
    assert all(len(rader) > 10 for rader in vantat.values()), {
        tabell: len(rader) for tabell, rader in vantat.items()
    }
    for vag, en in vagar.lasare.items():
        fick = _harledda(en.databas.admin.conninfo())
        for tabell, rader in vantat.items():
            assert fick[tabell] == rader, (vag, tabell)


def _harledda(conninfo: str) -> dict[str, list[str]]:
    with psycopg.connect(conninfo, autocommit=True) as anslutning:
        return harledda(anslutning, KOMMUNKOD)


def test_varje_meddelande_ar_lagrat_en_gang_pa_varje_vag(vagar: Vagar) -> None:
    vantat = meddelanden(vagar.installation.databaser)
    for vag, en in vagar.lasare.items():
        assert en.rafakta() == vantat, vag
        assert en.ostadat() == {}, vag
