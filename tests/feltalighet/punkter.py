"""Named places in the product at which a process dies, freezes, or loses its connection.

No hook for this is in the product: a place is a function or method that is wrapped, in a process of
the test's own, so that its n:th passing does what is to happen. What is named here must be there
(:func:`satt` raises otherwise) and be passed (the test of the place waits for it), so a place that
was renamed or is no longer reached is noticed.
"""

import functools
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import psycopg
from kafka.errors import KafkaTimeoutError

Slag = Literal["api", "rela", "inkorg", "vikning", "ombygge", "migrering"]
"""The part that passes the place."""
Handling = Literal["dor", "fryser", "tappar"]
"""kill -9; SIGSTOP; the answer is lost although what was asked for has been done."""
Passerad = Callable[[tuple[Any, ...], Any], bool]
"""Arguments and result of a call (``None`` before it) → whether it counts as a passing."""

_EGNA = ("services.", "contracts.", "dygn.")


@dataclass(frozen=True, slots=True)
class Punkt:
    """``var`` is ``module:attribute`` or ``module:Class.attribute``.

    ``efter``: once the call has returned, else before it. The passing at which it happens is drawn
    from ``tidigast`` to ``senast``. ``paus``: seconds between the passing and what happens, so that
    what was handed to another thread has left.
    """

    namn: str
    slag: Slag
    var: str
    betyder: str
    efter: bool = True
    tidigast: int = 1
    senast: int = 4
    paus: float = 0.0
    galler: Passerad = lambda _argument, _svar: True
    vid_start: bool = False
    """Passed when the part begins, and hardly again."""


def _nagot(_argument: tuple[Any, ...], svar: Any) -> bool:
    return bool(svar)


def _inget(_argument: tuple[Any, ...], svar: Any) -> bool:
    return svar is None


def _leverans(_argument: tuple[Any, ...], svar: Any) -> bool:
    return bool(svar.batches)


def _nagra(argument: tuple[Any, ...], _svar: Any) -> bool:
    """(connection, kinds, subjects or facts): there are some."""
    return bool(argument[2])


def _sats(*bitar: str) -> Passerad:
    """The statement (of ``Connection.execute``) has every one of these in its text."""

    def galler(argument: tuple[Any, ...], _svar: Any) -> bool:
        sats = argument[1]
        if isinstance(sats, psycopg.sql.Composable):
            sats = sats.as_string(None)
        text = sats.decode() if isinstance(sats, bytes) else str(sats)
        return all(bit in text for bit in bitar)

    return galler


_EXEKVERA = "psycopg:Connection.execute"
_STROMMAR = "services.chassis.streams"

