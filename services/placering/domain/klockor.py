"""The clocks, as dated rows of data: from what each runs, how long, and what starts it anew.

Guarantees that a clock is a row and no code: a new act is a new row, and every row carries its
rule and its source. Which row judges a clock follows from the day on which it runs out, never from
today: a duty that a new act took over from an old one is two rows of the same ``kod``.
"""

from collections.abc import Iterable
from datetime import date

from contracts.ord import Form, Regi
from services.chassis.rules import rule_row
from services.placering.domain.atgardsslag import Atgardsslag
from services.placering.domain.beslutsfattare import Beslutsfattarslag
from services.placering.domain.klocka import Grund, Klocka, Start
from services.placering.domain.langd import Langd

INSTITUTION = frozenset({Form.HVB, Form.SIS})
BARNS_FORMER = frozenset({Form.FAMILJEHEM, Form.JOURHEM, Form.HVB, Form.STODBOENDE})
"""Forms in which nobody but children and young persons are placed."""
BARN_UTANFOR_HEMMET = BARNS_FORMER | {Form.SIS, Form.SKYDDAT_BOENDE, Form.ANNAN_HELDYGNSVARD}
"""Forms in which a child may be placed."""
MYNDIG = 18
UTANFOR_EGNA_HEMMET = BARN_UTANFOR_HEMMET - {Form.SKYDDAT_BOENDE}
"""Forms in which a child is placed without its parents."""
FAMILJER = frozenset({Form.FAMILJEHEM, Form.JOURHEM})
UTFORARE = frozenset({Regi.KONSULENTSTODD, Regi.EXTERN_PRIVAT, Regi.ANNAN_KOMMUN_REGION})
"""Who runs a home that reports to the kommun every month."""

SOL = "SoL (2025:400)"
LVU = "LVU (1990:52)"
LVM = "LVM (1988:870)"
SKYDD = "lagen (2024:79)"
HALVAR = Langd(manader=6)
FYRA_VECKOR = Langd(dagar=28)
VECKA = Langd(dagar=7)
LVU_BORJAN = date(1990, 7, 1)
SKYDD_BORJAN = date(2024, 4, 1)

