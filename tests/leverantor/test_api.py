"""The register over HTTP: what each use case stores and shows, and what bad input gets."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.auth.roles import Roll
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = pytest.mark.anyio

NUMMER, ANNAT = "556036-0793", "556012-5790"


async def _leverantor(k: Klient, nummer: str = NUMMER, **andra: Any) -> str:
    kropp = {"organisationsnummer": nummer, "namn": "Exempelvård AB"} | andra
    return str((await k.lagra("/v1/leverantorer", kropp))["id"])


async def _enhet(k: Klient, leverantor: str) -> str:
    kropp = {"leverantor": leverantor, "namn": "Solgläntan"}
    return str((await k.lagra("/v1/enheter", kropp))["id"])


def _avtal(leverantor: str, **andra: Any) -> dict[str, Any]:
    return {"leverantor": leverantor, "omrade": "HVB", "fran": "2026-01-01"} | andra


def _rattelse(nummer: str, namn: str = "Exempelvård AB") -> dict[str, Any]:
    return {"organisationsnummer": nummer, "namn": namn, "skal": "skrivfel"}


# -- suppliers ------------------------------------------------------------------------------------


async def test_en_registrerad_leverantor_kan_lasas(klient: Klient) -> None:
    id = await _leverantor(klient, typ="eget_bolag", namn="  Exempelvård AB ")
    assert await klient.las(f"/v1/leverantorer/{id}") == {
        "id": id,
        "version": 1,
        "organisationsnummer": NUMMER,
        "namn": "Exempelvård AB",
        "typ": "eget_bolag",
        "avropsstopp_fran": None,
    }
    assert [ett["id"] for ett in (await klient.las("/v1/leverantorer"))["poster"]] == [id]


async def test_utan_angiven_typ_ar_leverantoren_privat(klient: Klient) -> None:
    id = await _leverantor(klient)
    assert (await klient.las(f"/v1/leverantorer/{id}"))["typ"] == "privat"


@pytest.mark.regel("R-LEV-3")
async def test_samma_nummer_skrivet_pa_annat_satt_ar_samma_leverantor(klient: Klient) -> None:
    await _leverantor(klient)
    for skrivet in (NUMMER, "5560360793", "16556036-0793"):
        svar = await klient.sand(
            "/v1/leverantorer", {"organisationsnummer": skrivet, "namn": "Annat namn"}
        )
        assert svar.status_code == 422
        assert svar.json()["regel"] == "R-LEV-3"
        assert svar.json()["errors"][0]["pointer"] == "/organisationsnummer"
    assert klient.antal_handelser() == 2


@pytest.mark.regel("R-LEV-3")
async def test_namnet_skiljer_inga_leverantorer_at(klient: Klient) -> None:
    assert await _leverantor(klient) != await _leverantor(klient, ANNAT)


@pytest.mark.regel("R-LEV-3")
async def test_samma_nummer_i_en_annan_kommun_ar_ledigt(klient: Klient) -> None:
    await _leverantor(klient)
    async with klient.som(Roll.AVTALSCONTROLLER, kommunkod=ANNAN_KOMMUN) as annan:
        await _leverantor(annan)


@pytest.mark.regel("R-LEV-3")
async def test_femtio_samtidiga_registreringar_av_ett_nummer_lamnar_exakt_en(
    klient: Klient,
) -> None:
    svar = await asyncio.gather(
        *(
            klient.sand("/v1/leverantorer", {"organisationsnummer": NUMMER, "namn": f"Nr {n}"})
            for n in range(50)
        )
    )
    assert sorted(ett.status_code for ett in svar) == [201] + [422] * 49
    assert {ett.json()["regel"] for ett in svar if ett.status_code == 422} == {"R-LEV-3"}
    assert len((await klient.las("/v1/leverantorer"))["poster"]) == 1
    assert klient.antal_handelser() == 2


@pytest.mark.regel("R-LEV-3")
async def test_ett_rattat_nummer_blir_ledigt_for_en_annan(klient: Klient) -> None:
    id = await _leverantor(klient)
    vag = f"/v1/leverantorer/{id}/rattelse"
    await klient.lagra(vag, _rattelse(ANNAT), version=1)
    assert (await klient.las(f"/v1/leverantorer/{id}"))["organisationsnummer"] == ANNAT
    annan = await _leverantor(klient)
    assert annan != id
    svar = await klient.sand(vag, _rattelse(NUMMER), version=2)
    assert (svar.status_code, svar.json()["regel"]) == (422, "R-LEV-3")
    await klient.lagra(f"/v1/leverantorer/{annan}/rattelse", _rattelse("212000-1355"), version=1)
    await klient.lagra(vag, _rattelse(NUMMER), version=2)


async def test_en_rattelse_utan_nytt_nummer_ror_inte_numret(klient: Klient) -> None:
    id = await _leverantor(klient)
    vag = f"/v1/leverantorer/{id}/rattelse"
    svar = await klient.lagra(vag, _rattelse("5560360793", "Nytt namn AB"), version=1)
    assert svar["version"] == 2
    assert klient.antal_handelser() == 3
    assert (await klient.las(f"/v1/leverantorer/{id}"))["namn"] == "Nytt namn AB"


async def test_historiken_ligger_kvar_efter_en_rattelse(klient: Klient) -> None:
    id = await _leverantor(klient)
    await klient.lagra(
        f"/v1/leverantorer/{id}/rattelse", _rattelse(NUMMER, "Nytt namn AB"), version=1
    )
    rader = klient.sql(
        "SELECT topic, convert_from(state, 'UTF8')::jsonb->>'namn' FROM handelse"
        " WHERE originator_id = %s ORDER BY originator_version",
        id,
    )
    assert rader == [
        ("leverantor.LeverantorRegistrerad", "Exempelvård AB"),
        ("leverantor.LeverantorRattad", "Nytt namn AB"),
    ]


@pytest.mark.regel("R-PLA-4")
async def test_avropsstopp_satts_och_havs(klient: Klient) -> None:
    id = await _leverantor(klient)
    vag = f"/v1/leverantorer/{id}/avropsstopp"
    await klient.lagra(vag, {"fran": "2026-03-01"}, version=1)
    assert (await klient.las(f"/v1/leverantorer/{id}"))["avropsstopp_fran"] == "2026-03-01"
    for vag_, dag in ((vag, "2026-04-01"), (f"{vag}/havning", "2026-02-28")):
        svar = await klient.sand(vag_, {"fran": dag}, version=2)
        assert (svar.status_code, svar.json()["errors"][0]["pointer"]) == (422, "/fran")
    await klient.lagra(f"{vag}/havning", {"fran": "2026-06-01"}, version=2)
    assert (await klient.las(f"/v1/leverantorer/{id}"))["avropsstopp_fran"] is None


# -- units and prices -----------------------------------------------------------------------------


async def test_en_enhet_har_sin_leverantors_nummer_och_sina_priser(klient: Klient) -> None:
    leverantor = await _leverantor(klient)
    id = await _enhet(klient, leverantor)
    for version, (dag, pris) in enumerate(
        [("2026-01-01", 350_000), ("2026-07-01", 0), ("2026-01-01", 360_000)], 1
    ):
        kropp = {"fran": dag, "dygnspris_ore": pris}
        await klient.lagra(f"/v1/enheter/{id}/priser", kropp, version=version)
    assert await klient.las(f"/v1/enheter/{id}") == {
        "id": id,
        "version": 4,
        "leverantor": leverantor,
        "organisationsnummer": NUMMER,
        "namn": "Solgläntan",
        "priser": {"2026-01-01": 360_000, "2026-07-01": 0},
    }
    assert [ett["id"] for ett in (await klient.las("/v1/enheter"))["poster"]] == [id]


# -- avtal ----------------------------------------------------------------------------------------


@pytest.mark.regel("R-KOS-2")
async def test_ett_avtal_raknar_bada_dagarna_om_inget_annat_sags(klient: Klient) -> None:
    leverantor = await _leverantor(klient)
    enhet = await _enhet(klient, leverantor)
    id = (await klient.lagra("/v1/avtal", _avtal(leverantor, enhet=enhet)))["id"]
    assert await klient.las(f"/v1/avtal/{id}") == {
        "id": id,
        "version": 1,
        "leverantor": leverantor,
        "organisationsnummer": NUMMER,
        "enhet": enhet,
        "omrade": "HVB",
        "fran": "2026-01-01",
        "till": None,
        "dagrakning": "bada",
    }


@pytest.mark.regel("R-KOS-2")
async def test_ett_avtal_kan_rattas(klient: Klient) -> None:
    leverantor = await _leverantor(klient)
    id = (await klient.lagra("/v1/avtal", _avtal(leverantor)))["id"]
    kropp = {
        "omrade": "Familjehem",
        "fran": "2025-01-01",
        "till": "2025-12-31",
        "dagrakning": "ankomst",
        "skal": "fel_uppgift",
    }
    await klient.lagra(f"/v1/avtal/{id}/rattelse", kropp, version=1)
    avtal = await klient.las(f"/v1/avtal/{id}")
    assert {namn: avtal[namn] for namn in kropp if namn != "skal"} == {
        namn: varde for namn, varde in kropp.items() if namn != "skal"
    }
    assert [ett["id"] for ett in (await klient.las("/v1/avtal"))["poster"]] == [id]


# -- bad input ----------------------------------------------------------------------------------

_L, _E, _FRAMMANDE = "<leverantor>", "<enhet>", "<enhet hos annan>"
DALIGT: list[tuple[str, Any, int | None, int, str]] = [
    # (path, body, If-Match, status, pointer)
    (
        "/v1/leverantorer",
        {"organisationsnummer": "556036-0794", "namn": "A"},
        None,
        422,
        "/organisationsnummer",
    ),
    ("/v1/leverantorer", {"organisationsnummer": ANNAT, "namn": ""}, None, 422, "/namn"),
    ("/v1/leverantorer", {"organisationsnummer": ANNAT, "namn": "   "}, None, 422, "/namn"),
    ("/v1/leverantorer", {"organisationsnummer": ANNAT, "namn": "x" * 201}, None, 422, "/namn"),
    ("/v1/leverantorer", {"organisationsnummer": ANNAT, "namn": "A\x00B"}, None, 422, "/namn"),
    (
        "/v1/leverantorer",
        {"organisationsnummer": ANNAT, "namn": "A", "typ": "x"},
        None,
        422,
        "/typ",
    ),
    (
        "/v1/leverantorer",
        {"organisationsnummer": ANNAT, "namn": "A", "kommunkod": "1480"},
        None,
        422,
        "/kommunkod",
    ),
    ("/v1/leverantorer", {"namn": "A"}, None, 422, "/organisationsnummer"),
    ("/v1/enheter", {"leverantor": str(uuid4()), "namn": "A"}, None, 422, "/leverantor"),
    ("/v1/enheter", {"leverantor": _E, "namn": "A"}, None, 422, "/leverantor"),
    ("/v1/enheter", {"leverantor": "x", "namn": "A"}, None, 422, "/leverantor"),
    (
        f"/v1/enheter/{_E}/priser",
        {"fran": "2026-01-01", "dygnspris_ore": -1},
        1,
        422,
        "/dygnspris_ore",
    ),
    (
        f"/v1/enheter/{_E}/priser",
        {"fran": "2026-01-01", "dygnspris_ore": 1.5},
        1,
        422,
        "/dygnspris_ore",
    ),
    (
        f"/v1/enheter/{_E}/priser",
        {"fran": "2026-01-01", "dygnspris_ore": "1"},
        1,
        422,
        "/dygnspris_ore",
    ),
    (f"/v1/enheter/{_E}/priser", {"fran": "2026-13-01", "dygnspris_ore": 1}, 1, 422, "/fran"),
    (f"/v1/enheter/{_E}/priser", {"fran": 20260101, "dygnspris_ore": 1}, 1, 422, "/fran"),
    (f"/v1/enheter/{_E}/priser", {"fran": "2026-01-01", "dygnspris_ore": 1}, 7, 412, ""),
    (f"/v1/enheter/{_E}/priser", {"fran": "2026-01-01", "dygnspris_ore": 1}, None, 428, ""),
    (f"/v1/enheter/{_L}/priser", {"fran": "2026-01-01", "dygnspris_ore": 1}, 1, 404, ""),
    (f"/v1/enheter/{uuid4()}/priser", {"fran": "2026-01-01", "dygnspris_ore": 1}, 1, 404, ""),
    ("/v1/avtal", _avtal(_L, till="2025-12-31"), None, 422, "/till"),
    ("/v1/avtal", _avtal(_L, enhet=str(uuid4())), None, 422, "/enhet"),
    ("/v1/avtal", _avtal(_L, enhet=_FRAMMANDE), None, 422, "/enhet"),
    ("/v1/avtal", _avtal(str(uuid4())), None, 422, "/leverantor"),
    ("/v1/avtal", _avtal(_L, dagrakning="x"), None, 422, "/dagrakning"),
    (
        f"/v1/avtal/{uuid4()}/rattelse",
        {"omrade": "X", "fran": "2026-01-01", "skal": "annat"},
        1,
        404,
        "",
    ),
    (f"/v1/leverantorer/{_L}/avropsstopp", {"fran": "snart"}, 1, 422, "/fran"),
    (f"/v1/leverantorer/{_L}/avropsstopp/havning", {"fran": "2026-01-01"}, 1, 422, "/fran"),
    (
        f"/v1/leverantorer/{_L}/rattelse",
        _rattelse(NUMMER) | {"skal": "fritext om någon"},
        1,
        422,
        "/skal",
    ),
    (f"/v1/leverantorer/{_L}/rattelse", _rattelse("556036-0794"), 1, 422, "/organisationsnummer"),
    (f"/v1/leverantorer/{_L}/rattelse", _rattelse("212000-1355"), 1, 422, "/organisationsnummer"),
]


def _ifyllt(text: Any, kanda: dict[str, str]) -> Any:
    if isinstance(text, dict):
        return {namn: _ifyllt(varde, kanda) for namn, varde in text.items()}
    if isinstance(text, str):
        for plats, id in kanda.items():
            text = text.replace(plats, id)
    return text


async def test_daligt_indata_ger_ett_problem_pa_ratt_falt_och_lagrar_inget(
    klient: Klient,
) -> None:
    leverantor, annan = await _leverantor(klient), await _leverantor(klient, "212000-1355")
    kanda = {
        _L: leverantor,
        _E: await _enhet(klient, leverantor),
        _FRAMMANDE: await _enhet(klient, annan),
    }
    fore = klient.sql("SELECT pos, kedja, (SELECT count(*) FROM idempotens) FROM strom")
    for vag, kropp, version, status, pekare in DALIGT:
        svar = await klient.sand(_ifyllt(vag, kanda), _ifyllt(kropp, kanda), version=version)
        assert svar.status_code == status, (vag, kropp, svar.text)
        assert svar.headers["Content-Type"] == "application/problem+json"
        pekade = [fel["pointer"] for fel in svar.json().get("errors", [])]
        assert pekade == ([pekare] if pekare else []), (vag, kropp, svar.text)
    efter = klient.sql("SELECT pos, kedja, (SELECT count(*) FROM idempotens) FROM strom")
    assert efter == fore


async def test_en_kropp_pa_tio_megabyte_avvisas_och_lagrar_inget(klient: Klient) -> None:
    svar = await klient.sand(
        "/v1/leverantorer", {"organisationsnummer": NUMMER, "namn": "x" * 10_000_000}
    )
    assert svar.status_code == 413
    assert klient.antal_handelser() == 0


async def test_en_annan_kommuns_saker_kan_varken_lasas_eller_andras(klient: Klient) -> None:
    leverantor = await _leverantor(klient)
    enhet = await _enhet(klient, leverantor)
    avtal = (await klient.lagra("/v1/avtal", _avtal(leverantor)))["id"]
    fore = klient.antal_handelser()
    async with klient.som(Roll.AVTALSCONTROLLER, kommunkod=ANNAN_KOMMUN) as annan:
        for vag in ("/v1/leverantorer", "/v1/enheter", "/v1/avtal"):
            assert (await annan.las(vag))["poster"] == []
        for vag in (
            f"/v1/leverantorer/{leverantor}",
            f"/v1/enheter/{enhet}",
            f"/v1/avtal/{avtal}",
        ):
            assert (await annan.get(vag)).status_code == 404
        stopp = await annan.sand(
            f"/v1/leverantorer/{leverantor}/avropsstopp", {"fran": "2026-01-01"}, version=1
        )
        assert stopp.status_code == 404
        ny = await annan.sand("/v1/enheter", {"leverantor": leverantor, "namn": "X"})
        assert ny.status_code == 422
    assert klient.antal_handelser() == fore
