"""What falls due about a person, and when: the clocks folded over the person's history.

Guarantees that the answer is a pure function of what was recorded and of no today: a row says
until when something may be done without being late, and stays until it is done, or until what it
was about is over. Where a birthday decides and only its month is known here, the row says which,
and who may read the birth date settles it (:func:`avgor`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.placering.domain.alder import fyller, fyllt, tidigast
from services.placering.domain.atgard import Atgard
from services.placering.domain.atgardsslag import ATGARDSRAD, Sak
from services.placering.domain.forlopp import FORLOPP, Forlopp, Personhistoria
from services.placering.domain.klocka import Klocka, Start
from services.placering.domain.klockor import BARNS_FORMER, KLOCKOR, foregangare
from services.placering.domain.langd import Langd


@dataclass(frozen=True, slots=True)
class Bevakning:
    """A clock that runs.

    ``forfaller`` is the last day in time; with ``alder`` it is the first day of the month in which
    the birthday lies. ``upphor`` is the first day on which what it is about is over, and ``under``
    the birthday on which it is, whatever else. ``om`` is the beslut or placering that it runs for,
    or the person: with ``kod`` and ``raknas_fran`` it names the row.
    """

    kod: str
    rad_fran: date
    om: UUID
    raknas_fran: date
    forfaller: date
    alder: int | None
    under: int | None
    upphor: date | None
    beslut: UUID | None
    placering: UUID | None


def bevaka(historia: Personhistoria, senast: date) -> list[Bevakning]:
    """The rows about one person; what was over by ``senast`` (the newest record's day) has none."""
    return [
        rad
        for klocka in KLOCKOR
        for forlopp in FORLOPP[klocka.start](historia, klocka)
        for rad in _bevakning(historia, klocka, forlopp)
        if rad.upphor is None or rad.upphor > max(senast, rad.forfaller)
    ]


def _bevakning(historia: Personhistoria, klocka: Klocka, forlopp: Forlopp) -> Iterator[Bevakning]:
    raknat = _raknat(historia, klocka, forlopp)
    if raknat is None:
        return
    raknas_fran, forfaller = raknat
    if forfaller < klocka.fran and foregangare(klocka) is None and not klocka.bara_nya:
        forfaller = klocka.fran
    if not klocka.galler(forfaller) or _for_gammal(historia, klocka, forlopp, forfaller):
        return
    yield Bevakning(
        kod=klocka.kod,
        rad_fran=klocka.fran,
        om=_om(historia, klocka, forlopp),
        raknas_fran=raknas_fran,
        forfaller=forfaller,
        alder=klocka.alder,
        under=klocka.under,
        upphor=forlopp.upphor,
        beslut=None if forlopp.beslut is None else forlopp.beslut.id,
        placering=None if forlopp.placering is None else forlopp.placering.id,
    )


def _raknat(historia: Personhistoria, klocka: Klocka, forlopp: Forlopp) -> tuple[date, date] | None:
    """The day that the clock runs from and the one on which it runs out; ``None``: it does not."""
    if klocka.alder is not None:
        manad = historia.klient.fodelsemanad
        return None if manad is None else (forlopp.fran, tidigast(manad, klocka.alder))
    gjorda = [en.datum for en in historia.gjorda if _gjord(klocka, forlopp, en)]
    if not gjorda:
        ute = Langd(dagar=forlopp.utom).efter(klocka.tid.efter(forlopp.fran))
        return forlopp.fran, ute
    return None if klocka.igen is None else (gjorda[-1], klocka.igen.efter(gjorda[-1]))


def _gjord(klocka: Klocka, forlopp: Forlopp, atgard: Atgard) -> bool:
    """Whether the åtgärd is what the clock waits for."""
    if atgard.slag is not klocka.gors_med:
        return False
    sak = ATGARDSRAD[atgard.slag].sak
    if sak is Sak.BESLUT:
        return forlopp.beslut is not None and atgard.beslut == forlopp.beslut.id
    if sak is Sak.PLACERING:
        return atgard.placering in {en.id for en in forlopp.led}
    return klocka.aven_fore or atgard.datum >= forlopp.fran


def _for_gammal(
    historia: Personhistoria, klocka: Klocka, forlopp: Forlopp, forfaller: date
) -> bool:
    """Whether the person is surely no child by then, as far as the birth month tells.

    Of somebody whose birth is not known, a form in which only children are placed tells it.
    """
    if klocka.under is None:
        return False
    manad = historia.klient.fodelsemanad
    if manad is None:
        placering = forlopp.placering
        return placering is not None and placering.form not in BARNS_FORMER
    return fyllt(manad, klocka.under, forfaller) is True


def _om(historia: Personhistoria, klocka: Klocka, forlopp: Forlopp) -> UUID:
    if forlopp.beslut is not None:
        return forlopp.beslut.id
    if forlopp.placering is not None and klocka.start in (Start.PLACERING, Start.ATGARD):
        return forlopp.placering.id
    return historia.klient.id


# -- when it is read -------------------------------------------------------------------------------


def avgors_av_fodelsedagen(rad: Bevakning, fodelsemanad: str | None, per: date) -> bool:
    """Whether the row cannot be shown, or left out, before the birth date has been read."""
    if rad.alder is not None:
        return True
    if rad.under is None or fodelsemanad is None:
        return False
    return fyllt(fodelsemanad, rad.under, max(per, rad.forfaller)) is None


def avgor(
    rad: Bevakning, fodelsemanad: str | None, fodelsedatum: date | None, per: date
) -> date | None:
    """The day on which the row falls due, seen from ``per``; ``None``: what it is about is over.

    A birth date that cannot be read is the first of its month to a clock of age, and too young to
    every other, so that nothing is left out.
    """
    forfaller = rad.forfaller
    if rad.alder is not None and fodelsedatum is not None:
        forfaller = fyller(fodelsedatum, rad.alder)
    dag = max(per, forfaller)
    if rad.upphor is not None and rad.upphor <= dag:
        return None
    if rad.under is not None and fodelsemanad is not None:
        fyllda = fyllt(fodelsemanad, rad.under, dag)
        if fyllda is None and fodelsedatum is not None:
            fyllda = dag >= fyller(fodelsedatum, rad.under)
        if fyllda:
            return None
    return forfaller
