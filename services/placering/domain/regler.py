"""The rules of beslut and placeringar, each a function that finds a breach or nothing.

Guarantees that a rule is judged in one place: the same function refuses a command and flags a row
taken over from another system, with the same words. Nothing here reads a clock: a personnummer is
taken with its century, because without it what it means would change with the years.
"""

import re
from datetime import date

from organisationsnummer.organisationsnummer import (
    Organisationsnummer,
    OrganisationsnummerException,
)
from personnummer.personnummer import valid as giltigt_personnummer

from contracts.ord import (
    Avslutsorsak,
    Destination,
    Form,
    Leverantorstyp,
    Placeringsform,
    Prisslag,
    Regi,
    SkalUtomRamavtal,
)
from services.chassis.context import Rackvidd
from services.chassis.rules import Breach, rule
from services.placering.domain.beslutsfattare import KRAVS, Beslutsfattare
from services.placering.domain.lagrum import gallande, las, rader_for
from services.placering.domain.register import (
    Avtalsuppgift,
    Enhetsuppgift,
    Leverantorsuppgift,
)
from services.placering.domain.vistelsekalender import Vistelse

_PERSONNUMMER = re.compile(r"[0-9]{8}-?[0-9]{4}")
_SAMORDNING = 60
"""Added to the day of birth in a samordningsnummer."""
_LAGSTA_MANAD_I_ORGANISATIONSNUMMER = 20
"""Where a personnummer has its month, an organisationsnummer has at least this."""

NAMNDHANDLING_2024 = "nämndhandling, Borås Stad, augusti 2024"


# -- who may reach whom ---------------------------------------------------------------------------


@rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="refuse")
def inom_arbetsenhet(
    arbetsenhet: str | None, rackvidd: Rackvidd, pekare: str = ""
) -> Breach | None:
    """Den som är knuten till arbetsenheter når personerna där, och inga andra.

    ``arbetsenhet`` is the person's; one that has none is reached by those who see the whole kommun.
    """
    if rackvidd.omfattar(arbetsenhet):
        return None
    return Breach("R-SEK-3", pekare, "Personen hör inte till någon av dina arbetsenheter.")


@rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="refuse")
def hela_kommunen(rackvidd: Rackvidd) -> Breach | None:
    """Övertaganden gäller hela kommunen och görs inte av den som är knuten till arbetsenheter."""
    if rackvidd.hela_kommunen:
        return None
    return Breach("R-SEK-3", "", "Övertaganden görs av den som arbetar för hela kommunen.")


# -- numbers and periods --------------------------------------------------------------------------


def normaliserat_personnummer(nummer: str) -> str | None:
    """``ÅÅÅÅMMDDNNNN``, or ``None`` when it is neither personnummer nor samordningsnummer."""
    text = nummer.strip()
    if not _PERSONNUMMER.fullmatch(text):
        return None
    siffror = text.replace("-", "")
    return siffror if giltigt_personnummer(siffror) else None


def fodelsedatum_ur(nummer: str) -> date:
    """The birth date that a normalised number says."""
    ar, manad, dag = int(nummer[:4]), int(nummer[4:6]), int(nummer[6:8])
    return date(ar, manad, dag % _SAMORDNING)


def personnummer_stammer(nummer: str, pekare: str) -> Breach | None:
    """A personnummer or samordningsnummer has its century and the right check digit."""
    if normaliserat_personnummer(nummer) is not None:
        return None
    return Breach(
        None,
        pekare,
        "Personnumret har fel form (ÅÅÅÅMMDD-NNNN) eller kontrollsiffra.",
    )


def fodelsedatum_stammer(nummer: str, fodelsedatum: date, pekare: str) -> Breach | None:
    """The birth date is the one that the normalised number says.

    A samordningsnummer may have been given on a birth date that was wrong, so it binds nothing.
    """
    if int(nummer[6:8]) > _SAMORDNING or fodelsedatum_ur(nummer) == fodelsedatum:
        return None
    return Breach(None, pekare, "Födelsedatumet är inte det som personnumret säger.")


def personnummer_ledigt(upptaget: bool, pekare: str) -> Breach | None:
    """A personnummer belongs to one klient in the kommun."""
    if not upptaget:
        return None
    return Breach(None, pekare, "En klient med det personnumret finns redan i kommunen.")


def normaliserat_organisationsnummer(nummer: str) -> str | None:
    """``NNNNNN-NNNN``, or ``None`` when it is no organisationsnummer."""
    if not nummer.isascii():
        return None
    try:
        skrivet: str = Organisationsnummer.parse(nummer.strip()).format(separator=True)
    except OrganisationsnummerException:
        return None
    return skrivet


