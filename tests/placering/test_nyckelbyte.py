"""The master key exchanged: everything can be read afterwards, and not with the earlier key."""

import base64
import os
from typing import Any
from uuid import UUID

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.auth.roles import Roll
from services.chassis.crypto import Keyring
from services.placering.app import app
from services.placering.views.nyckelbyte import OkandNyckel, byt_huvudnyckel
from services.placering.views.personuppgifter import Personvalv
from tests.placering.varld import PERSONNUMMER, ny_klient, vagras
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import HUVUDNYCKEL, Klient, korande, migrera, sql

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-SEK-1")]

GAMMAL = base64.b64decode(HUVUDNYCKEL)
NY = os.urandom(32)
RING = Keyring(NY, others=[GAMMAL], hashing=GAMMAL)
BYTT: dict[str, Any] = {"master_key": base64.b64encode(NY).decode(), "hash_key": HUVUDNYCKEL}
UNDER_BYTET: dict[str, Any] = {**BYTT, "other_master_keys": HUVUDNYCKEL}
"""The settings of a process during the exchange, and after it."""


async def registrera(klient: Klient, antal: int) -> list[str]:
    """So many persons, the first with a personnummer."""
    nummer = [PERSONNUMMER, *[None] * (antal - 1)]
    return [
        (await klient.lagra("/v1/klienter", ny_klient(namn=f"Namn {nr}", personnummer=ett)))["id"]
        for nr, ett in enumerate(nummer)
    ]


async def namnen(klient: Klient, ids: list[str]) -> list[str]:
    return [(await klient.las(f"/v1/klienter/{id}"))["namn"] for id in ids]


def som_agare(databas: Databas) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(databas.agare.conninfo(), autocommit=True)


def inslagna(databas: Databas) -> list[tuple[UUID, bytes]]:
    return sql(databas, "SELECT klient, nyckel_inslagen FROM klientnyckel ORDER BY klient")


def kan_lasas(ring: Keyring, klient: UUID, inslagen: bytes) -> bool:
    try:
        ring.unwrap(inslagen, str(klient))
    except Exception:
        return False
    return True


async def test_efter_bytet_lases_allt_med_den_nya_och_inget_med_den_gamla(
    databas: Databasfabrik,
) -> None:
    bas = databas("placering", migrera)
    async with korande(app, bas, Roll.SOCIALSEKRETERARE) as fore:
        ids = await registrera(fore, 3)
    chiffer = sql(bas, "SELECT * FROM personuppgift ORDER BY 1, 2, 3, 4")
    with som_agare(bas) as agare:
        utfall = byt_huvudnyckel(agare, RING)
        igen = byt_huvudnyckel(agare, RING)
    assert (utfall.bytta, utfall.alla, igen.bytta) == (3, 3, 0)
    assert sql(bas, "SELECT * FROM personuppgift ORDER BY 1, 2, 3, 4") == chiffer
    assert not any(kan_lasas(Keyring(GAMMAL), *rad) for rad in inslagna(bas))
    async with korande(app, bas, Roll.SOCIALSEKRETERARE, **BYTT) as efter:
        assert await namnen(efter, ids) == ["Namn 0", "Namn 1", "Namn 2"]
        sokning = await efter.lagra("/v1/klienter/sokning", {"personnummer": PERSONNUMMER})
        assert sokning == {"klient": ids[0]}
        samma = ny_klient(personnummer=PERSONNUMMER)
        await vagras(efter, "/v1/klienter", samma, pekare="/personnummer")


async def test_ett_upprepat_anrop_far_samma_svar_over_bytet(databas: Databasfabrik) -> None:
    bas = databas("placering", migrera)
    async with korande(app, bas, Roll.SOCIALSEKRETERARE) as fore:
        forsta = (await fore.sand("/v1/klienter", ny_klient(), nyckel="en-nyckel")).json()
    async with korande(app, bas, Roll.SOCIALSEKRETERARE, **UNDER_BYTET) as efter:
        assert (await efter.sand("/v1/klienter", ny_klient(), nyckel="en-nyckel")).json() == forsta


