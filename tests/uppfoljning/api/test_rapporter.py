"""The reports over HTTP: what goes in, what comes out, and that one kommun never sees another."""

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.ord import Dagrakning, Kon, Leverantorstyp
from dygn.inbyggd.databaser import Databas
from services.chassis.auth.roles import Roll
from services.uppfoljning.app import app
from tests.stod.tjanst import ANNAN_KOMMUN, KOMMUN, Klient, korande
from tests.uppfoljning.stod import Flode, id_for
from tests.uppfoljning.views import fakta as f

pytestmark = pytest.mark.anyio
REAL = Path(__file__).parents[2] / "data" / "evb_lss_2023-12-31.csv"
AR = {"fran": "2024-01-01", "till": "2024-12-31"}
W = datetime(2024, 6, 1, 12, tzinfo=UTC)


@asynccontextmanager
async def fragar(uppfoljning: Databas, *roller: Roll) -> AsyncIterator[Klient]:
    async with korande(app, uppfoljning, *(roller or (Roll.EKONOM,))) as klient:
        yield klient


@pytest.fixture(scope="module", autouse=True)
def inkommet(flode: Flode) -> None:
    """One placering with a price change, a supplier and the real EVB rows; told up to W."""
    per = date(2023, 12, 31)
    with REAL.open(encoding="utf-8", newline="") as fil:
        rader = list(csv.DictReader(fil))
    flode.hande(
        KOMMUN,
        f.nu(
            f.leverantor(),
            f.leverantor("212000-1355", "Grannkommunen", Leverantorstyp.KOMMUN),
            f.avtal("a", "HVB", dagrakning=Dagrakning.ANKOMST),
            f.klient(fodelsemanad="2010-05"),
            f.placering("p", date(2024, 1, 1), date(2024, 1, 31), avtal="a", dygnspris_ore=1_001),
            f.prisrad("p", date(2024, 1, 30), 2_000),
            f.placering("q", date(2024, 2, 1), date(2024, 2, 1), leverantor="212000-1355"),
            *[
                [
                    f.klient(f"k{nr}", Kon(rad["kon"])),
                    f.beslut(
                        f"b{nr}",
                        per - timedelta(days=int(rad["antal_dagar_sedan_beslut"])),
                        f"k{nr}",
                        insatstyp=rad["insatstyp"],
                    ),
                ]
                for nr, rad in enumerate(rader)
            ],
            f.beslut("avbrutet", date(2023, 1, 1), insatstyp="Boendestöd", lag="SoL"),
            f.verkstallt("avbrutet", date(2023, 2, 1)),
            f.avbrutet("avbrutet", date(2023, 6, 1)),
            f.orsak("avbrutet", date(2023, 7, 1)),
        ),
    )
    flode.styr(W)


async def problem(klient: Klient, vag: str, **fragor: Any) -> tuple[int, str]:
    """Status and the parameter that the problem document points at."""
    svar = await klient.get(f"/v1/{vag}", params=fragor)
    assert svar.headers["content-type"] == "application/problem+json"
    kropp = svar.json()
    assert kropp["status"] == svar.status_code
    return svar.status_code, kropp["errors"][0]["pointer"]


