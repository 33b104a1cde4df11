"""Structured log lines: JSON on standard error, one line an occurrence.

Guarantees that log lines are made of named values and that none of the frame's own lines holds a
body, a query string or a header; with that, nothing that a caller wrote about a person gets there.
"""

import logging
import sys

import structlog


def configure(level: str = "INFO") -> None:
    """Set logging up for this process; called once, by whoever starts it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
