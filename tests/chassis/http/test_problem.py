"""Every refusal is a problem document in the same form, and nothing is stored by it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.chassis.http.provapp import ANDRA, HEMLIG, LASA
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = pytest.mark.anyio

Anropet = Callable[[Klient], Awaitable[httpx.Response]]
SAK = {"varde": 1}
STOR = "x" * 250_000
LANG = "x" * 50_000
SENAST = "Ska vara ett datum från 1900-01-01 till 2199-12-31."


async def _en_sak(k: Klient) -> str:
    return str((await k.lagra("/v1/saker", SAK))["id"])


async def _utan_nyckel(k: Klient) -> httpx.Response:
    return await k.post("/v1/saker", json=SAK)


async def _utan_version(k: Klient) -> httpx.Response:
    return await k.sand(f"/v1/saker/{await _en_sak(k)}/andring", {"varde": 2})


async def _fel_version(k: Klient) -> httpx.Response:
    return await k.sand(f"/v1/saker/{await _en_sak(k)}/andring", {"varde": 2}, version=2)


def _if_match(varde: str) -> Anropet:
    async def anropa(k: Klient) -> httpx.Response:
        vag = f"/v1/saker/{await _en_sak(k)}/andring"
        return await k.sand(vag, {"varde": 2}, huvuden={"If-Match": varde})

    return anropa


async def _samma_nyckel(k: Klient) -> httpx.Response:
    await k.sand("/v1/saker", SAK, nyckel="n")
    return await k.sand("/v1/saker", {"varde": 2}, nyckel="n")


async def _samma_nyckel_annan_adress(k: Klient) -> httpx.Response:
    id = await _en_sak(k)
    await k.sand("/v1/saker", SAK, nyckel="n")
    return await k.sand(f"/v1/saker/{id}/andring", SAK, nyckel="n", version=1)


async def _annan_kommuns(k: Klient) -> httpx.Response:
    id = await _en_sak(k)
    async with k.som(LASA, kommunkod=ANNAN_KOMMUN) as annan:
        return await annan.get(f"/v1/saker/{id}")


async def _andra_annan_kommuns(k: Klient) -> httpx.Response:
    id = await _en_sak(k)
    async with k.som(ANDRA, kommunkod=ANNAN_KOMMUN) as annan:
        return await annan.sand(f"/v1/saker/{id}/andring", {"varde": 2}, version=1)


async def _fel_roll(k: Klient) -> httpx.Response:
    async with k.som(LASA) as lasare:
        return await lasare.sand("/v1/saker", SAK)


async def _utan_token(k: Klient) -> httpx.Response:
    async with k.med_token(None) as ingen:
        return await ingen.sand("/v1/saker", SAK)


async def _i_bitar(k: Klient) -> httpx.Response:
    """A body without Content-Length, larger than the limit."""

    async def bitar() -> Any:
        for _ in range(25):
            yield b"x" * 10_000

    return await k.post("/v1/saker", content=bitar(), headers={"Idempotency-Key": "n"})


def _sand(vag: str, kropp: Any = None) -> Anropet:
    return lambda k: k.sand(vag, kropp)


def _ra(innehall: bytes) -> Anropet:
    return lambda k: k.post(
        "/v1/saker",
        content=innehall,
        headers={"Idempotency-Key": "n", "Content-Type": "application/json"},
    )


def _nyckel(nyckel: str) -> Anropet:
    return lambda k: k.sand("/v1/saker", SAK, nyckel=nyckel)


FALL: list[tuple[str, int, str, Anropet]] = [
    ("utan_nyckel", 400, "nyckel-saknas", _utan_nyckel),
    ("nyckel_med_mellanslag", 400, "nyckel-saknas", _nyckel("a b")),
    ("for_lang_nyckel", 422, "felaktiga-uppgifter", _nyckel("n" * 129)),
    ("inte_json", 400, "ogiltig-json", _ra(b"{")),
    ("tom_kropp", 422, "felaktiga-uppgifter", _ra(b"")),
    ("inte_utf8", 400, "http-400", _ra(b'{"varde": 1, "text": "\xff"}')),
    ("djup_json", 400, "http-400", _ra(b"[" * 90_000)),
    ("jattetal", 400, "http-400", _ra(b'{"varde": ' + b"9" * 5000 + b"}")),
    ("lista", 422, "felaktiga-uppgifter", _sand("/v1/saker", [SAK])),
    ("okant_falt", 422, "felaktiga-uppgifter", _sand("/v1/saker", {"varde": 1, "x": HEMLIG})),
    ("fel_typ", 422, "felaktiga-uppgifter", _sand("/v1/saker", {"varde": HEMLIG})),
    ("decimaltal", 422, "felaktiga-uppgifter", _sand("/v1/saker", {"varde": 1.0})),
    ("for_litet", 422, "felaktiga-uppgifter", _sand("/v1/saker", {"varde": -1})),
    ("regelbrott", 422, "regelbrott", _sand("/v1/vagra")),
    ("utan_version", 428, "version-saknas", _utan_version),
    ("inaktuell", 412, "inaktuell", _fel_version),
    ("svag_etag", 400, "ogiltig-if-match", _if_match('W/"1"')),
    ("stjarna", 400, "ogiltig-if-match", _if_match("*")),
    ("samma_nyckel", 422, "nyckel-ateranvand", _samma_nyckel),
    ("samma_nyckel_annan_adress", 422, "nyckel-ateranvand", _samma_nyckel_annan_adress),
    ("samtidig", 409, "samtidig-andring", _sand("/v1/samtidig")),
    ("for_stor_kropp", 413, "for-stort", _sand("/v1/saker", {"varde": 1, "text": STOR})),
    ("for_stor_kropp_i_bitar", 413, "for-stort", _i_bitar),
    ("for_stor_handelse", 413, "for-stort", _sand("/v1/saker", {"varde": 1, "text": LANG})),
    ("okand_adress", 404, "http-404", lambda k: k.get("/v1/finns-inte")),
    ("fel_metod", 405, "http-405", lambda k: k.delete("/v1/saker")),
    ("okand_sak", 404, "saknas", lambda k: k.get(f"/v1/saker/{uuid4()}")),
    ("annan_kommuns_sak", 404, "saknas", _annan_kommuns),
    ("andra_annan_kommuns_sak", 404, "saknas", _andra_annan_kommuns),
    ("inget_id", 422, "felaktiga-uppgifter", lambda k: k.get("/v1/saker/nej")),
    ("utan_token", 401, "inte-inloggad", _utan_token),
    ("fel_roll", 403, "saknar-behorighet", _fel_roll),
    ("ogiltig_markor", 400, "ogiltig-markor", lambda k: k.get("/v1/saker?markor=!")),
    ("for_manga", 422, "felaktiga-uppgifter", lambda k: k.get("/v1/saker?antal=501")),
    ("internt_fel", 500, "internt-fel", _sand("/v1/trasig")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "slag", "anropa"), [f[1:] for f in FALL], ids=[f[0] for f in FALL]
)
async def test_varje_avslag_ar_ett_problemdokument(
    klient: Klient, status: int, slag: str, anropa: Anropet
) -> None:
    svar = await anropa(klient)
    assert svar.status_code == status, svar.text
    assert svar.headers["Content-Type"] == "application/problem+json"
    problem = svar.json()
    assert problem["type"] == f"urn:dygn:problem:{slag}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith((".", ")")) or problem["detail"].endswith('"3".')
    assert problem["korrelation"] == svar.headers["X-Korrelation"]
    assert HEMLIG not in svar.text, "svaret upprepar det som sändes"


async def test_ett_avslag_lagrar_inget(klient: Klient) -> None:
    await klient.lagra("/v1/saker", SAK)
    fore = klient.sql("SELECT pos, kedja FROM strom, (SELECT count(*) FROM idempotens) i")
    for namn, _, _, anropa in FALL:
        if not any(
            ord in namn for ord in ("sak", "version", "inaktuell", "etag", "stjarna", "nyckel")
        ):
            await anropa(klient)
    assert klient.sql("SELECT pos, kedja FROM strom, (SELECT count(*) FROM idempotens) i") == fore


async def test_ett_regelbrott_namner_regel_och_falt(klient: Klient) -> None:
    problem = (await klient.sand("/v1/vagra")).json()
    assert problem["regel"] == "R-PRO-1"
    assert problem["detail"] == "Värdet är för stort. (och 1 fel till)"
    assert problem["errors"] == [
        {"detail": "Värdet är för stort.", "pointer": "/varde", "regel": "R-PRO-1"},
        {"detail": "Texten är fel.", "pointer": "/text"},
    ]


@pytest.mark.parametrize(
    ("kropp", "pekare", "text"),
    [
        ({}, "/varde", "Uppgiften saknas."),
        ({"varde": 1, "a/b~c": 1}, "/a~1b~0c", "Uppgiften är okänd."),
        ({"varde": "1"}, "/varde", "Ska vara ett heltal."),
        ({"varde": -1}, "/varde", "Får inte vara mindre än 0."),
        ({"varde": 1, "pris_ore": -1}, "/pris_ore", "Får inte vara mindre än 0."),
        ({"varde": 1, "pris_ore": 1.5}, "/pris_ore", "Ska vara ett heltal."),
        ({"varde": 1, "pris_ore": 100_000_001}, "/pris_ore", "Får inte vara större än 100000000."),
        ({"varde": 1, "text": "a\x00b"}, "/text", "Får inte innehålla styrtecken."),
        ({"varde": 1, "dag": 0}, "/dag", "Ska vara ett datum (ÅÅÅÅ-MM-DD)."),
        ({"varde": 1, "dag": "86400"}, "/dag", "Ska vara ett datum (ÅÅÅÅ-MM-DD)."),
        ({"varde": 1, "dag": True}, "/dag", "Ska vara ett datum (ÅÅÅÅ-MM-DD)."),
        ({"varde": 1, "dag": "2026-01-01T00:00:00"}, "/dag", "Ska vara ett datum (ÅÅÅÅ-MM-DD)."),
        ({"varde": 1, "dag": "2026-02-29"}, "/dag", "Ska vara ett datum (ÅÅÅÅ-MM-DD)."),
        ({"varde": 1, "dag": "9999-12-31"}, "/dag", SENAST),
        ({"varde": 1, "dag": "1899-12-31"}, "/dag", SENAST),
    ],
)  # fmt: skip
async def test_ett_formfel_pekar_ut_faltet_pa_svenska(
    klient: Klient, kropp: dict[str, Any], pekare: str, text: str
) -> None:
    svar = await klient.sand("/v1/saker", kropp)
    assert svar.status_code == 422
    assert svar.json()["errors"] == [{"detail": text, "pointer": pekare}]
    assert klient.antal_handelser() == 0


async def test_den_inaktuella_far_veta_vilken_version_som_galler(klient: Klient) -> None:
    id = await _en_sak(klient)
    svar = await klient.sand(f"/v1/saker/{id}/andring", {"varde": 2}, version=9)
    assert svar.headers["ETag"] == '"1"'


async def test_fel_metod_far_veta_vilka_som_gar(klient: Klient) -> None:
    assert "POST" in (await klient.delete("/v1/saker")).headers["Allow"]


async def test_ett_internt_fel_visar_inget_av_sig_sjalvt(klient: Klient) -> None:
    svar = await klient.sand("/v1/trasig")
    assert svar.status_code == 500
    assert not {"RuntimeError", "Traceback", HEMLIG} & set(svar.text.split('"'))
    assert (await klient.sand("/v1/saker", SAK)).status_code == 201, "skrivaren lever vidare"
