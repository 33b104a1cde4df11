"""What bad input gets: a problem document with the field and the rule, and nothing stored."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.chassis.auth.roles import Roll
from services.placering.api.roller import BESLUTA
from tests.placering.register import NUMMER, Registerskrivare
from tests.placering.varld import (
    PERSONNUMMER,
    eget_hem,
    klient_och_beslut,
    ny_klient,
    ny_placering,
    nytt_beslut,
    pagaende_placering,
    vagras,
)
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = pytest.mark.anyio

PLACERINGAR = "/v1/placeringar"


async def test_en_okand_enhet_avvisas(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, enhet=str(uuid4()))
    await vagras(vard, PLACERINGAR, kropp, pekare="/enhet")


async def test_en_okand_leverantor_avvisas(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    await vagras(vard, PLACERINGAR, ny_placering(klient, beslut), pekare="/leverantor")


@pytest.mark.regel("R-LEV-3")
async def test_fel_kontrollsiffra_avvisas(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, leverantor="556036-0794")
    await vagras(vard, PLACERINGAR, kropp, pekare="/leverantor", regel="R-LEV-3")
    kropp = ny_klient(personnummer="20100203-2388")
    problem = await vagras(vard, "/v1/klienter", kropp, pekare="/personnummer")
    assert "20100203" not in str(problem)


@pytest.mark.regel("R-BES-2")
@pytest.mark.parametrize(
    ("lagrum", "datum"),
    [
        ("4 kap. 1 § SoL", "2025-07-01"),
        ("11 kap. 1 § SoL", "2025-06-30"),
        ("8 § LSS", "2026-01-01"),
    ],
)
async def test_ett_lagrum_som_inte_galler_avvisas(vard: Klient, lagrum: str, datum: str) -> None:
    klient = (await vard.lagra("/v1/klienter", ny_klient()))["id"]
    kropp = nytt_beslut(klient, lagrum=lagrum, beslutsdatum=datum)
    await vagras(vard, "/v1/beslut", kropp, pekare="/lagrum", regel="R-BES-2")


async def test_slut_fore_start_avvisas(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    slut = {"till": "2026-01-31", "orsak": "planerad"}
    await vagras(vard, f"{PLACERINGAR}/{placering}/avslut", slut, pekare="/till", version=1)


@pytest.mark.regel("R-PLA-1")
async def test_overlapp_avvisas(vard: Klient) -> None:
    klient, beslut, _ = await pagaende_placering(vard)
    kropp = eget_hem(klient, beslut, fran="2026-05-01")
    await vagras(vard, PLACERINGAR, kropp, pekare="/fran", regel="R-PLA-1")


@pytest.mark.regel("R-PLA-4")
async def test_en_stoppad_leverantor_avvisas(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    register.avropsstopp(date(2025, 1, 1))
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut)
    await vagras(vard, PLACERINGAR, kropp, pekare="/leverantor", regel="R-PLA-4")


FEL_BELOPP: list[Any] = [-1, 1.5, "350000", True, 10**12, "en krona"]
FEL_FORM: list[tuple[str, Any]] = [
    *(("dygnspris_ore", belopp) for belopp in FEL_BELOPP),
    ("okant", 1),
    ("placeringsform", "hotell"),
    ("fran", "2026-02-30"),
    ("fran", "2026-02-01T00:00:00"),
    ("fran", 20260201),
    ("regi", "ingen"),
    ("klient", "inte-ett-id"),
    ("skal_utom_ramavtal", "annat skäl"),
    ("text", "x" * 2001),
]
"""Fractional and negative öre among them."""


async def test_ett_falt_av_fel_form_avvisas(vard: Klient) -> None:
    klient, beslut = await klient_och_beslut(vard)
    for falt, varde in FEL_FORM:
        kropp = eget_hem(klient, beslut) | {falt: varde}
        await vagras(vard, PLACERINGAR, kropp, pekare=f"/{falt}")


async def sand_ratt(vard: Klient, innehall: bytes) -> int:
    huvuden = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    svar = await vard.post("/v1/klienter", content=innehall, headers=huvuden)
    assert svar.headers["content-type"] == "application/problem+json"
    return svar.status_code


async def test_det_som_inte_ar_json_avvisas(vard: Klient) -> None:
    assert await sand_ratt(vard, b"{") == 400
    assert await sand_ratt(vard, b"[]") == 422
    assert await sand_ratt(vard, b"") == 422
    assert vard.antal_handelser() == 0


async def test_tio_megabyte_avvisas(vard: Klient) -> None:
    assert await sand_ratt(vard, b'{"namn": "' + b"x" * 10_000_000 + b'"}') == 413
    assert vard.antal_handelser() == 0


async def test_samma_nyckel_ger_samma_svar_och_annat_innehall_avvisas(vard: Klient) -> None:
    kropp = ny_klient(personnummer=PERSONNUMMER)
    forsta = await vard.sand("/v1/klienter", kropp, nyckel="min-nyckel")
    fore = vard.antal_handelser()
    andra = await vard.sand("/v1/klienter", kropp, nyckel="min-nyckel")
    assert (andra.status_code, andra.json()) == (forsta.status_code, forsta.json())
    annat = await vard.sand("/v1/klienter", kropp | {"kon": "M"}, nyckel="min-nyckel")
    assert annat.status_code == 422
    assert vard.antal_handelser() == fore
    utan = await vard.post("/v1/klienter", json=ny_klient())
    assert utan.status_code == 400
    assert vard.antal_handelser() == fore


async def test_samma_nyckel_pa_ett_avslut_ger_samma_svar(vard: Klient) -> None:
    _, _, placering = await pagaende_placering(vard)
    vag = f"{PLACERINGAR}/{placering}/avslut"
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    forsta = await vard.sand(vag, slut, nyckel="avslut", version=1)
    fore = vard.antal_handelser()
    andra = await vard.sand(vag, slut, nyckel="avslut", version=1)
    assert forsta.status_code == 200
    assert andra.json() == forsta.json()
    assert vard.antal_handelser() == fore


async def test_en_inaktuell_eller_utelamnad_version_avvisas(vard: Klient) -> None:
    _, beslut, placering = await pagaende_placering(vard)
    fore = vard.antal_handelser()
    vagar = [
        (f"{PLACERINGAR}/{placering}/avslut", {"till": "2026-03-01", "orsak": "planerad"}),
        (f"{PLACERINGAR}/{placering}/priser", {"fran": "2026-03-01", "dygnspris_ore": 1}),
        (f"{PLACERINGAR}/{placering}/makulering", {"skal": "skrivfel"}),
        (f"/v1/beslut/{beslut}/avbrott", {"datum": "2026-03-01"}),
    ]
    for vag, kropp in vagar:
        assert (await vard.sand(vag, kropp)).status_code == 428
        assert (await vard.sand(vag, kropp, version=9)).status_code == 412
    assert vard.antal_handelser() == fore


async def test_en_annan_kommuns_saker_finns_inte(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    annan = vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN)
    fore = vard.antal_handelser()
    for sak in (f"klienter/{klient}", f"beslut/{beslut}", f"placeringar/{placering}"):
        assert (await annan.get(f"/v1/{sak}")).status_code == 404
    slut = {"till": "2026-03-01", "orsak": "planerad"}
    svar = await annan.sand(f"{PLACERINGAR}/{placering}/avslut", slut, version=1)
    assert svar.status_code == 404
    await vagras(annan, "/v1/beslut", nytt_beslut(klient), pekare="/klient")
    for lista in ("klienter", "beslut", "placeringar"):
        assert (await annan.las(f"/v1/{lista}"))["poster"] == []
    assert vard.antal_handelser() == fore


async def test_bara_den_som_far_beslutar(vard: Klient) -> None:
    for roll in Roll:
        svar = await vard.som(roll).sand("/v1/klienter", ny_klient())
        assert svar.status_code == (201 if roll in BESLUTA else 403), roll
    assert vard.antal_handelser() == len(BESLUTA)


async def test_utan_token_avvisas_innan_innehallet_doms(vard: Klient) -> None:
    svar = await vard.med_token(None).sand("/v1/klienter", {"okant": 1})
    assert svar.status_code == 401


async def test_ett_organisationsnummer_utan_bindestreck_ar_samma_leverantor(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    klient, beslut = await klient_och_beslut(vard)
    kropp = ny_placering(klient, beslut, leverantor=NUMMER.replace("-", ""))
    placering = (await vard.lagra(PLACERINGAR, kropp))["id"]
    assert (await vard.las(f"{PLACERINGAR}/{placering}"))["leverantor"] == NUMMER
