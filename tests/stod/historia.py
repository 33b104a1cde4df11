"""An invented history of decisions, stored in the event tables as the services would store it.

Guarantees that the same number gives the same events, that they are the services' own event
classes encoded by the services' own mapper, that positions, instants and the running hash are as
the writer makes them, and a plausible mix: of a hundred messages about 1 is a supplier's (units
with list prices, avtal, corrections that come late), and the rest are persons with one to five
stays each, agreed prices and price changes, breaks, endings, corrections and annulments, recorded
in the order of the calendar, many persons mixed. Stored events that say nothing to others (the
calendar of stays) lie among them as they do in a real table: they are read and pass in silence.
"""

from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import psycopg

from contracts.ord import (
    Avslutsorsak,
    Dagrakning,
    Drojsmalsorsak,
    Form,
    Kon,
    Leverantorstyp,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
)
from dygn.inbyggd.databaser import Databas
from services.chassis.aggregate import Handelse, Skapelse
from services.chassis.store.append import chain
from services.chassis.store.mapper import encode
from services.leverantor.domain import handelser as lev
from services.leverantor.streams.outgoing import messages as levs
from services.placering.domain.handelser.beslut import (
    BeslutAterupptaget,
    BeslutAvbrutet,
    BeslutFattat,
    BeslutUpphort,
    BeslutVerkstallt,
    VistelseUnderBeslut,
)
from services.placering.domain.handelser.drojsmal import DrojsmalsorsakAngiven
from services.placering.domain.handelser.klient import (
    KlientRattad,
    KlientRegistrerad,
    PersonnummerTaget,
)
from services.placering.domain.handelser.placering import (
    PlaceringAvslutad,
    PlaceringInledd,
    PlaceringMakulerad,
    PlaceringPrisAndrat,
    PlaceringRattad,
)
from services.placering.domain.handelser.vistelsekalender import (
    KalenderBorjad,
    VistelseSatt,
)
from services.placering.streams.outgoing import messages as plas

KOMMUNER = tuple(f"{1400 + nr}" for nr in range(10))
BORJAN = date(2018, 1, 1)
DAGAR = 365 * 7
OMGANG = 1_000_000
"""Numbers that a round has of its own: persons and suppliers of two rounds never meet."""
_RYMD = UUID("3f1f7c52-3d0f-4b0e-8f5a-94a1a3b0a001")
_FORMER = (
    (Form.HVB, Regi.EXTERN_PRIVAT), (Form.FAMILJEHEM, Regi.KONSULENTSTODD),
    (Form.FAMILJEHEM, Regi.EGEN), (Form.STODBOENDE, Regi.EXTERN_PRIVAT),
    (Form.SIS, Regi.STATEN),
)  # fmt: skip


class Sparad(NamedTuple):
    """One save: events of one service in one kommun, decided on ``dag``."""

    dag: date
    kommunkod: str
    handelser: list[Handelse]


class Historia(NamedTuple):
    """The saves of each service in order, and how many messages each stream gives."""

    sparade: dict[str, list[Sparad]]
    meddelanden: dict[str, int]

    @property
    def antal(self) -> int:
        """Messages in all."""
        return sum(self.meddelanden.values())