def ser_ut_som_personnummer(nummer: str) -> bool:
    """Whether a normalised organisationsnummer is a person's (a sole trader has no other)."""
    return int(nummer[2:4]) < _LAGSTA_MANAD_I_ORGANISATIONSNUMMER


@rule("R-LEV-3", source="nämndhandling, Borås Stad, februari 2024", consequence="refuse")
def organisationsnummer_stammer(nummer: str, pekare: str) -> Breach | None:
    """En leverantör pekas ut med sitt organisationsnummer, som ska ha rätt kontrollsiffra."""
    if normaliserat_organisationsnummer(nummer) is not None:
        return None
    return Breach("R-LEV-3", pekare, "Organisationsnumret har fel form eller kontrollsiffra.")


def period_gar_framat(fran: date, till: date | None, pekare: str) -> Breach | None:
    """A period ends on its first day or later."""
    if till is None or till >= fran:
        return None
    return Breach(None, pekare, "Slutdatum ligger före startdatum.")


def inte_fore(dag: date, tidigast: date, pekare: str, text: str) -> Breach | None:
    """A day does not lie before another."""
    return Breach(None, pekare, text) if dag < tidigast else None


# -- beslut ---------------------------------------------------------------------------------------


@rule("R-BES-1", source="kommunallagen (2017:725) 6 kap. 37–40 §§, SoL", consequence="refuse")
def namnd_ar_angiven(namnd: str | None, pekare: str) -> Breach | None:
    """Ett beslut har en nämnd."""
    return None if namnd else Breach("R-BES-1", pekare, "Beslutet saknar nämnd.")


@rule("R-BES-1", source="kommunallagen (2017:725) 6 kap. 37–40 §§, SoL", consequence="refuse")
def beslutsfattare_ar_angiven(vem: Beslutsfattare | None, pekare: str) -> Breach | None:
    """Ett beslut har en beslutsfattare: tjänsteman, utskott, ordförande eller domstol."""
    if vem is None:
        return Breach("R-BES-1", pekare, "Beslutet saknar beslutsfattare.")
    for falt in KRAVS[vem.slag]:
        if getattr(vem, falt) in (None, ""):
            return Breach("R-BES-1", f"{pekare}/{falt}", "Uppgiften om beslutsfattaren saknas.")
    return None


@rule("R-BES-2", source="SoL (2025:400), övergångsbestämmelserna", consequence="refuse")
def lagrum_galler(skrivet: str, beslutsdatum: date, pekare: str) -> Breach | None:
    """Lagrummet ska vara i kraft på beslutsdatumet."""
    if gallande(skrivet, beslutsdatum) is not None:
        return None
    lasning = las(skrivet)
    kanda = [] if lasning is None else rader_for(lasning)
    if not kanda:
        return Breach("R-BES-2", pekare, "Lagrummet är inget som beslut kan vila på.")
    perioder = " eller ".join(
        f"från {rad.fran}" + (f" till {rad.till}" if rad.till else "") for rad in kanda
    )
    return Breach(
        "R-BES-2",
        pekare,
        f"Lagrummet {kanda[0].text} gäller {perioder}, inte på beslutsdatumet {beslutsdatum}.",
    )


# -- the stay -------------------------------------------------------------------------------------


@rule("R-PLA-1", source="LVM 27 §, JO 224-2013", consequence="refuse")
def en_vistelse_om_dagen(krock: Vistelse | None, pekare: str) -> Breach | None:
    """En person har högst en vistelse per dag; dagen för en flytt får delas."""
    if krock is None:
        return None
    return Breach(
        "R-PLA-1",
        pekare,
        f"Personen har redan en placering från {krock}; bara dagen för en flytt får delas,"
        " och dagar av frånvaro för annan placering, hållen plats eller inskolning.",
    )


@rule("R-PLA-12", source=NAMNDHANDLING_2024, consequence="refuse")
def avslut_har_orsak(orsak: Avslutsorsak | None, pekare: str) -> Breach | None:
    """Ett avslut anger varför placeringen slutade."""
    return None if orsak else Breach("R-PLA-12", pekare, "Ange varför placeringen slutade.")


@rule("R-PLA-12", source=NAMNDHANDLING_2024, consequence="refuse")
def annan_orsak_har_text(orsak: Avslutsorsak | None, har_text: bool, pekare: str) -> Breach | None:
    """Avslutsorsaken ”annan” ska förklaras med en text."""
    if orsak is not Avslutsorsak.ANNAN or har_text:
        return None
    return Breach("R-PLA-12", pekare, "Avslutsorsaken annan ska förklaras med en text.")


