"""``dygn bygg-om`` while all runs: views are built beside, and readers notice nothing."""

import random
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dygn.inbyggd.databaser import kasta_databas, skapa_databas
from dygn.kontroll import finn
from dygn.ombyggnad import Plats
from dygn.ombyggnad import bygg_om as kor_ombyggnad
from services.chassis.streams.build_schema import ensure_build
from services.chassis.streams.parts import connector, stream_process
from services.chassis.streams.rebuilding import owner_connector
from services.uppfoljning.process import PARTS
from tests.stod.historia import historia, lagra
from tests.stod.tjanst import migrera
from tests.stod.vanta import eventually
from tests.system.byggen import aktivt, byggen, lasta, rader, skillnader
from tests.system.fragare import Fragare
from tests.system.installation import TALAMOD, Installation, antal_handelser, installation, sql
from tests.system.kommandorad import oppna
from tests.system.lasare import ur_tabellerna
from tests.system.skador import granskning
from tests.system.skribent import Skribent

UPPF, PLAC = "uppfoljning", "placering"
HISTORIA = 4_000
"""Messages that were there before anybody came: enough for a rebuild to be killed in the middle."""


@pytest.fixture(scope="module")
def gammal(fro: int) -> Iterator[Installation]:
    """An installation with a long history, to which somebody has written as well."""
    with installation() as ny:
        for tjanst, sparade in historia(HISTORIA).sparade.items():
            lagra(ny.databaser[tjanst], sparade)
        with Skribent(ny, random.Random(fro), 0.0) as skribent:
            eventually(lambda: skribent.anrop > 60, TALAMOD, "ingen skrev")
        ny.avgjort()
        yield ny


def bygg_om(installation: Installation, vy: str, *argument: str, kod: int = 0) -> tuple[str, str]:
    """Run the command to its end; standard output and error."""
    katalog = str(installation.inbyggd.katalog.mapp)
    process = oppna("bygg-om", vy, "--katalog", katalog, *argument)
    ut, fel = process.communicate(timeout=TALAMOD)
    assert process.returncode == kod, f"{process.returncode}\n{ut}\n{fel}"
    return ut, fel


@pytest.mark.parametrize("vy", [UPPF, PLAC])
def test_det_som_byggs_om_ar_rad_for_rad_det_som_vuxit_fram(gammal: Installation, vy: str) -> None:
    databas = gammal.databaser[vy]
    forut = aktivt(databas)
    gammal.avgjort()
    ut, fel = bygg_om(gammal, vy)
    assert "är ombyggda ur" in ut
    assert fel == "", "en förloppsbalk utan terminal"
    nytt = aktivt(databas)
    assert nytt != forut
    assert (forut, "gammal") in byggen(databas)
    # (Nobody has stopped a supplier.)
    assert all(n for t, n in rader(databas, nytt).items() if t != "register_avropsstopp")
    assert skillnader(databas, forut, nytt) == {}
    svar = granskning(gammal)
    assert svar["stammer"], svar


