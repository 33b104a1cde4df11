"""A day ledger: every day of every placering written down, one by one, as known at an instant.

The independent word on what a report must say. It knows no interval and no known time: it takes
the events recorded by then, keeps the last of each, and walks the calendar. A report is a count
over the ledger's lines.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from uuid import UUID

from contracts.ord import placeringsformskod
from tests.uppfoljning.stod import Handelse
from tests.uppfoljning.views.varld import FORSTA

DAG = timedelta(days=1)


class Rad(NamedTuple):
    """One placering on one day; ``pris_ore`` counts only where it is ``debiterad``."""

    dag: date
    klient: UUID
    placering: UUID
    form: str
    leverantor: str
    omrade: str
    klass: str
    privat: bool
    debiterad: bool
    grund_ore: int | None
    pris_ore: int | None
    vard: bool


class Tal(NamedTuple):
    """The figures of a row of report 1."""

    antal_placerade: int
    antal_placeringar: int
    debiterade_dygn: int
    varddygn: int
    kostnad_ore: int
    dygn_utan_pris: int

    @property
    def dygnskostnad_ore(self) -> int | None:
        if not self.debiterade_dygn:
            return None
        kvot = Decimal(self.kostnad_ore) / self.debiterade_dygn
        return int(kvot.quantize(Decimal(1), ROUND_HALF_UP))


class _Kant:
    """What is known: the last word on each thing."""

    def __init__(self, handelser: Iterable[Handelse], vid: datetime | None) -> None:
        self.klienter: dict[UUID, Any] = {}
        self.avtal: dict[UUID, Any] = {}
        self.listpriser: dict[tuple[UUID, date], int] = {}
        self.uppgifter: dict[UUID, Any] = {}
        self.till: dict[UUID, date | None] = {}
        self.borta: set[UUID] = set()
        self.prisrader: dict[UUID, dict[UUID, Any]] = defaultdict(dict)
        self.typer: dict[str, str] = {}
        kanda = [h for h in handelser if vid is None or h.nar <= vid]
        # Of two streams at the same instant that of leverantör comes first; each keeps its order.
        for _, handelse in sorted(kanda, key=lambda h: (h.nar, h.handelse.tjanst)):
            self._ta(type(handelse).__name__, handelse)

    def _ta(self, namn: str, h: Any) -> None:
        if namn.startswith("Klient"):
            self.klienter[h.klient] = h
        elif namn.startswith("AvtalT") or namn == "AvtalRattat":
            self.avtal[h.avtal] = h
        elif namn == "GrunddygnsprisSatt":
            self.listpriser[h.enhet, h.fran] = h.dygnspris_ore
        elif namn in ("LeverantorRegistrerad", "LeverantorRattad"):
            self.typer[h.organisationsnummer] = h.typ.value
        elif namn == "PlaceringMakulerad":
            self.borta.add(h.placering)
        elif namn in ("PlaceringPrisAndrat", "PlaceringsavtalForlangt"):
            self.prisrader[h.placering].pop(h.prisrad, None)
            self.prisrader[h.placering][h.prisrad] = h
        elif namn.startswith("Placering"):
            if hasattr(h, "fran"):
                self.uppgifter[h.placering] = h
            if hasattr(h, "till"):
                self.till[h.placering] = h.till

    def placeringar(self) -> list[UUID]:
        return [p for p in self.uppgifter if p not in self.borta]

    def dar(self, placering: UUID, dag: date) -> bool:
        till = self.till.get(placering)
        return bool(self.uppgifter[placering].fran <= dag and (till is None or dag <= till))

    def debiteras(self, placering: UUID, dag: date) -> bool:
        fran, till = self.uppgifter[placering].fran, self.till.get(placering)
        avtal = self.avtal.get(self.uppgifter[placering].avtal)
        if fran == till or avtal is None:
            return True
        raknas: dict[str, bool] = {"bada": True, "ankomst": dag != till, "avresa": dag != fran}
        return raknas[avtal.dagrakning.value]

    def pris(self, placering: UUID, dag: date) -> tuple[int | None, int | None]:
        """(grund, grund and tillägg) of the day."""
        grund, senast = self._startpris(placering), date.min
        tillagg = []
        for rad in self.prisrader[placering].values():
            if rad.fran > dag:
                continue
            if getattr(rad, "slag", "grund") == "grund":
                ore = rad.dygnspris_ore
                if ore is None:
                    ore = self._listpris(placering, rad.fran)
                if ore is not None and rad.fran >= senast:
                    grund, senast = ore, rad.fran
            elif rad.till is None or dag <= rad.till:
                tillagg.append(rad.dygnspris_ore)
        if grund is None:
            return None, sum(tillagg) if tillagg else None
        return grund, grund + sum(tillagg)

    def _startpris(self, placering: UUID) -> int | None:
        uppgifter = self.uppgifter[placering]
        if uppgifter.dygnspris_ore is not None:
            return int(uppgifter.dygnspris_ore)
        return self._listpris(placering, uppgifter.fran)

    def _listpris(self, placering: UUID, dag: date) -> int | None:
        uppgifter = self.uppgifter[placering]
        while dag >= FORSTA:
            if (uppgifter.enhet, dag) in self.listpriser:
                return self.listpriser[uppgifter.enhet, dag]
            dag -= DAG
        return None

    def ordning(self, placering: UUID) -> tuple[date, date, UUID]:
        fran, till = self.uppgifter[placering].fran, self.till.get(placering)
        return fran, date.max if till is None else till, placering

    def klass(self, klient: UUID, dag: date) -> str:
        uppgifter = self.klienter.get(klient)
        if uppgifter is None or uppgifter.fodelsemanad is None:
            return "okand"
        ar, manad = map(int, uppgifter.fodelsemanad.split("-"))
        manader = (dag.year - ar) * 12 + dag.month - manad
        return "0-12" if manader < 13 * 12 else "13-20" if manader < 21 * 12 else "21+"


def dagbok(handelser: Iterable[Handelse], vid: datetime | None, idag: date) -> list[Rad]:
    """Every day that the world knows of; of a running placering those until ``idag``.

    Whose a shared day is does not hang on ``idag``: a day to come, on which one placering ends and
    another begins, belongs to the one that begins, although a running one does not count it yet.
    """
    kant = _Kant(handelser, vid)
    placeringar = kant.placeringar()
    sista = max([idag, *[t for t in kant.till.values() if t is not None]])
    rader: list[Rad] = []
    dag = FORSTA
    while dag <= sista:
        dar = [p for p in placeringar if kant.dar(p, dag)]
        bast: dict[UUID, UUID] = {}
        for placering in sorted(dar, key=kant.ordning):
            bast[kant.uppgifter[placering].klient] = placering
        rader += [
            _rad(kant, placering, dag, bast)
            for placering in dar
            if dag <= idag or kant.till.get(placering) is not None
        ]
        dag += DAG
    return rader


def _rad(kant: _Kant, placering: UUID, dag: date, bast: dict[UUID, UUID]) -> Rad:
    uppgifter = kant.uppgifter[placering]
    avtal = kant.avtal.get(uppgifter.avtal)
    debiterad = kant.debiteras(placering, dag)
    grund, pris = kant.pris(placering, dag) if debiterad else (None, None)
    hos = uppgifter.leverantor
    return Rad(
        dag=dag,
        klient=uppgifter.klient,
        placering=placering,
        form=placeringsformskod(uppgifter.form, uppgifter.regi, uppgifter.natverk),
        leverantor=hos or "",
        omrade="" if avtal is None else avtal.omrade,
        klass=kant.klass(uppgifter.klient, dag),
        privat=hos is not None and kant.typer.get(hos, "privat") == "privat",
        debiterad=debiterad,
        grund_ore=grund,
        pris_ore=pris,
        vard=bast[uppgifter.klient] == placering,
    )


NYCKEL: dict[str, Callable[[Rad], str]] = {
    "placeringsform": lambda rad: rad.form,
    "leverantor": lambda rad: rad.leverantor,
    "manad": lambda rad: rad.dag.isoformat()[:7],
    "aldersklass": lambda rad: rad.klass,
}


def tal(rader: Iterable[Rad]) -> Tal:
    """The figures of these lines."""
    alla = list(rader)
    return Tal(
        antal_placerade=len({rad.klient for rad in alla}),
        antal_placeringar=len({rad.placering for rad in alla}),
        debiterade_dygn=len([rad for rad in alla if rad.debiterad]),
        varddygn=len([rad for rad in alla if rad.vard]),
        kostnad_ore=sum(rad.pris_ore for rad in alla if rad.pris_ore is not None),
        dygn_utan_pris=len([rad for rad in alla if rad.debiterad and rad.grund_ore is None]),
    )


def per_nyckel(rader: Iterable[Rad], snitt: str) -> dict[str, list[Rad]]:
    """The lines of each key of a cut."""
    found: dict[str, list[Rad]] = defaultdict(list)
    for rad in rader:
        found[NYCKEL[snitt](rad)].append(rad)
    return dict(found)