DYGN, EVB, LEV = "rapporter/dygnskostnader", "rapporter/evb", "rapporter/leverantorer"
LSS = {"per": "2023-12-31", "lag": "LSS"}
FEL = [
    (DYGN, {"fran": "2024-02-01", "till": "2024-01-31"}, "query:till"),
    (LEV, {"fran": "2024-02-01", "till": "2024-01-31"}, "query:till"),
    (DYGN, {"fran": "2024-02-30", "till": "2024-03-31"}, "query:fran"),
    (DYGN, {"till": "2024-03-31"}, "query:fran"),
    (DYGN, {"fran": "20240101", "till": "2024-03-31"}, "query:fran"),
    (DYGN, {"fran": "2024-01-01", "till": "2024-03-31T00:00:00"}, "query:till"),
    (EVB, {"per": "20231231", "lag": "LSS"}, "query:per"),
    (DYGN, {**AR, "kand_per": "2024-W01-1"}, "query:kand_per"),
    (DYGN, {**AR, "snitt": "kommun"}, "query:snitt"),
    (DYGN, {**AR, "kand_per": "2024-13-01"}, "query:kand_per"),
    (DYGN, {**AR, "kand_per": "i går"}, "query:kand_per"),
    (DYGN, {**AR, "kand_per": ""}, "query:kand_per"),
    (DYGN, {**AR, "kand_per": "2024-06-01T12:00:00"}, "query:kand_per"),
    (DYGN, {**AR, "kand_per": "9999-12-31"}, "query:kand_per"),
    (DYGN, {**AR, "kand_per": "0001-01-01T00:00:00+14:00"}, "query:kand_per"),
    (DYGN, {**AR, "kand_per": "9999-12-31T23:59:59-12:00"}, "query:kand_per"),
    (EVB, {**LSS, "grans": "3"}, "query:grans"),
    (EVB, {**LSS, "grans": "0m"}, "query:grans"),
    (EVB, {**LSS, "grans": "-3m"}, "query:grans"),
    (EVB, {**LSS, "grans": "90 d"}, "query:grans"),
    (EVB, {"per": "2023-12-31", "lag": "LVU"}, "query:lag"),
    (EVB, {"per": "2023-12-31"}, "query:lag"),
    (EVB, {"lag": "LSS"}, "query:per"),
    ("varfor/dygnskostnader", AR, "query:nyckel"),
    ("varfor/leverantorer", AR, "query:organisationsnummer"),
    ("varfor/dygnskostnader", {**AR, "nyckel": "\x00"}, "query:nyckel"),
    ("varfor/leverantorer", {**AR, "organisationsnummer": "5\x00"}, "query:organisationsnummer"),
    ("varfor/leverantorer", {**AR, "organisationsnummer": "5", "omrade": "\x00"}, "query:omrade"),
    ("varfor/evb", {**LSS, "beslut": "b1"}, "query:beslut"),
    ("varfor/placeringar/p1", AR, "path:id"),
]


@pytest.mark.parametrize(("vag", "fragor", "parameter"), FEL)
async def test_en_felaktig_parameter_namns_i_ett_problemdokument(
    uppfoljning: Databas, vag: str, fragor: dict[str, str], parameter: str
) -> None:
    async with fragar(uppfoljning) as klient:
        assert await problem(klient, vag, **fragor) == (422, parameter)


@pytest.mark.parametrize(
    ("vag", "fragor"),
    [
        (DYGN, {"fran": "0001-01-01", "till": "9999-12-31", "snitt": "manad"}),
        (DYGN, {"fran": "0001-01-01", "till": "9999-12-31", "snitt": "aldersklass"}),
        (DYGN, {**AR, "kand_per": "0001-01-01"}),
        (DYGN, {**AR, "kand_per": "9999-12-30"}),
        (LEV, {"fran": "0001-01-01", "till": "9999-12-31"}),
        (EVB, {"per": "0001-01-01", "lag": "LSS"}),
        (EVB, {"per": "9999-12-31", "lag": "LSS", "grans": "9999d"}),
        (EVB, {"per": "9999-12-31", "lag": "LSS", "grans": "9999m"}),
    ],
)
async def test_kalenderns_granser_gar_att_fraga_om(
    uppfoljning: Databas, vag: str, fragor: dict[str, str]
) -> None:
    async with fragar(uppfoljning) as klient:
        await klient.las(f"/v1/{vag}", **fragor)


