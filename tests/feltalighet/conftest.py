"""One system for the tests of a module; a new one after a fault that was not got over."""

import gc
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import structlog

from tests.feltalighet.bana import Bana, bana
from tests.stod.matning import utan_matning


@pytest.fixture(scope="module", autouse=True)
def _tyst_logg() -> Iterator[None]:
    """Here faults are what is meant: only what a test says is of interest."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    kafka = logging.getLogger("kafka")
    fore = kafka.level
    kafka.setLevel(logging.CRITICAL + 1)
    yield
    kafka.setLevel(fore)
    structlog.reset_defaults()
    # The broker's client leaves dead sockets to the collector: have it come in here.
    gc.collect()


@pytest.fixture(scope="module")
def banan(fro: int) -> Iterator[Callable[[], Bana]]:
    """``banan()`` gives the module's system, or a new one where the last was left broken."""
    slump = random.Random(fro)
    en: Bana | None = None
    with utan_matning(), ExitStack() as stack:

        def hel() -> Bana:
            nonlocal en
            if en is None or en.skadad:
                stack.close()
                en = stack.enter_context(bana(slump))
            return en

        yield hel
