"""Duties around a placement and tasks after a beslut: when they arise, and what ends them."""

from datetime import date
from uuid import UUID

import pytest

from contracts.ord import Avslutsorsak, Form, Regi
from services.placering.domain.atgardsslag import ATGARDSRAD, Atgardsslag, Sak
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.klockor import KLOCKOR
from tests.placering.domain.bygge import SAMMANHANG
from tests.placering.domain.historik import Historik

BESLUTSDAG = date(2026, 1, 10)
INFLYTT = date(2026, 2, 1)
SOL = "11 kap. 1 § SoL"
DAGEN = {
    "narstaende": Atgardsslag.NARSTAENDE_OVERVAGD,
    "hemutredning": Atgardsslag.HEMMET_UTRETT,
    "hemavtal": Atgardsslag.AVTAL_MED_HEMMET,
    "samrad": Atgardsslag.SAMRAD_MED_KOMMUN,
    "halsoundersokning": Atgardsslag.HALSOUNDERSOKNING,
    "socialsekreterare": Atgardsslag.SOCIALSEKRETERARE_UTSEDD,
}
"""Duties of the day on which the child moves in, and what fulfils them."""
ATERKOMMANDE = {
    "besok": (Atgardsslag.BESOK_OCH_SAMTAL, date(2026, 5, 1), date(2026, 7, 20)),
    "manadsrapport": (Atgardsslag.MANADSRAPPORT, date(2026, 3, 1), date(2026, 5, 20)),
}
"""Duties that return: what fulfils them, when they are due first, and after 20 April."""


@pytest.fixture
def historik() -> Historik:
    return Historik()


def uppgifterna(historik: Historik) -> dict[str, date]:
    """Every duty of R-PLA-17 that is due, by its kod."""
    koder = [rad.kod for rad in KLOCKOR if rad.regel == "R-PLA-17"]
    dagar = {kod: historik.forfaller(kod) for kod in koder}
    return {kod: dag for kod, dag in dagar.items() if dag is not None}


@pytest.mark.regel("R-PLA-17")
class TestBarnetsPlacering:
    def test_plikterna_i_ett_konsulentstott_familjehem(self, historik: Historik) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, regi=Regi.KONSULENTSTODD)
        forsta = {kod: dag for kod, (_, dag, _) in ATERKOMMANDE.items()}
        assert uppgifterna(historik) == {**dict.fromkeys(DAGEN, INFLYTT), **forsta}

    def test_i_ett_eget_hem_star_utredningen_pa_hemmet_och_ingen_rapport_vantas(
        self, historik: Historik
    ) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, hem=UUID(int=1))
        assert set(uppgifterna(historik)) == {*DAGEN, "besok"} - {"hemutredning"}

    def test_hvb_ar_inget_hem_att_utreda_eller_avtala_med(self, historik: Historik) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, form=Form.HVB, regi=Regi.EXTERN_PRIVAT)
        vantade = {"narstaende", "halsoundersokning", "socialsekreterare", *ATERKOMMANDE}
        assert set(uppgifterna(historik)) == vantade

    @pytest.mark.parametrize("form", [Form.SKYDDAT_BOENDE, Form.HVB_VUXNA, Form.FAMILJEHEM_VUXNA])
    def test_den_som_bor_med_sin_foralder_eller_ar_vuxen_har_inga(
        self, historik: Historik, form: Form
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, form=form, regi=Regi.EXTERN_PRIVAT)
        assert uppgifterna(historik) == {}

    @pytest.mark.parametrize(("manad", "har"), [("2008-01", False), ("2008-02", True)])
    def test_den_som_fyllt_18_har_inga(self, historik: Historik, manad: str, har: bool) -> None:
        """In the birth month the day decides when it is read."""
        historik.fodelsemanad = manad
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT)
        assert ("narstaende" in uppgifterna(historik)) is har

    @pytest.mark.parametrize(("kod", "slag"), DAGEN.items())
    def test_en_gjord_plikt_faller_bort(
        self, historik: Historik, kod: str, slag: Atgardsslag
    ) -> None:
        hem = historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT)
        om = {} if ATGARDSRAD[slag].sak is Sak.KLIENT else {"placering": hem.id}
        historik.gjort(slag, date(2026, 1, 20), **om)
        assert kod not in uppgifterna(historik)

    @pytest.mark.parametrize("kod", [kod for kod in DAGEN if kod != "socialsekreterare"])
    def test_det_som_gjorts_for_en_annan_placering_raknas_inte(
        self, historik: Historik, kod: str
    ) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT)
        historik.gjort(DAGEN[kod], INFLYTT, placering=UUID(int=7))
        assert kod in uppgifterna(historik)

    @pytest.mark.parametrize(("kod", "sagt"), ATERKOMMANDE.items())
    def test_en_aterkommande_plikt_borjar_om(
        self, historik: Historik, kod: str, sagt: tuple[Atgardsslag, date, date]
    ) -> None:
        slag, forst, sedan = sagt
        beslut = historik.beslut(SOL, BESLUTSDAG)
        hem = historik.placering(beslut, INFLYTT, form=Form.HVB, regi=Regi.EXTERN_PRIVAT)
        assert historik.forfaller(kod) == forst
        om = {} if ATGARDSRAD[slag].sak is Sak.KLIENT else {"placering": hem.id}
        historik.gjort(slag, date(2026, 4, 20), **om)
        assert historik.forfaller(kod) == sedan

    def test_en_flytt_fragar_om_hemmet_men_inte_om_barnet(self, historik: Historik) -> None:
        flytt = date(2026, 4, 1)
        beslut = historik.beslut(SOL, BESLUTSDAG)
        forra = historik.placering(beslut, INFLYTT, flytt, orsak=Avslutsorsak.OMPLACERING)
        historik.gjort(Atgardsslag.HALSOUNDERSOKNING, INFLYTT, placering=forra.id)
        historik.gjort(Atgardsslag.SOCIALSEKRETERARE_UTSEDD, INFLYTT)
        historik.placering(beslut, flytt)
        kvar = {rad.kod for rad in historik.rader("halsoundersokning", flytt)}
        kvar |= {rad.kod for rad in historik.rader("socialsekreterare", flytt)}
        assert kvar == set()
        assert historik.forfaller("samrad", date(2026, 4, 2)) == flytt

    @pytest.mark.parametrize(
        ("fran", "koder"),
        [(date(2025, 6, 30), {"besok"}), (date(2025, 7, 1), {*DAGEN, "besok"})],
    )
    def test_den_som_placerats_fore_lagen_far_bara_det_som_aterkommer(
        self, historik: Historik, fran: date, koder: set[str]
    ) -> None:
        historik.placering(historik.beslut("4 kap. 1 § SoL", date(2025, 6, 1)), fran)
        assert set(uppgifterna(historik)) == koder

    def test_den_senast_utsedda_ar_handlaggare(self, historik: Historik) -> None:
        assert historik.historia.handlaggare is None
        for dag, vem in ((date(2026, 3, 1), "u-2"), (date(2026, 2, 1), "u-1")):
            historik.gjort(Atgardsslag.SOCIALSEKRETERARE_UTSEDD, dag, handlaggare=vem)
        assert historik.historia.handlaggare == "u-2"


