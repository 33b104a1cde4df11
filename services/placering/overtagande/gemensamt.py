"""What every kind of row needs: the circumstances of the takeover, and the person of a row.

Guarantees that a reference means one thing within its source and kind: a person named by the other
system's own reference is the same in every file, and a row that names none is a person of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.ord import Kon, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.identifiers import taken_over_id
from services.chassis.rules import Breach
from services.placering.application import PlaceringApplication
from services.placering.domain.klient import FODELSEAR, FODELSEDATUM, Klient
from services.placering.domain.register import Register
from services.placering.overtagande.rader import avvisande
from services.placering.views.personuppgifter import Personvalv

Utfallet = tuple[UUID, bool, tuple[Breach, ...]]
"""The thing's id, whether it is new, and the flags of the row."""


class Radfel(Exception):
    """The row is refused; nothing of it has been decided."""

    def __init__(self, fel: Iterable[Breach | None]) -> None:
        self.fel = avvisande(fel)
        super().__init__("; ".join(breach.text for breach in self.fel))


@dataclass(frozen=True, slots=True)
class Overtagning:
    """One command that takes rows over."""

    application: PlaceringApplication
    sammanhang: Sammanhang
    kalla: str
    register: Register
    valv: Personvalv

    def id(self, slag: str, referens: str) -> UUID:
        """The id of what the source calls ``referens`` among things of the kind."""
        return taken_over_id(self.sammanhang.kommunkod, self.kalla, slag, referens)


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of its person; ``fodelsear`` where only the year is known."""

    kon: Kon
    fodelsedatum: date | None = None
    fodelsear: int | None = None
    arbetsenhet: str | None = None


def klient_id(overtagning: Overtagning, slag: str, klient: str | None, referens: str) -> UUID:
    """The id of a row's person: by its own reference, or as the person of this very row."""
    if klient is not None:
        return overtagning.id("klient", klient)
    return overtagning.id(f"klient-av-{slag}", referens)


def klient_flaggor(overtagning: Overtagning, id: UUID, person: Person) -> list[Breach]:
    """What the row says of a person that is known, and that is known otherwise."""
    klient = overtagning.application.find(Klient, id)
    if klient is None:
        return []
    flaggor = []
    if klient.kon is not person.kon:
        flaggor.append(Breach("R-PLA-18", "/kon", "Klienten finns redan med ett annat kön."))
    manad = _manad(person)
    if manad is not None and klient.fodelsemanad not in (None, manad):
        flaggor.append(
            Breach("R-PLA-18", "/fodelsedatum", "Klienten finns redan med en annan födelsemånad.")
        )
    return flaggor


def sakerstall_klient(overtagning: Overtagning, id: UUID, person: Person) -> None:
    """Register the person if unknown; give a birth date that was lacking."""
    klient = overtagning.application.find(Klient, id)
    if klient is None:
        _registrera(overtagning, id, person)
    elif klient.fodelsemanad is None and person.fodelsedatum is not None:
        _komplettera(overtagning, klient, person.fodelsedatum)


def _registrera(overtagning: Overtagning, id: UUID, person: Person) -> None:
    overtagning.valv.ny_klient(id)
    klient = Klient.registrera(
        overtagning.sammanhang,
        id,
        kon=person.kon,
        fodelsemanad=_manad(person),
        skyddad=False,
        arbetsenhet=person.arbetsenhet,
        nummerkrav=None,
        hemligheter=overtagning.valv.forsegla_alla(
            id,
            1,
            {
                FODELSEDATUM: _text(person.fodelsedatum),
                FODELSEAR: _text(person.fodelsear),
            },
        ),
    )
    overtagning.application.save(klient, rows=overtagning.valv.ta_rader())


def _komplettera(overtagning: Overtagning, klient: Klient, fodelsedatum: date) -> None:
    ny = overtagning.valv.forsegla(
        klient.id, FODELSEDATUM, klient.version + 1, fodelsedatum.isoformat()
    )
    klient.ratta(
        overtagning.sammanhang,
        kon=klient.kon,
        fodelsemanad=fodelsedatum.isoformat()[:7],
        skyddad=klient.skyddad,
        arbetsenhet=klient.arbetsenhet,
        nummerkrav=klient.nummerkrav,
        hemligheter=(*klient.hemligheter, ny),
        skal=Rattelseskal.SENT_INKOMMEN,
    )
    overtagning.application.save(klient, rows=overtagning.valv.ta_rader())


def _manad(person: Person) -> str | None:
    return None if person.fodelsedatum is None else person.fodelsedatum.isoformat()[:7]


def _text(varde: date | int | None) -> str | None:
    return None if varde is None else str(varde)


def regel_id(flaggor: Iterable[Breach]) -> tuple[str, ...]:
    """The ids that the event carries, each once and in order."""
    return tuple(sorted({breach.regel for breach in flaggor if breach.regel}))