def avliden_har_ingen_destination(
    orsak: Avslutsorsak | None, destination: Destination | None, pekare: str
) -> Breach | None:
    """Who has died went nowhere."""
    if destination is None or orsak is not Avslutsorsak.AVLIDEN:
        return None
    return Breach(None, pekare, "Den som avlidit har ingen destination.")


def orsak_hor_till_avslut(
    orsak: Avslutsorsak | None, till: date | None, pekare: str
) -> Breach | None:
    """Only a placering that has ended has a reason for it."""
    if orsak is None or till is not None:
        return None
    return Breach("R-PLA-12", pekare, "En avslutsorsak utan sista dag säger inte när det slutade.")


# -- form and regi --------------------------------------------------------------------------------

_KONSULENTFORMER = frozenset({Form.FAMILJEHEM, Form.FAMILJEHEM_VUXNA, Form.JOURHEM})
_UTAN_LEVERANTOR = (Regi.EGEN, Regi.ANNAN_FORVALTNING)
_REGI_AV_TYP = {
    Leverantorstyp.PRIVAT: Regi.EXTERN_PRIVAT,
    Leverantorstyp.KOMMUN: Regi.ANNAN_KOMMUN_REGION,
    Leverantorstyp.REGION: Regi.ANNAN_KOMMUN_REGION,
    Leverantorstyp.EGET_BOLAG: Regi.EGEN,
}


@rule("R-PLA-15", source=NAMNDHANDLING_2024, consequence="compute")
def regi_for(
    form: Placeringsform, har_leverantor: bool, typ: Leverantorstyp | None, angiven: Regi | None
) -> Regi:
    """Regin följer av placeringsformen, annars av den angivna, annars av leverantörens slag."""
    if form.regi is not None:
        return form.regi
    if angiven is not None:
        return angiven
    if not har_leverantor:
        return Regi.EGEN
    if form.form is Form.JOURHEM and typ in (None, Leverantorstyp.PRIVAT):
        return Regi.KONSULENTSTODD
    return _REGI_AV_TYP[typ or Leverantorstyp.PRIVAT]


@rule("R-PLA-15", source=NAMNDHANDLING_2024, consequence="refuse")
def regi_stammer(
    form: Placeringsform,
    har_leverantor: bool,
    typ: Leverantorstyp | None,
    angiven: Regi | None,
    pekare: str,
) -> Breach | None:
    """En angiven regi får inte säga emot placeringsformen eller leverantören."""
    if angiven is None:
        return None
    if form.regi is not None:
        mojliga: tuple[Regi, ...] = (form.regi,)
    elif not har_leverantor:
        mojliga = _UTAN_LEVERANTOR
    elif typ is None:
        return None
    else:
        mojliga = (_REGI_AV_TYP[typ],)
        if typ is Leverantorstyp.PRIVAT and form.form in _KONSULENTFORMER:
            mojliga = (*mojliga, Regi.KONSULENTSTODD)
    if angiven in mojliga:
        return None
    return Breach("R-PLA-15", pekare, "Regin går inte ihop med placeringsformen och leverantören.")


@rule("R-PLA-15", source=NAMNDHANDLING_2024, consequence="refuse")
def leverantor_ar_angiven(
    form: Placeringsform, har_leverantor: bool, angiven: Regi | None, pekare: str
) -> Breach | None:
    """En köpt placering har en leverantör; ett eget hem anges med regi egen."""
    if har_leverantor or not form.har_leverantor or form.form is Form.JOURHEM:
        return None
    if form.regi is None and angiven in _UTAN_LEVERANTOR:
        return None
    return Breach(
        "R-PLA-15", pekare, "Ange leverantörens organisationsnummer, eller regi egen för eget hem."
    )


@rule("R-PLA-15", source=NAMNDHANDLING_2024, consequence="refuse")
def eget_hem_har_ingen_leverantor(
    form: Placeringsform, har_leverantor: bool, pekare: str
) -> Breach | None:
    """Eget familjehem och nätverkshem har ingen leverantör."""
    if not har_leverantor or form.har_leverantor or form.form is Form.SIS:
        return None
    return Breach("R-PLA-15", pekare, f"{form.namn} har ingen leverantör.")


@rule("R-PLA-14", source=NAMNDHANDLING_2024, consequence="refuse")
def sis_har_ingen_leverantor(
    form: Placeringsform, har_leverantor: bool, pekare: str
) -> Breach | None:
    """SiS är ingen leverantör: placeringen räknas i volym och kostnad utan leverantör."""
    if not har_leverantor or form.form is not Form.SIS:
        return None
    return Breach("R-PLA-14", pekare, "En placering hos SiS har ingen leverantör.")


