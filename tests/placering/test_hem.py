"""Homes over HTTP: registered, judged, approved, lived in, and read without personal data."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.auth.roles import Roll
from tests.placering.register import ANDRA_NUMMER, NUMMER, Registerskrivare
from tests.placering.varld import (
    TJANSTEMAN,
    UTSKOTT,
    eget_hem,
    klient_och_beslut,
    ny_placering,
    nytt_beslut,
    nytt_godkannande,
    nytt_hem,
    vagras,
)
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = pytest.mark.anyio

NAMN = "Zebramarkör Påhittad"
UTREDNING = {"avslutad": "2026-01-10", "utfall": "godtagbart", "text": "Zebratext om hemmet"}
REFERENS = {"datum": "2026-01-05", "kalla": "kommun", "kommun": "1480", "text": "Zebraomdöme"}


async def registrerat(vard: Klient, **andra: Any) -> str:
    """A home; its id."""
    return str((await vard.lagra("/v1/hem", nytt_hem(**andra)))["id"])


async def boende_i(vard: Klient, hem: str, **andra: Any) -> str:
    """Somebody new is placed in the home; the placering's id."""
    klient, beslut = await klient_och_beslut(vard)
    kropp = eget_hem(klient, beslut, hem=hem, **andra)
    return str((await vard.lagra("/v1/placeringar", kropp))["id"])


async def version(vard: Klient, vag: str) -> int:
    return int((await vard.las(vag))["version"])


# -- the home -------------------------------------------------------------------------------------


async def test_ett_hem_registreras_utreds_och_godkanns(vard: Klient) -> None:
    hem = await registrerat(vard, natverk=True, arbetsenhet="Familjehem")
    await vard.lagra(f"/v1/hem/{hem}/utredningar", UTREDNING, version=1)
    await vard.lagra(f"/v1/hem/{hem}/referenser", REFERENS, version=2)
    await vard.lagra(f"/v1/hem/{hem}/godkannanden", nytt_godkannande(), version=3)
    await vard.lagra(f"/v1/hem/{hem}/platser", {"fran": "2026-03-01", "antal": 3}, version=4)
    visat = await vard.las(f"/v1/hem/{hem}")
    assert visat["platser"] == [
        {"fran": "2026-01-01", "antal": 1},
        {"fran": "2026-03-01", "antal": 3},
    ]
    assert visat["tillhorighet"] == [{"fran": "2026-01-01", "leverantor": None}]
    [utredning], [referens], [ett] = (
        visat["utredningar"],
        visat["referenser"],
        visat["godkannanden"],
    )
    assert (utredning["avslutad"], utredning["utfall"]) == ("2026-01-10", "godtagbart")
    assert (referens["kalla"], referens["kommun"]) == ("kommun", "1480")
    assert (ett["form"], ett["lagrum"], ett["flaggor"]) == (
        "jourhem",
        "22 kap. 4 § SoL (2025:400)",
        [],
    )
    assert ett["beslutsfattare"]["paragraf"] == "§ 12"
    assert [post["id"] for post in (await vard.las("/v1/hem"))["poster"]] == [hem]


async def test_uppgifter_ersatts_och_makuleras(vard: Klient) -> None:
    hem = await registrerat(vard)
    await vard.lagra(f"/v1/hem/{hem}/utredningar", UTREDNING, version=1)
    await vard.lagra(f"/v1/hem/{hem}/referenser", REFERENS, version=2)
    await vard.lagra(f"/v1/hem/{hem}/godkannanden", nytt_godkannande(), version=3)
    visat = await vard.las(f"/v1/hem/{hem}")
    utredning = visat["utredningar"][0]["utredning"]
    referens = visat["referenser"][0]["referens"]
    ersatt = UTREDNING | {"utredning": utredning, "utfall": "ej_godtagbart"}
    await vard.lagra(f"/v1/hem/{hem}/utredningar", ersatt, version=4)
    await vard.lagra(
        f"/v1/hem/{hem}/uppgifter/{referens}/makulering", {"skal": "dubblett"}, version=5
    )
    visat = await vard.las(f"/v1/hem/{hem}")
    assert [ett["utfall"] for ett in visat["utredningar"]] == ["ej_godtagbart"]
    assert visat["referenser"] == []
    svar = await vard.sand(
        f"/v1/hem/{hem}/uppgifter/{referens}/makulering", {"skal": "dubblett"}, version=6
    )
    assert svar.status_code == 404


