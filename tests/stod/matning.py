"""Coverage, put aside while a great load goes through parts that other tests measure."""

from collections.abc import Iterator
from contextlib import contextmanager

import coverage


@contextmanager
def utan_matning() -> Iterator[None]:
    """No coverage is measured meanwhile, in any thread: all goes twice as fast.

    For loads whose code has been run before, measured: under a tracer they would prove no more.
    Threads that lived before stay unmeasured afterwards. Without coverage nothing happens.
    """
    matning = coverage.Coverage.current()
    if matning is None:
        yield
        return
    matning.stop()
    try:
        yield
    finally:
        matning.start()
