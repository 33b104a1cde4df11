"""The stream process as others see it: probes, metrics, and its parts one by one.

Guarantees that readiness is red as long as any part does not do its work, with the part's own
words, and that a part's measures (position, lag, stopped partitions) can be scraped.
"""

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.streams.process import StreamProcess


class StreamMetrics(Collector):
    """Health and measures of every part of one service's stream process."""

    def __init__(self, service: str, process: StreamProcess) -> None:
        self._service = service
        self._process = process

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The metrics now."""
        ready = GaugeMetricFamily(
            "dygn_strom_redo", "1 när delen gör sitt arbete", labels=("tjanst", "del")
        )
        measures = GaugeMetricFamily(
            "dygn_strom_matt", "Delens egna mått", labels=("tjanst", "del", "matt")
        )
        for report in self._process.health().delar:
            ready.add_metric((self._service, report.namn), float(report.ok))
            for name, value in report.matt.items():
                measures.add_metric((self._service, report.namn, name), value)
        return [ready, measures]


def reasons(process: StreamProcess) -> list[str]:
    """Why the process is not ready, a Swedish sentence for each part that is not."""
    return [
        f"{report.namn}: {report.lage}{f' – {report.text}' if report.text else ''}"
        for report in process.health().delar
        if not report.ok
    ]


def monitor(service: str, process: StreamProcess) -> Starlette:
    """A small ASGI application with ``/livez``, ``/readyz`` and ``/metrics``."""
    registry = CollectorRegistry()
    registry.register(StreamMetrics(service, process))

    async def livez(_: Request) -> Response:
        return JSONResponse({"status": "lever"})

    async def readyz(_: Request) -> Response:
        missing = reasons(process)
        if missing:
            return JSONResponse({"status": "inte redo", "skal": missing}, 503)
        return JSONResponse({"status": "redo"})

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/livez", livez),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]
    )
