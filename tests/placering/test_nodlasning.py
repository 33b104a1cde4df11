"""Reads that break the glass, reads to look at, and that no read about a person goes unrecorded."""

from typing import Any
from uuid import UUID

import pytest

from services.chassis.auth.roles import Roll
from services.placering.domain.atkomst import Nodskal
from tests.placering.varld import PERSONNUMMER, eget_hem, klient_och_beslut, ny_klient
from tests.stod.tjanst import Klient
from tests.stod.tjanster import vagar

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-SEK-3")]

NORR, SODER = "Barn norr", "Barn söder"
FARA = Nodskal.FARA.value


async def _nagon_i_norr(vard: Klient) -> dict[str, str]:
    """A person at Norr with a beslut and a placering: their ids by collection."""
    klient, beslut = await klient_och_beslut(vard, arbetsenhet=NORR)
    placering = (await vard.lagra("/v1/placeringar", eget_hem(klient, beslut)))["id"]
    return {"klienter": klient, "beslut": beslut, "placeringar": placering}


def _loggen(vard: Klient) -> list[tuple[Any, ...]]:
    return vard.sql(
        "SELECT vad, klient::text, varfor, arbetsenhet, nodlage, anmarkningar"
        " FROM atkomstlogg ORDER BY nr"
    )


# -- every read is recorded ------------------------------------------------------------------------


async def test_ingen_lasning_om_en_person_gar_forbi_loggen(vard: Klient) -> None:
    """Every GET of one thing that is a person's; a route that is added belongs here too."""
    sak = await _nagon_i_norr(vard)
    prov = 0
    for vag in vagar(vard.app):
        assert vag.path is not None
        samling = vag.path.split("/")[2] if vag.path.startswith("/v1/") else ""
        if "GET" not in (vag.methods or set()) or "{id}" not in vag.path or samling not in sak:
            continue
        prov += 1
        fore = len(_loggen(vard))
        svar = await vard.get(vag.path.replace("{id}", sak[samling]), params={"skal": "tillsyn"})
        assert svar.status_code == 200, f"{vag.path}: {svar.text}"
        ny = _loggen(vard)[fore:]
        assert [rad[1:4] for rad in ny] == [(sak["klienter"], "tillsyn", NORR)], vag.path
    assert prov >= 4


# -- the glass -------------------------------------------------------------------------------------


@pytest.mark.parametrize("samling", ["klienter", "beslut", "placeringar"])
async def test_med_ett_nodskal_lases_den_som_hor_till_en_annan_enhet(
    vard: Klient, samling: str
) -> None:
    sak = await _nagon_i_norr(vard)
    vag = f"/v1/{samling}/{sak[samling]}"
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as annan:
        nekad = await annan.get(vag, params={"skal": "handlaggning"})
        assert nekad.status_code == 403
        assert "nodskal" in nekad.json()["detail"]
        assert _loggen(vard) == []
        assert (await annan.las(vag, nodskal=FARA))["id"] == sak[samling]
    [(_, klient, varfor, enhet, nodlage, anmarkta)] = _loggen(vard)
    assert (klient, varfor, enhet) == (sak["klienter"], FARA, NORR)
    assert nodlage
    assert anmarkta == ["utom_arbetsenhet"]


async def test_ett_nodskal_inom_enheten_ar_en_vanlig_lasning(vard: Klient) -> None:
    sak = await _nagon_i_norr(vard)
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[NORR]) as egen:
        await egen.las(f"/v1/klienter/{sak['klienter']}", nodskal=FARA, skal="handlaggning")
    assert _loggen(vard) == [("klient", sak["klienter"], "handlaggning", NORR, False, [])]


async def test_ett_nodskal_andrar_ingenting_for_den_vars_roll_inte_far(vard: Klient) -> None:
    sak = await _nagon_i_norr(vard)
    vag = f"/v1/placeringar/{sak['placeringar']}"
    async with vard.som(Roll.EKONOM, arbetsenheter=[SODER]) as ekonom:
        svar = await ekonom.get(vag, params={"nodskal": FARA})
        assert svar.status_code == 403
        assert "nodskal" not in svar.json()["detail"]
    assert _loggen(vard) == []


async def test_ett_nodskal_oppnar_inga_andringar_och_inga_listor(vard: Klient) -> None:
    sak = await _nagon_i_norr(vard)
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as annan:
        vag = f"/v1/placeringar/{sak['placeringar']}/avslut?nodskal={FARA}"
        svar = await annan.sand(vag, {"till": "2026-03-01", "orsak": "planerad"}, version=1)
        assert svar.status_code == 403
        assert (await annan.las("/v1/klienter", nodskal=FARA))["poster"] == []


