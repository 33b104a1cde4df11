"""What must be done before a process answers anything about its data, and until then nothing is.

Guarantees that a database which was restored, or which was made under another key, is put right or
refused before a single call is answered from it: every call but those to open paths is 503, and
``/readyz`` red with the reason, until the step has been done once since the process started. A
database that is down delays the step and stops nothing else.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import psycopg
import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.http import problems
from services.chassis.http.paths import is_open
from services.chassis.http.problems import RETRY_AFTER, Problem
from services.chassis.store.errors import Unavailable

Step = Callable[[], Awaitable[None]]

_AGAIN = 0.5
"""Seconds between two tries."""
_log = structlog.get_logger("start")


class Refuses(Exception):
    """The step says, in Swedish, why this process may not answer from this database."""


class Gate:
    """Shut until its step has been done."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._task: asyncio.Task[None] | None = None
        self._reason: str | None = "Tjänsten förbereder sig."

    async def start(self) -> None:
        """Try once, and go on trying beside everything else if that was not enough."""
        if not await self._try():
            self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Give up."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def reason(self) -> str | None:
        """Why it is shut; ``None`` when it is open: a readiness check."""
        return self._reason

    async def _go_on(self) -> None:
        while not await self._try():
            await asyncio.sleep(_AGAIN)

    async def _try(self) -> bool:
        try:
            await self._step()
        except (Unavailable, psycopg.OperationalError):
            return False
        except Refuses as refusal:
            if self._reason != str(refusal):
                _log.error("svarar inte", skal=str(refusal))
            self._reason = str(refusal)
            return False
        self._reason = None
        return True

    @property
    def shut(self) -> bool:
        """Whether calls are to be turned away."""
        return self._reason is not None


class Gated:
    """Turns calls away while the service's gate is shut."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or answer 503."""
        if scope["type"] == "http" and not is_open(scope):
            gate = scope["app"].state.service.gate
            if gate is not None and gate.shut:
                answer = problems.response(_not_ready(), problems.korrelation_of(Request(scope)))
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _not_ready() -> Problem:
    return Problem(
        503,
        "Tjänsten är inte redo",
        "Tjänsten förbereder sig och svarar inte än. Försök igen om en stund.",
        kind="inte-redo",
        headers={"Retry-After": RETRY_AFTER},
    )
