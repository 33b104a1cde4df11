"""Wait for something that another thread or process does, and say what was seen if it never came.

Never `sleep` in a test: too short it fails by chance, too long it costs everyone time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
Meddelande = str | Callable[[], str]


class _Spaning:
    """Remembers the last thing that was seen, for the failure text."""

    def __init__(self, timeout: float, message: Meddelande) -> None:
        self._slut = time.monotonic() + timeout
        self._timeout = timeout
        self._message = message
        self.sist = "inget"

    def ge_upp_efter_hand(self) -> None:
        if time.monotonic() > self._slut:
            text = self._message() if callable(self._message) else self._message
            raise AssertionError(f"{text} (efter {self._timeout:g} s; sist sågs: {self.sist})")


def eventually(
    predicate: Callable[[], T],
    timeout: float = 10.0,
    message: Meddelande = "det väntade inträffade aldrig",
    *,
    paus: float = 0.02,
) -> T:
    """Call `predicate` until it returns something true, and return that.

    An AssertionError inside it counts as "not yet"; any other exception ends the wait at once.
    `message` may be a function, so that it can tell how things stand when time is up.
    """
    spaning = _Spaning(timeout, message)
    while True:
        try:
            varde = predicate()
        except AssertionError as fel:
            spaning.sist = f"AssertionError: {fel}"
        else:
            if varde:
                return varde
            spaning.sist = repr(varde)
        spaning.ge_upp_efter_hand()
        time.sleep(paus)


async def eventually_async(
    predicate: Callable[[], Awaitable[T]],
    timeout: float = 10.0,
    message: Meddelande = "det väntade inträffade aldrig",
    *,
    paus: float = 0.02,
) -> T:
    """The same for a coroutine function."""
    spaning = _Spaning(timeout, message)
    while True:
        try:
            varde = await predicate()
        except AssertionError as fel:
            spaning.sist = f"AssertionError: {fel}"
        else:
            if varde:
                return varde
            spaning.sist = repr(varde)
        spaning.ge_upp_efter_hand()
        await asyncio.sleep(paus)
