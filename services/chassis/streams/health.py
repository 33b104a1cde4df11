"""How a part of the stream process fares, and the two ways in which it may refuse to go on.

Guarantees that a part that has stopped says so in one place, in words that a person on duty
understands, and that readiness and metrics read the same object as the part writes.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import psycopg

State = Literal["startar", "vantar", "igang", "fel", "vagrar", "utestangd", "stannad"]
"""starting, waiting for a lock or a topic, working, failing, refusing, fenced out, stopped."""

Connect = Callable[[], psycopg.Connection[Any]]
"""Opens a connection in autocommit mode."""


DATA_LIMITS = (psycopg.errors.ProgramLimitExceeded, psycopg.errors.StatementTooComplex)
"""A value larger or deeper than PostgreSQL can store: a fault of the data, whatever its class."""


class Refuses(Exception):
    """Going on would lose or double events: a person must decide. Text in Swedish."""


class FencedOut(Exception):
    """Another process has taken over: this one must publish nothing more."""


@dataclass(frozen=True, slots=True)
class Report:
    """A part's health at one instant: ``matt`` are its own measures by name."""

    namn: str
    lage: State
    text: str | None
    sedan: datetime
    senaste_fel: str | None
    matt: dict[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the part does its work, or waits in its turn while another does."""
        return self.lage in ("igang", "vantar")


class Health:
    """What a part says of itself; written by its thread, read by others."""

    def __init__(self, namn: str) -> None:
        self._lock = threading.Lock()
        self._report = Report(namn, "startar", None, datetime.now(UTC), None)

    def say(self, lage: State, text: str | None = None) -> None:
        """Set the state and the sentence that explains it."""
        with self._lock:
            old = self._report
            sedan = old.sedan if old.lage == lage else datetime.now(UTC)
            fel = text if lage in ("fel", "vagrar", "utestangd") else old.senaste_fel
            self._report = Report(old.namn, lage, text, sedan, fel, old.matt)

    def measure(self, **matt: float) -> None:
        """Set measures by name."""
        with self._lock:
            old = self._report
            self._report = Report(
                old.namn, old.lage, old.text, old.sedan, old.senaste_fel, {**old.matt, **matt}
            )

    @property
    def report(self) -> Report:
        """The health now."""
        with self._lock:
            return self._report


def transient(fault: BaseException) -> bool:
    """Whether the database fault goes away by itself: lost connection, deadlock, shutdown."""
    return not isinstance(fault, DATA_LIMITS) and isinstance(
        fault,
        (
            psycopg.OperationalError,
            psycopg.InterfaceError,
            psycopg.errors.IdleInTransactionSessionTimeout,
        ),
    )
