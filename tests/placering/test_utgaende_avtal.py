"""Avtal that end soon, and who is placed under them (R-KLO-10)."""

from datetime import date
from typing import Any

import pytest

from services.chassis.auth.roles import Roll
from tests.placering.register import Registerskrivare
from tests.placering.varld import klient_och_beslut, ny_klient, ny_placering
from tests.placering.vy import vik
from tests.stod.tjanst import ANNAN_KOMMUN, Klient

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-KLO-10")]

NORR, SODER = "Barn norr", "Barn söder"


async def _lista(vard: Klient, **fragor: Any) -> list[dict[str, Any]]:
    vik(vard)
    poster: list[dict[str, Any]] = (await vard.las("/v1/bevakningar/avtal", **fragor))["poster"]
    return poster


async def _placerad_under(vard: Klient, avtal: str, arbetsenhet: str | None = None) -> str:
    """A person placed under the avtal from 1 February 2026."""
    klient, beslut = await klient_och_beslut(vard, arbetsenhet=arbetsenhet)
    kropp = ny_placering(klient, beslut, avtal=avtal, skal_utom_ramavtal=None)
    await vard.lagra("/v1/placeringar", kropp)
    return klient


def _avtal(register: Registerskrivare, till: date = date(2026, 8, 31)) -> str:
    """An avtal with this last day."""
    register.leverantor()
    return str(register.avtal(fran=date(2026, 1, 1), till=till))


@pytest.mark.parametrize(
    ("per", "listas"), [("2026-02-27", False), ("2026-02-28", True), ("2026-08-28", True)]
)
async def test_avtalet_listas_fran_sex_manader_fore_sin_sista_dag(
    vard: Klient, register: Registerskrivare, per: str, listas: bool
) -> None:
    avtal = _avtal(register, date(2026, 8, 28))
    funna = [post["avtal"] for post in await _lista(vard, per=per)]
    assert funna == ([avtal] if listas else [])
    assert [post["avtal"] for post in await _lista(vard, per=per, manader=7)] == [avtal]


async def test_den_som_ar_placerad_star_med_och_avtalet_star_kvar_sa_lange(
    vard: Klient, register: Registerskrivare
) -> None:
    avtal = _avtal(register)
    klient = await _placerad_under(vard, avtal)
    for per in ("2026-08-31", "2026-09-01", "2027-05-01"):
        (post,) = await _lista(vard, per=per)
        assert (post["avtal"], post["till"], post["skyddade"]) == (avtal, "2026-08-31", 0)
        assert [en["klient"] for en in post["placerade"]] == [klient]


async def test_ett_avtal_som_slutat_utan_placerade_ar_borta(
    vard: Klient, register: Registerskrivare
) -> None:
    _avtal(register)
    assert len(await _lista(vard, per="2026-08-31")) == 1
    assert await _lista(vard, per="2026-09-01") == []


@pytest.mark.regel("R-SEK-3", "R-SEK-2")
async def test_andras_och_skyddade_personer_star_inte_med(
    vard: Klient, register: Registerskrivare
) -> None:
    avtal = _avtal(register)
    egen = await _placerad_under(vard, avtal, SODER)
    await _placerad_under(vard, avtal, NORR)
    skyddad = await _placerad_under(vard, avtal, SODER)
    rattad = ny_klient(arbetsenhet=SODER, skyddad=True, skal="fel_uppgift")
    await vard.lagra(f"/v1/klienter/{skyddad}/rattelse", rattad, version=1)
    async with vard.som(Roll.AVTALSCONTROLLER, arbetsenheter=[SODER]) as soder:
        (post,) = await _lista(soder, per="2026-08-01")
    assert [en["klient"] for en in post["placerade"]] == [egen]
    assert post["skyddade"] == 1


async def test_en_annan_kommuns_avtal_syns_inte(vard: Klient, register: Registerskrivare) -> None:
    _avtal(register)
    async with vard.som(Roll.AVTALSCONTROLLER, kommunkod=ANNAN_KOMMUN) as granne:
        assert await _lista(granne, per="2026-08-01") == []