def historia(antal: int, fro: int = 1, omgang: int = 0) -> Historia:
    """About ``antal`` messages. Each ``omgang`` has ten kommuner, persons and suppliers of its own,
    so that a long history can be made a round at a time.
    """
    slump = Random(fro)
    forsta = omgang * OMGANG
    bolag = [_Bolag(slump, forsta + nr) for nr in range(max(4, antal // 600))]
    leverantor = [sparad for ett in bolag for sparad in ett.sparade]
    gjorda = _antal(leverantor, levs)
    placering: list[Sparad] = []
    nummer = forsta
    while gjorda < antal:
        person = list(_i_ordning(_person(slump, nummer, bolag)))
        gjorda += _antal(person, plas)
        placering += person
        nummer += 1
    for sparade in (leverantor, placering):
        sparade.sort(key=lambda sparad: sparad.dag)
    return Historia(
        {"leverantor": leverantor, "placering": placering},
        {"leverantor": _antal(leverantor, levs), "placering": _antal(placering, plas)},
    )


def lagra(databas: Databas, sparade: list[Sparad]) -> None:
    """Put the saves in the event table of an empty database."""
    registrerad = datetime(2024, 1, 1, tzinfo=UTC)
    kedja, pos = bytes(32), 0
    with (
        psycopg.connect(databas.admin.conninfo()) as connection,
        connection.cursor() as cursor,
        cursor.copy(
            "COPY handelse (pos, originator_id, originator_version, topic, state, kommunkod,"
            " registrerad, kedja) FROM STDIN"
        ) as kopia,
    ):
        for sparad in sparade:
            registrerad += timedelta(milliseconds=7)
            rader = [
                (pos + nr, h.originator_id, h.originator_version, h.TOPIC, encode(h),
                 sparad.kommunkod, registrerad)
                for nr, h in enumerate(sparad.handelser, 1)
            ]  # fmt: skip
            kedja, pos = chain(kedja, rader), pos + len(rader)
            for rad in rader:
                kopia.write_row((*rad, kedja if rad[0] == pos else None))
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as connection:
        connection.execute(
            "UPDATE strom SET pos = %s, registrerad = %s, kedja = %s", (pos, registrerad, kedja)
        )
        connection.execute("VACUUM ANALYZE handelse")


def _i_ordning(sparade: Iterator[Sparad]) -> Iterator[Sparad]:
    """Nothing is recorded before what was recorded earlier of the same person."""
    senast = BORJAN
    for sparad in sparade:
        senast = max(senast, sparad.dag)
        yield sparad._replace(dag=senast)


def _antal(sparade: list[Sparad], avbilda: Any) -> int:
    return sum(len(avbilda(handelse)) for sparad in sparade for handelse in sparad.handelser)


def _kommun(nr: int) -> str:
    return f"{int(KOMMUNER[nr % 10]) + 10 * (nr // OMGANG)}"


def _id(namn: str) -> UUID:
    return uuid5(_RYMD, namn)


class _Skrivare:
    """Makes events with the columns and fields that every one has."""

    def __init__(self, kommunkod: str) -> None:
        self.kommunkod = kommunkod
        self._versioner: dict[UUID, int] = {}

    def __call__(self, klass: type[Handelse], id: UUID, dag: date, **falt: Any) -> Handelse:
        version = self._versioner[id] = self._versioner.get(id, 0) + 1
        skapad: dict[str, Any] = (
            {"originator_topic": klass.TOPIC} if issubclass(klass, Skapelse) else {}
        )
        gemensamt: dict[str, Any] = {
            "originator_id": id, "originator_version": version,
            "timestamp": datetime(dag.year, dag.month, dag.day, 9, tzinfo=UTC),
            "kommunkod": self.kommunkod, "aktor": "u-1", "korrelation": "0123456789abcdef",
        }  # fmt: skip
        return klass(**gemensamt, **skapad, **falt)


class _Bolag:
    """A supplier of one kommun: an enhet with list prices, an avtal, now and then corrected."""

    def __init__(self, slump: Random, nr: int) -> None:
        self.kommunkod = _kommun(nr)
        i_omgangen = nr % OMGANG
        self.orgnr = f"55{i_omgangen // 10000:02d}{nr % 100:02d}-{nr % 10000:04d}"
        self.enhet, self.avtal = _id(f"enhet {nr}"), _id(f"avtal {nr}")
        skriv = _Skrivare(self.kommunkod)
        id = _id(f"leverantor {nr}")
        om = {"leverantor": id, "organisationsnummer": self.orgnr}
        self.sparade = [
            Sparad(BORJAN, self.kommunkod, [
                skriv(lev.LeverantorRegistrerad, id, BORJAN, organisationsnummer=self.orgnr,
                      namn=f"Bolag {nr} AB", typ=Leverantorstyp.PRIVAT),
                skriv(lev.OrganisationsnummerTaget, _id(f"orgnr {nr}"), BORJAN, leverantor=id),
            ]),
            Sparad(BORJAN, self.kommunkod, [
                skriv(lev.EnhetRegistrerad, self.enhet, BORJAN, namn=f"Hemmet {nr}", **om)]),
            Sparad(BORJAN, self.kommunkod, [
                skriv(lev.AvtalTecknat, self.avtal, BORJAN, enhet=self.enhet,
                      omrade=f"Område {nr % 4}", fran=BORJAN, till=None,
                      dagrakning=list(Dagrakning)[nr % 3], **om)]),
        ]  # fmt: skip
        for ar in range(7):
            dag = BORJAN + timedelta(days=365 * ar)
            pris = skriv(
                lev.GrunddygnsprisSatt, self.enhet, dag, fran=dag,
                dygnspris_ore=300_000 + 500 * i_omgangen + 9_000 * ar, **om,
            )  # fmt: skip
            # Every other price list is recorded when the year has begun.
            sagt = dag + timedelta(days=slump.choice((0, 40)))
            self.sparade.append(Sparad(sagt, self.kommunkod, [pris]))


def _person(slump: Random, nr: int, bolag: list[_Bolag]) -> Iterator[Sparad]:
    """Everything that is decided about one person."""
    kommunkod = _kommun(nr)
    mojliga = [ett for ett in bolag if ett.kommunkod == kommunkod] or bolag
    skriv = _Skrivare(kommunkod)
    klient, kalender = _id(f"klient {nr}"), _id(f"kalender {nr}")
    dag = BORJAN + timedelta(days=slump.randrange(DAGAR - 200))
    uppgifter: dict[str, Any] = {
        "kon": slump.choice((Kon.MAN, Kon.KVINNA)), "skyddad": False, "arbetsenhet": "Barn 1",
        "fodelsemanad": f"{slump.randint(1995, 2016)}-{slump.randint(1, 12):02d}",
        "nummerkrav": _id(f"krav {nr}"), "hemligheter": (),
    }  # fmt: skip
    yield Sparad(dag, kommunkod, [
        skriv(KlientRegistrerad, klient, dag, **uppgifter),
        skriv(PersonnummerTaget, uppgifter["nummerkrav"], dag, klient=klient),
        skriv(KalenderBorjad, kalender, dag, klient=klient),
    ])  # fmt: skip
    if slump.random() < 0.03:
        uppgifter["fodelsemanad"] = None
        yield Sparad(dag + timedelta(days=9), kommunkod, [
            skriv(KlientRattad, klient, dag, skal=Rattelseskal.FEL_UPPGIFT, **uppgifter)
        ])  # fmt: skip
    if slump.random() < 0.25:
        yield from _oppet_beslut(slump, skriv, nr, klient, dag)
    beslut = _id(f"beslut {nr}")
    for stallning in range(slump.choices((1, 2, 3, 4, 5), (52, 25, 13, 7, 3))[0]):
        if stallning == 0 or slump.random() < 0.5:
            beslut = _id(f"beslut {nr} {stallning}")
            yield _beslut(skriv, beslut, klient, dag, "SoL", "19 kap. 1 § SoL", "Placering")
        dag = yield from _vistelse(
            slump, skriv, _Vad(f"{nr} {stallning}", klient, kalender, beslut), dag, mojliga
        )
        if dag >= BORJAN + timedelta(days=DAGAR):
            return


def _beslut(
    skriv: _Skrivare, id: UUID, klient: UUID, dag: date, lag: str, lagrum: str, insats: str
) -> Sparad:
    fattat = skriv(
        BeslutFattat, id, dag, klient=klient, lag=lag, lagrum=lagrum, evb=True,
        insatstyp=insats, beslutsdatum=dag, galler_till=None, namnd="Socialnämnden",
        arbetsenhet="Barn 1", beslutsfattare=None, hemligheter=(), flaggor=(),
    )  # fmt: skip
    return Sparad(dag, skriv.kommunkod, [fattat])


def _oppet_beslut(
    slump: Random, skriv: _Skrivare, nr: int, klient: UUID, dag: date
) -> Iterator[Sparad]:
    """A beslut that is carried out late, interrupted, and taken up again."""
    id, kommunkod = _id(f"annat beslut {nr}"), skriv.kommunkod
    yield _beslut(skriv, id, klient, dag, "LSS", "9 § 4 LSS", "Kontaktperson")
    senare = dag + timedelta(days=100)
    yield Sparad(senare, kommunkod, [
        skriv(DrojsmalsorsakAngiven, id, senare, klient=klient, datum=senare,
              orsak=Drojsmalsorsak.RESURSBRIST)
    ])  # fmt: skip
    steg: tuple[tuple[type[Handelse], dict[str, Any]], ...] = (
        (BeslutVerkstallt, {"omfattning": Omfattning.HELT}), (BeslutAvbrutet, {}),
        (BeslutAterupptaget, {}), (BeslutUpphort, {}),
    )  # fmt: skip
    for klass, mer in steg[: slump.randint(1, 4)]:
        senare += timedelta(days=slump.randint(20, 200))
        yield Sparad(
            senare, kommunkod, [skriv(klass, id, senare, klient=klient, datum=senare, **mer)]
        )


class _Vad(NamedTuple):
    namn: str
    klient: UUID
    kalender: UUID
    beslut: UUID


def _vistelse(
    slump: Random, skriv: _Skrivare, vad: _Vad, fran: date, bolag: list[_Bolag]
) -> Generator[Sparad, None, date]:
    """A stay with its prices and its end; returns when the next one begins."""
    id = _id(f"placering {vad.namn}")
    hos = slump.choice(bolag)
    form, regi = slump.choices(_FORMER, (40, 25, 20, 10, 5))[0]
    kopt = regi in (Regi.EXTERN_PRIVAT, Regi.KONSULENTSTODD)
    om = {"klient": vad.klient, "beslut": vad.beslut}
    uppgifter: dict[str, Any] = om | {
        "form": form, "regi": regi, "natverk": False, "fran": fran,
        "leverantor": hos.orgnr if kopt else None, "enhet": hos.enhet if kopt else None,
        "avtal": hos.avtal if kopt else None, "skal_utom_ramavtal": None, "hemligheter": (),
        "dygnspris_ore": slump.choice((None, 350_000, 412_000)) if kopt else 150_000,
    }  # fmt: skip
    till = fran + timedelta(days=1 + int(slump.expovariate(1 / 150)))

    def stay(slut: date | None, dag: date) -> list[Handelse]:
        return [
            skriv(VistelseUnderBeslut, vad.beslut, dag, placering=id, fran=fran, till=slut),
            skriv(VistelseSatt, vad.kalender, dag, placering=id, fran=fran, till=slut),
        ]

    def sparad(dag: date, *handelser: Handelse) -> Sparad:
        return Sparad(dag, skriv.kommunkod, list(handelser))

    yield sparad(
        fran,
        skriv(PlaceringInledd, id, fran, **uppgifter, flaggor=()),
        *stay(None, fran),
    )
    for nr in range(slump.choices((0, 1, 2, 4), (50, 28, 15, 7))[0]):
        dag = fran + timedelta(days=slump.randint(1, 200))
        yield sparad(dag, skriv(
            PlaceringPrisAndrat, id, dag, **om, prisrad=_id(f"pris {vad.namn} {nr}"),
            slag=slump.choices(tuple(Prisslag), (7, 3))[0], fran=dag, till=None,
            dygnspris_ore=50_000 + 1_000 * slump.randint(0, 300),
        ))  # fmt: skip
    if slump.random() < 0.04:
        uppgifter["dygnspris_ore"] = 399_000
        yield sparad(fran + timedelta(days=1), skriv(
            PlaceringRattad, id, fran, **uppgifter, till=None, orsak=None,
            beslut_bestar=False, skal=Rattelseskal.SKRIVFEL,
        ))  # fmt: skip
    if slump.random() < 0.01:
        yield sparad(fran + timedelta(days=2), skriv(
            PlaceringMakulerad, id, fran, **om, skal=Rattelseskal.FEL_UPPGIFT,
        ))  # fmt: skip
        return fran
    if till < BORJAN + timedelta(days=DAGAR):
        orsak = slump.choice((Avslutsorsak.PLANERAD, Avslutsorsak.OMPLACERING))
        yield sparad(till, skriv(
            PlaceringAvslutad, id, till, **om, till=till, orsak=orsak, beslut_bestar=False,
            hemligheter=(),
        ), *stay(till, till))  # fmt: skip
    return till + timedelta(days=slump.choice((0, 0, 1, 60)))


def sammansattning(berattad: Historia) -> str:
    """How many stored events of each class, the most common first."""
    namn = sorted(
        type(handelse).__name__
        for sparade in berattad.sparade.values()
        for sparad in sparade
        for handelse in sparad.handelser
    )
    antal = {namn_: len(list(grupp)) for namn_, grupp in groupby(namn)}
    vanligast = sorted(antal.items(), key=lambda par: -par[1])
    return ", ".join(f"{namn_} {hur_manga}" for namn_, hur_manga in vanligast)
