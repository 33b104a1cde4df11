"""Builds of the views: what bounds their readers, when one takes over, and what follows along."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.store.errors import NotBuilt
from services.chassis.streams.build_schema import ensure_build
from services.chassis.streams.builds import Builds, find_build, schema_of
from services.chassis.streams.health import Refuses
from services.chassis.streams.parts import connector
from services.chassis.streams.quarantine import let_pass, list_held, throw_away
from services.chassis.streams.rebuilding import owner_connector
from services.uppfoljning.streams.incoming import CONSUMER
from services.uppfoljning.views.dygnskostnader import dygnskostnader
from services.uppfoljning.views.period import Snitt
from tests.stod.tjanst import sql
from tests.uppfoljning.stod import HARLEDDA, Flode, Fragor, harledda, ny_kommun, tom
from tests.uppfoljning.views import fakta as f
from tests.uppfoljning.vybyggen import NYARE, Tva, ater, stada, tva

T1, T2, T3 = (datetime(2024, 6, dag, tzinfo=UTC) for dag in (1, 2, 3))
PERIOD = (date(2024, 1, 1), date(2024, 1, 31))


@pytest.fixture
def bas(uppfoljning: Databas) -> Iterator[Databas]:
    """As newly migrated, before and after."""
    tom(uppfoljning)
    ater(uppfoljning)
    yield uppfoljning
    ater(uppfoljning)
    tom(uppfoljning)


@pytest.fixture
def tva_byggen(bas: Databas) -> Iterator[Tva]:
    with tva(bas) as ny:
        yield ny


def ett_liv(enhet: str | None = None, namn: str = "k") -> Any:
    """A supplier, and a person with a beslut and a stay."""
    return f.nu(
        f.leverantor(),
        f.klient(namn, arbetsenhet=enhet),
        f.beslut(f"beslut {namn}", date(2024, 1, 1), namn),
        f.placering(f"p {namn}", date(2024, 1, 1), kund=namn),
    )


# --- what bounds who reads a build -------------------------------------------------------------

_SKYDD = {
    "policyer": "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check"
    " FROM pg_policies WHERE schemaname = '{0}'",
    "ratter": "SELECT table_name, grantee, privilege_type FROM"
    " information_schema.table_privileges WHERE table_schema = '{0}'",
    "kolumnratter": "SELECT table_name, column_name, grantee, privilege_type FROM"
    " information_schema.column_privileges WHERE table_schema = '{0}'",
    "radskydd": "SELECT relname, relrowsecurity, pg_get_userbyid(relowner) FROM pg_class WHERE"
    " relnamespace = '{0}'::regnamespace AND relkind = 'r'",
    "kolumner": "SELECT table_name, ordinal_position, column_name, data_type, is_nullable,"
    " column_default FROM information_schema.columns WHERE table_schema = '{0}'",
    "index": "SELECT c.relname, replace(regexp_replace(pg_get_indexdef(i.indexrelid),"
    " 'INDEX \\S+ ON ', 'ON '), '{0}.', '') FROM pg_index AS i JOIN pg_class AS c"
    " ON c.oid = i.indrelid WHERE c.relnamespace = '{0}'::regnamespace",
    "villkor": "SELECT c.relname, t.contype, pg_get_constraintdef(t.oid) FROM pg_constraint AS t"
    " JOIN pg_class AS c ON c.oid = t.conrelid WHERE c.relnamespace = '{0}'::regnamespace"
    " AND t.contype IN ('p', 'u', 'c')",
}


@pytest.mark.parametrize("vad", _SKYDD)
def test_ett_bygges_tabeller_ar_skyddade_och_formade_som_de_forsta(
    tva_byggen: Tva, vad: str
) -> None:
    schema, databas = tva_byggen.bygge.schema, tva_byggen.databas
    byggets = {rad[0] for rad in sql(databas, _SKYDD["radskydd"].format(schema))}
    assert byggets == {
        *HARLEDDA,
        *["inkorg", "styrpost", "rafakta", "rafakta_amne", "smutsig", "karantan"],
    }

    def i(vilket: str) -> set[str]:
        rader = sql(databas, _SKYDD[vad].format(vilket))
        return {repr(rad).replace(f"{vilket}.", "") for rad in rader if rad[0] in byggets}

    assert i(schema) == i("public")
    assert i(schema)


def test_api_rollen_ser_en_kommun_och_sina_arbetsenheter_i_ett_bygge(tva_byggen: Tva) -> None:
    en, annan = ny_kommun(), ny_kommun()
    for kommun in (en, annan):
        tva_byggen.bada(tva_byggen.flode.koda(kommun, ett_liv("Norr")))
    tva_byggen.bada(tva_byggen.flode.koda(en, ett_liv("Söder", "s")))
    schema = tva_byggen.bygge.schema

    def sedda(kommun: str | None, enheter: str, tabell: str) -> int:
        with psycopg.connect(tva_byggen.databas.api.conninfo()) as api:
            api.execute("SELECT set_config('dygn.kommunkod', %s, false)", (kommun or "",))
            api.execute("SELECT set_config('dygn.arbetsenheter', %s, false)", (enheter,))
            [(antal,)] = api.execute(f"SELECT count(*) FROM {schema}.{tabell}".encode()).fetchall()
            return int(antal)

    for tabell in (*HARLEDDA, "rafakta", "rafakta_amne"):
        [(i_en,)] = sql(
            tva_byggen.databas,
            f"SELECT count(*) FROM {schema}.{tabell} WHERE kommunkod = '{en}'",
        )
        assert sedda(None, "null", tabell) == 0
        assert sedda(en, "null", tabell) == i_en > 0, tabell
        assert sedda(annan, "null", tabell) > 0
        if tabell in HARLEDDA and tabell != "leverantorsuppgift":
            assert 0 < sedda(en, '["Norr"]', tabell) < i_en
            assert sedda(en, "[]", tabell) == 0
    with psycopg.connect(tva_byggen.databas.api.conninfo()) as api:
        for sats in ("DELETE FROM {}.rafakta", "UPDATE {}.kostnadsintervall SET pris_ore = 0"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), api.transaction():
                api.execute(sats.format(schema).encode())


# --- when it takes over -------------------------------------------------------------------------


def test_ett_bygge_tar_over_forst_nar_det_kan_och_ar_avgjort_lika_mycket(tva_byggen: Tva) -> None:
    kommun, flode, nytt = ny_kommun(), tva_byggen.flode, tva_byggen.nytt
    meddelanden = flode.koda(kommun, ett_liv())
    flode.ta(meddelanden)
    flode.vik()
    flode.styr(T2)
    assert "är läst till 0" in str(tva_byggen.ta_over())
    nytt.ta(meddelanden)
    nytt.styr(T1)
    assert "är läst till" in str(tva_byggen.ta_over())
    nytt.styr(T2)
    assert "är inte vikt än" in str(tva_byggen.ta_over())
    nytt.vik()
    nyast = flode.koda(kommun, f.vid(T3, f.klient("sen")))
    flode.ta(nyast)
    flode.vik()
    # Nothing is settled of it, but a reader has seen it.
    assert "är inte läst så långt" in str(tva_byggen.ta_over())
    nytt.ta(nyast)
    assert "är inte vikt än" in str(tva_byggen.ta_over())
    nytt.vik()
    assert tva_byggen.ta_over() is None
    assert tva_byggen.ta_over() is None, "en gång till ändrar inget"
    assert harledda(nytt.connection, kommun) == harledda(flode.connection, kommun)
    assert schema_of(nytt.connection) == tva_byggen.bygge.schema
    assert sql(tva_byggen.databas, "SELECT schema, lage FROM vybygge ORDER BY generation") == [
        ("public", "gammal"),
        (tva_byggen.bygge.schema, "aktiv"),
    ]


def test_det_som_var_slutligt_ar_det_efter_overtagandet_annars_sker_det_inte(
    tva_byggen: Tva,
) -> None:
    """A message that only the new build cannot read would take its kommun's W back."""
    kommun, annan, flode, nytt = ny_kommun(), ny_kommun(), tva_byggen.flode, tva_byggen.nytt
    tva_byggen.bada(flode.koda(annan, ett_liv(namn="annan")))
    meddelanden = flode.koda(kommun, f.nu(f.klient()))
    flode.ta(meddelanden)
    flode.vik()
    nytt.ta([replace(ett, value=b"{") for ett in meddelanden])
    for ett in (flode, nytt):
        ett.styr(T2)
    assert f"kommun {kommun} är avgjord till" in str(tva_byggen.ta_over())
    # A damage that both have holds both alike.
    sql(
        tva_byggen.databas,
        f"INSERT INTO karantan SELECT * FROM {tva_byggen.bygge.schema}.karantan",
    )
    assert tva_byggen.ta_over() is None


