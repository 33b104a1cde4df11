"""How the streams of a running installation stand, and what of them lags.

Guarantees that "caught up" means: every event that the publishers had when the question was asked
has been stored by each of their readers, and nothing of it waits to be folded.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from pydantic import TypeAdapter

from services.chassis.http.standing import Stromlage

TJANSTER = ("leverantor", "placering", "uppfoljning")
PAUS = 0.2
"""Seconds between two looks."""
_LAGE = TypeAdapter(Stromlage)


@dataclass(frozen=True, slots=True)
class Efterslapning:
    """One thing that lags: who, and in what."""

    tjanst: str
    vad: str

    def __str__(self) -> str:
        """A Swedish sentence."""
        return f"{self.tjanst}: {self.vad}"


def las_lagen(klient: httpx.Client) -> dict[str, Stromlage]:
    """The standing of every service; the client knows the installation's URL and has a token."""
    return {namn: _las(klient, namn) for namn in TJANSTER}


def _las(klient: httpx.Client, namn: str) -> Stromlage:
    return _LAGE.validate_json(klient.get(f"/{namn}/v1/stromlage").raise_for_status().content)


def vanta_ikapp(klient: httpx.Client, tid: float) -> list[Efterslapning]:
    """Wait at most ``tid`` seconds; what still lags then, nothing when all is caught up."""
    slut = time.monotonic() + tid
    mal = las_lagen(klient)
    while True:
        kvar = efterslapning(mal, las_lagen(klient))
        if not kvar or time.monotonic() > slut:
            return kvar
        time.sleep(PAUS)


def efterslapning(mal: Mapping[str, Stromlage], nu: Mapping[str, Stromlage]) -> list[Efterslapning]:
    """What of ``mal`` (the standing when the question was asked) is not reached ``nu``."""
    kvar: list[Efterslapning] = []
    for namn, lage in nu.items():
        for stoppad in lage.stoppade:
            kvar.append(
                Efterslapning(
                    namn, f"{stoppad.topic}/{stoppad.partition} har stannat: {stoppad.skal}"
                )
            )
        for last in lage.konsumerar:
            utgivare = mal[last.topic.split(".")[1]]
            if (last.epok, last.pos) < (utgivare.epok, utgivare.pos):
                kvar.append(Efterslapning(namn, f"{last.topic} {last.pos} av {utgivare.pos}"))
        saknas = _LASER[namn] - {last.topic for last in lage.konsumerar}
        for topic in sorted(saknas):
            if mal[topic.split(".")[1]].pos > 0:
                kvar.append(Efterslapning(namn, f"{topic} är inte läst än"))
        if lage.smutsiga:
            kvar.append(Efterslapning(namn, f"{lage.smutsiga} ämnen är inte vikta"))
    return kvar


_LASER = {
    "leverantor": set[str](),
    "placering": {"dygn.leverantor.v1"},
    "uppfoljning": {"dygn.leverantor.v1", "dygn.placering.v1"},
}
"""Which topics each service reads."""
