"""Report 1 at the edges: months, birthdays, running placements, rounding, missing prices."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.ord import Dagrakning, Form, Leverantorstyp, Prisslag, Regi
from services.uppfoljning.views.dygnskostnader import Dygnskostnader, Tal, dygnskostnader
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import KandPer
from tests.uppfoljning.stod import Flode, Fragor, ny_kommun
from tests.uppfoljning.views import fakta as f


def rapport(
    fraga: Fragor,
    kommun: str,
    fran: date,
    till: date,
    snitt: Snitt = Snitt.PLACERINGSFORM,
    kand_per: KandPer = None,
) -> Dygnskostnader:
    return fraga(kommun, kand_per, dygnskostnader, fran, till, snitt)


def per_nyckel(svar: Dygnskostnader) -> dict[str, Tal]:
    return {nyckel: tal for nyckel, _, tal in svar.rader}


def test_den_som_fyller_tretton_byter_klass_den_forsta_i_manaden(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(fodelsemanad="2010-05"),
            f.placering("p", date(2023, 4, 20), date(2023, 5, 10)),
        ),
    )
    svar = rapport(fraga, kommun, date(2023, 1, 1), date(2023, 12, 31), Snitt.ALDERSKLASS)
    assert {n: (t.debiterade_dygn, t.varddygn) for n, t in per_nyckel(svar).items()} == {
        "0-12": (11, 11),
        "13-20": (10, 10),
    }
    assert {t.antal_placerade for t in per_nyckel(svar).values()} == {1}
    assert (svar.summa.antal_placerade, svar.summa.antal_placeringar) == (1, 1)


def test_den_som_fyller_tjugoett_byter_klass_och_okand_alder_star_for_sig(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient("k", fodelsemanad="2003-03"),
            f.placering("p", date(2024, 2, 28), date(2024, 3, 1)),
            f.klient("x"),
            f.placering("q", date(2024, 2, 28), date(2024, 3, 1), "x"),
        ),
    )
    svar = rapport(fraga, kommun, date(2024, 1, 1), date(2024, 12, 31), Snitt.ALDERSKLASS)
    assert [(n, t.varddygn) for n, _, t in svar.rader] == [("13-20", 2), ("21+", 1), ("okand", 3)]


@pytest.mark.parametrize(
    ("fran", "till", "vantat"),
    [
        (date(2024, 3, 31), date(2024, 4, 1), {"2024-03": 1, "2024-04": 1}),
        (date(2024, 2, 28), date(2024, 3, 1), {"2024-02": 2, "2024-03": 1}),
        (date(2023, 2, 28), date(2023, 3, 1), {"2023-02": 1, "2023-03": 1}),
        (date(2023, 12, 31), date(2024, 2, 1), {"2023-12": 1, "2024-01": 31, "2024-02": 1}),
        (date(2024, 3, 31), date(2024, 3, 31), {"2024-03": 1}),
    ],
)
def test_ett_dygn_hor_till_den_manad_som_dess_datum_ligger_i(
    flode: Flode, fraga: Fragor, fran: date, till: date, vantat: dict[str, int]
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, f.nu(f.klient(), f.placering("p", fran, till)))
    svar = rapport(fraga, kommun, date(2020, 1, 1), date(2025, 12, 31), Snitt.MANAD)
    assert {nyckel: tal.debiterade_dygn for nyckel, tal in per_nyckel(svar).items()} == vantat
    assert [nyckel for nyckel, _, _ in svar.rader] == sorted(vantat)
    for manad, dygn in vantat.items():
        ar, nr = map(int, manad.split("-"))
        forsta = date(ar, nr, 1)
        sista = (forsta + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        assert rapport(fraga, kommun, forsta, sista).summa.debiterade_dygn == dygn


def test_en_pagaende_placering_raknas_till_periodens_slut(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, f.nu(f.klient(), f.placering("p", date(2023, 12, 30))))
    assert rapport(fraga, kommun, date(2024, 1, 1), date(2024, 1, 31)).summa.varddygn == 31


def test_en_pagaende_placering_raknas_till_i_dag_i_en_period_som_inte_ar_slut(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    idag = fraga.underlag(kommun, None).idag
    flode.hande(kommun, f.nu(f.klient(), f.placering("p", idag - timedelta(days=9))))
    svar = rapport(fraga, kommun, date(2020, 1, 1), idag + timedelta(days=400))
    assert (svar.summa.varddygn, svar.summa.debiterade_dygn) == (10, 10)


def test_ett_pris_som_ar_avtalat_framat_ger_inga_debiterade_dygn_i_forvag(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    idag = fraga.underlag(kommun, None).idag
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.placering("p", idag - timedelta(days=9)),
            f.prisrad("p", idag + timedelta(days=30), 5_000),
            f.prisrad(
                "p", idag - timedelta(days=1), 10, idag + timedelta(days=5), slag=Prisslag.TILLAGG
            ),
        ),
    )
    for snitt in Snitt:
        svar = rapport(fraga, kommun, date(2020, 1, 1), idag + timedelta(days=400), snitt)
        assert (svar.summa.varddygn, svar.summa.debiterade_dygn) == (10, 10)
        assert svar.summa.kostnad_ore == 10 * 1_000 + 2 * 10


def test_en_annan_placering_langre_fram_ger_en_pagaende_inga_vardygn_i_forvag(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    idag = fraga.underlag(kommun, None).idag
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.placering("p", idag - timedelta(days=9)),
            f.placering("q", idag + timedelta(days=30), form=Form.STODBOENDE),
        ),
    )
    svar = rapport(fraga, kommun, date(2020, 1, 1), idag + timedelta(days=400))
    assert {nyckel: tal.varddygn for nyckel, tal in per_nyckel(svar).items()} == {"hvb": 10}


def test_en_avslutad_placering_raknas_till_sin_sista_dag_ocksa_nar_den_inte_kommit(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    idag = fraga.underlag(kommun, None).idag
    flode.hande(
        kommun,
        f.nu(f.klient(), f.placering("p", idag, idag + timedelta(days=9))),
    )
    svar = rapport(fraga, kommun, date(2020, 1, 1), idag + timedelta(days=400))
    assert (svar.summa.varddygn, svar.summa.debiterade_dygn) == (10, 10)


@pytest.mark.regel("R-KOS-7")
def test_som_kant_ett_datum_raknas_en_pagaende_placering_till_det_datumet(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, f.nu(f.klient(), f.placering("p", date(2024, 1, 1))))
    svar = rapport(fraga, kommun, date(2024, 1, 1), date(2024, 12, 31), kand_per=date(2024, 1, 10))
    assert svar.summa.varddygn == 10


def test_en_placering_som_borjar_i_framtiden_finns_inte_an(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    idag = fraga.underlag(kommun, None).idag
    flode.hande(kommun, f.nu(f.klient(), f.placering("p", idag + timedelta(days=2))))
    for snitt in Snitt:
        svar = rapport(fraga, kommun, idag, idag + timedelta(days=30), snitt)
        assert (svar.rader, svar.summa) == ((), Tal())


@pytest.mark.regel("R-KOS-2", "R-KOS-17")
def test_noll_debiterade_dygn_ger_ingen_dygnskostnad(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.avtal("a", "HVB", dagrakning=Dagrakning.ANKOMST),
            f.klient(),
            f.placering("p", date(2024, 1, 1), date(2024, 1, 31), avtal="a"),
        ),
    )
    svar = rapport(fraga, kommun, date(2024, 1, 31), date(2024, 1, 31)).summa
    assert svar == Tal(antal_placerade=1, antal_placeringar=1, varddygn=1)
    assert svar.dygnskostnad_ore is None


@pytest.mark.regel("R-KOS-9", "R-KOS-17")
@pytest.mark.parametrize(
    ("dygn", "tillagg", "dygnskostnad"),
    [(2, 1, 2), (3, 1, 1), (3, 2, 2), (4, 2, 2), (4, 1, 1)],  # 1,5 1,33 1,67 1,5 1,25
)
def test_dygnskostnaden_avrundas_med_halva_oret_uppat(
    flode: Flode, fraga: Fragor, dygn: int, tillagg: int, dygnskostnad: int
) -> None:
    kommun, fran = ny_kommun(), date(2024, 1, 1)
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.placering("p", fran, fran + timedelta(days=dygn - 1), dygnspris_ore=1),
            f.prisrad("p", fran, tillagg, till=fran, slag=Prisslag.TILLAGG),
        ),
    )
    summa = rapport(fraga, kommun, fran, date(2024, 1, 31)).summa
    assert summa.kostnad_ore == dygn + tillagg
    assert summa.dygnskostnad_ore == dygnskostnad


def test_dygn_utan_pris_raknas_och_kostar_det_som_ar_kant(flode: Flode, fraga: Fragor) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.placering("p", date(2024, 1, 1), date(2024, 1, 10), dygnspris_ore=None),
            f.prisrad("p", date(2024, 1, 3), 100, date(2024, 1, 4), slag=Prisslag.TILLAGG),
            f.prisrad("p", date(2024, 1, 6), 1_000),
        ),
    )
    summa = rapport(fraga, kommun, date(2024, 1, 1), date(2024, 1, 31)).summa
    assert (summa.debiterade_dygn, summa.dygn_utan_pris) == (10, 5)
    assert summa.kostnad_ore == 2 * 100 + 5 * 1_000


def test_raderna_star_i_formernas_ordning_och_bar_lasbara_namn(flode: Flode, fraga: Fragor) -> None:
    kommun, dag = ny_kommun(), date(2024, 1, 1)
    flode.hande(
        kommun,
        f.nu(
            f.leverantor(namn="Bolaget"),
            f.klient(),
            f.placering("s", dag, dag, form=Form.STODBOENDE),
            f.placering(
                "n", dag, dag, form=Form.FAMILJEHEM, regi=Regi.EGEN, natverk=True, leverantor=None
            ),
            f.placering("i", dag, dag, form=Form.SIS, regi=Regi.STATEN, leverantor=None),
            f.placering("h", dag, dag),
            f.placering("o", dag, dag, leverantor="559000-0005"),
        ),
    )
    former = rapport(fraga, kommun, dag, dag).rader
    assert [(nyckel, namn) for nyckel, namn, _ in former] == [
        ("hvb", "HVB"),
        ("sis", "SiS"),
        ("natverkshem", "Nätverkshem"),
        ("stodboende", "Stödboende"),
    ]
    hos = rapport(fraga, kommun, dag, dag, Snitt.LEVERANTOR).rader
    assert [(nyckel, namn, tal.antal_placeringar) for nyckel, namn, tal in hos] == [
        ("", "Egna hem och SiS", 2),
        (f.ORGNR, "Bolaget", 2),
        ("559000-0005", "559000-0005", 1),
    ]


@pytest.mark.regel("R-LEV-3", "R-KOS-7")
def test_en_leverantor_bar_det_namn_som_var_kant_da(flode: Flode, fraga: Fragor) -> None:
    kommun, dag = ny_kommun(), date(2024, 1, 1)
    senare = datetime(2024, 6, 1, tzinfo=UTC)
    flode.hande(
        kommun,
        f.nu(f.leverantor(namn="Solrosen"), f.klient(), f.placering("p", dag, dag))
        + f.vid(senare, f.leverantor_rattad("Viskaforshem AB", Leverantorstyp.PRIVAT)),
    )
    namn = [
        rapport(fraga, kommun, dag, dag, Snitt.LEVERANTOR, kand).rader[0][1]
        for kand in (date(2024, 5, 1), senare, None)
    ]
    assert namn == ["Solrosen", "Viskaforshem AB", "Viskaforshem AB"]


@pytest.mark.regel("R-KOS-17", "R-PLA-1")
def test_flyttdagen_debiteras_hos_bada_och_ar_ett_vardygn_hos_den_som_tar_emot(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            f.placering("p", date(2024, 1, 1), date(2024, 1, 10)),
            f.placering("q", date(2024, 1, 10), date(2024, 1, 20), form=Form.STODBOENDE),
        ),
    )
    svar = rapport(fraga, kommun, date(2024, 1, 1), date(2024, 1, 31))
    assert {n: (t.debiterade_dygn, t.varddygn) for n, t in per_nyckel(svar).items()} == {
        "hvb": (10, 9),
        "stodboende": (11, 11),
    }
    assert (svar.summa.debiterade_dygn, svar.summa.varddygn) == (21, 20)
    assert (svar.summa.antal_placerade, svar.summa.antal_placeringar) == (1, 2)
