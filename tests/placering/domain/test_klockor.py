"""When each clock runs out, on both sides of its borders; what starts it anew and what stops it."""

from datetime import date
from uuid import UUID

import pytest

from contracts.ord import Avslutsorsak, Form, Franvaroorsak, Omfattning, Rattelseskal
from services.placering.domain.atgardsslag import Atgardsslag
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.bevakning import avgor, avgors_av_fodelsedagen
from services.placering.domain.klockor import KLOCKOR, foregangare
from tests.placering.domain.bygge import SAMMANHANG
from tests.placering.domain.historik import Historik

BESLUTSDAG = date(2026, 1, 10)
INFLYTT = date(2026, 2, 1)
SOL = "11 kap. 1 § SoL"
BARNFORMER = [
    Form.FAMILJEHEM,
    Form.JOURHEM,
    Form.HVB,
    Form.STODBOENDE,
    Form.SIS,
    Form.SKYDDAT_BOENDE,
    Form.ANNAN_HELDYGNSVARD,
]


@pytest.fixture
def historik() -> Historik:
    return Historik()


def i_familjehem(historik: Historik, lagrum: str = SOL) -> None:
    """A child who moved in on INFLYTT and stays."""
    historik.placering(historik.beslut(lagrum, BESLUTSDAG), INFLYTT)


# -- R-KLO-1


