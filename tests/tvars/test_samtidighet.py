"""Fifty clients at once over HTTP, at two API processes of one service: who wins, and what stays.

Both processes are started by the service's own command and share a database and nothing else. After
every race the event table is held to the answers: what was accepted is there once, what was refused
left nothing, positions have no hole, and the running hash is right. A caller waits for its answer
behind a barrier that all of its round pass together.
"""

import base64
import os
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.auth.roles import Roll
from tests.placering.varld import PERSONNUMMER, eget_hem, ny_klient, nytt_beslut, nytt_hem
from tests.stod.apiprocess import apiprocess
from tests.stod.kedja import prova_kedjan
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera, sql, token_for, tom

KLIENTER = 50
VARV = 3
NUMMER = ("556036-0793", "556012-5790", "212000-1355")


@dataclass(frozen=True)
class Svar:
    """An answer and the key that the call had."""

    nyckel: str
    status: int
    kropp: dict[str, Any]

    @property
    def regel(self) -> str | None:
        return self.kropp.get("regel")


@dataclass(frozen=True)
class Anrop:
    """One POST."""

    vag: str
    kropp: dict[str, Any]
    version: int | None = None
    nyckel: str | None = None


class Klienterna:
    """Fifty connections, every other one to the one process, and the answers of all of them."""

    def __init__(self, databas: Databas, anslutningar: Sequence[httpx.Client]) -> None:
        self.databas = databas
        self._anslutningar = anslutningar
        self._grind = threading.Barrier(len(anslutningar))
        self._trad = ThreadPoolExecutor(len(anslutningar))
        self.svar: list[Svar] = []

    def stang(self) -> None:
        self._trad.shutdown()

    def en(self, anrop: Anrop, nr: int = 0) -> Svar:
        """One call, from client ``nr``."""
        nyckel = anrop.nyckel or uuid4().hex
        huvuden = {"Idempotency-Key": nyckel}
        if anrop.version is not None:
            huvuden["If-Match"] = f'"{anrop.version}"'
        raw = self._anslutningar[nr].post(anrop.vag, json=anrop.kropp, headers=huvuden)
        svar = Svar(nyckel, raw.status_code, raw.json())
        self.svar.append(svar)
        return svar

    def lagra(self, vag: str, kropp: dict[str, Any], version: int | None = None) -> dict[str, Any]:
        """One call that must succeed; its answer."""
        svar = self.en(Anrop(vag, kropp, version))
        assert svar.status in (200, 201), svar
        return svar.kropp

    def las(self, vag: str, nr: int = 0) -> Any:
        svar = self._anslutningar[nr].get(vag)
        assert svar.status_code == 200, svar.text
        return svar.json()

    def alla(self, gor: Callable[[int], Any]) -> list[Any]:
        """What each client gets of doing this, all at the same time."""

        def en(nr: int) -> Any:
            self._grind.wait(30)
            return gor(nr)

        return list(self._trad.map(en, range(len(self._anslutningar))))

    def pa_en_gang(self, anrop: Sequence[Anrop]) -> list[Svar]:
        """One call from each client."""
        return self.alla(lambda nr: self.en(anrop[nr], nr))

    def granska(self) -> None:
        """Hold the event table to every answer that has been given."""
        tagna = [svar for svar in self.svar if svar.status in (200, 201)]
        ratt = {svar.nyckel: svar.kropp for svar in tagna}
        kvitton = sql(self.databas, "SELECT nyckel, id, version, pos FROM idempotens ORDER BY pos")
        assert {nyckel for nyckel, *_ in kvitton} == set(ratt), "ett avvisat har lämnat spår"
        handelser = sql(
            self.databas, "SELECT pos, originator_id, originator_version FROM handelse ORDER BY pos"
        )
        assert [pos for pos, _, _ in handelser] == list(range(1, len(handelser) + 1))
        assert sql(self.databas, "SELECT pos FROM strom") == [(len(handelser),)]
        plats = {(id, version): pos for pos, id, version in handelser}
        for nyckel, id, version, pos in kvitton:
            svar = ratt[nyckel]
            assert (UUID(svar["id"]), svar["version"], svar["position"]) == (id, version, pos)
        # Each command's events lie between the command's before it and its own position.
        for (_, _, _, fore), (_, id, version, pos) in pairwise([("", None, 0, 0), *kvitton]):
            assert fore < plats[id, version] <= pos
        assert len({(id, version) for _, id, version, _ in kvitton}) == len(kvitton)
        assert kvitton[-1][3] == len(handelser), "en händelse som inget svar talar om"
        prova_kedjan(self.databas)


