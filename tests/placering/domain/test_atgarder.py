"""An åtgärd is whole, is about the right thing, and is not done before its day."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from contracts.ord import Rattelseskal
from services.placering.domain.atgard import Atgard, Atgardsuppgifter, inte_i_framtiden
from services.placering.domain.atgardsslag import ATGARDSRAD, ATGARDSRADER, Atgardsslag, Sak
from tests.placering.domain.bygge import KLIENT, SAMMANHANG, brott, vagras

DAG = date(2026, 4, 7)
MOTE = {"sammantrade": DAG, "paragraf": "§ 84"}


def uppgifter(slag: Atgardsslag, **andra: Any) -> Atgardsuppgifter:
    """A whole åtgärd of the kind."""
    rad = ATGARDSRAD[slag]
    falt: dict[str, Any] = {} if rad.sak is Sak.KLIENT else {rad.sak.value: uuid4()}
    if rad.i_utskott is not None:
        falt |= MOTE
    if rad.utser:
        falt["handlaggare"] = "u-1"
    return Atgardsuppgifter(slag=slag, datum=DAG, **(falt | andra))


def anteckna(sagt: Atgardsuppgifter) -> Atgard:
    return Atgard.anteckna(SAMMANHANG, uuid4(), klient=KLIENT, uppgifter=sagt)


@pytest.mark.parametrize("slag", list(Atgardsslag))
def test_varje_slag_har_en_rad_och_kan_antecknas(slag: Atgardsslag) -> None:
    atgard = anteckna(uppgifter(slag))
    assert (atgard.slag, atgard.datum, atgard.makulerad) == (slag, DAG, False)


@pytest.mark.parametrize(
    ("slag", "falt"),
    [
        (rad.slag, falt)
        for rad in ATGARDSRADER
        for falt in ("beslut", "placering")
        if rad.sak is not Sak.KLIENT or falt == "beslut"
    ],
)
def test_en_atgard_galler_det_som_slaget_sager(slag: Atgardsslag, falt: str) -> None:
    fel = None if ATGARDSRAD[slag].sak.value == falt else uuid4()
    with vagras(f"/{falt}"):
        anteckna(uppgifter(slag, **{falt: fel}))


@pytest.mark.parametrize(
    ("slag", "handlaggare"),
    [(Atgardsslag.SOCIALSEKRETERARE_UTSEDD, None), (Atgardsslag.VARDPLAN_REVIDERAD, "u-1")],
)
def test_bara_den_som_utser_nagon_anger_vem(slag: Atgardsslag, handlaggare: str | None) -> None:
    with vagras("/handlaggare"):
        anteckna(uppgifter(slag, handlaggare=handlaggare))


@pytest.mark.regel("R-BES-1", "R-BES-9")
@pytest.mark.parametrize("slag", [rad.slag for rad in ATGARDSRADER if rad.i_utskott])
@pytest.mark.parametrize("falt", ["sammantrade", "paragraf"])
def test_det_som_utskottet_provar_anger_datum_och_paragraf(slag: Atgardsslag, falt: str) -> None:
    with vagras(f"/{falt}", ATGARDSRAD[slag].i_utskott):
        anteckna(uppgifter(slag, **{falt: None}))


@pytest.mark.regel("R-BES-9")
def test_det_som_inget_utskott_provar_behover_inget_sammantrade() -> None:
    assert anteckna(uppgifter(Atgardsslag.VARDPLAN_REVIDERAD)).sammantrade is None


@pytest.mark.parametrize(("idag", "fel"), [(DAG, None), (date(2026, 4, 6), (None, "/datum"))])
def test_det_som_gjorts_gjordes_senast_i_dag(idag: date, fel: tuple[None, str] | None) -> None:
    assert brott(inte_i_framtiden(DAG, idag)) == fel


def test_en_makulerad_atgard_makuleras_inte_igen() -> None:
    atgard = anteckna(uppgifter(Atgardsslag.OVERVAGANDE))
    atgard.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
    with vagras(""):
        atgard.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
