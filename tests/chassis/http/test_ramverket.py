"""What every call has in common: correlation, receipts, paging, probes, metrics, log lines."""

import asyncio
import json
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import structlog
from fastapi import FastAPI

from dygn.inbyggd.postgres import Postgres
from tests.chassis.http.provapp import ANDRA, HEMLIG, LASA, provapp, provapp_med_krav
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import ANNAN_KOMMUN, Klient, korande, migrera
from tests.stod.vanta import eventually_async

pytestmark = pytest.mark.anyio
SAK = {"varde": 1}

# -- correlation --------------------------------------------------------------------------------


async def test_uppringarens_korrelation_foljer_med_till_handelsen(klient: Klient) -> None:
    svar = await klient.sand("/v1/saker", SAK, huvuden={"X-Korrelation": "kedja-0001.a_B"})
    assert svar.headers["X-Korrelation"] == "kedja-0001.a_B"
    (rad,) = klient.sql("SELECT convert_from(state, 'UTF8')::jsonb FROM handelse")
    assert rad[0]["korrelation"] == "kedja-0001.a_B"
    assert (rad[0]["kommunkod"], rad[0]["aktor"]) == ("1490", "prov-anvandare")


@pytest.mark.parametrize(
    "given", ["", "kort", "x" * 65, "a b c d e f", "rad\tbrytning", "åäöåäöåäö"]
)
async def test_en_korrelation_av_fel_form_ersatts(klient: Klient, given: str) -> None:
    svar = await klient.get("/livez", headers=[(b"X-Korrelation", given.encode())])
    assert re.fullmatch("[0-9a-f]{32}", svar.headers["X-Korrelation"])


# -- receipts -----------------------------------------------------------------------------------


async def test_kvittot_har_id_version_etag_och_position(klient: Klient) -> None:
    svar = await klient.sand("/v1/saker", SAK)
    assert svar.status_code == 201
    kvitto = svar.json()
    assert (kvitto["version"], kvitto["position"]) == (1, 1)
    assert svar.headers["ETag"] == '"1"'
    last = await klient.get(f"/v1/saker/{kvitto['id']}")
    assert last.headers["ETag"] == '"1"'
    assert last.json() == {"id": kvitto["id"], "version": 1, "varde": 1}


async def test_ett_upprepat_anrop_far_samma_svar(klient: Klient) -> None:
    svar = [await klient.sand("/v1/saker", SAK, nyckel="n") for _ in range(3)]
    assert len({(ett.status_code, ett.text, ett.headers["ETag"]) for ett in svar}) == 1
    assert klient.antal_handelser() == 1


async def test_en_upprepad_andring_far_samma_svar_fast_versionen_har_gatt_vidare(
    klient: Klient,
) -> None:
    id = (await klient.lagra("/v1/saker", SAK))["id"]
    vag = f"/v1/saker/{id}/andring"
    forst = await klient.sand(vag, {"varde": 2}, nyckel="n", version=1)
    await klient.lagra(vag, {"varde": 3}, version=2)
    igen = await klient.sand(vag, {"varde": 2}, nyckel="n", version=1)
    assert (igen.status_code, igen.text) == (forst.status_code, forst.text)
    assert (await klient.las(f"/v1/saker/{id}"))["varde"] == 3


async def test_samma_nyckel_i_tva_kommuner_ar_tva_anrop(klient: Klient) -> None:
    hemma = await klient.sand("/v1/saker", SAK, nyckel="n")
    async with klient.som(ANDRA, kommunkod=ANNAN_KOMMUN) as annan:
        borta = await annan.sand("/v1/saker", {"varde": 2}, nyckel="n")
    assert borta.status_code == 201
    assert borta.json()["id"] != hemma.json()["id"]


async def test_en_avbruten_uppringare_far_sitt_svar_nar_den_ringer_igen(klient: Klient) -> None:
    """Whether the first call was stored or not: it is stored once, and answered."""
    for nummer in range(10):
        uppgift = asyncio.create_task(klient.sand("/v1/saker", SAK, nyckel=f"n{nummer}"))
        await asyncio.sleep(0.002 * nummer)
        uppgift.cancel()
        await asyncio.gather(uppgift, return_exceptions=True)
        assert (await klient.sand("/v1/saker", SAK, nyckel=f"n{nummer}")).status_code == 201
    assert klient.antal_handelser() == 10


# -- paging -------------------------------------------------------------------------------------


