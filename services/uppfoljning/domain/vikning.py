"""The fold: a klient's facts in, every derived row of that klient out.

Guarantees that the rows are a pure function of the set of facts, with known time from the events'
own instants, and that folding costs a walk over the facts: at each instant only what the new facts
touch is computed again. Facts about other people, avtal and enheter that nothing refers to are
passed over, so a caller may hand in more than is needed; what it must hand in is every event with
this klient as key, every event of the avtal that the klient's placeringar name or ever named, and
every list price of the enheter whose price they ask for: those that they name or ever named without
an agreed price, and those of a placering that was extended without one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from contracts import leverantor as lev
from contracts import placering as pla
from contracts.handelse import Kontraktshandelse
from contracts.ord import Avslutsorsak
from services.uppfoljning.domain.avtal import (
    UTOM_RAMAVTAL,
    Avtalslage,
    Prislista,
    avtal_efter,
)
from services.uppfoljning.domain.beslut import BeslutsHandelse, Beslutslage
from services.uppfoljning.domain.dagintervall import Dagintervall
from services.uppfoljning.domain.evb import evb_rader
from services.uppfoljning.domain.fakta import Faktum, tidpunkter
from services.uppfoljning.domain.historik import Historik
from services.uppfoljning.domain.klient import Klientlage
from services.uppfoljning.domain.kostnad import (
    debiterade_dygn,
    med_listpriser,
    prisdelar,
    startpris,
)
from services.uppfoljning.domain.placering import PlaceringsHandelse, Placeringslage
from services.uppfoljning.domain.rader import (
    Dimensioner,
    EvbRad,
    KostnadsRad,
    VardygnsRad,
    VistelseRad,
)
from services.uppfoljning.domain.vardygn import Stann, Vardygnsdel, fordela
from services.uppfoljning.domain.verkstallighet import Klientvistelse, Steg, steg_av_vistelser

_FORSTA_DAG = attrgetter("fran")
"""No two rows of one subject begin on the same day."""


class Klientrader(NamedTuple):
    """Every derived row of one klient, with all its known time."""

    vistelse: list[VistelseRad]
    kostnad: list[KostnadsRad]
    varddygn: list[VardygnsRad]
    evb: list[EvbRad]


def vik_klient(klient: UUID, fakta: Iterable[Faktum]) -> Klientrader:
    """Fold one klient's facts, in any order, into its derived rows."""
    vikning = _Vikning(klient)
    for vid, grupp in tidpunkter(fakta):
        for faktum in grupp:
            vikning.tillampa(faktum)
        if vikning.rord:
            vikning.satt_rader(vid)
    return vikning.klart()


class _Nycklar(NamedTuple):
    """The keys of a placering's rows, what they were made of, and the events that set those which
    are not its own."""

    av: tuple[pla.PlaceringInledd | pla.PlaceringRattad, Avtalslage, str | None, str | None]
    dim: Dimensioner
    handelser: tuple[str, ...]


class _Vistelse(NamedTuple):
    """A stay as it now is: its row, how it ended, and the events that set it and its keys."""

    rad: VistelseRad
    orsak: Avslutsorsak | None
    beslut_bestar: bool
    handelser: tuple[str, ...]
    nycklars: tuple[str, ...]