async def test_ett_hem_rattas_och_makuleras(vard: Klient) -> None:
    hem = await registrerat(vard)
    rattat = {"beteckning": "FH-2", "fran": "2025-06-01", "till": "2026-12-31", "skal": "skrivfel"}
    await vard.lagra(f"/v1/hem/{hem}/rattelse", rattat, version=1)
    visat = await vard.las(f"/v1/hem/{hem}")
    assert (visat["beteckning"], visat["fran"], visat["till"]) == (
        "FH-2",
        "2025-06-01",
        "2026-12-31",
    )
    await vard.lagra(f"/v1/hem/{hem}/makulering", {"skal": "dubblett"}, version=2)
    assert (await vard.las(f"/v1/hem/{hem}"))["makulerat"]
    await vagras(vard, f"/v1/hem/{hem}/rattelse", rattat, pekare="", version=3)


@pytest.mark.parametrize("beteckning", ["Anna Andersson", "fh-1", "", "-1", "X" * 21])
async def test_en_beteckning_ar_inget_namn(vard: Klient, beteckning: str) -> None:
    await vagras(vard, "/v1/hem", nytt_hem(beteckning=beteckning), pekare="/beteckning")


@pytest.mark.regel("R-LEV-3")
async def test_hemmets_leverantor_ska_finnas(vard: Klient, register: Registerskrivare) -> None:
    await vagras(
        vard,
        "/v1/hem",
        nytt_hem(leverantor="556036-0794"),
        pekare="/leverantor",
        regel="R-LEV-3",
    )
    await vagras(vard, "/v1/hem", nytt_hem(leverantor=NUMMER), pekare="/leverantor")
    register.leverantor()
    hem = await registrerat(vard, leverantor=NUMMER.replace("-", ""))
    assert (await vard.las(f"/v1/hem/{hem}"))["tillhorighet"][0]["leverantor"] == NUMMER


# -- R-BES-4 and R-BES-9 --------------------------------------------------------------------------


@pytest.mark.regel("R-BES-4")
async def test_ett_jourhem_godkanns_av_utskottet_och_ingen_annan(vard: Klient) -> None:
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/godkannanden"
    ordforande = {"slag": "ordforande", "datum": "2026-01-15"}
    for vem in (TJANSTEMAN, ordforande):
        await vagras(
            vard,
            vag,
            nytt_godkannande(beslutsfattare=vem),
            pekare="/beslutsfattare",
            regel="R-BES-4",
            version=1,
        )
    await vard.lagra(vag, nytt_godkannande(), version=1)


@pytest.mark.regel("R-BES-9")
async def test_ett_familjehem_godkanns_lagst_av_utskottet(vard: Klient) -> None:
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/godkannanden"
    chef = TJANSTEMAN | {"roll": "forvaltningschef"}
    for vem in (chef, {"slag": "ordforande", "datum": "2026-01-15"}):
        await vagras(
            vard,
            vag,
            nytt_godkannande(form="familjehem", beslutsfattare=vem),
            pekare="/beslutsfattare",
            regel="R-BES-9",
            version=1,
        )
    await vard.lagra(vag, nytt_godkannande(form="familjehem"), version=1)


@pytest.mark.regel("R-BES-1")
async def test_ett_godkannande_har_namnd_och_beslutsfattare(vard: Klient) -> None:
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/godkannanden"
    for saknas in ("namnd", "beslutsfattare"):
        kropp = {falt: v for falt, v in nytt_godkannande().items() if falt != saknas}
        await vagras(vard, vag, kropp, pekare=f"/{saknas}", regel="R-BES-1", version=1)


@pytest.mark.regel("R-BES-2")
async def test_ett_godkannande_fore_lagens_tid_avvisas(vard: Klient) -> None:
    hem = await registrerat(vard)
    kropp = nytt_godkannande(beslutsdatum="2001-12-31")
    vag = f"/v1/hem/{hem}/godkannanden"
    await vagras(vard, vag, kropp, pekare="/beslutsdatum", regel="R-BES-2", version=1)


