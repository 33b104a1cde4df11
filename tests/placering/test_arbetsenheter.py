"""Every route about a person, called by somebody at another arbetsenhet (R-SEK-3)."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.chassis.auth.roles import Roll
from tests.placering.varld import (
    OVERENSKOMMELSE,
    PERSONNUMMER,
    TJANSTEMAN,
    eget_hem,
    klient_och_beslut,
    ny_klient,
    nytt_beslut,
    nytt_godkannande,
    nytt_hem,
    vagras,
)
from tests.placering.vy import vik
from tests.stod.tjanst import KOMMUN, Klient
from tests.stod.tjanster import vagar

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-SEK-3")]

NORR, SODER = "Barn norr", "Barn söder"
INTE_OM_PERSONER = {
    "/v1/stromlage",
    "/v1/handelser",
    "/v1/karantan",
    "/v1/lagrum",
    "/v1/insatstyper",
    "/v1/delegationsordningar",
    "/v1/atkomstlogg",
    "/v1/klockor",
    "/v1/familjehemslistor",
    "/v1/atgardsslag",
}
"""Routes about streams, law and delegation: no person is in them. Who finds what in the log is told
by tests of its own."""

OM_HEM = {"/v1/hem", "/v1/hem/{id}", "/v1/hem/{id}/historik", "/v1/hem/{id}/boende"}
"""Read by all: a home is placed in by every arbetsenhet, and whoever lives there is left out."""
HEM_UPPGIFTER = {"beteckning": "FH-1", "fran": "2026-01-01"}

BESLUT = {k: v for k, v in nytt_beslut("-").items() if k != "klient"}
HEM = {k: v for k, v in eget_hem("-", "-").items() if k not in ("klient", "beslut")}
ATGARD = {"slag": "vardplan_reviderad", "datum": "2026-02-03"}
FRANVARO = {"orsak": "hemresa", "fran": "2026-02-02"}
ANDRINGAR: dict[str, dict[str, Any]] = {
    "/v1/klienter/{id}/rattelse": ny_klient(arbetsenhet=SODER, skal="fel_uppgift"),
    "/v1/klienter/{id}/ensamkommande": {"fran": "2025-10-14"},
    "/v1/beslut/{id}/rattelse": {**BESLUT, "skal": "fel_uppgift"},
    "/v1/beslut/{id}/makulering": {"skal": "dubblett"},
    "/v1/beslut/{id}/verkstallande": {"datum": "2026-02-01"},
    "/v1/beslut/{id}/avbrott": {"datum": "2026-02-01"},
    "/v1/beslut/{id}/aterupptagande": {"datum": "2026-02-01"},
    "/v1/beslut/{id}/upphorande": {"datum": "2026-02-01"},
    "/v1/beslut/{id}/drojsmalsorsak": {"datum": "2026-02-01", "orsak": "resursbrist"},
    "/v1/beslut/{id}/erbjudanden": {"datum": "2026-02-01"},
    "/v1/beslut/{id}/erbjudanden/{del}/svar": {"datum": "2026-02-01", "svar": "avbojt"},
    "/v1/beslut/{id}/erbjudanden/{del}/makulering": {"skal": "dubblett"},
    "/v1/beslut/{id}/forskjutningar": {"fran": "2026-02-01"},
    "/v1/beslut/{id}/forskjutningar/{del}/slut": {"till": "2026-02-03"},
    "/v1/beslut/{id}/forskjutningar/{del}/makulering": {"skal": "dubblett"},
    "/v1/beslut/{id}/interim_hjalp": {"fran": "2026-02-01", "insatstyp": "Kontaktperson"},
    "/v1/beslut/{id}/interim_hjalp/{del}/slut": {"till": "2026-02-03"},
    "/v1/beslut/{id}/interim_hjalp/{del}/makulering": {"skal": "dubblett"},
    "/v1/placeringar/{id}/priser": {"fran": "2026-02-01", "dygnspris_ore": 100, "skal": "annat"},
    "/v1/placeringar/{id}/placeringsavtal": {"overenskommelse": OVERENSKOMMELSE},
    "/v1/placeringar/{id}/forlangning": {
        "fran": "2026-02-01",
        "overenskommelse": OVERENSKOMMELSE,
        "skal": "annat",
    },
    "/v1/placeringar/{id}/betalare": {"fran": "2026-02-01", "ifo": 10_000},
    "/v1/placeringar/{id}/planerat_slut": {"planerat_slut": "2026-03-01"},
    "/v1/placeringar/{id}/avslut": {"till": "2026-03-01", "orsak": "planerad"},
    "/v1/placeringar/{id}/destination": {"destination": "eget_boende"},
    "/v1/placeringar/{id}/rattelse": {**HEM, "skal": "fel_uppgift"},
    "/v1/placeringar/{id}/makulering": {"skal": "dubblett"},
    "/v1/placeringar/{id}/omplacering": {**HEM, "beslut": str(UUID(int=1))},
    "/v1/placeringar/{id}/omvandling": {"fran": "2026-03-01", "beslut": str(UUID(int=1))},
    "/v1/placeringar/{id}/franvaro": FRANVARO,
    "/v1/placeringar/{id}/franvaro/{del}/slut": {"till": "2026-02-03"},
    "/v1/placeringar/{id}/franvaro/{del}/rattelse": {**FRANVARO, "skal": "fel_uppgift"},
    "/v1/placeringar/{id}/franvaro/{del}/makulering": {"skal": "dubblett"},
    "/v1/hem/{id}/rattelse": {**HEM_UPPGIFTER, "skal": "fel_uppgift"},
    "/v1/hem/{id}/makulering": {"skal": "dubblett"},
    "/v1/hem/{id}/platser": {"fran": "2026-02-01", "antal": 2},
    "/v1/hem/{id}/utredningar": {"avslutad": "2026-01-10", "utfall": "godtagbart"},
    "/v1/hem/{id}/referenser": {"datum": "2026-01-10", "kalla": "kommun"},
    "/v1/hem/{id}/arvodesniva": {"fran": "2026-02-01", "niva": "niva_2"},
    "/v1/hem/{id}/tillhorighet": {"fran": "2026-02-01", "leverantor": None},
    "/v1/hem/{id}/omvandling": {"fran": "2026-02-01"},
    "/v1/hem/{id}/avslut": {"till": "2026-06-30"},
    "/v1/hem/{id}/ivo_underrattelser": {"fran": "2026-02-01", "datum": "2026-02-02"},
    "/v1/hem/{id}/andra_kommuners_barn": {
        "kommun": "1480",
        "referens": "2026-117",
        "fran": "2026-02-01",
    },
    "/v1/hem/{id}/andra_kommuners_barn/{del}/makulering": {"skal": "dubblett"},
    "/v1/hem/{id}/godkannanden": nytt_godkannande(),
    "/v1/hem/{id}/uppgifter/{del}/makulering": {"skal": "dubblett"},
    "/v1/atgarder/{id}/makulering": {"skal": "dubblett"},
}
"""A right body for every change of an existing thing."""
OVERTAGEN = {
    "slag": "beslut",
    "referens": "1",
    "kon": "M",
    "lagrum": "9 § LSS",
    "insatstyp": "Kontaktperson",
    "beslutsdatum": "2023-01-01",
}
DEL = re.compile(r"\{(?!id\})\w+\}")
"""The id of a part of a thing, in a path."""
VERSIONER = {"klienter": 1, "beslut": 2, "placeringar": 1, "hem": 1, "atgarder": 1}
"""What a change starts from: a beslut knows of the placering under it."""


def _om_personer(vard: Klient) -> Iterator[tuple[str, str]]:
    """Every route about persons: its method and its path."""
    for vag in vagar(vard.app):
        assert vag.path is not None
        if vag.path.startswith("/v1/") and not any(map(vag.path.startswith, INTE_OM_PERSONER)):
            for metod in vag.methods or set():
                if metod != "GET" or vag.path not in OM_HEM:
                    yield metod, vag.path


async def _nagon_i_norr(vard: Klient) -> dict[str, str]:
    """A person at Norr with a beslut, a placering and an åtgärd: their ids by collection."""
    klient, beslut = await klient_och_beslut(vard, arbetsenhet=NORR)
    placering = (await vard.lagra("/v1/placeringar", eget_hem(klient, beslut)))["id"]
    hem = (await vard.lagra("/v1/hem", nytt_hem(arbetsenhet=NORR)))["id"]
    atgard = (await vard.lagra("/v1/atgarder", {**ATGARD, "klient": klient}))["id"]
    vik(vard)
    sak = {"klienter": klient, "beslut": beslut, "placeringar": placering}
    return {**sak, "hem": hem, "atgarder": atgard}


async def test_den_som_hor_till_en_annan_arbetsenhet_nar_ingenting_om_personen(
    vard: Klient,
) -> None:
    sak = await _nagon_i_norr(vard)
    lagrat = vard.antal_handelser()
    nya = {
        "/v1/klienter": ny_klient(arbetsenhet=NORR),
        "/v1/klienter/sokning": {"personnummer": PERSONNUMMER},
        "/v1/beslut": nytt_beslut(sak["klienter"]),
        "/v1/placeringar": eget_hem(sak["klienter"], sak["beslut"], fran="2027-01-01"),
        "/v1/overtaganden": {"rader": [OVERTAGEN]},
        "/v1/hem": nytt_hem(arbetsenhet=NORR),
        "/v1/atgarder": {**ATGARD, "klient": sak["klienter"]},
    }
    provade = set()
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as annan:
        for metod, vag in _om_personer(vard):
            adress = vag.replace("{id}", sak.get(vag.split("/")[2], ""))
            vag = DEL.sub("{del}", vag)
            adress = DEL.sub(str(uuid4()), adress)  # whether it is there is not told
            if metod == "GET" and "{id}" not in vag:
                assert (await annan.las(adress))["poster"] == [], vag
            elif metod == "GET":
                _nekas(await annan.get(adress), vag)
            elif "{id}" in vag:
                version = VERSIONER[vag.split("/")[2]]
                _nekas(await annan.sand(adress, ANDRINGAR[vag], version=version), vag)
            elif vag != "/v1/klienter/sokning":
                _nekas(await annan.sand(adress, nya.pop(vag)), vag)
            provade.add(vag)
    assert provade >= {*ANDRINGAR, "/v1/klienter", "/v1/beslut/{id}", "/v1/overtaganden"}
    assert set(nya) == {"/v1/klienter/sokning"}
    assert vard.antal_handelser() == lagrat
    assert vard.sql("SELECT count(*) FROM atkomstlogg") == [(0,)]


def _nekas(svar: Any, vag: str) -> None:
    assert svar.status_code == 403, f"{vag}: {svar.status_code} {svar.text}"
    assert svar.json()["regel"] == "R-SEK-3", f"{vag}: {svar.text}"


async def test_den_som_hor_till_personens_arbetsenhet_nar_allt(vard: Klient) -> None:
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER, NORR]) as egen:
        sak = await _nagon_i_norr(egen)
        for samling, id in sak.items():
            assert (await egen.las(f"/v1/{samling}/{id}"))["id"] == id
            assert [post["id"] for post in (await egen.las(f"/v1/{samling}"))["poster"]] == [id]
        svar = await egen.sand(
            f"/v1/placeringar/{sak['placeringar']}/avslut",
            ANDRINGAR["/v1/placeringar/{id}/avslut"],
            version=1,
        )
        assert svar.status_code == 200, svar.text


async def test_den_som_slutat_hora_dit_nar_inte_mer_och_den_nya_enheten_nar_allt(
    vard: Klient,
) -> None:
    sak = await _nagon_i_norr(vard)
    klient = f"/v1/klienter/{sak['klienter']}"
    async with (
        vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[NORR]) as norr,
        vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as soder,
    ):
        await norr.lagra(f"{klient}/rattelse", ANDRINGAR["/v1/klienter/{id}/rattelse"], version=1)
        _nekas(await norr.get(f"/v1/placeringar/{sak['placeringar']}"), "den gamla enheten")
        assert await soder.las(f"/v1/placeringar/{sak['placeringar']}")


@pytest.mark.parametrize("arbetsenhet", [None, NORR])
async def test_en_ny_klient_hamnar_hos_den_som_registrerar(
    vard: Klient, arbetsenhet: str | None
) -> None:
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as soder:
        await vagras(
            soder,
            "/v1/klienter",
            ny_klient(arbetsenhet=arbetsenhet),
            pekare="/arbetsenhet",
            regel="R-SEK-3",
            status=403,
        )
        assert await soder.lagra("/v1/klienter", ny_klient(arbetsenhet=SODER))


async def test_den_vars_token_har_en_tom_lista_nar_ingen(vard: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    async with vard.som(Roll.ENHETSCHEF, arbetsenheter=[]) as ingenstans:
        _nekas(await ingenstans.get(f"/v1/klienter/{klient}"), "utan arbetsenhet")
        assert (await ingenstans.las("/v1/klienter"))["poster"] == []


async def test_en_sokning_efter_nagon_annans_person_nekas_och_loggas(vard: Klient) -> None:
    klient = await vard.lagra(
        "/v1/klienter", ny_klient(personnummer=PERSONNUMMER, arbetsenhet=NORR)
    )
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as annan:
        sokning = {"personnummer": PERSONNUMMER, "skal": "anmalan"}
        _nekas(await annan.sand("/v1/klienter/sokning", sokning), "sökning")
    loggat = vard.sql("SELECT klient::text, vad, varfor FROM atkomstlogg")
    assert loggat == [(klient["id"], "sokning", "anmalan")]


async def test_den_som_ser_fa_far_korta_sidor_och_en_vag_vidare(vard: Klient) -> None:
    for nr in range(12):
        await vard.lagra("/v1/klienter", ny_klient(arbetsenhet=SODER if nr % 5 == 4 else NORR))
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as soder:
        sida = await soder.las("/v1/klienter", antal=1)
        sedda = [post["id"] for post in sida["poster"]]
        while sida["nasta"] is not None:
            sida = await soder.las("/v1/klienter", antal=1, markor=sida["nasta"])
            sedda += [post["id"] for post in sida["poster"]]
    hela = (await vard.las("/v1/klienter", antal=100))["poster"]
    assert sedda == [post["id"] for post in hela if post["arbetsenhet"] == SODER]
    assert len(sedda) == 2


async def test_tjanstemannens_egen_arbetsenhet_ar_inte_personens(vard: Klient) -> None:
    """Who decided, and where, says nothing of who may read."""
    klient = (await vard.lagra("/v1/klienter", ny_klient(arbetsenhet=NORR)))["id"]
    beslut = nytt_beslut(klient, beslutsfattare={**TJANSTEMAN, "arbetsenhet": SODER})
    id = (await vard.lagra("/v1/beslut", {**beslut, "arbetsenhet": SODER}))["id"]
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as soder:
        _nekas(await soder.get(f"/v1/beslut/{id}"), "beslutet")


async def test_en_annan_kommuns_arbetsenhet_med_samma_namn_ar_en_annan(vard: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient(arbetsenhet=NORR)))["id"]
    annan = "1480" if KOMMUN != "1480" else "1490"
    async with vard.som(Roll.SOCIALSEKRETERARE, kommunkod=annan, arbetsenheter=[NORR]) as granne:
        assert (await granne.get(f"/v1/klienter/{klient}")).status_code == 404
