"""The nation's fast questions give the plain ones' figures, to the öre: those of every day."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from benchmarks import rikets_fragor as fragor
from benchmarks.riket import fyll
from dygn.inbyggd.databaser import Databas
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera, sql

INTERVALL = 1_500
FRAN, TILL, IDAG = date(2022, 2, 1), date(2024, 6, 30), date(2024, 4, 17)
VARDEN = {"fran": FRAN, "till": TILL, "idag": IDAG}


@pytest.fixture(scope="module")
def rike(moduldatabas: Databasfabrik) -> Databas:
    """Many kommuner's rows: some running, some without a price, some that are known no more."""
    databas = moduldatabas("uppfoljning", migrera)
    fyll(databas, INTERVALL)
    for sats in (
        "UPDATE kostnadsintervall SET pagar = true, till = '9999-12-31' WHERE pris_ore % 5 = 0",
        "UPDATE kostnadsintervall SET pris_ore = NULL WHERE pris_ore % 11 = 0",
        "UPDATE kostnadsintervall SET kand_till = '2024-05-01Z' WHERE pris_ore % 7 = 0",
    ):
        sql(databas, sats.replace("%", "%%"))
    return databas


def fraga(databas: Databas, sats: str, **andra: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(databas.admin.conninfo()) as anslutning:
        return anslutning.execute(sats.encode(), VARDEN | andra).fetchall()


def dag_for_dag(databas: Databas) -> dict[tuple[str, str], tuple[int, int]]:
    """(month, form) → (days, cost), counted a day at a time."""
    dygn: Counter[tuple[str, str]] = Counter()
    kostnad: Counter[tuple[str, str]] = Counter()
    for form, fran, till, pagar, pris in sql(
        databas,
        "SELECT placeringsform, fran, least(till, '2030-01-01'), pagar, coalesce(pris_ore, 0)"
        " FROM kostnadsintervall WHERE kand_till IS NULL",
    ):
        dag, slut = max(fran, FRAN), min(till, TILL, IDAG if pagar else TILL)
        while dag <= slut:
            nyckel = (f"{dag:%Y-%m}", form)
            dygn[nyckel] += 1
            kostnad[nyckel] += pris
            dag += timedelta(days=1)
    return {nyckel: (dygn[nyckel], kostnad[nyckel]) for nyckel in dygn}


def test_rikets_manader_ar_desamma_hur_de_an_raknas(rike: Databas) -> None:
    snabbt = {
        (manad, form): (dygn, kostnad)
        for manad, form, dygn, kostnad in fraga(rike, fragor.MANADER)
        if dygn
    }
    enkelt = {
        (manad, form): (dygn, kostnad)
        for manad, form, dygn, kostnad in fraga(rike, fragor.MANADER_ENKELT)
    }
    assert snabbt == enkelt == dag_for_dag(rike)
    assert len({manad for manad, _ in enkelt}) == 29


def test_rikets_period_ar_summan_av_dess_manader(rike: Databas) -> None:
    per_form: dict[str, tuple[int, int]] = {}
    for (_, form), (dygn, kostnad) in dag_for_dag(rike).items():
        fore = per_form.get(form, (0, 0))
        per_form[form] = (fore[0] + dygn, fore[1] + kostnad)
    hela = {form: (dygn, kostnad) for form, dygn, kostnad in fraga(rike, fragor.AR)}
    assert hela == per_form
