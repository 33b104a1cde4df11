"""The agreement for one person: how long it holds, who agreed, and what its price rows are for.

Guarantees that a price is changed backwards in time only with a reason, and is then flagged
(R-KOS-5), and that an extension follows on the agreement that it extends. Nothing here reads a
clock: which day it is comes with the command.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from contracts.ord import Prisslag, Rattelseskal
from services.chassis.rules import Breach, rule
from services.placering.domain.delegater import Delegat


class Tillaggsslag(StrEnum):
    """What a tillägg is paid for."""

    EXTRA_PERSONAL = "extra_personal"
    SARSKILD_AVDELNING = "sarskild_avdelning"
    BEHANDLING = "behandling"
    SKOLA = "skola"
    HANDLEDNING = "handledning"
    RESOR = "resor"
    OMKOSTNAD = "omkostnad"
    ANNAT = "annat"


class Motpart(StrEnum):
    """Who agreed for the other side; never a name."""

    FORESTANDARE = "forestandare"
    VERKSAMHETSCHEF = "verksamhetschef"
    PLACERINGSANSVARIG = "placeringsansvarig"
    FAMILJEHEM = "familjehem"
    ANNAN = "annan"


@dataclass(frozen=True, slots=True)
class Overenskommelse:
    """Who agreed, for each side, and on which day."""

    datum: date
    delegat: Delegat
    motpart: Motpart


@dataclass(frozen=True, slots=True)
class Placeringsavtal:
    """How long the agreement holds (``till`` is the last day, ``None``: until further notice)."""

    till: date | None
    overenskommelse: Overenskommelse


@dataclass(frozen=True, slots=True)
class Prisvillkor:
    """What a price row is for and who agreed to it; ``retroaktiv``: it began before it was told."""

    tillagg: Tillaggsslag | None = None
    overenskommelse: Overenskommelse | None = None
    retroaktiv: bool = False
    skal: Rattelseskal | None = None


RETROAKTIV = "R-KOS-5"
"""The flag of a price that was changed backwards in time."""


@rule("R-KOS-5", source="systemets eget val", consequence="flag")
def ar_retroaktiv(fran: date, idag: date) -> bool:
    """Ett pris som ändras från en dag som varit flaggas som retroaktivt."""
    return fran < idag


@rule("R-KOS-5", source="systemets eget val", consequence="refuse")
def retroaktivt_har_skal(villkor: Prisvillkor, pekare: str) -> Breach | None:
    """En ändring av ett pris tillbaka i tiden ska ha ett skäl."""
    if villkor.skal is not None or not villkor.retroaktiv:
        return None
    return Breach("R-KOS-5", pekare, "Priset ändras från en dag som redan varit: ange skäl.")


def tillaggsslag_hor_till_tillagg(
    slag: Prisslag, tillagg: Tillaggsslag | None, pekare: str
) -> Breach | None:
    """Only an addition is for something; a basic price is for the place itself."""
    if tillagg is None or slag is Prisslag.TILLAGG:
        return None
    return Breach(None, pekare, "Bara ett tillägg har ett slag av tillägg.")


@rule("R-KOS-3", source="Adda HVB barn och unga, frågor och svar", consequence="refuse")
def forlangning_foljer_pa_avtalet(
    avtal: Placeringsavtal | None, fran: date, pekare: str
) -> Breach | None:
    """En förlängning börjar senast dagen efter placeringsavtalets sista dag."""
    if avtal is None or avtal.till is None or fran <= avtal.till + timedelta(days=1):
        return None
    return Breach(
        "R-KOS-3",
        pekare,
        f"Placeringsavtalet slutar {avtal.till}: förlängningen ska börja senast dagen efter.",
    )
