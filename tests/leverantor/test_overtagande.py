"""Suppliers taken over from another system: judged row by row, added once."""

from typing import Any

import pytest

from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio

NUMMER, ANNAT = "556036-0793", "556012-5790"
VAG = "/v1/overtaganden"


def rad(referens: str = "1", **andra: Any) -> dict[str, Any]:
    return {"referens": referens, "organisationsnummer": NUMMER, "namn": "Exempel AB"} | andra


FULL = rad(
    enhet="Solgläntan",
    omrade="HVB",
    avtal_fran="2024-01-01",
    avtal_till="2025-12-31",
    grunddygnspris_ore=350_000,
)
DALIG = rad("2", organisationsnummer="556036-0794")


async def _ta_over(k: Klient, *rader: dict[str, Any], **andra: Any) -> Any:
    svar = await k.sand(VAG, {"rader": list(rader)} | andra)
    assert svar.status_code == 200, svar.text
    return svar.json()


@pytest.mark.regel("R-PLA-18")
async def test_en_full_rad_ger_leverantor_enhet_avtal_och_pris(klient: Klient) -> None:
    svar = await _ta_over(klient, FULL)
    assert svar["antal"] == {"ny": 1, "fanns": 0, "avvisad": 0, "flaggad": 0}
    (utfall,) = svar["rader"]
    assert (utfall["index"], utfall["referens"], utfall["utfall"]) == (0, "1", "ny")
    (leverantor,) = (await klient.las("/v1/leverantorer"))["poster"]
    (enhet,) = (await klient.las("/v1/enheter"))["poster"]
    (avtal,) = (await klient.las("/v1/avtal"))["poster"]
    assert utfall["id"] == leverantor["id"] == enhet["leverantor"] == avtal["leverantor"]
    assert (leverantor["organisationsnummer"], leverantor["typ"]) == (NUMMER, "privat")
    assert (enhet["namn"], enhet["priser"]) == ("Solgläntan", {"2024-01-01": 350_000})
    assert (avtal["enhet"], avtal["omrade"]) == (enhet["id"], "HVB")
    assert (avtal["fran"], avtal["till"]) == ("2024-01-01", "2025-12-31")
    assert svar["position"] == klient.antal_handelser()


@pytest.mark.regel("R-PLA-18")
async def test_samma_rader_en_gang_till_lagger_inte_till_nagot(klient: Klient) -> None:
    forst = await _ta_over(klient, FULL)
    antal = klient.antal_handelser()
    igen = await _ta_over(klient, FULL)
    assert igen["antal"]["fanns"] == 1
    assert igen["rader"][0]["id"] == forst["rader"][0]["id"]
    assert klient.antal_handelser() == antal


@pytest.mark.regel("R-PLA-18")
async def test_samma_leverantor_i_flera_rader_registreras_en_gang(klient: Klient) -> None:
    svar = await _ta_over(
        klient,
        FULL,
        rad("2", enhet="Månbacken", omrade="HVB", avtal_fran="2024-01-01"),
        rad("3", enhet="Solgläntan", omrade="Stödboende", avtal_fran="2024-01-01"),
        rad("4"),
    )
    assert [ett["utfall"] for ett in svar["rader"]] == ["ny", "ny", "ny", "fanns"]
    assert len({ett["id"] for ett in svar["rader"]}) == 1
    assert len((await klient.las("/v1/leverantorer"))["poster"]) == 1
    assert len((await klient.las("/v1/enheter"))["poster"]) == 2
    assert len((await klient.las("/v1/avtal"))["poster"]) == 3


@pytest.mark.regel("R-PLA-18", "R-LEV-3")
async def test_en_leverantor_som_redan_registrerats_kanns_igen_pa_numret(klient: Klient) -> None:
    kropp = {"organisationsnummer": NUMMER, "namn": "Som vi kallar den"}
    id = (await klient.lagra("/v1/leverantorer", kropp))["id"]
    svar = await _ta_over(klient, rad(organisationsnummer="5560360793"))
    assert (svar["rader"][0]["utfall"], svar["rader"][0]["id"]) == ("fanns", id)


@pytest.mark.regel("R-PLA-18")
async def test_en_leverantor_vars_nummer_rattats_tas_inte_over_igen(klient: Klient) -> None:
    """The row still says the old number; the supplier that it once made has another now."""
    id = (await _ta_over(klient, FULL))["rader"][0]["id"]
    await klient.lagra(
        f"/v1/leverantorer/{id}/rattelse",
        {"organisationsnummer": ANNAT, "namn": "Exempel AB", "skal": "skrivfel"},
        version=1,
    )
    antal = klient.antal_handelser()
    svar = await _ta_over(klient, FULL)
    assert (svar["rader"][0]["utfall"], svar["rader"][0]["id"]) == ("fanns", id)
    assert klient.antal_handelser() == antal


