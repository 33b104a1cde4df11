"""What the database itself refuses: another kommun's rows, and changes of what has happened."""

from datetime import date

import psycopg
import pytest

from dygn.inbyggd.databaser import Anslutning, Databas
from tests.placering.register import Registerskrivare
from tests.placering.varld import PERSONNUMMER, ny_klient, nytt_beslut
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, migrera

EGNA = ("klientnyckel", "personuppgift", "personnummer", "atkomstlogg")
REGISTER = ("register_leverantor", "register_avropsstopp", "register_enhet", "register_avtal")
UTAN_KOMMUN = {
    "strom",
    "relalage",
    "inkorg",
    "styrpost",
    "vybygge",
    "alembic_version",
    "nyckelprov",
}
"""Tables that speak of streams, versions and keys, and of no kommun."""


async def fyll(vard: Klient, register: Registerskrivare) -> None:
    """At least one row in every table that can have one."""
    register.leverantor()
    register.enhet()
    register.avtal()
    register.avropsstopp(date(2030, 1, 1))
    klient = (
        await vard.lagra("/v1/klienter", ny_klient(namn="Påhittad", personnummer=PERSONNUMMER))
    )["id"]
    await vard.lagra("/v1/beslut", nytt_beslut(klient))
    await vard.las(f"/v1/klienter/{klient}")


def tabeller_med_kommun(vard: Klient) -> list[str]:
    alla = {
        namn for (namn,) in vard.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    assert alla >= UTAN_KOMMUN
    return sorted(alla - UTAN_KOMMUN)


def rader(databas: Databas, tabell: str, kommuner: str | None) -> int:
    with psycopg.connect(databas.api.conninfo()) as anslutning:
        if kommuner is not None:
            anslutning.execute("SELECT set_config('dygn.kommunkod', %s, true)", (kommuner,))
        rad = anslutning.execute(f"SELECT count(*) FROM {tabell}").fetchone()
        assert rad is not None
        return int(rad[0])


@pytest.mark.anyio
async def test_utan_kommunkod_syns_inget_i_nagon_tabell(
    vard: Klient, register: Registerskrivare
) -> None:
    await fyll(vard, register)
    fyllda = 0
    for tabell in tabeller_med_kommun(vard):
        assert rader(vard.databas, tabell, None) == 0, tabell
        assert rader(vard.databas, tabell, "1480") == 0, tabell
        (antal,) = vard.sql(f"SELECT count(*) FROM {tabell}")[0]
        assert rader(vard.databas, tabell, "1490") == antal, tabell
        fyllda += antal > 0
    assert fyllda >= len(EGNA) + len(REGISTER)


@pytest.fixture(scope="module")
def tom(moduldatabas: Databasfabrik) -> Databas:
    """A migrated database that these tests only try to change."""
    return moduldatabas("placering", migrera)


def far_inte(roll: Anslutning, sats: str) -> None:
    """The role lacks the right, whatever the rows."""
    with psycopg.connect(roll.conninfo()) as anslutning:
        anslutning.execute("SELECT set_config('dygn.kommunkod', '1480', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anslutning.execute(sats)


@pytest.mark.regel("R-SEK-3")
@pytest.mark.parametrize("tabell", [*EGNA, "handelse", "idempotens"])
@pytest.mark.parametrize("sats", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET kommunkod = ''"])
def test_det_som_har_hant_kan_inte_andras(tom: Databas, tabell: str, sats: str) -> None:
    far_inte(tom.api, sats.format(tabell))
    far_inte(tom.strom, sats.format(tabell))


@pytest.mark.parametrize("tabell", EGNA)
def test_stromprocessen_ser_inga_personuppgifter(tom: Databas, tabell: str) -> None:
    far_inte(tom.strom, f"SELECT 1 FROM {tabell}")


@pytest.mark.parametrize("tabell", REGISTER)
def test_registrets_kopia_skrivs_bara_av_stromprocessen(tom: Databas, tabell: str) -> None:
    far_inte(tom.api, f"DELETE FROM {tabell}")


def test_en_rad_kan_inte_skrivas_i_en_annan_kommuns_namn(tom: Databas) -> None:
    far_inte(
        tom.api,
        "INSERT INTO atkomstlogg (kommunkod, aktor, vad, korrelation)"
        " VALUES ('1490', 'x', 'x', 'x')",
    )