# -- the supplier and its avtal -------------------------------------------------------------------


def leverantor_finns(leverantor: Leverantorsuppgift | None, pekare: str) -> Breach | None:
    """The supplier is in the register, as far as this service has heard."""
    if leverantor is not None:
        return None
    return Breach(None, pekare, "Leverantören finns inte i registret.")


def enhet_finns(
    enhet: Enhetsuppgift | None, organisationsnummer: str | None, pekare: str
) -> Breach | None:
    """The unit is in the register and is the supplier's."""
    if enhet is not None and enhet.organisationsnummer == organisationsnummer:
        return None
    return Breach(None, pekare, "Enheten finns inte hos leverantören.")


def avtal_finns(
    avtal: Avtalsuppgift | None, organisationsnummer: str | None, enhet: object, pekare: str
) -> Breach | None:
    """The named avtal is the supplier's and covers the unit."""
    if (
        avtal is not None
        and avtal.organisationsnummer == organisationsnummer
        and avtal.enhet in (None, enhet)
    ):
        return None
    return Breach(None, pekare, "Avtalet finns inte hos leverantören eller gäller en annan enhet.")


@rule("R-PLA-4", source="SoL (2025:400) 26 kap. 1–2 §§", consequence="refuse")
def avropsstopp_hindrar(leverantor: Leverantorsuppgift, fran: date, pekare: str) -> Breach | None:
    """Avropsstopp hindrar nya placeringar hos leverantören."""
    for stopp in leverantor.avropsstopp:
        if stopp.galler(fran):
            return Breach("R-PLA-4", pekare, f"Leverantören har avropsstopp från {stopp.fran}.")
    return None


@rule("R-PLA-4", source="SoL (2025:400) 26 kap. 1–2 §§", consequence="refuse")
def avtalet_galler(avtal: Avtalsuppgift, fran: date, pekare: str) -> Breach | None:
    """Ett avtal som inte gäller på startdagen kan ingen placering göras under."""
    if avtal.galler(fran):
        return None
    return Breach("R-PLA-4", pekare, f"Avtalet gäller inte på startdagen {fran}.")


@rule("R-PLA-3", source=NAMNDHANDLING_2024, consequence="refuse")
def avtalet_ar_entydigt(antal: int, pekare: str) -> Breach | None:
    """Där flera avtal gäller ska placeringen ange vilket den görs under."""
    if antal < 2:
        return None
    return Breach("R-PLA-3", pekare, f"{antal} avtal gäller på startdagen: ange vilket.")


@rule("R-PLA-3", source=NAMNDHANDLING_2024, consequence="refuse")
def utom_ramavtal_har_skal(
    behover_avtal: bool, under_avtal: bool, skal: SkalUtomRamavtal | None, pekare: str
) -> Breach | None:
    """En placering utom ramavtal ska ha ett skäl."""
    if not behover_avtal or under_avtal or skal is not None:
        return None
    return Breach("R-PLA-3", pekare, "Inget avtal gäller: ange skäl för placering utom ramavtal.")


@rule("R-PLA-3", source=NAMNDHANDLING_2024, consequence="refuse")
def annat_skal_har_text(
    skal: SkalUtomRamavtal | None, har_text: bool, pekare: str
) -> Breach | None:
    """Skälet ”annat” ska förklaras med en text."""
    if skal is not SkalUtomRamavtal.ANNAT or har_text:
        return None
    return Breach("R-PLA-3", pekare, "Skälet annat ska förklaras med en text.")


@rule("R-PLA-3", source=NAMNDHANDLING_2024, consequence="refuse")
def skal_bara_utom_ramavtal(
    skal: SkalUtomRamavtal | None, utom: bool, pekare: str
) -> Breach | None:
    """Ett skäl anges bara för en placering utom ramavtal."""
    if skal is None or utom:
        return None
    return Breach("R-PLA-3", pekare, "Placeringen är inte utom ramavtal: skäl ska inte anges.")


# -- prices ---------------------------------------------------------------------------------------


def grundpris_utan_slut(slag: Prisslag, till: date | None, pekare: str) -> Breach | None:
    """A basic price holds until the next one; only an addition has a last day."""
    if slag is Prisslag.TILLAGG or till is None:
        return None
    return Breach(None, pekare, "Ett grundpris gäller tills nästa tar vid och har inget slut.")
