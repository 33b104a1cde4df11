"""The check of a whole installation: where it is, what is checked, and the receipts of final sums.

Guarantees that nothing but addresses differs between an embedded installation (found through its
catalogue) and one on a cluster (named by the environment: ``DYGN_<TJÄNST>_STREAM_DATABASE_URL`` for
each service and ``DYGN_KAFKA_BOOTSTRAP``), and that a receipt is stored only when everything
agreed: else the fault of today would be the truth of tomorrow.

Every database is reached as its service's stream role, the least of the roles that sees every
kommun; what it reads, it reads in transactions that the database keeps from writing.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dygn.fel import DygnFel
from dygn.inbyggd.databaser import beskriv
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.inbyggd.tjanster import TJANSTER
from services.chassis.kontroll.audit import Checked, audit
from services.chassis.kontroll.findings import Findings, Progress
from services.chassis.kontroll.snapshot import Snapshot, connect
from services.chassis.streams.kafka_client import Kafka
from services.uppfoljning.process import PARTS
from services.uppfoljning.views import kontrollsummor
from services.uppfoljning.views.kontrollsummor import Kvitto

UPPFOLJNING = "uppfoljning"


@dataclass(frozen=True, slots=True)
class Var:
    """Where an installation is: its databases as the stream role, its broker if there is one."""

    databaser: Mapping[str, str]
    kafka: str | None


def finn(katalog: Path | None, miljo: Mapping[str, str] = os.environ) -> Var:
    """The installation that runs in the catalogue, or that the environment names.

    A catalogue that is named goes before the environment. DygnFel where nothing runs.
    """
    if katalog is None and (utpekad := ur_miljon(miljo)):
        return utpekad
    plats = Katalog(katalog)
    instans = plats.instans()
    if instans is None:
        raise DygnFel(
            f"Ingen installation är igång i {plats.mapp}. "
            "Starta den med `dygn starta`, eller peka ut en annan katalog med --katalog DIR."
        )
    admin = Postgres(plats).admin
    return Var(
        {tjanst.namn: beskriv(admin, tjanst.namn).strom.conninfo() for tjanst in TJANSTER},
        instans.kafka,
    )


def ur_miljon(miljo: Mapping[str, str]) -> Var | None:
    """The installation that the environment names, if it names one."""
    namn = {tjanst.namn: f"DYGN_{tjanst.namn.upper()}_STREAM_DATABASE_URL" for tjanst in TJANSTER}
    if not any(miljo.get(ett) for ett in namn.values()):
        return None
    saknas = [ett for ett in (*namn.values(), "DYGN_KAFKA_BOOTSTRAP") if not miljo.get(ett)]
    if saknas:
        raise DygnFel(f"Miljön pekar ut en installation, men saknar {', '.join(saknas)}.")
    return Var({tjanst: miljo[ett] for tjanst, ett in namn.items()}, miljo["DYGN_KAFKA_BOOTSTRAP"])


def kontrollera(var: Var, visa: Progress) -> Findings:
    """Check everything; receipts of final sums are stored if all is well.

    Faults of databases and broker are raised: then nothing is proved.
    """
    funnet = Findings()
    summor = SlutligaSummor()
    tjanster = [
        Checked(
            tjanst.delar,
            var.databaser[tjanst.namn],
            summor.prova if tjanst.namn == UPPFOLJNING else None,
        )
        for tjanst in TJANSTER
    ]
    audit(tjanster, None if var.kafka is None else Kafka(var.kafka), funnet, visa)
    if funnet.ok:
        summor.spara(var.databaser[UPPFOLJNING], funnet)
    return funnet


class SlutligaSummor:
    """Every receipt tried again, and new ones made of what is settled now."""

    def __init__(self) -> None:
        assert PARTS.consumer is not None
        self._vyversion = PARTS.consumer.vyversion
        self._nya: list[Kvitto] = []

    def prova(self, frusen: Snapshot, funnet: Findings, visa: Progress) -> None:
        """Compare in the reader's snapshot; what differs is told by kommun and month."""
        funnet.saw("slutligt", UPPFOLJNING, "prövade kvitton", 0)
        alla = kontrollsummor.kommuner(frusen.connection)
        for klara, kommunkod in enumerate(alla, 1):
            self._prova(frusen, kommunkod, funnet)
            visa("slutliga summor, kommuner", klara, len(alla))

    def _prova(self, frusen: Snapshot, kommunkod: str, funnet: Findings) -> None:
        w = kontrollsummor.avgjort(frusen.connection, kommunkod)
        if w is None:
            funnet.remark("slutligt", UPPFOLJNING, kommunkod, "inget är avgjort än")
            return
        for kand in kontrollsummor.kvitton(frusen.connection, kommunkod, self._vyversion, w):
            funnet.saw("slutligt", UPPFOLJNING, "prövade kvitton")
            for andrad in kontrollsummor.prova_kvitto(
                frusen.connection, kommunkod, self._vyversion, kand
            ):
                funnet.fault(
                    "slutligt",
                    UPPFOLJNING,
                    f"kommun {kommunkod} {andrad.manad:%Y-%m}",
                    f"{andrad.vad} var {andrad.var} känt per {kand.isoformat()}, som var slutligt,"
                    f" och är nu {andrad.blev}",
                )
        self._nya.append(
            Kvitto(kommunkod, w, kontrollsummor.summera(frusen.connection, kommunkod, w))
        )

    def spara(self, conninfo: str, funnet: Findings) -> None:
        """Store the new receipts."""
        with connect(conninfo) as anslutning:
            nya = sum(
                kontrollsummor.spara_kvitto(anslutning, self._vyversion, kvitto)
                for kvitto in self._nya
            )
        funnet.saw("slutligt", UPPFOLJNING, "sparade kvitton", nya)
