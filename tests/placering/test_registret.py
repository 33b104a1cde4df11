"""The copy of the suppliers' register: folded from their events, replaced as a set."""

from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from contracts.leverantor import (
    HANDELSER,
    AvropsstoppHavt,
    AvtalRattat,
    EnhetRegistrerad,
    GrunddygnsprisSatt,
    LeverantorRattad,
)
from contracts.ord import Dagrakning, Leverantorstyp, Rattelseskal
from dygn.inbyggd.databaser import Databas
from services.placering.streams.incoming import CONSUMER
from services.placering.views.register import las_register
from services.placering.views.vikning import LEVERANTOR, Leverantorsvikning
from tests.placering.register import ANDRA_NUMMER, NUMMER, Registerskrivare, leverantor_id
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import KOMMUN, migrera, sql


@pytest.fixture
def databasen(databas: Databasfabrik) -> Databas:
    return databas("placering", migrera)


@pytest.fixture
def skrivare(databasen: Databas) -> Registerskrivare:
    return Registerskrivare(databasen)


def stopp(databasen: Databas) -> list[tuple[Any, ...]]:
    return sql(databasen, "SELECT fran, till FROM register_avropsstopp ORDER BY nr")


def test_varje_handelse_i_strommen_hanteras() -> None:
    assert Leverantorsvikning.handled == HANDELSER.typer()
    assert CONSUMER.upstream == ("leverantor",)
    assert list(CONSUMER.folding.expand(None, KOMMUN, LEVERANTOR, [])) == []  # type: ignore[arg-type]


def test_leverantor_enhet_och_avtal_kommer_in(
    databasen: Databas, skrivare: Registerskrivare
) -> None:
    leverantor = skrivare.leverantor()
    enhet = skrivare.enhet()
    avtal = skrivare.avtal(enhet=enhet, till=date(2026, 12, 31))
    assert sql(
        databasen, "SELECT leverantor, organisationsnummer, typ FROM register_leverantor"
    ) == [(leverantor, NUMMER, "privat")]
    assert sql(databasen, "SELECT enhet, organisationsnummer, namn FROM register_enhet") == [
        (enhet, NUMMER, "Solgården")
    ]
    assert sql(databasen, "SELECT avtal, enhet, fran, till, dagrakning FROM register_avtal") == [
        (avtal, enhet, date(2020, 1, 1), date(2026, 12, 31), "bada")
    ]
    assert sql(databasen, "SELECT count(*) FROM smutsig") == [(0,)]


def test_en_rattad_leverantor_far_nytt_nummer_overallt(
    databasen: Databas, skrivare: Registerskrivare
) -> None:
    leverantor = skrivare.leverantor()
    skrivare.enhet()
    avtal = skrivare.avtal()
    skrivare.ta_emot(
        LeverantorRattad(
            leverantor=leverantor,
            organisationsnummer=ANDRA_NUMMER,
            namn="Nytt namn AB",
            typ=Leverantorstyp.REGION,
            skal=Rattelseskal.SKRIVFEL,
        ),
        AvtalRattat(
            leverantor=leverantor,
            organisationsnummer=ANDRA_NUMMER,
            avtal=avtal,
            enhet=None,
            omrade="Annat",
            fran=date(2021, 1, 1),
            till=None,
            dagrakning=Dagrakning.AVRESA,
            skal=Rattelseskal.SKRIVFEL,
        ),
    )
    for tabell in ("register_leverantor", "register_enhet", "register_avtal"):
        assert sql(databasen, f"SELECT organisationsnummer FROM {tabell}") == [(ANDRA_NUMMER,)]
    assert sql(databasen, "SELECT omrade, fran, dagrakning FROM register_avtal") == [
        ("Annat", date(2021, 1, 1), "avresa")
    ]


@pytest.mark.regel("R-PLA-4")
def test_ett_havt_avropsstopp_blir_en_period(
    databasen: Databas, skrivare: Registerskrivare
) -> None:
    skrivare.leverantor()
    skrivare.avropsstopp(date(2026, 1, 1))
    assert stopp(databasen) == [(date(2026, 1, 1), None)]
    skrivare.havning(date(2026, 2, 1))
    assert stopp(databasen) == [(date(2026, 1, 1), date(2026, 1, 31))]
    skrivare.avropsstopp(date(2026, 3, 1))
    skrivare.havning(date(2026, 3, 1))
    assert stopp(databasen) == [(date(2026, 1, 1), date(2026, 1, 31))]


def test_en_havning_utan_stopp_ar_ingenting(databasen: Databas, skrivare: Registerskrivare) -> None:
    leverantor = skrivare.leverantor()
    skrivare.ta_emot(
        AvropsstoppHavt(leverantor=leverantor, organisationsnummer=NUMMER, fran=date(2026, 1, 1))
    )
    assert stopp(databasen) == []


def test_priser_och_okanda_leverantorer_ger_inga_rader(
    databasen: Databas, skrivare: Registerskrivare
) -> None:
    skrivare.ta_emot(
        GrunddygnsprisSatt(
            leverantor=leverantor_id(NUMMER),
            organisationsnummer=NUMMER,
            enhet=uuid4(),
            fran=date(2026, 1, 1),
            dygnspris_ore=1,
        )
    )
    skrivare.enhet()
    for tabell in ("register_leverantor", "register_enhet"):
        assert sql(databasen, f"SELECT count(*) FROM {tabell}") == [(0,)]


def test_registret_lases_for_de_nummer_som_anropet_talar_om(
    databasen: Databas, skrivare: Registerskrivare
) -> None:
    skrivare.leverantor()
    skrivare.leverantor(ANDRA_NUMMER)
    enhet = skrivare.enhet()
    skrivare.avropsstopp(date(2026, 1, 1))
    with psycopg.connect(databasen.api.conninfo(), row_factory=psycopg.rows.dict_row) as anslutning:
        anslutning.execute("SELECT set_config('dygn.kommunkod', %s, true)", (KOMMUN,))

        def fraga(sats: str, varden: dict[str, Any]) -> list[dict[str, Any]]:
            return anslutning.execute(sats, varden).fetchall()

        register = las_register(fraga, KOMMUN, [NUMMER, None])
        assert las_register(fraga, KOMMUN, [None]).leverantor(NUMMER) is None
    funnen = register.leverantor(NUMMER)
    assert funnen is not None
    assert [ett.fran for ett in funnen.avropsstopp] == [date(2026, 1, 1)]
    assert register.leverantor(ANDRA_NUMMER) is None
    assert register.enhet(enhet) is not None
    assert register.enhet(UUID(int=0)) is None


def test_raderna_ar_desamma_i_vilken_ordning_leverantorerna_an_kommer(
    databas: Databasfabrik,
) -> None:
    """Suppliers lie in partitions without order between them; within a supplier order holds."""
    bilder: list[list[list[tuple[Any, ...]]]] = []
    enhet = uuid4()
    for ordning in permutations((NUMMER, ANDRA_NUMMER)):
        databasen = databas("placering", migrera)
        skrivare = Registerskrivare(databasen)
        for nummer in ordning:
            skrivare.leverantor(nummer)
        skrivare.ta_emot(
            EnhetRegistrerad(
                leverantor=leverantor_id(NUMMER),
                organisationsnummer=NUMMER,
                enhet=enhet,
                namn="Solgården",
            )
        )
        bilder.append(
            [
                sql(databasen, f"SELECT * FROM {tabell} ORDER BY leverantor")
                for tabell in ("register_leverantor", "register_enhet")
            ]
        )
    assert bilder[0] == bilder[1]
