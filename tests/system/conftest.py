"""The installation that a module's tests share, and a broker whose topics are theirs."""

from collections.abc import Iterator

import pytest
import structlog

from dygn.inbyggd.kafka import Kafka
from tests.stod.provkatalog import provkatalog
from tests.system.installation import Installation, installation


@pytest.fixture(scope="module", autouse=True)
def _tyst_logg() -> Iterator[None]:
    """Warnings only: a line for each call would bury what a failure has to say."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def installationen() -> Iterator[Installation]:
    """An embedded installation that the tests of a module share."""
    with installation() as ny:
        yield ny


@pytest.fixture(scope="module")
def maklare() -> Iterator[Kafka]:
    """A broker of the module's own: the services' topics have fixed names."""
    with provkatalog(last=True) as katalog, Kafka(katalog) as ny:
        yield ny