@pytest.mark.regel("R-PLA-18")
@pytest.mark.parametrize(
    ("fel", "falt", "regel"),
    [
        ({"organisationsnummer": "556036-0794"}, "organisationsnummer", "R-LEV-3"),
        ({"omrade": "HVB"}, "avtal_fran", "R-PLA-18"),
        ({"avtal_fran": "2024-01-01"}, "omrade", "R-PLA-18"),
        ({"avtal_till": "2024-01-01"}, "omrade", "R-PLA-18"),
        ({"grunddygnspris_ore": 1}, "enhet", "R-PLA-18"),
        (
            {"omrade": "HVB", "avtal_fran": "2024-01-02", "avtal_till": "2024-01-01"},
            "avtal_till",
            None,
        ),
    ],
)
async def test_en_dalig_rad_avvisas_med_regel_och_falt(
    klient: Klient, fel: dict[str, Any], falt: str, regel: str | None
) -> None:
    (utfall,) = (await _ta_over(klient, rad(**fel), bara_bedom=True))["rader"]
    assert utfall["utfall"] == "avvisad"
    assert utfall["id"] is None
    assert [(ett["falt"], ett["regel"]) for ett in utfall["fel"]] == [(falt, regel)]
    assert utfall["fel"][0]["text"]


@pytest.mark.regel("R-PLA-18")
async def test_att_bara_bedoma_lagrar_inget_och_svarar_som_att_lagra(klient: Klient) -> None:
    bedomt = await _ta_over(klient, FULL, DALIG, bara_bedom=True, delvis=True)
    assert bedomt["position"] is None
    assert klient.antal_handelser() == 0
    assert klient.sql("SELECT count(*) FROM idempotens") == [(0,)]
    lagrat = await _ta_over(klient, FULL, DALIG, delvis=True)
    assert lagrat["rader"] == bedomt["rader"]
    assert lagrat["antal"] == bedomt["antal"] == {"ny": 1, "fanns": 0, "avvisad": 1, "flaggad": 0}


@pytest.mark.regel("R-PLA-18")
async def test_en_enda_dalig_rad_stoppar_allt_om_inte_annat_sags(klient: Klient) -> None:
    svar = await klient.sand(VAG, {"rader": [FULL, DALIG]})
    assert svar.status_code == 422
    problem = svar.json()
    assert problem["regel"] == "R-LEV-3"
    assert [fel["pointer"] for fel in problem["errors"]] == ["/rader/1/organisationsnummer"]
    assert klient.antal_handelser() == 0


@pytest.mark.regel("R-PLA-18")
async def test_delvis_lagrar_de_goda_raderna(klient: Klient) -> None:
    svar = await _ta_over(klient, DALIG, FULL, delvis=True)
    assert [ett["utfall"] for ett in svar["rader"]] == ["avvisad", "ny"]
    assert len((await klient.las("/v1/leverantorer"))["poster"]) == 1


@pytest.mark.regel("R-PLA-18")
async def test_samma_nyckel_en_gang_till_sager_att_raderna_fanns(klient: Klient) -> None:
    kropp = {"rader": [FULL]}
    forst = (await klient.sand(VAG, kropp, nyckel="bit-1")).json()
    igen = (await klient.sand(VAG, kropp, nyckel="bit-1")).json()
    assert igen["position"] == forst["position"]
    assert igen["rader"][0]["utfall"] == "fanns"
    assert igen["rader"][0]["id"] == forst["rader"][0]["id"]


@pytest.mark.regel("R-PLA-18")
async def test_olika_kallor_delar_leverantor_men_inte_enheter(klient: Klient) -> None:
    """The supplier is told apart by its number, a unit by what its own source calls it."""
    ett = await _ta_over(klient, FULL, kalla="viva")
    tva = await _ta_over(klient, FULL, kalla="treserva")
    assert ett["rader"][0]["id"] == tva["rader"][0]["id"]
    assert len((await klient.las("/v1/enheter"))["poster"]) == 2


@pytest.mark.parametrize(
    ("kropp", "pekare"),
    [
        ({"rader": []}, "/rader"),
        ({"rader": [rad()] * 1001}, "/rader"),
        ({"rader": [rad(okant=1)]}, "/rader/0/okant"),
        ({"rader": [rad(), rad(grunddygnspris_ore=-1)]}, "/rader/1/grunddygnspris_ore"),
        ({"rader": [rad(avtal_fran="igår")]}, "/rader/0/avtal_fran"),
        ({"rader": [rad()], "kalla": "Viva!"}, "/kalla"),
        ({"rader": [rad()], "okant": 1}, "/okant"),
        ({}, "/rader"),
    ],
)
async def test_ett_overtagande_av_fel_form_avvisas_helt(
    klient: Klient, kropp: dict[str, Any], pekare: str
) -> None:
    svar = await klient.sand(VAG, kropp)
    assert svar.status_code == 422
    assert [fel["pointer"] for fel in svar.json()["errors"]] == [pekare]
    assert klient.antal_handelser() == 0


@pytest.mark.regel("R-PLA-18")
async def test_tusen_rader_gar_i_ett_anrop(klient: Klient) -> None:
    rader = [
        rad(
            str(n),
            organisationsnummer=NUMMER if n % 2 else ANNAT,
            enhet=f"Enhet {n}",
            omrade="HVB",
            avtal_fran="2024-01-01",
            grunddygnspris_ore=n,
        )
        for n in range(1000)
    ]
    svar = await _ta_over(klient, *rader)
    assert svar["antal"]["ny"] == 1000
    assert svar["position"] == klient.antal_handelser() == 2 * 2 + 3 * 1000
