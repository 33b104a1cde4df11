"""A database that is replaced by a copy without its last transactions."""

import random
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dygn.inbyggd.databaser import kasta_databas, skapa_databas
from dygn.inbyggd.katalog import Instans
from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.fel_delar import flyt
from tests.feltalighet.kontroll import aterhamtad
from tests.system.installation import sql

_ROT = Path(__file__).parents[2]
_KOPIA = "kopia"


def kopiera(bana: Bana, tjanst: str) -> None:
    """A copy of the service's database as it is now; all who are connected are thrown out."""
    databas = bana.databaser[tjanst]
    _slapp_in(bana, databas.namn, False)
    try:
        skapa_databas(bana.postgres.admin, tjanst, namn=_KOPIA, mall=databas.namn)
    finally:
        _slapp_in(bana, databas.namn, True)


def byt_till_kopian(bana: Bana, tjanst: str) -> None:
    """The copy takes the place of the database, which is gone."""
    namn = bana.databaser[tjanst].namn
    _slapp_in(bana, namn, False)
    kasta_databas(bana.postgres.admin, namn)
    bana.admin(f'ALTER DATABASE "{_KOPIA}" RENAME TO "{namn}"')


def _slapp_in(bana: Bana, namn: str, ja: bool) -> None:
    bana.admin(f'ALTER DATABASE "{namn}" ALLOW_CONNECTIONS {"true" if ja else "false"}')
    if not ja:
        bana.admin(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", namn
        )


def dygn_ny_epok(bana: Bana, tjanst: str) -> str:
    """The command that a person runs, as that person runs it; what it says."""
    bana.katalog.skriv_instans(
        Instans(1, 1, datetime.now(UTC), "http://127.0.0.1:1", bana.maklare.bootstrap)
    )
    try:
        svar = subprocess.run(
            [
                *(sys.executable, "-m", "dygn", "ny-epok", tjanst, "--ja"),
                *("--katalog", str(bana.katalog.mapp)),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=_ROT,
        )
    finally:
        bana.katalog.ta_bort_instans()
    assert svar.returncode == 0, svar.stdout + svar.stderr
    return svar.stdout


def _utgivarens_databas_byts(tjanst: str, bana: Bana, slump: random.Random) -> str:
    """Events that everybody has read are gone, and new ones take their positions.

    The relay refuses and says what a person has to do; when that is done, every reader rebuilds.
    """
    bana.delar["rela"].vanta_pa_arbete()
    kopiera(bana, tjanst)
    databas = bana.databaser[tjanst]
    [(kvar,)] = sql(databas, "SELECT pos FROM strom")
    with bana.flode():
        flyt(bana, 8)
    if tjanst == "placering":
        bana.kommandon.nya_placeringar(2)
    else:
        bana.kommandon.nya_leverantorer(1, vanta=False)
    bana.nu_slog_det_till()
    aterhamtad(bana)
    [(borta,)] = sql(databas, "SELECT pos FROM strom")
    assert borta > kvar
    bana.amnen.las_ifatt()
    publicerat = {plats: len(lasta) for plats, lasta in bana.amnen.lasta.items()}
    epok = bana.epoker()[f"dygn.{tjanst}.v1"]

    byt_till_kopian(bana, tjanst)
    bana.anropare.glom(tjanst, kvar)
    rela = bana.delar["rela"]
    nya = slump.choice([0, 1, int(borta - kvar) + 5])
    _skriv_i(bana, tjanst, nya)
    rela.vanta(
        lambda liv: liv.lagen.get(f"{tjanst} relä", [""])[0] == "vagrar",
        "reläet publicerade ovanpå en annan historia",
    )
    assert "dygn ny-epok" in rela.lagen[f"{tjanst} relä"][1]
    bana.amnen.las_ifatt()
    for (topic, nummer), lasta in bana.amnen.lasta.items():
        if topic == f"dygn.{tjanst}.v1":
            assert len(lasta) == publicerat[topic, nummer]

    sagt = dygn_ny_epok(bana, tjanst)
    bana.nu_slog_det_till()
    assert f"epok {epok + 1}" in sagt
    aterhamtad(bana)
    bana.kommandon.nya_leverantorer()
    return f"{borta - kvar} händelser borta, {nya} nya i deras ställe"


def _skriv_i(bana: Bana, tjanst: str, antal: int) -> None:
    """Commands to the service whose database has been replaced."""
    fore = int(sql(bana.databaser[tjanst], "SELECT pos FROM strom")[0][0])
    while int(sql(bana.databaser[tjanst], "SELECT pos FROM strom")[0][0]) < fore + antal:
        if tjanst == "placering":
            bana.kommandon.nya_klienter(1)
        else:
            bana.kommandon.nya_leverantorer(1, vanta=False)


def _lasarens_databas_byts(tjanst: str, bana: Bana, slump: random.Random) -> str:
    """A reader has forgotten what it had read, and where it was: it reads it again."""
    kopiera(bana, tjanst)
    bana.arbeta()
    with bana.flode():
        flyt(bana, 10)
    bana.nu_slog_det_till()
    aterhamtad(bana)
    with bana.flode():
        byt_till_kopian(bana, tjanst)
        bana.nu_slog_det_till()
    return tjanst


OVERGANGAR = [
    Fel(
        f"overgang.{tjanst}",
        "övergång",
        partial(_utgivarens_databas_byts, tjanst),
        tungt=True,
    )
    for tjanst in ("placering", "leverantor")
] + [
    Fel(
        "overgang.uppfoljning",
        "övergång",
        partial(_lasarens_databas_byts, "uppfoljning"),
        tungt=True,
    )
]
