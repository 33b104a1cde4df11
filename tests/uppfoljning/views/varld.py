"""Random kommuner: what both services could have recorded about some persons and suppliers.

Dates lie around month ends, 29 February, birthdays and moves on the same day; instants of
recording lie among them, so that an answer as known at one of them sees running placements. Half
of the worlds come in an order that no service would write, because what is derived must be a
function of the set of facts. Made from a seed, with a mask by which Hypothesis
can take facts away.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from contracts import leverantor as lev
from contracts import placering as pla
from contracts.handelse import Kontraktshandelse
from contracts.ord import (
    PLACERINGSFORMER,
    Avslutsorsak,
    Dagrakning,
    Kon,
    Leverantorstyp,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
)
from tests.uppfoljning.stod import Handelse, id_for

FORSTA = date(2021, 11, 1)
"""No date of a world is before it."""
BORJAN = datetime(2022, 1, 1, 8, 0, tzinfo=UTC)
"""No instant of a world is before it."""
FLEST = 40
KANTER = [
    date(2022, 2, 28), date(2022, 3, 1), date(2022, 3, 31), date(2022, 4, 1), date(2022, 12, 31),
    date(2023, 1, 1), date(2023, 6, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1),
]  # fmt: skip
FODELSEMANADER = [None, "2009-06", "2010-02", "2001-03", "2003-01", "2018-12"]
ARBETSENHETER = [None, "Norr", 'Söder, "1"']
OMRADEN = ["Barn och unga", "Vuxna", ""]

OKAND_LEVERANTOR = "559000-0005"
"""Placeringar name it and the register never does."""
LEVERANTORER = {
    "556016-0680": Leverantorstyp.PRIVAT,
    "556703-7485": Leverantorstyp.PRIVAT,
    "212000-1355": Leverantorstyp.KOMMUN,
    "556012-5790": Leverantorstyp.EGET_BOLAG,
}
KLIENTER, PLACERINGAR, ENHETER, AVTAL = 3, 6, 3, 3


class _Slump:
    """Draws what an event is made of."""

    def __init__(self, fro: int) -> None:
        self.slump = Random(fro)
        self.ett = self.slump.choice
        self.slut: dict[int, date] = {}

    def dag(self) -> date:
        if self.slump.random() < 0.4:
            return self.ett(KANTER)
        return FORSTA + timedelta(days=self.slump.randint(0, 950))

    def pris(self) -> int:
        return self.slump.randint(0, 9999)

    def placering(self) -> int:
        return self.slump.randrange(PLACERINGAR)

    def borjar(self, klient: int) -> date:
        """Often on the day when the klient's stay before it ends, or the day after, or within."""
        forra = self.slut.get(klient)
        if forra is None or self.slump.random() < 0.3:
            return self.dag()
        return forra + timedelta(days=self.ett([0, 0, 0, 1, 2, -5]))

    def slutar(self, klient: int, fran: date) -> date:
        till = fran + timedelta(days=self.ett([0, 1, 2, 30, self.slump.randint(0, 400)]))
        self.slut[klient] = till
        return till

    def uppgifter(self, nr: int, fran: date) -> dict[str, Any]:
        form = self.ett(PLACERINGSFORMER)
        regi = form.regi or self.ett([Regi.EXTERN_PRIVAT, Regi.ANNAN_KOMMUN_REGION])
        hos = self.ett([*LEVERANTORER, OKAND_LEVERANTOR]) if form.har_leverantor else None
        return {
            "klient": id_for(f"klient {nr % KLIENTER}"),
            "placering": id_for(f"placering {nr}"),
            "beslut": id_for(f"beslut {nr % KLIENTER}"),
            "form": form.form,
            "regi": regi,
            "natverk": form.natverk,
            "leverantor": hos,
            "enhet": self.ett([None, id_for(f"enhet {self.slump.randrange(ENHETER)}")]),
            "avtal": self.ett([None, *[id_for(f"avtal {n}") for n in range(AVTAL)]]),
            "fran": fran,
            "dygnspris_ore": self.ett([None, self.pris()]),
        }


