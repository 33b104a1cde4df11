"""Given–when–then for the aggregates: made in one line, and what they have decided."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.ord import Form, Regi
from services.chassis.aggregate import Aggregat, Handelse
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, Refused
from services.placering.domain.bedomning import Uppgifter
from services.placering.domain.beslut import Beslut, Beslutsuppgifter
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.lagrum import gallande
from services.placering.domain.placering import Placering

SAMMANHANG = Sammanhang("1490", "prov", "prov-korrelation")
KLIENT = UUID(int=1)
BESLUTSDATUM = date(2026, 1, 10)
TJANSTEMAN = Beslutsfattare(
    Beslutsfattarslag.TJANSTEMAN, roll="socialsekreterare", arbetsenhet="barn-2"
)


def beslutsuppgifter(**andra: Any) -> Beslutsuppgifter:
    """What a whole beslut says."""
    lagrum = gallande("11 kap. 1 § SoL", BESLUTSDATUM)
    assert lagrum is not None
    falt: dict[str, Any] = {
        "lagrum": lagrum,
        "insatstyp": "HVB",
        "beslutsdatum": BESLUTSDATUM,
        "galler_till": None,
        "namnd": "IFN",
        "arbetsenhet": "barn-2",
        "beslutsfattare": TJANSTEMAN,
    }
    return Beslutsuppgifter(**(falt | andra))


def beslut(**andra: Any) -> Beslut:
    """A beslut, just taken."""
    return Beslut.fatta(SAMMANHANG, uuid4(), klient=KLIENT, uppgifter=beslutsuppgifter(**andra))


def uppgifter(**andra: Any) -> Uppgifter:
    """Where a placering is: an own home."""
    falt: dict[str, Any] = {
        "form": Form.FAMILJEHEM,
        "regi": Regi.EGEN,
        "natverk": False,
        "leverantor": None,
        "enhet": None,
        "avtal": None,
        "fran": date(2026, 2, 1),
        "dygnspris_ore": 72_000,
        "skal_utom_ramavtal": None,
    }
    return Uppgifter(**(falt | andra))


def placering(**andra: Any) -> Placering:
    """A placering, just begun."""
    return Placering.inled(
        SAMMANHANG, uuid4(), klient=KLIENT, beslut=uuid4(), uppgifter=uppgifter(**andra)
    )


def sist(aggregat: Aggregat) -> Handelse:
    """The newest event."""
    handelse = aggregat.pending_events[-1]
    assert isinstance(handelse, Handelse)
    return handelse


class Vagran:
    """`with vagras("/datum") as vagran: …` expects a refusal at the field."""

    def __init__(self, pekare: str, regel: str | None = None) -> None:
        self.pekare = pekare
        self.regel = regel
        self._raises = pytest.raises(Refused)

    def __enter__(self) -> None:
        self._fanget = self._raises.__enter__()

    def __exit__(self, *fel: Any) -> bool | None:
        fangat = self._raises.__exit__(*fel)
        funna = [(brott.pekare, brott.regel) for brott in self._fanget.value.breaches]
        assert (self.pekare, self.regel) in funna, self._fanget.value.breaches
        return fangat


vagras = Vagran


def brott(funnet: Breach | None) -> tuple[str | None, str] | None:
    """Rule and field of a breach."""
    return None if funnet is None else (funnet.regel, funnet.pekare)