def test_den_som_laser_ser_det_nya_sa_snart_det_tagit_over_och_samma_svar(
    tva_byggen: Tva,
) -> None:
    kommun = ny_kommun()
    tva_byggen.bada(tva_byggen.flode.koda(kommun, ett_liv()))
    for ett in (tva_byggen.flode, tva_byggen.nytt):
        ett.styr(T2)
    fraga = Fragor(tva_byggen.databas, views=CONSUMER.vyversion)
    try:

        def svaret() -> Any:
            return fraga(kommun, T1, dygnskostnader, *PERIOD, Snitt.MANAD)

        forut = svaret()
        assert tva_byggen.ta_over() is None
        sql(tva_byggen.databas, "DELETE FROM public.kostnadsintervall")
        assert svaret() == forut
        assert forut.rader
    finally:
        fraga.stang()


def test_en_pagaende_lasning_ser_ett_bygge_helt_fast_ett_annat_tar_over(
    tva_byggen: Tva,
) -> None:
    kommun = ny_kommun()
    tva_byggen.bada(tva_byggen.flode.koda(kommun, ett_liv()))
    fraga = Fragor(tva_byggen.databas, views=CONSUMER.vyversion)

    async def schemat(connection: Any) -> str:
        cursor = await connection.execute(
            "SELECT relnamespace::regnamespace::text AS namn FROM pg_class"
            " WHERE oid = (SELECT tableoid FROM kostnadsintervall LIMIT 1)"
        )
        return str((await cursor.fetchone())["namn"])

    async def medan(connection: Any, _: Any) -> list[str]:
        forst = await schemat(connection)
        assert tva_byggen.ta_over() is None
        return [forst, await schemat(connection)]

    async def efter(connection: Any, _: Any) -> str:
        return await schemat(connection)

    try:
        assert fraga(kommun, None, medan) == ["public", "public"]
        assert fraga(kommun, None, efter) == tva_byggen.bygge.schema
    finally:
        fraga.stang()


