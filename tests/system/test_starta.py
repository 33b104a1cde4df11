"""``dygn starta`` and its fellows as a person runs them: nothing is lost however the process ends.

One installation, a process of its own, is shared by all; who needs it stopped stops it, and who
needs it running starts it again.
"""

import signal
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from dygn.inbyggd import processer
from dygn.inbyggd.katalog import SOCKELNAMN
from dygn.inbyggd.postgres import Postgres
from dygn.klient import TJANSTER
from tests.stod.provkatalog import provkatalog
from tests.system.installation import TALAMOD
from tests.system.kommandorad import Korning, Svar, korning, oppna

_BESLUT = {
    "lagrum": "4 kap. 1 § SoL",
    "insatstyp": "HVB",
    "beslutsdatum": "2024-01-08",
    "namnd": "Individ- och familjeomsorgsnämnden",
    "beslutsfattare": {"slag": "tjansteman", "roll": "enhetschef", "arbetsenhet": "Barn 1"},
}
_ORSAK = {"datum": "2024-02-01", "orsak": "resursbrist"}


@pytest.fixture(scope="module")
def korningen() -> Iterator[Korning]:
    with provkatalog() as katalog, korning(katalog) as en:
        yield en


@pytest.fixture
def igang(korningen: Korning) -> Korning:
    """It runs."""
    if korningen.process is None:
        korningen.starta()
    return korningen


@pytest.fixture
def stannad(korningen: Korning) -> Korning:
    """It does not run, but has run."""
    if korningen.process is not None:
        korningen.sluta(signal.SIGTERM)
    return korningen


@pytest.fixture
def anrop(igang: Korning) -> Iterator[httpx.Client]:
    """A caller with a token of the command line."""
    with _anropare(igang, igang.kor("token").ut) as klient:
        yield klient


def _anropare(igang: Korning, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=igang.instans.url,
        headers={"Authorization": f"Bearer {token.strip()}"},
        timeout=TALAMOD,
        trust_env=False,
    )


@dataclass(frozen=True)
class Kommando:
    """A command that can be sent again just as it was."""

    vag: str
    kropp: dict[str, Any]
    nyckel: str
    version: int | None = None

    def sand(self, klient: httpx.Client) -> httpx.Response:
        """The answer, which must be a success."""
        huvuden = {"Idempotency-Key": self.nyckel}
        if self.version is not None:
            huvuden["If-Match"] = f'"{self.version}"'
        svar = klient.post(f"/placering/v1/{self.vag}", json=self.kropp, headers=huvuden)
        assert svar.is_success, svar.text
        return svar


def _nytt(vag: str, kropp: dict[str, Any], version: int | None = None) -> Kommando:
    return Kommando(vag, kropp, uuid4().hex, version)


def _pos(klient: httpx.Client) -> int:
    """How many events placering has stored."""
    return int(klient.get("/placering/v1/stromlage").raise_for_status().json()["pos"])


def _evb(klient: httpx.Client) -> dict[str, dict[str, Any]]:
    """The report's rows by beslut."""
    svar = klient.get(
        "/uppfoljning/v1/rapporter/evb", params={"per": "2024-06-30", "lag": "SoL"}
    ).raise_for_status()
    return {rad["beslut"]: rad for rad in svar.json()["rader"]}


def _ur_databasen(igang: Korning, tjanst: str, fraga: str) -> str:
    """One row out of the service's database by ``dygn psql``."""
    return igang.kor("psql", "--tjanst", tjanst, "--", "-Atc", fraga).ut.strip()


def _kor_till_slut(*argument: str) -> Svar:
    process = oppna(*argument)
    ut, fel = process.communicate(timeout=TALAMOD)
    return Svar(process.returncode, ut, fel)


# -- it runs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tjanst", TJANSTER)
def test_tjansterna_svarar_och_utfardaren_star_inte_i_deras_openapi(
    igang: Korning, tjanst: str
) -> None:
    with httpx.Client(base_url=igang.instans.url, trust_env=False) as klient:
        assert klient.get(f"/{tjanst}/readyz").json() == {"status": "redo"}
        nycklar = klient.get("/utfardare/jwks.json").raise_for_status().json()["keys"]
        dokument = klient.get(f"/{tjanst}/openapi.json").raise_for_status()
    assert "/v1/stromlage" in dokument.text
    assert not [ord_ for ord_ in ("utfardare", "jwks") if ord_ in dokument.text.lower()]
    # What is given to everybody is the public half.
    assert nycklar
    assert not [nyckel for nyckel in nycklar if "d" in nyckel]


