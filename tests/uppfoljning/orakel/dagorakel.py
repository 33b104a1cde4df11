"""An oracle that knows no intervals: it asks, for one instant and one date, what the facts say.

Written apart from the engine and in another way: no state is kept and nothing is folded. Each
question looks through the whole list of facts known at the instant; days are counted one by one,
by asking about the day before and the day after; a beslut's clock is found by walking the days
from the first date in any fact and then looking backwards. Slow, and meant to be.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from contracts.handelse import Kontraktshandelse
from services.uppfoljning.domain.fakta import Faktum

DAG = timedelta(days=1)


class Dygn(NamedTuple):
    """What one day of one placering is: its price in öre, as far as anything is known."""

    pris_ore: int | None
    grund_ore: int | None
    tillagg_ore: int


class Lage(NamedTuple):
    """What one day of one beslut is."""

    lage: str
    klocka_fran: date | None
    avbrottsdatum: date | None
    orsak: str | None


class Orakel:
    """What is known at one instant about one klient."""

    def __init__(self, fakta: list[Faktum], klient: UUID, vid: datetime) -> None:
        self._kanda = [
            faktum
            for faktum in fakta
            if faktum.registrerad <= vid and getattr(faktum.handelse, "klient", klient) == klient
        ]
        self._kanda.sort(key=lambda f: f.index)
        self._kanda.sort(key=lambda f: f.pos)
        self._kanda.sort(key=lambda f: f.topic)
        self._kanda.sort(key=lambda f: f.registrerad)

    # -- looking things up ---------------------------------------------------------------------

    def _alla(self, namn: str, **villkor: object) -> list[Any]:
        """Every known event of these classes (names with a blank between) that fits."""
        return [
            f.handelse
            for f in self._kanda
            if type(f.handelse).__name__ in namn.split()
            and all(getattr(f.handelse, falt) == varde for falt, varde in villkor.items())
        ]

    def _sista(self, namn: str, **villkor: object) -> Any:
        alla = self._alla(namn, **villkor)
        return alla[-1] if alla else None

    def _unika(self, namn: str, falt: str) -> list[UUID]:
        return sorted({getattr(handelse, falt) for handelse in self._alla(namn)})

    def placeringar(self) -> list[UUID]:
        return self._unika("PlaceringInledd PlaceringRattad", "placering")

    def beslut(self) -> list[UUID]:
        return self._unika("BeslutFattat BeslutRattat", "beslut")

    def uppgifter(self, placering: UUID) -> Any:
        return self._sista("PlaceringInledd PlaceringRattad", placering=placering)

    def _avslut(self, placering: UUID) -> Any:
        return self._sista("PlaceringRattad PlaceringAvslutad", placering=placering)

    def _till(self, placering: UUID) -> date | None:
        avslut = self._avslut(placering)
        return None if avslut is None else avslut.till

    # -- days of a placering -------------------------------------------------------------------

    def vistas(self, placering: UUID, dag: date) -> bool:
        """Whether the klient is there that day."""
        uppgifter = self.uppgifter(placering)
        if uppgifter is None or self._alla("PlaceringMakulerad", placering=placering):
            return False
        till = self._till(placering)
        return bool(uppgifter.fran <= dag and (till is None or dag <= till))

    def _avtal(self, placering: UUID) -> Any:
        return self._sista("AvtalTecknat AvtalRattat", avtal=self.uppgifter(placering).avtal)

    def omrade(self, placering: UUID) -> str:
        avtal = self._avtal(placering)
        return "" if avtal is None else str(avtal.omrade)

    def lagrum(self, placering: UUID) -> str:
        beslut = self._sista("BeslutFattat BeslutRattat", beslut=self.uppgifter(placering).beslut)
        return "" if beslut is None else str(beslut.lagrum)

    def kon(self) -> str:
        klient = self._sista("KlientRegistrerad KlientRattad")
        return "A" if klient is None else str(klient.kon)

    def fodelsemanad(self) -> str | None:
        klient = self._sista("KlientRegistrerad KlientRattad")
        return None if klient is None else klient.fodelsemanad

    def debiteras(self, placering: UUID, dag: date) -> bool:
        """Whether the day is paid for, by the policy of the avtal."""
        if not self.vistas(placering, dag):
            return False
        var_dar_igar = self.vistas(placering, dag - DAG)
        ar_dar_imorgon = self.vistas(placering, dag + DAG)
        if not var_dar_igar and not ar_dar_imorgon:
            return True
        avtal = self._avtal(placering)
        policy = "bada" if avtal is None else str(avtal.dagrakning)
        if policy == "ankomst":
            return ar_dar_imorgon
        if policy == "avresa":
            return var_dar_igar
        return True

    def dygn(self, placering: UUID, dag: date) -> Dygn | None:
        """The debited day's price, ``None`` when it is not paid for."""
        if not self.debiteras(placering, dag):
            return None
        grund = self._grund(placering, dag)
        tillagg = [
            rad.dygnspris_ore
            for rad in self._prisrader(placering, "tillagg")
            if rad.fran <= dag and (rad.till is None or dag <= rad.till)
        ]
        summa = 0
        for ore in tillagg:
            summa += ore
        if grund is not None:
            return Dygn(grund + summa, grund, summa)
        return Dygn(summa if tillagg else None, None, summa)

    def _prisrader(self, placering: UUID, slag: str) -> list[Any]:
        """The price rows that stand: an event is replaced by a later one with the same id."""
        alla = self._alla("PlaceringPrisAndrat PlaceringsavtalForlangt", placering=placering)
        return [
            rad
            for nr, rad in enumerate(alla)
            if getattr(rad, "slag", "grund") == slag
            and all(s.prisrad != rad.prisrad for s in alla[nr + 1 :])
        ]

    def _listpris(self, placering: UUID, dag: date) -> Any:
        enhet = self.uppgifter(placering).enhet
        return enhet and _senast_borjad(self._alla("GrunddygnsprisSatt", enhet=enhet), dag)

    def _grund(self, placering: UUID, dag: date) -> int | None:
        rader = [
            rad
            for rad in self._prisrader(placering, "grund")
            if rad.dygnspris_ore is not None or self._listpris(placering, rad.fran)
        ]
        traff = _senast_borjad(rader, dag)
        if traff is not None and traff.dygnspris_ore is None:
            traff = self._listpris(placering, traff.fran)
        uppgifter = self.uppgifter(placering)
        if traff is None and uppgifter.dygnspris_ore is not None:
            return int(uppgifter.dygnspris_ore)
        if traff is None:
            traff = self._listpris(placering, uppgifter.fran)
        return None if traff is None else int(traff.dygnspris_ore)

    def varddygn(self, dag: date) -> UUID | None:
        """The placering whose vårddygn the date is."""
        bast: UUID | None = None
        for placering in self.placeringar():
            if self.vistas(placering, dag) and (bast is None or self._gar_fore(placering, bast)):
                bast = placering
        return bast

    def _gar_fore(self, a: UUID, b: UUID) -> bool:
        fran_a, fran_b = self.uppgifter(a).fran, self.uppgifter(b).fran
        if fran_a != fran_b:
            return bool(fran_a > fran_b)
        till_a, till_b = self._till(a), self._till(b)
        if till_a != till_b:
            return till_a is None or (till_b is not None and till_a > till_b)
        return a > b

    # -- days of a beslut ----------------------------------------------------------------------

    def evb(self, beslut: UUID, forsta: date, sista: date) -> dict[date, Lage]:
        """How the beslut stands on each day up to ``sista``, by walking from ``forsta``.

        ``forsta`` must be before every date in the facts. Days before the beslutsdatum are left
        out, and there are none at all for a beslut that EVB does not follow.
        """
        uppgifter = self._sista("BeslutFattat BeslutRattat", beslut=beslut)
        if not uppgifter.evb or self._alla("BeslutMakulerat", beslut=beslut):
            return {}
        dagar: dict[date, Lage] = {}
        spar: list[tuple[date, str]] = [(forsta, "ej_verkstalld")]
        vantar_pa_flytt = [False]
        dag = forsta
        while dag <= sista:
            for lage in self._dagens(beslut, dag, spar, vantar_pa_flytt):
                if lage != spar[-1][1]:
                    spar.append((dag, lage))
            if dag >= uppgifter.beslutsdatum:
                dagar[dag] = (
                    Lage("upphord", None, None, None)
                    if self._har_upphort(uppgifter, dag)
                    else self._lage(uppgifter, spar, dag)
                )
            dag += DAG
        return dagar

    def _har_upphort(self, uppgifter: Any, dag: date) -> bool:
        sagt = self._sista("BeslutUpphort", beslut=uppgifter.beslut)
        if sagt is not None and sagt.datum <= dag:
            return True
        return uppgifter.galler_till is not None and bool(uppgifter.galler_till < dag)

    def _dagens(
        self, beslut: UUID, dag: date, spar: list[tuple[date, str]], vantar: list[bool]
    ) -> Any:
        """What the day does, one thing after the other: ends, interruptions, starts, words."""
        egna = [p for p in self.placeringar() if self.uppgifter(p).beslut == beslut]
        andras = [p for p in self.placeringar() if self.uppgifter(p).beslut != beslut]
        dar = any(self.vistas(p, dag) for p in egna)
        dar_igar = [p for p in egna if self.vistas(p, dag - DAG)]
        borjar = dar and not dar_igar
        if dar_igar and not dar:
            yield self._efter_vistelsen(dar_igar, andras, dag, vantar)
        elif vantar[0] and not dar and any(self._borjar(p, dag) for p in andras):
            vantar[0] = False
            yield "upphord"
        if dar:
            vantar[0] = False
        sagt = [
            h
            for h in self._alla("BeslutVerkstallt BeslutAvbrutet BeslutAterupptaget", beslut=beslut)
            if h.datum == dag
        ]
        avbrott = [h for h in sagt if type(h).__name__ == "BeslutAvbrutet"]
        if borjar:
            if avbrott:
                yield "avbruten"
            yield "verkstalld"
            sagt = [h for h in sagt if h not in avbrott]
        for handelse in sagt:
            yield _sagt(handelse, spar)

    def _borjar(self, placering: UUID, dag: date) -> bool:
        return bool(self.vistas(placering, dag) and self.uppgifter(placering).fran == dag)

    def _efter_vistelsen(
        self, slutade: list[UUID], andras: list[UUID], dag: date, vantar: list[bool]
    ) -> str:
        """A stay ended yesterday and none under the beslut goes on."""
        sist = max(slutade, key=lambda p: (self.uppgifter(p).fran, p))
        avslut = self._avslut(sist)
        if avslut.beslut_bestar:
            return "avbruten"
        if avslut.orsak in ("planerad", "avliden", "myndig_avflyttad"):
            return "upphord"
        if any(self._borjar(p, dag - DAG) or self._borjar(p, dag) for p in andras):
            return "upphord"
        vantar[0] = avslut.orsak in ("omplacering", "omvandling")
        return "avbruten"

    def _lage(self, uppgifter: Any, spar: list[tuple[date, str]], dag: date) -> Lage:
        nu = spar[-1][1]
        klocka = avbrott = orsak = None
        if nu in ("ej_verkstalld", "delvis", "avbruten"):
            klocka = _klocka(spar, uppgifter.beslutsdatum)
            orsak = self._orsak(uppgifter.beslut, spar, dag)
        if nu == "avbruten":
            avbrott = spar[-1][0]
        return Lage(nu, klocka, avbrott, orsak)

    def _orsak(self, beslut: UUID, spar: list[tuple[date, str]], dag: date) -> str | None:
        sagd = _senast_borjad(self._alla("DrojsmalsorsakAngiven", beslut=beslut), dag, falt="datum")
        if sagd is None:
            return None
        for nar, lage in spar:
            if nar > sagd.datum and lage in ("verkstalld", "upphord"):
                return None
        return str(sagd.orsak)


