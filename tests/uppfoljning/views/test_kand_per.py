"""As known when, final or preliminary, and that a final answer stands.

Each test has the streams to itself: how far they are told is the same for every kommun.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.chassis.streams.settled import Settled, settled_from
from services.uppfoljning.views import underlag as modul
from services.uppfoljning.views.dygnskostnader import Tal, dygnskostnader
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import KandPer
from tests.uppfoljning.stod import Flode, Fragor
from tests.uppfoljning.views import fakta as f

KOMMUN, GRANNE = "1490", "1480"
MIKRO = timedelta(microseconds=1)
DAG = timedelta(days=1)


def summa(fraga: Fragor, kand_per: KandPer, kommun: str = KOMMUN) -> Tal:
    fran, till = date(2024, 1, 1), date(2024, 12, 31)
    return fraga(kommun, kand_per, dygnskostnader, fran, till, Snitt.LEVERANTOR).summa


@pytest.mark.regel("R-KOS-7")
@pytest.mark.parametrize(
    ("dag", "slut"),
    [
        (date(2024, 7, 1), datetime(2024, 7, 1, 22, 0, tzinfo=UTC)),  # summer time
        (date(2024, 1, 31), datetime(2024, 1, 31, 23, 0, tzinfo=UTC)),
        (date(2024, 2, 29), datetime(2024, 2, 29, 23, 0, tzinfo=UTC)),
        (date(2024, 3, 31), datetime(2024, 3, 31, 22, 0, tzinfo=UTC)),  # clocks go forward
        (date(2024, 10, 27), datetime(2024, 10, 27, 23, 0, tzinfo=UTC)),  # and back
    ],
)
def test_ett_datum_ar_slutet_av_den_dagen_i_sverige(
    tomt: Flode, fraga: Fragor, dag: date, slut: datetime
) -> None:
    tomt.hande(
        KOMMUN,
        f.vid(
            slut - MIKRO, f.klient(), *f.placering("i tid", date(2024, 1, 1), date(2024, 1, 1))
        )
        + f.vid(slut, *f.placering("för sent", date(2024, 1, 2), date(2024, 1, 2))),
    )  # fmt: skip
    assert fraga.underlag(KOMMUN, dag).kand_per == slut - MIKRO
    assert fraga.underlag(KOMMUN, dag).idag == dag
    assert summa(fraga, dag).antal_placeringar == 1
    assert summa(fraga, dag + DAG).antal_placeringar == 2
    assert summa(fraga, slut - MIKRO).antal_placeringar == 1
    assert summa(fraga, slut).antal_placeringar == 2
    assert summa(fraga, slut - 2 * MIKRO).antal_placeringar == 0


def test_svaret_ar_slutligt_till_och_med_w_och_sager_sedan_vad_det_vantar_pa(
    tomt: Flode, fraga: Fragor
) -> None:
    w, senare = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 2, 12, tzinfo=UTC)
    inget = fraga.underlag(KOMMUN, w)
    assert (inget.w, inget.slutlig) == (None, False)
    assert len(inget.skal) == 2
    tomt.styr(senare, "placering")
    assert fraga.underlag(KOMMUN, w).w is None
    tomt.styr(w, "leverantor")
    assert fraga.underlag(KOMMUN, w).w == w
    assert fraga.underlag(KOMMUN, w).slutlig
    assert fraga.underlag(KOMMUN, w).skal == ()
    efter = fraga.underlag(KOMMUN, w + MIKRO)
    assert not efter.slutlig
    assert len(efter.skal) == 1
    assert "leverantor" in efter.skal[0]
    assert [(s.strom, s.registrerad) for s in efter.strommar] == [
        ("leverantor", w),
        ("placering", senare),
    ]
    assert not fraga.underlag(KOMMUN, None).slutlig
    assert fraga.underlag(KOMMUN, None).skal


def test_en_tidpunkt_i_framtiden_ar_preliminar_och_raknar_till_i_dag(
    tomt: Flode, fraga: Fragor
) -> None:
    nu = datetime.now(UTC)
    tomt.styr(nu)
    framtid = fraga.underlag(KOMMUN, nu + 400 * DAG)
    assert not framtid.slutlig
    assert framtid.skal
    assert framtid.idag == fraga.underlag(KOMMUN, None).idag


def test_det_som_inte_ar_vikt_haller_svaret_preliminart_i_sin_kommun_bara(
    tomt: Flode, fraga: Fragor
) -> None:
    nar, w = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC)
    tomt.ta(tomt.koda(KOMMUN, f.vid(nar, f.klient())))
    tomt.styr(w)
    assert fraga.underlag(KOMMUN, w).w == nar - MIKRO
    assert fraga.underlag(KOMMUN, nar - MIKRO).slutlig
    assert not fraga.underlag(KOMMUN, nar).slutlig
    assert "Inte vikt" in fraga.underlag(KOMMUN, nar).skal[0]
    assert fraga.underlag(GRANNE, w).slutlig
    tomt.vik()
    assert fraga.underlag(KOMMUN, w).slutlig


# -- a final answer stands -----------------------------------------------------------------------

START = datetime(2024, 1, 1, 8, tzinfo=UTC)
FORE, PRIS, EFTER = START + 10 * DAG, START + 20 * DAG, START + 30 * DAG
FRAGADE = [START - MIKRO, START, FORE, FORE + MIKRO, PRIS - MIKRO, PRIS, EFTER]


def _svar(fraga: Fragor) -> dict[datetime, tuple[bool, Tal]]:
    return {nar: (fraga.underlag(KOMMUN, nar).slutlig, summa(fraga, nar)) for nar in FRAGADE}


def _slutliga_svar_star_sig_nar_prislistan_kommer_sent(tomt: Flode, fraga: Fragor) -> None:
    """A placering without price, asked about; then its unit's list price arrives, late."""
    tomt.hande(
        KOMMUN,
        f.vid(
            START,
            f.klient(),
            *f.placering("p", date(2024, 1, 1), enhet="e", dygnspris_ore=None),
        ),
    )
    tomt.styr(EFTER, "placering")
    tomt.styr(FORE, "leverantor")
    stunder = [_svar(fraga)]
    tomt.ta(tomt.koda(KOMMUN, f.vid(PRIS, f.listpris("e", date(2023, 1, 1), 1_000))))
    stunder.append(_svar(fraga))
    tomt.styr(EFTER, "leverantor")
    stunder.append(_svar(fraga))
    tomt.vik()
    stunder.append(_svar(fraga))
    sist = stunder[-1]
    assert all(slutlig for slutlig, _ in sist.values())
    for svar in stunder:
        for nar, (slutlig, tal) in svar.items():
            assert not slutlig or tal == sist[nar][1], f"slutligt svar som känt {nar} ändrades"
    assert stunder[0][FORE] == sist[FORE]
    assert sist[FORE][1].dygn_utan_pris == sist[FORE][1].debiterade_dygn == 11
    assert stunder[0][PRIS] != sist[PRIS]
    assert not stunder[0][PRIS][0]
    assert sist[PRIS][1] == Tal(1, 1, 21, 21, 21_000, 0)


