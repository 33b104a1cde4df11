"""What the kommun does about a person that a clock waits for, as rows of data.

Guarantees that what an åtgärd is about, and what must be said of it, stands in one place: the
command is judged by the row, and a clock names the kind that starts it anew or stops it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Atgardsslag(StrEnum):
    """The kinds of åtgärd."""

    OVERVAGANDE = "overvagande"
    OVERVAGANDE_LVU = "overvagande_lvu"
    OMPROVNING_LVU = "omprovning_lvu"
    VARDNADSOVERFLYTTNING = "vardnadsoverflyttning"
    VARDPLAN_REVIDERAD = "vardplan_reviderad"
    INDIVIDUELL_UPPFOLJNING = "individuell_uppfoljning"
    UTREDNING_AVSLUTAD = "utredning_avslutad"
    SARSKILDA_SKAL_JOURHEM = "sarskilda_skal_jourhem"
    UNDERSTALLNING = "understallning"
    ANSOKAN_OM_VARD = "ansokan_om_vard"
    OVERVAGANDE_SKYDDAT_BOENDE = "overvagande_skyddat_boende"
    PROVNING_SKYDDAT_BOENDE = "provning_skyddat_boende"
    ANMALT_TILL_NAMNDEN = "anmalt_till_namnden"
    NARSTAENDE_OVERVAGD = "narstaende_overvagd"
    HEMMET_UTRETT = "hemmet_utrett"
    AVTAL_MED_HEMMET = "avtal_med_hemmet"
    SAMRAD_MED_KOMMUN = "samrad_med_kommun"
    HALSOUNDERSOKNING = "halsoundersokning"
    SOCIALSEKRETERARE_UTSEDD = "socialsekreterare_utsedd"
    BESOK_OCH_SAMTAL = "besok_och_samtal"
    MANADSRAPPORT = "manadsrapport"
    IVO_UNDERRATTAD = "ivo_underrattad"


class Sak(StrEnum):
    """What an åtgärd is about, besides the person."""

    KLIENT = "klient"
    BESLUT = "beslut"
    PLACERING = "placering"


@dataclass(frozen=True, slots=True)
class Atgardsrad:
    """A kind of åtgärd.

    ``i_utskott`` is the rule that wants the date and the § of the meeting that decided, or was
    told; ``None``: no meeting needs to. ``utser``: it names an official.
    """

    slag: Atgardsslag
    namn: str
    sak: Sak
    i_utskott: str | None = None
    utser: bool = False


ATGARDSRADER = (
    Atgardsrad(Atgardsslag.OVERVAGANDE, "Övervägande enligt SoL", Sak.KLIENT, "R-BES-9"),
    Atgardsrad(Atgardsslag.OVERVAGANDE_LVU, "Övervägande enligt LVU", Sak.BESLUT, "R-BES-9"),
    Atgardsrad(Atgardsslag.OMPROVNING_LVU, "Omprövning enligt LVU", Sak.BESLUT, "R-BES-9"),
    Atgardsrad(
        Atgardsslag.VARDNADSOVERFLYTTNING,
        "Övervägande om vårdnadsöverflyttning",
        Sak.KLIENT,
        "R-BES-9",
    ),
    Atgardsrad(Atgardsslag.VARDPLAN_REVIDERAD, "Vårdplanen reviderad", Sak.KLIENT),
    Atgardsrad(Atgardsslag.INDIVIDUELL_UPPFOLJNING, "Individuell uppföljning", Sak.KLIENT),
    Atgardsrad(Atgardsslag.UTREDNING_AVSLUTAD, "Utredningen avslutad", Sak.PLACERING),
    Atgardsrad(
        Atgardsslag.SARSKILDA_SKAL_JOURHEM, "Särskilda skäl att stanna i jourhemmet", Sak.PLACERING
    ),
    Atgardsrad(Atgardsslag.UNDERSTALLNING, "Beslutet underställt rätten", Sak.BESLUT),
    Atgardsrad(Atgardsslag.ANSOKAN_OM_VARD, "Ansökan hos rätten", Sak.BESLUT),
    Atgardsrad(
        Atgardsslag.OVERVAGANDE_SKYDDAT_BOENDE,
        "Övervägande enligt 5 kap. 3 § 2024:79",
        Sak.BESLUT,
        "R-BES-9",
    ),
    Atgardsrad(
        Atgardsslag.PROVNING_SKYDDAT_BOENDE,
        "Prövning enligt 5 kap. 6 § 2024:79",
        Sak.BESLUT,
        "R-BES-9",
    ),
    Atgardsrad(Atgardsslag.ANMALT_TILL_NAMNDEN, "Ordförandebeslutet anmält", Sak.BESLUT, "R-BES-1"),
    Atgardsrad(Atgardsslag.NARSTAENDE_OVERVAGD, "Placering hos närstående övervägd", Sak.PLACERING),
    Atgardsrad(Atgardsslag.HEMMET_UTRETT, "Hemmet utrett", Sak.PLACERING),
    Atgardsrad(Atgardsslag.AVTAL_MED_HEMMET, "Avtal med hemmet ingånget", Sak.PLACERING),
    Atgardsrad(Atgardsslag.SAMRAD_MED_KOMMUN, "Samråd med den andra kommunen", Sak.PLACERING),
    Atgardsrad(Atgardsslag.HALSOUNDERSOKNING, "Hälsoundersökning gjord", Sak.PLACERING),
    Atgardsrad(
        Atgardsslag.SOCIALSEKRETERARE_UTSEDD, "Socialsekreterare utsedd", Sak.KLIENT, utser=True
    ),
    Atgardsrad(Atgardsslag.BESOK_OCH_SAMTAL, "Besök och samtal med barnet", Sak.KLIENT),
    Atgardsrad(Atgardsslag.MANADSRAPPORT, "Månadsrapport från utföraren", Sak.PLACERING),
    Atgardsrad(Atgardsslag.IVO_UNDERRATTAD, "IVO underrättad", Sak.PLACERING),
)
"""Every kind, in the order in which they are listed."""

ATGARDSRAD = {rad.slag: rad for rad in ATGARDSRADER}