async def test_godkannandet_minns_dagens_delegationsordning(vard: Klient) -> None:
    async with vard.som(Roll.NAMNDSEKRETERARE) as sekreterare:
        rad = {"beslutstyp": "godkannande_jourhem", "lagst": "utskott"}
        ordning = await sekreterare.lagra(
            "/v1/delegationsordningar",
            {
                "namnd": "IFN",
                "fran": "2026-01-01",
                "antagen": "2025-12-01",
                "paragraf": "§ 1",
                "rader": [rad],
            },
        )
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/godkannanden"
    await vard.lagra(vag, nytt_godkannande(), version=1)
    await vard.lagra(vag, nytt_godkannande(beslutsdatum="2025-12-31"), version=2)
    efter, fore = (await vard.las(f"/v1/hem/{hem}"))["godkannanden"]
    assert (efter["ordning"], efter["version"]) == (ordning["id"], 1)
    assert (fore["ordning"], fore["version"]) == (None, None)


@pytest.mark.regel("R-PLA-17")
async def test_ett_godkannande_utan_utredning_flaggas(vard: Klient) -> None:
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/godkannanden"
    await vard.lagra(vag, nytt_godkannande(), version=1)
    await vard.lagra(f"/v1/hem/{hem}/utredningar", UTREDNING, version=2)
    await vard.lagra(vag, nytt_godkannande(), version=3)
    flaggor = [ett["flaggor"] for ett in (await vard.las(f"/v1/hem/{hem}"))["godkannanden"]]
    assert flaggor == [["R-PLA-17"], []]


# -- who lives there ------------------------------------------------------------------------------


@pytest.mark.regel("R-PLA-17")
async def test_en_placering_i_ett_godkant_hem_har_inga_flaggor(vard: Klient) -> None:
    hem = await registrerat(vard, platser=2)
    forsta = await boende_i(vard, hem)
    assert (await vard.las(f"/v1/placeringar/{forsta}"))["flaggor"] == ["R-PLA-17"]
    vag = f"/v1/hem/{hem}"
    await vard.lagra(f"{vag}/utredningar", UTREDNING, version=await version(vard, vag))
    kropp = nytt_godkannande(form="familjehem")
    await vard.lagra(f"{vag}/godkannanden", kropp, version=await version(vard, vag))
    visad = await vard.las(f"/v1/placeringar/{await boende_i(vard, hem)}")
    assert (visad["flaggor"], visad["hem"]) == ([], hem)


@pytest.mark.regel("R-PLA-9")
async def test_ett_fullt_hem_tar_inte_emot_fler(vard: Klient) -> None:
    hem = await registrerat(vard)
    placering = await boende_i(vard, hem)
    klient, beslut = await klient_och_beslut(vard)
    kropp = eget_hem(klient, beslut, hem=hem, fran="2026-03-01")
    await vagras(vard, "/v1/placeringar", kropp, pekare="/hem", regel="R-PLA-9")
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    vag = f"/v1/placeringar/{placering}"
    await vard.lagra(f"{vag}/avslut", slut, version=await version(vard, vag))
    await vard.lagra("/v1/placeringar", kropp)
    await vagras(
        vard,
        f"{vag}/rattelse",
        {
            "placeringsform": "eget_familjehem",
            "hem": hem,
            "fran": "2026-02-01",
            "till": "2026-03-02",
            "orsak": "planerad",
            "skal": "skrivfel",
        },
        pekare="/hem",
        regel="R-PLA-9",
        version=await version(vard, vag),
    )


@pytest.mark.regel("R-PLA-9")
async def test_en_hallen_plats_ar_upptagen(vard: Klient) -> None:
    hem = await registrerat(vard)
    placering = await boende_i(vard, hem)
    borta = {"orsak": "hallen_plats", "fran": "2026-02-10"}
    await vard.lagra(f"/v1/placeringar/{placering}/franvaro", borta, version=2)
    klient, beslut = await klient_och_beslut(vard)
    kropp = eget_hem(klient, beslut, hem=hem, fran="2026-02-15")
    await vagras(vard, "/v1/placeringar", kropp, pekare="/hem", regel="R-PLA-9")


@pytest.mark.regel("R-PLA-9")
async def test_en_makulerad_placering_lamnar_sin_plats(vard: Klient) -> None:
    hem = await registrerat(vard)
    placering = await boende_i(vard, hem)
    await vard.lagra(f"/v1/placeringar/{placering}/makulering", {"skal": "dubblett"}, version=2)
    await boende_i(vard, hem)


