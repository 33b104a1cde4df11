"""What a beslut was known to be, and who changed what, when and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.chassis.auth.roles import Roll
from services.chassis.calendar import day_of
from tests.placering.varld import klient_och_beslut, nytt_beslut
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
