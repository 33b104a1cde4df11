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


class Sak(StrEnum):
    """What an åtgärd is about, besides the person."""

    KLIENT = "klient"
    BESLUT = "beslut"
    PLACERING = "placering"


@dataclass(frozen=True, slots=True)
class Atgardsrad:
    """A kind of åtgärd.

    ``i_utskott`` is the rule that wants the date and the § of the meeting that decided; ``None``:
    no meeting needs to.
    """

    slag: Atgardsslag
    namn: str
    sak: Sak
    i_utskott: str | None = None


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
)
"""Every kind, in the order in which they are listed."""

ATGARDSRAD = {rad.slag: rad for rad in ATGARDSRADER}