@pytest.mark.regel("R-PLA-9")
async def test_den_som_rattas_till_ett_annat_hem_byter_plats(vard: Klient) -> None:
    forra, nya = await registrerat(vard), await registrerat(vard, beteckning="FH-2")
    placering = await boende_i(vard, forra)
    vag = f"/v1/placeringar/{placering}"
    kropp = {"placeringsform": "eget_familjehem", "fran": "2026-02-01", "skal": "fel_uppgift"}
    await vard.lagra(f"{vag}/rattelse", kropp | {"hem": nya}, version=2)
    assert (await vard.las(vag))["hem"] == nya
    await boende_i(vard, forra)
    klient, beslut = await klient_och_beslut(vard)
    annan = eget_hem(klient, beslut, hem=nya)
    await vagras(vard, "/v1/placeringar", annan, pekare="/hem", regel="R-PLA-9")
    await vard.lagra(f"{vag}/rattelse", kropp, version=await version(vard, vag))
    assert (await vard.las(vag))["hem"] is None
    await vard.lagra("/v1/placeringar", annan)


@pytest.mark.regel("R-PLA-9")
async def test_en_omplacering_tar_en_plats_och_lamnar_en(vard: Klient) -> None:
    forra, nya = await registrerat(vard), await registrerat(vard, beteckning="FH-2")
    placering, granne = await boende_i(vard, forra), await boende_i(vard, nya)
    beslut = (await vard.las(f"/v1/placeringar/{placering}"))["beslut"]
    kropp = {"placeringsform": "eget_familjehem", "fran": "2026-03-10", "beslut": beslut}
    vag = f"/v1/placeringar/{placering}/omplacering"
    await vagras(vard, vag, kropp | {"hem": nya}, pekare="/hem", regel="R-PLA-9", version=2)
    slut = {"till": "2026-03-10", "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{granne}/avslut", slut, version=2)
    ny = (await vard.lagra(vag, kropp | {"hem": nya}, version=2))["id"]
    assert (await vard.las(f"/v1/placeringar/{ny}"))["hem"] == nya
    await boende_i(vard, forra, fran="2026-03-10")


async def test_ett_hem_som_inte_finns_kan_ingen_bo_i(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    kropp = eget_hem(klient, beslut, hem=klient)
    await vagras(vard, "/v1/placeringar", kropp, pekare="/hem")
    async with vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN) as granne:
        deras = await registrerat(granne)
    kropp = eget_hem(klient, beslut, hem=deras)
    await vagras(vard, "/v1/placeringar", kropp, pekare="/hem")


@pytest.mark.regel("R-PLA-16")
async def test_en_placering_har_hemmets_leverantor(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    register.leverantor(ANDRA_NUMMER)
    hem = await registrerat(vard, leverantor=NUMMER)
    klient, beslut = await klient_och_beslut(vard)
    hos = {"placeringsform": "konsulentstott_familjehem", "hem": hem}
    for kropp in (
        eget_hem(klient, beslut, hem=hem),
        ny_placering(klient, beslut, **hos, leverantor=ANDRA_NUMMER),
    ):
        await vagras(vard, "/v1/placeringar", kropp, pekare="/hem", regel="R-PLA-16")
    await vard.lagra("/v1/placeringar", ny_placering(klient, beslut, **hos))


async def test_vem_som_bor_dar_en_dag(vard: Klient) -> None:
    hem = await registrerat(vard, platser=3)
    fore = datetime.now(UTC)
    placering = await boende_i(vard, hem)
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", slut, version=2)
    andra = await boende_i(vard, hem, fran="2026-02-20")
    vag = f"/v1/hem/{hem}/boende"
    sedda = {
        dag: [post["placering"] for post in (await vard.las(vag, dag=dag))["boende"]]
        for dag in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    }
    assert sedda == {
        "2026-01-31": [],
        "2026-02-01": [placering],
        "2026-02-28": [placering, andra],
        "2026-03-01": [andra],
    }
    da = await vard.las(vag, dag="2026-02-28")
    assert (da["platser"], da["upptagna"], da["leverantor"]) == (3, 2, None)
    assert da["boende"][0]["bott_sedan"] == "2026-02-01"
    da = await vard.las(vag, dag="2026-02-28", kand_per=fore.isoformat())
    assert da["upptagna"] == 0
    svar = await vard.get(vag, params={"dag": "2026-02-28", "kand_per": "2001-01-01"})
    assert svar.status_code == 404


@pytest.mark.regel("R-SEK-3")
async def test_den_som_nar_fa_ser_fa_av_dem_som_bor_dar(vard: Klient) -> None:
    hem = await registrerat(vard, platser=2)
    for arbetsenhet in ("Norr", "Söder"):
        klient, beslut = await klient_och_beslut(vard, arbetsenhet=arbetsenhet)
        await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, hem=hem))
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=["Söder"]) as soder:
        sedda = await soder.las(f"/v1/hem/{hem}/boende", dag="2026-02-01")
    assert [post["klient"] for post in sedda["boende"]] == [klient]
    assert sedda["upptagna"] == 2