# --- what people have decided -------------------------------------------------------------------


def _trasigt(flode: Flode, kommun: str) -> list[Any]:
    """A damaged message and one that waits behind it."""
    forsta, andra = flode.koda(kommun, f.nu(f.klient(), f.beslut("b", date(2024, 1, 1))))
    return [replace(forsta, value=b"{"), andra]


def _kasta(flode: Flode) -> None:
    [held] = [ett for ett in list_held(flode.connection, "uppfoljning") if ett.lage == "karantan"]
    throw_away(flode.connection, held.identity, vem="a", skal="trasigt")
    flode.skot()
    flode.vik()


def _lagen(flode: Flode) -> list[str]:
    rader = flode.connection.execute("SELECT lage FROM karantan ORDER BY pos").fetchall()
    return [lage for (lage,) in rader]


def test_det_som_kastats_innan_ett_bygge_borjar_ar_kastat_i_det(bas: Databas) -> None:
    with Builds(connector(bas.strom.conninfo()), CONSUMER.vyversion).connect() as lasta:
        flode = Flode(lasta)
        meddelanden = _trasigt(flode, ny_kommun())
        flode.ta(meddelanden)
        _kasta(flode)
        assert _lagen(flode) == ["kastad", "tillampad"]
        with tva(bas) as bada:
            nytt = flode.bredvid(bada.nytt.connection, CONSUMER.view_version)
            nytt.ta(meddelanden)
            nytt.vik()
            assert _lagen(nytt) == ["kastad"]
            assert bada.ta_over() is None
            [(fakta,)] = sql(bas, f"SELECT count(*) FROM {bada.bygge.schema}.rafakta")
            assert fakta == 1


def test_det_som_kastas_medan_det_byggs_ar_kastat_efter_overtagandet(tva_byggen: Tva) -> None:
    kommun, flode, nytt = ny_kommun(), tva_byggen.flode, tva_byggen.nytt
    meddelanden = _trasigt(flode, kommun)
    for ett in (flode, nytt):
        ett.ta(meddelanden)
        ett.styr(T1)
    assert _lagen(nytt) == ["karantan", "hallen"]
    _kasta(flode)
    # The decision is carried; what waited behind it must then be read before it takes over.
    assert "är avgjord till" in str(tva_byggen.ta_over())
    assert _lagen(nytt) == ["kastad", "hallen"]
    nytt.skot()
    nytt.vik()
    assert _lagen(nytt) == ["kastad", "tillampad"]
    assert tva_byggen.ta_over() is None
    assert harledda(nytt.connection, kommun) == harledda(flode.connection, kommun)


