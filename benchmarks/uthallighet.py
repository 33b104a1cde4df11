"""Half an hour of steady work with restarts: does anything grow that should not?

    python -m benchmarks.uthallighet [--minuter M] [--takt N] [--omstarter N]

Starts an installation of its own as a person does (``dygn starta --kafka``: the three services in
one process, with a real PostgreSQL and a real Kafka beside it), and lets the probe of ``dygn prob``
post at a steady rate all the while, with reports asked for between. On the way the installation is
restarted: killed with SIGKILL and told to end with SIGTERM, in turn; calls that are lost then are
counted. Every ten seconds it looks at the installation's process (memory, threads, open files), at
PostgreSQL and Kafka (memory, connections), at temporary files on disk, and at what lags. At the end
it waits until nothing lags, has the installation checked by ``dygn kontrollera``, and prints each
figure at the beginning and the end of every stretch between two restarts, and its slope an hour
over the last stretch. Nothing is judged but that all goes well.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from statistics import linear_regression, median

import httpx
import psycopg

from benchmarks.matt import maskin
from dygn.inbyggd.katalog import Instans, Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.inbyggd.tomning import tom
from dygn.klient import TJANSTER, token
from dygn.prob import KOMMUN, Takt, proba
from dygn.stromlage import las_lagen
from services.chassis.auth.roles import Roll

ROLLER = (Roll.SOCIALSEKRETERARE, Roll.EKONOM, Roll.SYSTEM)
PORT = 18_700


@dataclass(frozen=True, slots=True)
class Syn:
    """What was seen at one look. MB, numbers, events that wait."""

    dygn_mb: float
    tradar: int
    oppna_filer: int
    postgres_mb: float
    anslutningar: int
    kafka_mb: float
    tillfalliga_filer: int
    efter: int


@dataclass(slots=True)
class Stracka:
    """The time between two starts."""

    borjan: float
    hur: str
    sett: list[tuple[float, Syn]] = field(default_factory=list)


class Installationen:
    """The installation that is started, looked at, and ended again and again."""

    def __init__(self, katalog: Katalog) -> None:
        self.katalog = katalog
        self._process: subprocess.Popen[bytes] | None = None

    def starta(self) -> None:
        """Start it and wait until it answers; what it says goes to a file beside the catalogue."""
        with Path(f"{self.katalog.mapp}.logg").open("ab") as logg:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dygn", "starta", "--kafka", "--port", str(PORT),
                 "--katalog", str(self.katalog.mapp)],
                stdout=logg, stderr=logg,
            )  # fmt: skip
        while (instans := self.katalog.instans()) is None or instans.pid != self._process.pid:
            if self._process.poll() is not None:
                raise SystemExit(f"startade inte: {logg.name}")
            time.sleep(0.1)

    def avsluta(self, hur: signal.Signals) -> None:
        """End it."""
        assert self._process is not None
        self._process.send_signal(hur)
        self._process.wait(120)

    @property
    def instans(self) -> Instans:
        instans = self.katalog.instans()
        assert instans is not None
        return instans

    def se(self, http: httpx.Client) -> Syn:
        """One look."""
        pid = self.instans.pid
        with psycopg.connect(Postgres(self.katalog).admin.conninfo()) as anslutning:
            postgres = [
                (pid, slag)
                for pid, slag in anslutning.execute(
                    "SELECT pid, backend_type FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                )
            ]
        return Syn(
            dygn_mb=_rss(pid),
            tradar=_antal(f"/proc/{pid}/task"),
            oppna_filer=_antal(f"/proc/{pid}/fd"),
            postgres_mb=sum(_pss(ett) for ett, _ in postgres),
            anslutningar=sum(slag == "client backend" for _, slag in postgres),
            kafka_mb=sum(_rss(barn) for barn in _barn(pid) if "java" in _namn(barn)),
            tillfalliga_filer=_antal(tempfile.gettempdir())
            + sum(1 for _ in self.katalog.mapp.rglob("pgsql_tmp*/*")),
            efter=_efter(http),
        )


def _antal(mapp: str) -> int:
    return sum(1 for _ in Path(mapp).iterdir())


def _efter(http: httpx.Client) -> int:
    """Events that wait somewhere: to be published and read, or to be folded."""
    lagen = las_lagen(http)
    return sum(
        lage.smutsiga
        + sum(lagen[last.topic.split(".")[1]].pos - last.pos for last in lage.konsumerar)
        for lage in lagen.values()
    )


def _barn(pid: int) -> list[int]:
    """The processes that it has started, and theirs."""
    alla = []
    for trad in Path(f"/proc/{pid}/task").iterdir():
        for barn in map(int, (trad / "children").read_text().split()):
            alla += [barn, *_barn(barn)]
    return alla


def _namn(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _rss(pid: int) -> float:
    sidor = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return sidor * os.sysconf("SC_PAGE_SIZE") / 2**20


def _pss(pid: int) -> float:
    """Memory with what is shared divided among those who share it; 0 when it has ended."""
    try:
        for rad in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if rad.startswith("Pss:"):
                return int(rad.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0.0


# -- the run ---------------------------------------------------------------------------------------


def omstartstider(minuter: float, omstarter: int) -> list[float]:
    """Seconds from the beginning at which it is restarted: stretches of the same length."""
    return [60 * minuter * nr / (omstarter + 1) for nr in range(1, omstarter + 1)]


def kor(installation: Installationen, minuter: float, takt: float, omstarter: int) -> None:
    """The load, the looks, the restarts, and what was seen."""
    nyckel = token(installation.katalog, ROLLER, kommunkod=KOMMUN, giltig=3 * 3600)
    adresser = {tjanst: f"http://127.0.0.1:{PORT}/{tjanst}" for tjanst in TJANSTER}
    utfall = []
    last = threading.Thread(
        target=lambda: utfall.append(
            proba(adresser, nyckel, Takt(takt, 60 * minuter, bevaka_var=25))
        )
    )
    borjan = time.monotonic()
    strackor = [Stracka(0.0, "första start")]
    kvar = omstartstider(minuter, omstarter)
    with httpx.Client(
        base_url=f"http://127.0.0.1:{PORT}", timeout=30,
        headers={"Authorization": f"Bearer {nyckel}"},
    ) as http:  # fmt: skip
        last.start()
        while last.is_alive():
            last.join(10)
            nu = time.monotonic() - borjan
            strackor[-1].sett.append((nu, installation.se(http)))
            if kvar and nu >= kvar[0]:
                kvar.pop(0)
                hur = (signal.SIGKILL, signal.SIGTERM)[len(strackor) % 2 - 1]
                installation.avsluta(hur)
                installation.starta()
                strackor.append(Stracka(time.monotonic() - borjan, f"efter {hur.name}"))
        _vanta_in(http)
    _visa(strackor)
    svar = utfall[0].svar
    print(f"{len(svar)} kommandon besvarade, {len(utfall[0].fel)} föll bort vid omstarter,"
          f" {utfall[0].osedda} sågs aldrig; från svar till synligt: median"
          f" {1000 * median(utfall[0].synliga):.0f} ms")  # fmt: skip


def _vanta_in(http: httpx.Client) -> None:
    for _ in range(600):
        if _efter(http) == 0:
            return
        time.sleep(0.5)
    raise SystemExit(f"ligger efter med {_efter(http)} händelser fem minuter efter lasten")


def _visa(strackor: Sequence[Stracka]) -> None:
    for stracka in strackor:
        # What a process takes when it starts and gets its first load is not growth.
        sett = [(nar, syn) for nar, syn in stracka.sett if nar - stracka.borjan > 60]
        if len(sett) < 6:
            continue
        print(f"\n{stracka.hur}, {stracka.borjan / 60:.1f}-{sett[-1][0] / 60:.1f} min")
        for falt in fields(Syn):
            tal = [float(getattr(syn, falt.name)) for _, syn in sett]
            lutning = linear_regression([nar / 3600 for nar, _ in sett], tal).slope
            print(f"  {falt.name:20} först {median(tal[:3]):9.0f}   sist {median(tal[-3:]):9.0f}"
                  f"   mest {max(tal):9.0f}   {lutning:+9.1f} per timme")  # fmt: skip


def main() -> None:
    tolk = argparse.ArgumentParser()
    tolk.add_argument("--minuter", type=float, default=30)
    tolk.add_argument("--takt", type=float, default=100)
    tolk.add_argument("--omstarter", type=int, default=2)
    val = tolk.parse_args()
    print(maskin("18"), flush=True)
    katalog = Katalog(tempfile.mkdtemp(prefix="dygn-matning-"))
    installation = Installationen(katalog)
    installation.starta()
    try:
        kor(installation, val.minuter, val.takt, val.omstarter)
        kommando = [sys.executable, "-m", "dygn", "kontrollera", "--katalog", str(katalog.mapp)]
        print(subprocess.run(kommando, check=True, capture_output=True, text=True).stdout)
    finally:
        installation.avsluta(signal.SIGTERM)
        tom(katalog)
        katalog.las_upp()
        katalog.lasfil.unlink()
        katalog.mapp.rmdir()
        Path(f"{katalog.mapp}.logg").unlink()


if __name__ == "__main__":
    main()
