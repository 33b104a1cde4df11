"""Random worlds: sets of facts about one klient, as the two services could have recorded them.

Dates lie close together (a window around 29 February and a month's end), and there are few ids,
so that stays touch, prices meet and corrections hit what they correct. Most worlds
begin with what a service would record first; the others come in any order at all, also orders
that no service would produce, because the fold must be a function of them too.

A world is made from a seed, which is fast, and a mask says which of its facts are left in, which
Hypothesis can shrink: a failing world is told with the fewest facts that still fail.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from contracts.ord import (
    Avslutsorsak,
    Dagrakning,
    Drojsmalsorsak,
    Form,
    Kon,
    Omfattning,
    Prisslag,
    Regi,
)
from services.uppfoljning.domain.fakta import Faktum
from tests.uppfoljning.domain.fakta_bygge import Bygge

FORSTA = date(2024, 2, 1)
"""No date of a world is before the day after it."""
FONSTER = 45
SISTA = FORSTA + timedelta(days=FONSTER + 8)
FLEST_FAKTA = 20

Handling = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method of :class:`Bygge` and its arguments."""
FODELSEMANADER = [None, "2003-02", "2003-03", "2011-03", "2015-01"]


class _Slump:
    """Draws what a fact is made of."""

    def __init__(self, fro: int) -> None:
        self.slump = Random(fro)
        self.ett = self.slump.choice
        # Most dates are a few, or the day after one of them: borders are where faults are.
        dagar = [self.slump.randint(1, FONSTER - 1) for _ in range(self.slump.randint(2, 5))]
        self._nara = [*dagar, *dagar, *(dag + 1 for dag in dagar)]

    def dag(self) -> date:
        nr = self.ett(self._nara) if self.slump.random() < 0.75 else self.slump.randint(1, FONSTER)
        return FORSTA + timedelta(days=nr)

    def dag_eller_ingen(self) -> date | None:
        return self.ett([None, self.dag(), self.dag()])

    def pris(self) -> int:
        return self.slump.randint(0, 9999)

    def placering(self) -> str:
        return self.ett(["p1", "p2", "p3"])

    def beslut(self) -> str:
        return self.ett(["b1", "b2"])

    def placeringsuppgifter(self) -> dict[str, Any]:
        return {
            "beslut": self.beslut(),
            "form": self.ett([Form.HVB, Form.FAMILJEHEM, Form.SIS]),
            "regi": self.ett([Regi.EGEN, Regi.KONSULENTSTODD, Regi.STATEN]),
            "natverk": self.ett([True, False]),
            "leverantor": self.ett([None, "556016-0680"]),
            "enhet": self.ett([None, "e1", "e2"]),
            "avtal": self.ett([None, "a1", "a2"]),
            "dygnspris_ore": self.ett([None, None, self.pris()]),
        }

    def slut(self) -> dict[str, Any]:
        if self.ett([True, False]):
            return {"till": None, "orsak": None, "beslut_bestar": False}
        return {
            "till": self.dag(),
            "orsak": self.ett(list(Avslutsorsak)),
            "beslut_bestar": self.ett([True, False]),
        }

    def beslutsuppgifter(self) -> dict[str, Any]:
        return {
            "evb": self.ett([True, True, True, False]),
            "galler_till": self.ett([None, None, None, self.dag()]),
        }


def _inled(s: _Slump, namn: str) -> Handling:
    return "inled", (namn, s.dag()), s.placeringsuppgifter()


def _fatta(s: _Slump, namn: str) -> Handling:
    # Mostly before what happens under it.
    tidigt = FORSTA + timedelta(days=s.slump.randint(1, 8))
    return "beslut", (namn, s.ett([tidigt, tidigt, s.dag()])), s.beslutsuppgifter() | {"evb": True}


def _avsluta(s: _Slump, namn: str | None = None) -> Handling:
    bestar = s.ett([False, False, True])
    orsak = s.ett(list(Avslutsorsak))
    return "avsluta", (namn or s.placering(), s.dag(), orsak, bestar), {}


def _ratta(s: _Slump) -> Handling:
    return "ratta", (s.placering(), s.dag()), {**s.placeringsuppgifter(), **s.slut()}


def _pris(s: _Slump) -> Handling:
    rad, slag = s.ett(["r1", "r2", "r3"]), s.ett(list(Prisslag))
    return "pris", (s.placering(), rad, s.dag(), s.pris(), slag, s.dag_eller_ingen()), {}


def _forlang(s: _Slump) -> Handling:
    rad = s.ett(["r1", "r2", "r3"])
    return "forlang", (s.placering(), rad, s.dag(), s.ett([None, None, s.pris()])), {}


def _avtal(s: _Slump) -> Handling:
    omrade = s.ett(["HVB", "Jourhem"])
    namn = s.ett(["avtal", "ratta_avtal"])
    return namn, (s.ett(["a1", "a2"]), omrade, s.ett(list(Dagrakning))), {}


def _lost(s: _Slump) -> list[Handling]:
    """Up to three placeringar, each where it falls."""
    handlingar = []
    for namn in ["p1", "p2", "p3"][: s.slump.randint(0, 3)]:
        handlingar.append(_inled(s, namn))
        if s.ett([True, True, False]):
            handlingar.append(_avsluta(s, namn))
    return handlingar


