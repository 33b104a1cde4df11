"""The services that exist, found in the source tree, so that no test forgets a new one."""

import importlib
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic import SecretStr

from services.chassis.settings import ServiceSettings
from tests.stod.tjanst import Appfabrik

ROT = Path(__file__).resolve().parents[2]
_MAPP = ROT / "services"


def tjanster() -> list[str]:
    """Every service that is a package; the frame is none."""
    return sorted(
        fil.parent.name for fil in _MAPP.glob("*/__init__.py") if fil.parent.name != "chassis"
    )


def appfabrik(tjanst: str) -> Appfabrik:
    """The service's composition root."""
    fabrik: Appfabrik = importlib.import_module(f"services.{tjanst}.app").app
    return fabrik


def ostartad(tjanst: str) -> FastAPI:
    """The service's application with none of its parts started: to look at its routes."""
    return appfabrik(tjanst)(
        ServiceSettings(database_url=SecretStr(""), issuer="-", jwks_file=Path("finns-inte"))
    )


def vagar(app: FastAPI) -> list[RouteContext]:
    """Every route, whether it stands in the OpenAPI document or not."""
    return list(iter_route_contexts(app.routes))
