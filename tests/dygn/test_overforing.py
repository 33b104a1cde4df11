"""Judge first, then send: what the client asks of a service in which order.

The service is a stand-in that judges by the rows' own words; what a real one answers is proved
over the real system.
"""

import json
from typing import Any

import httpx
import pytest

from dygn.fel import DygnFel
from dygn.klient import Klient, SvararInte
from dygn.overforing.csvfil import Filinnehall, Filrad, Radfel
from dygn.overforing.kolumner import PLACERINGAR
from dygn.overforing.overforing import for_over


class Tjanst:
    """Says no to rows whose reference begins with ``nej``, flags those that begin with ``fl``."""

    def __init__(self) -> None:
        self.lagrat: list[str] = []
        self.svar: dict[str, bytes] = {}
        self.anrop: list[tuple[bool, list[str]]] = []
        self.bryt_efter = 1_000_000
        self.formfel: set[str] = set()

    def __call__(self, anrop: httpx.Request) -> httpx.Response:
        assert anrop.url.path == "/p/v1/overtaganden"
        kropp = json.loads(anrop.content)
        bedom = kropp["bara_bedom"]
        rader = [rad["referens"] for rad in kropp["rader"]]
        self.anrop.append((bedom, rader))
        if fel := [n for n, ref in enumerate(rader) if ref in self.formfel]:
            return self._nej([f"/rader/{n}/placering/kon" for n in fel])
        if not bedom:
            nyckel = anrop.headers["Idempotency-Key"]
            if self.svar.setdefault(nyckel, anrop.content) != anrop.content:
                return self._nej(["/"])
            if len(self.svar) > self.bryt_efter:
                raise httpx.ConnectError("avbrutet")
        svar = {"rader": [self._rad(n, ref) for n, ref in enumerate(rader)]}
        if not bedom:
            self.lagrat += [ref for ref in rader if ref not in self.lagrat]
        return httpx.Response(200, json=svar)

    def _rad(self, index: int, referens: str) -> dict[str, Any]:
        nej = referens.startswith("nej")
        utfall = "avvisad" if nej else "fanns" if referens in self.lagrat else "ny"
        anmarkning = {"regel": "R-PLA-1", "falt": "fran", "text": "Krock."}
        flaggad = referens.startswith("fl")
        return {
            "index": index,
            "referens": referens,
            "utfall": utfall,
            "id": None if nej else f"id-{referens}",
            "fel": [anmarkning] if nej else [],
            "flaggor": [{**anmarkning, "regel": "R-PLA-3"}] if flaggad else [],
        }

    @staticmethod
    def _nej(pekare: list[str]) -> httpx.Response:
        fel = [{"pointer": ett, "detail": "Fel form."} for ett in pekare]
        return httpx.Response(422, json={"title": "Fel", "detail": "Fel form.", "errors": fel})

    def skickade(self) -> list[list[str]]:
        return [rader for bedom, rader in self.anrop if not bedom]


@pytest.fixture
def tjanst() -> Tjanst:
    return Tjanst()


def _klient(tjanst: Tjanst) -> Klient:
    transport = httpx.MockTransport(tjanst)
    return Klient({"placering": "http://x/p"}, lambda: "t", transport=transport, talamod=0)


def _fil(*referenser: str, fel: tuple[Radfel, ...] = ()) -> Filinnehall:
    rader = (
        Filrad(n, ref, {"referens": ref, "klient": ref}) for n, ref in enumerate(referenser, 2)
    )
    return Filinnehall(tuple(rader), fel)


def test_alla_rader_bedoms_innan_nagon_skickas(tjanst: Tjanst) -> None:
    fil = _fil(*(f"r{nummer}" for nummer in range(1200)))
    konto = for_over(_klient(tjanst), PLACERINGAR, fil, kalla="viva")
    assert [(bedom, len(rader)) for bedom, rader in tjanst.anrop] == [
        (True, 500),
        (True, 500),
        (True, 200),
        (False, 500),
        (False, 500),
        (False, 200),
    ]
    assert (konto.antal, konto.nya, konto.skickade, konto.fanns) == (1200, 1200, 1200, 0)
    assert konto.id["r7"] == "id-r7"


def test_en_dalig_rad_gor_att_inget_skickas(tjanst: Tjanst) -> None:
    konto = for_over(_klient(tjanst), PLACERINGAR, _fil("r1", "nej", "r2"), kalla="viva")
    assert tjanst.skickade() == []
    assert konto.fel == [Radfel(3, "fran", "R-PLA-1", "Krock.")]
    assert (konto.nya, konto.skickade, konto.avvisade) == (2, 0, 1)


