"""A service of a new version of the views says that it cannot answer until they are built."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from dygn.inbyggd.databaser import Databas
from services.chassis.auth.roles import Roll
from services.chassis.http.app import create_app
from services.chassis.settings import ServiceSettings
from services.chassis.store.recorder import Recorder
from services.uppfoljning.api import rapporter
from services.uppfoljning.app import app
from services.uppfoljning.application import UppfoljningApplication
from tests.stod.tjanst import korande
from tests.uppfoljning.stod import tom
from tests.uppfoljning.vybyggen import NYARE, ater, tva

pytestmark = pytest.mark.anyio
NU = datetime(2024, 6, 1, tzinfo=UTC)
RAPPORT = "/v1/rapporter/dygnskostnader?fran=2024-01-01&till=2024-01-31"


def ny_app(settings: ServiceSettings) -> FastAPI:
    """The service as a later version of the code."""
    return create_app(
        name="uppfoljning",
        title="ny",
        description="ny",
        settings=settings,
        application=lambda recorder, _s, _k: UppfoljningApplication(recorder),
        routers=[rapporter.router],
        consumes=NYARE,
    )


async def test_den_nya_ar_inte_redo_forran_dess_bygge_tagit_over_och_den_gamla_svarar(
    uppfoljning: Databas,
) -> None:
    tom(uppfoljning)
    ater(uppfoljning)
    with tva(uppfoljning, NYARE) as bada:
        async with (
            korande(app, uppfoljning, Roll.ADMINISTRATOR, Roll.EKONOM) as gammal,
            korande(ny_app, uppfoljning, Roll.ADMINISTRATOR, Roll.EKONOM) as ny,
        ):
            nej = await ny.get(RAPPORT)
            assert nej.status_code == 503
            assert nej.json()["title"] == "Vyerna byggs om"
            assert "kan inte läsas än" in nej.json()["detail"]
            assert int(nej.headers["Retry-After"]) > 0
            inte_redo = await ny.get("/readyz")
            assert inte_redo.status_code == 503
            assert "byggs för en ny version" in inte_redo.json()["skal"][0]
            assert (await ny.get("/livez")).status_code == 200
            for vag in (RAPPORT, "/readyz"):
                assert (await gammal.get(vag)).status_code == 200
            for ett in (bada.flode, bada.nytt):
                ett.styr(NU)
            assert bada.ta_over() is None
            for en in (gammal, ny):
                for vag in (RAPPORT, "/readyz"):
                    assert (await en.get(vag)).status_code == 200
    ater(uppfoljning)


def test_ett_beslut_laser_det_som_lases_nar_det_fattas(uppfoljning: Databas) -> None:
    """The writer's own connection sees the build that is read now, also after a take-over."""
    tom(uppfoljning)
    ater(uppfoljning)
    with tva(uppfoljning) as bada:
        skrivaren = Recorder(uppfoljning.api.conninfo(), views=bada.konsument.vyversion)
        try:
            skrivaren.see_views()
            vagar = [skrivaren.connection.execute("SHOW search_path").fetchone()]
            assert bada.ta_over() is None
            skrivaren.see_views()
            vagar.append(skrivaren.connection.execute("SHOW search_path").fetchone())
        finally:
            skrivaren.close()
        assert vagar == [("public, public",), (f"{bada.bygge.schema}, public",)]
    ater(uppfoljning)