async def test_sidor_ger_allt_en_gang_i_ordning_ocksa_nar_det_kommer_nytt(klient: Klient) -> None:
    for varde in range(7):
        await klient.lagra("/v1/saker", {"varde": varde})
    sedda: list[int] = []
    markor: str | None = None
    while True:
        fragor = {"antal": 3} | ({"markor": markor} if markor else {})
        sida = await klient.las("/v1/saker", **fragor)
        sedda += [post["varde"] for post in sida["poster"]]
        markor = sida["nasta"]
        if markor is None:
            break
        if len(sedda) == 3:
            await klient.lagra("/v1/saker", {"varde": 7})
    assert sedda == list(range(8))


async def test_en_jamn_sida_har_ingen_tom_sida_efter_sig(klient: Klient) -> None:
    for varde in range(4):
        await klient.lagra("/v1/saker", {"varde": varde})
    forsta = await klient.las("/v1/saker", antal=2)
    andra = await klient.las("/v1/saker", antal=2, markor=forsta["nasta"])
    assert andra["nasta"] is None
    assert (await klient.las("/v1/saker", antal=4))["nasta"] is None


async def test_en_lista_visar_bara_den_egna_kommunens(klient: Klient) -> None:
    await klient.lagra("/v1/saker", SAK)
    async with klient.som(ANDRA, kommunkod=ANNAN_KOMMUN) as annan:
        assert (await annan.las("/v1/saker"))["poster"] == []


async def test_en_sak_i_listan_ar_som_den_ar_nu(klient: Klient) -> None:
    id = (await klient.lagra("/v1/saker", SAK))["id"]
    await klient.lagra(f"/v1/saker/{id}/andring", {"varde": 9}, version=1)
    assert (await klient.las("/v1/saker"))["poster"] == [{"id": id, "version": 2, "varde": 9}]


