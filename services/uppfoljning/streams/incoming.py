"""Foreign events → subjects of this service's derived rows: pure, decided by the type alone.

Guarantees that a fact marks only what it changes: an event about a person marks that klient, an
avtal's or a price list's event marks the avtal or the enhet, from which the klienter who use it
are found when it is folded. A placering does not mark its avtal: it would make every other person
under that avtal be folded anew, in vain.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from contracts import leverantor as lev
from contracts.handelse import Kontraktshandelse
from services.chassis.streams.parts import Consumer, Derived
from services.uppfoljning.views.rafakta import (
    AVTAL,
    ENHET,
    KLIENT,
    LEVERANTOR,
    REGISTER,
    klienter_som_anvander,
)
from services.uppfoljning.views.vikning import vik_klienter, vik_leverantorer

UPSTREAM = ("leverantor", "placering")

DERIVED = (
    Derived("leverantorsuppgift", LEVERANTOR, "leverantor"),
    Derived("vistelseintervall", KLIENT, "klient"),
    Derived("vardygnsintervall", KLIENT, "klient"),
    Derived("kostnadsintervall", KLIENT, "klient"),
    Derived("evbintervall", KLIENT, "klient"),
)
"""The tables that the folding writes."""

VIEW_VERSION = 2
"""Rises when the same facts would be folded to other rows: every view is then rebuilt."""


_OM_KLIENT = (KLIENT, "klient")
_ANDRAS: dict[type[Kontraktshandelse], tuple[str, str] | None] = {
    lev.AvtalTecknat: (AVTAL, "avtal"),
    lev.AvtalRattat: (AVTAL, "avtal"),
    lev.GrunddygnsprisSatt: (ENHET, "enhet"),
    lev.LeverantorRegistrerad: (LEVERANTOR, "leverantor"),
    lev.LeverantorRattad: (LEVERANTOR, "leverantor"),
    lev.EnhetRegistrerad: None,
    lev.AvropsstoppSatt: None,
    lev.AvropsstoppHavt: None,
}
"""What an event that is not about a person is about: the kind, and the field that holds its id."""


def amnen(handelse: Kontraktshandelse) -> Sequence[tuple[str, str]]:
    """The subjects (kind, id) whose derived rows may change with the event."""
    om = _ANDRAS.get(type(handelse), _OM_KLIENT)
    return () if om is None else ((om[0], str(getattr(handelse, om[1]))),)


class Uppfoljningsvikning:
    """What the frame's folding worker is given.

    An avtal or an enhet has no rows of its own: it is expanded to the klienter whose placeringar
    name it.
    """

    kinds: Sequence[str] = (AVTAL, ENHET, LEVERANTOR, KLIENT)
    handled = REGISTER.typer()

    def subjects(self, typ: str, data: Any) -> Iterable[tuple[str, str]]:
        """The subjects that an event is about."""
        del typ
        return amnen(data)

    def expand(
        self,
        connection: psycopg.Connection[Any],
        kommunkod: str,
        slag: str,
        amnen: list[str],
    ) -> list[tuple[str, str]]:
        """An avtal or an enhet → the klienter who use it."""
        if slag not in (AVTAL, ENHET):
            return []
        klienter = klienter_som_anvander(connection, kommunkod, slag, amnen)
        return [(KLIENT, klient) for klient in klienter]

    def fold(
        self,
        connection: psycopg.Connection[Any],
        kommunkod: str,
        slag: str,
        amnen: list[str],
    ) -> None:
        """Replace the derived rows of these subjects."""
        if slag == KLIENT:
            vik_klienter(connection, kommunkod, amnen)
        elif slag == LEVERANTOR:
            vik_leverantorer(connection, kommunkod, amnen)


CONSUMER = Consumer(UPSTREAM, REGISTER, Uppfoljningsvikning(), VIEW_VERSION, DERIVED)
"""What the frame is told of all this."""