def test_ett_formfel_i_filen_gor_att_inget_skickas_men_ovriga_rader_bedoms(tjanst: Tjanst) -> None:
    formfel = Radfel(9, "kon", "R-PLA-18", "Ska vara något av: M, K, A.")
    fil = _fil("r1", "nej", fel=(formfel,))
    konto = for_over(_klient(tjanst), PLACERINGAR, fil, kalla="viva")
    assert tjanst.skickade() == []
    assert [fel.rad for fel in konto.fel] == [3, 9]
    assert konto.antal == 3


def test_delvis_skickar_bara_de_goda_raderna(tjanst: Tjanst) -> None:
    fil = _fil("r1", "nej", "r2")
    konto = for_over(_klient(tjanst), PLACERINGAR, fil, kalla="viva", delvis=True)
    assert tjanst.skickade() == [["r1", "r2"]]
    assert konto.skickade == 2


def test_en_rad_som_gar_bra_senare_skickas_da_fast_den_avvisades_forst(tjanst: Tjanst) -> None:
    klient = _klient(tjanst)
    tjanst.formfel = {"sen"}
    for_over(klient, PLACERINGAR, _fil("r1", "sen"), kalla="viva", delvis=True)
    assert tjanst.lagrat == ["r1"]
    tjanst.formfel = set()
    konto = for_over(klient, PLACERINGAR, _fil("r1", "sen"), kalla="viva", delvis=True)
    assert tjanst.lagrat == ["r1", "sen"]
    assert (konto.fanns, konto.nya, konto.skickade) == (1, 1, 1)


def test_torrkorning_skickar_inget(tjanst: Tjanst) -> None:
    konto = for_over(_klient(tjanst), PLACERINGAR, _fil("r1"), kalla="viva", torrkorning=True)
    assert tjanst.skickade() == []
    assert (konto.nya, konto.skickade) == (1, 0)


def test_en_andra_korning_skickar_inget(tjanst: Tjanst) -> None:
    klient, fil = _klient(tjanst), _fil("r1", "r2")
    for_over(klient, PLACERINGAR, fil, kalla="viva")
    konto = for_over(klient, PLACERINGAR, fil, kalla="viva")
    assert len(tjanst.skickade()) == 1
    assert (konto.nya, konto.fanns) == (0, 2)


def test_en_avbruten_overforing_gar_vidare_dar_den_var(tjanst: Tjanst) -> None:
    klient = _klient(tjanst)
    fil = _fil(*(f"r{nummer}" for nummer in range(1200)))
    tjanst.bryt_efter = 1
    with pytest.raises(SvararInte):
        for_over(klient, PLACERINGAR, fil, kalla="viva")
    assert len(tjanst.lagrat) == 500
    tjanst.bryt_efter = 1_000_000
    konto = for_over(klient, PLACERINGAR, fil, kalla="viva")
    assert len(tjanst.lagrat) == len(set(tjanst.lagrat)) == 1200
    assert (konto.fanns, konto.nya) == (500, 700)


def test_flaggade_rader_ar_goda_rader(tjanst: Tjanst) -> None:
    konto = for_over(_klient(tjanst), PLACERINGAR, _fil("r1", "fl1"), kalla="viva")
    assert tjanst.lagrat == ["r1", "fl1"]
    assert konto.flaggor == [Radfel(3, "fran", "R-PLA-3", "Krock.")]
    assert konto.flaggade == 1


def test_rader_som_tjansten_inte_kan_tolka_blir_fel_pa_sina_rader(tjanst: Tjanst) -> None:
    tjanst.formfel = {"r2"}
    konto = for_over(_klient(tjanst), PLACERINGAR, _fil("r1", "r2", "nej"), kalla="viva")
    assert [(fel.rad, fel.kolumn) for fel in konto.fel] == [(3, "kon"), (4, "fran")]


def test_ett_nej_som_inte_galler_en_rad_blir_ett_fel_for_hela_overforingen() -> None:
    def svara(_: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"title": "Fel roll", "detail": "Rollen räcker inte."})

    klient = Klient({"placering": "http://x/p"}, lambda: "t", transport=httpx.MockTransport(svara))
    with pytest.raises(DygnFel, match="Rollen räcker inte"):
        for_over(klient, PLACERINGAR, _fil("r1"), kalla="viva")


def test_framsteget_sags_per_skede(tjanst: Tjanst) -> None:
    sagt: list[tuple[str, int, int]] = []
    for_over(
        _klient(tjanst),
        PLACERINGAR,
        _fil("r1", "r2"),
        kalla="viva",
        framsteg=lambda skede, klara, alla: sagt.append((skede, klara, alla)),
    )
    assert sagt == [("Bedömer", 0, 2), ("Bedömer", 2, 2), ("Skickar", 0, 2), ("Skickar", 2, 2)]
