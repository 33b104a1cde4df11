"""What is usual for each placeringsform in the invented kommun, as rows of data.

Amounts are kronor per day exclusive of moms; lengths are days; ages are whole years.
"""

from dataclasses import dataclass
from datetime import date

BARN_INSTITUTION = "Barn och unga externa institutionsplaceringar"
BARN_KONSULENT = "Barn och unga konsulentstödda familjehem"
VUXNA_MISSBRUK = "Vuxna med missbruksproblematik"
VUXNA_KONSULENT = "Vuxna konsulentstödda familjehem"
SKYDD = "Skyddat boende"


@dataclass(frozen=True, slots=True)
class Vanligt:
    """A form: how often, for whom, how long, at what price, and from whom.

    ``extern`` is how many in a hundred are bought from a supplier.
    """

    form: str
    vikt: int
    alder: tuple[int, int]
    langd: tuple[int, int]
    pris: tuple[int, int]
    extern: int
    lagrum: tuple[tuple[int, str], ...]


SOL = "SoL"
"""Stands for the SoL ground in force on the day of the beslut."""
_BARN = ((70, SOL), (22, "2 § LVU"), (8, "3 § LVU"))
_UNGA = ((55, SOL), (15, "2 § LVU"), (30, "3 § LVU"))
_TVANG = ((10, SOL), (20, "2 § LVU"), (70, "3 § LVU"))
_SOL = ((1, SOL),)
_MISSBRUK = ((90, SOL), (10, "4 § LVM"))

VANLIGT = (
    Vanligt("hvb", 16, (8, 20), (20, 420), (4500, 9500), 100, _UNGA),
    Vanligt("sis", 4, (13, 20), (40, 300), (7000, 12000), 0, _TVANG),
    Vanligt("konsulentstott_familjehem", 15, (0, 20), (60, 1500), (1400, 2300), 100, _BARN),
    Vanligt("eget_familjehem", 18, (0, 20), (120, 2600), (500, 1100), 0, _BARN),
    Vanligt("natverkshem", 9, (0, 20), (120, 2600), (450, 900), 0, _BARN),
    Vanligt("jourhem", 8, (0, 17), (7, 120), (800, 1900), 40, _BARN),
    Vanligt("stodboende", 7, (16, 20), (60, 500), (1200, 2400), 100, _SOL),
    Vanligt("skyddat_boende", 6, (0, 55), (10, 150), (1500, 3500), 100, _SOL),
    Vanligt("hvb_vuxna", 9, (21, 64), (20, 240), (2200, 4200), 100, _MISSBRUK),
    Vanligt("familjehem_vuxna", 2, (21, 60), (60, 500), (1300, 2100), 100, _SOL),
    Vanligt("boende_vuxna", 4, (21, 70), (30, 600), (900, 1900), 100, _SOL),
    Vanligt("annan_heldygnsvard", 2, (21, 75), (15, 300), (2500, 6000), 100, _SOL),
)
VANLIGT_FOR = {vanligt.form: vanligt for vanligt in VANLIGT}


@dataclass(frozen=True, slots=True)
class Gren:
    """A branch of the market: which forms it sells, under which område, and how many suppliers
    of a hundred it has. ``enheter``: its suppliers have units with list prices.
    """

    omrade: str | None
    former: tuple[str, ...]
    andel: int
    enheter: bool


GRENAR = (
    Gren(BARN_INSTITUTION, ("hvb", "stodboende"), 46, True),
    Gren(BARN_KONSULENT, ("konsulentstott_familjehem", "jourhem"), 14, False),
    Gren(VUXNA_MISSBRUK, ("hvb_vuxna", "boende_vuxna"), 30, True),
    Gren(VUXNA_KONSULENT, ("familjehem_vuxna",), 3, False),
    Gren(SKYDD, ("skyddat_boende",), 5, True),
    Gren(None, ("annan_heldygnsvard",), 2, True),
)

NYA_SOL = date(2025, 7, 1)
"""The day from which beslut rest on SoL (2025:400)."""


def lagrum(slag: str, beslutsdatum: date) -> str:
    """The ground as papers write it, the one in force on the day."""
    if slag != SOL:
        return slag
    return "4 kap. 1 § SoL" if beslutsdatum < NYA_SOL else "11 kap. 1 § SoL"


INSATSER = (
    "Kontaktperson",
    "Kontaktfamilj",
    "Boendestöd",
    "Öppenvård",
    "Särskild sysselsättning",
)
"""Insatser of the kommun that are no placements."""
NAMNDER = ("Individ- och familjeomsorgsnämnden", "Sociala omsorgsnämnden")
