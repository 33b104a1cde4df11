"""Who may be given which decision, and the borders that no delegationsordning may cross.

Guarantees that the borders of R-BES-4 and R-BES-9 are rows of data: the same row refuses a beslut
and an imported delegationsordning.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.placering.domain.lagrum import Lasning, las


class Beslutstyp(StrEnum):
    """The kinds of decision that a delegationsordning speaks of."""

    PLACERING_HVB = "placering_hvb"
    PLACERING_FAMILJEHEM = "placering_familjehem"
    PLACERING_FAMILJEHEM_VUXEN = "placering_familjehem_vuxen"
    PLACERING_JOURHEM = "placering_jourhem"
    PLACERING_STODBOENDE = "placering_stodboende"
    PLACERING_SKYDDAT_BOENDE = "placering_skyddat_boende"
    LVU_VERKSTALLIGHET = "lvu_verkstallighet"
    GODKANNANDE_JOURHEM = "godkannande_jourhem"
    GODKANNANDE_FAMILJEHEM = "godkannande_familjehem"
    VARD_OVER_MANADER = "vard_over_manader"
    AVTAL_MED_HEM = "avtal_med_hem"
    TILLAGGSKOSTNAD = "tillaggskostnad"
    OVRIGT_BISTAND = "ovrigt_bistand"


class Delegat(StrEnum):
    """Those who decide, the lowest first."""

    SOCIALSEKRETERARE = "socialsekreterare"
    FORSTE_SOCIALSEKRETERARE = "forste_socialsekreterare"
    ENHETSCHEF = "enhetschef"
    VERKSAMHETSCHEF = "verksamhetschef"
    AVDELNINGSCHEF = "avdelningschef"
    FORVALTNINGSCHEF = "forvaltningschef"
    UTSKOTT = "utskott"
    NAMND = "namnd"

    @property
    def niva(self) -> int:
        """How high it stands."""
        return list(Delegat).index(self)


_UTAN_PRICKAR = str.maketrans("åäö", "aao")
_MELLAN = re.compile(r"[\s_-]+")


def delegat_av(roll: str) -> Delegat | None:
    """The official that a written role names; ``None`` when it is none."""
    kod = _MELLAN.sub("_", roll.strip().casefold()).translate(_UTAN_PRICKAR)
    tjansteman = [delegat for delegat in Delegat if delegat.niva < Delegat.UTSKOTT.niva]
    return next((delegat for delegat in tjansteman if delegat == kod), None)


@dataclass(frozen=True, slots=True)
class Grans:
    """Decisions that go no lower than utskott from ``fran`` on (R-BES-9).

    They are named by kind, or by act and paragraph (none named: the whole act). ``ordforande``: the
    act lets the chair decide when the committee cannot be awaited.
    """

    kalla: str
    fran: date
    beslutstyper: tuple[Beslutstyp, ...] = ()
    lag: str | None = None
    paragrafer: tuple[str, ...] = ()
    stycken: tuple[str, ...] = ()
    """The paragraph's parts that are meant, where only some are; one not written is meant too."""
    ordforande: bool = False

    def omfattar(self, beslutstyp: Beslutstyp | None, lagrum: str | None) -> bool:
        """Whether the row speaks of this decision."""
        if beslutstyp in self.beslutstyper:
            return True
        lasning = None if lagrum is None or self.lag is None else las(lagrum)
        return lasning is not None and self._omfattar_lagrum(lasning, lagrum or "")

    def _omfattar_lagrum(self, lasning: Lasning, skrivet: str) -> bool:
        if lasning.lag != self.lag:
            return False
        if self.paragrafer and lasning.paragraf not in self.paragrafer:
            return False
        stycken = set(_STYCKE.findall(skrivet.casefold()))
        return not self.stycken or not stycken or not stycken.isdisjoint(self.stycken)


_STYCKE = re.compile(r"\b(\d) ?st\b")
_HEM = (
    Beslutstyp.PLACERING_FAMILJEHEM,
    Beslutstyp.PLACERING_JOURHEM,
    Beslutstyp.GODKANNANDE_FAMILJEHEM,
    Beslutstyp.GODKANNANDE_JOURHEM,
)
_LVU_FRAN = date(1990, 7, 1)
_LVM_FRAN = date(1989, 1, 1)

GRANSER = (
    Grans("SoL (2025:400) 30 kap. 6 §", date(2002, 1, 1), beslutstyper=_HEM),
    Grans("SoL (2025:400) 30 kap. 7 §", _LVU_FRAN, lag="LVU", paragrafer=("6",), ordforande=True),
    Grans(
        "SoL (2025:400) 30 kap. 7 §",
        _LVU_FRAN,
        beslutstyper=(Beslutstyp.LVU_VERKSTALLIGHET,),
        lag="LVU",
        paragrafer=("11",),
        stycken=("1", "2"),
        ordforande=True,
    ),
    Grans(
        "SoL (2025:400) 30 kap. 7 §",
        _LVU_FRAN,
        lag="LVU",
        paragrafer=("4", "6a", "9a", "13", "13b", "13c", "14", "21", "22"),
    ),
    Grans("SoL (2025:400) 30 kap. 8 §", date(2024, 4, 1), lag="2024:79", ordforande=True),
    Grans("SoL (2025:400) 30 kap. 9 §", _LVM_FRAN, lag="LVM", paragrafer=("11",)),
    Grans("SoL (2025:400) 30 kap. 9 §", _LVM_FRAN, lag="LVM", paragrafer=("13",), ordforande=True),
)
"""Every border; the older act's ban on delegation is held by the same rows."""


def grans_for(beslutstyp: Beslutstyp | None, lagrum: str | None, dag: date) -> Grans | None:
    """The border that a decision of the day must not go below."""
    traffar = (grans for grans in GRANSER if grans.omfattar(beslutstyp, lagrum))
    return next((grans for grans in traffar if grans.fran <= dag), None)
