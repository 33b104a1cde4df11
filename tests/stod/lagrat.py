"""Golden files of stored events: what lies in databases, and must be readable for ever.

A file is `<Event>.v<class version>.json` with the row's topic and state, byte for byte, and the
messages that the event gives. Once committed it is never changed: not when the class changes (then
comes a file of the new version), not when the mapping does (a correction is a new event).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from services.chassis.aggregate import Handelse
from services.chassis.store.mapper import decode, encode


@dataclass(frozen=True)
class Lagrad:
    """One golden file."""

    fil: Path
    topic: str
    originator_id: UUID
    originator_version: int
    tillstand: str
    meddelanden: list[dict[str, Any]]

    @property
    def version(self) -> int:
        """The class version that wrote it."""
        return int(self.fil.stem.rpartition(".v")[2])

    def las(self) -> Handelse:
        """The event as today's code reads it."""
        return decode(
            self.topic, self.originator_id, self.originator_version, self.tillstand.encode()
        )


def lagrade(mapp: Path) -> list[Lagrad]:
    """Every golden file of the folder."""
    return [_las(fil) for fil in sorted(mapp.glob("*.json"))]


def _las(fil: Path) -> Lagrad:
    innehall = json.loads(fil.read_text("utf-8"))
    return Lagrad(
        fil,
        innehall["topic"],
        UUID(innehall["originator_id"]),
        innehall["originator_version"],
        innehall["tillstand"],
        innehall["meddelanden"],
    )


def handelseklasser(modul: ModuleType) -> list[type[Handelse]]:
    """Every event class that the module defines."""
    return [
        klass
        for klass in vars(modul).values()
        if isinstance(klass, type)
        and issubclass(klass, Handelse)
        and klass.__module__ == modul.__name__
    ]


def saknade(mapp: Path, modul: ModuleType) -> list[str]:
    """Event versions without a golden file."""
    finns = {(ett.topic, ett.version) for ett in lagrade(mapp)}
    return [
        f"{klass.TOPIC} version {version}"
        for klass in handelseklasser(modul)
        for version in range(1, klass.class_version + 1)
        if (klass.TOPIC, version) not in finns
    ]


def som_meddelanden(
    handelse: Handelse, mappning: Callable[[object], Sequence[Any]]
) -> list[dict[str, Any]]:
    """What the event says to others: type, key and data of each message."""
    return [
        {
            "typ": meddelande.handelsetyp(),
            "nyckel": str(meddelande.nyckelvarde),
            "data": meddelande.koda().decode(),
        }
        for meddelande in mappning(handelse)
    ]


def prova(lagrad: Lagrad, mappning: Callable[[object], Sequence[Any]]) -> None:
    """It is read, it is written the same (if it is of today's version), it says the same."""
    handelse = lagrad.las()
    assert lagrad.topic == handelse.TOPIC
    if lagrad.version == type(handelse).class_version:
        assert encode(handelse).decode() == lagrad.tillstand
    assert som_meddelanden(handelse, mappning) == lagrad.meddelanden


def skriv(
    mapp: Path, handelser: Iterator[Handelse], mappning: Callable[[object], Sequence[Any]]
) -> list[Path]:
    """Write files for events that have none yet; those that exist are left alone."""
    nya = []
    for handelse in handelser:
        namn = handelse.TOPIC.rpartition(".")[2]
        fil = mapp / f"{namn}.v{type(handelse).class_version}.json"
        if fil.exists():
            continue
        innehall = {
            "topic": handelse.TOPIC,
            "originator_id": str(handelse.originator_id),
            "originator_version": handelse.originator_version,
            "tillstand": encode(handelse).decode(),
            "meddelanden": som_meddelanden(handelse, mappning),
        }
        fil.write_text(json.dumps(innehall, ensure_ascii=False, indent=2) + "\n", "utf-8")
        nya.append(fil)
    return nya