def _om(nr: int) -> dict[str, Any]:
    return {
        "klient": id_for(f"klient {nr % KLIENTER}"),
        "placering": id_for(f"placering {nr}"),
        "beslut": id_for(f"beslut {nr % KLIENTER}"),
    }


def _klient(s: _Slump, nr: int, **mer: Any) -> dict[str, Any]:
    return {
        "klient": id_for(f"klient {nr}"), "kon": s.ett(list(Kon)), "skyddad": False,
        "fodelsemanad": s.ett(FODELSEMANADER), "arbetsenhet": s.ett(ARBETSENHETER), **mer,
    }  # fmt: skip


def _inled(s: _Slump, nr: int) -> list[Kontraktshandelse]:
    """A placering, mostly ended."""
    klient = nr % KLIENTER
    fran = s.borjar(klient)
    inledd = pla.PlaceringInledd(**s.uppgifter(nr, fran))
    if s.slump.random() < 0.25:
        return [inledd]
    till, orsak = s.slutar(klient, fran), s.ett(list(Avslutsorsak))
    return [
        inledd,
        pla.PlaceringAvslutad(**_om(nr), till=till, orsak=orsak, beslut_bestar=False),
    ]


def _ratta(s: _Slump) -> Kontraktshandelse:
    nr, fran = s.placering(), s.dag()
    slut: dict[str, Any] = {"till": None, "orsak": None}
    if s.slump.random() < 0.7:
        # A correction can also put the end before the start: then there is no stay.
        slut = {"till": fran + timedelta(days=s.slump.randint(-1, 200)), "orsak": "annan"}
        slut["orsak"] = s.ett(list(Avslutsorsak))
    return pla.PlaceringRattad(
        **s.uppgifter(nr, fran), **slut, beslut_bestar=False, skal=Rattelseskal.FEL_UPPGIFT
    )


def _pris(s: _Slump) -> Kontraktshandelse:
    fran = s.dag()
    return pla.PlaceringPrisAndrat(
        **_om(s.placering()),
        prisrad=id_for(f"prisrad {s.slump.randrange(6)}"),
        slag=s.ett(list(Prisslag)),
        fran=fran,
        till=s.ett([None, fran + timedelta(days=s.slump.randint(0, 90))]),
        dygnspris_ore=s.pris(),
    )


def _forlang(s: _Slump) -> Kontraktshandelse:
    return pla.PlaceringsavtalForlangt(
        **_om(s.placering()),
        prisrad=id_for(f"prisrad {s.slump.randrange(6)}"),
        fran=s.dag(),
        till=None,
        dygnspris_ore=s.ett([None, None, s.pris()]),
    )


def _listpris(s: _Slump) -> Kontraktshandelse:
    return lev.GrunddygnsprisSatt(
        **_hos(0), enhet=id_for(f"enhet {s.slump.randrange(ENHETER)}"), fran=s.dag(),
        dygnspris_ore=s.pris(),
    )  # fmt: skip


def _hos(nr: int) -> dict[str, Any]:
    return {"leverantor": id_for(f"leverantör {nr}"), "organisationsnummer": [*LEVERANTORER][nr]}


def _avtal(s: _Slump, nr: int) -> dict[str, Any]:
    return {
        **_hos(0), "avtal": id_for(f"avtal {nr}"), "enhet": None, "omrade": s.ett(OMRADEN),
        "fran": FORSTA, "till": None, "dagrakning": s.ett(list(Dagrakning)),
    }  # fmt: skip