class _Avbrott(Exception):
    pass


async def test_ett_avbrutet_byte_stor_ingen_och_gar_vidare_dar_det_var(
    databas: Databasfabrik,
) -> None:
    def avbryt(_: int) -> None:
        raise _Avbrott

    bas = databas("placering", migrera)
    async with korande(app, bas, Roll.SOCIALSEKRETERARE) as fore:
        ids = await registrera(fore, 5)
    with som_agare(bas) as agare, pytest.raises(_Avbrott):
        byt_huvudnyckel(agare, RING, bunt=2, visa=avbryt)
    assert sum(kan_lasas(Keyring(GAMMAL), *rad) for rad in inslagna(bas)) == 3
    async with korande(app, bas, Roll.SOCIALSEKRETERARE, **UNDER_BYTET) as mitt_i:
        assert await namnen(mitt_i, ids) == [f"Namn {nr}" for nr in range(5)]
        sjatte = (await mitt_i.lagra("/v1/klienter", ny_klient(namn="Namn 5")))["id"]
        visat: list[int] = []
        with som_agare(bas) as agare:
            assert byt_huvudnyckel(agare, RING, bunt=2, visa=visat.append).bytta == 3
        assert visat == [2, 3]
        assert await namnen(mitt_i, [*ids, sjatte]) == [f"Namn {nr}" for nr in range(6)]


async def test_en_nyckel_som_tillkommer_under_tiden_blir_ocksa_bytt(
    databas: Databasfabrik,
) -> None:
    """A process that still wraps by the earlier key, ahead of where the exchange has come."""
    bas = databas("placering", migrera)
    async with korande(app, bas, Roll.SOCIALSEKRETERARE) as fore:
        await registrera(fore, 2)
    sen, kommun = UUID(int=1), sql(bas, "SELECT kommunkod FROM klientnyckel")[0][0]

    def tillkommer(gjorda: int) -> None:
        if gjorda == 2:
            valv = Personvalv(Keyring(GAMMAL), lambda _s, _p: [], kommun)
            valv.ny_klient(sen)
            (rad,) = valv.ta_rader()
            sql(
                bas,
                "INSERT INTO klientnyckel (kommunkod, klient, nyckel_inslagen, nyckelmarke)"
                " VALUES (%s, %s, %s, %s)",
                *rad.columns.values(),
            )

    with som_agare(bas) as agare:
        assert byt_huvudnyckel(agare, RING, visa=tillkommer).bytta == 3
    assert all(kan_lasas(Keyring(NY), *rad) for rad in inslagna(bas))


async def test_en_nyckel_under_en_okand_huvudnyckel_rors_inte(databas: Databasfabrik) -> None:
    bas = databas("placering", migrera)
    async with korande(app, bas, Roll.SOCIALSEKRETERARE) as fore:
        await registrera(fore, 1)
    orort = inslagna(bas)
    with som_agare(bas) as agare, pytest.raises(OkandNyckel):
        byt_huvudnyckel(agare, Keyring(NY))
    assert inslagna(bas) == orort


async def test_en_tjanst_med_en_annan_hashnyckel_svarar_inte(databas: Databasfabrik) -> None:
    """It would find nobody by number and register everybody anew."""
    bas = databas("placering", migrera)
    async with korande(app, bas, Roll.SOCIALSEKRETERARE) as fore:
        await registrera(fore, 1)
    utan: dict[str, Any] = {"master_key": BYTT["master_key"]}
    async with korande(app, bas, Roll.SOCIALSEKRETERARE, **utan) as annan:
        svar = await annan.sand("/v1/klienter", ny_klient(personnummer=PERSONNUMMER))
        assert (svar.status_code, svar.headers["retry-after"]) == (503, "5")
        redo = await annan.get("/readyz")
        assert redo.status_code == 503
        assert "DYGN_HASH_KEY" in redo.text
    assert sql(bas, "SELECT count(*) FROM klientnyckel") == [(1,)]