@pytest.mark.regel("R-KLO-1")
class TestEjVerkstallt:
    def test_tre_manader_fran_beslutet(self, historik: Historik) -> None:
        historik.beslut(SOL, date(2025, 8, 31))
        assert historik.forfaller("ej_verkstallt") == date(2025, 11, 30)

    def test_inte_langre_nar_placeringen_borjat(self, historik: Historik) -> None:
        i_familjehem(historik)
        assert historik.forfaller("ej_verkstallt") is None

    def test_inte_for_lagrum_utan_rapport(self, historik: Historik) -> None:
        historik.beslut("3 § LVU", BESLUTSDAG)
        assert historik.forfaller("ej_verkstallt") is None

    def test_inte_for_ett_makulerat_beslut(self, historik: Historik) -> None:
        historik.beslut(SOL, BESLUTSDAG).makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
        assert historik.forfaller("ej_verkstallt") is None

    def test_tre_manader_fran_dagen_efter_placeringens_slut(self, historik: Historik) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, date(2026, 3, 31))
        assert historik.forfaller("ej_verkstallt") == date(2026, 7, 1)

    @pytest.mark.regel("R-EVB-14")
    @pytest.mark.parametrize(
        ("orsak", "bestar", "bevakas"),
        [
            (Avslutsorsak.PLANERAD, False, False),
            (Avslutsorsak.PLANERAD, True, True),
            (Avslutsorsak.AVLIDEN, False, False),
            (Avslutsorsak.MYNDIG_AVFLYTTAD, False, False),
            (Avslutsorsak.SAMMANBROTT, False, True),
            (Avslutsorsak.OMPLACERING, False, True),
        ],
    )
    def test_ett_avslut_som_avslutar_beslutet_startar_ingen_klocka(
        self, historik: Historik, orsak: Avslutsorsak, bestar: bool, bevakas: bool
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, date(2026, 3, 31), orsak=orsak, bestar=bestar)
        vantat = date(2026, 7, 1) if bevakas else None
        assert historik.forfaller("ej_verkstallt") == vantat

    @pytest.mark.regel("R-EVB-14")
    @pytest.mark.parametrize(
        ("flytt", "bevakas"), [(date(2026, 4, 1), False), (date(2026, 4, 2), True)]
    )
    def test_ett_nytt_beslut_som_bar_nasta_placering_avslutar_det_forra(
        self, historik: Historik, flytt: date, bevakas: bool
    ) -> None:
        forsta = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(forsta, INFLYTT, date(2026, 3, 31), orsak=Avslutsorsak.OMPLACERING)
        historik.placering(historik.beslut(SOL, date(2026, 3, 20)), flytt)
        vantat = date(2026, 7, 1) if bevakas else None
        assert historik.forfaller("ej_verkstallt") == vantat

    def test_en_ny_placering_under_beslutet_ar_aterupptagande(self, historik: Historik) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, date(2026, 3, 31))
        historik.placering(beslut, date(2026, 5, 1))
        assert historik.forfaller("ej_verkstallt") is None

    @pytest.mark.regel("R-EVB-15")
    def test_delvis_verkstallt_raknas_fran_beslutet_om_det_aldrig_var_helt(
        self, historik: Historik
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        beslut.verkstall(SAMMANHANG, date(2026, 2, 1), Omfattning.DELVIS)
        assert historik.forfaller("ej_verkstallt") == date(2026, 4, 10)

    @pytest.mark.regel("R-EVB-15")
    def test_delvis_verkstallt_raknas_fran_dagen_da_det_blev_delvis(
        self, historik: Historik
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        beslut.verkstall(SAMMANHANG, date(2026, 2, 1), Omfattning.HELT)
        beslut.verkstall(SAMMANHANG, date(2026, 3, 1), Omfattning.DELVIS)
        assert historik.forfaller("ej_verkstallt") == date(2026, 6, 1)
        beslut.avbryt(SAMMANHANG, date(2026, 4, 1))
        assert historik.forfaller("ej_verkstallt") == date(2026, 6, 1)
        beslut.ateruppta(SAMMANHANG, date(2026, 4, 15))
        assert historik.forfaller("ej_verkstallt") == date(2026, 6, 1)

    def test_ett_avbrott_utan_kand_borjan_raknas_fran_avbrottet(self, historik: Historik) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        beslut.avbryt(SAMMANHANG, date(2026, 3, 1), aven_ej_borjat=True)
        assert historik.forfaller("ej_verkstallt") == date(2026, 6, 1)
        beslut.ateruppta(SAMMANHANG, date(2026, 4, 1))
        assert historik.forfaller("ej_verkstallt") is None

    @pytest.mark.parametrize(
        ("sista", "bevakas"), [(date(2026, 4, 9), False), (date(2026, 4, 10), True)]
    )
    def test_ett_beslut_som_slutar_fore_fristen_bevakas_inte(
        self, historik: Historik, sista: date, bevakas: bool
    ) -> None:
        historik.beslut(SOL, BESLUTSDAG, galler_till=sista)
        assert (historik.forfaller("ej_verkstallt") is not None) is bevakas

    def test_ett_upphort_beslut_bevakas_inte(self, historik: Historik) -> None:
        historik.beslut(SOL, BESLUTSDAG).upphor(SAMMANHANG, date(2026, 2, 1))
        assert historik.forfaller("ej_verkstallt") is None


# -- R-KLO-2


@pytest.mark.regel("R-KLO-2")
class TestOvervagande:
    @pytest.mark.parametrize("form", BARNFORMER)
    def test_sex_manader_fran_vardens_borjan(self, historik: Historik, form: Form) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=form)
        assert historik.forfaller("overvagande") == date(2026, 8, 1)

    @pytest.mark.parametrize("form", sorted(set(Form) - set(BARNFORMER)))
    def test_inte_i_vuxnas_former(self, historik: Historik, form: Form) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=form)
        assert historik.forfaller("overvagande") is None

    def test_inte_for_vard_enligt_lvu(self, historik: Historik) -> None:
        i_familjehem(historik, "3 § LVU")
        assert historik.forfaller("overvagande") is None

    def test_varje_overvagande_startar_om(self, historik: Historik) -> None:
        i_familjehem(historik)
        historik.gjort(Atgardsslag.OVERVAGANDE, date(2026, 7, 31))
        assert historik.forfaller("overvagande") == date(2027, 1, 31)
        historik.gjort(Atgardsslag.OVERVAGANDE, date(2026, 8, 31))
        assert historik.forfaller("overvagande") == date(2027, 2, 28)

    def test_ett_makulerat_overvagande_raknas_inte(self, historik: Historik) -> None:
        i_familjehem(historik)
        gjort = historik.gjort(Atgardsslag.OVERVAGANDE, date(2026, 7, 31))
        gjort.makulera(SAMMANHANG, Rattelseskal.FEL_PERSON)
        assert historik.forfaller("overvagande") == date(2026, 8, 1)

    def test_ett_overvagande_fore_varden_raknas_inte(self, historik: Historik) -> None:
        i_familjehem(historik)
        historik.gjort(Atgardsslag.OVERVAGANDE, date(2026, 1, 31))
        assert historik.forfaller("overvagande") == date(2026, 8, 1)

    def test_en_annan_atgard_startar_inte_om(self, historik: Historik) -> None:
        i_familjehem(historik)
        historik.gjort(Atgardsslag.INDIVIDUELL_UPPFOLJNING, date(2026, 7, 31))
        assert historik.forfaller("overvagande") == date(2026, 8, 1)

    @pytest.mark.parametrize(
        ("flytt", "forfaller"),
        [
            (date(2026, 4, 10), date(2026, 8, 1)),  # the day of the move is shared
            (date(2026, 4, 11), date(2026, 8, 1)),  # the day after
            (date(2026, 4, 12), date(2026, 10, 12)),  # a day at home between
        ],
    )
    def test_en_flytt_utan_uppehall_startar_inte_om(
        self, historik: Historik, flytt: date, forfaller: date
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, date(2026, 4, 10))
        historik.placering(beslut, flytt, form=Form.HVB)
        assert historik.forfaller("overvagande", date(2026, 5, 1)) == forfaller

    def test_varden_ar_slut_med_placeringen(self, historik: Historik) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, date(2026, 8, 31))
        assert historik.forfaller("overvagande", date(2026, 8, 31)) == date(2026, 8, 1)
        assert historik.forfaller("overvagande", date(2026, 9, 1)) is None

    def test_ett_overvagande_som_skulle_falla_efter_slutet_bevakas_inte(
        self, historik: Historik
    ) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, date(2026, 7, 31))
        assert historik.forfaller("overvagande") is None

    def test_en_makulerad_placering_bevakas_inte(self, historik: Historik) -> None:
        en = historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT)
        en.makulera(SAMMANHANG, Rattelseskal.DUBBLETT)
        assert historik.forfaller("overvagande") is None

    @pytest.mark.parametrize(
        ("manad", "bevakas"), [("2008-08", True), ("2008-07", False), ("2008-09", True)]
    )
    def test_klockan_stannar_vid_18(self, historik: Historik, manad: str, bevakas: bool) -> None:
        """In the birth month the day decides, and that is settled when it is read."""
        historik.fodelsemanad = manad
        i_familjehem(historik)
        assert (historik.forfaller("overvagande") is not None) is bevakas

    @pytest.mark.parametrize(
        ("fodd", "bevakas"), [(date(2008, 8, 1), False), (date(2008, 8, 2), True)]
    )
    def test_i_fodelsemanaden_avgor_dagen(
        self, historik: Historik, fodd: date, bevakas: bool
    ) -> None:
        historik.fodelsemanad = "2008-08"
        i_familjehem(historik)
        (rad,) = historik.rader("overvagande")
        assert avgors_av_fodelsedagen(rad, "2008-08", BESLUTSDAG)
        assert (avgor(rad, "2008-08", fodd, BESLUTSDAG) is not None) is bevakas
        assert avgor(rad, "2008-08", None, BESLUTSDAG) is not None

    def test_det_forsenade_faller_bort_nar_personen_fyllt_18(self, historik: Historik) -> None:
        historik.fodelsemanad = "2009-08"
        i_familjehem(historik)
        (rad,) = historik.rader("overvagande")
        fodd = date(2009, 8, 15)
        assert avgor(rad, "2009-08", fodd, date(2027, 8, 14)) == date(2026, 8, 1)
        assert avgor(rad, "2009-08", fodd, date(2027, 8, 15)) is None
        assert not avgors_av_fodelsedagen(rad, "2009-08", date(2027, 7, 31))
        assert avgor(rad, "2009-08", None, date(2027, 9, 1)) is None

    @pytest.mark.parametrize(
        ("form", "bevakas"), [(Form.FAMILJEHEM, True), (Form.SKYDDAT_BOENDE, False)]
    )
    def test_utan_fodelsedatum_ar_det_ett_barn_dar_bara_barn_placeras(
        self, historik: Historik, form: Form, bevakas: bool
    ) -> None:
        historik.fodelsemanad = None
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=form)
        rader = historik.rader("overvagande")
        assert bool(rader) is bevakas
        if rader:
            assert not avgors_av_fodelsedagen(rader[0], None, BESLUTSDAG)
            assert avgor(rader[0], None, None, BESLUTSDAG) == date(2026, 8, 1)

    @pytest.mark.parametrize(
        ("fran", "borjan"),
        [(date(2024, 12, 30), date(2002, 1, 1)), (date(2025, 1, 1), date(2025, 7, 1))],
    )
    def test_raden_ar_den_som_galler_nar_klockan_gar_ut(
        self, historik: Historik, fran: date, borjan: date
    ) -> None:
        historik.placering(historik.beslut("4 kap. 1 § SoL", date(2024, 12, 1)), fran)
        (rad,) = historik.rader("overvagande")
        assert rad.rad_fran == borjan