KLOCKOR = (
    Klocka(
        "ej_verkstallt",
        "R-KLO-1",
        "Beslutet ska verkställas",
        f"{SOL} 34 kap. 1 §, LSS (1993:387) 28 f §",
        Start.EJ_VERKSTALLT,
        Langd(manader=3),
        fran=date(2006, 7, 1),
    ),
    Klocka(
        "overvagande",
        "R-KLO-2",
        "Övervägande av vården",
        "SoL (2001:453) 6 kap. 8 §",
        Start.VARD,
        HALVAR,
        gors_med=Atgardsslag.OVERVAGANDE,
        igen=HALVAR,
        grunder=(Grund("SoL"),),
        former=BARN_UTANFOR_HEMMET,
        under=MYNDIG,
        fran=date(2002, 1, 1),
        till=date(2025, 6, 30),
    ),
    Klocka(
        "overvagande",
        "R-KLO-2",
        "Övervägande av vården",
        f"{SOL} 22 kap. 13 §",
        Start.VARD,
        HALVAR,
        gors_med=Atgardsslag.OVERVAGANDE,
        igen=HALVAR,
        grunder=(Grund("SoL"),),
        former=BARN_UTANFOR_HEMMET,
        under=MYNDIG,
    ),
    Klocka(
        "overvagande_lvu",
        "R-KLO-3",
        "Övervägande av vården",
        f"{LVU} 13 §",
        Start.VERKSTALLIGHET,
        HALVAR,
        gors_med=Atgardsslag.OVERVAGANDE_LVU,
        igen=HALVAR,
        grunder=(Grund("LVU", "2 §"),),
        under=MYNDIG,
        fran=LVU_BORJAN,
    ),
    Klocka(
        "omprovning_lvu",
        "R-KLO-3",
        "Omprövning av vården",
        f"{LVU} 13 §",
        Start.VERKSTALLIGHET,
        HALVAR,
        gors_med=Atgardsslag.OMPROVNING_LVU,
        igen=HALVAR,
        grunder=(Grund("LVU", "3 §"),),
        under=21,
        fran=LVU_BORJAN,
    ),
    Klocka(
        "vardnadsoverflyttning",
        "R-KLO-4",
        "Övervägande om vårdnadsöverflyttning",
        f"{SOL} 22 kap. 14 §, {LVU} 13 c §",
        Start.HEM,
        Langd(manader=24),
        gors_med=Atgardsslag.VARDNADSOVERFLYTTNING,
        igen=Langd(manader=12),
        former=frozenset({Form.FAMILJEHEM}),
        under=MYNDIG,
    ),
    Klocka(
        "vardplan",
        "R-KLO-5",
        "Första revideringen av vårdplanen",
        f"{SOL} 9 kap. 13 §",
        Start.VARD,
        Langd(manader=24),
        gors_med=Atgardsslag.VARDPLAN_REVIDERAD,
        former=BARN_UTANFOR_HEMMET,
        under=MYNDIG,
    ),
    Klocka(
        "jourhem",
        "R-KLO-6",
        "Barnet ska flytta från jourhemmet",
        f"{SOL} 22 kap. 4 §",
        Start.ATGARD,
        Langd(manader=2),
        gors_med=Atgardsslag.SARSKILDA_SKAL_JOURHEM,
        former=frozenset({Form.JOURHEM}),
        under=MYNDIG,
        startas_av=Atgardsslag.UTREDNING_AVSLUTAD,
    ),
    Klocka(
        "institution",
        "R-KLO-7",
        "Individuell uppföljning av barn på institution",
        "nämndhandling, Borås Stad, augusti 2024",
        Start.VARD,
        Langd(manader=3),
        gors_med=Atgardsslag.INDIVIDUELL_UPPFOLJNING,
        igen=Langd(manader=3),
        former=INSTITUTION,
        under=MYNDIG,
        fran=date(2024, 8, 1),
    ),
    Klocka(
        "stodboende",
        "R-KLO-9",
        "Stödboendet upphör: personen fyller 21",
        f"{SOL} 9 kap. 1 §",
        Start.PLACERING,
        alder=21,
        former=frozenset({Form.STODBOENDE}),
    ),
    Klocka(
        "understallning_lvu",
        "R-KLO-11",
        "Omhändertagandet ska underställas förvaltningsrätten",
        f"{LVU} 7 §",
        Start.BESLUT,
        VECKA,
        gors_med=Atgardsslag.UNDERSTALLNING,
        grunder=(Grund("LVU", "6 §"),),
        fran=LVU_BORJAN,
    ),
    Klocka(
        "ansokan_lvu",
        "R-KLO-11",
        "Ansökan om vård ska göras",
        f"{LVU} 8 §",
        Start.VERKSTALLIGHET,
        FYRA_VECKOR,
        gors_med=Atgardsslag.ANSOKAN_OM_VARD,
        grunder=(Grund("LVU", "6 §"),),
        fran=LVU_BORJAN,
    ),
    Klocka(
        "paborjad_lvu",
        "R-KLO-11",
        "Vården ska ha påbörjats",
        f"{LVU} 5 §",
        Start.EJ_PABORJAD,
        FYRA_VECKOR,
        grunder=(Grund("LVU", "2 §"), Grund("LVU", "3 §")),
        fran=LVU_BORJAN,
    ),
    Klocka(
        "lvu_2_slut",
        "R-KLO-11",
        "Vården upphör: personen fyller 18",
        f"{LVU} 21 §",
        Start.VERKSTALLIGHET,
        alder=MYNDIG,
        grunder=(Grund("LVU", "2 §"),),
        fran=LVU_BORJAN,
    ),
    Klocka(
        "lvu_3_slut",
        "R-KLO-11",
        "Vården upphör: personen fyller 21",
        f"{LVU} 21 §",
        Start.VERKSTALLIGHET,
        alder=21,
        grunder=(Grund("LVU", "3 §"),),
        fran=LVU_BORJAN,
    ),
    Klocka(
        "understallning_skydd",
        "R-KLO-11",
        "Den omedelbara insatsen ska underställas förvaltningsrätten",
        f"{SKYDD} 4 kap. 3 §",
        Start.BESLUT,
        VECKA,
        gors_med=Atgardsslag.UNDERSTALLNING,
        grunder=(Grund("2024:79", "4 kap."),),
        fran=SKYDD_BORJAN,
    ),
    Klocka(
        "ansokan_skydd",
        "R-KLO-11",
        "Ansökan hos förvaltningsrätten ska göras",
        f"{SKYDD} 4 kap. 6 §",
        Start.BESLUT,
        Langd(dagar=42),
        gors_med=Atgardsslag.ANSOKAN_OM_VARD,
        grunder=(Grund("2024:79", "4 kap."),),
        fran=SKYDD_BORJAN,
    ),
    Klocka(
        "paborjad_skydd",
        "R-KLO-11",
        "Insatsen ska ha påbörjats",
        f"{SKYDD} 3 kap. 4 §",
        Start.EJ_PABORJAD,
        FYRA_VECKOR,
        grunder=(Grund("2024:79", "3 kap."),),
        fran=SKYDD_BORJAN,
    ),
    Klocka(
        "overvagande_skydd",
        "R-KLO-11",
        "Övervägande av insatsen",
        f"{SKYDD} 5 kap. 3 §",
        Start.VERKSTALLIGHET,
        HALVAR,
        gors_med=Atgardsslag.OVERVAGANDE_SKYDDAT_BOENDE,
        igen=HALVAR,
        grunder=(Grund("2024:79", "3 kap."),),
        under=MYNDIG,
        fran=SKYDD_BORJAN,
    ),
    Klocka(
        "provning_skydd",
        "R-KLO-11",
        "Prövning enligt 5 kap. 6 §",
        f"{SKYDD} 5 kap. 6 §",
        Start.VERKSTALLIGHET,
        HALVAR,
        gors_med=Atgardsslag.PROVNING_SKYDDAT_BOENDE,
        igen=HALVAR,
        grunder=(Grund("2024:79", "3 kap."),),
        under=MYNDIG,
        fran=SKYDD_BORJAN,
    ),
    Klocka(
        "lvm_slut",
        "R-KLO-11",
        "Vårdtiden är slut",
        f"{LVM} 20–21 §§",
        Start.VERKSTALLIGHET,
        HALVAR,
        grunder=(Grund("LVM", "4 §"),),
        fran=date(1989, 1, 1),
    ),
    Klocka(
        "ordforandebeslut",
        "R-BES-1",
        "Ordförandebeslutet ska anmälas vid nästa sammanträde",
        "kommunallagen (2017:725) 6 kap. 39–40 §§",
        Start.FATTAT,
        gors_med=Atgardsslag.ANMALT_TILL_NAMNDEN,
        beslutsfattare=Beslutsfattarslag.ORDFORANDE,
        fran=date(2018, 1, 1),
        bara_nya=True,
    ),
    Klocka(
        "ivo_antal_barn",
        "R-PLA-8",
        "IVO ska underrättas: fler än tre barn i hemmet",
        "SoF (2025:468) 16 kap. 2 §",
        Start.PLACERING,
        gors_med=Atgardsslag.IVO_UNDERRATTAD,
        flagga="R-PLA-8",
        bara_nya=True,
    ),
    Klocka(
        "narstaende",
        "R-PLA-17",
        "Placering hos närstående ska övervägas",
        f"{SOL} 22 kap. 1 §",
        Start.PLACERING,
        gors_med=Atgardsslag.NARSTAENDE_OVERVAGD,
        former=UTANFOR_EGNA_HEMMET,
        under=MYNDIG,
        bara_nya=True,
    ),
    Klocka(
        "hemutredning",
        "R-PLA-17",
        "Hemmet ska vara utrett",
        f"{SOL} 22 kap. 2 och 4 §§",
        Start.PLACERING,
        gors_med=Atgardsslag.HEMMET_UTRETT,
        former=FAMILJER,
        utan_hem=True,
        under=MYNDIG,
        bara_nya=True,
    ),
    Klocka(
        "hemavtal",
        "R-PLA-17",
        "Avtal ska ingås med hemmet",
        f"{SOL} 22 kap. 3 §",
        Start.PLACERING,
        gors_med=Atgardsslag.AVTAL_MED_HEMMET,
        former=FAMILJER,
        under=MYNDIG,
        bara_nya=True,
    ),
    Klocka(
        "samrad",
        "R-PLA-17",
        "Samråd med den kommun där hemmet ligger",
        f"{SOL} 22 kap. 6 §",
        Start.PLACERING,
        gors_med=Atgardsslag.SAMRAD_MED_KOMMUN,
        former=FAMILJER,
        under=MYNDIG,
        bara_nya=True,
    ),
    Klocka(
        "halsoundersokning",
        "R-PLA-17",
        "Hälsoundersökning när vården inleds",
        f"{SOL} 22 kap. 7 §",
        Start.VARD,
        gors_med=Atgardsslag.HALSOUNDERSOKNING,
        former=UTANFOR_EGNA_HEMMET,
        under=MYNDIG,
        bara_nya=True,
    ),
    Klocka(
        "socialsekreterare",
        "R-PLA-17",
        "En socialsekreterare ska utses för barnet",
        f"{SOL} 22 kap. 12 §",
        Start.VARD,
        gors_med=Atgardsslag.SOCIALSEKRETERARE_UTSEDD,
        former=UTANFOR_EGNA_HEMMET,
        under=MYNDIG,
        aven_fore=True,
        bara_nya=True,
    ),
    Klocka(
        "besok",
        "R-PLA-17",
        "Besök och samtal med barnet",
        f"{SOL} 22 kap. 11 §",
        Start.VARD,
        Langd(manader=3),
        gors_med=Atgardsslag.BESOK_OCH_SAMTAL,
        igen=Langd(manader=3),
        former=UTANFOR_EGNA_HEMMET,
        under=MYNDIG,
    ),
    Klocka(
        "manadsrapport",
        "R-PLA-17",
        "Månadsrapport från utföraren",
        "nämndhandling, Borås Stad, augusti 2024",
        Start.PLACERING,
        Langd(manader=1),
        gors_med=Atgardsslag.MANADSRAPPORT,
        igen=Langd(manader=1),
        former=UTANFOR_EGNA_HEMMET,
        regi=UTFORARE,
        under=MYNDIG,
    ),
)
"""Every clock about a person, in the order of the rules."""

KLOCKA = {(rad.kod, rad.fran): rad for rad in KLOCKOR}


def foregangare(klocka: Klocka, rader: Iterable[Klocka] = KLOCKOR) -> Klocka | None:
    """The row of the same kod that held the day before the row's first."""
    aldre = [rad for rad in rader if rad.kod == klocka.kod and rad.fran < klocka.fran]
    return max(aldre, key=lambda rad: rad.fran, default=None)


for _rad in KLOCKOR:
    rule_row(
        _rad.regel,
        source=_rad.kalla,
        consequence="compute",
        module=__name__,
        name=f"{_rad.namn} ({_rad.kod})",
    )