@pytest.mark.regel("R-KOS-9", "R-KOS-17")
async def test_dygnskostnader_svarar_med_tal_och_med_vad_de_ar_gjorda_av(
    uppfoljning: Databas,
) -> None:
    async with fragar(uppfoljning) as klient:
        svar = await klient.las(f"/v1/{DYGN}", **AR, snitt="leverantor", kand_per="2024-05-31")
    assert svar["rapport"] == "dygnskostnader"
    tal = {
        "antal_placerade": 1,
        "antal_placeringar": 1,
        "debiterade_dygn": 30,
        "varddygn": 31,
        "kostnad_ore": 29 * 1_001 + 2_000,
        "dygnskostnad_ore": 1_034,  # 1 034,3
        "dygn_utan_pris": 0,
    }
    assert svar["rader"][1] == {"nyckel": f.ORGNR, "namn": "Bolaget", **tal}
    assert svar["rader"][0]["nyckel"] == "212000-1355"
    assert svar["summa"]["antal_placerade"] == 1
    assert svar["summa"]["antal_placeringar"] == 2
    underlag = svar["underlag"]
    assert datetime.fromisoformat(underlag.pop("framtagen")) <= datetime.now(UTC)
    assert underlag == {
        "kommunkod": KOMMUN,
        **AR,
        "per": None,
        "snitt": "leverantor",
        "lag": None,
        "grans": None,
        "omrade": None,
        "arbetsenheter": None,
        "kand_per": "2024-05-31T21:59:59.999999Z",
        "slutlig": True,
        "skal": [],
        "w": "2024-06-01T12:00:00Z",
        "strommar": underlag["strommar"],
        "moms": "exklusive moms",
    }
    assert [
        (strom["strom"], strom["epok"], strom["registrerad"]) for strom in underlag["strommar"]
    ] == [("leverantor", 1, "2024-06-01T12:00:00Z"), ("placering", 1, "2024-06-01T12:00:00Z")]


@pytest.mark.regel("R-KOS-7")
async def test_kand_per_tar_en_tidpunkt_med_tidszon_ocksa_med_plus_som_blanksteg(
    uppfoljning: Databas,
) -> None:
    async with fragar(uppfoljning) as klient:
        for text in ("2024-06-01T14:00:00+02:00", "2024-06-01T14:00:00 02:00", "2024-06-01T12:00Z"):
            underlag = (await klient.las(f"/v1/{DYGN}", **AR, kand_per=text))["underlag"]
            assert (underlag["kand_per"], underlag["slutlig"]) == ("2024-06-01T12:00:00Z", True)
        sen = await klient.las(f"/v1/{DYGN}", **AR, kand_per="2024-06-01T12:00:00.000001Z")
        assert sen["underlag"]["slutlig"] is False
        assert len(sen["underlag"]["skal"]) == 2
        utan = await klient.las(f"/v1/{DYGN}", **AR)
        assert (utan["underlag"]["kand_per"], utan["underlag"]["slutlig"]) == (None, False)


@pytest.mark.regel("R-KOS-6")
async def test_varfor_gar_ner_till_handelser_och_summerar_till_raden(uppfoljning: Databas) -> None:
    async with fragar(uppfoljning) as klient:
        rapport = await klient.las(f"/v1/{DYGN}", **AR)
        (rad,) = rapport["rader"]
        svar = await klient.las("/v1/varfor/dygnskostnader", **AR, nyckel="hvb")
        enbart = await klient.las(f"/v1/varfor/placeringar/{id_for('p')}", **AR)
    assert svar["summa"] == {k: v for k, v in rad.items() if k not in ("nyckel", "namn")}
    delar = {del_["placering"]: del_ for del_ in svar["placeringar"]}
    assert set(delar) == {str(id_for("p")), str(id_for("q"))}
    assert enbart["placeringar"] == [delar[str(id_for("p"))]]
    forst, sedan = delar[str(id_for("p"))]["intervall"]
    assert (forst["dygn"], forst["pris_ore"], forst["kostnad_ore"]) == (29, 1_001, 29_029)
    assert (sedan["fran"], sedan["till"], sedan["kostnad_ore"]) == (
        "2024-01-30",
        "2024-01-30",
        2_000,
    )
    # Klient, placering inledd, avslutad, pris: 1-4; the avtal is leverantör's third event.
    assert sedan["handelser"] == [
        "placering:1:2.0",
        "placering:1:3.0",
        "placering:1:4.0",
        "leverantor:1:3.0",
        "placering:1:1.0",
    ]


