"""The demo's course of events, over REST: some things one by one, the rest in bulk.

Guarantees that it knows no more than any caller: it works against an embedded installation and
against one on a cluster. It asks for an installation without an earlier demo in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dygn.data import EVB_LSS_2023, EVB_LSS_2023_KALLA
from dygn.exempel.csvut import filer, som_text
from dygn.exempel.former import BARN_INSTITUTION, lagrum
from dygn.exempel.kommun import Exempelkommun, Rattelse
from dygn.exempel.organisationsnummer import pahittat
from dygn.fel import DygnFel
from dygn.klient import Klient, Kvitto
from dygn.overforing.csvfil import las_fil, las_text
from dygn.overforing.invantan import vanta_in
from dygn.overforing.kolumner import BESLUT, FILSLAG
from dygn.overforing.overforing import Redovisning, for_over

KALLA = "exempel"
INVANTAN = 120.0
"""Seconds to wait for the streams."""
ENSKILDA = 12
"""Persons who are posted one command at a time."""
_STOPPAD = pahittat(2)
"""A supplier that gets an avropsstopp."""
_NAMND = "Individ- och familjeomsorgsnämnden"
_ARBETSENHET = "Barn och unga, påhittade enheten"
_BESLUTSFATTARE = {
    "slag": "tjansteman",
    "roll": "enhetschef",
    "arbetsenhet": _ARBETSENHET,
}

Framstegsmakare = Callable[[str], Any]
"""Gives, for what is worked on, a context manager of a `Framsteg`."""


@dataclass(slots=True)
class Utfall:
    """What the demo put in."""

    anrop: int = 0
    rader: int = 0
    flaggade: int = 0


class Scenario:
    """Posts the kommun through ``klient``; ``framsteg`` shows how far each stage has come."""

    def __init__(self, klient: Klient, kommun: Exempelkommun, framsteg: Framstegsmakare) -> None:
        self._klient = klient
        self._kommun = kommun
        self._framsteg = framsteg
        self._utfall = Utfall()
        self._placering: dict[str, str] = {}

    def kor(self) -> Utfall:
        """All of it, in order. DygnFel where something is refused."""
        enhet = self._leverantor_for_sig()
        self._las_in("leverantorer")
        vanta_in(self._klient, ["placering"], INVANTAN)
        with self._framsteg("personer, anrop för anrop") as visa:
            for nummer in range(ENSKILDA):
                visa("Skickar", nummer, ENSKILDA)
                self._person(nummer, enhet)
            visa("Skickar", ENSKILDA, ENSKILDA)
        for namn in ("beslut", "placeringar", "prisandringar"):
            self._las_in(namn)
        self._ratta()
        self._avropsstopp()
        self._riktiga_beslut()
        return self._utfall

    # -- in bulk ----------------------------------------------------------------------------

    def _las_in(self, namn: str) -> None:
        slag = FILSLAG[namn]
        rader = {s.namn: r for s, r in filer(self._kommun)}[namn]
        innehall = las_text(som_text(slag, rader), slag, namn)
        with self._framsteg(slag.i_text) as visa:
            konto = for_over(self._klient, slag, innehall, kalla=KALLA, framsteg=visa)
        self._bokfor(konto)
        if namn == "placeringar":
            self._placering = konto.id

    def _riktiga_beslut(self) -> None:
        innehall = las_fil(EVB_LSS_2023, BESLUT)
        with self._framsteg("beslut ur en nämndhandling") as visa:
            konto = for_over(
                self._klient, BESLUT, innehall, kalla=EVB_LSS_2023_KALLA, framsteg=visa
            )
        self._bokfor(konto)

    def _bokfor(self, konto: Redovisning) -> None:
        if konto.fel:
            forst = konto.fel[0]
            raise DygnFel(
                f"Exemplet avvisades på rad {forst.rad}, {forst.kolumn}: {forst.text} "
                f"({forst.regel})"
            )
        self._utfall.rader += konto.skickade
        self._utfall.flaggade += konto.flaggade

    # -- one by one -------------------------------------------------------------------------

    def _posta(
        self, tjanst: Any, vag: str, kropp: dict[str, Any], etag: str | None = None
    ) -> Kvitto:
        self._utfall.anrop += 1
        givna = {namn: varde for namn, varde in kropp.items() if varde is not None}
        return self._klient.skicka(tjanst, vag, givna, etag=etag)

    def _leverantor_for_sig(self) -> str:
        """A supplier with a unit, an avtal and two list prices; the unit's id."""
        forst = date(self._kommun.tom.year - 4, 1, 1)
        leverantor = self._posta(
            "leverantor",
            "leverantorer",
            {"organisationsnummer": pahittat(1), "namn": "Exempelhemmet Masurbjörken AB"},
        )
        enhet = self._posta(
            "leverantor", "enheter", {"leverantor": leverantor.id, "namn": "Masurbjörken 1"}
        )
        self._posta(
            "leverantor",
            "avtal",
            {
                "leverantor": leverantor.id,
                "omrade": BARN_INSTITUTION,
                "fran": forst.isoformat(),
            },
        )
        etag = enhet.etag
        for ar, pris in enumerate((520_000, 545_000, 561_000)):
            fran = forst.replace(year=forst.year + ar).isoformat()
            etag = self._posta(
                "leverantor",
                f"enheter/{enhet.id}/priser",
                {"fran": fran, "dygnspris_ore": pris},
                etag,
            ).etag
        return enhet.id

    def _person(self, nummer: int, enhet: str) -> None:
        """A child: HVB at the unit's list price with a tillägg, then an own home on the same day.

        Every third stays at the HVB; every fourth has a contact person too, with a break.
        """
        fran = self._kommun.tom - timedelta(days=700 - 45 * nummer)
        klient = self._posta(
            "placering",
            "klienter",
            {
                "namn": f"Påhittad Person {nummer + 1}",
                "fodelsedatum": date(fran.year - 10 - nummer % 8, 1 + nummer, 3).isoformat(),
                "kon": "MK"[nummer % 2],
                "skyddad": nummer == 5,
                "arbetsenhet": _ARBETSENHET,
            },
        ).id
        hvb = self._placera(
            klient, "HVB", fran, placeringsform="hvb", leverantor=pahittat(1), enhet=enhet
        )
        tillagg = self._posta(
            "placering",
            f"placeringar/{hvb.id}/priser",
            {
                "slag": "tillagg",
                "fran": (fran + timedelta(days=14)).isoformat(),
                "till": (fran + timedelta(days=73)).isoformat(),
                "dygnspris_ore": 75_000,
                "tillagg": "extra_personal",
                "skal": "sent_inkommen",
            },
            hvb.etag,
        )
        if nummer % 3:
            flytt = fran + timedelta(days=120 + 3 * nummer)
            self._posta(
                "placering",
                f"placeringar/{hvb.id}/avslut",
                {"till": flytt.isoformat(), "orsak": "omplacering"},
                tillagg.etag,
            )
            self._placera(
                klient,
                "Eget familjehem",
                flytt,
                placeringsform="eget_familjehem",
                dygnspris_ore=72_000 + 1_000 * nummer,
            )
        if nummer % 4 == 0:
            self._kontaktperson(klient, fran)

    def _placera(self, klient: str, insats: str, fran: date, **var: Any) -> Kvitto:
        beslut = self._beslut(klient, insats, fran - timedelta(days=4))
        return self._posta(
            "placering",
            "placeringar",
            {"klient": klient, "beslut": beslut.id, "fran": fran.isoformat(), **var},
        )

    def _beslut(self, klient: str, insats: str, datum: date) -> Kvitto:
        return self._posta(
            "placering",
            "beslut",
            {
                "klient": klient,
                "lagrum": lagrum("SoL", datum),
                "insatstyp": insats,
                "beslutsdatum": datum.isoformat(),
                "namnd": _NAMND,
                "beslutsfattare": _BESLUTSFATTARE,
                "arbetsenhet": _ARBETSENHET,
            },
        )

    def _kontaktperson(self, klient: str, datum: date) -> None:
        beslut = self._beslut(klient, "Kontaktperson", datum)
        etag = beslut.etag
        for vag, dagar in (("verkstallande", 40), ("avbrott", 150), ("aterupptagande", 190)):
            dag = (datum + timedelta(days=dagar)).isoformat()
            etag = self._posta("placering", f"beslut/{beslut.id}/{vag}", {"datum": dag}, etag).etag

    # -- afterwards -------------------------------------------------------------------------

    def _ratta(self) -> None:
        alla = self._kommun.rattelser
        with self._framsteg("rättelser") as visa:
            for klara, rattelse in enumerate(alla):
                visa("Skickar", klara, len(alla))
                self._ratta_en(rattelse)
            visa("Skickar", len(alla), len(alla))

    def _ratta_en(self, rattelse: Rattelse) -> None:
        vag = f"placeringar/{self._placering[rattelse.placering]}"
        nu = self._klient.hamta("placering", vag)
        etag = f'"{nu["version"]}"'
        if rattelse.dygnspris_ore is None:
            self._posta("placering", f"{vag}/makulering", {"skal": rattelse.skal}, etag)
            return
        utom = nu["leverantor"] is not None and nu["avtal"] is None
        self._posta(
            "placering",
            f"{vag}/rattelse",
            {
                **{namn: nu[namn] for namn in _RATTADE},
                "dygnspris_ore": rattelse.dygnspris_ore,
                "skal_utom_ramavtal": "ingen_ledig_plats" if utom else None,
                "avslutstext": "Påhittad förklaring." if nu["orsak"] == "annan" else None,
                "skal": rattelse.skal,
            },
            etag,
        )

    def _avropsstopp(self) -> None:
        leverantor = self._posta(
            "leverantor",
            "leverantorer",
            {"organisationsnummer": _STOPPAD, "namn": "Övningshemmet Stoppad AB"},
        )
        self._posta(
            "leverantor",
            f"leverantorer/{leverantor.id}/avropsstopp",
            {"fran": self._kommun.tom.isoformat()},
            leverantor.etag,
        )


_RATTADE = (
    "placeringsform",
    "leverantor",
    "enhet",
    "avtal",
    "regi",
    "fran",
    "till",
    "orsak",
    "beslut_bestar",
)
"""What a correction of the price says again as it is."""
