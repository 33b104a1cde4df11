"""Many at once: of fifty that would overlap exactly one is left (R-PLA-1)."""

import asyncio

import pytest

from services.chassis.auth.roles import Roll
from services.placering.app import app
from tests.placering.varld import PERSONNUMMER, eget_hem, klient_och_beslut, ny_klient, nytt_beslut
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, korande, migrera

pytestmark = pytest.mark.anyio


@pytest.mark.regel("R-PLA-1")
async def test_av_femtio_samtidiga_placeringar_blir_en_kvar(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    svar = await asyncio.gather(
        *(vard.sand("/v1/placeringar", eget_hem(klient, beslut)) for _ in range(50))
    )
    assert sorted(ett.status_code for ett in svar) == [201] + [422] * 49
    assert {ett.json()["regel"] for ett in svar if ett.status_code == 422} == {"R-PLA-1"}
    assert len((await vard.las("/v1/placeringar"))["poster"]) == 1
    assert len((await vard.las(f"/v1/beslut/{beslut}"))["placeringar"]) == 1


@pytest.mark.regel("R-PLA-1")
async def test_ocksa_genom_tva_processers_skrivare(databas: Databasfabrik) -> None:
    """Two applications over one database race as two processes do: each has its own writer."""
    ena_databasen = databas("placering", migrera)
    async with (
        korande(app, ena_databasen, Roll.SOCIALSEKRETERARE) as ena,
        korande(app, ena_databasen, Roll.SOCIALSEKRETERARE) as andra,
    ):
        klient, beslut = await klient_och_beslut(ena)
        svar = await asyncio.gather(
            *(
                (ena, andra)[nummer % 2].sand("/v1/placeringar", eget_hem(klient, beslut))
                for nummer in range(50)
            )
        )
        statusar = sorted(ett.status_code for ett in svar)
        assert statusar.count(201) == 1
        assert set(statusar) <= {201, 409, 422}
        assert len((await ena.las("/v1/placeringar"))["poster"]) == 1


async def test_samma_person_registreras_en_gang(vard: Klient) -> None:
    kropp = ny_klient(personnummer=PERSONNUMMER)
    svar = await asyncio.gather(*(vard.sand("/v1/klienter", kropp) for _ in range(20)))
    assert sorted(ett.status_code for ett in svar) == [201] + [422] * 19
    assert len((await vard.las("/v1/klienter"))["poster"]) == 1
    assert vard.sql("SELECT count(*) FROM klientnyckel") == [(1,)]


async def test_makulering_och_placering_pa_en_gang_lamnar_inget_under_ett_makulerat_beslut(
    vard: Klient,
) -> None:
    klient, _ = await klient_och_beslut(vard)
    for _ in range(5):
        beslut = (await vard.lagra("/v1/beslut", nytt_beslut(klient)))["id"]
        vag = f"/v1/beslut/{beslut}/makulering"
        makulering, placering = await asyncio.gather(
            vard.sand(vag, {"skal": "dubblett"}, version=1),
            vard.sand("/v1/placeringar", eget_hem(klient, beslut)),
        )
        assert makulering.is_success != placering.is_success
        if placering.is_success:
            vag = f"/v1/placeringar/{placering.json()['id']}/makulering"
            await vard.lagra(vag, {"skal": "dubblett"}, version=1)
