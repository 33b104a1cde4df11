"""What happened to a beslut's execution, as dated steps: said outright, or done by placeringar.

Guarantees R-EVB-14: the first placeringsdag is the verkställighet; how a stay ends decides whether
the beslut ends with it, is carried on by another beslut, or is interrupted. Steps are valid-time
dates; on one date an end or an interruption comes before a start, so that a move on the same day
is no interruption, and among what people recorded the last word holds.

Choices, where the rule leaves them: a stay that a new stay under the same beslut follows on the
same or the next day ends nothing. A planned end ends the beslut, but a later stay under it shows
that it stood after all and opens it again. "The next placering" is the klient's first stay that
begins on the last day there or later. A move to a stay under another beslut on the same or the
next day ends the beslut whatever the avslutsorsak was: the person is placed, so nothing is
interrupted. After a longer break only omplacering and omvandling let a later stay under another
beslut end this one, on the day when that stay begins. ``beslut_bestar`` says that only stays
under this very beslut carry it out.
"""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

from contracts.ord import Avslutsorsak, Omfattning
from contracts.placering import BeslutAvbrutet, BeslutVerkstallt
from services.chassis.rules import rule
from services.uppfoljning.domain.beslut import Beslutslage, Verkstallighet
from services.uppfoljning.domain.dagintervall import dagen_efter

AVSLUTAR_BESLUTET = frozenset(
    {Avslutsorsak.PLANERAD, Avslutsorsak.AVLIDEN, Avslutsorsak.MYNDIG_AVFLYTTAD}
)
FLYTTAR = frozenset({Avslutsorsak.OMPLACERING, Avslutsorsak.OMVANDLING})


class Vad(IntEnum):
    """What a step does to the beslut."""

    HELT = 1
    DELVIS = 2
    AVBROTT = 3
    ATERUPPTAGEN = 4
    AVSLUT = 5
    """The beslut ends with a stay (a later stay under it would open it again)."""


class Steg(NamedTuple):
    """From ``datum`` on; ``rang`` orders the steps of one date; ``handelser`` made it so."""

    datum: date
    rang: int
    vad: Vad
    handelser: tuple[str, ...]


_SLUT, _SAGT, _BORJAN, _SAGT_BORJAN = range(4)
_ORDNING = attrgetter("datum", "rang")


class Klientvistelse(NamedTuple):
    """A stay of the klient, under any beslut, and how it ended. The ids are the UUIDs' integers."""

    fran: date
    till: date | None
    placering: int
    beslut: int
    orsak: Avslutsorsak | None
    beslut_bestar: bool
    handelser: tuple[str, ...]

    def ordning(self) -> tuple[date, date, int]:
        """The order in which stays are walked."""
        return (self.fran, self.till or date.max, self.placering)


def steg(lage: Beslutslage, av_vistelser: Sequence[Steg]) -> list[Steg]:
    """Every step of the beslut, in the order in which it takes effect."""
    if not lage.verkstallighet:
        return sorted(av_vistelser, key=_ORDNING)
    borjar = {ett.datum for ett in av_vistelser if ett.vad is Vad.HELT}
    sagda = [_sagt(handelse, id, borjar) for handelse, id in lage.verkstallighet]
    return sorted([*av_vistelser, *sagda], key=_ORDNING)


def _sagt(handelse: Verkstallighet, id: str, borjar: set[date]) -> Steg:
    """A step that someone recorded; on a day when a stay begins, an interruption comes first."""
    if isinstance(handelse, BeslutAvbrutet):
        return Steg(handelse.datum, _SAGT, Vad.AVBROTT, (id,))
    rang = _SAGT_BORJAN if handelse.datum in borjar else _SAGT
    if not isinstance(handelse, BeslutVerkstallt):
        return Steg(handelse.datum, rang, Vad.ATERUPPTAGEN, (id,))
    vad = Vad.DELVIS if handelse.omfattning is Omfattning.DELVIS else Vad.HELT
    return Steg(handelse.datum, rang, vad, (id,))


@rule("R-EVB-14", source="SoL (2025:400) 34 kap. 1 §", consequence="compute")
def steg_av_vistelser(beslut: int, vistelser: Sequence[Klientvistelse]) -> list[Steg]:
    """Första placeringsdagen verkställer beslutet; hur vistelsen slutar avgör vad som följer.

    ``vistelser`` are all of the klient's stays, sorted by ``ordning``.
    """
    alla: list[Steg] = []
    sist: Klientvistelse | None = None
    for vistelse in vistelser:
        if vistelse.beslut != beslut:
            continue
        if sist is not None and _foljer_direkt(sist, vistelse):
            if sist.till is not None and (vistelse.till is None or vistelse.till >= sist.till):
                sist = vistelse
            continue
        if sist is not None:
            alla += _efter(sist, vistelse.fran, vistelser)
        alla.append(Steg(vistelse.fran, _BORJAN, Vad.HELT, vistelse.handelser[:1]))
        sist = vistelse
    if sist is not None:
        alla += _efter(sist, None, vistelser)
    return alla


def _foljer_direkt(forra: Klientvistelse, nasta: Klientvistelse) -> bool:
    """Whether ``nasta`` begins while ``forra`` runs, on its last day or on the day after."""
    efter = None if forra.till is None else dagen_efter(forra.till)
    return efter is None or nasta.fran <= efter


def _efter(
    sist: Klientvistelse, nasta_egna: date | None, vistelser: Sequence[Klientvistelse]
) -> list[Steg]:
    """What follows when a stay ends and none under the same beslut follows at once."""
    dag = None if sist.till is None else dagen_efter(sist.till)
    if sist.till is None or dag is None:
        return []
    if not sist.beslut_bestar:
        if sist.orsak in AVSLUTAR_BESLUTET:
            return [Steg(dag, _SLUT, Vad.AVSLUT, sist.handelser)]
        annan = _nasta_under_annat_beslut(sist, sist.till, vistelser)
        if annan is not None and (nasta_egna is None or annan.fran < nasta_egna):
            bars_vidare = Steg(
                max(annan.fran, dag), _SLUT, Vad.AVSLUT, sist.handelser + annan.handelser[:1]
            )
            if annan.fran <= dag:
                return [bars_vidare]
            if sist.orsak in FLYTTAR:
                return [Steg(dag, _SLUT, Vad.AVBROTT, sist.handelser), bars_vidare]
    return [Steg(dag, _SLUT, Vad.AVBROTT, sist.handelser)]


def _nasta_under_annat_beslut(
    sist: Klientvistelse, till: date, vistelser: Sequence[Klientvistelse]
) -> Klientvistelse | None:
    return next(
        (annan for annan in vistelser if annan.fran >= till and annan.beslut != sist.beslut), None
    )