def test_servern_lyssnar_bara_pa_den_egna_datorn_och_databasen_inte_alls(igang: Korning) -> None:
    port = igang.instans.port
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    # One that listens on every address answers here too.
    for adress in ("127.0.0.2", "::1"):
        with pytest.raises(OSError, match=r"."):
            socket.create_connection((adress, port), timeout=5)
    assert _ur_databasen(igang, "uppfoljning", "SHOW listen_addresses") == ""


def test_huvudnyckel_och_sockel_nas_bara_av_agaren(igang: Korning) -> None:
    katalog = igang.katalog
    assert stat.S_IMODE(katalog.huvudnyckelfil.stat().st_mode) == 0o600
    sockel = Postgres(katalog).sockelmapp
    assert (sockel / SOCKELNAMN).is_socket()
    assert stat.S_IMODE(sockel.stat().st_mode) == 0o700


def test_en_andra_start_pa_samma_katalog_sager_det_och_slutar(igang: Korning) -> None:
    svar = igang.kor("starta", "--port", "0", kod=1)
    assert "Dygn kör redan i katalogen" in svar.fel
    assert igang.instans.url in svar.fel
    assert svar.ut == ""
    assert httpx.get(f"{igang.instans.url}/placering/readyz", trust_env=False).is_success


def test_en_upptagen_port_sags_och_ingen_databas_startas() -> None:
    with provkatalog() as katalog, socket.create_server(("127.0.0.1", 0)) as upptagen:
        port = upptagen.getsockname()[1]
        svar = _kor_till_slut("starta", "--katalog", str(katalog.mapp), "--port", str(port))
        assert svar.kod == 1
        assert (
            svar.fel == f"Porten {port} är upptagen. Välj en annan med --port N (0 tar en ledig).\n"
        )
        assert not katalog.ar_last
        assert not Postgres(katalog).pidfil.exists()


def test_vanta_slutar_nar_allt_ar_ikapp(igang: Korning, anrop: httpx.Client) -> None:
    klient = _nytt("klienter", {"kon": "K", "fodelsedatum": "2011-05-05"}).sand(anrop).json()["id"]
    beslut = _nytt("beslut", {**_BESLUT, "klient": klient}).sand(anrop).json()["id"]
    svar = igang.kor("vanta")
    assert (svar.ut, svar.fel) == ("", "")
    assert beslut in _evb(anrop)


def test_status_visar_tjanster_och_strommar(igang: Korning) -> None:
    svar = igang.kor("status")
    assert igang.instans.url in svar.ut
    assert f"pid {igang.instans.pid}" in svar.ut
    for ord_ in (*TJANSTER, "puls", "inkorg leverantor", "vikning", "igang"):
        assert ord_ in svar.ut
    assert "Händelser direkt ur tabellerna." in svar.ut


def test_token_ar_det_enda_pa_standard_ut_och_bar_bara_det_som_begars(igang: Korning) -> None:
    enhet = ("--arbetsenhet", "Barn, norr")
    svar = igang.kor("token", "--roll", "ekonom", "--giltig", "5", *enhet)
    assert svar.ut.count("\n") == 1
    with _anropare(igang, svar.ut) as klient:
        period = {"fran": "2024-01-01", "till": "2024-12-31"}
        rapport = klient.get("/uppfoljning/v1/rapporter/dygnskostnader", params=period)
        assert rapport.json()["underlag"]["arbetsenheter"] == ["Barn, norr"]
        nej = klient.post(
            "/placering/v1/klienter", json={"kon": "K"}, headers={"Idempotency-Key": uuid4().hex}
        )
    assert nej.status_code == 403


def test_psql_nar_tjanstens_databas_och_ger_psqls_egen_slutkod(igang: Korning) -> None:
    assert "1 row" in igang.kor("psql", "--", "-c", "select 1").ut
    fraga = "select current_database(), rolbypassrls from pg_roles where rolname = current_user"
    assert _ur_databasen(igang, "placering", fraga) == "dygn_placering|t"
    assert "finns_inte" in igang.kor("psql", "--", "-c", "select * from finns_inte", kod=1).fel
    assert "fakturor finns inte" in igang.kor("psql", "--tjanst", "fakturor", kod=1).fel


