"""The fold against the day-by-day oracle, as known at random instants, and in any order."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.uppfoljning.domain.evb import ska_rapporteras
from services.uppfoljning.domain.fakta import Faktum
from services.uppfoljning.domain.historik import INTE_KAND, KandRad
from services.uppfoljning.domain.klocka import tolka_grans
from services.uppfoljning.domain.rader import DagRad, EvbRad
from services.uppfoljning.domain.summering import dagar, kostnad_ore
from services.uppfoljning.domain.vikning import vik_klient
from tests.uppfoljning.domain.fakta_bygge import BORJAN, KLIENT, Bygge
from tests.uppfoljning.orakel.dagorakel import (
    Lage,
    Orakel,
    nar_gransen_passerats,
    rakna,
)
from tests.uppfoljning.orakel.varldar import (
    FORSTA,
    SISTA,
    beslutsvarldar,
    kostnadsvarldar,
)

ALLA_DAGAR = [FORSTA + timedelta(days=n) for n in range((SISTA - FORSTA).days + 1)]
R = TypeVar("R", bound=KandRad)
D = TypeVar("D", bound=DagRad | EvbRad)


def perioden_mellan(fakta: list[Faktum], ett: int, annat: int) -> tuple[date, date]:
    """A period whose ends are dates that the facts name, or the first and last of the window."""
    dagar = {FORSTA, SISTA}
    for faktum in fakta:
        for falt in ("fran", "till"):
            dagar.add(getattr(faktum.handelse, falt, None) or FORSTA)
    # The avtal of the worlds began long before the window.
    inom = sorted(dag for dag in dagar if dag >= FORSTA)
    fran, till = sorted((inom[ett % len(inom)], inom[annat % len(inom)]))
    return fran, till


# Half of the time, when everything is known.
vid_nagon_tidpunkt = st.one_of(st.just(50), st.integers(-1, 30)).map(
    lambda minuter: BORJAN + timedelta(minutes=minuter)
)


def kanda(rader: list[R], vid: datetime) -> list[R]:
    """The rows as known at the instant."""
    return [rad for rad in rader if rad.kand(vid)]


def pa_dagen(rader: list[D], dag: date) -> list[D]:
    """The rows that hold that day."""
    return [rad for rad in rader if rad.fran <= dag and (rad.till is None or dag <= rad.till)]


@pytest.mark.regel("R-KOS-1", "R-KOS-2", "R-KOS-3", "R-KOS-17")
@settings(deadline=None, max_examples=200)
@given(kostnadsvarldar, vid_nagon_tidpunkt)
def test_varje_dygn_kostar_vad_oraklet_sager(fakta: list[Faktum], vid: datetime) -> None:
    rader = kanda(vik_klient(KLIENT, fakta).kostnad, vid)
    orakel = Orakel(fakta, KLIENT, vid)
    sedda = 0
    for placering in orakel.placeringar():
        egna = [rad for rad in rader if rad.dim.placering == placering]
        sedda += len(egna)
        for dag in ALLA_DAGAR:
            facit = orakel.dygn(placering, dag)
            pa_dag = pa_dagen(egna, dag)
            assert len(pa_dag) == (facit is not None), (dag, pa_dag, facit)
            if facit is not None:
                rad = pa_dag[0]
                assert (rad.pris_ore, rad.grund_ore, rad.tillagg_ore) == facit
    assert sedda == len(rader)


@pytest.mark.regel("R-KOS-1", "R-KOS-2", "R-KOS-17")
@settings(deadline=None, max_examples=200)
@given(
    kostnadsvarldar,
    vid_nagon_tidpunkt,
    st.integers(0),
    st.integers(0),
)
def test_summan_over_en_period_ar_dag_for_dag(
    fakta: list[Faktum], vid: datetime, ett: int, annat: int
) -> None:
    fran, till = perioden_mellan(fakta, ett, annat)
    klientrader = vik_klient(KLIENT, fakta)
    kostnad = kanda(klientrader.kostnad, vid)
    varddygn = kanda(klientrader.varddygn, vid)
    orakel = Orakel(fakta, KLIENT, vid)

    def facit_ore(dag: date) -> int:
        alla = [orakel.dygn(p, dag) for p in orakel.placeringar()]
        return sum(dygn.pris_ore or 0 for dygn in alla if dygn is not None)

    perioden = [dag for dag in ALLA_DAGAR if fran <= dag <= till]
    assert sum(kostnad_ore(r.fran, r.till, r.pris_ore, fran, till) for r in kostnad) == sum(
        facit_ore(dag) for dag in perioden
    )
    assert sum(dagar(r.fran, r.till, fran, till) for r in kostnad) == sum(
        rakna(fran, till, lambda dag, p=p: orakel.debiteras(p, dag))  # type: ignore[misc]
        for p in orakel.placeringar()
    )
    assert sum(dagar(r.fran, r.till, fran, till) for r in varddygn) == rakna(
        fran, till, lambda dag: orakel.varddygn(dag) is not None
    )


@pytest.mark.regel("R-KOS-17", "R-PLA-1")
@settings(deadline=None, max_examples=200)
@given(kostnadsvarldar, vid_nagon_tidpunkt)
def test_varje_datum_ar_en_enda_placerings_varddygn(fakta: list[Faktum], vid: datetime) -> None:
    klientrader = vik_klient(KLIENT, fakta)
    varddygn = kanda(klientrader.varddygn, vid)
    vistelser = kanda(klientrader.vistelse, vid)
    orakel = Orakel(fakta, KLIENT, vid)
    for dag in ALLA_DAGAR:
        facit = orakel.varddygn(dag)
        assert [rad.dim.placering for rad in pa_dagen(varddygn, dag)] == (
            [] if facit is None else [facit]
        )
        assert sorted(rad.dim.placering for rad in pa_dagen(vistelser, dag)) == [
            placering for placering in orakel.placeringar() if orakel.vistas(placering, dag)
        ]
    dim_av = {rad.dim.placering: rad.dim for rad in vistelser}
    assert all(rad.dim == dim_av[rad.dim.placering] for rad in varddygn)


@settings(deadline=None, max_examples=200)
@given(kostnadsvarldar, vid_nagon_tidpunkt)
def test_raderna_bar_de_nycklar_som_oraklet_ser(fakta: list[Faktum], vid: datetime) -> None:
    klientrader = vik_klient(KLIENT, fakta)
    orakel = Orakel(fakta, KLIENT, vid)
    rader: list[DagRad] = [
        *kanda(klientrader.vistelse, vid),
        *kanda(klientrader.kostnad, vid),
        *kanda(klientrader.varddygn, vid),
    ]
    kanda_ids = {faktum.id for faktum in fakta if faktum.registrerad <= vid}
    for rad in rader:
        dim = rad.dim
        uppgifter = orakel.uppgifter(dim.placering)
        assert (dim.beslut, dim.enhet, dim.avtal, dim.regi, dim.leverantor) == (
            uppgifter.beslut,
            uppgifter.enhet,
            uppgifter.avtal,
            uppgifter.regi,
            uppgifter.leverantor or "",
        )
        assert dim.omrade == orakel.omrade(dim.placering)
        assert dim.lagrum == orakel.lagrum(dim.placering)
        assert (dim.kon, dim.fodelsemanad) == (orakel.kon(), orakel.fodelsemanad())
        assert set(rad.handelser) <= kanda_ids
        assert len(set(rad.handelser)) == len(rad.handelser)


@pytest.mark.regel("R-KLO-1", "R-EVB-1", "R-EVB-9", "R-EVB-14", "R-EVB-15", "R-BES-7")
@settings(deadline=None, max_examples=400)
@given(beslutsvarldar, vid_nagon_tidpunkt, st.sampled_from(["1m", "2m", "1d", "20d", "29d"]))
def test_varje_beslut_star_varje_dag_som_oraklet_sager(
    fakta: list[Faktum], vid: datetime, grans: str
) -> None:
    rader = kanda(vik_klient(KLIENT, fakta).evb, vid)
    orakel = Orakel(fakta, KLIENT, vid)
    kvar = Counter(rad.beslut for rad in rader)
    for beslut in orakel.beslut():
        egna = [rad for rad in rader if rad.beslut == beslut]
        facit = orakel.evb(beslut, FORSTA, SISTA)
        for dag in ALLA_DAGAR:
            pa_dag = pa_dagen(egna, dag)
            sedda = [
                Lage(rad.lage, rad.klocka_fran, rad.avbrottsdatum, rad.orsak) for rad in pa_dag
            ]
            assert sedda == ([facit[dag]] if dag in facit else []), dag
            listad = dag in facit and (
                facit[dag].klocka_fran is not None
                and nar_gransen_passerats(facit[dag].klocka_fran or dag, dag, grans)
            )
            tolkad = tolka_grans(grans)
            assert [rad for rad in egna if ska_rapporteras(rad, dag, tolkad)] == (
                pa_dag if listad else []
            )
        del kvar[beslut]
    assert not kvar


# -- known time ------------------------------------------------------------------------------


def alla_rader(fakta: list[Faktum]) -> list[tuple[str, Any]]:
    """Every derived row, with the name of its table."""
    klientrader = vik_klient(KLIENT, fakta)
    return [(tabell, rad) for tabell in klientrader._fields for rad in getattr(klientrader, tabell)]


def utan_kand_tid(rad: Any) -> Any:
    return msgspec.structs.replace(rad, kand_fran=INTE_KAND, kand_till=None)


varldar = st.one_of(kostnadsvarldar, beslutsvarldar)


@settings(deadline=None, max_examples=200)
@given(varldar, st.randoms(use_true_random=False))
def test_ordningen_i_vilken_fakta_kommer_spelar_ingen_roll(fakta: list[Faktum], slump: Any) -> None:
    blandade = fakta + slump.sample(fakta, len(fakta) // 2)
    slump.shuffle(blandade)
    assert alla_rader(blandade) == alla_rader(fakta)


@settings(deadline=None, max_examples=200)
@given(varldar, vid_nagon_tidpunkt)
def test_det_som_var_kant_da_ar_det_som_fakta_dittills_ger(
    fakta: list[Faktum], vid: datetime
) -> None:
    dittills = [faktum for faktum in fakta if faktum.registrerad <= vid]
    nu = {(t, utan_kand_tid(r)) for t, r in alla_rader(dittills) if r.kand_till is None}
    assert {(t, utan_kand_tid(r)) for t, r in alla_rader(fakta) if r.kand(vid)} == nu


@settings(deadline=None, max_examples=200)
@given(varldar)
def test_en_rad_som_inte_andras_forblir_en_rad(fakta: list[Faktum]) -> None:
    rader = alla_rader(fakta)
    tider = {faktum.registrerad for faktum in fakta}
    assert all(r.kand_fran in tider and r.kand_till in tider | {None} for _, r in rader)
    borjar = {(t, utan_kand_tid(r), r.kand_fran) for t, r in rader}
    assert len(borjar) == len(rader)
    assert not [r for t, r in rader if (t, utan_kand_tid(r), r.kand_till) in borjar]
    assert all(r.kand_till is None or r.kand_fran < r.kand_till for _, r in rader)


def test_andras_fakta_och_handelser_utan_verkan_gar_forbi() -> None:
    bygge = Bygge()
    bygge.klient()
    bygge.beslut("b", date(2024, 1, 1))
    bygge.inled("p", date(2024, 1, 1))
    bygge.stopp(date(2024, 1, 1))
    annan = vik_klient(bygge.fakta[1].handelse.beslut, bygge.fakta)  # type: ignore[attr-defined]
    assert annan == ([], [], [], [])
    assert len(bygge.rader().kostnad) == 1