@pytest.mark.regel("R-LEV-1", "R-LEV-2", "R-KOS-6")
async def test_leverantorer_svarar_per_omrade_och_varfor_summerar_till_raden(
    uppfoljning: Databas,
) -> None:
    async with fragar(uppfoljning) as klient:
        svar = await klient.las(f"/v1/{LEV}", **AR)
        varfor = await klient.las(
            "/v1/varfor/leverantorer", **AR, omrade="HVB", organisationsnummer=f.ORGNR
        )
    tal = {"antal_placeringar": 1, "varddygn": 31, "kostnad_ore": 31_029}
    assert svar["rader"] == [
        {"omrade": "HVB", "organisationsnummer": f.ORGNR, "namn": "Bolaget", **tal}
    ]
    assert svar["antal_per_omrade"] == [{"omrade": "HVB", "antal_leverantorer": 1}]
    assert svar["summa"] == {"summa_over_omraden": 1, "antal_leverantorer": 1, **tal}
    assert {nyckel: varfor["summa"][nyckel] for nyckel in tal} == tal


@pytest.mark.regel("R-EVB-7", "R-EVB-8", "R-EVB-9", "R-EVB-16")
async def test_evb_svarar_med_rader_analys_och_summa(uppfoljning: Databas) -> None:
    async with fragar(uppfoljning) as klient:
        svar = await klient.las(f"/v1/{EVB}", **LSS)
        sol = await klient.las(f"/v1/{EVB}", per="2023-12-31", lag="SoL")
    assert svar["titel"] == (
        "Ej verkställda gynnande beslut enligt 9 § LSS t.o.m. den 31 december 2023"
    )
    assert svar["summa"] == {"antal": 58, "ej_verkstallda": 58, "ej_aterupptagna": 0}
    assert svar["forra_per"] == "2023-09-30"
    antal = {rad["insatstyp"]: rad["antal"] for rad in svar["analys"]}
    assert antal["Daglig verksamhet"] == 28
    assert sum(antal.values()) == len(svar["rader"]) == 58
    assert sum(rad["man"] for rad in svar["analys"]) == 39
    assert sum(rad["kvinnor"] for rad in svar["analys"]) == 19
    assert max(rad["langsta_dagar"] for rad in svar["analys"]) == 3513
    (rad,) = sol["rader"]
    assert (rad["lage"], rad["dagar_sedan_beslut"], rad["dagar_sedan_avbrott"], rad["orsak"]) == (
        "ej_aterupptagen",
        364,
        213,
        "resursbrist",
    )
    assert sol["summa"] == {"antal": 1, "ej_verkstallda": 0, "ej_aterupptagna": 1}
    assert sol["analys"][0]["orsaker"] == {"resursbrist": 1}


async def test_varfor_ett_beslut_ar_listat_eller_inte(uppfoljning: Databas) -> None:
    fraga = {"lag": "SoL", "beslut": str(id_for("avbrutet"))}
    async with fragar(uppfoljning) as klient:
        med = await klient.las("/v1/varfor/evb", per="2023-12-31", **fraga)
        inte = await klient.las("/v1/varfor/evb", per="2023-09-01", **fraga)
        okant = await klient.get(
            "/v1/varfor/evb", params={"per": "2023-12-31", **fraga, "beslut": str(id_for("x"))}
        )
    assert (med["listad"], med["rad"]["avbrottsdatum"]) == (True, "2023-06-01")
    assert (inte["listad"], inte["rad"]) == (False, None)
    assert [lage["lage"] for lage in med["lagen"]] == [
        "ej_verkstalld",
        "verkstalld",
        "avbruten",
        "avbruten",
    ]
    assert all(lage["handelser"] for lage in med["lagen"])
    assert okant.status_code == 404