def test_lasare_marker_inget_fast_ombyggnaden_dodas_och_borjas_om_medan_det_skrivs(
    gammal: Installation, slump: random.Random
) -> None:
    databas = gammal.databaser[UPPF]
    kand_per = gammal.avgjort().isoformat()
    forut = aktivt(databas)
    katalog = str(gammal.inbyggd.katalog.mapp)
    with Skribent(gammal, slump, 0.03) as skribent, Fragare(gammal, kand_per) as fragare:
        process = oppna("bygg-om", UPPF, "--katalog", katalog)

        def paborjat() -> tuple[str, int] | None:
            assert process.poll() is None, process.communicate()
            for schema, lage in byggen(databas):
                if lage == "byggs" and (hur_langt := lasta(databas, schema)):
                    return schema, hur_langt
            return None

        found = eventually(paborjat, TALAMOD, "inget byggdes", paus=0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert found is not None
        schema, _ = found
        kom_till = lasta(databas, schema)
        assert 0 < kom_till < lasta(databas, forut), "det dödades inte mitt i"
        assert aktivt(databas) == forut
        skrivet, svarat = skribent.anrop, fragare.svar
        ut, _ = bygg_om(gammal, UPPF)
        assert aktivt(databas) == schema
        assert "fortsatte efter" in ut
        igen = int("".join(filter(str.isdigit, ut.split("fortsatte efter")[1].split(")")[0])))
        assert igen >= kom_till
        eventually(
            lambda: skribent.anrop > skrivet + 20 and fragare.svar > svarat + 4,
            TALAMOD,
            lambda: f"det stod stilla: {skribent.anrop} {fragare.svar} {fragare.fel[:2]}",
        )
    assert fragare.fel == []
    gammal.avgjort()
    [(pos,)] = sql(gammal.databaser[PLAC], "SELECT max(pos) FROM handelse")
    assert sql(databas, f"SELECT pos FROM {schema}.styrpost WHERE topic = 'dygn.placering.v1'") == [
        (pos,)
    ], "den som tagit över följs inte"
    svar = granskning(gammal)
    assert svar["stammer"], svar
    # What was built while all was written to, and then grew, is what is built of it all at rest.
    bygg_om(gammal, UPPF)
    assert skillnader(databas, schema, aktivt(databas)) == {}


def test_det_som_ingen_anvander_tas_bort(gammal: Installation) -> None:
    databas = gammal.databaser[UPPF]
    bygg_om(gammal, UPPF)
    forut = byggen(databas)
    _, sagt = bygg_om(gammal, UPPF, "--stada")
    assert "Inget att ta bort" in sagt
    assert byggen(databas) == forut
    sql(databas, "UPDATE vybygge SET gammal_sedan = gammal_sedan - interval '11 minutes'")
    _, sagt = bygg_om(gammal, UPPF, "--stada")
    assert "Borttaget: public" in sagt
    assert [lage for _, lage in byggen(databas)] == ["aktiv"]
    scheman = sql(databas, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vy%'")
    assert scheman == [(aktivt(databas),)]
    assert set(rader(databas, "public").values()) == {0}
    gammal.avgjort()
    assert granskning(gammal)["stammer"]


def test_det_som_inte_ar_vyer_kan_inte_byggas_om(gammal: Installation) -> None:
    _, fel = bygg_om(gammal, "leverantor", kod=1)
    assert "har inga vyer att bygga om" in fel


def test_tva_vyversioner_gar_bredvid_varandra_under_en_uppgradering(
    gammal: Installation, slump: random.Random
) -> None:
    """The old version feeds and reads its own; the new one's takes over by itself when it can."""
    databas = gammal.databaser[UPPF]
    gammal_konsument = PARTS.consumer
    assert gammal_konsument is not None
    ny_konsument = replace(gammal_konsument, view_version=gammal_konsument.view_version + 1)
    with owner_connector(databas.agare.conninfo())() as agare:
        bygge = ensure_build(agare, ny_konsument.vyversion, ny_konsument.tables)
    assert bygge is not None
    forut = aktivt(databas)
    kand_per = gammal.avgjort().isoformat()
    process = stream_process(
        replace(PARTS, consumer=ny_konsument),
        connector(databas.strom.conninfo()),
        ur_tabellerna(gammal.databaser, 3_000),
        None,
    )
    with Skribent(gammal, slump, 0.03) as skribent, Fragare(gammal, kand_per) as fragare:
        process.start()
        try:
            eventually(
                lambda: (bygge.schema, "aktiv") in byggen(databas),
                TALAMOD,
                lambda: f"den nya tog aldrig över: {process.health()}",
            )
            skrivet = skribent.anrop
            eventually(lambda: skribent.anrop > skrivet + 20, TALAMOD, "ingen skrev")
        finally:
            assert process.stop(30), process.health()
    assert fragare.fel == []
    assert (forut, "aktiv") in byggen(databas)
    gammal.avgjort()
    # The new version is stopped, and goes on where it was.
    process = stream_process(
        replace(PARTS, consumer=ny_konsument),
        connector(databas.strom.conninfo()),
        ur_tabellerna(gammal.databaser),
        None,
    )
    process.start()
    try:
        framme = lasta(databas, forut)
        eventually(
            lambda: (
                lasta(databas, bygge.schema) >= framme
                and sql(databas, f"SELECT count(*) FROM {bygge.schema}.smutsig") == [(0,)]
            ),
            TALAMOD,
            "den nya kom inte ikapp",
        )
    finally:
        assert process.stop(30), process.health()
    assert skillnader(databas, forut, bygge.schema) == {}
    svar = granskning(gammal)
    assert svar["stammer"], svar


def test_vyer_som_aldrig_har_lasts_byggs_hela_innan_de_tar_over(gammal: Installation) -> None:
    """To be as far as what is read is not enough where nothing is."""
    databaser = gammal.databaser
    tom = skapa_databas(databaser[UPPF].admin, UPPF, namn=f"{databaser[UPPF].namn}_tom")
    try:
        migrera(tom)
        var = finn(gammal.inbyggd.katalog.mapp)
        plats = Plats(
            replace(var, databaser={**var.databaser, UPPF: tom.strom.conninfo()}),
            tom.agare.conninfo(),
        )
        gjort = kor_ombyggnad(UPPF, plats, lambda _framme, _brist: None)
        assert aktivt(tom) == gjort.schema
        alla = sum(antal_handelser(databaser[utgivare]) for utgivare in ("leverantor", PLAC))
        assert lasta(tom, gjort.schema) == gjort.handelser == alla
        assert all(rader(tom, gjort.schema).values())
    finally:
        kasta_databas(tom.admin, tom.namn)