@pytest.mark.parametrize(
    "markor", ["!", "a", "YQ", "LTE", "MTIz=", "😀", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
async def test_en_pahittad_markor_ger_aldrig_ett_fel_i_tjansten(
    klient: Klient, markor: str
) -> None:
    svar = await klient.get("/v1/saker", params={"markor": markor})
    assert svar.status_code in (200, 400)
    if svar.status_code == 400:
        assert svar.json()["type"].endswith("ogiltig-markor")


# -- probes and metrics ---------------------------------------------------------------------------


async def test_prober_och_matvarden_svarar_utan_token(klient: Klient) -> None:
    async with klient.med_token(None) as ingen:
        assert (await ingen.get("/livez")).json() == {"status": "lever"}
        assert (await ingen.get("/readyz")).json() == {"status": "redo"}
        assert (await ingen.get("/metrics")).status_code == 200


async def test_ett_krav_som_inte_ar_uppfyllt_gor_tjansten_inte_redo(
    databas: Databasfabrik,
) -> None:
    fabrik = provapp_med_krav(None, "Reläet står.")
    async with korande(fabrik, databas("leverantor", migrera)) as klient:
        svar = await klient.get("/readyz")
    assert svar.status_code == 503
    assert svar.json() == {"status": "inte redo", "skal": ["Reläet står."]}
    assert int(svar.headers["Retry-After"]) > 0


async def test_matvarden_raknar_per_mall_och_nämner_inga_id(klient: Klient) -> None:
    id = (await klient.lagra("/v1/saker", SAK))["id"]
    await klient.las(f"/v1/saker/{id}")
    await klient.get(f"/v1/finns-inte/{HEMLIG}")
    await klient.request("PAHITTAD", "/v1/saker")
    text = (await klient.get("/metrics")).text
    assert 'dygn_http_anrop_total{metod="GET",route="/v1/saker/{id}",status="200"} 1.0' in text
    assert 'dygn_http_anrop_total{metod="POST",route="/v1/saker",status="201"} 1.0' in text
    assert id not in text
    assert HEMLIG not in text
    assert "PAHITTAD" not in text


async def test_utan_databas_ar_svaret_503_och_allt_gar_igen_nar_den_ar_tillbaka(
    egen_postgres: Callable[[], Postgres],
) -> None:
    server = egen_postgres()
    databas = server.skapa_databaser(["leverantor"])["leverantor"]
    migrera(databas)
    async with korande(provapp, databas, ANDRA, database_timeout=0.5) as klient:
        id = (await klient.lagra("/v1/saker", SAK))["id"]
        await asyncio.to_thread(server.stop)
        borta = [
            await klient.get("/readyz"),
            await klient.get(f"/v1/saker/{id}"),
            await klient.get("/v1/saker"),
            await klient.sand("/v1/saker", SAK, nyckel="under"),
        ]
        assert [svar.status_code for svar in borta] == [503] * 4
        assert all(int(svar.headers["Retry-After"]) > 0 for svar in borta)
        assert [svar.headers["Content-Type"] for svar in borta[1:]] == [
            "application/problem+json"
        ] * 3
        assert (await klient.get("/livez")).status_code == 200
        await asyncio.to_thread(server.start)
        assert (await klient.sand("/v1/saker", SAK, nyckel="under")).status_code == 201

        async def redo() -> bool:
            return (await klient.get("/readyz")).status_code == 200

        await eventually_async(redo, 20, "tjänsten blev aldrig redo igen")
        assert len((await klient.las("/v1/saker"))["poster"]) == 2


# -- documentation page -------------------------------------------------------------------------


async def test_dokumentationssidan_namner_ingen_frammande_vard(klient: Klient) -> None:
    async with klient.med_token(None) as ingen:
        sida = await ingen.get("/docs")
        assert sida.status_code == 200
        adresser = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)["']""", sida.text)
        assert len(adresser) >= 4
        for adress in adresser:
            assert adress.startswith("/"), adress
            assert not adress.startswith("//"), adress
            assert (await ingen.get(adress)).status_code == 200, adress
        assert not re.findall(r"https?://", sida.text)
        stil = (await ingen.get("/static-offline-docs/swagger-ui.css")).text
        assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", stil)


# -- log lines ----------------------------------------------------------------------------------


async def test_loggrader_har_bara_namngivna_varden_och_inget_av_vad_som_sandes(
    klient: Klient,
) -> None:
    id = (await klient.lagra("/v1/saker", SAK))["id"]
    with structlog.testing.capture_logs() as rader:
        await klient.sand("/v1/saker", {"varde": 1, "text": HEMLIG}, nyckel=f"nyckel-{uuid4()}")
        await klient.sand("/v1/saker", {"varde": HEMLIG})
        await klient.get("/v1/saker", params={"sok": HEMLIG, "markor": HEMLIG})
        await klient.get(f"/v1/saker/{id}")
        await klient.get(f"/v1/{HEMLIG}")
        await klient.sand("/v1/trasig", {"text": HEMLIG})
        async with klient.som(LASA) as lasare:
            await lasare.sand(
                "/v1/saker", {"text": HEMLIG}, huvuden={"X-Korrelation": "spar-mig-1"}
            )
        async with klient.med_token(HEMLIG.encode("ascii", "ignore").decode()) as skrap:
            await skrap.get("/v1/saker")
    assert [rad["status"] for rad in rader] == [201, 422, 400, 200, 404, 500, 403, 401]
    for rad in rader:
        assert set(rad) == {
            "event", "log_level", "tjanst", "metod", "route", "status", "ms", "korrelation",
            "aktor",
        }  # fmt: skip
    text = json.dumps(rader, ensure_ascii=False)
    for hemligt in (HEMLIG, HEMLIG.encode("ascii", "ignore").decode(), id, "nyckel-", "Bearer"):
        assert hemligt not in text
    assert rader[3]["route"] == "/v1/saker/{id}"
    assert rader[4]["route"] == "okand"
    assert rader[6]["korrelation"] == "spar-mig-1"
    assert rader[0]["aktor"] == "prov-anvandare"
    assert rader[7]["aktor"] is None
    assert UUID(rader[0]["korrelation"]).version == 4


# -- mounted beside others -------------------------------------------------------------------------


async def test_monterad_under_en_adress_svarar_tjansten_likadant(
    databas: Databasfabrik,
) -> None:
    async with korande(provapp, databas("leverantor", migrera), ANDRA) as inre:
        yttre = FastAPI()
        yttre.mount("/prov", inre.app)
        async with Klient(
            yttre, inre.databas, inre.utfardare, inre.headers["Authorization"][7:]
        ) as klient:
            assert (await klient.get("/prov/livez")).status_code == 200
            assert (await klient.sand("/prov/v1/saker", SAK)).status_code == 201
            assert (await klient.get("/prov/v1/saker")).json()["poster"][0]["varde"] == 1
            assert "/prov/openapi.json" in (await klient.get("/prov/docs")).text
            async with Klient(yttre, inre.databas, inre.utfardare, None) as ingen:
                assert (await ingen.get("/prov/v1/saker")).status_code == 401
                assert (await ingen.get("/prov/livez/../v1/saker")).status_code == 401
                assert (await ingen.get("/prov/openapi.json")).status_code == 200
            text = (await klient.get("/prov/metrics")).text
    assert 'route="/v1/saker"' in text or 'route="/prov/v1/saker"' in text