def _senast_borjad(rader: list[Any], dag: date, falt: str = "fran") -> Any:
    """The one that began last of those that have begun; of several, the one recorded last."""
    traff = None
    for rad in rader:
        if getattr(rad, falt) <= dag and (
            traff is None or getattr(rad, falt) >= getattr(traff, falt)
        ):
            traff = rad
    return traff


def _sagt(handelse: Kontraktshandelse, spar: list[tuple[date, str]]) -> str:
    """What a recorded word makes of the beslut as it stands."""
    nu = spar[-1][1]
    namn = type(handelse).__name__
    if namn == "BeslutAvbrutet":
        return "avbruten"
    if namn == "BeslutVerkstallt":
        return "delvis" if getattr(handelse, "omfattning", None) == "delvis" else "verkstalld"
    if nu in ("delvis", "verkstalld"):
        return nu
    if nu == "avbruten" and spar[-2][1] == "delvis":
        return "delvis"
    return "verkstalld"


def _klocka(spar: list[tuple[date, str]], beslutsdatum: date) -> date:
    """Look backwards for the first day that was not whole; never before the beslut."""
    borjan: date | None = None
    for (nar, lage), (_, innan) in zip(spar[:0:-1], spar[-2::-1], strict=True):
        borjan = nar
        if innan in ("verkstalld", "upphord"):
            break
        if innan == "ej_verkstalld":
            if lage == "delvis":
                borjan = None
            break
    return beslutsdatum if borjan is None else max(borjan, beslutsdatum)


def nar_gransen_passerats(klocka_fran: date, per: date, grans: str) -> bool:
    """Whether a clock has run out on ``per``, by counting months or days one at a time."""
    antal = int(grans[:-1])
    if grans.endswith("d"):
        dag = klocka_fran
        for _ in range(antal):
            dag += DAG
        return per >= dag
    ar, manad = klocka_fran.year, klocka_fran.month
    for _ in range(antal):
        manad += 1
        if manad == 13:
            ar, manad = ar + 1, 1
    dagnr = klocka_fran.day
    while not _finns(ar, manad, dagnr):
        dagnr -= 1
    return per > date(ar, manad, dagnr)


def _finns(ar: int, manad: int, dagnr: int) -> bool:
    dagar = [31, 29 if ar % 4 == 0 and (ar % 100 != 0 or ar % 400 == 0) else 28]
    dagar += [31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return dagnr <= dagar[manad - 1]


def rakna(fran: date, till: date, galler: Callable[[date], bool]) -> int:
    """How many days of the period something holds, counted one by one."""
    antal, dag = 0, fran
    while dag <= till:
        antal += galler(dag)
        dag += DAG
    return antal
