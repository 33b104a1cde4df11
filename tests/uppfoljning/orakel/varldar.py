"""Random worlds: sets of facts about one klient, as the two services could have recorded them.

Dates lie close together (a window around 29 February and a month's end), and there are few ids,
so that stays touch, prices meet and corrections hit what they correct. Half of the worlds begin
with every placering and beslut recorded; the others come in any order at all, also orders that
no service would produce, because the fold must be a function of them too.
"""

from collections.abc import Callable
from datetime import date, timedelta
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
FONSTER = 50
SISTA = FORSTA + timedelta(days=FONSTER + 10)

dagar = st.integers(1, FONSTER).map(lambda n: FORSTA + timedelta(days=n))
dagar_eller_ingen = st.none() | dagar
placeringar = st.sampled_from(["p1", "p2", "p3"])
beslut = st.sampled_from(["b1", "b2"])
avtal = st.sampled_from([None, "a1", "a2"])
enheter = st.sampled_from([None, "e1", "e2"])
priser = st.integers(0, 9999)
orsaker = st.sampled_from(Avslutsorsak)
fodelsemanader = st.sampled_from([None, "2003-02", "2003-03", "2011-03", "2015-01"])

Handling = tuple[str, tuple[Any, ...], dict[str, Any]]


def _gor(
    namn: str, *args: st.SearchStrategy[Any], **annat: st.SearchStrategy[Any]
) -> st.SearchStrategy[Handling]:
    return st.tuples(st.just(namn), st.tuples(*args), st.fixed_dictionaries(annat))


_placering = {
    "beslut": beslut,
    "form": st.sampled_from([Form.HVB, Form.FAMILJEHEM, Form.SIS]),
    "regi": st.sampled_from([Regi.EGEN, Regi.KONSULENTSTODD, Regi.STATEN]),
    "natverk": st.booleans(),
    "leverantor": st.sampled_from([None, "556016-0680"]),
    "enhet": enheter,
    "avtal": avtal,
    "dygnspris_ore": st.none() | priser,
}
_beslut = {"evb": st.sampled_from([True, True, True, False]), "galler_till": dagar_eller_ingen}
_slut: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"till": None, "orsak": None, "beslut_bestar": False}),
    st.fixed_dictionaries({"till": dagar, "orsak": orsaker, "beslut_bestar": st.booleans()}),
)

_inled = _gor("inled", placeringar, dagar, **_placering)
_avsluta = _gor("avsluta", placeringar, dagar, orsaker, st.booleans())
_ratta = st.tuples(
    st.just("ratta"),
    st.tuples(placeringar, dagar),
    st.builds(lambda a, b: {**a, **b}, st.fixed_dictionaries(_placering), _slut),
)
_pris = _gor(
    "pris", placeringar, st.sampled_from(["r1", "r2", "r3"]), dagar, priser,
    st.sampled_from(Prisslag), dagar_eller_ingen,
)  # fmt: skip
_kostnadssaker: list[st.SearchStrategy[Handling]] = [
    _avsluta,
    _avsluta,
    _ratta,
    _pris,
    _pris,
    _gor("makulera", placeringar),
    _gor("ratta_klient", st.sampled_from(Kon), fodelsemanader),
    _gor("avtal", st.sampled_from(["a1", "a2"]), st.sampled_from(["HVB", "Jourhem"]),
         st.sampled_from(Dagrakning)),
    _gor("ratta_avtal", st.sampled_from(["a1", "a2"]), st.sampled_from(["HVB", "Jourhem"]),
         st.sampled_from(Dagrakning)),
    _gor("listpris", dagar, priser, st.sampled_from(["e1", "e2"])),
]  # fmt: skip
_beslutssaker: list[st.SearchStrategy[Handling]] = [
    _avsluta,
    _avsluta,
    _ratta,
    _gor("ratta_beslut", beslut, dagar, **_beslut),
    _gor("makulera_beslut", beslut),
    _gor("verkstall", beslut, dagar, st.sampled_from(Omfattning)),
    _gor("verkstall", beslut, dagar, st.sampled_from(Omfattning)),
    _gor("avbryt", beslut, dagar),
    _gor("avbryt", beslut, dagar),
    _gor("ateruppta", beslut, dagar),
    _gor("upphor", beslut, dagar),
    _gor("orsak", beslut, dagar, st.sampled_from(Drojsmalsorsak)),
]


def _inledd(namn: str) -> st.SearchStrategy[Handling]:
    return _gor("inled", st.just(namn), dagar, **_placering)


def _fattat(namn: str) -> st.SearchStrategy[Handling]:
    return _gor("beslut", st.just(namn), dagar, **{**_beslut, "evb": st.just(True)})


@st.composite
def _varld(draw: Callable[..., Any], saker: list[st.SearchStrategy[Handling]]) -> list[Faktum]:
    grund = [_fattat("b1"), _gor("klient", st.sampled_from(Kon), fodelsemanader)]
    antal = draw(st.integers(0, 3))
    grund += [_inledd(f"p{nr}") for nr in range(1, antal + 1)]
    if draw(st.booleans()):
        grund.append(_fattat("b2"))
    handlingar: list[Handling] = [draw(en) for en in grund]
    handlingar += draw(st.lists(st.one_of(saker), max_size=10))
    if draw(st.booleans()):
        handlingar = draw(st.permutations(handlingar))
    bygge = Bygge()
    nar = {"placering": 0, "leverantor": 0}
    for namn, args, annat in handlingar:
        # Each stream has a clock of its own: steps of 0 are one save, and the two streams meet.
        strom = "leverantor" if namn in ("avtal", "ratta_avtal", "listpris") else "placering"
        nar[strom] += draw(st.integers(0, 2))
        bygge.vid(nar[strom])
        getattr(bygge, namn)(*args, **annat)
    return bygge.fakta


kostnadsvarldar = _varld(_kostnadssaker)
"""Worlds for cost and days: prices, policies, corrections."""
beslutsvarldar = _varld(_beslutssaker)
"""Worlds for EVB: what is said of the beslut, and stays under two of them."""