def _beslut(nr: int) -> Kontraktshandelse:
    return pla.BeslutFattat(
        klient=id_for(f"klient {nr}"), beslut=id_for(f"beslut {nr}"), lag="SoL", evb=True,
        lagrum="4 kap. 1 § SoL", insatstyp="Placering", beslutsdatum=FORSTA, galler_till=None,
        namnd="Nämnden", arbetsenhet=None,
    )  # fmt: skip


def _registrerad(nr: int, typ: Leverantorstyp) -> Kontraktshandelse:
    return lev.LeverantorRegistrerad(**_hos(nr), namn=f"Bolag {nr}", typ=typ)


def _ratta_leverantor(s: _Slump) -> Kontraktshandelse:
    nr = s.slump.randrange(len(LEVERANTORER))
    typ = s.ett(list(Leverantorstyp))
    return lev.LeverantorRattad(**_hos(nr), namn="Nytt namn", typ=typ, skal=Rattelseskal.SKRIVFEL)


_SENARE: list[Callable[[_Slump], Kontraktshandelse]] = [
    _ratta,
    _pris,
    _pris,
    _pris,
    _forlang,
    _forlang,
    _listpris,
    _listpris,
    lambda s: lev.AvtalRattat(
        **_avtal(s, s.slump.randrange(AVTAL)), skal=Rattelseskal.FEL_UPPGIFT
    ),
    lambda s: pla.PlaceringMakulerad(**_om(s.placering()), skal=Rattelseskal.DUBBLETT),
    lambda s: pla.KlientRattad(
        **_klient(s, s.slump.randrange(KLIENTER), skal=Rattelseskal.SKRIVFEL)
    ),
    lambda s: pla.BeslutVerkstallt(
        klient=id_for("klient 0"), beslut=id_for("beslut 0"), datum=s.dag(),
        omfattning=s.ett(list(Omfattning)),
    ),
    _ratta_leverantor,
    lambda s: lev.AvropsstoppSatt(**_hos(0), fran=s.dag()),
]  # fmt: skip


class Varld(NamedTuple):
    """A kommun's events in the order of recording; equal instants are one save."""

    handelser: list[Handelse]

    @property
    def tider(self) -> list[datetime]:
        """The instants at which anything was recorded, and one before them all."""
        return [BORJAN - timedelta(days=1), *sorted({h.nar for h in self.handelser})]


def varld(fro: int, mask: int) -> Varld:
    """The world of the seed ``fro``, less what ``mask`` leaves out, bit by bit."""
    s = _Slump(fro)
    grund: list[Kontraktshandelse] = [
        _registrerad(nr, typ) for nr, typ in enumerate(LEVERANTORER.values())
    ]
    grund += [lev.AvtalTecknat(**_avtal(s, nr)) for nr in range(AVTAL)]
    grund += [pla.KlientRegistrerad(**_klient(s, nr)) for nr in range(KLIENTER)]
    grund += [_beslut(nr) for nr in range(KLIENTER)]
    inledda = [h for nr in range(s.slump.randint(1, PLACERINGAR)) for h in _inled(s, nr)]
    alla = grund + inledda + [s.ett(_SENARE)(s) for _ in range(s.slump.randint(0, 14))]
    if s.ett([True, False]):
        s.slump.shuffle(alla)
    nar = {"placering": BORJAN, "leverantor": BORJAN}
    handelser: list[Handelse] = []
    for nr, handelse in enumerate(alla):
        # Steps of 0 are one save, and the two streams can meet in the same instant.
        nar[handelse.tjanst] += timedelta(days=s.ett([0, 0, 0, 1, 30, s.slump.randint(0, 100)]))
        if mask >> nr & 1:
            handelser.append(Handelse(nar[handelse.tjanst], handelse))
    return Varld(handelser)


_ALLA = 2**FLEST - 1
# Mostly every event; the masks are there for Hypothesis to take events away with.
varldar = st.builds(
    varld, st.integers(0, 2**32 - 1), st.one_of(*[st.just(_ALLA)] * 4, st.integers(0, _ALLA))
)