@pytest.mark.regel("R-KOS-7")
def test_ett_slutligt_svar_andras_inte_av_en_prislista_som_kommer_sent(
    tomt: Flode, fraga: Fragor
) -> None:
    _slutliga_svar_star_sig_nar_prislistan_kommer_sent(tomt, fraga)


def _den_snabbaste_strommens(rader: Any) -> Settled:
    alla = settled_from(rader)
    return Settled(max((g.grans for g in alla.limits if g.grans), default=None), alla.limits)


def _utan_det_smutsiga(rader: Any) -> Settled:
    return settled_from([rad for rad in rader if rad[0] != "smutsig"])


@pytest.mark.parametrize("regel", [_den_snabbaste_strommens, _utan_det_smutsiga])
def test_utan_regeln_om_w_andras_ett_slutligt_svar(
    tomt: Flode,
    fraga: Fragor,
    monkeypatch: pytest.MonkeyPatch,
    regel: Callable[[Any], Settled],
) -> None:
    """The test above sees it when W is the fastest stream's, or runs past what is not folded."""
    monkeypatch.setattr(modul, "settled_from", regel)
    with pytest.raises(AssertionError, match="slutligt svar som känt"):
        _slutliga_svar_star_sig_nar_prislistan_kommer_sent(tomt, fraga)
