"""The closed vocabularies of the contracts: every code that a consumer may meet in a field.

Guarantees that a code is written in one way everywhere: API, events, import and reports take their
lists from here. Codes are the words of the field in ASCII. Adding a code is a change that a
consumer must be able to survive; removing one breaks it.
"""

from enum import StrEnum
from typing import NamedTuple


class Kon(StrEnum):
    """Sex as reports count it; ``A`` is annan or okänd (R-EVB-8)."""

    MAN = "M"
    KVINNA = "K"
    ANNAN = "A"


class Form(StrEnum):
    """Placeringsform without regard to who runs the home (R-PLA-15)."""

    HVB = "hvb"
    SIS = "sis"
    FAMILJEHEM = "familjehem"
    JOURHEM = "jourhem"
    STODBOENDE = "stodboende"
    SKYDDAT_BOENDE = "skyddat_boende"
    HVB_VUXNA = "hvb_vuxna"
    FAMILJEHEM_VUXNA = "familjehem_vuxna"
    BOENDE_VUXNA = "boende_vuxna"
    ANNAN_HELDYGNSVARD = "annan_heldygnsvard"


class Regi(StrEnum):
    """Who runs the home (R-PLA-15)."""

    EGEN = "egen"
    KONSULENTSTODD = "konsulentstodd"
    EXTERN_PRIVAT = "extern_privat"
    ANNAN_KOMMUN_REGION = "annan_kommun_region"
    ANNAN_FORVALTNING = "annan_forvaltning"
    STATEN = "staten"


class Leverantorstyp(StrEnum):
    """Kind of supplier; only ``privat`` is in the yearly follow-up (R-LEV-1)."""

    PRIVAT = "privat"
    KOMMUN = "kommun"
    REGION = "region"
    EGET_BOLAG = "eget_bolag"


class Dagrakning(StrEnum):
    """Day-count policy of an avtal: which of the first and last day is paid for (R-KOS-2)."""

    BADA = "bada"
    ANKOMST = "ankomst"
    AVRESA = "avresa"


class Prisslag(StrEnum):
    """What a price row is: the basic price of a day, or an addition to it (R-KOS-1)."""

    GRUND = "grund"
    TILLAGG = "tillagg"


class Omfattning(StrEnum):
    """How much of a beslut is carried out (R-EVB-15)."""

    HELT = "helt"
    DELVIS = "delvis"


class Avslutsorsak(StrEnum):
    """Why a placering ended (R-PLA-12)."""

    PLANERAD = "planerad"
    OMPLACERING = "omplacering"
    SAMMANBROTT = "sammanbrott"
    OMVANDLING = "omvandling"
    AVLIDEN = "avliden"
    MYNDIG_AVFLYTTAD = "myndig_avflyttad"
    AVTAL_UPPHORT = "avtal_upphort"
    ANNAN = "annan"


class Destination(StrEnum):
    """Where a person went when a placering ended; ``annan`` is something else that is known."""

    VARDNADSHAVARE = "vardnadshavare"
    NARSTAENDE = "narstaende"
    EGET_BOENDE = "eget_boende"
    KVAR_I_HEMMET = "kvar_i_hemmet"
    VARDNADSOVERFLYTTNING = "vardnadsoverflyttning"
    ANNAN_PLACERING = "annan_placering"
    ANNAN_INSATS = "annan_insats"
    ANNAN_KOMMUN = "annan_kommun"
    SJUKVARD = "sjukvard"
    KRIMINALVARD = "kriminalvard"
    UTLANDET = "utlandet"
    OKAND = "okand"
    ANNAN = "annan"


class Franvaroorsak(StrEnum):
    """Why a placed person is away from the home; the last three are another stay (R-PLA-1)."""

    AVVIKNING = "avvikning"
    SJUKHUS = "sjukhus"
    HEMRESA = "hemresa"
    SEMESTER = "semester"
    ANNAN_PLACERING = "annan_placering"
    HALLEN_PLATS = "hallen_plats"
    INSKOLNING = "inskolning"


class Rattelseskal(StrEnum):
    """Why a record is corrected or annulled: a code, because a text could name a person."""

    SKRIVFEL = "skrivfel"
    FEL_UPPGIFT = "fel_uppgift"
    FEL_PERSON = "fel_person"
    DUBBLETT = "dubblett"
    SENT_INKOMMEN = "sent_inkommen"
    ANNAT = "annat"


