"""Judge every row, then send the parts.

Guarantees
- Nothing is sent before every row has been judged, and nothing at all where a row is bad, unless
  the good ones are asked for (``delvis``): then only they are sent.
- A part is sent with a key that follows from its content, and a part whose rows are all there
  already is not sent: an interrupted import goes on where it was and a second one adds nothing.
- Every row has one outcome in the account.

What is sent holds good rows only, also with ``delvis``: a part's key answers for ever with its
first outcome, so a row that was refused then would stay refused when what it lacked has come.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from dygn.fel import DygnFel
from dygn.klient import Avvisad, Klient
from dygn.overforing.bitar import bitar, kropp, nyckel
from dygn.overforing.csvfil import Filinnehall, Filrad, Radfel
from dygn.overforing.kolumner import Filslag

Framsteg = Callable[[str, int, int], None]
"""Told what is done ("Bedömer", "Skickar"), how many rows of how many."""


def _tyst(_skede: str, _klara: int, _alla: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Redovisning:
    """What became of the rows. ``flaggor`` are remarks on good rows, ``fel`` those of bad ones.

    ``nya`` and ``fanns`` count good rows; ``skickade`` is how many of the new ones were stored.
    ``id`` is each good row's thing by the row's reference.
    """

    antal: int
    nya: int = 0
    fanns: int = 0
    skickade: int = 0
    fel: list[Radfel] = field(default_factory=list)
    flaggor: list[Radfel] = field(default_factory=list)
    id: dict[str, str] = field(default_factory=dict)

    @property
    def avvisade(self) -> int:
        """How many rows are bad."""
        return len({fel.rad for fel in self.fel})

    @property
    def flaggade(self) -> int:
        """How many good rows are flagged."""
        return len({flagga.rad for flagga in self.flaggor})


@dataclass(frozen=True, slots=True)
class _Bedomd:
    """A part after judging: its good rows, and how many of them are new."""

    goda: list[Filrad]
    nya: int


def for_over(
    klient: Klient,
    slag: Filslag,
    innehall: Filinnehall,
    *,
    kalla: str,
    torrkorning: bool = False,
    delvis: bool = False,
    framsteg: Framsteg = _tyst,
) -> Redovisning:
    """Judge the rows and, unless it is a dry run or something is bad, send them.

    DygnFel (`Avvisad`, `SvararInte`) where the service cannot be asked.
    """
    konto = Redovisning(antal=innehall.antal, fel=list(innehall.fel))
    delar = list(bitar(innehall.rader, slag))
    alla = len(innehall.rader)
    bedomda: list[_Bedomd] = []
    klara = 0
    framsteg("Bedömer", 0, alla)
    for del_ in delar:
        bedomda.append(_bedom(klient, slag, kalla, del_, konto))
        klara += len(del_)
        framsteg("Bedömer", klara, alla)
    konto.fel.sort(key=lambda fel: fel.rad)
    konto.flaggor.sort(key=lambda flagga: flagga.rad)
    if not torrkorning and (delvis or not konto.fel):
        _skicka(klient, slag, kalla, bedomda, konto, framsteg)
    return konto


def _bedom(
    klient: Klient, slag: Filslag, kalla: str, rader: Sequence[Filrad], konto: Redovisning
) -> _Bedomd:
    """Have the part judged; rows that the service finds wrong in form are judged no further."""
    kvar = list(rader)
    while kvar:
        fraga = kropp(kalla, slag, kvar, bara_bedom=True)
        try:
            svar = klient.skicka(slag.tjanst, "overtaganden", fraga, nyckel=uuid4().hex)
        except Avvisad as avvisad:
            fel = _radfel(avvisad, kvar)
            konto.fel += fel
            daliga = {ett.rad for ett in fel}
            kvar = [rad for rad in kvar if rad.rad not in daliga]
            continue
        return _ta_emot(svar.kropp["rader"], kvar, konto)
    return _Bedomd([], 0)


def _ta_emot(
    utfall: Sequence[dict[str, Any]], rader: Sequence[Filrad], konto: Redovisning
) -> _Bedomd:
    goda: list[Filrad] = []
    nya = 0
    for ett in utfall:
        rad = rader[ett["index"]]
        if ett["utfall"] == "avvisad":
            konto.fel += [_anmarkning(rad, fel) for fel in ett["fel"]]
            continue
        konto.flaggor += [_anmarkning(rad, flagga) for flagga in ett["flaggor"]]
        if ett["id"] is not None:
            konto.id[rad.referens] = str(ett["id"])
        goda.append(rad)
        nya += ett["utfall"] == "ny"
    konto.nya += nya
    konto.fanns += len(goda) - nya
    return _Bedomd(goda, nya)


def _anmarkning(rad: Filrad, anmarkning: dict[str, Any]) -> Radfel:
    return Radfel(rad.rad, anmarkning["falt"] or None, anmarkning["regel"], anmarkning["text"])


def _radfel(avvisad: Avvisad, rader: Sequence[Filrad]) -> list[Radfel]:
    """The faults of a refused body as faults of rows; the refusal itself where it is about else."""
    fel: list[Radfel] = []
    for anmarkning in avvisad.anmarkningar:
        match anmarkning.pekare.split("/"):
            case ["", "rader", index, *resten] if index.isdecimal() and int(index) < len(rader):
                falt = resten[-1] if resten else None
                fel.append(Radfel(rader[int(index)].rad, falt, anmarkning.regel, anmarkning.text))
            case _:
                raise avvisad
    if not fel:
        raise avvisad
    return fel


def _skicka(
    klient: Klient,
    slag: Filslag,
    kalla: str,
    bedomda: Sequence[_Bedomd],
    konto: Redovisning,
    framsteg: Framsteg,
) -> None:
    alla = sum(len(del_.goda) for del_ in bedomda)
    klara = 0
    framsteg("Skickar", 0, alla)
    for del_ in bedomda:
        if del_.nya:
            innehall = kropp(kalla, slag, del_.goda, bara_bedom=False)
            try:
                klient.skicka(slag.tjanst, "overtaganden", innehall, nyckel=nyckel(slag, innehall))
            except Avvisad as avvisad:
                raise DygnFel(
                    "En rad som nyss bedömdes som god avvisades när den skulle lagras: någon "
                    f"annan har ändrat samtidigt. {klara} av {alla} rader är lagrade; kör "
                    f"importen igen.\n{avvisad}"
                ) from avvisad
            konto.skickade += del_.nya
        klara += len(del_.goda)
        framsteg("Skickar", klara, alla)
