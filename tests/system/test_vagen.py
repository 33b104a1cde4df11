"""One true path: a placering posted over REST becomes figures that explain themselves."""

from collections.abc import Iterator
from typing import Any

import pytest

from dygn.klient import Kvitto
from tests.system.handelser import meddelanden, plats
from tests.system.installation import Installation
from tests.system.rapporter import jamforbar

ORGNR = "556036-0793"
OMRADE = "HVB barn och unga"
AR = {"fran": "2024-01-01", "till": "2024-12-31"}
_BESLUTSFATTARE = {"slag": "tjansteman", "roll": "enhetschef", "arbetsenhet": "Barn 1"}


class Vagen:
    """A supplier with a list price, and a child who was placed there five months after the beslut.

    2024-06-10 to 2024-10-31 are 144 days, at 5 000 kronor a day 720 000 kronor.
    """

    def __init__(self, installation: Installation) -> None:
        self.inst = installation
        posta = installation.posta
        leverantor = posta(
            "leverantor", "leverantorer", {"organisationsnummer": ORGNR, "namn": "Exempelvård AB"}
        )
        self.enhet = posta(
            "leverantor", "enheter", {"leverantor": leverantor.id, "namn": "Gläntan"}
        )
        posta(
            "leverantor",
            "avtal",
            {"leverantor": leverantor.id, "omrade": OMRADE, "fran": "2023-01-01"},
        )
        posta(
            "leverantor",
            f"enheter/{self.enhet.id}/priser",
            {"fran": "2023-01-01", "dygnspris_ore": 500_000},
            self.enhet,
        )
        installation.ikapp()
        klient = posta("placering", "klienter", {"kon": "K", "fodelsedatum": "2011-05-05"})
        self.beslut = posta(
            "placering",
            "beslut",
            {
                "klient": klient.id,
                "lagrum": "4 kap. 1 § SoL",
                "insatstyp": "HVB",
                "beslutsdatum": "2024-01-08",
                "namnd": "Individ- och familjeomsorgsnämnden",
                "beslutsfattare": _BESLUTSFATTARE,
            },
        )
        inledd = posta(
            "placering",
            "placeringar",
            {
                "klient": klient.id,
                "beslut": self.beslut.id,
                "placeringsform": "hvb",
                "leverantor": ORGNR,
                "enhet": self.enhet.id,
                "fran": "2024-06-10",
            },
        )
        self.placering: Kvitto = posta(
            "placering",
            f"placeringar/{inledd.id}/avslut",
            {"till": "2024-10-31", "orsak": "planerad"},
            inledd,
        )
        self.w = installation.avgjort()

    def kostnad(self, **fraga: str) -> dict[str, Any]:
        return self.inst.las("rapporter/dygnskostnader", **AR, **fraga)

    def evb(self, per: str, **fraga: str) -> dict[str, Any]:
        return self.inst.las("rapporter/evb", per=per, lag="SoL", **fraga)

    def leverantorer(self, **fraga: str) -> dict[str, Any]:
        return self.inst.las("rapporter/leverantorer", **AR, **fraga)

    def varfor(self, **fraga: str) -> dict[str, Any]:
        return self.inst.las(
            "varfor/dygnskostnader", **AR, snitt="placeringsform", nyckel="hvb", **fraga
        )


@pytest.fixture(scope="module")
def vagen(installationen: Installation) -> Vagen:
    return Vagen(installationen)


@pytest.fixture
def per_w(vagen: Vagen) -> Iterator[dict[str, str]]:
    """What every report says as known at W must say so still when the test is over."""
    kand = vagen.w.isoformat()

    def alla() -> dict[str, str]:
        return {
            "dygnskostnader": jamforbar(vagen.kostnad(kand_per=kand)),
            "evb": jamforbar(vagen.evb("2024-05-31", kand_per=kand)),
            "leverantorer": jamforbar(vagen.leverantorer(kand_per=kand)),
            "varfor": jamforbar(vagen.varfor(kand_per=kand)),
        }

    fore = alla()
    yield fore
    assert alla() == fore


@pytest.mark.regel("R-KOS-1", "R-KOS-17")
def test_placeringen_ar_en_siffra_i_dygnskostnader(vagen: Vagen) -> None:
    [rad] = vagen.kostnad(kand_per=vagen.w.isoformat())["rader"]
    assert rad == {
        "nyckel": "hvb",
        "namn": "HVB",
        "antal_placerade": 1,
        "antal_placeringar": 1,
        "debiterade_dygn": 144,
        "varddygn": 144,
        "kostnad_ore": 72_000_000,
        "dygnskostnad_ore": 500_000,
        "dygn_utan_pris": 0,
    }


@pytest.mark.regel("R-KLO-1", "R-EVB-14")
def test_beslutet_star_bland_ej_verkstallda_tills_placeringen_borjar(vagen: Vagen) -> None:
    kand = vagen.w.isoformat()
    [rad] = vagen.evb("2024-05-31", kand_per=kand)["rader"]
    assert rad["beslut"] == vagen.beslut.id
    assert (rad["lage"], rad["beslutsdatum"]) == ("ej_verkstalld", "2024-01-08")
    assert rad["dagar_sedan_beslut"] == 144
    assert vagen.evb("2024-06-30", kand_per=kand)["rader"] == []