# -- R-KLO-3


@pytest.mark.regel("R-KLO-3")
@pytest.mark.parametrize(
    ("lagrum", "kod", "slag"),
    [
        ("2 § LVU", "overvagande_lvu", Atgardsslag.OVERVAGANDE_LVU),
        ("3 § LVU", "omprovning_lvu", Atgardsslag.OMPROVNING_LVU),
    ],
)
class TestLvu:
    def test_sex_manader_fran_verkstalligheten_och_fran_varje_provning(
        self, historik: Historik, lagrum: str, kod: str, slag: Atgardsslag
    ) -> None:
        beslut = historik.beslut(lagrum, BESLUTSDAG)
        assert historik.forfaller(kod) is None
        historik.placering(beslut, date(2026, 8, 31))
        assert historik.forfaller(kod) == date(2027, 2, 28)
        historik.gjort(slag, date(2027, 2, 10), beslut=beslut.id)
        assert historik.forfaller(kod) == date(2027, 8, 10)

    def test_en_flytt_startar_inte_om(
        self, historik: Historik, lagrum: str, kod: str, slag: Atgardsslag
    ) -> None:
        del slag
        beslut = historik.beslut(lagrum, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, date(2026, 3, 1))
        historik.placering(beslut, date(2026, 4, 1), form=Form.SIS)
        assert historik.forfaller(kod) == date(2026, 8, 1)

    def test_en_provning_av_ett_annat_beslut_startar_inte_om(
        self, historik: Historik, lagrum: str, kod: str, slag: Atgardsslag
    ) -> None:
        historik.placering(historik.beslut(lagrum, BESLUTSDAG), INFLYTT)
        historik.gjort(slag, date(2026, 7, 1), beslut=UUID(int=7))
        assert historik.forfaller(kod) == date(2026, 8, 1)

    def test_klockan_stannar_nar_beslutet_upphor(
        self, historik: Historik, lagrum: str, kod: str, slag: Atgardsslag
    ) -> None:
        del slag
        beslut = historik.beslut(lagrum, BESLUTSDAG)
        beslut.verkstall(SAMMANHANG, INFLYTT, Omfattning.HELT)
        assert historik.forfaller(kod) == date(2026, 8, 1)
        beslut.upphor(SAMMANHANG, date(2026, 8, 1))
        assert historik.forfaller(kod) is None