class SkalUtomRamavtal(StrEnum):
    """Why a placering is made outside every framework agreement (R-PLA-3)."""

    BEHOV_KAN_INTE_TILLGODOSES = "behov_kan_inte_tillgodoses"
    INGEN_LEDIG_PLATS = "ingen_ledig_plats"
    AKUT = "akut"
    ANNAT = "annat"


class Drojsmalsorsak(StrEnum):
    """Why a beslut is not carried out yet (R-EVB-13)."""

    ONSKEMAL_UPPDRAGSTAGARE = "onskemal_uppdragstagare"
    ONSKEMAL_UTFORANDE = "onskemal_utforande"
    HALSA = "halsa"
    TACKAT_NEJ = "tackat_nej"
    EJ_SVARAT = "ej_svarat"
    VILL_EJ_NU = "vill_ej_nu"
    STALLFORETRADARE_EMOT = "stallforetradare_emot"
    EJ_KONTAKT = "ej_kontakt"
    EJ_VALT_UTFORARE = "ej_valt_utforare"
    RESURSBRIST = "resursbrist"
    PARALLELL_INSATS = "parallell_insats"
    OKANT = "okant"


class Drojsmalsniva(StrEnum):
    """Where the reason for a delay lies (R-EVB-13)."""

    INDIVID = "individ"
    STRUKTUR = "struktur"


_NIVAER: dict[Drojsmalsorsak, Drojsmalsniva | None] = {
    Drojsmalsorsak.RESURSBRIST: Drojsmalsniva.STRUKTUR,
    Drojsmalsorsak.OKANT: None,
}

DROJSMALSNIVA = {orsak: _NIVAER.get(orsak, Drojsmalsniva.INDIVID) for orsak in Drojsmalsorsak}
"""The level of each reason; an unknown reason has none."""


class Erbjudandesvar(StrEnum):
    """What the person said of an offer; a refused one does not end the beslut (R-EVB-6)."""

    ACCEPTERAT = "accepterat"
    AVBOJT = "avbojt"


class Placeringsform(NamedTuple):
    """One row of the reports' list of placeringsformer: its code, its name and what it means.

    ``regi`` is the one that follows from the code alone; ``None`` where the supplier's kind
    decides (R-PLA-15).
    """

    kod: str
    namn: str
    form: Form
    regi: Regi | None
    natverk: bool
    har_leverantor: bool


PLACERINGSFORMER = (
    Placeringsform("hvb", "HVB", Form.HVB, None, False, True),
    Placeringsform("sis", "SiS", Form.SIS, Regi.STATEN, False, False),
    Placeringsform(
        "konsulentstott_familjehem",
        "Konsulentstött familjehem",
        Form.FAMILJEHEM,
        Regi.KONSULENTSTODD,
        False,
        True,
    ),
    Placeringsform("eget_familjehem", "Eget familjehem", Form.FAMILJEHEM, Regi.EGEN, False, False),
    Placeringsform("natverkshem", "Nätverkshem", Form.FAMILJEHEM, Regi.EGEN, True, False),
    Placeringsform("jourhem", "Jourhem", Form.JOURHEM, None, False, True),
    Placeringsform("stodboende", "Stödboende", Form.STODBOENDE, None, False, True),
    Placeringsform("skyddat_boende", "Skyddat boende", Form.SKYDDAT_BOENDE, None, False, True),
    Placeringsform("hvb_vuxna", "HVB vuxna", Form.HVB_VUXNA, None, False, True),
    Placeringsform(
        "familjehem_vuxna", "Familjehem vuxna", Form.FAMILJEHEM_VUXNA, None, False, True
    ),
    Placeringsform("boende_vuxna", "Boende vuxna", Form.BOENDE_VUXNA, None, False, True),
    Placeringsform(
        "annan_heldygnsvard",
        "Annan heldygnsvård",
        Form.ANNAN_HELDYGNSVARD,
        None,
        False,
        True,
    ),
)
"""Every placeringsform in the order in which reports list them."""

PLACERINGSFORM = {rad.kod: rad for rad in PLACERINGSFORMER}


def placeringsformskod(form: Form, regi: Regi, natverk: bool) -> str:
    """The code that import and reports use for a form, a regi and the network mark (R-PLA-15)."""
    if form is not Form.FAMILJEHEM:
        return form.value
    if regi is not Regi.EGEN:
        return "konsulentstott_familjehem"
    return "natverkshem" if natverk else "eget_familjehem"
