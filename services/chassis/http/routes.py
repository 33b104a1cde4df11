"""Routes that state who may call them.

Guarantees that no route can be added without roles (it is a TypeError when the module is
imported), that a caller with the wrong role is refused before the body is read, and that the roles
stand in the OpenAPI document (``x-roller``).
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.auth.roles import Identity, Roll
from services.chassis.http.problems import Problem

EXTRA = "x-roller"


def roles(*roller: Roll) -> dict[str, Any]:
    """Keyword for a route's decorator: ``@router.get("/x", **roles(Roll.EKONOM))``."""
    return {"openapi_extra": {EXTRA: sorted(roll.value for roll in roller)}}


class RoleRoute(APIRoute):
    """A route that knows its roles and judges them first."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        extra = kwargs.get("openapi_extra") or {}
        if EXTRA not in extra:
            raise TypeError(f"{path} säger inte vilka roller som får anropa den")
        self.roller = frozenset(Roll(roll) for roll in extra[EXTRA])
        super().__init__(path, endpoint, **kwargs)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler behind a check of the caller's roles."""
        handle = super().get_route_handler()
        roller = self.roller

        async def judged(request: Request) -> Response:
            identity: Identity = request.scope["dygn.identity"]
            if not identity.roller & roller:
                raise Problem(
                    403,
                    "Saknar behörighet",
                    "Rollen får inte göra detta. Det får: " + ", ".join(sorted(roller)) + ".",
                    kind="saknar-behorighet",
                )
            return await handle(request)

        return judged


def service_router(*tags: str) -> APIRouter:
    """A router whose routes lie under /v1 and must state their roles."""
    return APIRouter(prefix="/v1", tags=list(tags), route_class=RoleRoute)
