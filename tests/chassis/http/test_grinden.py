"""The gate: nothing is answered until the step before it has been done."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.chassis.http.gate import Gate, Refuses
from services.chassis.store.errors import Unavailable
from tests.stod.vanta import eventually_async

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Steg:
    """A step that fails as it is told, and counts how often it was tried."""

    def __init__(self, *fel: Exception) -> None:
        self.fel, self.forsok = list(fel), 0

    async def __call__(self) -> None:
        self.forsok += 1
        await asyncio.sleep(0)
        if self.fel:
            raise self.fel.pop(0)


@pytest.fixture
async def grindar() -> AsyncIterator[list[Gate]]:
    oppnade: list[Gate] = []
    yield oppnade
    for grind in oppnade:
        await grind.stop()


async def test_den_ar_oppen_nar_steget_ar_gjort_och_steget_gors_en_gang() -> None:
    steg = Steg()
    grind = Gate(steg)
    assert await grind.reason()
    await grind.start()
    assert not grind.shut
    assert await grind.reason() is None
    await grind.stop()
    assert steg.forsok == 1


async def test_en_databas_som_ligger_nere_fordrojer_bara(grindar: list[Gate]) -> None:
    grind = Gate(Steg(Unavailable(), Refuses("fel nyckel")))
    grindar.append(grind)
    await grind.start()
    assert grind.shut

    async def skalet() -> bool:
        return await grind.reason() == "fel nyckel"

    async def oppen() -> bool:
        return not grind.shut

    await eventually_async(skalet, 5)
    await eventually_async(oppen, 5)


async def test_en_grind_som_aldrig_oppnats_kan_stangas() -> None:
    steg = Steg(*[Unavailable()] * 100)
    grind = Gate(steg)
    await grind.start()
    await grind.stop()
    assert grind.shut