PUNKTER = (
    # -- command → event table ----------------------------------------------------------------
    Punkt(
        "api.fore_beslut",
        "api",
        "services.chassis.store.writer:Writer._round",
        "the command has come and nothing has been decided",
        efter=False,
    ),
    Punkt(
        "api.handelser_utan_lage",
        "api",
        "services.chassis.store.append:_insert_events",
        "events are on their way to the database, the stream row and the key are not",
    ),
    Punkt(
        "api.fore_commit",
        "api",
        "services.chassis.store.append:_store",
        "all is on its way to the database, the commit is not",
    ),
    Punkt(
        "api.efter_commit",
        "api",
        "services.chassis.store.writer:append",
        "committed, and nobody has been told",
    ),
    Punkt(
        "api.fore_svar",
        "api",
        "services.chassis.http.commands:receipt",
        "the answer is made and has not left",
    ),
    # -- event table → Kafka ------------------------------------------------------------------
    Punkt(
        "rela.har_laset",
        "rela",
        f"{_STROMMAR}.relay:ensure_topics",
        "the relay has its lock and has not begun",
        efter=False,
        senast=1,
        vid_start=True,
    ),
    Punkt(
        "rela.har_stangt_ute",
        "rela",
        f"{_STROMMAR}.relay:last_control",
        "whoever was before is fenced out, the position is not read",
        efter=False,
        senast=1,
        vid_start=True,
    ),
    Punkt(
        "rela.skickat_utan_styrpost",
        "rela",
        f"{_STROMMAR}.relay:encode_control",
        "messages have left, the control record has not",
        efter=False,
        paus=0.1,
    ),
    Punkt(
        "rela.fore_commit",
        "rela",
        f"{_STROMMAR}.relay:commit",
        "messages and control record lie in Kafka, uncommitted",
        efter=False,
    ),
    Punkt(
        "rela.mitt_i_commit",
        "rela",
        "kafka.producer.transaction_manager:TransactionManager.begin_commit",
        "the commit is on its way to Kafka",
        paus=0.003,
    ),
    Punkt(
        "rela.efter_commit",
        "rela",
        f"{_STROMMAR}.relay:commit",
        "committed in Kafka, before the copy of the position",
    ),
    Punkt(
        "rela.efter_kopian",
        "rela",
        f"{_STROMMAR}.relay:Relay._copy_position",
        "a whole step is done",
    ),
    Punkt(
        "rela.pulsen_hojd",
        "rela",
        f"{_STROMMAR}.relay:raise_registrerad",
        "the stream's instant is raised and not published",
        galler=_nagot,
        senast=2,
    ),
    # -- Kafka → facts ------------------------------------------------------------------------
    Punkt(
        "inkorg.hamtat",
        "inkorg",
        f"{_STROMMAR}.kafka_source:KafkaSource.poll",
        "messages are fetched and not stored",
        galler=_leverans,
    ),
    Punkt(
        "inkorg.har_raden",
        "inkorg",
        f"{_STROMMAR}.inbox:Inbox._lock",
        "the partition's row is locked",
    ),
    Punkt(
        "inkorg.rafakta_utan_smuts",
        "inkorg",
        _EXEKVERA,
        "raw facts are written, their subjects are not marked dirty",
        galler=_sats("INSERT INTO rafakta "),
    ),
    Punkt(
        "inkorg.fakta_utan_marke",
        "inkorg",
        f"{_STROMMAR}.inbox:store_facts",
        "facts and dirty marks are written, the partition's mark is not",
        galler=_nagra,
    ),
    Punkt(
        "inkorg.fore_commit",
        "inkorg",
        f"{_STROMMAR}.inbox:Inbox._write",
        "facts, mark and offset are written, nothing is committed",
    ),
    Punkt(
        "inkorg.efter_commit",
        "inkorg",
        f"{_STROMMAR}.inbox:Inbox.apply",
        "facts are committed and nothing is folded",
    ),
    Punkt(
        "inkorg.vattenmarke_fore_commit",
        "inkorg",
        f"{_STROMMAR}.standing:_keep",
        "the watermark is moved, not committed",
    ),
    Punkt(
        "inkorg.vattenmarke_efter_commit",
        "inkorg",
        f"{_STROMMAR}.inbox:Inbox.reach",
        "the watermark is moved",
    ),
    # -- facts → derived rows -----------------------------------------------------------------
    Punkt(
        "vikning.tagit",
        "vikning",
        f"{_STROMMAR}.folding:FoldingWorker._take",
        "dirty subjects are taken and not folded",
        galler=_nagot,
    ),
    Punkt(
        "vikning.utvidgning_last",
        "vikning",
        "services.uppfoljning.streams.incoming:Uppfoljningsvikning.expand",
        "the users of a price list or an avtal are found and not marked",
        galler=_nagot,
        senast=2,
    ),
    Punkt(
        "vikning.mitt_i_utvidgning",
        "vikning",
        f"{_STROMMAR}.folding:mark_dirty",
        "the users are marked dirty, the price list is still dirty too",
        galler=_nagra,
        senast=2,
    ),
    Punkt(
        "vikning.raderat",
        "vikning",
        _EXEKVERA,
        "a subject's rows are deleted and the new ones not inserted",
        galler=_sats("DELETE FROM", "kostnadsintervall"),
    ),
    Punkt(
        "vikning.en_tabell_av_flera",
        "vikning",
        _EXEKVERA,
        "one table has its new rows, the others have their old",
        galler=_sats("INSERT INTO", "kostnadsintervall"),
    ),
    Punkt(
        "vikning.fore_commit",
        "vikning",
        f"{_STROMMAR}.folding:FoldingWorker._fold",
        "folded and cleaned, not committed",
    ),
    Punkt(
        "vikning.efter_commit",
        "vikning",
        f"{_STROMMAR}.folding:FoldingWorker._fold_chunk",
        "a chunk is folded and committed",
        galler=_nagot,
    ),
    # -- rebuild ------------------------------------------------------------------------------
    Punkt(
        "ombygge.bygget_gjort",
        "ombygge",
        f"{_STROMMAR}.build_schema:_create",
        "the new build's tables are made, not committed",
        senast=1,
        vid_start=True,
    ),
    Punkt(
        "ombygge.halvlast",
        "ombygge",
        f"{_STROMMAR}.inbox:Inbox.apply",
        "some of the stream is read into the new build",
        senast=2,  # the suppliers' stream may lie in few partitions
        vid_start=True,
    ),
    Punkt(
        "ombygge.halvvikt",
        "ombygge",
        f"{_STROMMAR}.folding:FoldingWorker._fold_chunk",
        "some of the new build is folded",
        galler=_nagot,
        senast=2,
        vid_start=True,
    ),
    Punkt(
        "ombygge.tar_over",
        "ombygge",
        f"{_STROMMAR}.take_over:_in_transaction",
        "the new build has taken over from the old, not committed",
        senast=1,
        vid_start=True,
    ),
    Punkt(
        "ombygge.har_tagit_over",
        "ombygge",
        f"{_STROMMAR}.rebuilding:take_over",
        "the new build is read, and nobody has been told",
        galler=_inget,
        senast=1,
        vid_start=True,
    ),
    Punkt(
        "ombygge.ny_epok_glomt",
        "inkorg",
        f"{_STROMMAR}.rebuild:_forget",
        "a new epok has come, the old one's facts are deleted, nothing is committed",
        senast=1,
    ),
    Punkt(
        "ombygge.ny_epok_efter_commit",
        "inkorg",
        f"{_STROMMAR}.inbox:rebuild_for_epok",
        "the old epok's facts are gone and the new one is not read",
        senast=1,
    ),
    # -- migration ----------------------------------------------------------------------------
    Punkt(
        "migrering.mitt_i",
        "migrering",
        "services.chassis.migration.roles:protect",
        "some tables are made",
        senast=4,
        vid_start=True,
    ),
    Punkt(
        "migrering.fore_commit",
        "migrering",
        "alembic.runtime.migration:HeadMaintainer.update_to_step",
        "a version is made and written down, not committed",
        senast=1,
        vid_start=True,
    ),
    Punkt(
        "migrering.mellan_versioner",
        "migrering",
        "alembic.runtime.migration:HeadMaintainer.update_to_step",
        "the first version is committed, the second is not",
        efter=False,
        tidigast=2,
        senast=2,
        vid_start=True,
    ),
)