def _flyttar(s: _Slump) -> list[Handling]:
    """A person who moves: stays that follow on the same day, the next one, or a little later."""
    handlingar: list[Handling] = []
    fran = FORSTA + timedelta(days=s.slump.randint(1, 10))
    for namn in ("p1", "p2", "p3"):
        till = fran + timedelta(days=s.ett([0, 1, 5]))
        handlingar.append(("inled", (namn, fran), s.placeringsuppgifter()))
        _, (_, _, *hur), _ = _avsluta(s, namn)
        handlingar.append(("avsluta", (namn, till, *hur), {}))
        fran = till + timedelta(days=s.ett([0, 0, 1, 1, 2, 6]))
    return handlingar


def _sagt_i_foljd(s: _Slump) -> list[Handling]:
    """What is said of one beslut, in order of date, as caseworkers mostly do."""
    handlingar: list[Handling] = []
    dag = FORSTA + timedelta(days=s.slump.randint(1, 10))
    for _ in range(5):
        vad: Handling = s.ett(
            [
                ("verkstall", ("b1", dag, Omfattning.HELT), {}),
                ("verkstall", ("b1", dag, Omfattning.DELVIS), {}),
                ("avbryt", ("b1", dag), {}),
                ("ateruppta", ("b1", dag), {}),
            ]
        )
        handlingar.append(vad)
        dag += timedelta(days=s.ett([0, 1, 3, 9]))
    return handlingar


def _listpris_nara_borjan(s: _Slump, handlingar: list[Handling]) -> Handling:
    """A list price from the day on which some stay begins, the day before or the day after."""
    borjor = [(h[1][1], h[2]["enhet"] or "e1") for h in handlingar if h[0] == "inled"]
    fran, enhet = s.ett(borjor or [(s.dag(), "e1")])
    return "listpris", (fran + timedelta(days=s.ett([-1, 0, 0, 1])), s.pris(), enhet), {}


_Gor = Callable[[_Slump], Handling]
_KOSTNADSSAKER: list[_Gor] = [
    _avsluta,
    _avsluta,
    _ratta,
    _pris,
    _pris,
    _pris,
    _forlang,
    _forlang,
    _avtal,
    _avtal,
    lambda s: ("makulera", (s.placering(),), {}),
    lambda s: ("ratta_klient", (s.ett(list(Kon)), s.ett(FODELSEMANADER)), {}),
    lambda s: ("ratta_beslut", (s.beslut(), s.dag()), {"lagrum": s.ett(["9 § LSS", "x"])}),
    lambda s: ("listpris", (s.dag(), s.pris(), s.ett(["e1", "e2"])), {}),
    lambda s: ("listpris", (s.dag(), s.pris(), s.ett(["e1", "e2"])), {}),
]
_BESLUTSSAKER: list[_Gor] = [
    _avsluta,
    _avsluta,
    _avsluta,
    _ratta,
    lambda s: ("ratta_beslut", (s.beslut(), s.dag()), s.beslutsuppgifter()),
    lambda s: ("makulera_beslut", (s.beslut(),), {}),
    lambda s: ("verkstall", (s.beslut(), s.dag(), s.ett(list(Omfattning))), {}),
    lambda s: ("verkstall", (s.beslut(), s.dag(), s.ett(list(Omfattning))), {}),
    lambda s: ("avbryt", (s.beslut(), s.dag()), {}),
    lambda s: ("avbryt", (s.beslut(), s.dag()), {}),
    lambda s: ("ateruppta", (s.beslut(), s.dag()), {}),
    lambda s: ("upphor", (s.beslut(), s.dag()), {}),
    lambda s: ("orsak", (s.beslut(), s.dag(), s.ett(list(Drojsmalsorsak))), {}),
    lambda s: ("makulera", (s.placering(),), {}),
]
_LEVERANTORS = ("avtal", "ratta_avtal", "listpris")


def varld(saker: list[_Gor], fro: int, mask: int) -> list[Faktum]:
    """The facts of the world with the seed ``fro`` that ``mask`` leaves in, bit by bit."""
    s = _Slump(fro)
    handlingar = [_fatta(s, "b1"), ("klient", (s.ett(list(Kon)), s.ett(FODELSEMANADER)), {})]
    handlingar += s.ett([_flyttar, _lost, _sagt_i_foljd])(s)
    if s.ett([True, False]):
        handlingar.append(_listpris_nara_borjan(s, handlingar))
    if s.ett([True, False]):
        handlingar.append(_fatta(s, "b2"))
    handlingar.append(_avtal(s))
    handlingar += [
        s.ett(saker)(s) for _ in range(s.slump.randint(0, FLEST_FAKTA - len(handlingar)))
    ]
    if s.ett([True, False, False]):
        s.slump.shuffle(handlingar)
    bygge = Bygge()
    nar = {"placering": 0, "leverantor": 0}
    for nr, (namn, args, annat) in enumerate(handlingar):
        # Each stream has a clock of its own: steps of 0 are one save, and the two streams meet.
        strom = "leverantor" if namn in _LEVERANTORS else "placering"
        nar[strom] += s.slump.randint(0, 2)
        if mask >> nr & 1:
            bygge.vid(nar[strom])
            getattr(bygge, namn)(*args, **annat)
    return bygge.fakta


def _varldar(saker: list[_Gor]) -> st.SearchStrategy[list[Faktum]]:
    alla = 2**FLEST_FAKTA - 1
    # Mostly every fact; the masks are there for Hypothesis to take facts away with.
    masker = st.one_of(st.integers(0, alla), *[st.just(alla)] * 4)
    return st.builds(varld, st.just(saker), st.integers(0, 2**32 - 1), masker)


kostnadsvarldar = _varldar(_KOSTNADSSAKER)
"""Worlds for cost and days: prices, policies, corrections."""
beslutsvarldar = _varldar(_BESLUTSSAKER)
"""Worlds for EVB: what is said of the beslut, and stays under two of them."""
