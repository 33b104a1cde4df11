"""Every service's schema is made by its migrations, once, also when two start at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.chassis.migration.runner import migrate, newest_version
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import sql
from tests.stod.tjanster import tjanster


@pytest.mark.parametrize("tjanst", tjanster())
def test_en_tom_databas_migreras_till_det_nyaste_och_en_gang_till_andrar_inget(
    tjanst: str, databas: Databasfabrik
) -> None:
    ny = databas(tjanst)
    assert migrate(tjanst, ny.agare.sqlalchemy_url()) == newest_version(tjanst)
    (installation,) = sql(ny, "SELECT installation FROM strom")
    assert migrate(tjanst, ny.agare.sqlalchemy_url()) == newest_version(tjanst)
    assert sql(ny, "SELECT installation FROM strom") == [installation]
    assert sql(ny, "SELECT pos, epok FROM strom") == [(0, 1)]


def test_tva_som_migrerar_samtidigt_stor_inte_varandra(databas: Databasfabrik) -> None:
    ny = databas("leverantor")
    url = ny.agare.sqlalchemy_url()
    with ThreadPoolExecutor(3) as pool:
        svar = list(pool.map(lambda _: migrate("leverantor", url), range(3)))
    assert svar == [newest_version("leverantor")] * 3
    assert len(sql(ny, "SELECT version_num FROM alembic_version")) == 1


def test_tva_databaser_ar_tva_installationer(databas: Databasfabrik) -> None:
    """Each is made by its own migration, so that a reader can tell them apart."""
    installationer = set()
    for _ in range(2):
        ny = databas("leverantor")
        migrate("leverantor", ny.agare.sqlalchemy_url())
        installationer.add(sql(ny, "SELECT installation FROM strom")[0][0])
    assert len(installationer) == 2
