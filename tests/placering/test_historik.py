"""What a klient, a beslut or a placering was known to be, and who changed what, when and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.chassis.auth.roles import Roll
from services.chassis.calendar import day_of
from tests.placering.varld import (
    PERSONNUMMER,
    klient_och_beslut,
    ny_klient,
    nytt_beslut,
    pagaende_placering,
)
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = pytest.mark.anyio


def rattat(**andra: Any) -> dict[str, Any]:
    kropp = nytt_beslut("", skal="fel_uppgift", **andra)
    del kropp["klient"]
    return kropp


async def rattat_beslut(vard: Klient) -> tuple[str, datetime]:
    """A beslut whose insatstyp was corrected, and an instant between the two."""
    _, beslut = await klient_och_beslut(vard)
    mellan = datetime.now(UTC)
    await vard.lagra(f"/v1/beslut/{beslut}/rattelse", rattat(insatstyp="Kontaktfamilj"), version=1)
    return beslut, mellan


@pytest.mark.regel("R-KOS-7")
async def test_ett_rattat_beslut_kan_lasas_som_det_var_kant(vard: Klient) -> None:
    beslut, mellan = await rattat_beslut(vard)
    nu = await vard.las(f"/v1/beslut/{beslut}")
    svar = await vard.get(f"/v1/beslut/{beslut}", params={"kand_per": mellan.isoformat()})
    assert (nu["insatstyp"], nu["version"]) == ("Kontaktfamilj", 2)
    assert (svar.json()["insatstyp"], svar.json()["version"]) == ("HVB", 1)
    assert "etag" not in svar.headers
    i_dag = await vard.las(f"/v1/beslut/{beslut}", kand_per=str(day_of(datetime.now(UTC))))
    assert i_dag == nu


async def test_fore_registreringen_fanns_beslutet_inte(vard: Klient) -> None:
    beslut, mellan = await rattat_beslut(vard)
    fore = (mellan - timedelta(hours=1)).isoformat()
    svar = await vard.get(f"/v1/beslut/{beslut}", params={"kand_per": fore})
    assert svar.status_code == 404


@pytest.mark.parametrize("kand_per", ["2026-02-30", "2026-03-01T12:00:00", "igår", ""])
async def test_en_tidpunkt_som_inte_kan_lasas_avvisas(vard: Klient, kand_per: str) -> None:
    beslut, _ = await rattat_beslut(vard)
    svar = await vard.get(f"/v1/beslut/{beslut}", params={"kand_per": kand_per})
    assert svar.status_code == 422
    assert [fel["pointer"] for fel in svar.json()["errors"]] == ["query:kand_per"]


async def test_historiken_sager_vem_som_andrade_vad_nar_och_varfor(vard: Klient) -> None:
    beslut, mellan = await rattat_beslut(vard)
    historik = await vard.las(f"/v1/beslut/{beslut}/historik")
    forst, sist = historik["poster"]
    assert (forst["handelse"], forst["skal"]) == ("BeslutFattat", None)
    assert {"falt": "insatstyp", "fore": None, "efter": "HVB"} in forst["andrat"]
    assert (sist["handelse"], sist["version"], sist["skal"]) == ("BeslutRattat", 2, "fel_uppgift")
    assert sist["aktor"] == "prov-anvandare"
    assert sist["andrat"] == [{"falt": "insatstyp", "fore": "HVB", "efter": "Kontaktfamilj"}]
    assert datetime.fromisoformat(forst["registrerad"]) <= mellan
    assert datetime.fromisoformat(sist["registrerad"]) >= mellan


@pytest.mark.regel("R-SEK-3")
async def test_historiken_nas_som_beslutet(vard: Klient) -> None:
    _, beslut = await klient_och_beslut(vard, arbetsenhet="barn-2")
    fran_andra = vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=["barn-1"])
    fran_egna = vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=["barn-2"])
    annan = vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN)
    for vag in (f"/v1/beslut/{beslut}/historik", f"/v1/beslut/{beslut}?kand_per=2999-01-01"):
        assert (await fran_egna.get(vag)).status_code == 200
        assert (await fran_andra.get(vag)).status_code == 403
        assert (await annan.get(vag)).status_code == 404


async def rattad_klient(vard: Klient) -> tuple[str, datetime]:
    """A person whose name and number were corrected, and an instant between the two."""
    uppgifter = ny_klient(namn="Gammalt Namn", personnummer=PERSONNUMMER)
    klient = (await vard.lagra("/v1/klienter", uppgifter))["id"]
    mellan = datetime.now(UTC)
    rattelse = ny_klient(namn="Nytt Namn", arbetsenhet="barn-2", skal="fel_uppgift")
    await vard.lagra(f"/v1/klienter/{klient}/rattelse", rattelse, version=1)
    return klient, mellan


@pytest.mark.regel("R-KOS-7")
async def test_en_rattad_klient_kan_lasas_som_den_var_kand(vard: Klient) -> None:
    klient, mellan = await rattad_klient(vard)
    svar = await vard.get(f"/v1/klienter/{klient}", params={"kand_per": mellan.isoformat()})
    da, nu = svar.json(), await vard.las(f"/v1/klienter/{klient}")
    assert (da["namn"], da["arbetsenhet"], da["version"]) == ("Gammalt Namn", None, 1)
    assert da["personnummer"] == PERSONNUMMER.replace("-", "")
    assert "etag" not in svar.headers
    assert (nu["namn"], nu["personnummer"], nu["version"]) == ("Nytt Namn", None, 2)
    fore = {"kand_per": (mellan - timedelta(hours=1)).isoformat()}
    assert (await vard.get(f"/v1/klienter/{klient}", params=fore)).status_code == 404


@pytest.mark.regel("R-KOS-7")
async def test_en_text_som_skrevs_senare_var_inte_kand_da(vard: Klient) -> None:
    mal = {"slag": "domstol", "datum": "2026-01-10"}
    forsta, andra = {**mal, "mal": "UM 1-26"}, {**mal, "mal": "UM 2-26"}
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    fore = datetime.now(UTC)
    fattat = nytt_beslut(klient, beslutsfattare=forsta)
    beslut = (await vard.lagra("/v1/beslut", fattat))["id"]
    mellan = datetime.now(UTC)
    await vard.lagra(f"/v1/beslut/{beslut}/rattelse", rattat(beslutsfattare=andra), version=1)
    kant = {
        tid: await vard.las(f"/v1/klienter/{klient}", kand_per=tid.isoformat())
        for tid in (fore, mellan, datetime.now(UTC))
    }
    texter = [[text["text"] for text in klient["texter"]] for klient in kant.values()]
    assert texter == [[], ["UM 1-26"], ["UM 2-26"]]


@pytest.mark.regel("R-SEK-3")
async def test_klientens_historik_visar_vad_som_andrats_och_antecknas(vard: Klient) -> None:
    klient, _ = await rattad_klient(vard)
    historik = await vard.las(f"/v1/klienter/{klient}/historik", skal="begaran_fran_enskild")
    forst, sist = historik["poster"]
    assert (forst["handelse"], sist["handelse"]) == ("KlientRegistrerad", "KlientRattad")
    assert sist["skal"] == "fel_uppgift"
    assert {"falt": "namn", "fore": "Gammalt Namn", "efter": "Nytt Namn"} in sist["andrat"]
    assert {"falt": "arbetsenhet", "fore": None, "efter": "barn-2"} in sist["andrat"]
    assert vard.sql("SELECT vad, varfor FROM atkomstlogg") == [("historik", "begaran_fran_enskild")]
    system = vard.som(Roll.SYSTEM)
    assert (await system.get(f"/v1/klienter/{klient}/historik")).status_code == 403


@pytest.mark.regel("R-KOS-7")
async def test_en_placering_kan_lasas_som_den_var_kand_och_har_en_historik(vard: Klient) -> None:
    *_, placering = await pagaende_placering(vard)
    mellan = datetime.now(UTC)
    avslut = {"till": "2026-03-01", "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", avslut, version=1)
    da = await vard.las(f"/v1/placeringar/{placering}", kand_per=mellan.isoformat())
    nu = await vard.las(f"/v1/placeringar/{placering}")
    assert (da["till"], da["version"]) == (None, 1)
    assert (nu["till"], nu["version"]) == ("2026-03-01", 2)
    poster = (await vard.las(f"/v1/placeringar/{placering}/historik"))["poster"]
    assert [post["handelse"] for post in poster] == ["PlaceringInledd", "PlaceringAvslutad"]
    assert {"falt": "till", "fore": None, "efter": "2026-03-01"} in poster[1]["andrat"]
