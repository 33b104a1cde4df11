"""Who is bound to arbetsenheter gets the figures of the persons there, and of no others."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import placering as pla
from dygn.inbyggd.databaser import Databas
from services.uppfoljning.domain.klocka import TRE_MANADER
from services.uppfoljning.views.dygnskostnader import Dygnskostnader, Tal, dygnskostnader
from services.uppfoljning.views.evb import evb_lista
from services.uppfoljning.views.leverantorer import leverantorer
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.varfor import varfor_placering
from tests.uppfoljning.stod import Flode, Fragor, id_for, ny_kommun
from tests.uppfoljning.views import fakta as f
from tests.uppfoljning.views.dagbok import dagbok, tal
from tests.uppfoljning.views.test_rapporter_mot_dagboken import inom, som_facit
from tests.uppfoljning.views.varld import ARBETSENHETER, Varld, varldar

pytestmark = pytest.mark.regel("R-SEK-3")

NORR, SODER = "Norr", ARBETSENHETER[-1]
PERIOD = (date(2021, 1, 1), date(2024, 12, 31))
BUNDNA = ("vistelseintervall", "vardygnsintervall", "kostnadsintervall", "evbintervall")


@pytest.fixture(scope="module")
def i(uppfoljning: Databas) -> Iterator[Any]:
    """Askers who are bound to these arbetsenheter; each is made once."""
    askare: dict[frozenset[str], Fragor] = {}

    def bunden(*arbetsenheter: str) -> Fragor:
        enheter = frozenset(arbetsenheter)
        if enheter not in askare:
            askare[enheter] = Fragor(uppfoljning, enheter)
        return askare[enheter]

    yield bunden
    for en in askare.values():
        en.stang()


def kostnader(fraga: Fragor, kommun: str) -> Dygnskostnader:
    return fraga(kommun, None, dygnskostnader, *PERIOD, Snitt.PLACERINGSFORM)


def test_var_och_en_ser_sin_enhets_placeringar_leverantorer_och_beslut(
    flode: Flode, fraga: Fragor, i: Any
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.leverantor(),
            f.klient("n", arbetsenhet=NORR),
            f.klient("u"),
            f.placering("p", date(2024, 1, 1), date(2024, 1, 10), "n"),
            f.placering("q", date(2024, 1, 1), date(2024, 1, 5), "u"),
            f.beslut("b", date(2023, 1, 1), "n"),
            f.beslut("c", date(2023, 1, 1), "u", arbetsenhet=NORR),
        ),
    )
    per = (date(2024, 1, 31), "LSS", TRE_MANADER)
    assert kostnader(fraga, kommun).summa.debiterade_dygn == 15
    assert kostnader(i(NORR), kommun).summa.debiterade_dygn == 10
    assert kostnader(i(NORR, SODER), kommun).summa.debiterade_dygn == 10
    assert kostnader(i(SODER), kommun).summa == Tal()
    assert kostnader(i(), kommun).summa == Tal()
    assert len(fraga(kommun, None, evb_lista, *per).rader) == 2
    # The beslut about "u" was taken at Norr, but the person is not there.
    assert [rad.beslut for rad in i(NORR)(kommun, None, evb_lista, *per).rader] == [id_for("b")]
    assert i(SODER)(kommun, None, evb_lista, *per).namnder_utan == ()
    (rad,) = i(NORR)(kommun, None, leverantorer, *PERIOD).rader
    assert (rad.namn != "(finns inte i registret)", rad.varddygn) == (True, 10)
    assert i(SODER)(kommun, None, leverantorer, *PERIOD).rader == ()
    assert i(NORR)(kommun, None, varfor_placering, *PERIOD, id_for("p")).placeringar
    assert not i(NORR)(kommun, None, varfor_placering, *PERIOD, id_for("q")).placeringar


@settings(deadline=None, max_examples=15)
@given(varldar, st.one_of(st.none(), st.integers(0, 1000)))
def test_en_enhets_figurer_ar_dagbokens_over_dem_som_hor_dit_som_kant_da(
    flode: Flode, fraga: Fragor, i: Any, varld: Varld, nar: int | None
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, varld.handelser)
    vid = None if nar is None else varld.tider[nar % len(varld.tider)]
    idag = fraga.underlag(kommun, vid).idag
    alla = inom(dagbok(varld.handelser, vid, idag), PERIOD)
    hemma = _arbetsenhet_av(varld, vid)
    for enheter in ([NORR], [SODER], [NORR, SODER]):
        svar = i(*enheter)(kommun, vid, dygnskostnader, *PERIOD, Snitt.PLACERINGSFORM)
        facit = tal(rad for rad in alla if hemma.get(rad.klient) in enheter)
        assert som_facit(svar.summa) == facit


def _arbetsenhet_av(varld: Varld, vid: datetime | None) -> dict[UUID, str | None]:
    """Where each person belongs, as last told by then."""
    return {
        handelse.handelse.klient: handelse.handelse.arbetsenhet
        for handelse in varld.handelser
        if isinstance(handelse.handelse, pla.KlientRegistrerad | pla.KlientRattad)
        and (vid is None or handelse.nar <= vid)
    }


def test_den_som_inte_sager_nagot_om_arbetsenheter_ser_inga_rader_om_personer(
    flode: Flode, uppfoljning: Databas
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient("n", arbetsenhet=NORR),
            f.beslut("b", date(2023, 1, 1), "n"),
            f.placering("p", date(2024, 1, 1), None, "n"),
        ),
    )
    with psycopg.connect(uppfoljning.api.conninfo(), autocommit=True) as api:
        api.execute("SELECT set_config('dygn.kommunkod', %s, false)", (kommun,))
        for tabell in BUNDNA:
            antal = f"SELECT count(*) FROM {tabell}".encode()
            for sagt, sedda in ((None, 0), ("", 0), ("[]", 0), ('["Norr"]', 1), ("null", 1)):
                if sagt is not None:
                    api.execute("SELECT set_config('dygn.arbetsenheter', %s, false)", (sagt,))
                assert api.execute(antal).fetchone() == (sedda,), (tabell, sagt)
            api.execute("RESET dygn.arbetsenheter")
