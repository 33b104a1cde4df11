"""The 58 real decisions that come along: the figures of the paper that they are from."""

import csv
from collections import Counter
from datetime import date

import pytest

from dygn.data import EVB_LSS_2023, EVB_LSS_2023_KALLA
from dygn.kommandon.val import kalla
from dygn.overforing.bitar import bitar
from dygn.overforing.csvfil import las_fil
from dygn.overforing.kolumner import BESLUT

PER = date(2023, 12, 31)


def _rader() -> list[dict[str, str]]:
    with EVB_LSS_2023.open(encoding="utf-8", newline="") as fil:
        return list(csv.DictReader(fil))


def _dagar(rad: dict[str, str]) -> int:
    return (PER - date.fromisoformat(rad["beslutsdatum"])).days


@pytest.mark.regel("R-EVB-7")
def test_de_58_besluten_ar_papperets() -> None:
    rader = _rader()
    assert len(rader) == 58
    assert Counter(rad["insatstyp"] for rad in rader) == {
        "Daglig verksamhet": 28,
        "Kontaktperson": 7,
        "Bostad med särskild service för vuxna": 10,
        "Korttidsvistelse": 1,
        "Avlösarservice": 3,
        "Personlig assistans": 3,
        "Ledsagarservice": 6,
    }
    assert Counter(rad["kon"] for rad in rader) == {"M": 39, "K": 19}
    assert max(map(_dagar, rader)) == 3513
    lika = [rad for rad in rader if rad["insatstyp"] == "Ledsagarservice" and _dagar(rad) == 184]
    assert len(lika) == 3
    assert len({rad["referens"] for rad in rader}) == 58


def test_filen_gar_att_importera_i_papperets_ordning() -> None:
    innehall = las_fil(EVB_LSS_2023, BESLUT)
    assert innehall.fel == ()
    (bit,) = bitar(innehall.rader, BESLUT)
    assert [rad.referens for rad in bit] == [rad["referens"] for rad in _rader()]
    assert kalla(EVB_LSS_2023_KALLA) == EVB_LSS_2023_KALLA
