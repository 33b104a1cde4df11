"""The rules of delegation: what a row may say, and who may take a beslut.

Guarantees that the borders of R-BES-4 and R-BES-9 hold whatever a delegationsordning says, and
whether there is one or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.chassis.calendar import months_after
from services.chassis.rules import Breach, rule
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.delegater import (
    Beslutstyp,
    Delegat,
    delegat_av,
    grans_for,
)
from services.placering.domain.delegationsrad import Delegationsrad
from services.placering.domain.lagrum import gallande

_JOURHEM = "SoL (2001:453) 6 kap. 6 §, SoL (2025:400) 22 kap. 4 §"
_GRANS = "SoL (2025:400) 30 kap. 6–9 §§"
_ORDNING = "kommunallagen (2017:725) 6 kap. 37 § och 7 kap. 5 §"


@dataclass(frozen=True, slots=True)
class Arende:
    """What of a beslut decides who may take it; ``lagrum`` as papers write it."""

    beslutstyp: Beslutstyp | None
    lagrum: str
    beslutsdatum: date
    galler_till: date | None


@rule("R-BES-4", source=_JOURHEM, consequence="refuse")
def jourhem_godkanns_av_utskott(rad: Delegationsrad, pekare: str) -> Breach | None:
    """Godkännande av enskilt hem som jourhem delegeras till utskottet och ingen annan."""
    if rad.beslutstyp is not Beslutstyp.GODKANNANDE_JOURHEM or rad.lagst is Delegat.UTSKOTT:
        return None
    return Breach("R-BES-4", pekare, "Jourhem godkänns av utskottet, inte av någon annan.")


@rule("R-BES-9", source=_GRANS, consequence="refuse")
def raden_haller_gransen(rad: Delegationsrad, dag: date, pekare: str) -> Breach | None:
    """En delegationsordning lägger inte lägre än utskott det som lagen förbehåller utskottet."""
    grans = grans_for(rad.beslutstyp, rad.lagrum, dag)
    if grans is None or rad.lagst.niva >= Delegat.UTSKOTT.niva:
        return None
    return Breach("R-BES-9", pekare, f"Får inte delegeras lägre än till utskott: {grans.kalla}.")


@rule("R-BES-4", source=_JOURHEM, consequence="refuse")
def utskott_godkanner_jourhem(arende: Arende, vem: Beslutsfattare, pekare: str) -> Breach | None:
    """Ett beslut att godkänna ett enskilt hem som jourhem fattas av utskottet."""
    jourhem = arende.beslutstyp is Beslutstyp.GODKANNANDE_JOURHEM
    if not jourhem or vem.slag is Beslutsfattarslag.UTSKOTT:
        return None
    return Breach("R-BES-4", pekare, "Jourhem godkänns av utskottet, inte av någon annan.")


@rule("R-BES-9", source=_GRANS, consequence="refuse")
def beslutet_haller_gransen(arende: Arende, vem: Beslutsfattare, pekare: str) -> Breach | None:
    """Det som lagen förbehåller utskottet beslutas inte lägre; ordförande bara där lagen medger."""
    grans = grans_for(arende.beslutstyp, arende.lagrum, arende.beslutsdatum)
    if grans is None or vem.slag in (Beslutsfattarslag.UTSKOTT, Beslutsfattarslag.DOMSTOL):
        return None
    if vem.slag is Beslutsfattarslag.ORDFORANDE:
        if grans.ordforande:
            return None
        return Breach("R-BES-9", pekare, f"Ordföranden får inte besluta detta: {grans.kalla}.")
    return Breach("R-BES-9", pekare, f"Beslutas lägst av utskott: {grans.kalla}.")


@rule("R-BES-3", source=_ORDNING, consequence="refuse")
def delegaten_har_ratt(
    arende: Arende, vem: Beslutsfattare, rader: Sequence[Delegationsrad], pekare: str
) -> Breach | None:
    """Tjänstemannens roll har beslutstypen i delegationsordningen i kraft på beslutsdatumet."""
    if vem.slag is not Beslutsfattarslag.TJANSTEMAN:
        return None
    if arende.beslutstyp is None:
        return Breach("R-BES-3", "/beslutstyp", "Ange beslutstyp: det finns en delegationsordning.")
    delegat = delegat_av(vem.roll or "")
    if delegat is not None and any(_ger_ratt(rad, arende, delegat) for rad in rader):
        return None
    return Breach(
        "R-BES-3",
        f"{pekare}/roll",
        "Rollen har inte rätt att fatta beslutet enligt delegationsordningen.",
    )


def _ger_ratt(rad: Delegationsrad, arende: Arende, delegat: Delegat) -> bool:
    if rad.beslutstyp is not arende.beslutstyp or rad.lagst.niva > delegat.niva:
        return False
    if rad.lagrum is not None:
        lagrum = gallande(rad.lagrum, arende.beslutsdatum)
        if lagrum is None or lagrum.text != arende.lagrum:
            return False
    if rad.hogst_manader is None:
        return True
    sist = months_after(arende.beslutsdatum, rad.hogst_manader)
    return arende.galler_till is not None and arende.galler_till <= sist
