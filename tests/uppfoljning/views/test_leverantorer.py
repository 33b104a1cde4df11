"""Report 3: who counts as used, where, and the two totals."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from contracts.handelse import Kontraktshandelse
from contracts.leverantor import LeverantorRegistrerad
from contracts.ord import Form, Leverantorstyp, Regi
from services.uppfoljning.views.leverantorer import Leverantorsrapport, leverantorer
from services.uppfoljning.views.underlag import KandPer
from tests.uppfoljning.stod import Flode, Fragor, id_for, ny_kommun
from tests.uppfoljning.views import fakta as f

FRAN, TILL = date(2023, 7, 1), date(2024, 6, 17)
VERKLIGA = Path(__file__).parents[2] / "data" / "leverantorer_per_omrade_2023-07-01_2024-06-17.csv"


def rapport(fraga: Fragor, kommun: str, kand_per: KandPer = None) -> Leverantorsrapport:
    return fraga(kommun, kand_per, leverantorer, FRAN, TILL)


def hos(
    orgnr: str,
    omrade: str,
    nr: int = 0,
    fran: date = date(2023, 8, 1),
    till: date | None = date(2023, 8, 10),
) -> list[Kontraktshandelse]:
    """A supplier used in an område, by a klient of its own."""
    namn = f"{orgnr} {omrade} {nr}"
    return [
        f.leverantor(orgnr, f"Bolag {orgnr}"),
        f.avtal(f"avtal {orgnr} {omrade}", omrade, orgnr),
        f.klient(namn),
        *f.placering(
            namn, fran, till, namn, leverantor=orgnr, avtal=f"avtal {orgnr} {omrade}"
        ),
    ]  # fmt: skip


@pytest.mark.regel("R-LEV-2")
def test_en_leverantor_i_tva_omraden_raknas_i_bada_och_en_gang_bland_olika(
    flode: Flode, fraga: Fragor
) -> None:
    kommun = ny_kommun()
    flode.hande(
        kommun,
        f.nu(
            hos("556016-0680", "Barn och unga", 1),
            hos("556016-0680", "Barn och unga", 2),
            hos("556016-0680", "Vuxna"),
            hos("556703-7485", "Vuxna"),
            f.placering(
                "samma klient igen",
                date(2023, 9, 1),
                date(2023, 9, 10),
                "556703-7485 Vuxna 0",
                leverantor="556703-7485",
                avtal="avtal 556703-7485 Vuxna",
            ),
        ),
    )
    svar = rapport(fraga, kommun)
    assert svar.antal_per_omrade == {"Barn och unga": 1, "Vuxna": 2}
    assert (svar.summa_over_omraden, svar.antal_leverantorer) == (3, 2)
    assert [
        (r.omrade, r.organisationsnummer, r.antal_placeringar, r.varddygn, r.kostnad_ore)
        for r in svar.rader
    ] == [
        ("Barn och unga", "556016-0680", 2, 20, 20_000),
        ("Vuxna", "556016-0680", 1, 10, 10_000),
        ("Vuxna", "556703-7485", 2, 20, 20_000),
    ]


@pytest.mark.regel("R-LEV-1", "R-LEV-2", "R-PLA-14")
def test_kommuners_regioners_och_egna_bolags_hem_sis_och_egna_hem_ar_inte_med(
    flode: Flode, fraga: Fragor
) -> None:
    kommun, dag = ny_kommun(), date(2023, 8, 1)
    typer = [Leverantorstyp.KOMMUN, Leverantorstyp.REGION, Leverantorstyp.EGET_BOLAG]
    flode.hande(
        kommun,
        f.nu(
            f.klient(),
            hos("556016-0680", "Vuxna"),
            *[
                [
                    f.leverantor(f"21200{nr}-0000", "Annan", typ),
                    *f.placering(f"p{nr}", dag, dag, leverantor=f"21200{nr}-0000"),
                ]
                for nr, typ in enumerate(typer)
            ],
            f.placering("sis", dag, dag, form=Form.SIS, regi=Regi.STATEN, leverantor=None),
            f.placering("sis2", dag, dag, form=Form.SIS, regi=Regi.STATEN),
            f.placering("eget", dag, dag, form=Form.FAMILJEHEM, regi=Regi.EGEN, leverantor=None),
        ),
    )
    assert [rad.organisationsnummer for rad in rapport(fraga, kommun).rader] == ["556016-0680"]


@pytest.mark.regel("R-LEV-2")
@pytest.mark.parametrize(
    ("fran", "till", "nyttjad"),
    [
        (date(2023, 6, 1), date(2023, 6, 30), False),
        (date(2023, 6, 1), date(2023, 7, 1), True),
        (date(2024, 6, 17), date(2024, 7, 1), True),
        (date(2024, 6, 18), date(2024, 7, 1), False),
        (date(2020, 1, 1), None, True),
    ],
)
def test_en_leverantor_ar_nyttjad_med_minst_ett_dygn_i_perioden(
    flode: Flode, fraga: Fragor, fran: date, till: date | None, nyttjad: bool
) -> None:
    kommun = ny_kommun()
    flode.hande(kommun, f.nu(hos("556016-0680", "Vuxna", fran=fran, till=till)))
    assert bool(rapport(fraga, kommun).rader) is nyttjad


@pytest.mark.regel("R-LEV-2")
def test_de_verkliga_talen_per_omrade_och_summan_127(flode: Flode, fraga: Fragor) -> None:
    with VERKLIGA.open(encoding="utf-8", newline="") as fil:
        verkliga = {
            rad["omrade"]: int(rad["antal_nyttjade_leverantorer"]) for rad in csv.DictReader(fil)
        }
    summa = verkliga.pop("Totalt")
    kommun = ny_kommun()
    # Every område takes its suppliers from the same list: most of them are in several.
    flode.hande(
        kommun,
        f.nu(
            *[
                hos(f"556{nr:03d}-{nr:04d}", omrade)
                for omrade, antal in verkliga.items()
                for nr in range(antal)
            ]
        ),
    )
    svar = rapport(fraga, kommun)
    assert svar.antal_per_omrade == verkliga
    assert sorted(verkliga.values()) == [3, 17, 46, 61]
    assert svar.summa_over_omraden == summa == 127
    assert svar.antal_leverantorer == 61


def test_en_leverantor_som_registret_inte_kanner_syns_och_raknas(
    flode: Flode, fraga: Fragor
) -> None:
    kommun, dag = ny_kommun(), date(2023, 8, 1)
    flode.hande(kommun, f.nu(f.klient(), f.placering("p", dag, dag)))
    (rad,) = rapport(fraga, kommun).rader
    assert (rad.omrade, rad.organisationsnummer, rad.namn) == (
        "",
        f.ORGNR,
        "(finns inte i registret)",
    )


@pytest.mark.regel("R-LEV-3")
def test_ett_nummer_som_registrerats_pa_nytt_bar_det_namn_som_kom_sist(
    flode: Flode, fraga: Fragor
) -> None:
    kommun, dag, senare = ny_kommun(), date(2023, 8, 1), datetime(2024, 8, 1, tzinfo=UTC)
    igen = LeverantorRegistrerad(
        leverantor=id_for("igen"), organisationsnummer=f.ORGNR, namn="Nya bolaget",
        typ=Leverantorstyp.PRIVAT,
    )  # fmt: skip
    flode.hande(
        kommun,
        f.nu(f.leverantor(), f.klient(), f.placering("p", dag, dag)) + f.vid(senare, igen),
    )
    assert [rad.namn for rad in rapport(fraga, kommun, date(2024, 7, 1)).rader] == ["Bolaget"]
    assert [rad.namn for rad in rapport(fraga, kommun).rader] == ["Nya bolaget"]


@pytest.mark.regel("R-LEV-1", "R-KOS-7")
def test_vad_en_leverantor_ar_for_slag_ar_det_som_var_kant_da(flode: Flode, fraga: Fragor) -> None:
    kommun, dag, senare = ny_kommun(), date(2023, 8, 1), datetime(2024, 8, 1, tzinfo=UTC)
    flode.hande(
        kommun,
        f.nu(f.leverantor(), f.klient(), f.placering("p", dag, dag))
        + f.vid(senare, f.leverantor_rattad("Bolaget", Leverantorstyp.EGET_BOLAG)),
    )
    assert len(rapport(fraga, kommun, date(2024, 7, 1)).rader) == 1
    assert rapport(fraga, kommun).rader == ()