@pytest.mark.regel("R-KLO-3")
def test_provningen_enligt_3_gar_till_21_och_den_enligt_2_till_18(historik: Historik) -> None:
    historik.fodelsemanad = "2007-06"  # turns 18 in June 2025, 21 in June 2028
    for lagrum in ("2 § LVU", "3 § LVU"):
        historik.placering(historik.beslut(lagrum, date(2026, 1, 10)), INFLYTT)
    assert historik.forfaller("overvagande_lvu") is None
    assert historik.forfaller("omprovning_lvu") == date(2026, 8, 1)


# -- R-KLO-4


@pytest.mark.regel("R-KLO-4")
class TestVardnadsoverflyttning:
    def test_tva_ar_i_samma_hem_och_sedan_varje_ar(self, historik: Historik) -> None:
        i_familjehem(historik)
        assert historik.forfaller("vardnadsoverflyttning") == date(2028, 2, 1)
        historik.gjort(Atgardsslag.VARDNADSOVERFLYTTNING, date(2028, 1, 20))
        assert historik.forfaller("vardnadsoverflyttning") == date(2029, 1, 20)

    @pytest.mark.parametrize(
        ("orsak", "enheter", "forfaller"),
        [
            (Avslutsorsak.OMPLACERING, (None, None), date(2028, 6, 1)),
            (Avslutsorsak.OMVANDLING, (UUID(int=1), None), date(2028, 2, 1)),
            (Avslutsorsak.OMPLACERING, (UUID(int=1), UUID(int=1)), date(2028, 2, 1)),
            (Avslutsorsak.OMPLACERING, (UUID(int=1), UUID(int=2)), date(2028, 6, 1)),
        ],
    )
    @pytest.mark.regel("R-PLA-16")
    def test_hemmet_ar_detsamma_efter_en_omvandling(
        self,
        historik: Historik,
        orsak: Avslutsorsak,
        enheter: tuple[UUID | None, UUID | None],
        forfaller: date,
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        flytt = date(2026, 6, 1)
        historik.placering(beslut, INFLYTT, flytt, orsak=orsak, enhet=enheter[0])
        historik.placering(beslut, flytt, enhet=enheter[1])
        assert historik.forfaller("vardnadsoverflyttning", flytt) == forfaller

    @pytest.mark.parametrize(
        ("hem", "forfaller"), [(UUID(int=1), date(2028, 2, 1)), (UUID(int=2), date(2028, 6, 1))]
    )
    def test_samma_eget_hem_under_ett_nytt_beslut(
        self, historik: Historik, hem: UUID, forfaller: date
    ) -> None:
        flytt = date(2026, 6, 1)
        for fran, till, bor in ((INFLYTT, flytt, UUID(int=1)), (flytt, None, hem)):
            historik.placering(historik.beslut(SOL, BESLUTSDAG), fran, till, hem=bor)
        assert historik.forfaller("vardnadsoverflyttning", flytt) == forfaller

    def test_bara_familjehem(self, historik: Historik) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=Form.JOURHEM)
        assert historik.forfaller("vardnadsoverflyttning") is None


