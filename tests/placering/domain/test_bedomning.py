"""Where a placering may be: form, regi, supplier, unit and avtal."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.ord import PLACERINGSFORMER, Form, Leverantorstyp, Regi, SkalUtomRamavtal
from services.chassis.rules import Breach
from services.placering.domain import regler
from services.placering.domain.bedomning import Begaran, Uppgifter, bedom
from services.placering.domain.register import (
    Avropsstopp,
    Avtalsuppgift,
    Enhetsuppgift,
    Leverantorsuppgift,
    Register,
)
from tests.placering.domain.bygge import brott

NUMMER = "556036-0793"
ANNAT = "559999-1238"
ENHET, ANDRAS_ENHET = UUID(int=11), UUID(int=12)
FRAN = date(2026, 2, 1)
SKAL = SkalUtomRamavtal.AKUT


def begaran(**andra: Any) -> Begaran:
    falt: dict[str, Any] = {
        "placeringsform": "hvb",
        "leverantor": NUMMER,
        "enhet": None,
        "avtal": None,
        "regi": None,
        "fran": FRAN,
        "dygnspris_ore": None,
        "skal_utom_ramavtal": None,
    }
    return Begaran(**(falt | andra))


def avtal(id: int, **andra: Any) -> Avtalsuppgift:
    falt: dict[str, Any] = {
        "avtal": UUID(int=id),
        "organisationsnummer": NUMMER,
        "enhet": None,
        "fran": date(2020, 1, 1),
        "till": None,
    }
    return Avtalsuppgift(**(falt | andra))


def register(
    *avtalen: Avtalsuppgift,
    typ: Leverantorstyp = Leverantorstyp.PRIVAT,
    stopp: tuple[Avropsstopp, ...] = (),
) -> Register:
    return Register(
        [Leverantorsuppgift(NUMMER, typ, stopp)],
        [
            Enhetsuppgift(ENHET, NUMMER, "Solgården"),
            Enhetsuppgift(UUID(int=13), NUMMER, "Solgården"),
            Enhetsuppgift(ANDRAS_ENHET, ANNAT, "Månen"),
        ],
        avtalen,
    )


def utfall(
    har: Register, *, aven_stopp: bool = True, **andra: Any
) -> tuple[Uppgifter, list[tuple[str | None, str] | None]]:
    uppgifter, fel = bedom(begaran(**andra), har, aven_stopp=aven_stopp)
    return uppgifter, [brott(ett) for ett in fel]


UNDER_AVTAL = register(avtal(1))


# -- R-PLA-15 and -14 -----------------------------------------------------------------------------


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize(
    ("kod", "typ", "regi"),
    [
        ("hvb", Leverantorstyp.PRIVAT, Regi.EXTERN_PRIVAT),
        ("hvb", Leverantorstyp.KOMMUN, Regi.ANNAN_KOMMUN_REGION),
        ("hvb", Leverantorstyp.REGION, Regi.ANNAN_KOMMUN_REGION),
        ("hvb", Leverantorstyp.EGET_BOLAG, Regi.EGEN),
        ("konsulentstott_familjehem", Leverantorstyp.PRIVAT, Regi.KONSULENTSTODD),
        ("jourhem", Leverantorstyp.PRIVAT, Regi.KONSULENTSTODD),
        ("jourhem", Leverantorstyp.KOMMUN, Regi.ANNAN_KOMMUN_REGION),
        ("familjehem_vuxna", Leverantorstyp.PRIVAT, Regi.EXTERN_PRIVAT),
    ],
)
def test_regin_foljer_av_formen_och_leverantorens_slag(
    kod: str, typ: Leverantorstyp, regi: Regi
) -> None:
    uppgifter, fel = utfall(register(avtal(1), typ=typ), placeringsform=kod)
    assert fel == []
    assert uppgifter.regi is regi


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize(
    ("kod", "form", "regi", "natverk"),
    [
        ("eget_familjehem", Form.FAMILJEHEM, Regi.EGEN, False),
        ("natverkshem", Form.FAMILJEHEM, Regi.EGEN, True),
        ("jourhem", Form.JOURHEM, Regi.EGEN, False),
        ("sis", Form.SIS, Regi.STATEN, False),
    ],
)
def test_egna_hem_och_sis_har_ingen_leverantor(
    kod: str, form: Form, regi: Regi, natverk: bool
) -> None:
    uppgifter, fel = utfall(Register(), placeringsform=kod, leverantor=None)
    assert fel == []
    assert (uppgifter.form, uppgifter.regi, uppgifter.natverk) == (form, regi, natverk)
    assert (uppgifter.leverantor, uppgifter.avtal) == (None, None)


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize("kod", ["hvb", "konsulentstott_familjehem", "boende_vuxna"])
def test_en_kopt_placering_ska_ha_leverantor(kod: str) -> None:
    _, fel = utfall(Register(), placeringsform=kod, leverantor=None)
    assert fel == [("R-PLA-15", "/leverantor")]


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize("regi", [Regi.EGEN, Regi.ANNAN_FORVALTNING])
def test_ett_eget_hvb_anges_med_regi(regi: Regi) -> None:
    uppgifter, fel = utfall(Register(), leverantor=None, regi=regi)
    assert (uppgifter.regi, fel) == (regi, [])


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize("kod", ["eget_familjehem", "natverkshem"])
def test_ett_eget_hem_har_ingen_leverantor(kod: str) -> None:
    _, fel = utfall(UNDER_AVTAL, placeringsform=kod)
    assert fel == [("R-PLA-15", "/leverantor")]


@pytest.mark.regel("R-PLA-14")
def test_sis_har_ingen_leverantor() -> None:
    _, fel = utfall(UNDER_AVTAL, placeringsform="sis")
    assert fel == [("R-PLA-14", "/leverantor")]
    assert utfall(Register(), placeringsform="sis", leverantor=None)[1] == []


@pytest.mark.regel("R-PLA-15")
@pytest.mark.parametrize(
    ("kod", "typ", "regi", "gar"),
    [
        ("hvb", Leverantorstyp.PRIVAT, Regi.EXTERN_PRIVAT, True),
        ("hvb", Leverantorstyp.PRIVAT, Regi.KONSULENTSTODD, False),
        ("hvb", Leverantorstyp.PRIVAT, Regi.EGEN, False),
        ("hvb", Leverantorstyp.KOMMUN, Regi.ANNAN_KOMMUN_REGION, True),
        ("hvb", Leverantorstyp.KOMMUN, Regi.EXTERN_PRIVAT, False),
        ("jourhem", Leverantorstyp.PRIVAT, Regi.KONSULENTSTODD, True),
        ("jourhem", Leverantorstyp.PRIVAT, Regi.EXTERN_PRIVAT, True),
        ("jourhem", Leverantorstyp.KOMMUN, Regi.KONSULENTSTODD, False),
        ("konsulentstott_familjehem", Leverantorstyp.PRIVAT, Regi.KONSULENTSTODD, True),
        ("konsulentstott_familjehem", Leverantorstyp.PRIVAT, Regi.EXTERN_PRIVAT, False),
    ],
)
def test_en_angiven_regi_sager_inte_emot(
    kod: str, typ: Leverantorstyp, regi: Regi, gar: bool
) -> None:
    _, fel = utfall(register(avtal(1), typ=typ), placeringsform=kod, regi=regi)
    assert fel == ([] if gar else [("R-PLA-15", "/regi")])


@pytest.mark.regel("R-PLA-15")
def test_regin_hos_en_okand_leverantor_kan_inte_domas() -> None:
    uppgifter, fel = utfall(Register(), regi=Regi.EXTERN_PRIVAT, skal_utom_ramavtal=SKAL)
    assert (uppgifter.regi, fel) == (Regi.EXTERN_PRIVAT, [(None, "/leverantor")])
    okand, _ = utfall(Register(), placeringsform="jourhem")
    assert okand.regi is Regi.KONSULENTSTODD
    assert utfall(Register())[0].regi is Regi.EXTERN_PRIVAT


@pytest.mark.regel("R-PLA-15")
def test_utan_leverantor_gar_ingen_kopt_regi() -> None:
    _, fel = utfall(Register(), placeringsform="jourhem", leverantor=None, regi=Regi.KONSULENTSTODD)
    assert fel == [("R-PLA-15", "/regi")]


@pytest.mark.regel("R-PLA-15")
def test_varje_placeringsform_kan_bedomas() -> None:
    for form in PLACERINGSFORMER:
        nummer = NUMMER if form.har_leverantor else None
        uppgifter, fel = utfall(UNDER_AVTAL, placeringsform=form.kod, leverantor=nummer)
        assert (uppgifter.form, fel) == (form.form, [])


# -- supplier and unit ----------------------------------------------------------------------------


def test_en_okand_leverantor_avvisas() -> None:
    _, fel = utfall(UNDER_AVTAL, leverantor=ANNAT, skal_utom_ramavtal=SKAL)
    assert fel == [(None, "/leverantor")]


@pytest.mark.parametrize("enhet", [UUID(int=99), ANDRAS_ENHET])
def test_en_okand_eller_annans_enhet_avvisas(enhet: UUID) -> None:
    _, fel = utfall(UNDER_AVTAL, enhet=enhet)
    assert fel == [(None, "/enhet")]


def test_en_enhet_hittas_pa_namnet_och_av_flera_den_forsta() -> None:
    har = register()
    funnen = har.enhet_med_namn(NUMMER, "SOLGÅRDEN")
    assert funnen is not None
    assert funnen.enhet == ENHET
    assert har.enhet_med_namn(NUMMER, "Månen") is None


@pytest.mark.regel("R-PLA-4")
@pytest.mark.parametrize(
    ("stopp", "hindrar"),
    [
        (Avropsstopp(date(2026, 2, 1), None), True),
        (Avropsstopp(date(2026, 2, 2), None), False),
        (Avropsstopp(date(2025, 1, 1), date(2026, 2, 1)), True),
        (Avropsstopp(date(2025, 1, 1), date(2026, 1, 31)), False),
    ],
)
def test_avropsstopp_hindrar_ny_placering(stopp: Avropsstopp, hindrar: bool) -> None:
    _, fel = utfall(register(avtal(1), stopp=(stopp,)))
    assert fel == ([("R-PLA-4", "/leverantor")] if hindrar else [])


@pytest.mark.regel("R-PLA-4")
def test_ett_senare_avropsstopp_hindrar_inte_en_rattelse() -> None:
    stoppad = register(avtal(1), stopp=(Avropsstopp(FRAN, None),))
    assert utfall(stoppad, aven_stopp=False)[1] == []


# -- R-PLA-3 --------------------------------------------------------------------------------------


@pytest.mark.regel("R-PLA-3")
def test_enhetens_avtal_gar_fore_leverantorens() -> None:
    har = register(avtal(1), avtal(2, enhet=ENHET), avtal(3, enhet=UUID(int=13)))
    assert utfall(har, enhet=ENHET)[0].avtal == UUID(int=2)
    assert utfall(har)[0].avtal == UUID(int=1)


@pytest.mark.regel("R-PLA-3")
def test_leverantorens_avtal_galler_en_enhet_utan_eget() -> None:
    uppgifter, fel = utfall(register(avtal(1)), enhet=ENHET)
    assert (uppgifter.avtal, fel) == (UUID(int=1), [])


@pytest.mark.regel("R-PLA-3", "R-PLA-4")
@pytest.mark.parametrize(
    ("fran", "till", "galler"),
    [
        (date(2026, 2, 1), None, True),
        (date(2026, 2, 2), None, False),
        (date(2020, 1, 1), date(2026, 2, 1), True),
        (date(2020, 1, 1), date(2026, 1, 31), False),
    ],
)
def test_avtalet_galler_pa_startdagen(fran: date, till: date | None, galler: bool) -> None:
    har = register(avtal(1, fran=fran, till=till))
    _, fel = utfall(har)
    assert fel == ([] if galler else [("R-PLA-3", "/skal_utom_ramavtal")])
    _, fel = utfall(har, avtal=UUID(int=1))
    assert fel == ([] if galler else [("R-PLA-4", "/avtal")])


@pytest.mark.regel("R-PLA-3")
def test_av_flera_avtal_ska_ett_anges_och_det_forsta_tas() -> None:
    har = register(avtal(1), avtal(2, fran=date(2019, 1, 1)), avtal(3, fran=date(2019, 1, 1)))
    uppgifter, fel = utfall(har)
    assert (uppgifter.avtal, fel) == (UUID(int=2), [("R-PLA-3", "/avtal")])
    uppgifter, fel = utfall(har, avtal=UUID(int=1))
    assert (uppgifter.avtal, fel) == (UUID(int=1), [])


@pytest.mark.parametrize(
    "annat",
    [
        {"avtal": UUID(int=99)},
        {"avtal": UUID(int=4)},
        {"avtal": UUID(int=5)},
        {"avtal": UUID(int=5), "enhet": ENHET},
    ],
)
def test_ett_angivet_avtal_ska_vara_leverantorens_och_galla_enheten(annat: dict[str, Any]) -> None:
    har = register(avtal(4, organisationsnummer=ANNAT), avtal(5, enhet=UUID(int=13)))
    uppgifter, fel = utfall(har, **annat)
    assert (uppgifter.avtal, fel) == (None, [(None, "/avtal")])


@pytest.mark.regel("R-PLA-3")
def test_utom_ramavtal_ska_ha_skal() -> None:
    assert utfall(register())[1] == [("R-PLA-3", "/skal_utom_ramavtal")]
    uppgifter, fel = utfall(register(), skal_utom_ramavtal=SKAL)
    assert (uppgifter.avtal, uppgifter.skal_utom_ramavtal, fel) == (None, SKAL, [])


@pytest.mark.regel("R-PLA-3")
def test_eget_bolag_behover_inget_ramavtal() -> None:
    har = register(typ=Leverantorstyp.EGET_BOLAG)
    assert utfall(har)[1] == []
    assert utfall(har, skal_utom_ramavtal=SKAL)[1] == []


@pytest.mark.regel("R-PLA-3")
def test_skalet_annat_ska_ha_text() -> None:
    annat = SkalUtomRamavtal.ANNAT
    assert utfall(register(), skal_utom_ramavtal=annat)[1] == [("R-PLA-3", "/text")]
    assert utfall(register(), skal_utom_ramavtal=annat, har_text=True)[1] == []


@pytest.mark.regel("R-PLA-3")
def test_ett_skal_anges_bara_utom_ramavtal() -> None:
    _, fel = utfall(UNDER_AVTAL, skal_utom_ramavtal=SKAL)
    assert fel == [("R-PLA-3", "/skal_utom_ramavtal")]
    _, fel = utfall(Register(), placeringsform="sis", leverantor=None, skal_utom_ramavtal=SKAL)
    assert fel == [("R-PLA-3", "/skal_utom_ramavtal")]


def test_brott_bar_svensk_text() -> None:
    funnet = regler.leverantor_finns(None, "/leverantor")
    assert funnet == Breach(None, "/leverantor", "Leverantören finns inte i registret.")
