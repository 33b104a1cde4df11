"""Report 2: the real list of December 2023, the limits, and random worlds against the oracle."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.handelse import Kontraktshandelse
from contracts.ord import Kon, Omfattning
from services.uppfoljning.domain.fakta import Faktum
from services.uppfoljning.domain.klocka import tolka_grans
from services.uppfoljning.views.evb import EvbLista, evb_lagen, evb_lista, svensk_ordning
from services.uppfoljning.views.underlag import KandPer
from tests.uppfoljning.domain.fakta_bygge import BORJAN, KLIENT
from tests.uppfoljning.orakel.dagorakel import Orakel, nar_gransen_passerats
from tests.uppfoljning.orakel.varldar import FORSTA, SISTA, beslutsvarldar
from tests.uppfoljning.stod import Flode, Fragor, Handelse, id_for, ny_kommun
from tests.uppfoljning.views import fakta as f

PER = date(2023, 12, 31)
REAL = Path(__file__).parents[2] / "data" / "evb_lss_2023-12-31.csv"


def lista(
    fraga: Fragor,
    kommun: str,
    per: date,
    lag: str = "LSS",
    grans: str = "3m",
    kand_per: KandPer = None,
) -> EvbLista:
    return fraga(kommun, kand_per, evb_lista, per, lag, tolka_grans(grans))


def de_verkliga() -> list[dict[str, str]]:
    with REAL.open(encoding="utf-8", newline="") as fil:
        return list(csv.DictReader(fil))


def som_handelser(rader: list[dict[str, str]]) -> list[Kontraktshandelse]:
    """Each row a beslut of its own, taken as many days before the report as the row says."""
    handelser: list[Kontraktshandelse] = []
    for nr, rad in enumerate(rader):
        handelser += [
            f.klient(f"k{nr}", Kon(rad["kon"])),
            f.beslut(
                f"b{nr}",
                PER - timedelta(days=int(rad["antal_dagar_sedan_beslut"])),
                f"k{nr}",
                insatstyp=rad["insatstyp"],
                lagrum=rad["lagrum"],
            ),
        ]
    return handelser


@pytest.mark.regel("R-EVB-1", "R-EVB-7", "R-EVB-8", "R-EVB-9", "R-KLO-1")
def test_de_58_verkliga_raderna_kommer_tillbaka_precis_som_de_var(
    flode: Flode, fraga: Fragor
) -> None:
    verkliga, kommun = de_verkliga(), ny_kommun()
    flode.hande(kommun, f.nu(som_handelser(verkliga)))
    rader = lista(fraga, kommun, PER).rader
    assert Counter((r.lagrum, r.insatstyp, r.dagar_sedan_beslut, r.kon) for r in rader) == Counter(
        (v["lagrum"], v["insatstyp"], int(v["antal_dagar_sedan_beslut"]), v["kon"])
        for v in verkliga
    )
    assert len(rader) == 58
    assert Counter(rad.insatstyp for rad in rader) == {
        "Daglig verksamhet": 28,
        "Kontaktperson": 7,
        "Bostad med särskild service för vuxna": 10,
        "Korttidsvistelse": 1,
        "Avlösarservice": 3,
        "Personlig assistans": 3,
        "Ledsagarservice": 6,
    }
    assert Counter(rad.kon for rad in rader) == {"M": 39, "K": 19}
    assert max(rad.dagar_sedan_beslut for rad in rader) == 3513
    lika = [r for r in rader if (r.insatstyp, r.dagar_sedan_beslut) == ("Ledsagarservice", 184)]
    assert len(lika) == len({rad.beslut for rad in lika}) == 3
    assert not any(rad.ej_aterupptagen for rad in rader)
    assert lista(fraga, kommun, PER, lag="SoL").rader == ()


def test_listan_star_i_svensk_ordning_med_de_aldsta_forst(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, f.nu(som_handelser(de_verkliga())))
    rader = lista(fraga, kommun, PER).rader
    insatser = list(dict.fromkeys(rad.insatstyp for rad in rader))
    assert insatser == sorted(insatser, key=svensk_ordning)
    assert insatser[:2] == ["Avlösarservice", "Bostad med särskild service för vuxna"]
    dagar = [rad.dagar_sedan_beslut for rad in rader if rad.insatstyp == "Daglig verksamhet"]
    assert dagar == sorted(dagar, reverse=True)


@pytest.mark.regel("R-KLO-1")
@pytest.mark.parametrize(
    ("beslutsdatum", "per", "grans", "med"),
    [
        (date(2023, 9, 30), date(2023, 12, 30), "3m", False),  # 91 days, exactly three months
        (date(2023, 9, 30), date(2023, 12, 31), "3m", True),
        (date(2023, 11, 30), date(2024, 2, 29), "3m", False),  # 91 days, leap year
        (date(2023, 11, 30), date(2024, 3, 1), "3m", True),
        (date(2023, 11, 29), date(2024, 2, 29), "3m", False),
        (date(2022, 11, 30), date(2023, 2, 28), "3m", False),  # 90 days
        (date(2022, 11, 30), date(2023, 3, 1), "3m", True),  # 91 days
        (date(2023, 8, 31), date(2023, 11, 30), "3m", False),
        (date(2023, 8, 31), date(2023, 12, 1), "3m", True),  # 92 days
        (PER - timedelta(days=89), PER, "90d", False),
        (PER - timedelta(days=90), PER, "90d", True),
        (PER - timedelta(days=91), PER, "90d", True),
        (PER - timedelta(days=90), PER, "92d", False),
        (PER - timedelta(days=91), PER, "92d", False),
        (PER - timedelta(days=92), PER, "92d", True),
    ],
)
def test_gransen_passeras_dagen_efter_tre_manader_eller_pa_sista_dagen(
    flode: Flode, fraga: Fragor, beslutsdatum: date, per: date, grans: str, med: bool
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, f.nu(f.klient(), f.beslut("b", beslutsdatum)))
    assert bool(lista(fraga, kommun, per, grans=grans).rader) is med


@pytest.mark.regel("R-EVB-9")
def test_avbrutna_raknas_for_sig_och_visar_dagar_sedan_bada(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.beslut("aldrig", date(2023, 1, 1)),
            f.beslut("avbrutet", date(2023, 1, 1)),
            f.verkstallt("avbrutet", date(2023, 2, 1)),
            f.avbrutet("avbrutet", date(2023, 6, 1)),
            f.beslut("nyss avbrutet", date(2023, 1, 1)),
            f.verkstallt("nyss avbrutet", date(2023, 2, 1)),
            f.avbrutet("nyss avbrutet", date(2023, 10, 1)),
        ),
    )
    rader = {rad.beslut: rad for rad in lista(fraga, kommun, PER).rader}
    assert set(rader) == {id_for("aldrig"), id_for("avbrutet")}
    aldrig, avbrutet = rader[id_for("aldrig")], rader[id_for("avbrutet")]
    assert (aldrig.ej_aterupptagen, aldrig.dagar_sedan_avbrott) == (False, None)
    assert avbrutet.ej_aterupptagen
    assert avbrutet.dagar_sedan_beslut == (PER - date(2023, 1, 1)).days
    assert avbrutet.dagar_sedan_avbrott == (PER - date(2023, 6, 1)).days


@pytest.mark.regel("R-EVB-9", "R-EVB-15")
def test_det_som_ar_delvis_verkstallt_ar_ej_verkstallt_tills_dagen_da_det_avbryts(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.beslut("b", date(2023, 1, 1)),
            f.verkstallt("b", date(2023, 2, 1), omfattning=Omfattning.DELVIS),
            f.avbrutet("b", PER),
        ),
    )
    (dagen_fore,) = lista(fraga, kommun, PER - timedelta(days=1)).rader
    (dagen,) = lista(fraga, kommun, PER).rader
    assert (dagen_fore.lage, dagen_fore.ej_aterupptagen) == ("delvis", False)
    assert (dagen.lage, dagen.ej_aterupptagen) == ("avbruten", True)
    assert (dagen.dagar_sedan_beslut, dagen.dagar_sedan_avbrott) == (364, 0)
    assert dagen.klocka_fran == dagen_fore.klocka_fran == date(2023, 1, 1)


@pytest.mark.regel("R-BES-7")
def test_beslut_som_evb_inte_foljer_star_aldrig_pa_listan(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.beslut("lvu", date(2023, 1, 1), lag="SoL", lagrum="2 § LVU", evb=False),
            f.beslut("sol", date(2023, 1, 1), lag="SoL", lagrum="4 kap. 1 § SoL"),
        ),
    )
    assert [rad.beslut for rad in lista(fraga, kommun, PER, "SoL").rader] == [id_for("sol")]


def test_en_namnd_utan_rader_namns_bara_for_den_lag_som_den_har_beslut_under(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.beslut("ute", date(2023, 1, 1), namnd="Ärendenämnden"),
            f.beslut("klart", date(2023, 1, 1), namnd="Åtgärdsnämnden"),
            f.verkstallt("klart", date(2023, 1, 2)),
            f.beslut("senare", date(2024, 1, 1), namnd="Framtidsnämnden"),
            f.beslut("annan", date(2023, 12, 1), namnd="Solnämnden", lag="SoL"),
        ),
    )
    assert lista(fraga, kommun, PER).namnder_utan == ("Åtgärdsnämnden",)
    assert lista(fraga, kommun, PER, "SoL").namnder_utan == ("Solnämnden",)


@pytest.mark.regel("R-KLO-1", "R-EVB-1", "R-EVB-9", "R-EVB-14", "R-EVB-15", "R-KOS-7")
@settings(deadline=None, max_examples=60)
@given(
    beslutsvarldar,
    st.one_of(st.none(), st.integers(-1, 40).map(lambda n: BORJAN + timedelta(minutes=n))),
    st.lists(st.dates(FORSTA, SISTA), min_size=3, max_size=3),
    st.sampled_from(["1m", "1d", "20d"]),
)
def test_listan_och_lagena_ar_oraklets(
    flode: Flode,
    fraga: Fragor,
    fakta: list[Faktum],
    vid: datetime | None,
    dagar: list[date],
    grans: str,
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, [Handelse(faktum.registrerad, faktum.handelse) for faktum in fakta])

    orakel = Orakel(fakta, KLIENT, vid or BORJAN + timedelta(days=9))
    facit = {beslut: orakel.evb(beslut, FORSTA, SISTA) for beslut in orakel.beslut()}
    for per in dagar:
        listade = {}
        for beslut, dag_for_dag in facit.items():
            lage = dag_for_dag.get(per)
            if lage and lage.klocka_fran and nar_gransen_passerats(lage.klocka_fran, per, grans):
                listade[beslut] = lage
        svar = lista(fraga, kommun, per, "SoL", grans, vid).rader
        assert len(svar) == len(listade)
        for rad in svar:
            lage = listade[rad.beslut]
            assert (rad.lage, rad.klocka_fran, rad.orsak) == (
                lage.lage,
                lage.klocka_fran,
                lage.orsak,
            )
            assert rad.ej_aterupptagen == (lage.lage == "avbruten")
            assert rad.avbrottsdatum == lage.avbrottsdatum
            assert rad.dagar_sedan_beslut == (per - rad.beslutsdatum).days
    for beslut, dag_for_dag in facit.items():
        lagen = fraga(kommun, vid, evb_lagen, beslut)
        for dag in (FORSTA + timedelta(days=n) for n in range((SISTA - FORSTA).days + 1)):
            pa_dagen = [x for x in lagen if x.fran <= dag and (x.till is None or dag <= x.till)]
            assert [(x.lage, x.klocka_fran) for x in pa_dagen] == [
                (x.lage, x.klocka_fran) for x in [dag_for_dag.get(dag)] if x
            ]