# -- R-KLO-5


@pytest.mark.regel("R-KLO-5")
class TestVardplan:
    @pytest.mark.parametrize("lagrum", [SOL, "2 § LVU"])
    def test_den_forsta_revideringen_senast_efter_tva_ar(
        self, historik: Historik, lagrum: str
    ) -> None:
        i_familjehem(historik, lagrum)
        assert historik.forfaller("vardplan") == date(2028, 2, 1)
        historik.gjort(Atgardsslag.VARDPLAN_REVIDERAD, date(2027, 5, 3))
        assert historik.forfaller("vardplan") is None

    @pytest.mark.parametrize(
        ("fran", "forfaller"),
        [
            (date(2023, 6, 30), date(2025, 7, 1)),
            (date(2023, 7, 1), date(2025, 7, 1)),
            (date(2023, 7, 2), date(2025, 7, 2)),
        ],
    )
    def test_klockan_gar_inte_ut_fore_lagens_forsta_dag(
        self, historik: Historik, fran: date, forfaller: date
    ) -> None:
        historik.placering(historik.beslut("4 kap. 1 § SoL", date(2023, 6, 1)), fran)
        assert historik.forfaller("vardplan") == forfaller


# -- R-KLO-6


@pytest.mark.regel("R-KLO-6")
class TestJourhem:
    def test_tva_manader_fran_utredningens_slut(self, historik: Historik) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        jourhem = historik.placering(beslut, INFLYTT, form=Form.JOURHEM)
        assert historik.forfaller("jourhem") is None
        historik.gjort(Atgardsslag.UTREDNING_AVSLUTAD, date(2026, 4, 30), placering=jourhem.id)
        assert historik.forfaller("jourhem") == date(2026, 6, 30)

    def test_sarskilda_skal_stannar_klockan(self, historik: Historik) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        jourhem = historik.placering(beslut, INFLYTT, form=Form.JOURHEM)
        for slag in (Atgardsslag.UTREDNING_AVSLUTAD, Atgardsslag.SARSKILDA_SKAL_JOURHEM):
            historik.gjort(slag, date(2026, 4, 30), placering=jourhem.id)
        assert historik.forfaller("jourhem") is None

    @pytest.mark.parametrize(
        ("till", "bevakas"), [(date(2026, 6, 29), False), (date(2026, 6, 30), True)]
    )
    def test_barnet_som_flyttat_i_tid_bevakas_inte(
        self, historik: Historik, till: date, bevakas: bool
    ) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        jourhem = historik.placering(beslut, INFLYTT, till, form=Form.JOURHEM)
        historik.gjort(Atgardsslag.UTREDNING_AVSLUTAD, date(2026, 4, 30), placering=jourhem.id)
        assert (historik.forfaller("jourhem") is not None) is bevakas