async def test_en_nyckel_som_inte_finns_har_ingenting_bakom_sig(uppfoljning: Databas) -> None:
    async with fragar(uppfoljning) as klient:
        svar = await klient.las("/v1/varfor/dygnskostnader", **AR, nyckel="finns inte")
        okand = await klient.get(f"/v1/varfor/placeringar/{id_for('x')}", params=AR)
    assert svar["placeringar"] == []
    assert svar["summa"]["antal_placeringar"] == svar["summa"]["kostnad_ore"] == 0
    assert svar["summa"]["dygnskostnad_ore"] is None
    assert okand.status_code == 404


VARFOR = [
    ("varfor/dygnskostnader", {**AR, "nyckel": "hvb"}),
    ("varfor/leverantorer", {**AR, "omrade": "HVB", "organisationsnummer": f.ORGNR}),
    (f"varfor/placeringar/{id_for('p')}", AR),
    ("varfor/evb", {"per": "2023-12-31", "lag": "SoL", "beslut": str(id_for("avbrutet"))}),
]
RAPPORTER = [(DYGN, AR), (LEV, AR), (EVB, LSS)]


@pytest.mark.regel("R-SEK-3")
@pytest.mark.parametrize("roll", [Roll.REVISOR, Roll.NAMNDSEKRETERARE])
async def test_den_som_bara_far_se_summor_far_inte_oppna_dem(
    uppfoljning: Databas, roll: Roll
) -> None:
    async with fragar(uppfoljning, roll) as klient:
        for vag, fragor in VARFOR:
            assert (await klient.get(f"/v1/{vag}", params=fragor)).status_code == 403
        for vag, fragor in RAPPORTER:
            await klient.las(f"/v1/{vag}", **fragor)


async def test_utan_token_svarar_ingen_vag(uppfoljning: Databas) -> None:
    async with fragar(uppfoljning) as klient:
        anonym = klient.med_token(None)
        for vag, fragor in RAPPORTER + VARFOR:
            assert (await anonym.get(f"/v1/{vag}", params=fragor)).status_code == 401


async def test_en_annan_kommun_ser_ingenting(uppfoljning: Databas) -> None:
    async with fragar(uppfoljning) as klient:
        annan = klient.som(Roll.ADMINISTRATOR, kommunkod=ANNAN_KOMMUN)
        for vag, fragor in RAPPORTER:
            assert (await annan.las(f"/v1/{vag}", **fragor))["rader"] == []
        assert (await annan.las(f"/v1/{EVB}", **LSS))["namnder_utan"] == []
        for vag, fragor in VARFOR:
            svar = await annan.get(f"/v1/{vag}", params=fragor)
            if svar.status_code == 200:
                assert svar.json()["placeringar"] == []
            else:
                assert svar.status_code == 404


@pytest.mark.regel("R-SEK-3")
async def test_den_som_ar_knuten_till_en_arbetsenhet_far_veta_att_svaret_bara_ar_dess(
    uppfoljning: Databas,
) -> None:
    async with fragar(uppfoljning) as klient:
        hela = await klient.las(f"/v1/{DYGN}", **AR)
        async with klient.som(Roll.EKONOM, arbetsenheter=["Norr", "Barn"]) as bunden:
            svar = await bunden.las(f"/v1/{DYGN}", **AR)
    assert hela["underlag"]["arbetsenheter"] is None
    assert svar["underlag"]["arbetsenheter"] == ["Barn", "Norr"]
    assert hela["summa"]["antal_placeringar"] == 2
    assert svar["summa"]["antal_placeringar"] == 0
