"""Folding after the commit: no interleaving leaves derived rows that miss a committed fact."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from services.chassis.streams.facts import judge, store_facts
from services.chassis.streams.folding import FoldingWorker
from services.chassis.streams.message import Message, parse
from tests.chassis.streams.provkontrakt import Provregister, Sakvikning, pris, sak
from tests.chassis.streams.provlasning import Lasning
from tests.stod.vanta import eventually


def _meddelanden(lasning: Lasning) -> list[Message]:
    batches, _ = lasning.bunt()
    return sorted(
        (message for batch in batches for message in batch.messages),
        key=lambda message: message.offset or 0,
    )


def _spara_fakta(connection: psycopg.Connection[Any], message: Message) -> None:
    fact = judge(message, parse(message), Provregister(), Sakvikning())
    store_facts(connection, Sakvikning.kinds, [fact])


@contextmanager
def _tva_transaktioner(
    lasning: Lasning,
) -> Iterator[tuple[psycopg.Connection[Any], psycopg.Connection[Any]]]:
    with (
        lasning.mottagare.connect() as ena,
        lasning.mottagare.connect() as andra,
        ena.transaction(),
        andra.transaction(),
    ):
        yield ena, andra


def test_sak_och_pris_i_tva_transaktioner_pa_en_gang_ger_ratt_summa(lasning: Lasning) -> None:
    avtal, ting = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=ting, avtal=avtal, antal=2), pris(avtal, 50))
    saken, priset = _meddelanden(lasning)
    with _tva_transaktioner(lasning) as (ena, andra):
        _spara_fakta(ena, saken)
        _spara_fakta(andra, priset)
    lasning.vik()
    assert lasning.mottagare.summor() == {str(ting): 100}
    assert lasning.mottagare.fraga("SELECT * FROM smutsig") == []


def test_vikning_inne_i_transaktionen_skulle_ge_fel_summa_for_alltid(lasning: Lasning) -> None:
    """Why the fold waits for the commit: the rule taken out, the same interleaving goes wrong."""
    avtal, ting = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=ting, avtal=avtal, antal=2), pris(avtal, 50))
    saken, priset = _meddelanden(lasning)
    vikare = FoldingWorker(Sakvikning(), lasning.mottagare.connect)
    with _tva_transaktioner(lasning) as (ena, andra):
        _spara_fakta(ena, saken)
        _spara_fakta(andra, priset)
        vikare.fold_waiting(ena)
        vikare.fold_waiting(andra)
    lasning.vik()
    assert lasning.mottagare.summor() == {str(ting): 0}


class _Stannar(Sakvikning):
    """Stops between what it read and the end of its transaction, until told to go on."""

    def __init__(self) -> None:
        self.last, self.vidare = threading.Event(), threading.Event()

    def fold(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> None:
        super().fold(connection, kommunkod, slag, amnen)
        if slag == "sak" and not self.last.is_set():
            self.last.set()
            assert self.vidare.wait(20)


@contextmanager
def _i_trad(arbete: Any, *argument: Any) -> Iterator[threading.Thread]:
    tappat: list[BaseException] = []

    def kor() -> None:
        try:
            arbete(*argument)
        except BaseException as fel:
            tappat.append(fel)

    trad = threading.Thread(target=kor)
    trad.start()
    yield trad
    trad.join(20)
    assert not trad.is_alive()
    assert not tappat, tappat


def test_ett_faktum_som_kommer_medan_vikningen_pagar_viks_ocksa(lasning: Lasning) -> None:
    avtal, ting = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=ting, avtal=avtal, antal=1), pris(avtal, 10))
    lasning.ta(lasning.bunt()[0])
    lasning.kalla.spara(sak(sak=ting, avtal=avtal, antal=4))
    senare, _ = lasning.bunt()
    stannar = _Stannar()
    with lasning.mottagare.connect() as vikarens:
        vikare = FoldingWorker(stannar, lasning.mottagare.connect)
        with _i_trad(vikare.fold_waiting, vikarens):
            assert stannar.last.wait(10)
            with _i_trad(lasning.ta, senare):
                eventually(lambda: _nagon_vantar(lasning), 10, "inkorgen väntar inte på vikningen")
                stannar.vidare.set()
    lasning.vik()
    assert lasning.mottagare.summor() == {str(ting): 50}


def _nagon_vantar(lasning: Lasning) -> bool:
    return bool(
        lasning.mottagare.fraga(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
    )


def test_tva_vikare_viker_aldrig_samma_amne_samtidigt(lasning: Lasning) -> None:
    lasning.kalla.spara(sak())
    lasning.ta(lasning.bunt()[0])
    stannar = _Stannar()
    vikare = FoldingWorker(stannar, lasning.mottagare.connect)
    with lasning.mottagare.connect() as ena, _i_trad(vikare.fold_waiting, ena):
        assert stannar.last.wait(10)
        assert lasning.vik() == 0
        stannar.vidare.set()
    assert lasning.mottagare.fraga("SELECT * FROM smutsig") == []


def test_manga_vikare_och_inkorgar_pa_en_gang_ger_ratt_summor(lasning: Lasning) -> None:
    avtal = [uuid4() for _ in range(5)]
    ting = [uuid4() for _ in range(10)]
    for varv in range(10):
        lasning.kalla.spara(*(sak(sak=t, avtal=avtal[n % 5]) for n, t in enumerate(ting)))
        lasning.kalla.spara(*(pris(a, varv + n) for n, a in enumerate(avtal)))
    batches, _ = lasning.bunt()
    klar = threading.Event()

    def vik_tills_klar() -> None:
        with lasning.mottagare.connect() as connection:
            vikare = FoldingWorker(Sakvikning(), lasning.mottagare.connect, chunk=3)
            while not klar.is_set():
                vikare.fold_waiting(connection)

    with _i_trad(vik_tills_klar), _i_trad(vik_tills_klar):
        for batch in batches:
            for message in batch.messages:
                lasning.ta([_ensam(batch, message)])
        klar.set()
    lasning.vik()
    assert lasning.mottagare.summor() == {str(t): 10 * (9 + n % 5) for n, t in enumerate(ting)}


def _ensam(batch: Any, message: Message) -> Any:
    assert message.offset is not None
    return type(batch)(
        batch.topic, batch.topic_id, batch.partition, 0, message.offset + 1, [message]
    )


class _Vagrar(Sakvikning):
    def __init__(self, vagrat: str) -> None:
        self.vagrat = vagrat

    def fold(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> None:
        if self.vagrat in amnen:
            raise RuntimeError("går inte att räkna")
        super().fold(connection, kommunkod, slag, amnen)


def test_ett_amne_som_inte_kan_vikas_haller_w_och_hindrar_ingen_annan(lasning: Lasning) -> None:
    trasig, hel = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=hel), sak(sak=trasig))
    lasning.kalla.spara(sak(sak=hel))
    batches, control = lasning.bunt()
    lasning.ta(batches)
    lasning.inkorg.reach(lasning.connection, lasning.topic, [control])
    lasning.vik(_Vagrar(str(trasig)))
    assert set(lasning.mottagare.summor()) == {str(hel)}
    [(amne, fel, forsok)] = lasning.mottagare.fraga("SELECT amne, fel, forsok FROM smutsig")
    assert (amne, forsok) == (str(trasig), 1)
    assert fel == "RuntimeError: går inte att räkna"
    [limit] = lasning.w().explain()
    assert limit.slag == "smutsig"
    assert "går inte att räkna" in limit.vad
    assert lasning.w().w != control.registrerad
    lasning.kalla.spara(sak(sak=trasig))
    lasning.allt()
    assert set(lasning.mottagare.summor()) == {str(hel), str(trasig)}


def test_ett_overgaende_fel_far_inget_amne_att_se_trasigt_ut(lasning: Lasning) -> None:
    class Bryts(Sakvikning):
        def fold(self, connection: psycopg.Connection[Any], *_: Any) -> None:
            raise psycopg.OperationalError("förbindelsen bröts")

    lasning.kalla.spara(sak())
    lasning.ta(lasning.bunt()[0])
    with pytest.raises(psycopg.OperationalError):
        lasning.vik(Bryts())
    assert lasning.mottagare.fraga("SELECT fel, forsok FROM smutsig") == [(None, 0)]


def test_ett_amne_far_bara_sprida_sig_till_senare_slag(lasning: Lasning) -> None:
    """An order of locks for all: without it inbox and workers could wait for each other."""

    class Bakat(Sakvikning):
        kinds = ("sak", "avtal")

    avtal = uuid4()
    lasning.kalla.spara(sak(avtal=avtal), pris(avtal, 1))
    lasning.ta(lasning.bunt()[0])
    lasning.vik(Bakat())
    [(fel,)] = lasning.mottagare.fraga("SELECT fel FROM smutsig")
    assert "not a later kind" in fel
