"""Metrics for Prometheus; each service has a registry of its own, also when three share a process.

Guarantees that no label holds an id: routes are counted by their template.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds."""


class HttpMetrics:
    """Calls counted and timed by method, route and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls = Counter(
            "dygn_http_anrop", "Antal anrop", ("metod", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "dygn_http_sekunder",
            "Tid per anrop",
            ("metod", "route"),
            buckets=BUCKETS,
            registry=registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take down one call."""
        self._calls.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
