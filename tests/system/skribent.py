"""Commands made up by chance, and a caller that goes on posting them from a thread of its own.

Suppliers and placeringar both: a list price that comes after the placeringar that it prices is
what makes the order of the two streams matter.
"""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import count, islice
from types import TracebackType
from typing import Any, Protocol

from dygn.exempel.organisationsnummer import pahittat
from dygn.klient import Avvisad, Kvitto, Tjanst

FORST = date(2024, 1, 1)
MEST = 3_000
"""Commands at most, so that a slow test does not drown itself."""
_NUMMER = count(500)
"""Suppliers of their own for each who posts, also into one installation."""
_BESLUTSFATTARE = {"slag": "tjansteman", "roll": "enhetschef", "arbetsenhet": "Barn 1"}


class Mottagare(Protocol):
    """Takes commands."""

    def posta(
        self, tjanst: Tjanst, vag: str, kropp: dict[str, Any], fore: Kvitto | None = None
    ) -> Kvitto:
        """A command that must be taken; ``fore`` is the answer to the one before on the thing."""

    def ikapp(self) -> None:
        """Wait until what has been stored is known everywhere."""


class Kommandon:
    """Makes up one command after the other; remembers what there is to change."""

    def __init__(
        self,
        mottagare: Mottagare,
        slump: random.Random,
        efter: Callable[[], object] = lambda: None,
    ) -> None:
        """``efter`` is called after each command that was taken."""
        self.anrop = 0
        """How many have been taken."""
        self._mottagare = mottagare
        self._slump = slump
        self._efter = efter
        self._enheter: list[tuple[str, Kvitto]] = []
        self._avtal: list[tuple[dict[str, Any], Kvitto]] = []
        self._placeringar: list[tuple[date, Kvitto]] = []

    def nya_leverantorer(self, antal: int = 3, *, vanta: bool = True) -> None:
        """From now on these are used, and those before (with their placeringar) left as they are.

        Otherwise each price list would be about ever more people. A placering there is taken once
        placering knows of them, which is waited for unless told otherwise.
        """
        self._enheter, self._avtal, self._placeringar = [], [], []
        for nummer in islice(_NUMMER, antal):
            self._leverantor(pahittat(nummer))
        if vanta:
            self._mottagare.ikapp()

    def nya_placeringar(self, antal: int = 3) -> None:
        """From now on these are changed, and those before left as they are."""
        self._placeringar = []
        for _ in range(antal):
            self._placera()

    def nya_klienter(self, antal: int = 1) -> None:
        """Registered, and nothing more."""
        for _ in range(antal):
            self._klient()

    def ett(self) -> None:
        """Something happens."""
        vad = [self._placera] * 4 + [self._pris] * 3 + [self._avsluta, self._makulera]
        vad += [self._listpris] * 2 + [self._ratta_avtal]
        self._slump.choice(vad)()

    def _posta(
        self, tjanst: Tjanst, vag: str, kropp: dict[str, Any], fore: Kvitto | None = None
    ) -> Kvitto:
        kvitto = self._mottagare.posta(tjanst, vag, kropp, fore)
        self.anrop += 1
        self._efter()
        return kvitto

    # -- what is done -----------------------------------------------------------------------

    def _leverantor(self, orgnr: str) -> None:
        leverantor = self._posta(
            "leverantor",
            "leverantorer",
            {"organisationsnummer": orgnr, "namn": f"Exempelvård {orgnr}"},
        )
        enhet = self._posta(
            "leverantor", "enheter", {"leverantor": leverantor.id, "namn": f"Hus {orgnr}"}
        )
        avtal = {"omrade": f"Område {orgnr[-1]}", "fran": FORST.isoformat()}
        self._avtal.append(
            (
                avtal,
                self._posta("leverantor", "avtal", {"leverantor": leverantor.id, **avtal}),
            )
        )
        self._enheter.append((orgnr, enhet))
        self._listpris(len(self._enheter) - 1, FORST)

    def _dag(self, forst: date = FORST) -> date:
        return forst + timedelta(days=self._slump.randrange(1, 300))

    def _listpris(self, vilken: int | None = None, fran: date | None = None) -> None:
        nummer = self._slump.randrange(len(self._enheter)) if vilken is None else vilken
        orgnr, enhet = self._enheter[nummer]
        kropp = {
            "fran": (fran or self._dag()).isoformat(),
            "dygnspris_ore": self._slump.randrange(300, 900) * 1000,
        }
        ny = self._posta("leverantor", f"enheter/{enhet.id}/priser", kropp, enhet)
        self._enheter[nummer] = (orgnr, Kvitto({"id": enhet.id}, ny.etag))

    def _ratta_avtal(self) -> None:
        nummer = self._slump.randrange(len(self._avtal))
        uppgifter, avtal = self._avtal[nummer]
        hur = {"dagrakning": self._slump.choice(["bada", "ankomst", "avresa"]), "skal": "skrivfel"}
        ny = self._posta("leverantor", f"avtal/{avtal.id}/rattelse", {**uppgifter, **hur}, avtal)
        self._avtal[nummer] = (uppgifter, Kvitto({"id": avtal.id}, ny.etag))

    def _klient(self) -> Kvitto:
        return self._posta(
            "placering",
            "klienter",
            {"kon": "K", "fodelsedatum": self._dag(date(2012, 1, 1)).isoformat()},
        )

    def _placera(self) -> None:
        orgnr, enhet = self._slump.choice(self._enheter)
        fran = self._dag()
        klient = self._klient()
        beslut = self._posta(
            "placering",
            "beslut",
            {
                "klient": klient.id,
                "lagrum": "4 kap. 1 § SoL",
                "insatstyp": "HVB",
                "beslutsdatum": (fran - timedelta(days=self._slump.randrange(200))).isoformat(),
                "namnd": "Individ- och familjeomsorgsnämnden",
                "beslutsfattare": _BESLUTSFATTARE,
            },
        )
        kropp = {
            "klient": klient.id,
            "beslut": beslut.id,
            "placeringsform": "hvb",
            "leverantor": orgnr,
            "enhet": enhet.id,
            "fran": fran.isoformat(),
        }
        self._placeringar.append((fran, self._posta("placering", "placeringar", kropp)))

    def _pris(self) -> None:
        kropp = {"slag": "tillagg", "dygnspris_ore": self._slump.randrange(1, 90) * 1000}
        kropp["skal"] = "annat"
        self._andra("priser", lambda fran: kropp | {"fran": self._dag(fran).isoformat()})

    def _avsluta(self) -> None:
        self._andra(
            "avslut", lambda fran: {"till": self._dag(fran).isoformat(), "orsak": "planerad"}, True
        )

    def _makulera(self) -> None:
        self._andra("makulering", lambda _: {"skal": "dubblett"}, True)

    def _andra(self, vad: str, kropp: Any, sist: bool = False) -> None:
        """Change a placering; ``sist``: nothing more is done with it."""
        if not self._placeringar:
            return
        nummer = self._slump.randrange(len(self._placeringar))
        fran, placering = self._placeringar.pop(nummer)
        try:
            ny = self._posta(
                "placering", f"placeringar/{placering.id}/{vad}", kropp(fran), placering
            )
        except Avvisad as avvisad:
            # A stay that would end before a price that is agreed for it.
            if avvisad.status != 422:
                raise
            return
        if not sist:
            self._placeringar.append((fran, Kvitto({"id": placering.id}, ny.etag)))


class Skribent(AbstractContextManager["Skribent"]):
    """Posts while the context lasts; ``anrop`` counts what was taken."""

    def __init__(self, mottagare: Mottagare, slump: random.Random, paus: float) -> None:
        self._klart = threading.Event()
        self._fel: list[BaseException] = []
        self._trad = threading.Thread(target=self._kor)
        self._kommandon = Kommandon(mottagare, slump, lambda: self._klart.wait(paus))

    @property
    def anrop(self) -> int:
        """How many commands have been taken."""
        return self._kommandon.anrop

    def __enter__(self) -> "Skribent":
        self._kommandon.nya_leverantorer()
        self._trad.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._klart.set()
        self._trad.join(60)
        assert kind is not None or not self._fel, self._fel

    def _kor(self) -> None:
        try:
            while not self._klart.is_set() and self.anrop < MEST:
                self._kommandon.ett()
        except BaseException as fel:
            self._fel.append(fel)