# -- it ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nummer", "kod"),
    [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)],
    ids=lambda varde: varde.name if isinstance(varde, signal.Signals) else "",
)
def test_det_som_har_svarats_finns_kvar_hur_processen_an_slutar(
    igang: Korning, anrop: httpx.Client, nummer: signal.Signals, kod: int
) -> None:
    klient = _nytt("klienter", {"kon": "K", "fodelsedatum": "2011-05-05"}).sand(anrop).json()["id"]
    nytt = _nytt("beslut", {**_BESLUT, "klient": klient})
    forsta = nytt.sand(anrop)
    beslut = forsta.json()["id"]
    andrat = _nytt(f"beslut/{beslut}/drojsmalsorsak", _ORSAK, version=1)
    andra = andrat.sand(anrop)
    assert igang.sluta(nummer).kod == kod

    begynt = time.monotonic()
    igang.starta()
    print(f"start efter {nummer.name}: {time.monotonic() - begynt:.1f} s")
    # The token of before is good still: the issuer's key lies in the catalogue.
    with _anropare(igang, anrop.headers["Authorization"].removeprefix("Bearer ")) as efter:
        pos = _pos(efter)
        assert efter.get(f"/placering/v1/beslut/{beslut}").headers["ETag"] == '"2"'
        for kommando, svar in ((nytt, forsta), (andrat, andra)):
            igen = kommando.sand(efter)
            assert (igen.status_code, igen.content) == (svar.status_code, svar.content)
            assert igen.headers["ETag"] == svar.headers["ETag"]
        assert _pos(efter) == pos
        igang.kor("vanta")
        rad = _evb(efter)[beslut]
    assert (rad["lage"], rad["orsak"]) == ("ej_verkstalld", "resursbrist")


def test_starta_skriver_sin_adress_och_stannar_till_ctrl_c(stannad: Korning) -> None:
    stannad.starta()
    url = stannad.instans.url
    assert url == f"http://127.0.0.1:{stannad.instans.port}"
    svar = stannad.sluta(signal.SIGINT)
    assert svar.ut.splitlines() == [
        f"Dygn är igång på {url}",
        *(f"  {url}/{tjanst}/docs" for tjanst in TJANSTER),
        "Avsluta med Ctrl-C.",
    ]
    assert svar.fel.endswith("Stoppar …\n")
    assert "Traceback" not in svar.fel


def test_efter_stoppa_ar_katalogen_olast_och_ingen_databas_kvar(igang: Korning) -> None:
    assert igang.process is not None
    postgres = Postgres(igang.katalog)
    postmaster = int(postgres.pidfil.read_text().splitlines()[0])
    assert processer.hor_till(postmaster, str(postgres.datamapp))
    svar = igang.kor("stoppa")
    assert (svar.ut, svar.fel) == ("", "")
    # The lock is what tells that it has ended; the process itself may need a moment more.
    assert not igang.katalog.ar_last
    assert not igang.katalog.instansfil.exists()
    assert processer.kommandorad(postmaster) is None
    assert not postgres.pidfil.exists()
    process, igang.process = igang.process, None
    ut, fel = process.communicate(timeout=TALAMOD)
    assert process.returncode == 0, f"{ut}\n{fel}"


@pytest.mark.parametrize(
    "kommando",
    [("vanta",), ("status",), ("stoppa",), ("psql", "--", "-c", "select 1")],
    ids=lambda kommando: kommando[0],
)
def test_utan_igangvarande_installation_sager_kommandot_det(
    stannad: Korning, kommando: tuple[str, ...]
) -> None:
    svar = stannad.kor(*kommando, kod=1)
    assert svar.fel.startswith(f"Ingen installation är igång i {stannad.katalog.mapp}.")
    assert "dygn starta" in svar.fel
    assert svar.ut == ""


def test_token_utan_katalog_sager_det() -> None:
    svar = _kor_till_slut("token", "--katalog", "/tmp/dygn-katalog-som-inte-finns")
    assert svar.kod == 1
    assert "finns inte. Starta först: dygn starta" in svar.fel
    assert svar.ut == ""
