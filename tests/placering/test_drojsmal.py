"""A beslut that waits, over HTTP: offers, the person's wish, help meanwhile."""

from uuid import uuid4

import pytest

from tests.placering.test_utgaende import utgaende
from tests.placering.varld import klient_och_beslut, vagras
from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio


@pytest.mark.regel("R-EVB-6")
async def test_erbjudanden_forskjutning_och_hjalp_lases_med_sina_dagar(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    vag = f"/v1/beslut/{beslut}"
    await vard.lagra(f"{vag}/erbjudanden", {"datum": "2026-02-02"}, version=1)
    erbjudande = (await vard.las(vag))["erbjudanden"][0]["erbjudande"]
    svar = {"datum": "2026-02-09", "svar": "avbojt"}
    await vard.lagra(f"{vag}/erbjudanden/{erbjudande}/svar", svar, version=2)
    await vard.lagra(f"{vag}/forskjutningar", {"fran": "2026-02-10"}, version=3)
    forskjutning = (await vard.las(vag))["forskjutningar"][0]["forskjutning"]
    slut = {"till": "2026-03-31"}
    await vard.lagra(f"{vag}/forskjutningar/{forskjutning}/slut", slut, version=4)
    hjalpen = {"fran": "2026-02-10", "insatstyp": "Kontaktperson"}
    await vard.lagra(f"{vag}/interim_hjalp", hjalpen, version=5)
    hjalp = (await vard.las(vag))["interim_hjalp"][0]["hjalp"]
    await vard.lagra(f"{vag}/interim_hjalp/{hjalp}/slut", slut, version=6)
    visat = await vard.las(vag)
    assert visat["erbjudanden"] == [
        {
            "erbjudande": erbjudande,
            "datum": "2026-02-02",
            "svar": "avbojt",
            "svarsdatum": "2026-02-09",
        }
    ]
    assert visat["forskjutningar"] == [
        {
            "forskjutning": forskjutning,
            "fran": "2026-02-10",
            "till": "2026-03-31",
            "lov": False,
        }
    ]
    assert visat["interim_hjalp"] == [
        {
            "hjalp": hjalp,
            "insatstyp": "Kontaktperson",
            "fran": "2026-02-10",
            "till": "2026-03-31",
        }
    ]
    assert (visat["verkstallighet"], visat["upphort"]) == ([], None)
    assert [namn for namn, _ in utgaende(vard)][2:] == [
        "ErbjudandeLamnat",
        "ErbjudandeBesvarat",
        "BeslutForskjutet",
        "ForskjutningAvslutad",
        "InterimHjalpGiven",
        "InterimHjalpAvslutad",
    ]
    assert {data["klient"] for _, data in utgaende(vard)} == {klient}


async def test_det_som_registrerats_fel_makuleras_och_finns_i_historiken(vard: Klient) -> None:
    _, beslut = await klient_och_beslut(vard)
    vag = f"/v1/beslut/{beslut}"
    await vard.lagra(f"{vag}/erbjudanden", {"datum": "2026-02-02"}, version=1)
    await vard.lagra(f"{vag}/forskjutningar", {"fran": "2026-02-02"}, version=2)
    hjalpen = {"fran": "2026-02-02", "insatstyp": "Kontaktperson"}
    await vard.lagra(f"{vag}/interim_hjalp", hjalpen, version=3)
    visat = await vard.las(vag)
    for nr, (samling, falt) in enumerate(
        [
            ("erbjudanden", "erbjudande"),
            ("forskjutningar", "forskjutning"),
            ("interim_hjalp", "hjalp"),
        ]
    ):
        id = visat[samling][0][falt]
        await vard.lagra(f"{vag}/{samling}/{id}/makulering", {"skal": "skrivfel"}, version=4 + nr)
    kvar = await vard.las(vag)
    assert (kvar["erbjudanden"], kvar["forskjutningar"], kvar["interim_hjalp"]) == ([], [], [])
    assert "ErbjudandeLamnat" in str(await vard.las(f"{vag}/historik"))


@pytest.mark.parametrize(
    ("vag", "kropp", "pekare"),
    [
        ("erbjudanden", {"datum": "2026-01-09"}, "/datum"),
        ("forskjutningar", {"fran": "2026-02-01", "till": "2026-01-31"}, "/till"),
        ("interim_hjalp", {"fran": "2026-02-01", "insatstyp": "Mormor"}, "/insatstyp"),
    ],
)
async def test_fel_i_det_som_vantar_avvisas(
    vard: Klient, vag: str, kropp: dict[str, str], pekare: str
) -> None:
    _, beslut = await klient_och_beslut(vard)
    await vagras(vard, f"/v1/beslut/{beslut}/{vag}", kropp, pekare=pekare, version=1)


@pytest.mark.parametrize(
    ("vag", "kropp"),
    [
        ("erbjudanden/{del}/svar", {"datum": "2026-02-01", "svar": "avbojt"}),
        ("erbjudanden/{del}/makulering", {"skal": "skrivfel"}),
        ("forskjutningar/{del}/slut", {"till": "2026-02-01"}),
        ("forskjutningar/{del}/makulering", {"skal": "skrivfel"}),
        ("interim_hjalp/{del}/slut", {"till": "2026-02-01"}),
        ("interim_hjalp/{del}/makulering", {"skal": "skrivfel"}),
    ],
)
async def test_det_som_inte_finns_ar_404(vard: Klient, vag: str, kropp: dict[str, str]) -> None:
    _, beslut = await klient_och_beslut(vard)
    adress = f"/v1/beslut/{beslut}/{vag.replace('{del}', str(uuid4()))}"
    assert (await vard.sand(adress, kropp, version=1)).status_code == 404
