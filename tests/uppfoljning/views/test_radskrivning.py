"""What is written: every column by its name, so that none is left NULL by a misspelt key."""

from datetime import date

import pytest

from dygn.inbyggd.databaser import Databas
from services.uppfoljning.domain.leverantor import vik_leverantor
from services.uppfoljning.views.radskrivning import Rad, dagrader, faltrader, kostnadsrader
from tests.stod.tjanst import sql
from tests.uppfoljning.domain.fakta_bygge import Bygge, ident
from tests.uppfoljning.stod import HARLEDDA


def rader() -> dict[str, list[Rad]]:
    """A row of each table."""
    bygge = Bygge()
    bygge.beslut("b", date(2024, 1, 1))
    bygge.inled("p", date(2024, 1, 1))
    bygge.leverantor("Bolaget")
    vikta = bygge.rader()
    return {
        "vistelseintervall": dagrader(vikta.vistelse),
        "vardygnsintervall": dagrader(vikta.varddygn),
        "kostnadsintervall": kostnadsrader(vikta.kostnad),
        "evbintervall": faltrader(vikta.evb),
        "leverantorsuppgift": faltrader(vik_leverantor(ident("l"), bygge.fakta)),
    }


@pytest.mark.parametrize("tabell", HARLEDDA)
def test_varje_rads_nycklar_ar_tabellens_kolumner(uppfoljning: Databas, tabell: str) -> None:
    kolumner = {
        namn
        for (namn,) in sql(
            uppfoljning,
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
            tabell,
        )
    }
    (rad,) = rader()[tabell]
    assert rad.keys() | {"kommunkod"} == kolumner
