"""What the API tests send: whole, right bodies, of which each test breaks one thing."""

from typing import Any

from tests.placering.register import NUMMER
from tests.stod.tjanst import Klient

TJANSTEMAN = {"slag": "tjansteman", "roll": "socialsekreterare", "arbetsenhet": "barn-2"}
OVERENSKOMMELSE = {
    "datum": "2026-01-20",
    "delegat": "enhetschef",
    "motpart": "forestandare",
}
PERSONNUMMER = "20100203-2389"
"""Invented; the check digit is right."""


def ny_klient(**andra: Any) -> dict[str, Any]:
    """A person to register."""
    return {"kon": "K", "fodelsedatum": "2010-02-03", **andra}


def nytt_beslut(klient: str, **andra: Any) -> dict[str, Any]:
    """A beslut about the person."""
    return {
        "klient": klient,
        "lagrum": "11 kap. 1 § SoL",
        "insatstyp": "HVB",
        "beslutsdatum": "2026-01-10",
        "namnd": "IFN",
        "beslutsfattare": TJANSTEMAN,
        **andra,
    }


def ny_placering(klient: str, beslut: str, **andra: Any) -> dict[str, Any]:
    """A placering outside every avtal."""
    return {
        "klient": klient,
        "beslut": beslut,
        "placeringsform": "hvb",
        "leverantor": NUMMER,
        "fran": "2026-02-01",
        "skal_utom_ramavtal": "akut",
        **andra,
    }


async def klient_och_beslut(
    vard: Klient, *, arbetsenhet: str | None = None, **andra: Any
) -> tuple[str, str]:
    """A registered person, at the arbetsenhet, with a beslut; their ids."""
    klient = (await vard.lagra("/v1/klienter", ny_klient(arbetsenhet=arbetsenhet)))["id"]
    beslut = (await vard.lagra("/v1/beslut", nytt_beslut(klient, **andra)))["id"]
    return klient, beslut


async def pagaende_placering(vard: Klient, **andra: Any) -> tuple[str, str, str]:
    """A running placering in an own home; the ids of klient, beslut and placering."""
    klient, beslut = await klient_och_beslut(vard)
    placering = await vard.lagra("/v1/placeringar", eget_hem(klient, beslut, **andra))
    return klient, beslut, placering["id"]


def eget_hem(klient: str, beslut: str, **andra: Any) -> dict[str, Any]:
    """A placering that needs no supplier."""
    return {
        "klient": klient,
        "beslut": beslut,
        "placeringsform": "eget_familjehem",
        "fran": "2026-02-01",
        **andra,
    }


async def vagras(
    vard: Klient,
    vag: str,
    kropp: Any,
    *,
    pekare: str,
    regel: str | None = None,
    version: int | None = None,
    status: int = 422,
) -> dict[str, Any]:
    """The command is refused, at this field and by this rule, and nothing is stored."""
    fore = vard.antal_handelser()
    svar = await vard.sand(vag, kropp, version=version)
    problem: dict[str, Any] = svar.json()
    assert svar.status_code == status, svar.text
    assert svar.headers["content-type"] == "application/problem+json"
    fel = [(ett["pointer"], ett.get("regel")) for ett in problem["errors"]]
    assert (pekare, regel) in fel, svar.text
    assert vard.antal_handelser() == fore
    return problem


UTSKOTT = {"slag": "utskott", "datum": "2026-01-15", "paragraf": "§ 12"}


def nytt_hem(**andra: Any) -> dict[str, Any]:
    """A home of the kommun's own with one place."""
    return {"beteckning": "FH-1", "fran": "2026-01-01", "platser": 1, **andra}


def nytt_godkannande(**andra: Any) -> dict[str, Any]:
    """The home is approved as jourhem by the utskott."""
    return {
        "form": "jourhem",
        "beslutsdatum": "2026-01-15",
        "fran": "2026-01-15",
        "namnd": "IFN",
        "beslutsfattare": UTSKOTT,
        **andra,
    }
