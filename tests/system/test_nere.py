"""Database down, broker down: what a caller is told, and that all goes on by itself afterwards."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from dygn.inbyggd.kafka import Kafka
from dygn.inbyggd.postgres import Postgres
from dygn.klient import TJANSTER, token
from services.chassis.auth.roles import Roll
from tests.stod.vanta import eventually
from tests.system.installation import TALAMOD, Installation, antal_handelser, installation

KLIENT = {"kon": "K", "fodelsedatum": "2012-02-29"}
AR = {"fran": "2024-01-01", "till": "2024-12-31"}


class Anrop(httpx.Client):
    """A caller that tries nothing twice: what is answered is what is seen."""

    def __init__(self, inst: Installation) -> None:
        bevis = token(inst.inbyggd.katalog, list(Roll))
        super().__init__(
            base_url=inst.inbyggd.url, headers={"Authorization": f"Bearer {bevis}"}, timeout=60
        )

    def posta_klient(self, nyckel: str | None = None) -> httpx.Response:
        """A command, with a key of its own or a given one."""
        return self.post(
            "/placering/v1/klienter",
            json=KLIENT,
            headers={"Idempotency-Key": nyckel or uuid4().hex},
        )

    def strommar(self) -> list[dict[str, Any]]:
        """Every part of the stream processes."""
        return [en for delar in self.get("/strommar").json().values() for en in delar]


@contextmanager
def _igang(*, kafka: bool) -> Iterator[tuple[Installation, Anrop, ExitStack]]:
    """An installation, a caller, and a stack for servers that a test starts in its place."""
    with ExitStack() as servrar, installation(kafka=kafka) as inst, Anrop(inst) as anrop:
        yield inst, anrop, servrar


def test_med_databasen_nere_svarar_allt_503_och_gar_sedan_vidare_av_sig_sjalvt() -> None:
    with _igang(kafka=False) as (inst, anrop, servrar):
        anrop.posta_klient().raise_for_status()
        inst.ikapp()
        # The server is the catalogue's: whoever holds the catalogue may stop and start it.
        postgres = Postgres(inst.inbyggd.katalog)
        postgres.stoppa_kvarleva()
        nyckel = uuid4().hex
        for svar in (
            anrop.posta_klient(nyckel),
            anrop.get("/placering/v1/klienter"),
            anrop.get("/uppfoljning/v1/rapporter/dygnskostnader", params=AR),
        ):
            assert svar.status_code == 503, svar.text
            assert int(svar.headers["Retry-After"]) > 0
            assert svar.headers["content-type"] == "application/problem+json"
        for tjanst in TJANSTER:
            redo = anrop.get(f"/{tjanst}/readyz")
            assert (redo.status_code, redo.json()["status"]) == (503, "inte redo")
            assert redo.headers["Retry-After"]
            assert anrop.get(f"/{tjanst}/livez").status_code == 200
        eventually(
            lambda: anrop.get("/strommar/readyz").status_code == 503, 60, "strömmarna är redo"
        )
        servrar.callback(postgres.stop)
        postgres.start()
        # The same command again, as a caller does that was told to come back.
        eventually(lambda: anrop.posta_klient(nyckel).status_code == 201, TALAMOD, "inte 201")
        assert anrop.posta_klient(nyckel).status_code == 201
        for vag in (*(f"/{tjanst}/readyz" for tjanst in TJANSTER), "/strommar/readyz"):
            eventually(lambda vag=vag: anrop.get(vag).status_code == 200, TALAMOD, vag)
        inst.ikapp()
        assert antal_handelser(inst.databaser["placering"]) == 2
        assert len(anrop.get("/placering/v1/klienter").json()["poster"]) == 2


@pytest.fixture
def genom_kafka() -> Iterator[tuple[Installation, Anrop, ExitStack]]:
    with _igang(kafka=True) as igang:
        yield igang


def test_med_maklaren_nere_tas_kommandon_emot_och_slapar_strommen_synligt(
    genom_kafka: tuple[Installation, Anrop, ExitStack],
) -> None:
    inst, anrop, servrar = genom_kafka
    anrop.posta_klient().raise_for_status()
    inst.ikapp()
    assert anrop.get("/strommar/readyz").status_code == 200
    instans = inst.inbyggd.katalog.instans()
    assert instans is not None
    assert instans.kafka is not None
    port = int(instans.kafka.rpartition(":")[2])
    maklare = Kafka(inst.inbyggd.katalog)
    maklare.stoppa_kvarleva()
    for _ in range(5):
        assert anrop.posta_klient().status_code == 201
    assert anrop.get("/placering/readyz").status_code == 200
    skal = eventually(
        lambda: [rad for rad in _skal(anrop) if rad.startswith("placering: relä")],
        TALAMOD,
        "strömmen säger inget om mäklaren",
    )
    assert skal
    eventually(
        lambda: [en for en in anrop.strommar() if en["matt"].get("efter", 0) > 0],
        TALAMOD,
        lambda: f"eftersläpningen syns inte: {anrop.strommar()}",
    )
    servrar.callback(maklare.stop)
    maklare.start(port=port)
    eventually(lambda: anrop.get("/strommar/readyz").status_code == 200, TALAMOD, "inte redo igen")
    inst.ikapp()
    assert antal_handelser(inst.databaser["placering"]) == 6
    svar = inst.las("rapporter/evb", per="2024-01-01", lag="SoL")["underlag"]
    assert {strom["strom"]: strom["pos"] for strom in svar["strommar"]}["placering"] == 6


def _skal(anrop: Anrop) -> list[str]:
    skal: list[str] = anrop.get("/strommar/readyz").json().get("skal", [])
    return skal