@pytest.mark.regel("R-PLA-9")
async def test_av_tjugo_som_vill_ha_sista_platsen_far_en(vard: Klient) -> None:
    hem = await registrerat(vard, platser=2)
    await boende_i(vard, hem)
    par = [await klient_och_beslut(vard) for _ in range(20)]
    svar = await asyncio.gather(
        *(vard.sand("/v1/placeringar", eget_hem(*ett, hem=hem)) for ett in par)
    )
    assert sorted(ett.status_code for ett in svar) == [201] + [422] * 19
    assert {ett.json()["regel"] for ett in svar if ett.status_code == 422} == {"R-PLA-9"}
    assert (await vard.las(f"/v1/hem/{hem}/boende", dag="2026-02-01"))["upptagna"] == 2


# -- R-PLA-16: whose the home is ------------------------------------------------------------------

KONSULENT = {"placeringsform": "konsulentstott_familjehem"}


async def boende_hos(vard: Klient, hem: str, **andra: Any) -> dict[str, Any]:
    """Somebody new is placed in the leverantör's home; the placering as it is shown."""
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, **KONSULENT, hem=hem, **andra)
    id = (await vard.lagra("/v1/placeringar", kropp))["id"]
    visad: dict[str, Any] = await vard.las(f"/v1/placeringar/{id}")
    return visad


async def leverantorens(vard: Klient, register: Registerskrivare, **andra: Any) -> str:
    """A consultant's home with room for three."""
    register.leverantor()
    return await registrerat(vard, leverantor=NUMMER, platser=3, **andra)


@pytest.mark.regel("R-PLA-16")
async def test_en_omvandling_flyttar_alla_barn_och_borjar_inte_om_tiden(
    vard: Klient, register: Registerskrivare
) -> None:
    hem = await leverantorens(vard, register)
    ena, andra = await boende_hos(vard, hem), await boende_hos(vard, hem, fran="2026-02-10")
    nytt = (await vard.lagra("/v1/beslut", nytt_beslut(andra["klient"])))["id"]
    kropp = {
        "fran": "2026-03-10",
        "placeringar": [
            {"placering": andra["id"], "beslut": nytt, "dygnspris_ore": 90_000},
        ],
    }
    vag = f"/v1/hem/{hem}/omvandling"
    fran_version = await version(vard, f"/v1/hem/{hem}")
    svar = await vard.sand(vag, kropp, version=fran_version, nyckel="omvandling")
    assert svar.status_code == 200, svar.text
    poster = (await vard.las("/v1/placeringar"))["poster"]
    assert [(p["till"], p["orsak"], p["regi"]) for p in poster] == [
        ("2026-03-10", "omvandling", "konsulentstodd"),
        ("2026-03-10", "omvandling", "konsulentstodd"),
        (None, None, "egen"),
        (None, None, "egen"),
    ]
    assert {p["hem"] for p in poster} == {hem}
    nya = {p["klient"]: p for p in poster[2:]}
    assert nya[ena["klient"]]["beslut"] == ena["beslut"]
    assert (nya[andra["klient"]]["beslut"], nya[andra["klient"]]["dygnspris_ore"]) == (nytt, 90_000)
    bor = await vard.las(f"/v1/hem/{hem}/boende", dag="2026-04-01")
    assert bor["leverantor"] is None
    assert {p["klient"]: p["bott_sedan"] for p in bor["boende"]} == {
        ena["klient"]: "2026-02-01",
        andra["klient"]: "2026-02-10",
    }
    lagrat = vard.antal_handelser()
    igen = await vard.sand(vag, kropp, version=fran_version, nyckel="omvandling")
    assert igen.json() == svar.json()
    assert vard.antal_handelser() == lagrat


