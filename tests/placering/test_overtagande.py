"""History taken over: what refuses a row, what only flags it, and that nothing comes twice."""

import time
from datetime import date
from typing import Any

import pytest

from contracts.ord import PLACERINGSFORMER, Leverantorstyp
from tests.placering.register import ANDRA_NUMMER, NUMMER, Registerskrivare
from tests.stod.tjanst import Klient

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-PLA-18")]

Rad = dict[str, Any]


def beslutsrad(referens: str = "B1", **andra: Any) -> Rad:
    rad = {
        "slag": "beslut",
        "referens": referens,
        "kon": "M",
        "lagrum": "9 § LSS",
        "insatstyp": "Daglig verksamhet",
        "beslutsdatum": "2020-03-27",
    }
    return rad | andra


def placeringsrad(referens: str = "P1", **andra: Any) -> Rad:
    rad = {
        "slag": "placering",
        "referens": referens,
        "kon": "K",
        "fodelsedatum": "2010-02-03",
        "lagrum": "4 kap. 1 § SoL",
        "beslutsdatum": "2024-01-10",
        "placeringsform": "hvb",
        "organisationsnummer": NUMMER,
        "fran": "2024-02-01",
        "dygnspris_ore": 425_000,
    }
    return rad | andra


def prisrad(placering: str = "P1", **andra: Any) -> Rad:
    rad = {
        "slag": "prisandring",
        "placering": placering,
        "fran": "2024-06-01",
        "dygnspris_ore": 437_750,
    }
    return rad | andra


AVSLUT = {"till": "2024-12-31", "avslutsorsak": "planerad"}


async def ta_over(vard: Klient, *rader: Rad, **val: Any) -> list[dict[str, Any]]:
    """What became of the rows."""
    svar = await vard.lagra("/v1/overtaganden", {"rader": list(rader), "delvis": True, **val})
    utfallen: list[dict[str, Any]] = svar["rader"]
    return utfallen


def regler(utfall: dict[str, Any], slag: str = "flaggor") -> set[tuple[str, str]]:
    """(rule, column) of a row's flags or faults."""
    return {(ett["regel"], ett["falt"]) for ett in utfall[slag]}


async def avvisas(vard: Klient, rad: Rad, falt: str, regel: str = "R-PLA-18") -> None:
    """The row is refused in this column by this rule, and stores nothing."""
    fore = vard.antal_handelser()
    (utfall,) = await ta_over(vard, rad)
    assert utfall["utfall"] == "avvisad", utfall
    assert (regel, falt) in regler(utfall, "fel"), utfall
    assert vard.antal_handelser() == fore


BESLUTETS_FLAGGOR = {("R-BES-1", "namnd"), ("R-BES-1", "beslutsfattare")}


# -- beslut ---------------------------------------------------------------------------------------


async def test_ett_beslut_tas_over_och_flaggas_for_det_som_saknas(vard: Klient) -> None:
    (utfall,) = await ta_over(vard, beslutsrad())
    assert (utfall["index"], utfall["referens"], utfall["utfall"]) == (0, "B1", "ny")
    assert regler(utfall) == BESLUTETS_FLAGGOR
    beslut = await vard.las(f"/v1/beslut/{utfall['id']}")
    assert (beslut["lagrum"], beslut["insatstyp"]) == ("9 § LSS", "Daglig verksamhet")
    assert (beslut["flaggor"], beslut["namnd"]) == (["R-BES-1"], None)