class _Vikning:
    """The state of one klient while the facts are walked, and the histories told from it.

    What is kept by id is kept by the id's integer: a UUID hashes and compares in Python, and each
    is looked up some fifteen times an event.
    """

    def __init__(self, klient: UUID) -> None:
        self._klient = klient
        self._uppgifter = Klientlage()
        self._beslut: dict[int, Beslutslage] = {}
        self._placeringar: dict[int, Placeringslage] = {}
        self._avtal: dict[int, Avtalslage] = {}
        self._prislistor: dict[int, Prislista] = {}
        # What the facts of this instant touched. Dicts, not sets, so that the order is the facts'.
        self._rorda: dict[int, None] = {}
        self._rorda_beslut: dict[int, None] = {}
        self._klienten_rord = False
        # The stays as they now are, and the keys of each placering's rows.
        self._vistelser: dict[int, _Vistelse] = {}
        self._nycklar: dict[int, _Nycklar] = {}
        # The stays in order, and what they do to each beslut (R-EVB-14).
        self._ordnade: list[Klientvistelse] = []
        self._steg: dict[int, list[Steg]] = {}
        self._vistelse: Historik[VistelseRad] = Historik(_FORSTA_DAG)
        self._kostnad: Historik[KostnadsRad] = Historik(_FORSTA_DAG)
        self._varddygn: Historik[VardygnsRad] = Historik(_FORSTA_DAG)
        self._evb: Historik[EvbRad] = Historik(_FORSTA_DAG)

    # -- taking facts in -----------------------------------------------------------------------

    def tillampa(self, faktum: Faktum) -> None:
        """Take in one fact; facts must come in total order."""
        tar_emot = _TAR_EMOT.get(type(faktum.handelse))
        if tar_emot is not None:
            tar_emot(self, faktum.handelse, faktum.id)

    def _om_klient(self, handelse: pla.KlientRegistrerad | pla.KlientRattad, id: str) -> None:
        if handelse.klient == self._klient and self._uppgifter.tillampa(handelse, id):
            self._ror(lambda _uppgifter, _lage: True)
            self._klienten_rord = True

    def _om_beslut(self, handelse: BeslutsHandelse, id: str) -> None:
        if handelse.klient != self._klient:
            return
        beslut = handelse.beslut.int
        lage = self._beslut.get(beslut)
        if lage is None:
            lage = self._beslut[beslut] = Beslutslage()
            self._steg[beslut] = steg_av_vistelser(beslut, self._ordnade)
        self._rorda_beslut[beslut] = None
        if lage.tillampa(handelse, id):
            self._ror(lambda uppgifter, _: uppgifter.beslut == handelse.beslut)

    def _om_placering(self, handelse: PlaceringsHandelse, id: str) -> None:
        if handelse.klient != self._klient:
            return
        placering = handelse.placering.int
        lage = self._placeringar.get(placering)
        if lage is None:
            lage = self._placeringar[placering] = Placeringslage()
        lage.tillampa(handelse, id)
        self._rorda[placering] = None

    def _om_avtal(self, handelse: lev.AvtalTecknat | lev.AvtalRattat, id: str) -> None:
        avtal = handelse.avtal.int
        forra = self._avtal.get(avtal)
        nytt = self._avtal[avtal] = avtal_efter(forra, handelse, id)
        if nytt is not forra:
            self._ror(lambda uppgifter, _: uppgifter.avtal == handelse.avtal)

    def _om_listpris(self, handelse: lev.GrunddygnsprisSatt, id: str) -> None:
        enhet = handelse.enhet.int
        lista = self._prislistor.get(enhet)
        if lista is None:
            lista = self._prislistor[enhet] = Prislista()
        lista.tillampa(handelse, id)
        self._ror(
            lambda uppgifter, lage: (
                uppgifter.enhet == handelse.enhet
                and any(handelse.fran <= dag for dag in lage.listprisdagar())
            )
        )

    def _ror(
        self,
        berors: Callable[[pla.PlaceringInledd | pla.PlaceringRattad, Placeringslage], bool],
    ) -> None:
        for placering, lage in self._placeringar.items():
            if lage.uppgifter is not None and berors(lage.uppgifter, lage):
                self._rorda[placering] = None

    # -- telling rows --------------------------------------------------------------------------

    @property
    def rord(self) -> bool:
        """Whether the facts taken in since the last rows may change any."""
        return bool(self._rorda or self._rorda_beslut or self._klienten_rord)

    def satt_rader(self, vid: datetime) -> None:
        """Tell the histories what holds from ``vid`` on, for all that the instant touched."""
        vistelser_andrade = False
        for placering in self._rorda:
            forra = self._vistelser.pop(placering, None)
            self._satt_placering(placering, self._placeringar[placering], forra, vid)
            vistelser_andrade |= self._vistelser.get(placering) != forra
        self._rorda.clear()
        if vistelser_andrade:
            self._varddygn.satt(self._klient.int, self._varddygnsrader(), vid)
            self._ror_beslut()
        self._satt_evb(vid)
        self._rorda_beslut.clear()
        self._klienten_rord = False

    def _satt_placering(
        self, placering: int, lage: Placeringslage, forra: _Vistelse | None, vid: datetime
    ) -> None:
        uppgifter, vistelse = lage.uppgifter, lage.vistelse()
        if uppgifter is None or vistelse is None:
            self._vistelse.satt(placering, (), vid)
            self._kostnad.satt(placering, (), vid)
            return
        avtal = self._avtal_for(uppgifter.avtal)
        nycklar = self._nycklar_for(placering, uppgifter, lage.placeringsform, avtal)
        handelser = lage.handelser()
        nu = _Vistelse(
            VistelseRad(
                dim=nycklar.dim,
                fran=vistelse.fran,
                till=vistelse.till,
                pagar=vistelse.till is None,
                handelser=handelser + nycklar.handelser,
            ),
            lage.orsak,
            lage.beslut_bestar,
            handelser,
            nycklar.handelser,
        )
        self._vistelser[placering] = nu
        if forra is None or nu.rad != forra.rad:
            self._vistelse.satt(placering, (nu.rad,), vid)
        kostnad = self._kostnadsrader(lage, uppgifter, vistelse, avtal, nu)
        self._kostnad.satt(placering, kostnad, vid)

    def _avtal_for(self, avtal: UUID | None) -> Avtalslage:
        return UTOM_RAMAVTAL if avtal is None else self._avtal.get(avtal.int, UTOM_RAMAVTAL)

    def _nycklar_for(
        self,
        placering: int,
        uppgifter: pla.PlaceringInledd | pla.PlaceringRattad,
        placeringsform: str,
        avtal: Avtalslage,
    ) -> _Nycklar:
        """The keys of a placering's rows; those it had, where nothing set any of them anew."""
        beslut = self._beslut.get(uppgifter.beslut.int)
        lagrum_id = None if beslut is None else beslut.lagrum_id
        av = (uppgifter, avtal, lagrum_id, self._uppgifter.id)
        forra = self._nycklar.get(placering)
        if forra is not None and forra.av == av:
            return forra
        dim = Dimensioner(
            placering=uppgifter.placering,
            klient=uppgifter.klient,
            beslut=uppgifter.beslut,
            placeringsform=placeringsform,
            regi=uppgifter.regi.value,
            leverantor=uppgifter.leverantor or "",
            enhet=uppgifter.enhet,
            avtal=uppgifter.avtal,
            omrade=avtal.omrade,
            lagrum="" if beslut is None else beslut.lagrum,
            kon=self._uppgifter.kon,
            fodelsemanad=self._uppgifter.fodelsemanad,
            arbetsenhet=self._uppgifter.arbetsenhet,
        )
        if forra is not None and forra.dim == dim:
            dim = forra.dim  # one object for all rows: cheap to compare and to write
        handelser = tuple(id for id in (avtal.id, lagrum_id, self._uppgifter.id) if id is not None)
        nycklar = self._nycklar[placering] = _Nycklar(av, dim, handelser)
        return nycklar

    def _kostnadsrader(
        self,
        lage: Placeringslage,
        uppgifter: pla.PlaceringInledd | pla.PlaceringRattad,
        vistelse: Dagintervall,
        avtal: Avtalslage,
        nu: _Vistelse,
    ) -> list[KostnadsRad]:
        dygn = debiterade_dygn(vistelse, avtal.dagrakning)
        if dygn is None:
            return []
        lista = None if uppgifter.enhet is None else self._prislistor.get(uppgifter.enhet.int)
        start = startpris(uppgifter.dygnspris_ore, lage.uppgifter_id, lista, uppgifter.fran)
        stay, pagar = nu.handelser, vistelse.till is None
        return [
            KostnadsRad(
                dim=nu.rad.dim,
                fran=del_.fran,
                till=del_.till,
                pagar=pagar,
                pris_ore=del_.pris_ore,
                grund_ore=del_.grund_ore,
                tillagg_ore=del_.tillagg_ore,
                # The start's price is set by the event that also set the stay: named once.
                handelser=stay
                + tuple([id for id in del_.handelser if id not in stay])
                + nu.nycklars,
            )
            for del_ in prisdelar(dygn, start, med_listpriser(lage.prisrader.values(), lista))
        ]

    def _varddygnsrader(self) -> list[VardygnsRad]:
        delar = fordela(
            Stann(nu.rad.fran, nu.rad.till, nu.rad.dim.placering, nu.handelser)
            for nu in self._vistelser.values()
        )
        return [self._varddygnsrad(del_, self._vistelser[del_.placering.int]) for del_ in delar]

    def _varddygnsrad(self, del_: Vardygnsdel, nu: _Vistelse) -> VardygnsRad:
        return VardygnsRad(
            dim=nu.rad.dim,
            fran=del_.fran,
            till=del_.till,
            pagar=nu.rad.pagar,
            handelser=tuple(dict.fromkeys(del_.handelser + nu.nycklars)),
        )

    def _ror_beslut(self) -> None:
        """Touch each beslut to which the stays now do something else.

        (Any stay may be the one that carries on another beslut, but few are: R-EVB-14.)
        """
        self._ordnade = [
            Klientvistelse(
                nu.rad.fran,
                nu.rad.till,
                placering,
                nu.rad.dim.beslut.int,
                nu.orsak,
                nu.beslut_bestar,
                nu.handelser,
            )
            for placering, nu in self._vistelser.items()
        ]
        self._ordnade.sort(key=Klientvistelse.ordning)
        for beslut, forra in self._steg.items():
            steg = steg_av_vistelser(beslut, self._ordnade)
            if steg != forra:
                self._steg[beslut] = steg
                self._rorda_beslut[beslut] = None

    def _satt_evb(self, vid: datetime) -> None:
        """The rows of each beslut that was touched; what is known of the klient stands in all."""
        for beslut in self._beslut if self._klienten_rord else self._rorda_beslut:
            rader = evb_rader(self._beslut[beslut], self._steg[beslut], self._uppgifter)
            self._evb.satt(beslut, rader, vid)

    def klart(self) -> Klientrader:
        """The histories, when every fact is in."""
        return Klientrader(
            self._vistelse.rader(),
            self._kostnad.rader(),
            self._varddygn.rader(),
            self._evb.rader(),
        )