@pytest.mark.regel("R-PLA-16")
async def test_en_omvandling_som_avvisas_lamnar_allt_som_det_var(
    vard: Klient, register: Registerskrivare
) -> None:
    hem = await leverantorens(vard, register)
    ena, andra = await boende_hos(vard, hem), await boende_hos(vard, hem)
    vag, nu = f"/v1/hem/{hem}/omvandling", await version(vard, f"/v1/hem/{hem}")
    for rad, pekare, regel in (
        ({"placering": hem, "beslut": ena["beslut"]}, "/placeringar/0/placering", None),
        ({"placering": andra["id"], "beslut": ena["beslut"]}, "/placeringar/0/beslut", None),
    ):
        kropp = {"fran": "2026-03-10", "placeringar": [rad]}
        await vagras(vard, vag, kropp, pekare=pekare, regel=regel, version=nu)
    await vagras(vard, vag, {"fran": "2026-01-20"}, pekare="/fran", regel="R-PLA-16", version=nu)
    slut = {"skal": "skrivfel", "till": "2026-03-15", "orsak": "planerad"}
    uppgifter = {"leverantor": NUMMER, "fran": "2026-02-01", "skal_utom_ramavtal": "akut"}
    ratta = f"/v1/placeringar/{ena['id']}/rattelse"
    await vard.lagra(ratta, KONSULENT | uppgifter | slut | {"hem": hem}, version=2)
    nu = await version(vard, f"/v1/hem/{hem}")
    await vagras(vard, vag, {"fran": "2026-03-10"}, pekare="/fran", regel="R-PLA-16", version=nu)
    await vard.lagra(vag, {"fran": "2026-03-15"}, version=nu)
    visat = await vard.las(f"/v1/hem/{hem}")
    assert [rad["leverantor"] for rad in visat["tillhorighet"]] == [NUMMER, None]
    nu = visat["version"]
    await vagras(vard, vag, {"fran": "2026-03-20"}, pekare="/fran", regel="R-PLA-16", version=nu)


@pytest.mark.regel("R-PLA-16")
async def test_ett_barn_i_taget_omvandlas_inte_ur_en_leverantors_hem(
    vard: Klient, register: Registerskrivare
) -> None:
    hem = await leverantorens(vard, register)
    ena = await boende_hos(vard, hem)
    kropp = {"beslut": ena["beslut"], "fran": "2026-03-10"}
    vag = f"/v1/placeringar/{ena['id']}/omvandling"
    await vagras(vard, vag, kropp, pekare="/hem", regel="R-PLA-16", version=2)


@pytest.mark.regel("R-SEK-3")
async def test_den_som_inte_nar_alla_barn_omvandlar_inte_hemmet(
    vard: Klient, register: Registerskrivare
) -> None:
    hem = await leverantorens(vard, register, arbetsenhet="Söder")
    await boende_hos(vard, hem)
    nu = await version(vard, f"/v1/hem/{hem}")
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=["Söder"]) as soder:
        vag = f"/v1/hem/{hem}/omvandling"
        svar = await soder.sand(vag, {"fran": "2026-03-10"}, version=nu)
    assert (svar.status_code, svar.json()["regel"]) == (403, "R-SEK-3")