@pytest.mark.regel("R-PLA-8")
@pytest.mark.parametrize(("flaggor", "bevakas"), [(("R-PLA-8",), True), (("R-PLA-9",), False)])
def test_ivo_ska_underrattas_om_den_placering_som_flaggats(
    historik: Historik, flaggor: tuple[str, ...], bevakas: bool
) -> None:
    hem = historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, flaggor=flaggor)
    assert historik.forfaller("ivo_antal_barn") == (INFLYTT if bevakas else None)
    historik.gjort(Atgardsslag.IVO_UNDERRATTAD, INFLYTT, placering=hem.id)
    assert historik.forfaller("ivo_antal_barn") is None


@pytest.mark.regel("R-BES-1")
class TestOrdforandebeslut:
    @pytest.mark.parametrize("slag", list(Beslutsfattarslag))
    def test_bara_ordforandens_beslut_ska_anmalas(
        self, historik: Historik, slag: Beslutsfattarslag
    ) -> None:
        historik.beslut(SOL, BESLUTSDAG, beslutsfattare=Beslutsfattare(slag, datum=BESLUTSDAG))
        vantat = BESLUTSDAG if slag is Beslutsfattarslag.ORDFORANDE else None
        assert historik.forfaller("ordforandebeslut") == vantat

    def test_det_anmals_ocksa_nar_beslutet_har_upphort(self, historik: Historik) -> None:
        vem = Beslutsfattare(Beslutsfattarslag.ORDFORANDE, datum=BESLUTSDAG)
        beslut = historik.beslut(SOL, BESLUTSDAG, beslutsfattare=vem)
        beslut.upphor(SAMMANHANG, date(2026, 1, 12))
        assert historik.forfaller("ordforandebeslut", date(2026, 6, 1)) == BESLUTSDAG
        historik.gjort(Atgardsslag.ANMALT_TILL_NAMNDEN, date(2026, 1, 28), beslut=beslut.id)
        assert historik.forfaller("ordforandebeslut") is None

    def test_ett_beslut_utan_beslutsfattare_anmals_inte(self, historik: Historik) -> None:
        historik.beslut(SOL, BESLUTSDAG, beslutsfattare=None)
        assert historik.forfaller("ordforandebeslut") is None