def test_okand_typ_som_fatt_passera_haller_inte_det_nya(bas: Databas) -> None:
    with tva(bas) as bada:
        kommun = ny_kommun()
        [ett] = bada.flode.koda(kommun, f.nu(f.klient()))
        headers = tuple(
            (namn, b"placering.okand.v9" if namn == "ce_type" else varde)
            for namn, varde in ett.headers
        )
        okant = replace(ett, headers=headers)
        assert okant != ett
        for flode in (bada.flode, bada.nytt):
            flode.ta([okant])
            flode.styr(T1)
        [held] = list_held(bada.flode.connection, "uppfoljning")
        let_pass(bada.flode.connection, held.identity, vem="a", skal="angår inte oss")
        assert bada.ta_over() is None
        assert _lagen(bada.nytt) == ["passerad"]


# --- two versions of the code -------------------------------------------------------------------


def test_en_ny_version_laser_inget_forran_dess_bygge_tagit_over(bas: Databas) -> None:
    with tva(bas, NYARE) as bada:
        kommun = ny_kommun()
        gammal, ny = (Fragor(bas, views=k.vyversion) for k in (CONSUMER, NYARE))

        def svar(fraga: Fragor) -> Any:
            return fraga(kommun, None, dygnskostnader, *PERIOD, Snitt.MANAD).rader

        try:
            bada.bada(bada.flode.koda(kommun, ett_liv()))
            assert svar(gammal)
            with pytest.raises(NotBuilt):
                svar(ny)
            assert bada.ta_over() is None
            assert svar(ny) == svar(gammal)
        finally:
            gammal.stang()
            ny.stang()


def test_bada_versionerna_lases_och_matas_tills_den_gamla_ingen_har_kvar(bas: Databas) -> None:
    with tva(bas, NYARE) as bada:
        kommun = ny_kommun()
        bada.bada(bada.flode.koda(kommun, ett_liv()))
        assert bada.ta_over() is None
        assert sql(bas, "SELECT schema, lage FROM vybygge ORDER BY generation") == [
            ("public", "aktiv"),
            (bada.bygge.schema, "aktiv"),
        ]
        gammal, ny = (Fragor(bas, views=k.vyversion) for k in (CONSUMER, NYARE))
        try:
            bada.bada(bada.flode.koda(kommun, ett_liv(namn="till")))
            svar = [
                fraga(kommun, None, dygnskostnader, *PERIOD, Snitt.MANAD).rader
                for fraga in (gammal, ny)
            ]
            assert svar[0] == svar[1]
            assert svar[0]
            assert stada(bas, NYARE) == [], "den gamla versionen läses ännu"
        finally:
            gammal.stang()
            ny.stang()
        assert stada(bas, NYARE) == [], "den gamla versionen matas ännu"
    assert stada(bas, CONSUMER) == [], "en äldre version städar inte bort en nyare"
    assert stada(bas, NYARE) == ["public"]
    assert sql(bas, "SELECT count(*) FROM public.rafakta") == [(0,)]
    som_strom = connector(bas.strom.conninfo())
    with pytest.raises(Refuses, match="kör migrera"):
        Builds(som_strom, CONSUMER.vyversion).connect()


def test_migreringen_ger_en_ny_version_nagonstans_att_bygga_en_gang(bas: Databas) -> None:
    som_strom = connector(bas.strom.conninfo())
    with owner_connector(bas.agare.conninfo())() as agare:
        assert ensure_build(agare, CONSUMER.vyversion, CONSUMER.tables) is None
        with Builds(som_strom, CONSUMER.vyversion).connect() as lasta:
            assert schema_of(lasta) == "public"
        bygge = ensure_build(agare, NYARE.vyversion, NYARE.tables)
        assert bygge is not None
        assert ensure_build(agare, NYARE.vyversion, NYARE.tables) is None
        assert find_build(agare, NYARE.vyversion) == bygge
    byggen = Builds(som_strom, NYARE.vyversion)
    with byggen.connect() as bredvid:
        assert schema_of(bredvid) == bygge.schema
        assert not byggen.moved(bredvid)