@pytest.mark.regel("R-PLA-16")
async def test_ett_tomt_hem_byter_tillhorighet(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/tillhorighet"
    okand = {"fran": "2026-03-01", "leverantor": ANDRA_NUMMER}
    await vagras(vard, vag, okand, pekare="/leverantor", version=1)
    await vard.lagra(vag, {"fran": "2026-03-01", "leverantor": NUMMER}, version=1)
    bor = [await vard.las(f"/v1/hem/{hem}/boende", dag=dag) for dag in ("2026-02-28", "2026-03-01")]
    assert [ett["leverantor"] for ett in bor] == [None, NUMMER]


# -- other kommuner's children, more than three, arvode, end ---------------------------------------


@pytest.mark.regel("R-PLA-9")
async def test_en_annan_kommuns_barn_tar_plats(vard: Klient) -> None:
    hem = await registrerat(vard)
    vag = f"/v1/hem/{hem}/andra_kommuners_barn"
    barn = {"kommun": "1480", "referens": "2026-117", "fran": "2026-02-01"}
    await vard.lagra(vag, barn, version=1)
    klient, beslut = await klient_och_beslut(vard)
    kropp = eget_hem(klient, beslut, hem=hem, fran="2026-03-01")
    await vagras(vard, "/v1/placeringar", kropp, pekare="/hem", regel="R-PLA-9")
    bor = await vard.las(f"/v1/hem/{hem}/boende", dag="2026-03-01")
    [ett] = bor["andra_kommuners_barn"]
    assert (bor["upptagna"], ett["kommun"], ett["referens"]) == (1, "1480", "2026-117")
    await vard.lagra(vag, barn | {"barn": ett["barn"], "till": "2026-03-01"}, version=2)
    bor = await vard.las(f"/v1/hem/{hem}/boende", dag="2026-03-01")
    assert (bor["upptagna"], bor["andra_kommuners_barn"]) == (0, [])
    await vard.lagra("/v1/placeringar", kropp)
    fler = barn | {"fran": "2026-03-02"}
    nu = await version(vard, f"/v1/hem/{hem}")
    await vagras(vard, vag, fler, pekare="/fran", regel="R-PLA-9", version=nu)
    await vard.lagra(f"{vag}/{ett['barn']}/makulering", {"skal": "dubblett"}, version=nu)
    svar = await vard.sand(f"{vag}/{ett['barn']}/makulering", {"skal": "dubblett"}, version=nu + 1)
    assert svar.status_code == 404
    namn = barn | {"referens": "Zebra Påhittad"}
    await vagras(vard, vag, namn, pekare="/referens", version=nu + 1)


@pytest.mark.regel("R-PLA-8")
async def test_fler_an_tre_barn_flaggas_till_ivo_underrattats(vard: Klient) -> None:
    hem = await registrerat(vard, platser=5)
    for _ in range(3):
        placering = await boende_i(vard, hem)
        assert "R-PLA-8" not in (await vard.las(f"/v1/placeringar/{placering}"))["flaggor"]
    placering = await boende_i(vard, hem, fran="2026-03-01")
    assert "R-PLA-8" in (await vard.las(f"/v1/placeringar/{placering}"))["flaggor"]
    visat = await vard.las(f"/v1/hem/{hem}")
    fler = {"fran": "2026-03-01", "till": "2028-02-29", "ivo_underrattad": None}
    assert visat["fler_an_tre_barn"] == [fler]
    vag = f"/v1/hem/{hem}/ivo_underrattelser"
    fore = {"fran": "2026-02-28", "datum": "2026-03-04"}
    await vagras(vard, vag, fore, pekare="/fran", regel="R-PLA-8", version=visat["version"])
    await vard.lagra(vag, fore | {"fran": "2026-03-01"}, version=visat["version"])
    visat = await vard.las(f"/v1/hem/{hem}")
    assert visat["fler_an_tre_barn"] == [fler | {"ivo_underrattad": "2026-03-04"}]


async def test_arvodesniva_och_avslut(vard: Klient) -> None:
    hem = await registrerat(vard)
    niva = {"fran": "2026-02-01", "niva": "niva_2"}
    await vard.lagra(f"/v1/hem/{hem}/arvodesniva", niva, version=1)
    await vard.lagra(f"/v1/hem/{hem}/avslut", {"till": "2026-06-30"}, version=2)
    visat = await vard.las(f"/v1/hem/{hem}")
    assert (visat["arvodesniva"], visat["till"]) == ([niva], "2026-06-30")
    klient, beslut = await klient_och_beslut(vard)
    kropp = eget_hem(klient, beslut, hem=hem, fran="2026-07-01")
    await vagras(vard, "/v1/placeringar", kropp, pekare="/hem")


# -- known then, history, personal data -----------------------------------------------------------


@pytest.mark.regel("R-KOS-7")
async def test_ett_hem_kan_lasas_som_det_var_kant_och_historiken_sager_vem(vard: Klient) -> None:
    hem = await registrerat(vard)
    mellan = datetime.now(UTC)
    await vard.lagra(f"/v1/hem/{hem}/platser", {"fran": "2026-02-01", "antal": 4}, version=1)
    da = await vard.las(f"/v1/hem/{hem}", kand_per=mellan.isoformat())
    assert [rad["antal"] for rad in da["platser"]] == [1]
    forst, sist = (await vard.las(f"/v1/hem/{hem}/historik"))["poster"]
    assert (forst["handelse"], sist["handelse"]) == ("HemRegistrerat", "HemmetsPlatserSatta")
    assert [ett["falt"] for ett in sist["andrat"]] == ["platser"]


@pytest.mark.regel("R-SEK-3")
async def test_den_som_tar_emot_ar_krypterad_och_lasningen_loggas(vard: Klient) -> None:
    falt = {"namn": NAMN, "kontakt": "070-000 00 00", "adress": "Zebragatan 1"}
    hem = await registrerat(vard, **falt)
    await vard.lagra(f"/v1/hem/{hem}/utredningar", UTREDNING, version=1)
    await vard.lagra(f"/v1/hem/{hem}/referenser", REFERENS, version=2)
    visat = await vard.las(f"/v1/hem/{hem}/uppgifter", skal="tillsyn")
    assert {namn: visat[namn] for namn in falt} == falt
    assert sorted((text["om"], text["text"]) for text in visat["texter"]) == [
        ("referens", "Zebraomdöme"),
        ("utredning", "Zebratext om hemmet"),
    ]
    assert vard.sql("SELECT klient::text, vad, varfor FROM atkomstlogg") == [
        (hem, "hem", "tillsyn")
    ]
    lagrat = str(vard.sql("SELECT convert_from(state, 'UTF8') FROM handelse"))
    assert "Zebra" not in lagrat + str(await vard.las(f"/v1/hem/{hem}/historik"))
    assert b"Zebra" not in b"".join(
        bytes(rad) for (rad,) in vard.sql("SELECT chiffer FROM personuppgift")
    )


@pytest.mark.regel("R-SEK-3")
async def test_rattade_personuppgifter_ar_de_som_visas(vard: Klient) -> None:
    hem = await registrerat(vard, namn=NAMN, adress="Zebragatan 1")
    rattat = {"beteckning": "FH-1", "fran": "2026-01-01", "namn": "Zebra II", "skal": "skrivfel"}
    await vard.lagra(f"/v1/hem/{hem}/rattelse", rattat, version=1)
    visat = await vard.las(f"/v1/hem/{hem}/uppgifter")
    assert (visat["namn"], visat["adress"]) == ("Zebra II", None)


@pytest.mark.regel("R-SEK-3")
async def test_namnen_nas_av_hemmets_arbetsenhet_och_hemmet_av_alla(vard: Klient) -> None:
    hem = await registrerat(vard, arbetsenhet="Norr", namn=NAMN)
    async with vard.som(Roll.SOCIALSEKRETERARE, arbetsenheter=["Söder"]) as soder:
        assert (await soder.las(f"/v1/hem/{hem}"))["beteckning"] == "FH-1"
        assert (await soder.get(f"/v1/hem/{hem}/uppgifter")).status_code == 403
        assert vard.sql("SELECT count(*) FROM atkomstlogg") == [(0,)]
        klient, beslut = await klient_och_beslut(soder, arbetsenhet="Söder")
        await soder.lagra("/v1/placeringar", eget_hem(klient, beslut, hem=hem))
    async with vard.som(Roll.EKONOM) as ekonom:
        assert (await ekonom.get(f"/v1/hem/{hem}/uppgifter")).status_code == 403


async def test_beslutsfattaren_ar_en_av_tre(vard: Klient) -> None:
    hem = await registrerat(vard)
    domstol = {"slag": "domstol", "mal": "UM 1-26"}
    svar = await vard.sand(
        f"/v1/hem/{hem}/godkannanden", nytt_godkannande(beslutsfattare=domstol), version=1
    )
    assert svar.status_code == 422
    utan = {falt: v for falt, v in UTSKOTT.items() if falt != "paragraf"}
    svar = await vard.sand(
        f"/v1/hem/{hem}/godkannanden", nytt_godkannande(beslutsfattare=utan), version=1
    )
    assert svar.status_code == 422
