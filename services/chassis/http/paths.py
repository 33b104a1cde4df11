"""Which paths answer without a token, and what a path is below the mount of a service.

Guarantees one list of open paths for the whole frame: probes, metrics and the documentation.
"""

from starlette.types import Scope

OPEN = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json", "/docs"})
OPEN_BELOW = ("/docs/", "/static-offline-docs/")


def route_path(scope: Scope) -> str:
    """The path as the service's own routes see it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and path.startswith(root):
        return path[len(root) :] or "/"
    return path


def is_open(scope: Scope) -> bool:
    """Whether the path answers without a token."""
    path = route_path(scope)
    return path in OPEN or path.startswith(OPEN_BELOW)
