"""The probe: how long it takes until a command that was answered is seen in the reports.

Guarantees that it writes nothing about anybody's kommun: it acts for the kommun 0000, which no
kommun is, and row level security keeps its rows from everyone else's. It is an open loop: commands
are due at fixed instants whatever the installation answers, so a slow answer shows as time and not
as fewer commands.

A round is four commands: a klient, a beslut, a placering, a price of it. Of some rounds the last
two are watched: from the answer until *varför* shows the placering, and then its price.
"""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from dygn.fel import DygnFel
from dygn.klient import Tjanst

KOMMUN = "0000"
"""The kommun in whose name the probe acts: no kommun has it."""
STEG = 4
"""Commands in a round."""
_FRAN, _PRIS_FRAN, _TILL = "2026-01-01", "2026-02-01", "2026-02-28"
_PRIS, _NYTT_PRIS = 150_000, 160_000
_TITTA = 0.01
"""Seconds between two looks at what is watched."""
_TALAMOD = 30.0
"""Seconds after which what is watched counts as never seen."""


@dataclass(frozen=True, slots=True)
class Takt:
    """How much and how long: commands a second, seconds, and every how many rounds are watched."""

    kommandon: float = 50.0
    sekunder: float = 20.0
    bevaka_var: int = 5


@dataclass(slots=True)
class Utfall:
    """What was measured, in seconds; ``osedda`` and ``fel`` are what a sound installation lacks."""

    svar: list[float] = field(default_factory=list)
    synliga: list[float] = field(default_factory=list)
    osedda: int = 0
    fel: list[str] = field(default_factory=list)
    vagg: float = 0.0


def krav_pa_kommun(token: str) -> None:
    """DygnFel unless the token is for the probe's own kommun (what it says is not verified)."""
    try:
        mitten = token.split(".")[1]
        uppgifter = json.loads(base64.urlsafe_b64decode(mitten + "=" * (-len(mitten) % 4)))
        kommun = uppgifter["kommunkod"]
    except (IndexError, KeyError, ValueError, TypeError):
        kommun = None
    if kommun != KOMMUN:
        raise DygnFel(
            f"Probens token ska gälla kommunkoden {KOMMUN}, som ingen kommun har: den registrerar"
            " påhittade placeringar."
        )


def proba(
    adresser: Mapping[Tjanst, str],
    token: str,
    takt: Takt,
    klart: Callable[[int], None] = lambda _: None,
) -> Utfall:
    """Run the probe; ``klart`` is told how many commands have been answered."""
    krav_pa_kommun(token)
    return asyncio.run(_Prob(adresser, token, takt, klart).kor())


class _Prob:
    """One run."""

    def __init__(
        self,
        adresser: Mapping[Tjanst, str],
        token: str,
        takt: Takt,
        klart: Callable[[int], None],
    ) -> None:
        self._adresser = {namn: f"{url.rstrip('/')}/v1" for namn, url in adresser.items()}
        self._takt = takt
        self._klart = klart
        self._utfall = Utfall()
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TALAMOD,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )

    async def kor(self) -> Utfall:
        varv = max(1, round(self._takt.kommandon * self._takt.sekunder / STEG))
        avstand = STEG / self._takt.kommandon
        borjan = time.perf_counter()
        async with self._http, asyncio.TaskGroup() as grupp:
            for nr in range(varv):
                await asyncio.sleep(max(0.0, borjan + nr * avstand - time.perf_counter()))
                grupp.create_task(self._varv(bevaka=nr % self._takt.bevaka_var == 0))
        self._utfall.vagg = time.perf_counter() - borjan
        return self._utfall

    async def _varv(self, *, bevaka: bool) -> None:
        try:
            await self._ett_varv(bevaka)
        except (httpx.HTTPError, _Avvisad) as fel:
            self._utfall.fel.append(str(fel) or type(fel).__name__)

    async def _ett_varv(self, bevaka: bool) -> None:
        klient = await self._posta("klienter", {"kon": "K", "fodelsedatum": "2012-03-04"})
        beslut = await self._posta(
            "beslut",
            {
                "klient": klient,
                "lagrum": "11 kap. 1 § SoL",
                "insatstyp": "Familjehem",
                "beslutsdatum": _FRAN,
                "namnd": "Probnämnden",
                "beslutsfattare": {"slag": "tjansteman", "roll": "prob", "arbetsenhet": "prob"},
            },
        )
        placering = await self._posta(
            "placeringar",
            {
                "klient": klient,
                "beslut": beslut,
                "placeringsform": "eget_familjehem",
                "fran": _FRAN,
                "dygnspris_ore": _PRIS,
            },
        )
        if bevaka:
            await self._se(placering, _PRIS)
        pris = {"fran": _PRIS_FRAN, "dygnspris_ore": _NYTT_PRIS, "skal": "annat"}
        await self._posta(f"placeringar/{placering}/priser", pris, etag='"1"')
        if bevaka:
            await self._se(placering, _NYTT_PRIS)

    async def _posta(self, vag: str, kropp: dict[str, Any], *, etag: str | None = None) -> str:
        huvuden = {"Idempotency-Key": uuid4().hex} | ({} if etag is None else {"If-Match": etag})
        borjan = time.perf_counter()
        svar = await self._http.post(
            f"{self._adresser['placering']}/{vag}", json=kropp, headers=huvuden
        )
        if not svar.is_success:
            raise _Avvisad(f"{vag}: {svar.status_code} {svar.text[:200]}")
        self._utfall.svar.append(time.perf_counter() - borjan)
        self._klart(len(self._utfall.svar))
        return str(svar.json()["id"])

    async def _se(self, placering: str, pris: int) -> None:
        """From the answer until *varför* shows the placering at that price."""
        borjan = time.perf_counter()
        while time.perf_counter() - borjan < _TALAMOD:
            svar = await self._http.get(
                f"{self._adresser['uppfoljning']}/varfor/placeringar/{placering}",
                params={"fran": _FRAN, "till": _TILL},
            )
            if svar.is_success and f'"pris_ore":{pris}' in svar.text:
                self._utfall.synliga.append(time.perf_counter() - borjan)
                return
            if svar.status_code not in (200, 404):
                raise _Avvisad(f"varför: {svar.status_code} {svar.text[:200]}")
            await asyncio.sleep(_TITTA)
        self._utfall.osedda += 1


class _Avvisad(Exception):
    """The installation did not take what the probe sent."""