async def test_beslutets_steg_foljer_med(vard: Klient) -> None:
    (utfall,) = await ta_over(
        vard,
        beslutsrad(
            namnd="IFN",
            arbetsenhet="LSS 1",
            fodelsear=1990,
            klient="K7",
            verkstallighet="delvis",
            verkstalld_datum="2020-05-01",
            avbrott_datum="2021-01-01",
            aterupptagen_datum="2021-03-01",
            upphord_datum="2022-01-01",
            galler_till="2022-12-31",
            orsak="resursbrist",
        ),
    )
    assert regler(utfall) == {("R-BES-1", "beslutsfattare")}
    beslut = await vard.las(f"/v1/beslut/{utfall['id']}")
    assert [(steg["slag"], steg["datum"]) for steg in beslut["verkstallighet"]] == [
        ("verkstallt", "2020-05-01"),
        ("avbrutet", "2021-01-01"),
        ("aterupptaget", "2021-03-01"),
    ]
    assert beslut["verkstallighet"][0]["omfattning"] == "delvis"
    assert beslut["drojsmal"] == [
        {"datum": "2020-03-27", "orsak": "resursbrist", "niva": "struktur"}
    ]
    assert (beslut["upphort"], beslut["galler_till"]) == ("2022-01-01", "2022-12-31")
    klient = await vard.las(f"/v1/klienter/{beslut['klient']}")
    assert (klient["kon"], klient["fodelsear"], klient["fodelsemanad"]) == ("M", "1990", None)
    assert klient["arbetsenhet"] == "LSS 1"


async def test_ett_verkstallt_datum_utan_omfattning_ar_helt(vard: Klient) -> None:
    (utfall,) = await ta_over(vard, beslutsrad(verkstalld_datum="2020-05-01"))
    beslut = await vard.las(f"/v1/beslut/{utfall['id']}")
    assert beslut["verkstallighet"][0]["omfattning"] == "helt"


async def test_ett_avbrott_utan_kand_borjan_flaggas(vard: Klient) -> None:
    (utfall,) = await ta_over(vard, beslutsrad(avbrott_datum="2021-01-01"))
    assert regler(utfall) == BESLUTETS_FLAGGOR | {("R-EVB-14", "verkstalld_datum")}


async def test_tva_rader_som_ser_lika_ut_ar_tva_beslut(vard: Klient) -> None:
    utfallen = await ta_over(vard, beslutsrad("B1"), beslutsrad("B2"), beslutsrad("B3"))
    assert len({utfall["id"] for utfall in utfallen}) == 3
    assert len((await vard.las("/v1/klienter"))["poster"]) == 3


FEL_I_BESLUT: list[tuple[Rad, str, str]] = [
    ({"lagrum": "11 kap. 1 § SoL"}, "lagrum", "R-BES-2"),
    ({"lagrum": "muntligt"}, "lagrum", "R-BES-2"),
    ({"galler_till": "2020-03-26"}, "galler_till", "R-PLA-18"),
    ({"verkstallighet": "helt"}, "verkstalld_datum", "R-PLA-18"),
    ({"verkstalld_datum": "2020-03-26"}, "verkstalld_datum", "R-PLA-18"),
    ({"aterupptagen_datum": "2021-01-01"}, "avbrott_datum", "R-PLA-18"),
    (
        {"verkstalld_datum": "2021-01-01", "avbrott_datum": "2020-12-31"},
        "avbrott_datum",
        "R-PLA-18",
    ),
    (
        {"avbrott_datum": "2021-01-01", "aterupptagen_datum": "2020-12-31"},
        "aterupptagen_datum",
        "R-PLA-18",
    ),
    (
        {"verkstalld_datum": "2021-01-01", "upphord_datum": "2020-12-31"},
        "upphord_datum",
        "R-PLA-18",
    ),
    ({"orsak": "lathet"}, "orsak", "R-PLA-18"),
    ({"kon": "X"}, "kon", "R-PLA-18"),
    ({"beslutsdatum": "2020-02-30"}, "beslutsdatum", "R-PLA-18"),
    ({"insatstyp": "x" * 101}, "insatstyp", "R-PLA-18"),
    ({"okand": 1}, "okand", "R-PLA-18"),
    ({"slag": "sak"}, "slag", "R-PLA-18"),
]


@pytest.mark.regel("R-BES-2")
async def test_en_felaktig_beslutsrad_avvisas(vard: Klient) -> None:
    for annat, falt, regel in FEL_I_BESLUT:
        await avvisas(vard, beslutsrad(**annat), falt, regel)
    assert (await vard.las("/v1/klienter"))["poster"] == []


# -- placeringar ----------------------------------------------------------------------------------


