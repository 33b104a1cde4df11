"""How many placeringar a second one process takes over HTTP, durably, beside two plain programs.

    python -m benchmarks.kommandon [--antal N] [--varv N] [--forbindelser N]

Three programs, each one uvicorn process on a PostgreSQL of its own database with fsync on, each
answering only after its commit: the service placering, the plain program that keeps no history
(``jamforelse/vanligt_program.py``), and a bare INSERT (``jamforelse/ra_insert.py``). They take
turns, ``--varv`` rounds; a round registers N persons and N beslut, and then measures N placeringar,
one a person, over 16 kept connections from a client in a process of its own. It prints medians
and ratios; nothing is judged.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import uvicorn

from benchmarks.last import Anrop, Utfall, posta
from benchmarks.matt import maskin, servertid
from dygn.inbyggd.databaser import Databas, kasta_databas, skapa_databas
from dygn.inbyggd.postgres import Postgres
from services.chassis.auth.issuer import Issuer
from services.chassis.auth.roles import Roll
from services.chassis.settings import ServiceSettings
from services.chassis.telemetry import logging
from tests.stod.provkatalog import provkatalog
from tests.stod.tjanst import KOMMUN, UTFARDARE, installningar, migrera

PROGRAM = ("placering", "vanligt", "ra_insert")
NAMN = {
    "placering": "Dygn, placering",
    "vanligt": "FastAPI + SQLAlchemy, utan historik",
    "ra_insert": "FastAPI, bara INSERT",
}


def _kropp_klient() -> dict[str, Any]:
    return {"kon": "K", "fodelsedatum": "2012-03-04"}


def _kropp_beslut(klient: str) -> dict[str, Any]:
    return {
        "klient": klient,
        "lagrum": "4 kap. 1 § SoL",
        "insatstyp": "HVB",
        "beslutsdatum": "2024-01-10",
        "namnd": "Individ- och familjeomsorgsnämnden",
        "beslutsfattare": {"slag": "tjansteman", "roll": "enhetschef", "arbetsenhet": "Barn 1"},
    }


def _kropp_placering(klient: str, beslut: str) -> dict[str, Any]:
    return {
        "klient": klient,
        "beslut": beslut,
        "placeringsform": "eget_familjehem",
        "fran": "2024-02-01",
        "dygnspris_ore": 150_000,
    }


# -- the measured process ------------------------------------------------------------------------


def servera(uppdrag: Mapping[str, Any]) -> None:
    """The child: one program, one process, on the port that it is given."""
    app: Any
    logging.configure("INFO")  # as the service's own process does; the line goes nowhere
    if uppdrag["program"] == "placering":
        from services.placering.app import app as fabrik

        app = fabrik(ServiceSettings(**uppdrag["installningar"]))
    else:
        if uppdrag["program"] == "vanligt":
            from benchmarks.jamforelse.vanligt_program import program
        else:
            from benchmarks.jamforelse.ra_insert import program
        app = program(uppdrag["databas"], Path(uppdrag["jwks"]), UTFARDARE, uppdrag["forbindelser"])
    uvicorn.run(
        app, host="127.0.0.1", port=uppdrag["port"], log_config=None, access_log=False,
        log_level="critical",
    )  # fmt: skip


@contextmanager
def igang(databas: Databas, program: str, mapp: Path, forbindelser: int) -> Iterator["Server"]:
    """The program in a process of its own, on the database."""
    valda, utfardare = installningar(databas, mapp)
    port = _ledig_port()
    uppdrag = {
        "program": program,
        "port": port,
        "forbindelser": forbindelser,
        "jwks": str(mapp / "jwks.json"),
        "databas": (
            databas.agare.sqlalchemy_url() if program == "vanligt" else databas.agare.conninfo()
        ),
        "installningar": {
            namn: varde.get_secret_value() if hasattr(varde, "get_secret_value") else varde
            for namn, varde in valda.model_dump(exclude_none=True, exclude_unset=True).items()
        },
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.kommandon", "--barn", json.dumps(uppdrag, default=str)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _vanta_pa(port, process)
        yield Server(port, process.pid, utfardare)
    finally:
        process.terminate()
        process.wait(30)


class Server:
    """A program that answers."""

    def __init__(self, port: int, pid: int, utfardare: Issuer) -> None:
        self.port = port
        self.pid = pid
        self.token = utfardare.token(
            subject="matning", kommunkod=KOMMUN, roller=[Roll.SOCIALSEKRETERARE]
        )


def _ledig_port() -> int:
    with socket.socket() as sockel:
        sockel.bind(("127.0.0.1", 0))
        return int(sockel.getsockname()[1])


def _vanta_pa(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        with socket.socket() as sockel:
            if sockel.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("programmet startade inte")


# -- a round ---------------------------------------------------------------------------------------


async def varvet(server: Server, antal: int, forbindelser: int) -> tuple[Utfall, float]:
    """N placeringar; what became of them and the CPU seconds of the program."""

    async def alla(vag: str, kroppar: list[dict[str, Any]]) -> Utfall:
        anropen = [Anrop(f"/v1/{vag}", kropp) for kropp in kroppar]
        utfall = await posta(server.port, server.token, anropen, forbindelser)
        if set(utfall.status) != {201}:
            raise SystemExit(f"{vag}: {utfall.status} {utfall.svar[-1]}")
        return utfall

    klienter = [svar["id"] for svar in (await alla("klienter", [_kropp_klient()] * antal)).svar]
    # In the order of the answers: each beslut with its klient.
    par: list[tuple[str, str]] = []
    for fran in range(0, antal, forbindelser):
        grupp = klienter[fran : fran + forbindelser]
        svaren = await asyncio.gather(
            *(
                posta(server.port, server.token, [Anrop("/v1/beslut", _kropp_beslut(k))], 1)
                for k in grupp
            )
        )
        par += [(k, ett.svar[0]["id"]) for k, ett in zip(grupp, svaren, strict=True)]
    cpu = -servertid(server.pid)
    utfall = await alla("placeringar", [_kropp_placering(k, b) for k, b in par])
    return utfall, cpu + servertid(server.pid)


def main() -> None:
    tolk = argparse.ArgumentParser()
    tolk.add_argument("--antal", type=int, default=4_000)
    tolk.add_argument("--varv", type=int, default=5)
    tolk.add_argument("--forbindelser", type=int, default=16)
    tolk.add_argument("--barn")
    val = tolk.parse_args()
    if val.barn:
        servera(json.loads(val.barn))
        return
    with provkatalog(last=True) as katalog, Postgres(katalog) as postgres:
        with psycopg.connect(postgres.admin.conninfo()) as anslutning:
            rad = anslutning.execute("SHOW server_version").fetchone()
            fsync = anslutning.execute("SHOW fsync").fetchone()
        assert rad is not None
        assert fsync == ("on",)
        print(maskin(rad[0]), f"last {os.getloadavg()[0]:.1f}", flush=True)
        matt: dict[str, list[tuple[Utfall, float]]] = {program: [] for program in PROGRAM}
        for varv in range(val.varv):
            for program in PROGRAM:
                utfall = _ett_varv(postgres, program, varv, val.antal, val.forbindelser)
                matt[program].append(utfall)
                print(_rad(program, [utfall]), flush=True)
    _summera(matt)


def _ett_varv(
    postgres: Postgres, program: str, varv: int, antal: int, forbindelser: int
) -> tuple[Utfall, float]:
    namn = f"dygn_matning_{program}_{varv}"
    databas = skapa_databas(postgres.admin, "placering", namn=namn)
    try:
        if program == "placering":
            migrera(databas)
        with (
            tempfile.TemporaryDirectory(prefix="dygn-matning-") as mapp,
            igang(databas, program, Path(mapp), forbindelser) as server,
        ):
            return asyncio.run(varvet(server, antal, forbindelser))
    finally:
        kasta_databas(postgres.admin, namn)


def _rad(program: str, varven: list[tuple[Utfall, float]]) -> str:
    takt = median(utfall.takt for utfall, _ in varven)
    p50, p99 = (median(utfall.ms(p) for utfall, _ in varven) for p in (50, 99))
    cpu = median(1000 * sekunder / len(utfall.sekunder) for utfall, sekunder in varven)
    return (
        f"{NAMN[program]:38} {takt:7.0f}/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms"
        f"   {cpu:5.2f} ms CPU i programmet per anrop"
    )


def _summera(matt: dict[str, list[tuple[Utfall, float]]]) -> None:
    print("\nMedianer:")
    for program, varven in matt.items():
        print(_rad(program, varven))
    for program in PROGRAM[1:]:
        kvoter = [
            egen.takt / annan.takt
            for (egen, _), (annan, _) in zip(matt["placering"], matt[program], strict=True)
        ]
        print(f"Dygn / {NAMN[program]}: {median(kvoter):.2f} (medianen av varvens kvoter)")


if __name__ == "__main__":
    main()