# -- R-KLO-7


@pytest.mark.regel("R-KLO-7")
class TestInstitution:
    @pytest.mark.parametrize("form", [Form.HVB, Form.SIS])
    def test_mer_an_tre_manader_pa_institution(self, historik: Historik, form: Form) -> None:
        """Exactly three months are not more: the row is late from the day after."""
        historik.placering(historik.beslut(SOL, BESLUTSDAG), date(2026, 8, 31), form=form)
        assert historik.forfaller("institution") == date(2026, 11, 30)

    def test_en_uppfoljning_startar_om(self, historik: Historik) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=Form.HVB)
        historik.gjort(Atgardsslag.INDIVIDUELL_UPPFOLJNING, date(2026, 4, 20))
        assert historik.forfaller("institution") == date(2026, 7, 20)

    def test_tiden_i_familjehem_raknas_inte(self, historik: Historik) -> None:
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, date(2026, 4, 1))
        historik.placering(beslut, date(2026, 4, 1), form=Form.HVB)
        assert historik.forfaller("institution") == date(2026, 7, 1)


# -- R-KLO-9


@pytest.mark.regel("R-KLO-9")
class TestStodboende:
    def test_raden_galler_manaden_da_personen_fyller_21(self, historik: Historik) -> None:
        historik.fodelsemanad = "2008-05"
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=Form.STODBOENDE)
        (rad,) = historik.rader("stodboende")
        assert (rad.forfaller, rad.alder) == (date(2029, 5, 1), 21)
        assert avgors_av_fodelsedagen(rad, "2008-05", BESLUTSDAG)
        assert avgor(rad, "2008-05", date(2008, 5, 17), BESLUTSDAG) == date(2029, 5, 17)
        assert avgor(rad, "2008-05", None, BESLUTSDAG) == date(2029, 5, 1)

    @pytest.mark.parametrize(
        ("fodd", "dag"),
        [(date(2008, 2, 29), date(2029, 2, 28)), (date(2008, 2, 28), date(2029, 2, 28))],
    )
    def test_den_som_ar_fodd_pa_skottdagen_fyller_21_den_28_februari(
        self, historik: Historik, fodd: date, dag: date
    ) -> None:
        historik.fodelsemanad = "2008-02"
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=Form.STODBOENDE)
        (rad,) = historik.rader("stodboende")
        assert avgor(rad, "2008-02", fodd, BESLUTSDAG) == dag

    @pytest.mark.parametrize(
        ("till", "bevakas"), [(date(2029, 5, 16), False), (date(2029, 5, 17), True)]
    )
    def test_den_som_flyttat_fore_sin_dag_bevakas_inte(
        self, historik: Historik, till: date, bevakas: bool
    ) -> None:
        historik.fodelsemanad = "2008-05"
        beslut = historik.beslut(SOL, BESLUTSDAG)
        historik.placering(beslut, INFLYTT, till, form=Form.STODBOENDE)
        (rad,) = historik.rader("stodboende")
        dag = avgor(rad, "2008-05", date(2008, 5, 17), BESLUTSDAG)
        assert (dag is not None) is bevakas

    def test_utan_fodelsedatum_finns_ingen_dag(self, historik: Historik) -> None:
        historik.fodelsemanad = None
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=Form.STODBOENDE)
        assert historik.rader("stodboende") == []

    def test_boende_for_vuxna_ar_en_annan_form(self, historik: Historik) -> None:
        historik.placering(historik.beslut(SOL, BESLUTSDAG), INFLYTT, form=Form.BOENDE_VUXNA)
        assert historik.rader("stodboende") == []


