"""The support itself: waiting fails with its reason, databases are fresh, chance is repeatable,
and a run leaves no server behind.
"""

import asyncio
import random
import secrets
import zlib

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from dygn.inbyggd.postgres import Postgres
from dygn.inbyggd.processer import kommandorad
from tests.inbyggd.agare import agare, doda
from tests.stod.provkatalog import KORNING_MILJO, provkatalog, stada_efter
from tests.stod.servrar import Databasfabrik
from tests.stod.vanta import eventually, eventually_async

_KORDA: list[str] = []


def migrera(base: Databas) -> None:
    _KORDA.append(base.namn)
    with psycopg.connect(base.agare.conninfo()) as anslutning:
        anslutning.execute("CREATE TABLE t (a int)")
        anslutning.execute(f"GRANT SELECT, INSERT ON t TO {base.api.roll}")


def test_en_vantan_tar_slut_med_skalet_och_det_som_sist_sags() -> None:
    with pytest.raises(AssertionError, match=r"kom aldrig \(efter 0\.05 s; sist sågs: 0\)"):
        eventually(lambda: 0, 0.05, "kom aldrig")
    with pytest.raises(AssertionError, match=r"stod still.*AssertionError: nej"):
        eventually(_neka, 0.05, lambda: "stod still")
    with pytest.raises(ZeroDivisionError):
        eventually(lambda: 1 // 0, 5)


def _neka() -> bool:
    raise AssertionError("nej")


def test_en_vantan_ger_det_som_till_slut_kom() -> None:
    svar = iter([0, None, "", 7])
    assert eventually(lambda: next(svar), 5) == 7


async def _sju() -> int:
    return 7


def test_en_vantan_i_en_korutin_ger_det_som_kom() -> None:
    assert asyncio.run(eventually_async(_sju, 5)) == 7


def test_en_kopierad_databas_ar_migrerad_men_egen(databas: Databasfabrik) -> None:
    _KORDA.clear()
    forsta, andra = databas("placering", migrera), databas("placering", migrera)
    assert len(_KORDA) == 1
    with psycopg.connect(forsta.api.conninfo()) as anslutning:
        anslutning.execute("INSERT INTO t VALUES (1)")
    with psycopg.connect(andra.api.conninfo()) as anslutning:
        assert anslutning.execute("SELECT count(*) FROM t").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anslutning.execute("DELETE FROM t")


def test_slumpen_foljer_froet_och_testets_namn(
    slump: random.Random, fro: int, request: pytest.FixtureRequest
) -> None:
    igen = random.Random(fro ^ zlib.crc32(request.node.nodeid.encode()))
    assert [slump.random() for _ in range(3)] == [igen.random() for _ in range(3)]


def test_vad_en_dodad_arbetare_lamnar_stoppas_men_inget_som_anvands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KORNING_MILJO, korning := secrets.token_hex(3))
    with provkatalog(last=True) as anvand, provkatalog() as lamnad:
        with agare(lamnad, "Postgres(katalog).start()") as arbetare:
            postmaster = int(Postgres(lamnad).pidfil.read_text().splitlines()[0])
            doda(arbetare)
        assert kommandorad(postmaster) is not None, "servern ska ha överlevt arbetaren"
        stada_efter(korning)
        assert kommandorad(postmaster) is None
        assert not lamnad.mapp.exists()
        assert anvand.mapp.exists()
