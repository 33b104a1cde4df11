"""Folding: raw facts of many subjects in, their derived rows out, in a handful of statements.

Guarantees that the rows written are what the pure fold makes of all committed facts of the
subject, and nothing else: no row is ever patched.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import psycopg

from contracts import placering as pla
from services.uppfoljning.domain.fakta import Faktum
from services.uppfoljning.domain.leverantor import vik_leverantor
from services.uppfoljning.domain.vikning import vik_klient
from services.uppfoljning.views.radskrivning import (
    EVB,
    KOSTNAD,
    LEVERANTORER,
    VARDDYGN,
    VISTELSE,
    ersatt,
)
from services.uppfoljning.views.rafakta import AVTAL, ENHET, KLIENT, LEVERANTOR, fakta_om


def vik_leverantorer(connection: psycopg.Connection[Any], kommunkod: str, amnen: list[str]) -> None:
    """Replace the rows of these suppliers."""
    fakta = fakta_om(connection, kommunkod, LEVERANTOR, amnen)
    rader = [rad for amne in amnen for rad in vik_leverantor(UUID(amne), fakta.get(amne, ()))]
    ersatt(connection, LEVERANTORER, kommunkod, amnen, rader)


def vik_klienter(connection: psycopg.Connection[Any], kommunkod: str, amnen: list[str]) -> None:
    """Replace the rows of these klienter, in every table."""
    egna = fakta_om(connection, kommunkod, KLIENT, amnen)
    andras = _AvtalOchPriser(connection, kommunkod, egna)
    vikta = []
    for amne in amnen:
        fakta = egna.get(amne, [])
        vikta.append(vik_klient(UUID(amne), [*fakta, *andras.for_fakta(fakta)]))
    ersatt(connection, VISTELSE, kommunkod, amnen, (r for en in vikta for r in en.vistelse))
    ersatt(connection, VARDDYGN, kommunkod, amnen, (r for en in vikta for r in en.varddygn))
    ersatt(connection, KOSTNAD, kommunkod, amnen, (r for en in vikta for r in en.kostnad))
    ersatt(connection, EVB, kommunkod, amnen, (r for en in vikta for r in en.evb))


class _AvtalOchPriser:
    """The facts of every avtal and enhet that some klienter's placeringar name, read at once."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        kommunkod: str,
        egna: dict[str, list[Faktum]],
    ) -> None:
        alla = [faktum for fakta in egna.values() for faktum in fakta]
        self._fakta = {
            slag: fakta_om(connection, kommunkod, slag, _namnda(alla, slag))
            for slag in (AVTAL, ENHET)
        }

    def for_fakta(self, fakta: list[Faktum]) -> list[Faktum]:
        """Those that one klient's facts name."""
        return [
            faktum
            for slag, kanda in self._fakta.items()
            for amne in _namnda(fakta, slag)
            for faktum in kanda.get(amne, ())
        ]


def _namnda(fakta: Iterable[Faktum], slag: str) -> set[str]:
    """Avtal that placeringar name; enheter whose list price may bind: see :func:`vik_klient`."""
    namnda: set[str] = set()
    forlangda: set[UUID] = set()
    enheter: list[tuple[UUID, str, bool]] = []
    for faktum in fakta:
        handelse = faktum.handelse
        if isinstance(handelse, (pla.PlaceringInledd, pla.PlaceringRattad)):
            if slag == AVTAL and handelse.avtal is not None:
                namnda.add(str(handelse.avtal))
            elif slag == ENHET and handelse.enhet is not None:
                till_listpris = handelse.dygnspris_ore is None
                enheter.append((handelse.placering, str(handelse.enhet), till_listpris))
        elif isinstance(handelse, pla.PlaceringsavtalForlangt) and handelse.dygnspris_ore is None:
            forlangda.add(handelse.placering)
    namnda.update(enhet for placering, enhet, binder in enheter if binder or placering in forlangda)
    return namnda
