"""``dygn starta`` as a person runs it: what it refuses, what it survives, and the commands that
look after it.
"""

import os
import signal
import socket
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dygn.inbyggd.postgres import Postgres
from dygn.klient import LASROLLER, TJANSTER, mot_instans
from dygn.overforing.invantan import vanta_in
from services.chassis.auth.roles import Roll
from tests.stod.provkatalog import provkatalog
from tests.stod.vanta import eventually
from tests.system.installation import TALAMOD
from tests.system.kommandorad import Korning, korning, oppna

AR = {"fran": "2024-01-01", "till": "2024-12-31"}
ANDRA_STARTEN = 60.0
"""Seconds; the goal is 5 on a quiet machine, and the test prints what it took."""


@pytest.fixture(scope="module")
def igang() -> Iterator[Korning]:
    with provkatalog() as katalog, korning(katalog) as ny:
        yield ny


def _posta_placering(ny: Korning) -> str:
    """A placering with what it needs; the answer to its command has been received."""
    with mot_instans(ny.katalog, ny.instans.url, list(Roll)) as klient:
        person = klient.skicka("placering", "klienter", {"kon": "K", "fodelsedatum": "2012-02-29"})
        beslut = klient.skicka(
            "placering",
            "beslut",
            {
                "klient": person.id,
                "lagrum": "4 kap. 1 § SoL",
                "insatstyp": "Eget familjehem",
                "beslutsdatum": "2024-01-02",
                "namnd": "Individ- och familjeomsorgsnämnden",
                "beslutsfattare": {
                    "slag": "tjansteman",
                    "roll": "enhetschef",
                    "arbetsenhet": "Barn 1",
                },
            },
        )
        placering = klient.skicka(
            "placering",
            "placeringar",
            {
                "klient": person.id,
                "beslut": beslut.id,
                "placeringsform": "eget_familjehem",
                "fran": "2024-02-01",
                "dygnspris_ore": 80_000,
            },
        )
    return placering.id


def _rapport(ny: Korning) -> dict[str, Any]:
    """Report 1's sums, once everything has come through."""
    with mot_instans(ny.katalog, ny.instans.url, LASROLLER) as klient:
        vanta_in(klient, ["placering", "uppfoljning"], TALAMOD)
        svar = klient.hamta("uppfoljning", "rapporter/dygnskostnader", **AR)
    summa: dict[str, Any] = svar["summa"]
    return summa


# -- what is refused ------------------------------------------------------------------------------


def test_en_andra_start_pa_samma_katalog_sager_att_dygn_redan_kor(igang: Korning) -> None:
    svar = igang.kor("starta", "--port", "0", kod=1)
    assert "kör redan" in svar.fel
    assert igang.instans.url in svar.fel.replace("\n", "")
    assert igang.kor("status").kod == 0


def test_en_upptagen_port_sags(tmp_path: Path) -> None:
    with socket.socket() as tagen:
        tagen.bind(("127.0.0.1", 0))
        tagen.listen()
        port = tagen.getsockname()[1]
        process = oppna("starta", "--katalog", str(tmp_path / "ny"), "--port", str(port))
        _, fel = process.communicate(timeout=TALAMOD)
    assert process.returncode == 1
    assert f"Porten {port} är upptagen" in fel


# -- what is survived -----------------------------------------------------------------------------