async def test_en_sokning_med_nodskal_hittar_den_som_hor_till_en_annan_enhet(vard: Klient) -> None:
    klient = (
        await vard.lagra("/v1/klienter", ny_klient(personnummer=PERSONNUMMER, arbetsenhet=NORR))
    )["id"]
    async with vard.som(Roll.ENHETSCHEF, arbetsenheter=[SODER]) as annan:
        fraga = {"personnummer": PERSONNUMMER}
        assert (await annan.sand("/v1/klienter/sokning", fraga)).status_code == 403
        traff = await annan.lagra("/v1/klienter/sokning", {**fraga, "nodskal": FARA})
        assert traff == {"klient": klient}
    assert _loggen(vard) == [
        ("sokning", klient, None, NORR, False, ["utom_arbetsenhet"]),
        ("sokning", klient, FARA, NORR, True, ["utom_arbetsenhet"]),
    ]


@pytest.mark.parametrize("nodskal", ["", "bråttom", "handlaggning"])
async def test_ett_nodskal_ar_en_kod(vard: Klient, nodskal: str) -> None:
    sak = await _nagon_i_norr(vard)
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as annan:
        svar = await annan.get(f"/v1/klienter/{sak['klienter']}", params={"nodskal": nodskal})
    assert svar.status_code == 422
    assert svar.json()["errors"][0]["pointer"] == "query:nodskal"


async def test_nodlasningen_visas_for_personens_enhetschef_och_inte_for_lasarens(
    vard: Klient,
) -> None:
    sak = await _nagon_i_norr(vard)
    vag = f"/v1/klienter/{sak['klienter']}"
    async with (
        vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER], subject="lasaren") as annan,
        vard.som(Roll.ENHETSCHEF, arbetsenheter=[NORR]) as chef_norr,
        vard.som(Roll.ENHETSCHEF, arbetsenheter=[SODER]) as chef_soder,
    ):
        await vard.las(vag)
        await annan.las(vag, nodskal=FARA)
        [visad] = (await chef_norr.las("/v1/atkomstlogg/nodlasningar"))["poster"]
        assert (visad["aktor"], visad["klient"], visad["varfor"]) == (
            "lasaren",
            sak["klienter"],
            FARA,
        )
        assert (await chef_soder.las("/v1/atkomstlogg/nodlasningar"))["poster"] == []


# -- reads to look at ------------------------------------------------------------------------------


async def test_kontrollistan_visar_de_ovanliga_lasningarna_och_varfor_de_ar_det(
    vard: Klient,
) -> None:
    vanlig = (await vard.lagra("/v1/klienter", ny_klient(namn="Påhittad Lund")))["id"]
    slakt = (await vard.lagra("/v1/klienter", ny_klient(namn="Påhittad Ek")))["id"]
    skyddad = (await vard.lagra("/v1/klienter", ny_klient(skyddad=True, arbetsenhet=NORR)))["id"]
    async with (
        vard.som(Roll.SOCIALSEKRETERARE, family_name="Ek") as lasaren,
        vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=[SODER]) as annan,
        vard.som(Roll.REVISOR) as granskare,
    ):
        for klient in (vanlig, slakt, skyddad):
            await lasaren.las(f"/v1/klienter/{klient}")
        await annan.las(f"/v1/klienter/{skyddad}", nodskal=FARA)
        lista = (await granskare.las("/v1/atkomstlogg/kontroll"))["poster"]
        assert [(post["klient"], post["anmarkningar"]) for post in reversed(lista)] == [
            (slakt, ["eget_efternamn"]),
            (skyddad, ["skyddad"]),
            (skyddad, ["skyddad", "utom_arbetsenhet"]),
        ]
    sist = vard.sql("SELECT vad, urval FROM atkomstlogg ORDER BY nr DESC LIMIT 1")
    assert sist == [("atkomstlogg", "kontroll")]


async def test_efternamnet_jamfors_ocksa_dar_namnet_inte_visas(vard: Klient) -> None:
    klient = (
        await vard.lagra("/v1/klienter", ny_klient(namn="Påhittad Ek", personnummer=PERSONNUMMER))
    )["id"]
    async with vard.som(Roll.SOCIALSEKRETERARE, family_name="ek") as lasaren:
        await lasaren.lagra("/v1/klienter/sokning", {"personnummer": PERSONNUMMER})
    assert vard.sql("SELECT klient, anmarkningar FROM atkomstlogg") == [
        (UUID(klient), ["eget_efternamn"])
    ]


async def test_varken_lasarens_eller_personens_namn_star_i_loggen(vard: Klient) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient(namn="Påhittad Ekenstam")))["id"]
    async with vard.som(Roll.SOCIALSEKRETERARE, family_name="Ekenstam") as lasaren:
        await lasaren.las(f"/v1/klienter/{klient}")
    [(rad,)] = vard.sql("SELECT t::text FROM atkomstlogg AS t")
    assert "eget_efternamn" in rad
    assert "ekenstam" not in rad.casefold()