async def test_en_placering_tas_over_med_eget_beslut_och_avslut(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor(typ=Leverantorstyp.KOMMUN)
    enhet = register.enhet()
    avtal = register.avtal(enhet=enhet)
    (utfall,) = await ta_over(vard, placeringsrad(enhet="Solgården", **AVSLUT))
    assert (utfall["utfall"], regler(utfall)) == ("ny", BESLUTETS_FLAGGOR)
    placering = await vard.las(f"/v1/placeringar/{utfall['id']}")
    assert (placering["enhet"], placering["avtal"]) == (str(enhet), str(avtal))
    assert (placering["regi"], placering["dygnspris_ore"]) == ("annan_kommun_region", 425_000)
    assert (placering["till"], placering["orsak"]) == ("2024-12-31", "planerad")
    assert placering["flaggor"] == []
    beslut = await vard.las(f"/v1/beslut/{placering['beslut']}")
    assert (beslut["insatstyp"], beslut["lag"], beslut["evb"]) == ("HVB", "SoL", True)
    assert beslut["flaggor"] == ["R-BES-1"]
    klient = await vard.las(f"/v1/klienter/{placering['klient']}")
    assert (klient["fodelsedatum"], klient["fodelsemanad"]) == ("2010-02-03", "2010-02")


async def test_varje_placeringsform_kan_tas_over(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    register.avtal()
    rader = [
        placeringsrad(
            form.kod,
            placeringsform=form.kod,
            organisationsnummer=NUMMER if form.har_leverantor else None,
        )
        for form in PLACERINGSFORMER
    ]
    for utfall in await ta_over(vard, *rader):
        assert regler(utfall) == BESLUTETS_FLAGGOR
    visade = (await vard.las("/v1/placeringar"))["poster"]
    assert [rad["placeringsform"] for rad in visade] == [form.kod for form in PLACERINGSFORMER]


async def test_utan_organisationsnummer_ar_det_ett_eget_hem(vard: Klient) -> None:
    (utfall,) = await ta_over(vard, placeringsrad(organisationsnummer=None))
    assert regler(utfall) == BESLUTETS_FLAGGOR
    assert (await vard.las(f"/v1/placeringar/{utfall['id']}"))["regi"] == "egen"


FLAGGAS: list[tuple[Rad, tuple[str, str]]] = [
    ({"organisationsnummer": ANDRA_NUMMER}, ("R-PLA-18", "organisationsnummer")),
    ({"organisationsnummer": ANDRA_NUMMER}, ("R-PLA-3", "skal_utom_ramavtal")),
    ({"enhet": "Månen"}, ("R-PLA-18", "enhet")),
    ({"fran": "2025-01-01"}, ("R-PLA-3", "avtal")),
    ({"fran": "2025-02-01"}, ("R-PLA-4", "organisationsnummer")),
    ({"placeringsform": "sis"}, ("R-PLA-14", "organisationsnummer")),
    ({"placeringsform": "natverkshem"}, ("R-PLA-15", "organisationsnummer")),
    (
        {"placeringsform": "konsulentstott_familjehem", "organisationsnummer": None},
        ("R-PLA-15", "organisationsnummer"),
    ),
    ({"till": "2024-12-31", "avslutsorsak": "annan"}, ("R-PLA-12", "avslutsorsak")),
]


@pytest.mark.regel("R-PLA-3", "R-PLA-4", "R-PLA-12", "R-PLA-14", "R-PLA-15")
async def test_det_som_bara_flaggas_lagras(vard: Klient, register: Registerskrivare) -> None:
    register.leverantor()
    register.avtal()
    register.avtal(fran=date(2025, 1, 1))
    register.avropsstopp(date(2025, 2, 1))
    for nummer, (annat, flagga) in enumerate(FLAGGAS):
        (utfall,) = await ta_over(vard, placeringsrad(f"P{nummer}", **annat))
        assert utfall["utfall"] == "ny"
        assert flagga in regler(utfall)
        placering = await vard.las(f"/v1/placeringar/{utfall['id']}")
        assert flagga[0] in placering["flaggor"]


@pytest.mark.regel("R-PLA-3")
async def test_av_flera_avtal_tas_det_som_borjade_forst(
    vard: Klient, register: Registerskrivare
) -> None:
    register.leverantor()
    register.avtal(fran=date(2021, 1, 1))
    forst = register.avtal(fran=date(2020, 1, 1))
    (utfall,) = await ta_over(vard, placeringsrad())
    assert (await vard.las(f"/v1/placeringar/{utfall['id']}"))["avtal"] == str(forst)


@pytest.mark.regel("R-PLA-14", "R-PLA-15")
@pytest.mark.parametrize("form", ["sis", "eget_familjehem"])
async def test_en_leverantor_som_formen_inte_har_utelamnas(vard: Klient, form: str) -> None:
    (utfall,) = await ta_over(vard, placeringsrad(placeringsform=form))
    assert (await vard.las(f"/v1/placeringar/{utfall['id']}"))["leverantor"] is None


FEL_I_PLACERING: list[tuple[Rad, str, str]] = [
    ({"organisationsnummer": "556036-0794"}, "organisationsnummer", "R-LEV-3"),
    ({"till": "2024-01-31", "avslutsorsak": "planerad"}, "till", "R-PLA-18"),
    ({"till": "2024-12-31"}, "avslutsorsak", "R-PLA-12"),
    ({"avslutsorsak": "planerad"}, "till", "R-PLA-12"),
    ({"lagrum": "11 kap. 1 § SoL"}, "lagrum", "R-BES-2"),
    ({"lagrum": None}, "lagrum", "R-PLA-18"),
    ({"beslutsdatum": None}, "beslutsdatum", "R-PLA-18"),
    ({"beslutsdatum": "2024-02-02"}, "fran", "R-PLA-18"),
    ({"beslut": "okänt"}, "beslut", "R-PLA-18"),
    ({"placeringsform": "hotell"}, "placeringsform", "R-PLA-18"),
    ({"dygnspris_ore": 1.5}, "dygnspris_ore", "R-PLA-18"),
    ({"dygnspris_ore": -1}, "dygnspris_ore", "R-PLA-18"),
]


@pytest.mark.regel("R-PLA-12", "R-BES-2", "R-LEV-3")
async def test_en_felaktig_placeringsrad_avvisas(vard: Klient) -> None:
    for annat, falt, regel in FEL_I_PLACERING:
        await avvisas(vard, placeringsrad(**annat), falt, regel)


@pytest.mark.regel("R-PLA-1")
async def test_overlappande_rader_avvisas_ocksa_i_samma_anrop(vard: Klient) -> None:
    utfallen = await ta_over(
        vard,
        placeringsrad("P1", klient="K1", **AVSLUT),
        placeringsrad("P2", klient="K1", fran="2024-12-31"),
        placeringsrad("P3", klient="K1", fran="2024-12-30"),
        placeringsrad("P4", klient="K2", fran="2024-12-30"),
    )
    assert [utfall["utfall"] for utfall in utfallen] == ["ny", "ny", "avvisad", "ny"]
    assert regler(utfallen[2], "fel") == {("R-PLA-1", "fran")}
    await avvisas(vard, placeringsrad("P5", klient="K1", fran="2026-01-01"), "fran", "R-PLA-1")


async def test_en_placering_under_ett_beslut_som_tagits_over_fore(vard: Klient) -> None:
    utfallen = await ta_over(
        vard,
        beslutsrad("B1", klient="K1", beslutsdatum="2024-01-10", upphord_datum="2025-01-01"),
        placeringsrad("P1", klient="K1", beslut="B1", lagrum=None, beslutsdatum=None, **AVSLUT),
        placeringsrad("P2", beslut="B1", fran="2024-12-31", beslutsdatum="2024-01-11"),
        placeringsrad("P3", klient="K2", beslut="B1"),
        placeringsrad("P4", klient="K1", beslut="B1", fran="2025-01-01"),
        placeringsrad("P5", klient="K1", beslut="B1", fran="2024-01-09"),
    )
    utfall = [ett["utfall"] for ett in utfallen]
    assert utfall == ["ny", "ny", "ny", "avvisad", "avvisad", "avvisad"]
    placering = await vard.las(f"/v1/placeringar/{utfallen[1]['id']}")
    assert placering["beslut"] == utfallen[0]["id"]
    assert ("R-PLA-18", "beslutsdatum") in regler(utfallen[2])
    assert regler(utfallen[3], "fel") == {("R-PLA-18", "klient")}
    for sen in utfallen[4:]:
        assert ("R-PLA-18", "fran") in regler(sen, "fel")


async def test_samma_klient_med_andra_uppgifter_flaggas_och_det_som_saknas_fylls_i(
    vard: Klient,
) -> None:
    utfallen = await ta_over(
        vard,
        beslutsrad("B1", klient="K1", kon="K"),
        placeringsrad("P1", klient="K1", **AVSLUT),
        placeringsrad("P2", klient="K1", kon="M", fodelsedatum="2011-05-05", fran="2025-01-01"),
    )
    assert regler(utfallen[1]) >= BESLUTETS_FLAGGOR
    assert regler(utfallen[2]) >= {("R-PLA-18", "kon"), ("R-PLA-18", "fodelsedatum")}
    (klient,) = (await vard.las("/v1/klienter"))["poster"]
    assert (klient["kon"], klient["fodelsemanad"], klient["version"]) == ("K", "2010-02", 2)
    uppgifter = await vard.las(f"/v1/klienter/{klient['id']}")
    assert uppgifter["fodelsedatum"] == "2010-02-03"


async def test_en_rads_referens_ar_inte_en_klients(vard: Klient) -> None:
    await ta_over(vard, beslutsrad("1"), placeringsrad("1"), placeringsrad("2", klient="1"))
    assert len((await vard.las("/v1/klienter"))["poster"]) == 3


@pytest.mark.regel("R-SEK-1")
async def test_ett_personnummer_som_ingen_leverantor_har_utelamnas(
    vard: Klient, register: Registerskrivare
) -> None:
    personligt, firmans = "20100203-2389", "20100263-2386"
    register.leverantor("100263-2386")
    okand, kand = await ta_over(
        vard,
        placeringsrad("P1", organisationsnummer=personligt),
        placeringsrad("P2", organisationsnummer=firmans),
    )
    assert ("R-SEK-1", "organisationsnummer") in regler(okand)
    utan, med = (await vard.las("/v1/placeringar"))["poster"]
    assert (utan["leverantor"], utan["regi"]) == (None, "extern_privat")
    assert (med["leverantor"], med["regi"]) == ("100263-2386", "extern_privat")
    assert "R-SEK-1" not in {regel for regel, _ in regler(kand)}


# -- prisändringar --------------------------------------------------------------------------------


async def test_en_prisandring_tas_over(vard: Klient) -> None:
    utfallen = await ta_over(vard, placeringsrad(), prisrad())
    assert utfallen[1]["utfall"] == "ny"
    assert utfallen[1]["referens"] == "P1/2024-06-01"
    (rad,) = (await vard.las(f"/v1/placeringar/{utfallen[0]['id']}"))["priser"]
    assert (rad["prisrad"], rad["fran"]) == (utfallen[1]["id"], "2024-06-01")
    assert (rad["slag"], rad["dygnspris_ore"]) == ("grund", 437_750)


async def test_en_felaktig_prisandring_avvisas(vard: Klient) -> None:
    await ta_over(vard, placeringsrad(), prisrad())
    await avvisas(vard, prisrad("P2"), "placering")
    await avvisas(vard, prisrad(fran="2024-01-31"), "fran")
    await avvisas(vard, prisrad(dygnspris_ore=1), "dygnspris_ore")
    await avvisas(vard, prisrad(dygnspris_ore="x"), "dygnspris_ore")


async def test_ett_pris_efter_slutet_flaggas(vard: Klient) -> None:
    _, utfall = await ta_over(vard, placeringsrad(**AVSLUT), prisrad(fran="2025-01-01"))
    assert (utfall["utfall"], regler(utfall)) == ("ny", {("R-PLA-18", "fran")})


# -- the whole request ----------------------------------------------------------------------------


def allt() -> list[Rad]:
    return [beslutsrad(klient="K9"), placeringsrad(**AVSLUT), prisrad()]


async def test_en_andra_omgang_lagger_inget_till(vard: Klient) -> None:
    forsta = await ta_over(vard, *allt())
    fore = vard.antal_handelser()
    andra = await ta_over(vard, *allt())
    assert [utfall["utfall"] for utfall in andra] == ["fanns"] * 3
    assert [utfall["id"] for utfall in andra] == [utfall["id"] for utfall in forsta]
    assert vard.antal_handelser() == fore
    assert vard.sql("SELECT count(*) FROM klientnyckel") == [(2,)]


async def test_samma_rad_tva_ganger_i_ett_anrop_kommer_en_gang(vard: Klient) -> None:
    utfallen = await ta_over(vard, *allt(), *allt())
    assert [utfall["utfall"] for utfall in utfallen] == ["ny"] * 3 + ["fanns"] * 3


async def test_referenser_galler_inom_sin_kalla(vard: Klient) -> None:
    forsta = await ta_over(vard, *allt())
    andra = await ta_over(vard, *allt(), kalla="annat-system")
    assert [utfall["utfall"] for utfall in andra] == ["ny"] * 3
    assert not {utfall["id"] for utfall in forsta} & {utfall["id"] for utfall in andra}


async def test_bara_bedom_sager_detsamma_och_lagrar_inget(vard: Klient) -> None:
    rader = [*allt(), placeringsrad("P9", till="2020-01-01")]
    bedomda = await ta_over(vard, *rader, bara_bedom=True)
    assert vard.antal_handelser() == 0
    assert vard.sql("SELECT count(*) FROM klientnyckel") == [(0,)]
    assert await ta_over(vard, *rader) == bedomda
    uppgifter = await vard.las(
        f"/v1/klienter/{(await vard.las('/v1/klienter'))['poster'][1]['id']}"
    )
    assert uppgifter["fodelsedatum"] == "2010-02-03"


async def test_utan_delvis_faller_allt_med_en_felaktig_rad(vard: Klient) -> None:
    rader = [beslutsrad(), {"slag": "beslut"}, placeringsrad(till="2020-01-01")]
    svar = await vard.sand("/v1/overtaganden", {"rader": rader})
    assert svar.status_code == 422
    pekare = {(fel["pointer"], fel["regel"]) for fel in svar.json()["errors"]}
    assert ("/rader/1/referens", "R-PLA-18") in pekare
    assert ("/rader/2/till", "R-PLA-18") in pekare
    assert ("/rader/2/avslutsorsak", "R-PLA-12") in pekare
    assert vard.antal_handelser() == 0


async def test_rader_som_inte_ar_rader_avvisas_var_for_sig(vard: Klient) -> None:
    utfallen = await ta_over(vard, 7, [], {}, beslutsrad())  # type: ignore[arg-type]
    assert [utfall["utfall"] for utfall in utfallen] == ["avvisad"] * 3 + ["ny"]
    assert all(regler(utfall, "fel") == {("R-PLA-18", "slag")} for utfall in utfallen[:3])


async def test_svaret_raknar_rader_och_anger_position(vard: Klient) -> None:
    kropp = {"rader": [*allt(), {"slag": "x"}], "delvis": True}
    svar = await vard.lagra("/v1/overtaganden", kropp)
    assert svar["antal"] == {"ny": 3, "fanns": 0, "avvisad": 1, "flaggad": 2}
    assert svar["position"] == vard.antal_handelser()


async def test_femhundra_placeringar_pa_en_gang(vard: Klient) -> None:
    rader = [
        placeringsrad(f"P{nummer}", klient=f"K{nummer // 2}", fran=fran, **slut)
        for nummer in range(500)
        for fran, slut in [
            ("2024-02-01", AVSLUT) if nummer % 2 == 0 else ("2024-12-31", dict[str, str]())
        ]
    ]
    borjan = time.process_time()
    utfallen = await ta_over(vard, *rader)
    assert time.process_time() - borjan < 5
    assert {utfall["utfall"] for utfall in utfallen} == {"ny"}