@pytest.mark.regel("R-LEV-2")
def test_leverantoren_ar_nyttjad_i_sitt_omrade(vagen: Vagen) -> None:
    svar = vagen.leverantorer(kand_per=vagen.w.isoformat())
    assert svar["rader"] == [
        {
            "omrade": OMRADE,
            "organisationsnummer": ORGNR,
            "namn": "Exempelvård AB",
            "antal_placeringar": 1,
            "varddygn": 144,
            "kostnad_ore": 72_000_000,
        }
    ]
    assert svar["antal_per_omrade"] == [{"omrade": OMRADE, "antal_leverantorer": 1}]


@pytest.mark.regel("R-KOS-6")
def test_varje_siffra_oppnas_anda_ner_till_handelser_som_finns(vagen: Vagen) -> None:
    kand = {"kand_per": vagen.w.isoformat()}
    nyckel = {"omrade": OMRADE, "organisationsnummer": ORGNR}
    svar = [
        vagen.varfor(**kand),
        vagen.inst.las("varfor/leverantorer", **AR, **nyckel, **kand),
        vagen.inst.las(f"varfor/placeringar/{vagen.placering.id}", **AR, **kand),
    ]
    finns = set(meddelanden(vagen.inst.databaser))
    for ett in svar:
        [del_] = ett["placeringar"]
        assert del_["placering"] == vagen.placering.id
        assert del_["kostnad_ore"] == ett["summa"]["kostnad_ore"] == 72_000_000
        [intervall] = del_["intervall"]
        assert intervall["dygn"] * intervall["pris_ore"] == intervall["kostnad_ore"]
        # The price is the list price, and the day it is read on is the placering's.
        assert {id_.split(":")[0] for id_ in intervall["handelser"]} == {"leverantor", "placering"}
        ider = [*intervall["handelser"], *del_["varddygnsintervall"][0]["handelser"]]
        assert {plats(id_) for id_ in ider} <= finns


@pytest.mark.regel("R-KOS-6", "R-EVB-14")
def test_varfor_beslutet_var_ej_verkstallt_leder_till_handelser_som_finns(vagen: Vagen) -> None:
    svar = vagen.inst.las(
        "varfor/evb",
        per="2024-05-31",
        lag="SoL",
        beslut=vagen.beslut.id,
        kand_per=vagen.w.isoformat(),
    )
    assert svar["listad"] is True
    lagen = {lage["fran"]: lage["lage"] for lage in svar["lagen"]}
    assert (lagen["2024-01-08"], lagen["2024-06-10"]) == ("ej_verkstalld", "verkstalld")
    ider = {id_ for lage in svar["lagen"] for id_ in lage["handelser"]}
    assert ider
    assert {plats(id_) for id_ in ider} <= set(meddelanden(vagen.inst.databaser))


def test_som_kant_vid_w_ar_svaret_slutligt_och_utan_tidpunkt_preliminart(vagen: Vagen) -> None:
    slutlig = vagen.kostnad(kand_per=vagen.w.isoformat())["underlag"]
    assert (slutlig["slutlig"], slutlig["skal"]) == (True, [])
    preliminar = vagen.kostnad()["underlag"]
    assert preliminar["slutlig"] is False
    assert preliminar["skal"]
    assert {strom["strom"] for strom in slutlig["strommar"]} == {"leverantor", "placering"}


def test_en_rattelse_andrar_det_som_ar_kant_nu_men_inte_det_som_var_kant(
    vagen: Vagen, per_w: dict[str, str]
) -> None:
    vagen.placering = vagen.inst.posta(
        "placering",
        f"placeringar/{vagen.placering.id}/rattelse",
        {
            "placeringsform": "hvb",
            "leverantor": ORGNR,
            "enhet": vagen.enhet.id,
            "fran": "2024-05-20",
            "till": "2024-10-31",
            "orsak": "planerad",
            "dygnspris_ore": 480_000,
            "skal": "skrivfel",
        },
        vagen.placering,
    )
    vagen.inst.ikapp()
    [rad] = vagen.kostnad()["rader"]
    assert (rad["debiterade_dygn"], rad["kostnad_ore"]) == (165, 165 * 480_000)
    assert vagen.evb("2024-05-31")["rader"] == []
    assert vagen.leverantorer()["rader"][0]["varddygn"] == 165
    assert '"debiterade_dygn": 144' in per_w["dygnskostnader"]


def test_en_makulering_tar_bort_placeringen_ur_det_som_ar_kant_nu(
    vagen: Vagen, per_w: dict[str, str]
) -> None:
    vagen.placering = vagen.inst.posta(
        "placering",
        f"placeringar/{vagen.placering.id}/makulering",
        {"skal": "dubblett"},
        vagen.placering,
    )
    vagen.inst.ikapp()
    assert vagen.kostnad()["rader"] == []
    assert vagen.leverantorer()["rader"] == []
    assert [rad["beslut"] for rad in vagen.evb("2024-06-30")["rader"]] == [vagen.beslut.id]
    assert vagen.beslut.id in per_w["evb"]
