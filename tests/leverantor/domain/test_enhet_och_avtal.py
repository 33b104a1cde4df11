"""Units with their list prices, and avtal with their way of counting days."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.ord import Dagrakning, Rattelseskal
from services.chassis.context import Sammanhang
from services.leverantor.domain.avtal import Avtal
from services.leverantor.domain.enhet import Enhet
from services.leverantor.domain.handelser import (
    AvtalRattat,
    AvtalTecknat,
    EnhetRegistrerad,
    GrunddygnsprisSatt,
)
from tests.stod.givet import givet, hande

S = Sammanhang("1490", "u1", "k1")
LEVERANTOR = UUID("11111111-1111-4111-8111-111111111111")
NUMMER = "556036-0793"


def en_enhet() -> Enhet:
    return Enhet.registrera(
        S, uuid4(), leverantor=LEVERANTOR, organisationsnummer=NUMMER, namn="Solgläntan"
    )


def ett_avtal(**andra: Any) -> Avtal:
    falt: dict[str, Any] = {
        "leverantor": LEVERANTOR,
        "organisationsnummer": NUMMER,
        "enhet": None,
        "omrade": "HVB barn och unga",
        "fran": date(2026, 1, 1),
        "till": date(2027, 12, 31),
        "dagrakning": Dagrakning.BADA,
    }
    return Avtal.teckna(S, uuid4(), **(falt | andra))


def test_en_ny_enhet_har_inga_priser() -> None:
    enhet = en_enhet()
    (handelse,) = enhet.pending_events
    assert isinstance(handelse, EnhetRegistrerad)
    last = givet(enhet).aggregat
    assert (last.leverantor, last.organisationsnummer, last.namn) == (
        LEVERANTOR,
        NUMMER,
        "Solgläntan",
    )
    assert last.priser == {}


def test_ett_pris_galler_fran_sin_dag_och_bar_leverantoren() -> None:
    utfall = (
        givet(en_enhet())
        .nar(lambda it: it.satt_grunddygnspris(S, fran=date(2026, 1, 1), dygnspris_ore=350_000))
        .da(
            hande(
                GrunddygnsprisSatt,
                leverantor=LEVERANTOR,
                organisationsnummer=NUMMER,
                fran=date(2026, 1, 1),
                dygnspris_ore=350_000,
            )
        )
    )
    assert utfall.aggregat.priser == {date(2026, 1, 1): 350_000}


def test_samma_dag_igen_ersatter_priset_och_en_annan_dag_laggs_till() -> None:
    enhet = givet(
        en_enhet(),
        lambda it: it.satt_grunddygnspris(S, fran=date(2026, 1, 1), dygnspris_ore=1),
        lambda it: it.satt_grunddygnspris(S, fran=date(2026, 7, 1), dygnspris_ore=2),
        lambda it: it.satt_grunddygnspris(S, fran=date(2026, 1, 1), dygnspris_ore=3),
    ).aggregat
    assert enhet.priser == {date(2026, 1, 1): 3, date(2026, 7, 1): 2}
    assert enhet.version == 4, "inget skrivs över: varje pris är en händelse"


@pytest.mark.regel("R-KOS-2")
@pytest.mark.parametrize("dagrakning", list(Dagrakning))
def test_ett_avtal_sager_alltid_hur_dygn_raknas(dagrakning: Dagrakning) -> None:
    avtal = ett_avtal(dagrakning=dagrakning)
    (handelse,) = avtal.pending_events
    assert isinstance(handelse, AvtalTecknat)
    assert handelse.dagrakning is dagrakning
    assert givet(avtal).aggregat.dagrakning is dagrakning


def test_ett_avtal_bar_omrade_period_och_enhet() -> None:
    enhet = uuid4()
    avtal = givet(ett_avtal(enhet=enhet, till=None)).aggregat
    assert (avtal.leverantor, avtal.organisationsnummer) == (LEVERANTOR, NUMMER)
    assert (avtal.enhet, avtal.omrade) == (enhet, "HVB barn och unga")
    assert (avtal.fran, avtal.till) == (date(2026, 1, 1), None)


@pytest.mark.regel("R-KOS-2")
def test_ett_rattat_avtal_har_de_nya_uppgifterna_och_ett_skal() -> None:
    nya: dict[str, Any] = {
        "enhet": uuid4(),
        "omrade": "Familjehem",
        "fran": date(2025, 6, 1),
        "till": None,
        "dagrakning": Dagrakning.ANKOMST,
    }
    utfall = (
        givet(ett_avtal())
        .nar(lambda it: it.ratta(S, **nya, skal=Rattelseskal.FEL_UPPGIFT))
        .da(
            hande(
                AvtalRattat,
                **nya,
                skal=Rattelseskal.FEL_UPPGIFT,
                leverantor=LEVERANTOR,
                organisationsnummer=NUMMER,
            )
        )
    )
    for namn, varde in nya.items():
        assert getattr(utfall.aggregat, namn) == varde
