"""Embedded mode: the same inbox, fed from the upstream event table by the same mapping."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from services.chassis.streams import consuming
from services.chassis.streams.consuming import InboxWorker
from services.chassis.streams.process import Consumption, StreamProcess
from services.chassis.streams.process import consuming as mottagande
from services.chassis.streams.settled import settled
from services.chassis.streams.source import Delivery, Reader, Source
from tests.chassis.streams.provdatabas import Lager
from tests.chassis.streams.provkontrakt import Sakvikning, pris, sak
from tests.chassis.streams.provlasning import KONSUMENT, Lasning, ny_inkorg
from tests.chassis.streams.provprocess import (
    del_av,
    igang,
    mottagarprocess,
    ur_tabell,
    utgivarprocess,
)
from tests.stod.vanta import eventually


def test_allt_kommer_fram_och_w_stiger_i_en_strom_som_vilar(
    lager: Lager, mottagare: Lager, tjanst: str
) -> None:
    avtal, ting = uuid4(), [uuid4() for _ in range(10)]
    utgivning = utgivarprocess(lager, tjanst, None)
    mottagning = mottagarprocess(mottagare, tjanst, ur_tabell(lager, tjanst))
    with igang(utgivning, mottagning), mottagare.connect() as connection:
        for t in ting:
            lager.spara(sak(sak=t, avtal=avtal, antal=2))
        lager.spara(pris(avtal, 21))
        eventually(lambda: mottagare.summor() == {str(t): 42 for t in ting}, 20)

        def w() -> object:
            return settled(connection, KONSUMENT, [f"dygn.{tjanst}.v1"], "1490").w

        forsta = eventually(w, 10, "inget W")
        eventually(lambda: (w() or forsta) != forsta, 10, "W stiger inte")
        assert mottagning.health().ready
        assert utgivning.health().ready
        assert del_av(mottagning, f"inkorg {tjanst}").matt["efter"] == 0
    assert {report.lage for report in mottagning.health().delar} == {"stannad"}


def test_brutna_forbindelser_lakas_av_sig_sjalva(
    lager: Lager, mottagare: Lager, tjanst: str
) -> None:
    ting = uuid4()
    mottagning = mottagarprocess(mottagare, tjanst, ur_tabell(lager, tjanst))
    with igang(utgivarprocess(lager, tjanst, None), mottagning):
        for varv in range(1, 11):
            lager.spara(sak(sak=ting))
            for databas in (lager, mottagare):
                databas.gor(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            eventually(
                lambda: mottagare.fraga("SELECT fakta FROM sakrad") == [(varv,)],  # noqa: B023
                20,
                f"varv {varv} kommer inte fram",
            )


class _Dov:
    """A source whose client hears nothing, though it believes itself well."""

    def __init__(self, kalla: Source) -> None:
        self.topic = kalla.topic
        self.owned, self.pause, self.paused = kalla.owned, kalla.pause, kalla.paused

    def poll(self, seconds: float) -> Delivery:
        time.sleep(seconds)
        return Delivery()


def test_en_kalla_som_tystnat_oppnas_pa_nytt(lager: Lager, mottagare: Lager, tjanst: str) -> None:
    ting, oppnade = uuid4(), list[bool]()

    @contextmanager
    def oppna(reader: Reader) -> Iterator[Source]:
        with ur_tabell(lager, tjanst)(reader) as kalla:
            oppnade.append(True)
            yield _Dov(kalla) if len(oppnade) < 3 else kalla

    lager.spara(sak(sak=ting))
    inkorg = InboxWorker(
        tjanst,
        ny_inkorg(),
        mottagare.connect,
        oppna,
        poll_seconds=0.05,
        silent_seconds=0.5,
        reopen_seconds=1.0,
    )
    mottagning = StreamProcess([inkorg])
    with igang(utgivarprocess(lager, tjanst, None), mottagning):
        eventually(lambda: del_av(mottagning, inkorg.name).lage == "fel", 20)
        eventually(lambda: mottagare.fraga("SELECT pos FROM rafakta") == [(1,)], 20)
        eventually(lambda: del_av(mottagning, inkorg.name).lage == "igang", 20)
    assert len(oppnade) == 3


def test_kallan_gar_vidare_fran_den_styrpost_som_ar_natt(lasning: Lasning) -> None:
    """What lies between the kept control record and the marks comes again and is passed over."""
    ting = [uuid4() for _ in range(8)]
    lasning.kalla.spara(*(sak(sak=t) for t in ting))
    lasning.allt()
    lasning.kalla.spara(*(sak(sak=t) for t in ting))
    batches, _ = lasning.bunt()
    lasning.ta(batches[:2])
    mottagning = mottagarprocess(
        lasning.mottagare, lasning.tjanst, ur_tabell(lasning.kalla, lasning.tjanst)
    )
    with igang(mottagning):
        eventually(lambda: lasning.mottagare.fraga("SELECT pos FROM styrpost") == [(16,)], 20)
    assert lasning.rafakta() == [(pos, 0) for pos in range(1, 17)]


def test_en_aterstalld_kalla_vagras(lasning: Lasning) -> None:
    """The upstream database lost its last transactions and gave their positions away again."""
    kvar, ny = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=kvar))
    lasning.kalla.spara(sak())
    lasning.allt()
    lasning.kalla.gor("DELETE FROM handelse WHERE pos = 2")
    lasning.kalla.gor(
        "UPDATE strom SET pos = 1, kedja = (SELECT kedja FROM handelse WHERE pos = 1)"
    )
    lasning.kalla.spara(sak(sak=ny))
    mottagning = mottagarprocess(
        lasning.mottagare, lasning.tjanst, ur_tabell(lasning.kalla, lasning.tjanst)
    )
    namn = f"inkorg {lasning.tjanst}"
    with igang(mottagning):
        eventually(lambda: del_av(mottagning, namn).lage == "vagrar", 20)
        assert "ny-epok" in (del_av(mottagning, namn).text or "")
        assert not mottagning.health().ready
        lasning.kalla.gor("UPDATE strom SET epok = 2")
        eventually(lambda: del_av(mottagning, namn).lage == "igang", 20)
        eventually(lambda: lasning.mottagare.fraga("SELECT epok, pos FROM styrpost") == [(2, 2)])
        # What is read is not yet folded: a part of its own does that.
        eventually(lambda: lasning.mottagare.fraga("SELECT count(*) FROM smutsig") == [(0,)])
    assert len(lasning.rafakta()) == 2
    assert set(lasning.mottagare.summor()) == {str(kvar), str(ny)}


def test_omblandade_nycklar_ger_samma_vy(lasning: Lasning) -> None:
    """The embedded source has total order; Kafka's partitions do not."""
    avtal, ting = [uuid4() for _ in range(3)], [uuid4() for _ in range(9)]
    for varv in range(4):
        lasning.kalla.spara(*(sak(sak=t, avtal=avtal[n % 3]) for n, t in enumerate(ting)))
        lasning.kalla.spara(*(pris(a, 10 * varv + n) for n, a in enumerate(avtal)))
    batches, _ = lasning.bunt()
    assert set(lasning.ta(list(reversed(batches)))) == {"tillampad"}
    lasning.vik()
    assert lasning.mottagare.summor() == {str(t): 4 * (30 + n % 3) for n, t in enumerate(ting)}


