"""Homes for the domain tests: made in one line, and people who live there."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.ord import Form, Regi
from services.placering.domain.bedomning import Uppgifter
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.boende import Boende
from services.placering.domain.hem import Hem, Provning
from services.placering.domain.hemuppgifter import Godkannande, Hemutfall, Hemutredning
from tests.placering.domain.bygge import SAMMANHANG, uppgifter

NUMMER = "556036-0793"
UTSKOTT = Beslutsfattare(Beslutsfattarslag.UTSKOTT, datum=date(2026, 1, 15), paragraf="§ 12")


def mars(dag: int) -> date:
    return date(2026, 3, dag)


def hem(**andra: Any) -> Hem:
    """A home of the kommun's own with two places, from the year's first day."""
    falt: dict[str, Any] = {
        "beteckning": "FH-1",
        "arbetsenhet": None,
        "natverk": False,
        "fran": date(2026, 1, 1),
        "leverantor": None,
        "platser": 2,
        "hemligheter": (),
    }
    return Hem.registrera(SAMMANHANG, uuid4(), **(falt | andra))


def boende(fran: int, till: int | None = None, vem: int | None = None, **andra: Any) -> Boende:
    """Days of March in a home, of somebody new or of number ``vem``."""
    id = uuid4() if vem is None else UUID(int=vem)
    return Boende(mars(fran), None if till is None else mars(till), id, **andra)


def bebott(hemmet: Hem, *alla: Boende) -> Hem:
    """The home with these living there."""
    for en in alla:
        hemmet.bosatt(SAMMANHANG, uuid4(), en)
    return hemmet


def prova(hemmet: Hem, en: Boende, utom: UUID | None = None, **andra: Any) -> Provning:
    """A placering in the home judged."""
    falt = uppgifter(fran=en.fran, leverantor=en.leverantor, **andra)
    return hemmet.prova(falt, en, utom)


def hos_leverantor(fran: date) -> Uppgifter:
    """A placering in a consultant's familjehem."""
    return uppgifter(fran=fran, leverantor=NUMMER, regi=Regi.KONSULENTSTODD)


def utrett(hemmet: Hem, utfall: Hemutfall = Hemutfall.GODTAGBART, **andra: Any) -> Hem:
    """The home after a utredning that was finished in December."""
    falt: dict[str, Any] = {"inledd": None, "avslutad": date(2025, 12, 10)}
    hemmet.utred(SAMMANHANG, uuid4(), Hemutredning(**(falt | andra), utfall=utfall), ())
    return hemmet


def godkannande(**andra: Any) -> Godkannande:
    """A godkännande as familjehem from the middle of January on."""
    falt: dict[str, Any] = {
        "form": Form.FAMILJEHEM,
        "lagrum": "22 kap. 2 § SoL (2025:400)",
        "beslutsdatum": date(2026, 1, 15),
        "fran": date(2026, 1, 15),
        "till": None,
        "namnd": "IFN",
        "beslutsfattare": UTSKOTT,
        "ordning": None,
        "version": None,
        "flaggor": (),
    }
    return Godkannande(**(falt | andra))
