"""What happens to every call before its route: a correlation id, a bounded body, an identity.

Guarantees the order: the id first, so that every refusal carries it; then the token, before a
byte of the body is judged; then the size of the body, counted as it comes in, so that nobody can
fill the memory by leaving out the length.
"""

import asyncio
import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.auth.tokens import InvalidToken, KeysUnavailable, TokenChecker
from services.chassis.http import problems
from services.chassis.http.paths import is_open
from services.chassis.http.problems import Problem
from services.chassis.telemetry.metrics import HttpMetrics

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Korrelation"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Counted by name; a caller can make up any number of others."""
_log = structlog.get_logger("http")


class Frame:
    """The outermost layer: correlation, time, log line, metrics."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics, service: str) -> None:
        self._app = app
        self._metrics = metrics
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and take down how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        korrelation = given if _ACCEPTED_ID.fullmatch(given) else uuid4().hex
        scope["dygn.korrelation"] = korrelation
        status = 500
        began = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = korrelation
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._note(scope, status, time.perf_counter() - began, korrelation)

    def _note(self, scope: Scope, status: int, seconds: float, korrelation: str) -> None:
        route = getattr(scope.get("route"), "path", "okand")
        method = scope["method"] if scope["method"] in _METHODS else "annan"
        self._metrics.observe(method, route, status, seconds)
        identity = scope.get("dygn.identity")
        _log.info(
            "anrop",
            tjanst=self._service,
            metod=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            korrelation=korrelation,
            aktor=identity.subject if identity else None,
        )


class Authenticated:
    """No call but those to open paths passes without a token that proves who calls."""

    def __init__(self, app: ASGIApp, checker: TokenChecker) -> None:
        self._app = app
        self._checker = checker

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the identity into the scope, or answer 401."""
        if scope["type"] != "http" or is_open(scope):
            await self._app(scope, receive, send)
            return
        scheme, _, token = Headers(scope=scope).get("Authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer" or not token:
                raise InvalidToken("Anropet saknar Authorization: Bearer.")
            identity = self._checker.remembered(token)
            if identity is None:
                identity = await asyncio.to_thread(self._checker.identity, token)
        except (InvalidToken, KeysUnavailable) as error:
            await _refuse(error)(scope, receive, send)
            return
        scope["dygn.identity"] = identity
        await self._app(scope, receive, send)


def _refuse(error: Exception) -> ASGIApp:
    problem = (
        Problem(
            401,
            "Inte inloggad",
            str(error),
            kind="inte-inloggad",
            headers={"WWW-Authenticate": "Bearer"},
        )
        if isinstance(error, InvalidToken)
        else problems.unavailable()
    )

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        korrelation = problems.korrelation_of(Request(scope))
        await problems.response(problem, korrelation)(scope, receive, send)

    return answer


class Bounded:
    """A body larger than the setting is refused (413) as soon as that is known."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("Content-Length", "0")
        if not length.isdecimal() or int(length) > self._max:
            await problems.response(self._too_large(), problems.korrelation_of(Request(scope)))(
                scope, receive, send
            )
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max:
                raise self._too_large()
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> Problem:
        return Problem(
            413,
            "För stort",
            f"Anropets innehåll får vara högst {self._max // 1024} kB. Dela upp det.",
            kind="for-stort",
        )