@contextmanager
def klienterna(tjanst: str, databas: Databas, *roller: Roll) -> Iterator[Klienterna]:
    """Two processes of the service, and the callers.

    The processes share the master key, as those of an installation do.
    """
    nyckel = base64.b64encode(os.urandom(32)).decode()
    with ExitStack() as stack:
        servrar = [
            stack.enter_context(apiprocess(tjanst, databas, master_key=nyckel)) for _ in range(2)
        ]
        alla = Klienterna(
            databas,
            [
                stack.enter_context(_anslutning(adress, token_for(utfardare, *roller)))
                for nr in range(KLIENTER)
                for adress, utfardare in [servrar[nr % 2]]
            ],
        )
        stack.callback(alla.stang)
        yield alla


def _anslutning(adress: str, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=adress,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
        trust_env=False,
    )


@pytest.fixture(scope="module")
def registret(moduldatabas: Databasfabrik) -> Iterator[Klienterna]:
    databas = moduldatabas("leverantor", migrera)
    with klienterna("leverantor", databas, Roll.AVTALSCONTROLLER) as igang:
        yield igang


@pytest.fixture(scope="module")
def varden(moduldatabas: Databasfabrik) -> Iterator[Klienterna]:
    databas = moduldatabas("placering", migrera)
    with klienterna("placering", databas, Roll.SOCIALSEKRETERARE) as igang:
        yield igang


def _tomd(igang: Klienterna) -> Iterator[Klienterna]:
    tom(igang.databas)
    igang.svar.clear()
    yield igang
    igang.granska()


@pytest.fixture
def register(registret: Klienterna) -> Iterator[Klienterna]:
    """The suppliers' register, empty; at the end the table is held to the answers."""
    yield from _tomd(registret)


@pytest.fixture
def vard(varden: Klienterna) -> Iterator[Klienterna]:
    """The placeringar, none yet; at the end the table is held to the answers."""
    yield from _tomd(varden)


def _en_vinner(svar: Sequence[Svar], status: int, regel: str) -> dict[str, Any]:
    """The one that was accepted; every other was refused by the rule, or gave its race up."""
    raknat = Counter(ett.status for ett in svar)
    assert raknat[status] == 1, raknat
    assert set(raknat) <= {status, 409, 422}, raknat
    assert {ett.regel for ett in svar if ett.status == 422} <= {regel}
    return next(ett.kropp for ett in svar if ett.status == status)


# -- unique across aggregates --------------------------------------------------------------------


@pytest.mark.regel("R-LEV-3")
def test_ett_organisationsnummer_registreras_en_gang(
    register: Klienterna, slump: random.Random
) -> None:
    """Three numbers at once, each spelt in different ways."""
    skrivna = {nr: [nr, nr.replace("-", ""), "16" + nr] for nr in NUMMER}
    valda = [slump.choice(NUMMER) for _ in range(KLIENTER)]
    svar = register.pa_en_gang(
        [
            Anrop(
                "/v1/leverantorer",
                {"organisationsnummer": slump.choice(skrivna[nr]), "namn": f"Nr {n}"},
            )
            for n, nr in enumerate(valda)
        ]
    )
    for nummer in set(valda):
        egna = [ett for ett, vald in zip(svar, valda, strict=True) if vald == nummer]
        _en_vinner(egna, 201, "R-LEV-3")
    assert len(register.las("/v1/leverantorer")["poster"]) == len(set(valda))


