"""The access log: chained, checked, searched, and closed to the service itself (R-SEK-3)."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from dygn.__main__ import kor
from dygn.fel import DygnFel
from dygn.inbyggd.databaser import Databas
from dygn.loggkontroll import OWNER_DATABASE, las_kvitton
from services.chassis.auth.roles import Roll
from services.chassis.calendar import day_of
from services.chassis.context import Sammanhang
from services.chassis.kontroll.snapshot import snapshot
from services.chassis.migration import runner
from services.placering.api.lasning import atkomstlogg
from services.placering.domain.atkomst import Last
from services.placering.views import atkomst
from services.placering.views.atkomst import Lasning
from services.placering.views.loggkedja import Kvitto, granska
from tests.placering.varld import PERSONNUMMER, ny_klient
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import ANNAN_KOMMUN, KOMMUN, Klient, migrera, sql, token_for

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-SEK-3")]


async def _last(vard: Klient, ganger: int = 1, **klient: Any) -> str:
    """A person whose data have been read so many times."""
    id = str((await vard.lagra("/v1/klienter", ny_klient(**klient)))["id"])
    for _ in range(ganger):
        await vard.las(f"/v1/klienter/{id}")
    return id


def _granska(vard: Klient, **kvitton: Kvitto) -> list[tuple[str, str]]:
    """What the check finds, as (record, fault)."""
    with snapshot(vard.databas.agare.conninfo()) as frusen:
        utfall = granska(frusen, kvitton)
    return [
        (ett.var.removeprefix(f"kommun {KOMMUN}").strip(), ett.vad) for ett in utfall.avvikelser
    ]


@contextmanager
def _som_agare_av_allt(vard: Klient) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(vard.databas.admin.conninfo(), autocommit=True) as anslutning:
        yield anslutning


# -- written ---------------------------------------------------------------------------------------


async def test_loggen_ar_numrerad_utan_luckor_med_stigande_tid_en_kommun_i_taget(
    vard: Klient,
) -> None:
    id = await _last(vard)
    async with vard.som(Roll.SOCIALSEKRETERARE, kommunkod=ANNAN_KOMMUN) as granne:
        annan = await _last(granne)
        await asyncio.gather(
            *(vard.las(f"/v1/klienter/{id}") for _ in range(20)),
            *(granne.las(f"/v1/klienter/{annan}") for _ in range(20)),
        )
    for kommun in (KOMMUN, ANNAN_KOMMUN):
        rader = vard.sql("SELECT nr, tid FROM atkomstlogg WHERE kommunkod = %s ORDER BY nr", kommun)
        assert [nr for nr, _ in rader] == list(range(1, 22))
        assert rader == sorted(rader, key=lambda rad: rad[1])
    assert _granska(vard) == []


async def test_en_rad_som_inte_gar_att_lagra_ar_bara_sin_egen_anropares_fel(vard: Klient) -> None:
    logg = atkomstlogg(vard.tjanst)
    bra, trasig = (Sammanhang(KOMMUN, aktor, "korrelation") for aktor in ("bra", "med\0nolla"))
    svar = await asyncio.gather(
        *(logg.anteckna(vem, Lasning(Last.KLIENT)) for vem in (bra, trasig, bra)),
        return_exceptions=True,
    )
    assert svar[0] is None
    assert svar[2] is None
    assert isinstance(svar[1], psycopg.DataError)
    assert vard.sql("SELECT aktor FROM atkomstlogg") == [("bra",), ("bra",)]


async def test_fler_an_en_grupp_skrivs_i_tur_och_ordning(
    vard: Klient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atkomst, "GRUPP", 3)
    logg = atkomstlogg(vard.tjanst)
    vilka = [uuid4() for _ in range(10)]
    vem = Sammanhang(KOMMUN, "jag", "korrelation")
    await asyncio.gather(*(logg.anteckna(vem, Lasning(Last.KLIENT, klient)) for klient in vilka))
    rader = vard.sql("SELECT klient FROM atkomstlogg ORDER BY nr")
    assert [klient for (klient,) in rader] == vilka


async def test_utan_rad_i_loggen_lamnas_inget_svar(vard: Klient) -> None:
    id = await _last(vard, 0)
    with _som_agare_av_allt(vard) as anslutning:
        anslutning.execute("REVOKE INSERT (aktor) ON atkomstlogg FROM dygn_placering")
        try:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await vard.get(f"/v1/klienter/{id}")
        finally:
            anslutning.execute("GRANT INSERT (aktor) ON atkomstlogg TO dygn_placering")
    assert vard.sql("SELECT count(*) FROM atkomstlogg") == [(0,)]


@pytest.mark.parametrize("kolumn", ["nr", "tid", "kedja"])
async def test_tjansten_kan_inte_saga_nummer_tid_eller_kedja(vard: Klient, kolumn: str) -> None:
    with psycopg.connect(vard.databas.api.conninfo()) as anslutning:
        anslutning.execute("SELECT set_config('dygn.kommunkod', %s, true)", (KOMMUN,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anslutning.execute(
                f"INSERT INTO atkomstlogg (kommunkod, aktor, vad, korrelation, {kolumn})"
                " VALUES (%s, 'x', 'x', 'x', NULL)",
                (KOMMUN,),
            )


@pytest.mark.parametrize(
    "sats",
    [
        "UPDATE atkomsthuvud SET nr = 0",
        "DELETE FROM atkomsthuvud",
        "TRUNCATE atkomsthuvud",
        "INSERT INTO atkomsthuvud VALUES ('1490', 0, now(), '')",
        "ALTER TABLE atkomstlogg DISABLE TRIGGER lanka",
        "SET session_replication_role = 'replica'",
    ],
)
async def test_tjansten_kan_inte_borja_om_kedjan(vard: Klient, sats: str) -> None:
    with psycopg.connect(vard.databas.api.conninfo()) as anslutning:
        anslutning.execute("SELECT set_config('dygn.kommunkod', %s, true)", (KOMMUN,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anslutning.execute(sats.encode())


# -- checked ---------------------------------------------------------------------------------------

_ANDRAD = "stämmer inte med kedjan: den är ändrad, eller har bytt plats med en annan"
_FEM = 5


@pytest.mark.parametrize(
    ("satser", "funnet"),
    [
        (["UPDATE atkomstlogg SET aktor = 'någon annan' WHERE nr = 3"], [("rad 3", _ANDRAD)]),
        (["UPDATE atkomstlogg SET klient = NULL WHERE nr = 1"], [("rad 1", _ANDRAD)]),
        (["UPDATE atkomstlogg SET varfor = 'tillsyn' WHERE nr = 5"], [("rad 5", _ANDRAD)]),
        (
            ["UPDATE atkomstlogg SET tid = tid + interval '1 microsecond' WHERE nr = 2"],
            [("rad 2", _ANDRAD)],
        ),
        (["UPDATE atkomstlogg SET nodlage = NOT nodlage WHERE nr = 4"], [("rad 4", _ANDRAD)]),
        (
            ["UPDATE atkomstlogg SET anmarkningar = '{skyddad}' WHERE nr = 4"],
            [("rad 4", _ANDRAD)],
        ),
        (["DELETE FROM atkomstlogg WHERE nr = 2"], [("rad 2", "saknas i åtkomstloggen")]),
        (["DELETE FROM atkomstlogg WHERE nr IN (2, 3)"], [("rad 2–3", "saknas i åtkomstloggen")]),
        (
            ["DELETE FROM atkomstlogg WHERE nr = 5"],
            [("rad 5", "saknas i slutet av åtkomstloggen")],
        ),
        (
            ["DELETE FROM atkomstlogg"],
            [("rad 1–5", "saknas i slutet av åtkomstloggen")],
        ),
        (
            [
                "UPDATE atkomstlogg SET nr = -1 WHERE nr = 2",
                "UPDATE atkomstlogg SET nr = 2 WHERE nr = 3",
                "UPDATE atkomstlogg SET nr = 3 WHERE nr = -1",
            ],
            [
                ("rad 2", _ANDRAD),
                ("rad 3", "är antecknad före raden före den"),
                ("rad 3", _ANDRAD),
            ],
        ),
        (["DELETE FROM atkomsthuvud"], [("", "saknar huvudrad i atkomsthuvud")]),
        (
            ["UPDATE atkomsthuvud SET nr = 4"],
            [("huvudraden", "säger 4 rader, den sista raden är 5")],
        ),
        (
            ["UPDATE atkomsthuvud SET kedja = ''"],
            [("huvudraden", "har en annan kedja än sista raden")],
        ),
    ],
)
async def test_det_som_nagon_med_alla_rattigheter_andrar_hittas(
    vard: Klient, satser: list[str], funnet: list[tuple[str, str]]
) -> None:
    await _last(vard, _FEM)
    assert _granska(vard) == []
    for sats in satser:
        vard.sql(sats)
    hittat = _granska(vard)
    assert [fel for fel in hittat if fel in funnet] == funnet
    assert {var for var, _ in hittat} <= {var for var, _ in funnet} | {"rad 4"}


async def test_en_logg_som_skrivits_om_i_sin_helhet_hittas_med_ett_kvitto(vard: Klient) -> None:
    await _last(vard, 3)
    with snapshot(vard.databas.agare.conninfo()) as frusen:
        kvitton = granska(frusen, {}).kvitton
    id = vard.sql("SELECT klient FROM atkomstlogg LIMIT 1")[0][0]
    await vard.las(f"/v1/klienter/{id}")
    assert _granska(vard, **kvitton) == []
    vard.sql("TRUNCATE atkomstlogg, atkomsthuvud")
    assert _granska(vard, **kvitton) == [
        ("", "saknar huvudrad i atkomsthuvud"),
        ("rad 3", "saknas, men fanns när kvittot skrevs"),
    ]
    for _ in range(4):
        await vard.las(f"/v1/klienter/{id}")
    assert _granska(vard) == []
    assert _granska(vard, **kvitton) == [
        ("rad 3", "är inte den som kvittot från en tidigare kontroll säger")
    ]


async def test_kommandot_slutar_med_noll_bara_nar_loggen_stammer(
    vard: Klient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(OWNER_DATABASE, vard.databas.agare.sqlalchemy_url())
    fil = tmp_path / "kvitto.json"
    await _last(vard, 2)
    assert kor(["logg", "kontrollera", "--kvitto", str(fil)]) == 0
    assert "Åtkomstloggen stämmer: 2 rader." in capsys.readouterr().err
    assert las_kvitton(fil)[KOMMUN].nr == 2
    vard.sql("UPDATE atkomstlogg SET vad = 'sokning' WHERE nr = 2")
    skrivet = fil.read_text()
    assert kor(["logg", "kontrollera", "--kvitto", str(fil)]) == 1
    assert f"kommun {KOMMUN} rad 2: {_ANDRAD}" in capsys.readouterr().err
    assert fil.read_text() == skrivet


async def test_den_som_radskyddet_binder_kan_inte_tro_att_loggen_ar_tom(
    vard: Klient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(OWNER_DATABASE, vard.databas.api.sqlalchemy_url())
    await _last(vard)
    assert kor(["logg", "kontrollera"]) == 1
    assert "row-level security" in capsys.readouterr().err


@pytest.mark.parametrize("innehall", ["{", "[]", '{"1490": {"nr": "x"}}', json.dumps({"1": 2})])
async def test_kvitton_som_inte_gar_att_lasa_avvisas(tmp_path: Path, innehall: str) -> None:
    fil = tmp_path / "kvitto.json"
    fil.write_text(innehall)
    with pytest.raises(DygnFel, match="kan inte läsas"):
        las_kvitton(fil)
    with pytest.raises(DygnFel):
        las_kvitton(tmp_path)


# -- searched --------------------------------------------------------------------------------------


async def _sok(granskare: Klient, **fragor: Any) -> list[tuple[str, str | None]]:
    """(what, klient) of the records found, the oldest first."""
    poster = (await granskare.las("/v1/atkomstlogg", **fragor))["poster"]
    return [(post["vad"], post["klient"]) for post in reversed(poster)]


async def test_loggen_soks_pa_person_lasare_och_period(vard: Klient) -> None:
    ena, andra = await _last(vard, 2), await _last(vard)
    token = token_for(vard.utfardare, Roll.ENHETSCHEF, subject="chefen")
    async with vard.med_token(token) as chefen, vard.som(Roll.REVISOR) as granskare:
        await chefen.las(f"/v1/klienter/{andra}")
        assert await _sok(granskare, klient=ena) == [("klient", ena)] * 2
        assert await _sok(granskare, aktor="chefen") == [("klient", andra)]
        i_dag = day_of(vard.sql("SELECT min(tid) FROM atkomstlogg")[0][0])
        i_gar, i_morgon = (str(i_dag + timedelta(days=dagar)) for dagar in (-1, 1))
        alla = {"klient": andra, "fran": str(i_dag), "till": i_morgon}
        assert await _sok(granskare, **alla) == [("klient", andra)] * 2
        assert await _sok(granskare, klient=andra, till=i_gar) == []
        assert await _sok(granskare, klient=andra, fran=str(i_dag + timedelta(days=2))) == []


async def test_en_sokning_i_loggen_star_sjalv_i_loggen(vard: Klient) -> None:
    id = await _last(vard)
    async with vard.som(Roll.REVISOR) as granskare:
        fraga = {"klient": id, "fran": "2026-01-01", "skal": "granskning"}
        await granskare.las("/v1/atkomstlogg", **fraga)
    sist = vard.sql("SELECT vad, klient, varfor, urval FROM atkomstlogg ORDER BY nr DESC LIMIT 1")
    assert sist == [("atkomstlogg", UUID(id), "granskning", f"klient={id} fran=2026-01-01")]


async def test_loggen_blads_fran_det_nyaste_utan_att_nagot_hoppas_over(vard: Klient) -> None:
    id = await _last(vard, 5)
    async with vard.som(Roll.REVISOR) as granskare:
        sida = await granskare.las("/v1/atkomstlogg", klient=id, antal=2)
        sedda = [post["nr"] for post in sida["poster"]]
        while sida["nasta"] is not None:
            fraga = {"aktor": "prov-anvandare", "antal": 2, "markor": sida["nasta"]}
            sida = await granskare.las("/v1/atkomstlogg", **fraga)
            sedda += [post["nr"] for post in sida["poster"]]
        assert sedda == [5, 4, 3, 2, 1]
        for markor in ("eA", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"):
            svar = await granskare.get("/v1/atkomstlogg", params={"markor": markor})
            assert svar.status_code == 400


@pytest.mark.regel("R-SEK-6")
async def test_chefen_ser_lasningarna_av_dem_som_horde_till_enheten_nar_de_lastes(
    vard: Klient,
) -> None:
    id = await _last(vard, arbetsenhet="Norr")
    flytt = ny_klient(arbetsenhet="Söder", skal="fel_uppgift")
    await vard.lagra(f"/v1/klienter/{id}/rattelse", flytt, version=1)
    await vard.las(f"/v1/klienter/{id}", skal="uppfoljning")
    await vard.lagra("/v1/klienter/sokning", {"personnummer": PERSONNUMMER})  # nobody is found
    async with (
        vard.som(Roll.ENHETSCHEF, arbetsenheter=["Norr"]) as norr,
        vard.som(Roll.ENHETSCHEF, arbetsenheter=["Söder"]) as soder,
        vard.som(Roll.ENHETSCHEF) as hela,
        vard.som(Roll.ENHETSCHEF, kommunkod=ANNAN_KOMMUN) as granne,
    ):
        assert [post["varfor"] for post in (await norr.las("/v1/atkomstlogg"))["poster"]] == [None]
        assert [post["varfor"] for post in (await soder.las("/v1/atkomstlogg"))["poster"]] == [
            "uppfoljning"
        ]
        assert ("sokning", None) in await _sok(hela)
        assert await _sok(granne) == []


@pytest.mark.parametrize(
    "roll", [roll for roll in Roll if roll not in (Roll.ENHETSCHEF, Roll.REVISOR)]
)
async def test_ingen_annan_roll_ser_loggen(vard: Klient, roll: Roll) -> None:
    async with vard.som(roll) as annan:
        assert (await annan.get("/v1/atkomstlogg")).status_code == 403


@pytest.mark.parametrize("skal", ["ny utredning", "", "annat"])
async def test_ett_skal_ar_en_kod_och_ingen_fritext(vard: Klient, skal: str) -> None:
    id = await _last(vard, 0)
    svar = await vard.get(f"/v1/klienter/{id}", params={"skal": skal})
    assert svar.status_code == 422
    assert svar.json()["errors"][0]["pointer"] == "query:skal"
    assert vard.sql("SELECT count(*) FROM atkomstlogg") == [(0,)]


# -- what was there before -------------------------------------------------------------------------


async def test_rader_fran_fore_kedjan_numreras_lankas_och_gar_vidare(
    databas: Databasfabrik,
) -> None:
    ny = databas("placering")
    _migrera_till_fore_kedjan(ny)
    for kommun, aktor in ((KOMMUN, "a"), (ANNAN_KOMMUN, "b"), (KOMMUN, "c")):
        sql(
            ny,
            "INSERT INTO atkomstlogg (kommunkod, aktor, klient, vad, varfor, korrelation)"
            " VALUES (%s, %s, %s, 'klient', 'ny utredning', 'k')",
            *(kommun, aktor, uuid4()),
        )
    migrera(ny)
    sql(
        ny,
        "INSERT INTO atkomstlogg (kommunkod, aktor, vad, korrelation) VALUES (%s, 'd', 'x', 'k')",
        KOMMUN,
    )
    assert sql(ny, "SELECT kommunkod, nr, aktor FROM atkomstlogg ORDER BY kommunkod, nr") == [
        (ANNAN_KOMMUN, 1, "b"),
        (KOMMUN, 1, "a"),
        (KOMMUN, 2, "c"),
        (KOMMUN, 3, "d"),
    ]
    with snapshot(ny.agare.conninfo()) as frusen:
        utfall = granska(frusen, {})
    assert (utfall.avvikelser, utfall.rader) == ([], 4)


def _migrera_till_fore_kedjan(ny: Databas) -> None:
    config = runner._config("placering")
    kedjan = ScriptDirectory.from_config(config).get_revision("placering_0008")
    assert isinstance(kedjan.down_revision, str)
    motor = create_engine(ny.agare.sqlalchemy_url())
    with motor.connect() as anslutning:
        config.attributes["connection"] = anslutning
        command.upgrade(config, kedjan.down_revision)
        anslutning.commit()
    motor.dispose()
