"""The OpenAPI document: bearer tokens and problem documents are said once for every route.

Guarantees that the committed document and the served one are the same, whatever path the service
is mounted under.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_PROBLEM = {
    "type": "object",
    "description": "Problemdokument (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "regel": {"type": "string", "description": "Regelns id, R-…"},
        "korrelation": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail", "pointer"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON-pekare till fältet."},
                    "regel": {"type": "string"},
                },
            },
        },
    },
}
_ANSWERS = {
    "4XX": "Anropet avvisas; inget är lagrat.",
    "503": "En del av tjänsten svarar inte; försök igen.",
}


def describe(app: FastAPI) -> None:
    """Give the application its OpenAPI document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=app.description,
        routes=app.routes,
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, item in document["paths"].items():
        if path.startswith("/v1/"):
            for operation in item.values():
                _secure(operation)
    return document


def _secure(operation: dict[str, Any]) -> None:
    operation["security"] = [{"bearer": []}]
    operation["responses"].pop("422", None)
    for status, description in _ANSWERS.items():
        operation["responses"][status] = {
            "description": description,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
