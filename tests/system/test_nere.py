"""The database down, and the broker down: what a caller is told meanwhile, and that everything
goes on by itself when they are back.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest

from dygn.klient import TJANSTER
from tests.stod.vanta import eventually
from tests.system.installation import TALAMOD, Installation, antal_handelser, installation

T = TypeVar("T")
PER = {"per": "2024-06-30", "lag": "SoL"}
"""Every beslut below was made more than three months before."""
LANGSTA_TYSTNAD = 60.0
"""Seconds within which it shows how much waits for the broker: a relay looks for it half a minute
at a time."""
_BESLUT = {
    "lagrum": "4 kap. 1 § SoL",
    "insatstyp": "HVB",
    "beslutsdatum": "2024-01-08",
    "namnd": "Individ- och familjeomsorgsnämnden",
    "beslutsfattare": {"slag": "tjansteman", "roll": "enhetschef", "arbetsenhet": "Barn 1"},
}


class Anropare:
    """Calls once and takes what it gets: no call is made again behind the test's back."""

    def __init__(self, en: Installation) -> None:
        self.installation = en
        token = en.klient.token()
        self.http = httpx.Client(
            base_url=en.inbyggd.url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60.0,
            trust_env=False,
        )
        ny = en.posta("placering", "klienter", {"kon": "K", "fodelsedatum": "2011-05-05"})
        self.klient = ny.id

    def besluta(self, nyckel: str | None = None) -> httpx.Response:
        """A new beslut that is not carried out: one row more in the report."""
        return self.http.post(
            "/placering/v1/beslut",
            json={**_BESLUT, "klient": self.klient},
            headers={"Idempotency-Key": nyckel or uuid4().hex},
        )

    def redo(self, vag: str) -> tuple[int, list[str]]:
        """What a probe answers: status, and what it says is missing."""
        svar = self.http.get(vag)
        return svar.status_code, svar.json().get("skal", [])

    def i_rapporten(self) -> set[str]:
        """The beslut of the report, once everything stored is read and folded."""
        self.installation.ikapp()
        return {rad["beslut"] for rad in self.installation.las("rapporter/evb", **PER)["rader"]}

    def strom_redo(self) -> bool:
        """Whether every part of every stream process does its work."""
        return self.redo("/strommar/readyz") == (200, [])

    def delar(self, tjanst: str) -> dict[str, dict[str, Any]]:
        """The parts of a service's stream process, by name."""
        svar = self.http.get("/strommar").raise_for_status().json()
        return {del_["del"]: del_ for del_ in svar[tjanst]}


@pytest.fixture(scope="module")
def direkt(installationen: Installation) -> Iterator[Anropare]:
    """Of an installation whose events go straight from the tables."""
    en = Anropare(installationen)
    with en.http:
        yield en


def test_utan_databas_svarar_allt_503_och_sedan_gar_allt_vidare(direkt: Anropare) -> None:
    fore = direkt.besluta().json()["id"]
    assert direkt.i_rapporten() == {fore}
    handelser = antal_handelser(direkt.installation.databaser["placering"])
    nyckel = uuid4().hex

    direkt.installation.inbyggd.postgres.stop()
    try:
        for ett in _pa_en_gang(
            lambda: direkt.besluta(nyckel),
            lambda: direkt.http.get(f"/placering/v1/klienter/{direkt.klient}"),
            lambda: direkt.http.get("/leverantor/v1/leverantorer"),
            lambda: direkt.http.get("/uppfoljning/v1/rapporter/evb", params=PER),
        ):
            assert ett.status_code == 503, ett.text
            assert ett.headers["Content-Type"] == "application/problem+json"
            assert int(ett.headers["Retry-After"]) > 0
            assert ett.json()["title"] == "Tjänsten är tillfälligt otillgänglig"
        redo = _pa_en_gang(*(partial(direkt.redo, f"/{tjanst}/readyz") for tjanst in TJANSTER))
        assert redo == [(503, ["Databasen svarar inte."])] * 3
        for tjanst in TJANSTER:
            assert direkt.http.get(f"/{tjanst}/livez").json() == {"status": "lever"}
        skal = eventually(
            lambda: direkt.redo("/strommar/readyz")[1],
            TALAMOD,
            "strömmarna kallade sig redo utan databas",
        )
        assert any("databasen svarar inte" in ett for ett in skal), skal
    finally:
        direkt.installation.inbyggd.postgres.start()

    igen = eventually(lambda: _tagen(direkt, nyckel), TALAMOD, "kommandot togs aldrig emot")
    assert igen is not None
    assert direkt.besluta(nyckel).content == igen.content
    for vag in (f"/{tjanst}/readyz" for tjanst in TJANSTER):
        eventually(partial(_ar_redo, direkt, vag), TALAMOD, f"{vag} blev aldrig grön")
    eventually(direkt.strom_redo, TALAMOD, lambda: str(direkt.redo("/strommar/readyz")))
    assert direkt.i_rapporten() == {fore, igen.json()["id"]}
    assert antal_handelser(direkt.installation.databaser["placering"]) == handelser + 1


def _pa_en_gang(*fragor: Callable[[], T]) -> list[T]:
    """The answers to calls made at the same time: each waits some seconds for the database."""
    with ThreadPoolExecutor() as tradar:
        return list(tradar.map(lambda fraga: fraga(), fragor))


def _ar_redo(anropare: Anropare, vag: str) -> bool:
    return anropare.redo(vag) == (200, [])


def _tagen(anropare: Anropare, nyckel: str) -> httpx.Response | None:
    svar = anropare.besluta(nyckel)
    assert svar.status_code in (201, 503), svar.text
    return svar if svar.status_code == 201 else None


def test_utan_maklare_tas_kommandon_emot_och_sedan_kommer_allt_ikapp() -> None:
    with installation(kafka=True) as ny:
        en = Anropare(ny)
        with en.http:
            _utan_maklare(en)


def _utan_maklare(en: Anropare) -> None:
    maklare = en.installation.inbyggd.maklare
    assert maklare is not None
    eventually(en.strom_redo, TALAMOD, lambda: str(en.redo("/strommar/readyz")))
    ider = {en.besluta().json()["id"]}
    assert en.i_rapporten() == ider
    port = maklare.port

    maklare.stop()
    try:
        nya = [en.besluta() for _ in range(3)]
        assert [svar.status_code for svar in nya] == [201] * 3
        for tjanst in TJANSTER:
            assert en.redo(f"/{tjanst}/readyz") == (200, [])
        eventually(
            lambda: en.redo("/strommar/readyz")[0] == 503,
            TALAMOD,
            "strömmarna kallade sig redo utan mäklare",
        )
        eventually(
            lambda: en.delar("placering")["relä"]["matt"]["efter"] == 3,
            LANGSTA_TYSTNAD,
            lambda: f"det som väntar på mäklaren syns inte: {en.delar('placering')}",
        )
        # What was known is still answered, and says by itself that it is not final.
        assert not en.installation.las("rapporter/evb", **PER)["underlag"]["slutlig"]
    finally:
        maklare.start(port=port)

    ider |= {svar.json()["id"] for svar in nya}
    assert en.i_rapporten() == ider
    eventually(en.strom_redo, TALAMOD, lambda: str(en.redo("/strommar/readyz")))
    assert en.delar("placering")["relä"]["matt"]["efter"] == 0