PUNKT = {punkt.namn: punkt for punkt in PUNKTER}


def satt(punkt: Punkt, nummer: int, handling: Handling, sag: Callable[[], None]) -> None:
    """Let it happen at the ``nummer``:th passing from now, once; ``sag`` is called just before."""
    agare, namn = _hitta(punkt.var)
    inre = getattr(agare, namn)
    las = threading.Lock()
    kvar = nummer

    def passerad(argument: tuple[Any, ...], svar: Any) -> None:
        nonlocal kvar
        if kvar <= 0 or not punkt.galler(argument, svar):
            return
        with las:
            kvar -= 1
            traff = kvar == 0
        if traff:
            sag()
            time.sleep(punkt.paus)
            _gor(handling, argument)

    @functools.wraps(inre)
    def omslag(*argument: Any, **namngivna: Any) -> Any:
        if not punkt.efter:
            passerad(argument, None)
        svar = inre(*argument, **namngivna)
        if punkt.efter:
            passerad(argument, svar)
        return svar

    _byt(agare, namn, inre, omslag)


def _hitta(var: str) -> tuple[Any, str]:
    modul, _, vag = var.partition(":")
    agare: Any = importlib.import_module(modul)
    *klasser, namn = vag.split(".")
    for klass in klasser:
        agare = getattr(agare, klass)
    return agare, namn


def _byt(agare: Any, namn: str, inre: Any, omslag: Any) -> None:
    """A function is known by name in the modules that import it, too."""
    setattr(agare, namn, omslag)
    if isinstance(agare, ModuleType):
        for modul in [en for namnet, en in sys.modules.items() if namnet.startswith(_EGNA)]:
            if getattr(modul, namn, None) is inre:
                setattr(modul, namn, omslag)


def _gor(handling: Handling, argument: tuple[Any, ...]) -> None:
    if handling == "dor":
        os.kill(os.getpid(), signal.SIGKILL)
    elif handling == "fryser":
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        _tappa(argument)


def _tappa(argument: tuple[Any, ...]) -> None:
    """The connection is gone: what was done is done, but whoever asked is not told."""
    for ett in argument:
        if isinstance(ett, psycopg.Connection):
            ett.close()
            raise psycopg.OperationalError("anslutningen bröts (prov)")
    raise KafkaTimeoutError("svaret kom aldrig (prov)")
