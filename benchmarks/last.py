"""Load over HTTP: so many kept connections, each posting its next call when it has its answer.

A client of its own, for a library's client costs more than the server does: HTTP/1.1 over asyncio
streams, the answer read to its Content-Length. It must not be in the measured process.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any
from uuid import uuid4


@dataclass(slots=True)
class Utfall:
    """What became of the calls: seconds for each, statuses, and seconds for them all."""

    sekunder: list[float] = field(default_factory=list)
    status: Counter[int] = field(default_factory=Counter)
    svar: list[dict[str, Any]] = field(default_factory=list)
    vagg: float = 0.0

    @property
    def takt(self) -> float:
        """Calls a second."""
        return len(self.sekunder) / self.vagg

    def ms(self, procent: int) -> float:
        """The percentile of the calls' time, in milliseconds."""
        return 1000 * quantiles(self.sekunder, n=100, method="inclusive")[procent - 1]


@dataclass(frozen=True, slots=True)
class Anrop:
    """A POST: where to and what."""

    vag: str
    kropp: dict[str, Any]


async def posta(port: int, token: str, anropen: Sequence[Anrop], forbindelser: int = 16) -> Utfall:
    """Post them all to loopback, in order of taking, over ``forbindelser`` connections."""
    utfall = Utfall()
    ko = iter(anropen)
    borjan = time.perf_counter()
    await asyncio.gather(*(_en(port, token, ko, utfall) for _ in range(forbindelser)))
    utfall.vagg = time.perf_counter() - borjan
    return utfall


async def _en(port: int, token: str, ko: Iterable[Anrop], utfall: Utfall) -> None:
    lasare, skrivare = await asyncio.open_connection("127.0.0.1", port)
    try:
        for anrop in ko:
            borjan = time.perf_counter()
            skrivare.write(_som_text(anrop, token))
            status, kropp = await _svaret(lasare)
            utfall.sekunder.append(time.perf_counter() - borjan)
            utfall.status[status] += 1
            utfall.svar.append(json.loads(kropp))
    finally:
        skrivare.close()


def _som_text(anrop: Anrop, token: str) -> bytes:
    kropp = json.dumps(anrop.kropp).encode()
    huvud = (
        f"POST {anrop.vag} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid4().hex}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(kropp)}\r\n\r\n"
    )
    return huvud.encode() + kropp


async def _svaret(lasare: asyncio.StreamReader) -> tuple[int, bytes]:
    huvud = (await lasare.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(huvud.split(" ", 2)[1])
    langd = int(huvud.split("content-length:", 1)[1].split("\r\n", 1)[0])
    return status, await lasare.readexactly(langd)
