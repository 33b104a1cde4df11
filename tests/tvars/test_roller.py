"""Walks every route of every service: no token 401, wrong role 403, and what is open by name."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import RouteContext

from dygn.inbyggd.databaser import TJANSTER
from services.chassis.auth.roles import Roll
from services.chassis.http.routes import RoleRoute, roles, service_router
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, korande, migrera
from tests.stod.tjanster import appfabrik, ostartad, tjanster, vagar

pytestmark = pytest.mark.anyio

OPPNA = {
    "/livez",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/docs/oauth2-redirect",
    "/static-offline-docs",
}
"""Everything that answers without a token: probes, metrics and the documentation."""
ID = UUID("00000000-0000-4000-8000-000000000000")


def _slutna(app: FastAPI) -> Iterator[tuple[RouteContext, str, str, RoleRoute]]:
    """Every route that is not open: the route, its method, a path to call, and its class."""
    for vag in vagar(app):
        assert vag.path is not None
        if vag.path in OPPNA:
            continue
        assert vag.path.startswith("/v1/"), f"{vag.path} är varken öppen eller under /v1"
        assert isinstance(vag.original_route, RoleRoute), f"{vag.path} säger inte sina roller"
        for metod in sorted(vag.methods or set()):
            yield vag, metod, re.sub(r"\{[^}]+\}", str(ID), vag.path), vag.original_route


def test_varje_tjanst_ar_med_i_vandringen() -> None:
    assert set(tjanster()) == set(TJANSTER)


@pytest.mark.parametrize("tjanst", tjanster())
async def test_varje_vag_kraver_token_och_ratt_roll(
    tjanst: str, databas: Databasfabrik, anyio_backend: str
) -> None:
    async with korande(appfabrik(tjanst), databas(tjanst, migrera)) as ingen:
        vandrade = 0
        async with ingen.som() as utan_roll:
            for vag, metod, adress, rutt in _slutna(ingen.app):
                namn = f"{metod} {vag.path}"
                assert rutt.roller, f"{namn} får ingen anropa"
                svar = await ingen.request(metod, adress, content=b"{")
                assert svar.status_code == 401, namn
                svar = await utan_roll.request(metod, adress, content=b"{")
                assert svar.status_code == 403, namn
                await _prova_roller(ingen, namn, metod, adress, rutt)
                vandrade += 1
        assert vandrade >= 3, "vandringen gick ingenstans"
        assert ingen.antal_handelser() == 0


async def _prova_roller(
    klient: Klient, namn: str, metod: str, adress: str, rutt: RoleRoute
) -> None:
    andra = set(Roll) - rutt.roller
    if andra:
        async with klient.som(*andra) as fel:
            assert (await fel.request(metod, adress, content=b"{")).status_code == 403, namn
    for roll in rutt.roller:
        async with klient.som(roll) as ratt:
            # Without a key and with half a body: judged on, but never stored.
            svar = await ratt.request(metod, adress, content=b"{")
            assert svar.status_code in (200, 400, 404, 422), f"{namn} som {roll}: {svar.text}"


@pytest.mark.parametrize("tjanst", tjanster())
async def test_bara_de_namngivna_vagarna_ar_oppna(
    tjanst: str, databas: Databasfabrik, anyio_backend: str
) -> None:
    async with korande(appfabrik(tjanst), databas(tjanst, migrera)) as ingen:
        assert {vag.path for vag in vagar(ingen.app)} >= OPPNA
        for adress in OPPNA - {"/static-offline-docs"}:
            assert (await ingen.get(adress)).status_code == 200, adress
        for adress in ("/", "/v1", "/v1/", "/docs2", "/livez/x", "/v1/livez", "/redoc", "//livez"):
            assert (await ingen.get(adress)).status_code == 401, adress


def test_en_vag_utan_roller_kan_inte_laggas_till() -> None:
    router = service_router("prov")
    with pytest.raises(TypeError, match="/v1/glomd"):

        @router.get("/glomd")
        async def glomd() -> None:
            """Says nothing of roles."""

    with pytest.raises(ValueError, match="kung"):

        @router.get("/okand", openapi_extra={"x-roller": ["kung"]})
        async def okand() -> None:
            """Names a role that is none."""


def test_en_vag_forbi_ramverket_hittas_av_vandringen() -> None:
    """A route of another class under /v1, and one outside it, would need no role."""
    for prefix, text in [("/v1", "säger inte sina roller"), ("/annat", "varken öppen")]:
        app = ostartad(tjanster()[0])
        forbi = APIRouter(prefix=prefix)

        @forbi.get("/forbi", include_in_schema=False)
        async def smyg() -> None:
            """Not in the document either."""

        app.include_router(forbi)
        with pytest.raises(AssertionError, match=text):
            list(_slutna(app))


def test_roller_skrivs_i_dokumentet_i_bokstavsordning() -> None:
    assert roles(Roll.SYSTEM, Roll.EKONOM) == {"openapi_extra": {"x-roller": ["ekonom", "system"]}}
