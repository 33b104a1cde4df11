"""Messages put aside, over HTTP: what is listed, who may decide, and what a decision does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts import placering as pla
from dygn.inbyggd.databaser import Databas
from services.chassis.auth.roles import Roll
from services.chassis.store.mapper import decode
from services.chassis.streams.decision_event import KarantanBeslutad
from services.uppfoljning.app import app
from tests.stod.tjanst import ANNAN_KOMMUN, KOMMUN, Klient, korande, sql
from tests.uppfoljning.stod import Flode
from tests.uppfoljning.views import fakta as f

pytestmark = pytest.mark.anyio
SKAL = {"skal": "Prövat för hand: felet ligger hos avsändaren."}


@asynccontextmanager
async def administratoren(uppfoljning: Databas) -> AsyncIterator[Klient]:
    async with korande(app, uppfoljning, Roll.ADMINISTRATOR) as klient:
        yield klient


def lagg_i_karantan(flode: Flode) -> str:
    """A klient's first message is damaged, its second waits behind; the path of the first."""
    forsta, andra = flode.koda(KOMMUN, f.nu(f.klient(), f.beslut("b", date(2024, 1, 1))))
    flode.ta([replace(forsta, value=b"{"), andra])
    flode.vik()
    rader = flode.connection.execute(
        "SELECT topic, partition, \"offset\" FROM karantan WHERE lage = 'karantan'"
    ).fetchall()
    assert len(rader) == 1
    topic, partition, offset = rader[0]
    return f"/v1/karantan/{topic}/{partition}/{offset}"


def lagen(flode: Flode) -> list[str]:
    """The states of what is put aside, in order."""
    rader = flode.connection.execute("SELECT lage FROM karantan ORDER BY pos").fetchall()
    return [lage for (lage,) in rader]


def sista_beslut(uppfoljning: Databas) -> KarantanBeslutad:
    """The newest event of the service."""
    topic, id, version, state = sql(
        uppfoljning,
        "SELECT topic, originator_id, originator_version, state FROM handelse"
        " ORDER BY pos DESC LIMIT 1",
    )[0]
    handelse: Any = decode(topic, id, version, bytes(state))
    assert isinstance(handelse, KarantanBeslutad)
    return handelse


async def test_det_som_ligger_i_karantan_listas_och_visas_med_innehall(
    uppfoljning: Databas, tomt: Flode
) -> None:
    vag = lagg_i_karantan(tomt)
    async with administratoren(uppfoljning) as klient:
        lista = await klient.las("/v1/karantan")
        assert [rad["lage"] for rad in lista] == ["karantan", "hallen"]
        assert lista[0]["typ"] == pla.KlientRegistrerad.handelsetyp()
        helt = await klient.las(vag)
    assert helt["innehall"] == "{"
    assert helt["orsak"]


async def test_kasta_lagrar_ett_beslut_och_slapper_fram_det_som_vantar(
    uppfoljning: Databas, tomt: Flode
) -> None:
    vag = lagg_i_karantan(tomt)
    async with administratoren(uppfoljning) as klient:
        svar = await klient.sand(f"{vag}/kasta", SKAL)
        assert svar.status_code == 200
        assert lagen(tomt) == ["kastad", "hallen"]
        igen = await klient.sand(f"{vag}/kasta", SKAL)
        assert igen.status_code == 422
    beslut = sista_beslut(uppfoljning)
    assert (beslut.beslut, beslut.skal, beslut.kommunkod) == ("kasta", SKAL["skal"], KOMMUN)
    tomt.skot()
    assert lagen(tomt) == ["kastad", "tillampad"]


async def test_slapp_markerar_bara_och_stromprocessen_provar_igen(
    uppfoljning: Databas, tomt: Flode
) -> None:
    vag = lagg_i_karantan(tomt)
    async with administratoren(uppfoljning) as klient:
        assert (await klient.sand(f"{vag}/slapp", SKAL)).status_code == 200
    assert lagen(tomt) == ["slappt", "hallen"]
    tomt.skot()
    assert lagen(tomt) == ["karantan", "hallen"]


async def test_ett_beslut_utan_skal_eller_om_det_som_inte_finns_avvisas(
    uppfoljning: Databas, tomt: Flode
) -> None:
    vag = lagg_i_karantan(tomt)
    async with administratoren(uppfoljning) as klient:
        fore = klient.antal_handelser()
        assert (await klient.sand(f"{vag}/kasta", {})).status_code == 422
        assert (await klient.sand(f"{vag}/passera", SKAL)).status_code == 422
        okand = "/v1/karantan/dygn.placering.v1/0/999999/kasta"
        assert (await klient.sand(okand, SKAL)).status_code == 404
        assert klient.antal_handelser() == fore
    assert lagen(tomt) == ["karantan", "hallen"]


async def test_en_annan_kommun_ser_inget_och_far_inte_besluta(
    uppfoljning: Databas, tomt: Flode
) -> None:
    vag = lagg_i_karantan(tomt)
    async with administratoren(uppfoljning) as klient:
        frammande = klient.som(Roll.ADMINISTRATOR, kommunkod=ANNAN_KOMMUN)
        assert await frammande.las("/v1/karantan") == []
        assert (await frammande.sand(f"{vag}/kasta", SKAL)).status_code == 404
    assert lagen(tomt) == ["karantan", "hallen"]


async def test_bara_administratorer_och_system_kommer_at_karantanen(
    uppfoljning: Databas, tomt: Flode
) -> None:
    del tomt
    async with korande(app, uppfoljning, Roll.EKONOM) as klient:
        assert (await klient.get("/v1/karantan")).status_code == 403