# -- R-KLO-11


@pytest.mark.regel("R-KLO-11")
@pytest.mark.parametrize(
    ("lagrum", "kod", "slag", "forfaller"),
    [
        ("6 § LVU", "understallning_lvu", Atgardsslag.UNDERSTALLNING, date(2026, 1, 17)),
        (
            "4 kap. 1 § 2024:79",
            "understallning_skydd",
            Atgardsslag.UNDERSTALLNING,
            date(2026, 1, 17),
        ),
        ("4 kap. 1 § 2024:79", "ansokan_skydd", Atgardsslag.ANSOKAN_OM_VARD, date(2026, 2, 21)),
    ],
)
def test_fristen_fran_beslutet(
    historik: Historik, lagrum: str, kod: str, slag: Atgardsslag, forfaller: date
) -> None:
    beslut = historik.beslut(lagrum, BESLUTSDAG)
    assert historik.forfaller(kod) == forfaller
    historik.gjort(slag, forfaller, beslut=beslut.id)
    assert historik.forfaller(kod) is None


@pytest.mark.regel("R-KLO-11")
@pytest.mark.parametrize(
    ("lagrum", "koder"),
    [
        ("6 § LVU", {"understallning_lvu"}),
        ("3 § LVU", set()),
        ("4 kap. 1 § 2024:79", {"understallning_skydd", "ansokan_skydd"}),
        ("3 kap. 1 § 2024:79", set()),
        ("4 § LVM", set()),
    ],
)
def test_frister_fran_beslutet_har_bara_de_omedelbara(
    historik: Historik, lagrum: str, koder: set[str]
) -> None:
    historik.beslut(lagrum, BESLUTSDAG)
    assert {rad.kod for klocka in KLOCKOR for rad in historik.rader(klocka.kod)} == koder


@pytest.mark.regel("R-KLO-11")
def test_ansokan_enligt_8_ska_goras_fyra_veckor_fran_verkstalligheten(historik: Historik) -> None:
    beslut = historik.beslut("6 § LVU", BESLUTSDAG)
    historik.placering(beslut, date(2026, 1, 12), form=Form.JOURHEM)
    assert historik.forfaller("ansokan_lvu") == date(2026, 2, 9)
    historik.gjort(Atgardsslag.ANSOKAN_OM_VARD, date(2026, 2, 9), beslut=beslut.id)
    assert historik.forfaller("ansokan_lvu") is None


@pytest.mark.regel("R-KLO-11")
@pytest.mark.parametrize(
    ("lagrum", "kod"),
    [
        ("2 § LVU", "paborjad_lvu"),
        ("3 § LVU", "paborjad_lvu"),
        ("3 kap. 1 § 2024:79", "paborjad_skydd"),
    ],
)
def test_varden_ska_ha_paborjats_fyra_veckor_efter_laga_kraft(
    historik: Historik, lagrum: str, kod: str
) -> None:
    domstol = Beslutsfattare(Beslutsfattarslag.DOMSTOL, laga_kraft=date(2026, 2, 1))
    beslut = historik.beslut(lagrum, BESLUTSDAG, beslutsfattare=domstol)
    assert historik.forfaller(kod) == date(2026, 3, 1)
    historik.placering(beslut, date(2026, 3, 1))
    assert historik.forfaller(kod) is None


@pytest.mark.regel("R-KLO-11")
@pytest.mark.parametrize("laga_kraft", [None, date(2026, 2, 1)])
def test_utan_laga_kraft_gar_ingen_frist_for_paborjandet(
    historik: Historik, laga_kraft: date | None
) -> None:
    domstol = Beslutsfattare(Beslutsfattarslag.DOMSTOL, laga_kraft=laga_kraft)
    historik.beslut("3 § LVU", BESLUTSDAG, beslutsfattare=domstol)
    assert (historik.forfaller("paborjad_lvu") is None) is (laga_kraft is None)


@pytest.mark.regel("R-KLO-11")
def test_ett_beslut_utan_beslutsfattare_har_ingen_laga_kraft(historik: Historik) -> None:
    historik.beslut("3 § LVU", BESLUTSDAG, beslutsfattare=None)
    assert historik.forfaller("paborjad_lvu") is None


