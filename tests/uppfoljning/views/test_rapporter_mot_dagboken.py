"""Report 1 and 3, and why their figures are what they are, against a ledger of days.

Random kommuner go in as messages through the real inbox and folding, one kommun an example in one
database: a report that saw another kommun's rows would show here too.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.uppfoljning.views import dygnskostnader as d
from services.uppfoljning.views.leverantorer import leverantorer
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.varfor import Varfor, varfor_leverantor, varfor_nyckel
from tests.uppfoljning.stod import Flode, Fragor, ny_kommun
from tests.uppfoljning.views.dagbok import Rad, Tal, dagbok, per_nyckel, tal
from tests.uppfoljning.views.varld import Varld, varldar

PERIODER = [
    (date(2021, 11, 1), date(2027, 12, 31)),  # several years, not over yet
    (date(2022, 1, 1), date(2022, 12, 31)),
    (date(2022, 3, 1), date(2022, 3, 31)),
    (date(2023, 4, 1), date(2023, 6, 30)),
    (date(2024, 2, 29), date(2024, 2, 29)),
    (date(2020, 1, 1), date(2021, 10, 31)),  # before anything
]
perioder = st.one_of(
    st.sampled_from(PERIODER),
    st.builds(
        lambda fran, langd: (fran, fran + timedelta(days=langd)),
        st.dates(date(2021, 11, 1), date(2024, 6, 1)),
        st.integers(0, 500),
    ),
)
TIDIGT_ELLER_SENT = st.one_of(st.none(), *[st.integers(0, 1000)] * 3)
"""Which of the world's instants an answer is asked for; ``None``: all that is known."""


def inom(rader: list[Rad], period: tuple[date, date]) -> list[Rad]:
    return [rad for rad in rader if period[0] <= rad.dag <= period[1]]


def som_facit(tal: d.Tal) -> Tal:
    return Tal(
        tal.antal_placerade,
        tal.antal_placeringar,
        tal.debiterade_dygn,
        tal.varddygn,
        tal.kostnad_ore,
        tal.dygn_utan_pris,
    )


def granska_varfor(varfor: Varfor, facit: list[Rad]) -> None:
    """The parts are the days of the ledger, each with its price, and nothing else."""
    assert som_facit(varfor.tal) == tal(facit)
    debiterade: list[tuple[object, date, int | None, int | None]] = []
    vard: list[tuple[object, date]] = []
    for placering in varfor.placeringar:
        for kostnad in placering.kostnadsdelar:
            assert kostnad.kostnad_ore == kostnad.dygn * (kostnad.pris_ore or 0)
            assert kostnad.handelser
            dagar = [kostnad.fran + timedelta(days=n) for n in range(kostnad.dygn)]
            assert dagar[-1] == kostnad.till
            debiterade += [
                (placering.placering, dag, kostnad.grund_ore, kostnad.pris_ore) for dag in dagar
            ]
        for del_ in placering.varddygnsdelar:
            dagar = [del_.fran + timedelta(days=n) for n in range(del_.dygn)]
            assert dagar[-1] == del_.till
            vard += [(placering.placering, dag) for dag in dagar]
        dar = [rad.dag for rad in facit if rad.placering == placering.placering]
        assert (placering.fran, placering.till) == (min(dar), max(dar))
    assert sorted(debiterade, key=str) == sorted(
        ((r.placering, r.dag, r.grund_ore, r.pris_ore) for r in facit if r.debiterad), key=str
    )
    assert sorted(vard) == sorted((r.placering, r.dag) for r in facit if r.vard)


@pytest.mark.regel("R-KOS-1", "R-KOS-2", "R-KOS-6", "R-KOS-7", "R-KOS-9", "R-KOS-17")
@settings(deadline=None, max_examples=30)
@given(varldar, TIDIGT_ELLER_SENT, st.lists(perioder, min_size=2, max_size=2), st.data())
def test_dygnskostnader_ar_dagboken_raknad_och_varfor_ar_dess_dagar(
    flode: Flode,
    fraga: Fragor,
    varld: Varld,
    nar: int | None,
    valda: list[tuple[date, date]],
    data: st.DataObject,
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, varld.handelser)
    vid = None if nar is None else varld.tider[nar % len(varld.tider)]
    idag = fraga.underlag(kommun, vid).idag
    alla = dagbok(varld.handelser, vid, idag)
    opp = data.draw(st.sampled_from(list(Snitt)), "snitt som öppnas")
    for period in valda:
        facit = inom(alla, period)
        for snitt in Snitt:
            per = per_nyckel(facit, snitt)
            svar = fraga(kommun, vid, d.dygnskostnader, *period, snitt)
            assert {nyckel: som_facit(t) for nyckel, _, t in svar.rader} == {
                nyckel: tal(rader) for nyckel, rader in per.items()
            }
            assert som_facit(svar.summa) == tal(facit)
            assert [t.dygnskostnad_ore for _, _, t in svar.rader] == [
                tal(per[nyckel]).dygnskostnad_ore for nyckel, _, _ in svar.rader
            ]
            if snitt is not opp:
                continue
            for nyckel, rader in per.items():
                granska_varfor(
                    fraga(kommun, vid, varfor_nyckel, *period, snitt, nyckel),
                    rader,
                )


@pytest.mark.regel("R-LEV-1", "R-LEV-2", "R-PLA-14", "R-KOS-6", "R-KOS-7")
@settings(deadline=None, max_examples=20)
@given(varldar, TIDIGT_ELLER_SENT, perioder)
def test_leverantorsrapporten_ar_dagboken_raknad_och_varfor_ar_dess_dagar(
    flode: Flode, fraga: Fragor, varld: Varld, nar: int | None, period: tuple[date, date]
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, varld.handelser)
    vid = None if nar is None else varld.tider[nar % len(varld.tider)]
    idag = fraga.underlag(kommun, vid).idag
    privata = [
        rad
        for rad in inom(dagbok(varld.handelser, vid, idag), period)
        if rad.privat and rad.form != "sis"
    ]
    facit: dict[tuple[str, str], list[Rad]] = {}
    for rad in privata:
        facit.setdefault((rad.omrade, rad.leverantor), []).append(rad)

    svar = fraga(kommun, vid, leverantorer, *period)

    assert {
        (rad.omrade, rad.organisationsnummer): (
            rad.antal_placeringar,
            rad.varddygn,
            rad.kostnad_ore,
        )
        for rad in svar.rader
    } == {
        nyckel: (t.antal_placeringar, t.varddygn, t.kostnad_ore)
        for nyckel, t in ((nyckel, tal(rader)) for nyckel, rader in facit.items())
    }
    assert len(svar.rader) == svar.summa_over_omraden == len(facit)
    assert svar.antal_leverantorer == len({rad.leverantor for rad in privata})
    for (omrade, nummer), rader in facit.items():
        granska_varfor(
            fraga(kommun, vid, varfor_leverantor, *period, omrade, nummer),
            rader,
        )
