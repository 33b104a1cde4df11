"""The rules of homes: what a placering that names one must agree with, and who may approve it.

Guarantees that whether a home is full is asked of the same days whatever changes: a placering, the
number of places, or whose the home is. A home that a leverantör runs is flagged only, since its
other places are not seen here (R-PLA-9).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.ord import Form
from services.chassis.context import Rackvidd
from services.chassis.rules import Breach, rule
from services.placering.domain.bedomning import Uppgifter
from services.placering.domain.boende import Boende
from services.placering.domain.delegater import Beslutstyp
from services.placering.domain.regler import NAMNDHANDLING_2024

HEMFORMER = frozenset({Form.FAMILJEHEM, Form.JOURHEM, Form.FAMILJEHEM_VUXNA})
"""The forms that a home is used as."""
GODKANNS_SOM = {
    Form.FAMILJEHEM: Beslutstyp.GODKANNANDE_FAMILJEHEM,
    Form.JOURHEM: Beslutstyp.GODKANNANDE_JOURHEM,
}
"""What a home for children is approved as, and the kind of decision that it is."""
BARN_HOGST = 3
"""More placed children than this in one home and IVO must be told (R-PLA-8)."""


@dataclass(frozen=True, slots=True)
class Godkannandelagrum:
    """The ground on which a home is approved, and the days on which a beslut may rest on it."""

    form: Form
    text: str
    fran: date
    till: date | None


GODKANNANDELAGRUM = (
    Godkannandelagrum(
        Form.FAMILJEHEM, "6 kap. 6 § SoL (2001:453)", date(2002, 1, 1), date(2025, 6, 30)
    ),
    Godkannandelagrum(
        Form.JOURHEM, "6 kap. 6 § SoL (2001:453)", date(2002, 1, 1), date(2025, 6, 30)
    ),
    Godkannandelagrum(Form.FAMILJEHEM, "22 kap. 2 § SoL (2025:400)", date(2025, 7, 1), None),
    Godkannandelagrum(Form.JOURHEM, "22 kap. 4 § SoL (2025:400)", date(2025, 7, 1), None),
)
"""Every ground; the form and the beslutsdatum choose one (R-BES-2)."""


def godkannandelagrum(form: Form, dag: date) -> str | None:
    """The ground that a godkännande of the day rests on; ``None`` before the first."""
    return next(
        (
            rad.text
            for rad in GODKANNANDELAGRUM
            if rad.form is form and rad.fran <= dag and (rad.till is None or dag <= rad.till)
        ),
        None,
    )


@rule("R-BES-2", source="SoL (2025:400), övergångsbestämmelserna", consequence="refuse")
def godkannande_har_lagrum(form: Form, dag: date, pekare: str) -> Breach | None:
    """Ett godkännande vilar på ett lagrum i kraft på beslutsdatumet."""
    if godkannandelagrum(form, dag) is not None:
        return None
    return Breach("R-BES-2", pekare, "Inget lagrum för godkännande är i kraft på beslutsdatumet.")


@rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="refuse")
def hemmet_inom_arbetsenhet(
    arbetsenhet: str | None, rackvidd: Rackvidd, pekare: str = ""
) -> Breach | None:
    """Den som är knuten till arbetsenheter ändrar hemmen där, och läser bara dem med namn."""
    if rackvidd.omfattar(arbetsenhet):
        return None
    return Breach("R-SEK-3", pekare, "Hemmet hör inte till någon av dina arbetsenheter.")


@rule("R-PLA-15", source=NAMNDHANDLING_2024, consequence="refuse")
def formen_ar_ett_hems(form: Form, pekare: str) -> Breach | None:
    """Bara en placering i familjehem eller jourhem pekar ut ett hem."""
    if form in HEMFORMER:
        return None
    return Breach("R-PLA-15", pekare, "Bara familjehem och jourhem pekas ut som hem.")


@rule("R-PLA-15", source=NAMNDHANDLING_2024, consequence="refuse")
def natverk_ar_hemmets(uppgifter: Uppgifter, natverk: bool, pekare: str) -> Breach | None:
    """Nätverkshem är hemmets märke: en placering i eget familjehem har samma."""
    if uppgifter.form is not Form.FAMILJEHEM or uppgifter.leverantor is not None:
        return None
    if uppgifter.natverk == natverk:
        return None
    ar = "ett nätverkshem" if natverk else "inget nätverkshem"
    return Breach("R-PLA-15", pekare, f"Hemmet är {ar}: placeringsformen ska säga samma sak.")


@rule("R-PLA-16", source=NAMNDHANDLING_2024, consequence="refuse")
def leverantoren_ar_hemmets(
    leverantor: str | None, tillhorighet: Iterable[str | None], pekare: str
) -> Breach | None:
    """En placering i ett hem har alla dagar den leverantör, eller egna regi, som hemmet tillhör."""
    for vems in tillhorighet:
        if vems is None and leverantor is not None:
            text = "Hemmet är kommunens eget då: placeringen har ingen leverantör."
            return Breach("R-PLA-16", pekare, text)
        if vems != leverantor:
            return Breach("R-PLA-16", pekare, f"Hemmet tillhör leverantören {vems} då.")
    return None


@rule("R-PLA-16", source=NAMNDHANDLING_2024, consequence="refuse")
def alla_flyttar_med(kvar: Boende | None, pekare: str) -> Breach | None:
    """När ett hem byter tillhörighet följer alla som bor där med, i samma omvandling."""
    if kvar is None:
        return None
    text = f"En placering där från {kvar} följer inte med: omvandla hemmet, eller rätta den först."
    return Breach("R-PLA-16", pekare, text)


@rule("R-PLA-16", source=NAMNDHANDLING_2024, consequence="refuse")
def hemmet_ar_leverantorens(tillhorighet: str | None, pekare: str) -> Breach | None:
    """Bara ett hem som tillhör en leverantör omvandlas till kommunens eget."""
    if tillhorighet is not None:
        return None
    return Breach("R-PLA-16", pekare, "Hemmet är redan kommunens eget den dagen.")


@rule("R-PLA-9", source=NAMNDHANDLING_2024, consequence="refuse")
def plats_finns(full: date | None, pekare: str) -> Breach | None:
    """I ett eget hem bor aldrig fler än det har platser, andra kommuners barn inräknade."""
    if full is None:
        return None
    return Breach("R-PLA-9", pekare, f"Hemmet har ingen ledig plats {full}.")


@rule("R-PLA-9", source=NAMNDHANDLING_2024, consequence="flag")
def platserna_racker_hos_leverantoren(full: date | None, pekare: str) -> Breach | None:
    """I en leverantörs hem flaggas en placering utöver platserna."""
    if full is None:
        return None
    return Breach("R-PLA-9", pekare, f"Hemmet har fler placerade än platser {full}.")


@rule("R-PLA-17", source="SoL (2025:400) 22 kap. 2 och 4 §§", consequence="flag")
def hemmet_ar_utrett_och_godkant(
    form: Form, utrett: bool, godkant: bool, pekare: str
) -> Breach | None:
    """Ett barns familjehem eller jourhem är utrett och godkänt när placeringen börjar."""
    if form not in GODKANNS_SOM or (utrett and godkant):
        return None
    saknas = "godkänt" if utrett else "utrett"
    return Breach("R-PLA-17", pekare, f"Hemmet är inte {saknas} den dagen.")


@rule("R-PLA-17", source="SoL (2025:400) 22 kap. 2 och 4 §§", consequence="flag")
def utrett_fore_godkannande(utrett: bool, pekare: str) -> Breach | None:
    """Ett hem är utrett, med godtagbart utfall, innan det godkänns."""
    if utrett:
        return None
    return Breach("R-PLA-17", pekare, "Hemmet var inte utrett med godtagbart utfall den dagen.")


@rule("R-PLA-8", source="SoF (2025:468) 16 kap. 2 §", consequence="refuse")
def underrattelsen_galler_fler_barn(galler: bool, pekare: str) -> Breach | None:
    """IVO underrättas om dagar då fler än tre placerade barn bor i hemmet."""
    if galler:
        return None
    return Breach("R-PLA-8", pekare, "Den dagen bor högst tre placerade barn i hemmet.")


@rule("R-PLA-8", source="SoF (2025:468) 16 kap. 2 §", consequence="flag")
def hogst_tre_barn(fler: bool, pekare: str) -> Breach | None:
    """En placering som ger ett hem fler än tre placerade barn flaggas."""
    if not fler:
        return None
    return Breach("R-PLA-8", pekare, "Fler än tre barn är placerade i hemmet: IVO underrättas.")
