"""How the streams of a running installation stand, and what of them lags.

Guarantees that "caught up" means: every event that the publishers had when the question was asked
has been stored by each of their readers, and nothing of it waits to be folded.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from pydantic import TypeAdapter

from services.chassis.http.standing import Stromlage

TJANSTER = ("leverantor", "placering", "uppfoljning")
_LAGE = TypeAdapter(Stromlage)


@dataclass(frozen=True, slots=True)
class Efterslapning:
    """One thing that lags: who, and in what."""

    tjanst: str
    vad: str

    def __str__(self) -> str:
        """A Swedish sentence."""
        return f"{self.tjanst}: {self.vad}"


def las_lagen(url: str, bevis: str) -> dict[str, Stromlage]:
    """The standing of every service; ``bevis`` is a token."""
    with httpx.Client(base_url=url, timeout=10.0) as klient:
        return {namn: _las(klient, namn, bevis) for namn in TJANSTER}


def _las(klient: httpx.Client, namn: str, bevis: str) -> Stromlage:
    svar = klient.get(f"/{namn}/v1/stromlage", headers={"Authorization": f"Bearer {bevis}"})
    return _LAGE.validate_json(svar.raise_for_status().content)


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
            if last.pos < utgivare.pos:
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
