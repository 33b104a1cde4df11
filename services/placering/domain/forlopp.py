"""What goes on about a person and makes clocks run: stays, care without a break, beslut.

Guarantees that what has ended runs no clock, that a move within unbroken care starts none anew
(the day after the last one, or the same, is no break), and that no today is asked for: what has a
last day carries it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.ord import Avslutsorsak, Franvaroorsak, Omfattning
from services.chassis.rules import rule
from services.placering.domain.atgard import Atgard
from services.placering.domain.beslut import Beslut
from services.placering.domain.klient import Klient
from services.placering.domain.klocka import Klocka, Start
from services.placering.domain.placering import Placering

EN_DAG = timedelta(days=1)
_AVSLUTAR_BESLUTET = (
    Avslutsorsak.PLANERAD,
    Avslutsorsak.AVLIDEN,
    Avslutsorsak.MYNDIG_AVFLYTTAD,
)
_FLYTT = (Avslutsorsak.OMPLACERING, Avslutsorsak.OMVANDLING)


@dataclass(frozen=True, slots=True)
class Personhistoria:
    """All that is known of one person; what is annulled is left out by who reads it here."""

    klient: Klient
    beslut: Sequence[Beslut] = ()
    placeringar: Sequence[Placering] = ()
    atgarder: Sequence[Atgard] = ()

    @property
    def vistelser(self) -> list[Placering]:
        """The placeringar that stand, by first day."""
        kvar = (en for en in self.placeringar if not en.makulerad)
        return sorted(kvar, key=lambda en: (en.fran, en.id))

    def under(self, beslut: Beslut) -> list[Placering]:
        """The stays under a beslut, by first day."""
        return [en for en in self.vistelser if en.beslut == beslut.id]

    def beslut_om(self, placering: Placering) -> Beslut | None:
        """The beslut of a stay."""
        return next((ett for ett in self.beslut if ett.id == placering.beslut), None)

    @property
    def gjorda(self) -> list[Atgard]:
        """The åtgärder that stand, by day."""
        kvar = (en for en in self.atgarder if not en.makulerad)
        return sorted(kvar, key=lambda en: (en.datum, en.id))

    @property
    def handlaggare(self) -> str | None:
        """The official who was named last."""
        namnda = [en.handlaggare for en in self.gjorda if en.handlaggare is not None]
        return namnda[-1] if namnda else None


@dataclass(frozen=True, slots=True)
class Forlopp:
    """Something that a clock runs for, from ``fran``; ``upphor`` is the first day without it.

    ``utom``: days of it that are not counted; ``led``: the stays that it is made of, where it
    is, of which ``placering`` is the last.
    """

    fran: date
    upphor: date | None
    beslut: Beslut | None = None
    placering: Placering | None = None
    utom: int = 0
    led: tuple[Placering, ...] = ()


def dagen_efter(till: date | None) -> date | None:
    """The first day that a last day leaves free."""
    return None if till is None or till == date.max else till + EN_DAG


# -- a beslut, when it began and when it ends ------------------------------------------------------


@rule("R-EVB-14", source="SoL (2025:400) 34 kap. 1 §", consequence="compute")
def beslutet_upphor(historia: Personhistoria, beslut: Beslut) -> date | None:
    """Ett beslut slutar när det sägs, efter sin sista dag, eller med placeringens slut."""
    slut = [dag for dag in (beslut.upphort, dagen_efter(beslut.galler_till)) if dag is not None]
    vistelser = historia.under(beslut)
    sista = max(vistelser, key=lambda en: en.till or date.max, default=None)
    if sista is not None and sista.till is not None and not sista.beslut_bestar:
        efter = sista.till + EN_DAG
        if sista.orsak in _AVSLUTAR_BESLUTET or (
            sista.orsak in _FLYTT and _bars_vidare(historia, sista, efter)
        ):
            slut.append(efter)
    return min(slut, default=None)


def _bars_vidare(historia: Personhistoria, forra: Placering, senast: date) -> bool:
    """Whether a new beslut carries the next stay."""
    assert forra.till is not None
    return any(
        en.beslut != forra.beslut and forra.till <= en.fran <= senast for en in historia.vistelser
    )


def verkstallt(historia: Personhistoria, beslut: Beslut) -> date | None:
    """The first day of its execution; ``None`` where it has not begun."""
    sagda = [steg.datum for steg in beslut.steg if steg.slag != "avbrutet"]
    return min([*sagda, *(en.fran for en in historia.under(beslut))], default=None)


@rule("R-EVB-15", source="IVO, frågor och svar om ej verkställda beslut", consequence="compute")
def ej_verkstallt_fran(historia: Personhistoria, beslut: Beslut) -> date | None:
    """Klockan går från beslutet, avbrottet eller dagen då det blev delvis, tills det är helt."""
    fran: date | None = beslut.beslutsdatum
    lage, helt = "ej", True
    for dag, vad in _steg(historia, beslut):
        if vad == "aterupptaget":
            vad = "helt" if helt else "delvis"
        if vad == "helt":
            fran = None
        elif fran is None or (vad == "avbrutet" and lage == "ej"):
            fran = dag
        lage = vad
        helt = helt if vad == "avbrutet" else vad == "helt"
    return fran


def _steg(historia: Personhistoria, beslut: Beslut) -> list[tuple[date, str]]:
    """What was recorded of its execution, and what the stays under it say, by day."""
    steg = [
        (ett.datum, "delvis" if ett.omfattning is Omfattning.DELVIS else _ORD[ett.slag])
        for ett in beslut.steg
    ]
    for nr, (fran, upphor) in enumerate(_sammanhangande(historia.under(beslut))):
        steg.append((fran, "helt" if nr == 0 else "aterupptaget"))
        if upphor is not None:
            steg.append((upphor, "avbrutet"))
    return sorted(steg, key=lambda par: par[0])


_ORD = {"verkstallt": "helt", "avbrutet": "avbrutet", "aterupptaget": "aterupptaget"}


def _sammanhangande(vistelser: Iterable[Placering]) -> list[tuple[date, date | None]]:
    return [(led[0].fran, _slutet(led)) for led in _kedjor(vistelser, lambda _forra, _en: True)]


# -- stays without a break -------------------------------------------------------------------------


def _kedjor(
    vistelser: Iterable[Placering], hor_ihop: Callable[[Placering, Placering], bool]
) -> Iterator[list[Placering]]:
    """Stays by first day, each with those that follow it without a day between."""
    led: list[Placering] = []
    for en in vistelser:
        upphor = _slutet(led) if led else None
        if led and ((upphor is not None and en.fran > upphor) or not hor_ihop(led[-1], en)):
            yield led
            led = []
        led.append(en)
    if led:
        yield led


def _slutet(led: Sequence[Placering]) -> date | None:
    """The first day after the stays; ``None`` where one goes on."""
    slut = [en.till for en in led]
    return None if None in slut else dagen_efter(max(dag for dag in slut if dag is not None))


@rule("R-PLA-16", source="nämndhandling, Borås Stad, augusti 2024", consequence="compute")
def samma_hem(forra: Placering, nasta: Placering) -> bool:
    """En omvandling ändrar vem som driver hemmet och startar ingen klocka om."""
    if forra.orsak is Avslutsorsak.OMVANDLING:
        return True
    if forra.hem is not None or nasta.hem is not None:
        return forra.hem == nasta.hem
    return forra.enhet is not None and forra.enhet == nasta.enhet


# -- what each start means -------------------------------------------------------------------------


def _placeringar(historia: Personhistoria, klocka: Klocka) -> list[Placering]:
    """The stays that the clock speaks of."""
    return [en for en in historia.vistelser if _avser(historia, klocka, en)]


def _avser(historia: Personhistoria, klocka: Klocka, placering: Placering) -> bool:
    if (
        (klocka.former and placering.form not in klocka.former)
        or (klocka.regi and placering.regi not in klocka.regi)
        or (klocka.flagga is not None and klocka.flagga not in placering.flaggor)
        or (klocka.utan_hem and placering.hem is not None)
    ):
        return False
    beslut = historia.beslut_om(placering)
    return beslut is not None and _avser_beslut(klocka, beslut)


def _avser_beslut(klocka: Klocka, beslut: Beslut) -> bool:
    vem = None if beslut.beslutsfattare is None else beslut.beslutsfattare.slag
    if beslut.makulerat or klocka.beslutsfattare not in (None, vem):
        return False
    return not klocka.grunder or any(
        grund.omfattar(beslut.lag, beslut.lagrum) for grund in klocka.grunder
    )


def _beslut(historia: Personhistoria, klocka: Klocka) -> list[Beslut]:
    """The beslut that the clock speaks of."""
    return [ett for ett in historia.beslut if _avser_beslut(klocka, ett)]


def _vard(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for led in _kedjor(_placeringar(historia, klocka), lambda _forra, _en: True):
        yield _av_led(led)


def _hem(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for led in _kedjor(_placeringar(historia, klocka), samma_hem):
        yield _av_led(led)


def _av_led(led: Sequence[Placering]) -> Forlopp:
    return Forlopp(led[0].fran, _slutet(led), placering=led[-1], led=tuple(led))


def _placering(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for en in _placeringar(historia, klocka):
        yield Forlopp(en.fran, dagen_efter(en.till), placering=en, led=(en,))


def _atgard(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for en in _placeringar(historia, klocka):
        startade = [
            gjord.datum
            for gjord in historia.gjorda
            if gjord.slag is klocka.startas_av and gjord.placering == en.id
        ]
        if startade:
            yield Forlopp(startade[-1], dagen_efter(en.till), placering=en, led=(en,))


def _beslutet(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for ett in _beslut(historia, klocka):
        yield Forlopp(ett.beslutsdatum, beslutet_upphor(historia, ett), beslut=ett)


def _fattat(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for ett in _beslut(historia, klocka):
        yield Forlopp(ett.beslutsdatum, None, beslut=ett)


def _verkstallighet(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for ett in _beslut(historia, klocka):
        fran = verkstallt(historia, ett)
        if fran is not None:
            upphor = beslutet_upphor(historia, ett)
            yield Forlopp(fran, upphor, beslut=ett, utom=_dagar_borta(historia, ett))


def _dagar_borta(historia: Personhistoria, beslut: Beslut) -> int:
    """Whole days on which the person had run away, where it is known that they are over.

    While it is not known the clock is let run: it then runs out too early, never too late.
    """
    return sum(
        (borta.till - borta.fran).days + 1
        for en in historia.under(beslut)
        for borta in en.franvaro.values()
        if borta.orsak in _RAKNAS_INTE and borta.till is not None
    )


_RAKNAS_INTE = (Franvaroorsak.AVVIKNING,)


def _ej_paborjad(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for ett in _beslut(historia, klocka):
        vem = ett.beslutsfattare
        if vem is None or vem.laga_kraft is None or verkstallt(historia, ett) is not None:
            continue
        yield Forlopp(vem.laga_kraft, beslutet_upphor(historia, ett), beslut=ett)


def _ej_verkstallt(historia: Personhistoria, klocka: Klocka) -> Iterator[Forlopp]:
    for ett in _beslut(historia, klocka):
        fran = ej_verkstallt_fran(historia, ett) if ett.evb else None
        if fran is not None:
            yield Forlopp(fran, beslutet_upphor(historia, ett), beslut=ett)


FORLOPP: Mapping[Start, Callable[[Personhistoria, Klocka], Iterator[Forlopp]]] = {
    Start.VARD: _vard,
    Start.HEM: _hem,
    Start.PLACERING: _placering,
    Start.ATGARD: _atgard,
    Start.BESLUT: _beslutet,
    Start.FATTAT: _fattat,
    Start.VERKSTALLIGHET: _verkstallighet,
    Start.EJ_PABORJAD: _ej_paborjad,
    Start.EJ_VERKSTALLT: _ej_verkstallt,
}
"""What a clock with each start runs for."""
