"""The cost engine: a stay, its agreed prices, a list price and a day-count policy → intervals.

Guarantees that each debiterat dygn is in exactly one interval, that its price is grund + tillägg
in force that day, and that money is whole öre all the way: nothing is rounded here (R-KOS-9).
Known prices bind as agreed; the unit's list price is only read where none was agreed, on the day
the stay began or its agreement was extended, and holds from there (R-KOS-3, policy ``fast``).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from contracts.ord import Dagrakning, Prisslag
from services.chassis.rules import rule
from services.uppfoljning.domain.avtal import Pris, Prislista
from services.uppfoljning.domain.dagintervall import (
    Dagintervall,
    dagen_efter,
    dagen_fore,
    intervall,
)
from services.uppfoljning.domain.placering import Prisrad


class Prisdel(NamedTuple):
    """Days with one price, and the events that set it. Amounts in öre per day."""

    fran: date
    till: date | None
    grund_ore: int | None
    tillagg_ore: int
    pris_ore: int | None
    handelser: tuple[str, ...]


@rule(
    "R-KOS-2", source="avtalets villkor; båda dagarna där inget sägs (val)", consequence="compute"
)
def debiterade_dygn(vistelse: Dagintervall, dagrakning: Dagrakning) -> Dagintervall | None:
    """Dagräkningen är avtalets: båda dagarna, bara ankomstdagen eller bara avresedagen.

    ``ankomst``: the first day counts and the last does not; ``avresa``: the other way round. A
    stay of one day is one day under every policy. A running stay has no last day yet, so all its
    days count but, under ``avresa``, the first. ``None`` where nothing is left.
    """
    fran, till = vistelse
    if dagrakning is Dagrakning.BADA or fran == till:
        return vistelse
    if dagrakning is Dagrakning.ANKOMST:
        return Dagintervall(fran, None if till is None else dagen_fore(till))
    andra = dagen_efter(fran)
    return None if andra is None else intervall(andra, till)


@rule("R-KOS-1", source="nämndhandling, Borås Stad, augusti 2024", consequence="compute")
def dygnspris(grund_ore: int | None, tillagg: Sequence[int]) -> int | None:
    """Ett dygn kostar grunddygnspris plus de tillägg som gäller den dagen.

    ``None`` where neither is known. Where only tillägg are known they are the cost that is known.
    """
    if grund_ore is None:
        return sum(tillagg) if tillagg else None
    return grund_ore + sum(tillagg)


@rule("R-KOS-3", source="Adda HVB barn och unga, frågor och svar", consequence="compute")
def startpris(
    overenskommet: int | None, uppgifter_id: str, prislista: Prislista | None, fran: date
) -> Pris | None:
    """Det överenskomna priset binder; annars enhetens listpris på första dagen, som sedan står."""
    if overenskommet is not None:
        return Pris(overenskommet, uppgifter_id)
    return None if prislista is None else prislista.pris(fran)


@rule("R-KOS-3", source="Adda HVB barn och unga, frågor och svar", consequence="compute")
def med_listpriser(rader: Iterable[Prisrad], prislista: Prislista | None) -> list[Prisrad]:
    """En förlängning utan avtalat pris får enhetens listpris på sin första dag.

    Where there is no list price the row is left out: what was agreed before goes on.
    """
    kanda = []
    for rad in rader:
        if rad.ore is not None:
            kanda.append(rad)
            continue
        pris = None if prislista is None else prislista.pris(rad.fran)
        if pris is not None:
            kanda.append(rad._replace(ore=pris.ore, lista=(pris.id,)))
    return kanda


def prisdelar(
    dygn: Dagintervall, start: Pris | None, prisrader: Iterable[Prisrad]
) -> list[Prisdel]:
    """The days cut where a price changes; together they are exactly ``dygn``.

    Every row has its price (:func:`med_listpriser`).
    The grund of a day is the agreed row with the latest ``fran`` not after it; of two with the
    same ``fran`` the one recorded last (``prisrader`` stand in that order); where there is none,
    the start's price. A row may begin before the stay does.
    """
    grund: dict[date, Pris] = {}
    tillagg: list[Prisrad] = []
    for rad in prisrader:
        if rad.slag is Prisslag.GRUND:
            grund[rad.fran] = Pris(_ore(rad), rad.id, rad.lista)
        elif intervall(rad.fran, rad.till) is not None:
            tillagg.append(rad)
    snitt = _snitt(dygn, grund, tillagg)
    slut: list[date | None] = [dagen_fore(dag) for dag in snitt[1:]]
    slut.append(dygn.till)
    grunddagar = sorted(grund)
    return [
        _prisdel(fran, till, _grund_pa(fran, grunddagar, grund, start), tillagg)
        for fran, till in zip(snitt, slut, strict=True)
    ]


def _snitt(dygn: Dagintervall, grund: dict[date, Pris], tillagg: Sequence[Prisrad]) -> list[date]:
    """The first days of the parts, in order: the stay's own, and where a price begins or ends."""
    if not grund and not tillagg:
        return [dygn.fran]
    dagar: set[date] = set(grund)
    for rad in tillagg:
        dagar.add(rad.fran)
        efter = None if rad.till is None else dagen_efter(rad.till)
        if efter is not None:
            dagar.add(efter)
    inom = sorted(
        dag for dag in dagar if dygn.fran < dag and (dygn.till is None or dag <= dygn.till)
    )
    return [dygn.fran, *inom]


def _grund_pa(
    dag: date, grunddagar: Sequence[date], grund: dict[date, Pris], start: Pris | None
) -> Pris | None:
    """The latest of ``grund`` not after ``dag``; ``grunddagar`` are its days in order."""
    fore = bisect_right(grunddagar, dag)
    return start if fore == 0 else grund[grunddagar[fore - 1]]


def _prisdel(
    fran: date, till: date | None, grund: Pris | None, tillagg: Sequence[Prisrad]
) -> Prisdel:
    galler = [rad for rad in tillagg if rad.fran <= fran and (rad.till is None or fran <= rad.till)]
    belopp = [_ore(rad) for rad in galler]
    grund_ore = None if grund is None else grund.ore
    ids = tuple(rad.id for rad in galler)
    return Prisdel(
        fran,
        till,
        grund_ore,
        sum(belopp),
        dygnspris(grund_ore, belopp),
        ids if grund is None else (grund.id, *grund.andra, *ids),
    )


def _ore(rad: Prisrad) -> int:
    assert rad.ore is not None
    return rad.ore
