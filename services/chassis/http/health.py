"""Probes and metrics: is the process alive, can it answer, what does it measure.

Guarantees that ``/livez`` asks nothing of anything else, and that ``/readyz`` is red with a reason
when the database, or anything else the service has named, is not there.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.chassis.http.problems import RETRY_AFTER
from services.chassis.http.service import service_of
from services.chassis.store.errors import Unavailable

router = APIRouter(tags=["drift"])


@router.get("/livez", summary="Lever processen?")
async def livez() -> dict[str, str]:
    """Always the same answer while the process runs."""
    return {"status": "lever"}


@router.get("/readyz", summary="Kan tjänsten svara?")
async def readyz(request: Request) -> JSONResponse:
    """200 when every part that an answer needs is there, else 503 with what is missing."""
    service = service_of(request)
    reasons: list[str] = []
    try:
        await service.reader.ping()
    except Unavailable:
        reasons.append("Databasen svarar inte.")
    for check in service.checks:
        reason = await check()
        if reason is not None:
            reasons.append(reason)
    if reasons:
        return JSONResponse(
            {"status": "inte redo", "skal": reasons}, 503, {"Retry-After": RETRY_AFTER}
        )
    return JSONResponse({"status": "redo"})


@router.get("/metrics", summary="Mätvärden för Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """The service's own registry in Prometheus' text format."""
    return Response(generate_latest(service_of(request).registry), media_type=CONTENT_TYPE_LATEST)