def test_en_stoppad_partition_hindrar_inte_de_andra_och_syns(
    lager: Lager, mottagare: Lager, tjanst: str
) -> None:
    ting = [UUID(int=n) for n in range(12)]  # in all four partitions
    lager.spara(*(sak(sak=t) for t in ting))
    kalla = ur_tabell(lager, tjanst)
    mottagning = mottagarprocess(mottagare, tjanst, kalla)
    with igang(mottagning):
        eventually(lambda: len(mottagare.summor()) == 12, 20)
        mottagare.gor('UPDATE inkorg SET "index" = 7, pos = 0 WHERE partition = 1')
        lager.spara(*(sak(sak=t) for t in ting))
        namn = f"inkorg {tjanst}"
        eventually(lambda: del_av(mottagning, namn).matt.get("stannade") == 1, 20)
        assert not mottagning.health().ready
        eventually(
            lambda: (
                mottagare.fraga("SELECT lage FROM inkorg ORDER BY partition")
                == [("oppen",), ("lucka",), ("oppen",), ("oppen",)]
            ),
            20,
        )


class _Iakttagen(Sakvikning):
    """Remembers how many facts were stored at each fold."""

    def __init__(self) -> None:
        self.lagrade: list[int] = []

    def fold(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> None:
        rad = connection.execute("SELECT count(*) FROM rafakta").fetchone()
        assert rad is not None
        self.lagrade.append(rad[0])
        super().fold(connection, kommunkod, slag, amnen)


def test_det_som_fanns_fore_lasningen_viks_en_gang_nar_allt_ar_inne(
    lager: Lager, mottagare: Lager, tjanst: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "REPLAY_FROM", 20)
    sak_, antal = uuid4(), 200
    for _ in range(antal):
        lager.spara(sak(sak=sak_))
    vikning = _Iakttagen()
    lasning = Consumption(tjanst, ny_inkorg(vikning), ur_tabell(lager, tjanst, batch=5))
    with igang(StreamProcess(mottagande([lasning], vikning, mottagare.connect))):
        eventually(lambda: mottagare.fraga("SELECT fakta FROM sakrad") == [(antal,)], 20)
        assert vikning.lagrade == [antal]
        lager.spara(sak(sak=sak_))
        eventually(lambda: mottagare.fraga("SELECT fakta FROM sakrad") == [(antal + 1,)], 20)
