"""Every question that uppfoljning can be asked about a kommun, and answers as bytes to compare."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

Las = Callable[..., dict[str, Any]]
"""Asks uppfoljning: path and parameters in, the answer's JSON out."""

SNITT = ("placeringsform", "leverantor", "manad", "aldersklass")
_EGET = ("framtagen", "w", "strommar")
"""What an answer says of its own making: when it was made and how far that reader had come."""


def jamforbar(svar: dict[str, Any]) -> str:
    """The answer's text, in the order in which it came, without what it says of its own making."""
    underlag = {namn: sak for namn, sak in svar["underlag"].items() if namn not in _EGET}
    return json.dumps({**svar, "underlag": underlag}, ensure_ascii=False)


def perioder(tom: date) -> list[dict[str, str]]:
    """Nine years, the year before last, a month, one day, and a period with the future in it."""
    ar = tom.year - 2
    granser = (
        (date(tom.year - 8, 1, 1), date(tom.year, 12, 31)),
        (date(ar, 1, 1), date(ar, 12, 31)),
        (date(ar, 2, 1), date(ar, 2, 28)),
        (date(ar, 7, 1), date(ar, 7, 1)),
        (date(tom.year, 1, 15), date(tom.year + 1, 6, 30)),
    )
    return [{"fran": fran.isoformat(), "till": till.isoformat()} for fran, till in granser]


def alla_svar(las: Las, kand_per: str, tom: date) -> dict[str, str]:
    """Every report and, for every row of it, why; by the question."""
    svar: dict[str, str] = {}
    for vag, fraga in _fragor(lambda vag, fraga: _fraga(las, svar, vag, fraga), kand_per, tom):
        _fraga(las, svar, vag, fraga)
    return svar


def _fraga(las: Las, svar: dict[str, str], vag: str, fraga: dict[str, str]) -> dict[str, Any]:
    ett = las(vag, **fraga)
    svar[f"{vag} {fraga}"] = jamforbar(ett)
    return ett


_Stall = Callable[[str, dict[str, str]], dict[str, Any]]


def _fragor(stall: _Stall, kand_per: str, tom: date) -> Iterator[tuple[str, dict[str, str]]]:
    """Asks for each report with ``stall``, and gives the questions about its rows."""
    lang, *_ = alla = perioder(tom)
    kand = {"kand_per": kand_per}
    for period in alla:
        for snitt in SNITT:
            fraga = {**period, "snitt": snitt, **kand}
            rader = stall("rapporter/dygnskostnader", fraga)["rader"]
            if period == lang:
                for rad in rader:
                    yield "varfor/dygnskostnader", {**fraga, "nyckel": rad["nyckel"]}
        rader = stall("rapporter/leverantorer", {**period, **kand})["rader"]
        if period == lang:
            for rad in rader:
                nyckel = {namn: rad[namn] for namn in ("omrade", "organisationsnummer")}
                yield "varfor/leverantorer", {**period, **kand, **nyckel}
    for per, grans in (("2023-12-31", "3m"), (tom.isoformat(), "3m"), (tom.isoformat(), "30d")):
        for lag in ("LSS", "SoL"):
            fraga = {"per": per, "lag": lag, "grans": grans, **kand}
            rader = stall("rapporter/evb", fraga)["rader"]
            if grans == "3m":
                for rad in rader:
                    yield "varfor/evb", {**fraga, "beslut": rad["beslut"]}


def skillnader(vantat: dict[str, str], fick: dict[str, str], visa: int = 3) -> Sequence[str]:
    """The questions that were answered differently, some of them with both answers."""
    olika = [fraga for fraga in vantat if vantat[fraga] != fick.get(fraga)]
    olika += [fraga for fraga in fick if fraga not in vantat]
    return [
        f"{fraga}\n  väntat {vantat.get(fraga)}\n  fick   {fick.get(fraga)}"
        for fraga in olika[:visa]
    ] + olika[visa:]
