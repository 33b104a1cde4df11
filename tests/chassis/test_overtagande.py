"""Verdicts on rows: all told at once, each at its own place, and counted."""

import pytest

from services.chassis.rules import Breach, Refused
from services.chassis.takeover import Utfall, Verdict, counts, refuse_rows

FEL = Breach("R-PLA-18", "/till", "Slutar före sin början.")
FLAGGA = Breach("R-PLA-4", "/leverantor", "Hade avropsstopp.")
RADER = [
    Verdict(0, "a", Utfall.NY),
    Verdict(1, "b", Utfall.AVVISAD, fel=(FEL, FEL), flaggor=(FLAGGA,)),
    Verdict(2, "c", Utfall.FANNS, flaggor=(FLAGGA,)),
    Verdict(3, "d", Utfall.NY, flaggor=(FLAGGA, FLAGGA)),
]


@pytest.mark.regel("R-PLA-18")
def test_varje_fel_i_varje_rad_sags_pa_sin_plats() -> None:
    with pytest.raises(Refused) as avslag:
        refuse_rows(RADER)
    assert [(brott.regel, brott.pekare) for brott in avslag.value.breaches] == [
        ("R-PLA-18", "/rader/1/till")
    ] * 2


@pytest.mark.regel("R-PLA-18")
def test_flaggade_rader_ar_goda_rader() -> None:
    refuse_rows([rad for rad in RADER if not rad.fel])


@pytest.mark.regel("R-PLA-18")
def test_raderna_raknas_per_utfall_och_flaggade_goda_for_sig() -> None:
    assert counts(RADER) == {"ny": 2, "fanns": 1, "avvisad": 1, "flaggad": 2}
    assert counts([]) == {"ny": 0, "fanns": 0, "avvisad": 0, "flaggad": 0}
