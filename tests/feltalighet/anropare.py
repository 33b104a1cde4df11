"""A caller that keeps every receipt: what was answered 2xx is there, and is there once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from dygn.inbyggd.databaser import Databas
from dygn.klient import Klient, Kvitto, Tjanst
from tests.stod.vanta import eventually
from tests.system.byggen import lasande
from tests.system.installation import sql
from tests.system.lasare import ostadat

_TALAMOD = 60.0


@dataclass(frozen=True, slots=True)
class Bokfort:
    """A command that was answered: its key, what it was, and the receipt."""

    tjanst: str
    vag: str
    nyckel: str
    id: str
    version: int
    pos: int


@dataclass
class Anropare:
    """Posts with a key of its own for each command, and goes on until it is answered."""

    klient: Klient
    databaser: dict[str, Databas]
    bok: list[Bokfort] = field(default_factory=list)

    def posta(
        self, tjanst: Tjanst, vag: str, kropp: dict[str, Any], fore: Kvitto | None = None
    ) -> Kvitto:
        """A command that must be taken; ``fore`` is the answer to the one before on the thing."""
        nyckel = uuid4().hex
        etag = None if fore is None else fore.etag
        kvitto = self.klient.skicka(tjanst, vag, kropp, nyckel=nyckel, etag=etag)
        svar = kvitto.kropp
        self.bok.append(Bokfort(tjanst, vag, nyckel, svar["id"], svar["version"], svar["position"]))
        return kvitto

    def ikapp(self) -> None:
        """Wait until placering has read and folded what leverantor has stored."""
        [(pos,)] = sql(self.databaser["leverantor"], "SELECT pos FROM strom")

        def last() -> bool:
            with lasande(self.databaser["placering"]) as anslutning:
                nadd = anslutning.execute("SELECT max(pos) FROM styrpost").fetchone()
            return nadd == (pos,) and not ostadat(self.databaser["placering"])

        eventually(last, _TALAMOD, lambda: f"registret hann aldrig till {pos}", paus=0.05)

    def glom(self, tjanst: str, efter: int) -> None:
        """The service's database has lost what came after this position."""
        self.bok = [rad for rad in self.bok if rad.tjanst != tjanst or rad.pos <= efter]

    def fel_i_boken(self) -> list[str]:
        """What does not agree with the event tables.

        Every key is known with the very answer that the caller got, nobody else has been answered,
        every version is there, and what was asked for once has happened once.
        """
        return [
            fel
            for tjanst in ("leverantor", "placering")
            for fel in _fel(
                self.databaser[tjanst], [rad for rad in self.bok if rad.tjanst == tjanst]
            )
        ]


def _fel(databas: Databas, bok: Sequence[Bokfort]) -> list[str]:
    lagrat = {
        nyckel: (str(id), version, pos)
        for nyckel, id, version, pos in sql(
            databas, "SELECT nyckel, id, version, pos FROM idempotens"
        )
    }
    hos_anroparen = {rad.nyckel: (rad.id, rad.version, rad.pos) for rad in bok}
    handelser = {
        (str(id), version): topic.rpartition(".")[2].partition(":")[0]
        for id, version, topic in sql(
            databas, "SELECT originator_id, originator_version, topic FROM handelse"
        )
    }
    vantat = Counter(HANDELSE[_form(rad.vag)] for rad in bok)
    antal = Counter(namn for namn in handelser.values() if namn in vantat)
    return [
        *(
            f"{nyckel}: anroparen fick {hos_anroparen.get(nyckel)}, lagrat är {lagrat.get(nyckel)}"
            for nyckel in {**hos_anroparen, **lagrat}
            if hos_anroparen.get(nyckel) != lagrat.get(nyckel)
        ),
        *(f"{rad} har ingen händelse" for rad in bok if (rad.id, rad.version) not in handelser),
        *(
            f"{namn}: {vantat[namn]} begärda, {antal[namn]} lagrade"
            for namn in vantat
            if vantat[namn] != antal[namn]
        ),
    ]


HANDELSE = {
    "leverantorer": "LeverantorRegistrerad",
    "enheter": "EnhetRegistrerad",
    "enheter/priser": "GrunddygnsprisSatt",
    "avtal": "AvtalTecknat",
    "avtal/rattelse": "AvtalRattat",
    "klienter": "KlientRegistrerad",
    "beslut": "BeslutFattat",
    "placeringar": "PlaceringInledd",
    "placeringar/priser": "PlaceringPrisAndrat",
    "placeringar/avslut": "PlaceringAvslutad",
    "placeringar/makulering": "PlaceringMakulerad",
}
"""The event, one and no more, that a command leaves (others may come with it)."""


def _form(vag: str) -> str:
    """The address without the thing's id."""
    forst, _, resten = vag.partition("/")
    return f"{forst}/{resten.rpartition('/')[2]}" if resten else forst