@pytest.mark.parametrize("hur", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_inget_gar_forlorat_nar_installationen_slutar(hur: signal.Signals) -> None:
    with provkatalog() as katalog, korning(katalog) as ny:
        placering = _posta_placering(ny)
        # At once: nothing has had time to come through.
        svar = ny.sluta(hur)
        assert svar.kod == (-signal.SIGKILL if hur is signal.SIGKILL else 0)
        borjan = time.monotonic()
        ny.starta()
        print(f"andra starten efter {hur.name}: {time.monotonic() - borjan:.1f} s")
        assert time.monotonic() - borjan < ANDRA_STARTEN
        with mot_instans(ny.katalog, ny.instans.url, list(Roll)) as klient:
            assert klient.hamta("placering", f"placeringar/{placering}")["fran"] == "2024-02-01"
        assert _rapport(ny)["kostnad_ore"] == 335 * 80_000


def test_kill_9_mitt_i_en_strom_av_kommandon_tappar_inget_som_besvarats() -> None:
    with provkatalog() as katalog, korning(katalog) as ny:
        besvarade: list[str] = []
        pid = ny.instans.pid

        def posta() -> bool:
            besvarade.append(_posta_placering(ny))
            if len(besvarade) == 5:
                os.kill(pid, signal.SIGKILL)
            return len(besvarade) == 5

        eventually(posta, TALAMOD)
        ny.sluta(signal.SIGKILL)
        ny.starta()
        assert _rapport(ny)["antal_placeringar"] == len(besvarade)


# -- commands that look after it ------------------------------------------------------------------


def test_vanta_status_och_token_svarar(igang: Korning) -> None:
    _posta_placering(igang)
    igang.kor("vanta", "--tid", "120")
    status = igang.kor("status").ut
    assert igang.instans.url in status
    assert all(tjanst in status for tjanst in TJANSTER)
    token = igang.kor("token", "--roll", "ekonom", "--giltig", "5").ut
    assert token.count("\n") == 1
    svar = httpx.get(
        f"{igang.instans.url}/uppfoljning/v1/rapporter/dygnskostnader",
        params=AR,
        headers={"Authorization": f"Bearer {token.strip()}"},
    )
    assert svar.status_code == 200


def test_psql_ar_administrator_i_tjanstens_databas(igang: Korning) -> None:
    assert igang.kor("psql", "--", "-Atc", "select 1").ut == "1\n"
    fraga = "SELECT current_database(), (SELECT count(*) > 0 FROM handelse), usesuper FROM pg_user"
    fraga += " WHERE usename = current_user"
    svar = igang.kor("psql", "--tjanst", "placering", "--", "-Atc", fraga)
    assert svar.ut == "dygn_placering|t|t\n"
    assert igang.kor("psql", "--", "-c", "inte sql", kod=1).kod == 1


def test_stoppa_vantar_tills_installationen_har_slutat() -> None:
    with provkatalog() as katalog, korning(katalog) as ny:
        ny.kor("stoppa")
        assert ny.process is not None
        assert ny.process.wait(30) == 0
        ny.sluta(signal.SIGTERM)
        assert not katalog.ar_last
        svar = ny.kor("status", kod=1)
        assert "dygn starta" in svar.fel


# -- what others cannot reach ---------------------------------------------------------------------


def _lage(vag: Path) -> int:
    return stat.S_IMODE(vag.stat().st_mode)


def test_sockeln_ligger_i_en_mapp_som_bara_agaren_kommer_in_i(igang: Korning) -> None:
    mapp = Postgres(igang.katalog).sockelmapp
    assert _lage(mapp) == 0o700
    assert any(stat.S_ISSOCK(fil.stat().st_mode) for fil in mapp.iterdir())


def test_huvudnyckel_och_utfardarens_nyckel_kan_bara_agaren_lasa(igang: Korning) -> None:
    for namn in ("huvudnyckel", "utfardare.json"):
        assert _lage(igang.katalog.mapp / namn) == 0o600, namn


def test_utfardaren_star_i_ingen_tjansts_openapi(igang: Korning) -> None:
    hamta: Callable[[str], httpx.Response] = httpx.get
    assert hamta(f"{igang.instans.url}/utfardare/jwks.json").status_code == 200
    for tjanst in TJANSTER:
        dokument = hamta(f"{igang.instans.url}/{tjanst}/openapi.json").text
        assert "utfardare" not in dokument
        assert "jwks" not in dokument


def test_bara_slingan_lyssnas_pa(igang: Korning) -> None:
    """The port answers on loopback and on no other address of the machine."""
    assert igang.instans.url.startswith("http://127.0.0.1:")
    with socket.socket() as annan:
        # Another address of the loopback net: a listener on all addresses would have it.
        assert annan.connect_ex(("127.0.0.2", igang.instans.port)) != 0