@pytest.mark.regel("R-LEV-3")
def test_tva_som_rattas_till_samma_nummer_far_det_inte_bada(register: Klienterna) -> None:
    """Two suppliers' records are corrected to the number of a third that is nobody's yet."""
    vagar = []
    for nummer in NUMMER[:2]:
        id = register.lagra("/v1/leverantorer", {"organisationsnummer": nummer, "namn": "A"})["id"]
        vagar.append(f"/v1/leverantorer/{id}/rattelse")
    kropp = {"organisationsnummer": NUMMER[2], "namn": "A", "skal": "skrivfel"}
    svar = register.pa_en_gang([Anrop(vagar[nr // 2 % 2], kropp, 1) for nr in range(KLIENTER)])
    raknat = Counter(ett.status for ett in svar)
    assert raknat[200] == 1, raknat
    assert set(raknat) <= {200, 412, 422}, raknat
    poster = register.las("/v1/leverantorer")["poster"]
    assert sorted(ett["organisationsnummer"] for ett in poster).count(NUMMER[2]) == 1


def test_ett_personnummer_registreras_en_gang(vard: Klienterna, slump: random.Random) -> None:
    skrivna = [PERSONNUMMER, PERSONNUMMER.replace("-", ""), PERSONNUMMER[2:]]
    kroppar = [ny_klient(personnummer=slump.choice(skrivna)) for _ in range(KLIENTER)]
    svar = vard.pa_en_gang([Anrop("/v1/klienter", kropp) for kropp in kroppar])
    raknat = Counter(ett.status for ett in svar)
    assert raknat[201] == 1, raknat
    assert set(raknat) <= {201, 409, 422}, raknat
    assert len(vard.las("/v1/klienter")["poster"]) == 1
    assert sql(vard.databas, "SELECT count(*) FROM klientnyckel") == [(1,)]


def _dagar(vard: Klienterna, klient: str) -> list[tuple[date, date]]:
    """Every stay of the person, in order; two of them share no day but that of a move."""
    dagar = sorted(
        (date.fromisoformat(ett["fran"]), date.fromisoformat(ett["till"] or "9999-12-31"))
        for ett in vard.las("/v1/placeringar")["poster"]
        if ett["klient"] == klient and not ett["makulerad"]
    )
    assert all(forra[1] <= nasta[0] for forra, nasta in pairwise(dagar)), dagar
    return dagar


@pytest.mark.regel("R-PLA-1")
def test_en_person_har_en_placering_om_dagen(vard: Klienterna, slump: random.Random) -> None:
    """Every round all begin a placering on days of chance, and the one that is let in is ended."""
    klient = vard.lagra("/v1/klienter", ny_klient())["id"]
    beslut = vard.lagra("/v1/beslut", nytt_beslut(klient))["id"]
    dag = date(2026, 2, 1)
    for varv in range(1, VARV + 1):
        anrop = [
            Anrop(
                "/v1/placeringar",
                eget_hem(klient, beslut, fran=str(dag + timedelta(days=slump.randrange(1, 30)))),
            )
            for _ in range(KLIENTER)
        ]
        ny = _en_vinner(vard.pa_en_gang(anrop), 201, "R-PLA-1")
        dag = date.fromisoformat(vard.las(f"/v1/placeringar/{ny['id']}")["fran"])
        dag += timedelta(days=slump.randrange(1, 10))
        slut = {"till": str(dag), "orsak": "omplacering"}
        vard.lagra(f"/v1/placeringar/{ny['id']}/avslut", slut, version=1)
        assert len(_dagar(vard, klient)) == varv


@pytest.mark.regel("R-PLA-1")
def test_tva_placeringar_som_rattas_mot_varandra_mots_aldrig(
    vard: Klienterna, slump: random.Random
) -> None:
    """Each change is right by itself; both together would cover the same days."""
    klient = vard.lagra("/v1/klienter", ny_klient())["id"]
    vagar = []
    for fran, till in (("2026-02-01", "2026-02-10"), ("2026-03-01", "2026-03-10")):
        beslut = vard.lagra("/v1/beslut", nytt_beslut(klient))["id"]
        ny = vard.lagra("/v1/placeringar", eget_hem(klient, beslut, fran=fran))["id"]
        slut = {"till": till, "orsak": "omplacering"}
        vard.lagra(f"/v1/placeringar/{ny}/avslut", slut, version=1)
        vagar.append(f"/v1/placeringar/{ny}/rattelse")
    mellan = [
        {"fran": "2026-02-01", "till": "2026-02-22"},
        {"fran": "2026-02-18", "till": "2026-03-10"},
    ]
    anrop = []
    for _ in range(KLIENTER):
        vilken = slump.randrange(2)
        kropp = {"placeringsform": "eget_familjehem", "orsak": "omplacering", "skal": "skrivfel"}
        anrop.append(Anrop(vagar[vilken], kropp | mellan[vilken], version=2))
    raknat = Counter(ett.status for ett in vard.pa_en_gang(anrop))
    assert raknat[200] == 1, raknat
    assert set(raknat) <= {200, 412, 422}, raknat
    assert len(_dagar(vard, klient)) == 2


@pytest.mark.regel("R-PLA-9")
def test_sista_platsen_i_ett_hem_far_en(vard: Klienterna, slump: random.Random) -> None:
    """Fifty persons, and one place left: every round the one who got it moves out."""
    hem = vard.lagra("/v1/hem", nytt_hem(platser=2))["id"]
    par = []
    for _ in range(KLIENTER):
        klient = vard.lagra("/v1/klienter", ny_klient())["id"]
        par.append((klient, vard.lagra("/v1/beslut", nytt_beslut(klient))["id"]))
    klient, beslut = par.pop()
    vard.lagra("/v1/placeringar", eget_hem(klient, beslut, hem=hem, fran="2026-01-15"))
    par.append(par[0])
    dag = date(2026, 2, 1)
    for varv in range(VARV):
        anrop = [
            Anrop(
                "/v1/placeringar",
                eget_hem(*ett, hem=hem, fran=str(dag + timedelta(days=slump.randrange(5)))),
            )
            for ett in par
        ]
        svar = vard.pa_en_gang(anrop)
        raknat = Counter(ett.status for ett in svar)
        assert raknat[201] == 1, raknat
        assert set(raknat) <= {201, 409, 422}, raknat
        assert "R-PLA-9" in {ett.regel for ett in svar}, varv
        ny = next(ett.kropp for ett in svar if ett.status == 201)
        dag += timedelta(days=10)
        assert vard.las(f"/v1/hem/{hem}/boende?dag={dag}")["upptagna"] == 2
        slut = {"till": str(dag), "orsak": "planerad"}
        vard.lagra(f"/v1/placeringar/{ny['id']}/avslut", slut, version=ny["version"])
        assert vard.las(f"/v1/hem/{hem}/boende?dag={dag}")["upptagna"] == 1


# -- one thing, many who change it -----------------------------------------------------------------


def _rattelse(namn: str) -> dict[str, Any]:
    return {"organisationsnummer": NUMMER[0], "namn": namn, "skal": "skrivfel"}


def _namn_i_historiken(register: Klienterna, id: str) -> list[str]:
    """The names that the supplier has had, oldest first."""
    rows = sql(
        register.databas,
        "SELECT convert_from(state, 'UTF8')::jsonb->>'namn' FROM handelse"
        " WHERE originator_id = %s ORDER BY originator_version",
        UUID(id),
    )
    return [namn for (namn,) in rows]


def test_av_femtio_andringar_av_samma_version_galler_exakt_en(register: Klienterna) -> None:
    id = register.lagra(
        "/v1/leverantorer", {"organisationsnummer": NUMMER[0], "namn": "Från början"}
    )["id"]
    vag, namn = f"/v1/leverantorer/{id}/rattelse", ["Från början"]
    for version in range(1, VARV + 1):
        anrop = [Anrop(vag, _rattelse(f"{version}-{n}"), version) for n in range(KLIENTER)]
        svar = register.pa_en_gang(anrop)
        assert Counter(ett.status for ett in svar) == {200: 1, 412: KLIENTER - 1}
        [vann] = [n for n, ett in enumerate(svar) if ett.status == 200]
        namn.append(f"{version}-{vann}")
        assert svar[vann].kropp["version"] == version + 1
        assert register.las(f"/v1/leverantorer/{id}")["namn"] == namn[-1]
    assert _namn_i_historiken(register, id) == namn
    utan = register.pa_en_gang([Anrop(vag, _rattelse("utan version"))] * KLIENTER)
    assert {ett.status for ett in utan} == {428}, "en ändring säger vilken version den utgår från"
    assert _namn_i_historiken(register, id) == namn


def test_den_som_laser_om_efter_412_far_till_slut_in_sin_andring(register: Klienterna) -> None:
    """Fifty that each read, change and try again: no change is lost, and none is doubled."""
    id = register.lagra("/v1/leverantorer", {"organisationsnummer": NUMMER[0], "namn": "x"})["id"]
    vag = f"/v1/leverantorer/{id}"

    def envis(nr: int) -> list[Svar]:
        svar: list[Svar] = []
        while not svar or svar[-1].status == 412:
            nu = register.las(vag, nr)["version"]
            svar.append(register.en(Anrop(f"{vag}/rattelse", _rattelse(f"nr {nr}"), nu), nr))
        return svar

    allas = register.alla(envis)
    assert {svar[-1].status for svar in allas} == {200}
    assert any(len(svar) > 1 for svar in allas), "ingen hann före någon annan"
    namn = _namn_i_historiken(register, id)
    assert sorted(namn[1:]) == sorted(f"nr {nr}" for nr in range(KLIENTER))
    for nr, svar in enumerate(allas):
        assert namn[svar[-1].kropp["version"] - 1] == f"nr {nr}"


def test_samma_anrop_till_bada_processerna_gors_en_gang(register: Klienterna) -> None:
    """One key from all: each gets the one answer, whichever process it asked."""
    for nummer in NUMMER:
        kropp = {"organisationsnummer": nummer, "namn": "Ett anrop"}
        anrop = Anrop("/v1/leverantorer", kropp, nyckel=f"samma-{nummer}")
        svar = register.pa_en_gang([anrop] * KLIENTER)
        assert {ett.status for ett in svar} == {201}
        assert len({ett.kropp["id"] for ett in svar}) == 1
    assert len(register.las("/v1/leverantorer")["poster"]) == len(NUMMER)
