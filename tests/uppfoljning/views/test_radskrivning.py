"""What is written is what was folded: every column in its place, whatever its text holds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.rows import dict_row

from dygn.inbyggd.databaser import Databas
from services.uppfoljning.domain.leverantor import vik_leverantor
from services.uppfoljning.domain.rader import DagRad, EvbRad, LeverantorRad
from services.uppfoljning.views import radskrivning
from services.uppfoljning.views.radskrivning import Tabell, ersatt
from tests.uppfoljning.domain.fakta_bygge import Bygge, ident
from tests.uppfoljning.stod import HARLEDDA, tom

KOMMUN = "1490"
KONSTIG = 'Å, "citat" \\ (parentes) {klammer}\n\tny rad '
TABELLER = {en.namn: en for en in vars(radskrivning).values() if isinstance(en, Tabell)}


def rader() -> dict[str, Sequence[DagRad | EvbRad | LeverantorRad]]:
    """A row of each table."""
    bygge = Bygge()
    bygge.beslut("b", date(2024, 1, 1))
    bygge.inled("p", date(2024, 1, 1))
    bygge.leverantor("Bolaget")
    vikta = bygge.rader()
    return {
        "vistelseintervall": vikta.vistelse,
        "vardygnsintervall": vikta.varddygn,
        "kostnadsintervall": vikta.kostnad,
        "evbintervall": vikta.evb,
        "leverantorsuppgift": vik_leverantor(ident("l"), bygge.fakta),
    }


def skrivet(databas: Databas, tabell: str, rad: DagRad | EvbRad | LeverantorRad) -> dict[str, Any]:
    """The row as it stands in the table after it was written."""
    tom(databas)
    with psycopg.connect(databas.strom.conninfo(), row_factory=dict_row) as connection:
        ersatt(connection, TABELLER[tabell], KOMMUN, [], [rad])
        (fick,) = connection.execute(f"SELECT * FROM {tabell}".encode()).fetchall()
    return fick


def falt(rad: DagRad | EvbRad | LeverantorRad) -> dict[str, Any]:
    """The row as the fold told it, by column."""
    egna = msgspec.structs.asdict(rad)
    nycklar = egna.pop("dim")._asdict() if isinstance(rad, DagRad) else {}
    return {"kommunkod": KOMMUN, **nycklar, **egna, "handelser": list(rad.handelser)}


def test_varje_tabell_har_sin_skrivare() -> None:
    assert TABELLER.keys() == set(HARLEDDA) == rader().keys()


@pytest.mark.parametrize("tabell", HARLEDDA)
def test_varje_varde_hamnar_i_sin_kolumn(uppfoljning: Databas, tabell: str) -> None:
    (rad,) = rader()[tabell]
    assert skrivet(uppfoljning, tabell, rad) == falt(rad)


@pytest.mark.parametrize("tabell", HARLEDDA)
@pytest.mark.parametrize("text", [KONSTIG, "", " ", "null", "(,)", "Bo\x1fAB"])
def test_en_text_kommer_fram_som_den_ar(uppfoljning: Databas, tabell: str, text: str) -> None:
    (rad,) = rader()[tabell]
    if isinstance(rad, DagRad):
        rad = msgspec.structs.replace(rad, dim=rad.dim._replace(omrade=text, arbetsenhet=text))
    elif isinstance(rad, EvbRad):
        rad = msgspec.structs.replace(rad, insatstyp=text, namnd=text, arbetsenhet=text)
    else:
        rad = msgspec.structs.replace(rad, namn=text)
    assert skrivet(uppfoljning, tabell, rad) == falt(rad)


def test_en_rad_med_en_kolumn_for_mycket_vagras_hel(uppfoljning: Databas) -> None:
    (rad,) = rader()["leverantorsuppgift"]
    bredare = TABELLER["leverantorsuppgift"]._replace(bredd=9)
    with (
        psycopg.connect(uppfoljning.strom.conninfo()) as connection,
        pytest.raises(psycopg.errors.DatatypeMismatch),
    ):
        ersatt(connection, bredare, KOMMUN, [], [rad])