_TAR_EMOT: dict[type[Kontraktshandelse], Callable[[_Vikning, Any, str], None]] = {
    pla.KlientRegistrerad: _Vikning._om_klient,
    pla.KlientRattad: _Vikning._om_klient,
    pla.BeslutFattat: _Vikning._om_beslut,
    pla.BeslutRattat: _Vikning._om_beslut,
    pla.BeslutMakulerat: _Vikning._om_beslut,
    pla.BeslutVerkstallt: _Vikning._om_beslut,
    pla.BeslutAvbrutet: _Vikning._om_beslut,
    pla.BeslutAterupptaget: _Vikning._om_beslut,
    pla.BeslutUpphort: _Vikning._om_beslut,
    pla.DrojsmalsorsakAngiven: _Vikning._om_beslut,
    pla.PlaceringInledd: _Vikning._om_placering,
    pla.PlaceringRattad: _Vikning._om_placering,
    pla.PlaceringPrisAndrat: _Vikning._om_placering,
    pla.PlaceringsavtalForlangt: _Vikning._om_placering,
    pla.PlaceringAvslutad: _Vikning._om_placering,
    pla.PlaceringMakulerad: _Vikning._om_placering,
    lev.AvtalTecknat: _Vikning._om_avtal,
    lev.AvtalRattat: _Vikning._om_avtal,
    lev.GrunddygnsprisSatt: _Vikning._om_listpris,
}
"""Which facts the fold rests on; the other events of these streams change no row of a klient."""

VIKTA_TYPER = frozenset(klass.handelsetyp() for klass in _TAR_EMOT)
"""The types of those events."""