@pytest.mark.regel("R-KLO-11")
@pytest.mark.parametrize(
    ("lagrum", "kod", "alder"), [("2 § LVU", "lvu_2_slut", 18), ("3 § LVU", "lvu_3_slut", 21)]
)
@pytest.mark.parametrize("dagen", [-1, 0])
def test_varden_enligt_lvu_upphor_pa_fodelsedagen(
    historik: Historik, lagrum: str, kod: str, alder: int, dagen: int
) -> None:
    """A beslut that ends the day before the birthday is over; one that ends on it is not."""
    beslut = historik.beslut(lagrum, BESLUTSDAG)
    historik.placering(beslut, INFLYTT)
    (rad,) = historik.rader(kod)
    fodelsedag = date(2015 + alder, 5, 17)
    assert rad.forfaller == fodelsedag.replace(day=1)
    assert avgor(rad, "2015-05", date(2015, 5, 17), BESLUTSDAG) == fodelsedag
    beslut.upphor(SAMMANHANG, fodelsedag.replace(day=18 + dagen))
    (rad,) = historik.rader(kod)
    kvar = avgor(rad, "2015-05", date(2015, 5, 17), BESLUTSDAG)
    assert kvar == (fodelsedag if dagen == 0 else None)


@pytest.mark.regel("R-KLO-11")
@pytest.mark.parametrize(
    ("kod", "slag"),
    [
        ("overvagande_skydd", Atgardsslag.OVERVAGANDE_SKYDDAT_BOENDE),
        ("provning_skydd", Atgardsslag.PROVNING_SKYDDAT_BOENDE),
    ],
)
def test_insatsen_provas_var_sjatte_manad(historik: Historik, kod: str, slag: Atgardsslag) -> None:
    beslut = historik.beslut("3 kap. 1 § 2024:79", BESLUTSDAG)
    historik.placering(beslut, INFLYTT, form=Form.SKYDDAT_BOENDE)
    assert historik.forfaller(kod) == date(2026, 8, 1)
    historik.gjort(slag, date(2026, 7, 3), beslut=beslut.id)
    assert historik.forfaller(kod) == date(2027, 1, 3)


@pytest.mark.regel("R-KLO-11")
class TestLvm:
    def test_sex_manader_fran_verkstalligheten(self, historik: Historik) -> None:
        beslut = historik.beslut("4 § LVM", BESLUTSDAG)
        historik.placering(beslut, date(2026, 8, 31), form=Form.SIS)
        assert historik.forfaller("lvm_slut") == date(2027, 2, 28)

    @pytest.mark.parametrize(
        ("orsak", "till", "forfaller"),
        [
            (Franvaroorsak.AVVIKNING, date(2026, 3, 10), date(2026, 8, 11)),
            (Franvaroorsak.AVVIKNING, date(2026, 3, 1), date(2026, 8, 2)),
            (Franvaroorsak.AVVIKNING, None, date(2026, 8, 1)),
            (Franvaroorsak.SJUKHUS, date(2026, 3, 10), date(2026, 8, 1)),
        ],
    )
    def test_dagar_som_avviken_raknas_inte(
        self,
        historik: Historik,
        orsak: Franvaroorsak,
        till: date | None,
        forfaller: date,
    ) -> None:
        beslut = historik.beslut("4 § LVM", BESLUTSDAG)
        hem = historik.placering(beslut, INFLYTT, form=Form.SIS)
        historik.borta(hem, date(2026, 3, 1), till, orsak)
        assert historik.forfaller("lvm_slut") == forfaller


# -- the table itself


def test_raderna_av_samma_klocka_tar_vid_efter_varandra() -> None:
    for rad in KLOCKOR:
        forra = foregangare(rad)
        if forra is not None:
            assert forra.till is not None
            assert (rad.fran - forra.till).days == 1
    assert len({(rad.kod, rad.fran) for rad in KLOCKOR}) == len(KLOCKOR)


def test_en_placering_vars_beslut_inte_ar_kant_har_inga_klockor(historik: Historik) -> None:
    i_familjehem(historik)
    historik.besluten.clear()
    assert historik.rader("overvagande") == []
