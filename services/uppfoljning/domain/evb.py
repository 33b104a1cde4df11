"""Ej verkställda beslut: how each beslut stands on each day, and from when its clock runs.

Guarantees that every beslut is judged by itself, so that two that look the same are two (R-EVB-7),
that only beslut under a lagrum of EVB have rows (R-BES-7, R-EVB-1), and that what follows from
placeringar and what was recorded outright are one account (R-EVB-14).

The clock starts on the first day on which the insats is not, or is no longer, wholly carried out
and runs until it is: from the beslut where it never was, from the interruption, or from the day
it became partial (R-EVB-15). Going between partial and interrupted does not start it anew, or a
row could leave the list by getting worse. An interruption of what was never recorded as begun
counts as an interruption, not as a beslut that was never carried out. "Återupptagen" gives back
what was interrupted: partial stays partial. A recorded ending and the day after ``galler_till`` end
the beslut for good, the earlier of them. A reason for delay holds until the insats begins to be
wholly carried out, or the beslut ends.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, assert_never

from contracts.placering import BeslutFattat, BeslutRattat
from services.chassis.rules import rule
from services.uppfoljning.domain.beslut import Beslutslage, Orsak
from services.uppfoljning.domain.dagintervall import dagen_efter, dagen_fore
from services.uppfoljning.domain.klient import Klientlage
from services.uppfoljning.domain.klocka import TRE_MANADER, Grans, listas
from services.uppfoljning.domain.rader import EvbRad
from services.uppfoljning.domain.verkstallighet import Steg, Vad, steg


class Lage(StrEnum):
    """How a beslut stands; the first three are on the list when their clock has run out."""

    EJ_VERKSTALLD = "ej_verkstalld"
    DELVIS = "delvis"
    AVBRUTEN = "avbruten"
    VERKSTALLD = "verkstalld"
    UPPHORD = "upphord"


class _Stand(NamedTuple):
    """The beslut at a day: where it stands, its clock, and the events that made it so.

    ``klocka_handelser`` started the clock; there are none where it runs from the beslut itself.
    """

    lage: Lage
    klocka_fran: date | None
    klocka_handelser: tuple[str, ...] = ()
    avbrottsdatum: date | None = None
    avbrot_delvis: bool = False
    handelser: tuple[str, ...] = ()
    orsak: Orsak | None = None


def _efter_steg(stand: _Stand, ett: Steg) -> _Stand:
    """Where the beslut stands after one step; a step that says nothing new changes nothing."""
    match ett.vad:
        case Vad.HELT:
            return _verkstalld(stand, ett)
        case Vad.DELVIS:
            return _delvis(stand, ett)
        case Vad.AVBROTT:
            return _avbruten(stand, ett)
        case Vad.ATERUPPTAGEN:
            return _aterupptagen(stand, ett)
        case Vad.AVSLUT:
            return _Stand(Lage.UPPHORD, None, handelser=ett.handelser)
        case _:
            assert_never(ett.vad)


def _verkstalld(stand: _Stand, ett: Steg) -> _Stand:
    if stand.lage is Lage.VERKSTALLD:
        return stand
    return _Stand(Lage.VERKSTALLD, None, handelser=ett.handelser)


@rule("R-EVB-15", source="IVO, frågor och svar om ej verkställda beslut", consequence="compute")
def _delvis(stand: _Stand, ett: Steg) -> _Stand:
    """Delvis verkställt: klockan går från beslutet om det aldrig var helt, annars från dagen."""
    if stand.lage is Lage.DELVIS:
        return stand
    if stand.klocka_fran is None:
        return _klockan_borjar(stand, Lage.DELVIS, ett)
    return stand._replace(
        lage=Lage.DELVIS, avbrottsdatum=None, avbrot_delvis=False, handelser=ett.handelser
    )


def _avbruten(stand: _Stand, ett: Steg) -> _Stand:
    if stand.lage is Lage.AVBRUTEN:
        return stand
    if stand.lage is Lage.DELVIS:
        return stand._replace(
            lage=Lage.AVBRUTEN,
            avbrottsdatum=ett.datum,
            avbrot_delvis=True,
            handelser=ett.handelser,
        )
    return _klockan_borjar(stand, Lage.AVBRUTEN, ett)._replace(avbrottsdatum=ett.datum)


def _klockan_borjar(stand: _Stand, lage: Lage, ett: Steg) -> _Stand:
    return _Stand(lage, ett.datum, ett.handelser, handelser=ett.handelser, orsak=stand.orsak)


def _aterupptagen(stand: _Stand, ett: Steg) -> _Stand:
    if stand.lage in (Lage.DELVIS, Lage.VERKSTALLD):
        return stand
    if stand.avbrot_delvis:
        return _delvis(stand, ett)
    return _verkstalld(stand, ett)


@rule("R-BES-7", source="SoL (2025:400) 34 kap. 1 §", consequence="compute")
@rule("R-EVB-1", source="SoL (2025:400) 34 kap. 1 §, LSS 28 f §", consequence="compute")
def evb_rader(
    lage: Beslutslage,
    av_vistelser: Sequence[Steg],
    klient: Klientlage,
) -> list[EvbRad]:
    """Gynnande beslut enligt SoL och LSS följs tills de är verkställda; andra lagrum räknas inte.

    ``av_vistelser`` is what the klient's stays do to it (:func:`steg_av_vistelser`). The rows come
    in order of date from the beslutsdatum on, without a gap; none where EVB does not follow the
    lagrum (R-BES-7).
    """
    uppgifter = lage.uppgifter
    if uppgifter is None or lage.makulerat or not uppgifter.evb:
        return []
    avsnitt = list(_avsnitt(uppgifter, lage, steg(lage, av_vistelser)))
    rader: list[EvbRad] = []
    for nr, (fran, stand) in enumerate(avsnitt):
        till = dagen_fore(avsnitt[nr + 1][0]) if nr + 1 < len(avsnitt) else None
        rader.append(_rad(uppgifter, lage.uppgifter_id, klient, fran, till, stand))
    return rader


def _avsnitt(
    uppgifter: BeslutFattat | BeslutRattat, lage: Beslutslage, alla: Sequence[Steg]
) -> Iterator[tuple[date, _Stand]]:
    """Where the beslut stands, from which day on: each one differs from the one before."""
    borjan = uppgifter.beslutsdatum
    slut = _slutar(uppgifter, lage)
    stand = _Stand(Lage.EJ_VERKSTALLD, borjan)
    # What happened before the beslut was recorded as taken holds from its first day.
    dag, visad = borjan, None
    for datum, nasta in _i_ordning(alla, lage.orsaker):
        if slut is not None and datum >= slut[0]:
            break
        if datum > dag:
            if _synligt(stand) != visad:
                visad = _synligt(stand)
                yield dag, visad
            dag = datum
        stand = (
            _efter_steg(stand, nasta) if isinstance(nasta, Steg) else stand._replace(orsak=nasta)
        )
    if slut is not None and slut[0] <= dag:
        yield borjan, _Stand(Lage.UPPHORD, None, handelser=slut[1])
        return
    if _synligt(stand) != visad:
        yield dag, _synligt(stand)
    if slut is not None:
        yield slut[0], _Stand(Lage.UPPHORD, None, handelser=slut[1])


def _i_ordning(alla: Sequence[Steg], orsaker: Sequence[Orsak]) -> list[tuple[date, Steg | Orsak]]:
    """Steps and reasons by date; on one date the steps come first, each kind in its own order."""
    blandat: list[tuple[date, Steg | Orsak]] = [(ett.datum, ett) for ett in alla]
    if orsaker:
        blandat += [(orsak.datum, orsak) for orsak in orsaker]
        blandat.sort(key=lambda par: par[0])
    return blandat


def _slutar(
    uppgifter: BeslutFattat | BeslutRattat, lage: Beslutslage
) -> tuple[date, tuple[str, ...]] | None:
    """The first day on which the beslut does not hold, and the event that says so beside its own.

    The earlier of a recorded ending and the day after ``galler_till``.
    """
    slut: list[tuple[date, tuple[str, ...]]] = []
    if lage.upphorande is not None:
        slut.append((lage.upphorande.datum, (lage.upphorande.id,)))
    efter = None if uppgifter.galler_till is None else dagen_efter(uppgifter.galler_till)
    if efter is not None:
        slut.append((efter, ()))
    return min(slut, default=None)


def _synligt(stand: _Stand) -> _Stand:
    """The stand without what no row shows: a reason while nothing is delayed."""
    if stand.klocka_fran is None and stand.orsak is not None:
        return stand._replace(orsak=None)
    return stand


def _rad(
    uppgifter: BeslutFattat | BeslutRattat,
    uppgifter_id: str,
    klient: Klientlage,
    fran: date,
    till: date | None,
    stand: _Stand,
) -> EvbRad:
    ids = [uppgifter_id, *stand.klocka_handelser, *stand.handelser]
    if stand.orsak is not None:
        ids.append(stand.orsak.id)
    if klient.id is not None:
        ids.append(klient.id)
    return EvbRad(
        beslut=uppgifter.beslut,
        klient=uppgifter.klient,
        fran=fran,
        till=till,
        lage=stand.lage.value,
        klocka_fran=(
            None if stand.klocka_fran is None else max(stand.klocka_fran, uppgifter.beslutsdatum)
        ),
        beslutsdatum=uppgifter.beslutsdatum,
        avbrottsdatum=stand.avbrottsdatum,
        lag=uppgifter.lag,
        lagrum=uppgifter.lagrum,
        insatstyp=uppgifter.insatstyp,
        kon=klient.kon,
        namnd=uppgifter.namnd,
        arbetsenhet=klient.arbetsenhet,
        orsak=None if stand.orsak is None else stand.orsak.orsak.value,
        handelser=tuple(dict.fromkeys(ids)),
    )


def ska_rapporteras(rad: EvbRad, per: date, grans: Grans = TRE_MANADER) -> bool:
    """Whether the row is on the list of ``per``: it holds that day and its clock has run out."""
    if rad.klocka_fran is None or per < rad.fran or (rad.till is not None and rad.till < per):
        return False
    return listas(rad.klocka_fran, per, grans)
