"""The catalogue: the one folder in which an embedded installation keeps everything it has.

Guarantees
- Only the owner reads anything in it: files 600, folders 700. (As root the top folder is 711: the
  database server, which may not run as root, must pass through it. What lies below stays shut.)
- One running process at a time: a file lock that the kernel lets go when the process dies, however
  it dies, so that a kill -9 never leaves a catalogue that cannot be started.
- Files are replaced whole or not at all.
"""

import fcntl
import json
import os
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dygn.inbyggd.fel import InbyggdFel, KatalogUpptagen

HUVUDNYCKEL_BYTE = 32
FORRA = "huvudnyckel.forra"
HASHNYCKEL = "hashnyckel"
SOCKELNAMN = ".s.PGSQL.5432"
MAX_SOCKELVAG = 107 if sys.platform == "linux" else 103
"""Longest socket path in bytes that the kernel takes (the field holds one more, for the end)."""
LASFORSOK = 0.5
"""Seconds that a start goes on trying for the lock: somebody may only be looking at it."""


@dataclass(frozen=True, slots=True)
class Instans:
    """The running installation of a catalogue, as other commands find it."""

    pid: int
    port: int
    startad: datetime
    url: str
    kafka: str | None = None

    def som_json(self) -> bytes:
        """The bytes of `instans.json`."""
        return json.dumps({**asdict(self), "startad": self.startad.isoformat()}).encode()

    @classmethod
    def ur_json(cls, raw: bytes) -> "Instans":
        """Read what `som_json` wrote; ValueError (or KeyError, TypeError) on anything else."""
        falt = json.loads(raw)
        return cls(
            pid=int(falt["pid"]),
            port=int(falt["port"]),
            startad=datetime.fromisoformat(falt["startad"]).astimezone(UTC),
            url=str(falt["url"]),
            kafka=falt.get("kafka"),
        )


def standardkatalog(miljo: Mapping[str, str] = os.environ) -> Path:
    """The user's own catalogue: DYGN_KATALOG, else the platform's folder for application data."""
    if vald := miljo.get("DYGN_KATALOG"):
        return Path(vald).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "dygn"
    xdg = Path(miljo.get("XDG_DATA_HOME", ""))
    # The standard says that a relative value is to be ignored.
    return (xdg if xdg.is_absolute() else Path.home() / ".local" / "share") / "dygn"


class Katalog:
    """One catalogue. Making the object touches nothing; `oppna` makes the folders."""

    def __init__(self, mapp: Path | str | None = None) -> None:
        self.mapp = Path(mapp).expanduser().absolute() if mapp else standardkatalog()
        self._las: int | None = None

    def __repr__(self) -> str:
        return f"Katalog({str(self.mapp)!r})"

    # -- folders and files ------------------------------------------------------------------

    def oppna(self) -> "Katalog":
        """Make the folder where it is missing and shut it to others; InbyggdFel if not ours."""
        try:
            self.mapp.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.mapp.stat().st_uid != os.geteuid():
                raise InbyggdFel(
                    f"Katalogen {self.mapp} tillhör en annan användare. "
                    "Välj en egen med --katalog DIR."
                )
            self.mapp.chmod(0o711 if os.geteuid() == 0 else 0o700)
        except OSError as fel:
            raise InbyggdFel(f"Katalogen {self.mapp} går inte att använda: {fel}.") from fel
        return self

    def undermapp(self, *delar: str, lage: int = 0o700) -> Path:
        """A folder of the catalogue, made with mode `lage` where it is missing."""
        mapp = self.mapp
        for del_ in delar:
            mapp = mapp / del_
            mapp.mkdir(exist_ok=True, mode=0o700)
        mapp.chmod(lage)
        return mapp

    def skriv(self, namn: str, innehall: bytes, lage: int = 0o600) -> Path:
        """Replace the file `namn` (a path in the catalogue) whole, durably, with mode `lage`."""
        mal = self.mapp / namn
        fd, tillfallig = tempfile.mkstemp(dir=mal.parent, prefix=f".{mal.name}.")
        try:
            with os.fdopen(fd, "wb") as fil:
                fil.write(innehall)
                fil.flush()
                os.fchmod(fil.fileno(), lage)
                os.fsync(fil.fileno())
            Path(tillfallig).replace(mal)
            _bestaende(mal.parent)
        except BaseException:
            Path(tillfallig).unlink(missing_ok=True)
            raise
        return mal

    # -- the lock ---------------------------------------------------------------------------

    @property
    def lasfil(self) -> Path:
        """The file whose lock says that the catalogue is in use."""
        return self.mapp / "katalog.las"

    def las(self) -> None:
        """Take the catalogue until `las_upp` or our death; KatalogUpptagen where it is taken.

        The descriptor is not inherited: else the database server would keep the lock when we die.
        """
        if self._las is not None:
            return
        fd = os.open(self.lasfil, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        slut = time.monotonic() + LASFORSOK
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() < slut:
                    time.sleep(0.05)
                    continue
                os.close(fd)
                raise KatalogUpptagen(self._upptagen_text()) from None
        self._las = fd
        self.ta_bort_instans()  # what stands there belongs to a process that was killed

    def _upptagen_text(self) -> str:
        instans = self._las_instansfil()
        var = f" på {instans.url} (process {instans.pid})" if instans else ""
        return (
            f"Dygn kör redan i katalogen {self.mapp}{var}. "
            "Stoppa den med `dygn stoppa` eller välj en annan katalog med --katalog DIR."
        )

    def las_upp(self) -> None:
        """Let the catalogue go. Harmless where it is not held."""
        if self._las is not None:
            os.close(self._las)
            self._las = None

    @contextmanager
    def last(self) -> Iterator["Katalog"]:
        """Open, lock, and at the end forget the instance and let go."""
        self.oppna().las()
        try:
            yield self
        finally:
            self.ta_bort_instans()
            self.las_upp()

    @property
    def ar_last(self) -> bool:
        """Whether a living process (this one too) holds the catalogue."""
        if self._las is not None:
            return True
        try:
            fd = os.open(self.lasfil, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(fd)
        return False

    # -- the running instance ---------------------------------------------------------------

    @property
    def instansfil(self) -> Path:
        """Where the running installation tells of itself."""
        return self.mapp / "instans.json"

    def skriv_instans(self, instans: Instans) -> None:
        """Tell other commands where the installation answers. Write it when it does, not before."""
        self.skriv("instans.json", instans.som_json())

    def ta_bort_instans(self) -> None:
        """Forget the running installation."""
        self.instansfil.unlink(missing_ok=True)

    def instans(self) -> Instans | None:
        """The running installation, or None; a file left by a killed process does not count."""
        return self._las_instansfil() if self.ar_last else None

    def _las_instansfil(self) -> Instans | None:
        try:
            return Instans.ur_json(self.instansfil.read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return None

    # -- secrets ----------------------------------------------------------------------------

    @property
    def huvudnyckelfil(self) -> Path:
        """Where the master key lies. It must be backed up apart from the database."""
        return self.mapp / "huvudnyckel"

    def huvudnyckel(self) -> bytes:
        """The master key, 32 random bytes, made at the first call.

        It wraps every klient's key. Lost, no personal data can ever be read again; so a file of
        the wrong length is refused, never replaced.
        """
        if not self.huvudnyckelfil.exists():
            self.skriv("huvudnyckel", secrets.token_bytes(HUVUDNYCKEL_BYTE))
        return self._nyckelfil("huvudnyckel")

    def andra_huvudnycklar(self) -> list[bytes]:
        """Earlier master keys that may still wrap some klient's key; none but in an exchange."""
        return [nyckel] if (nyckel := self._nyckelfil(FORRA, krav=False)) else []

    def hashnyckel(self) -> bytes | None:
        """The key of hashes; ``None`` while that is the master key, which was never exchanged."""
        return self._nyckelfil(HASHNYCKEL, krav=False) or None

    def borja_nyckelbyte(self) -> None:
        """Put a new master key in the place of the one that is, and keep that to read with.

        An exchange that was begun and broken off goes on; in whatever order the disk kept the
        writes, every key that may wrap something is there.
        """
        nu = self.huvudnyckel()
        if self.hashnyckel() is None:
            self.skriv(HASHNYCKEL, nu)
        if self.andra_huvudnycklar() not in ([], [nu]):
            return
        self.skriv(FORRA, nu)
        self.skriv("huvudnyckel", secrets.token_bytes(HUVUDNYCKEL_BYTE))

    def sluta_nyckelbyte(self) -> None:
        """Nothing is wrapped by the earlier master key any more: forget it."""
        (self.mapp / FORRA).unlink(missing_ok=True)

    def _nyckelfil(self, namn: str, *, krav: bool = True) -> bytes:
        """The 32 bytes of a key's file, seen by nobody else; empty where it may be missing."""
        fil = self.mapp / namn
        if not krav and not fil.exists():
            return b""
        nyckel = fil.read_bytes()
        if len(nyckel) != HUVUDNYCKEL_BYTE:
            raise InbyggdFel(
                f"Huvudnyckeln {fil} ska vara {HUVUDNYCKEL_BYTE} byte men är "
                f"{len(nyckel)}. Återställ den från säkerhetskopian: utan rätt nyckel kan inga "
                "personuppgifter läsas."
            )
        if stat.S_IMODE(fil.stat().st_mode) & 0o077:
            raise InbyggdFel(
                f"Huvudnyckeln {fil} kan läsas av andra användare. Stäng den med: chmod 600 '{fil}'"
            )
        return nyckel

    # -- folders outside --------------------------------------------------------------------

    def _utemappar(self) -> dict[str, str]:
        try:
            kanda = json.loads((self.mapp / "utemappar.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return {str(namn): str(vag) for namn, vag in kanda.items()}

    def utemapp(self, namn: str) -> Path | None:
        """The folder outside the catalogue that it remembers as `namn`, if it is still ours.

        Folders under a common temp folder may be cleared and be made again by somebody else, so
        owner and mode are looked at each time.
        """
        vag = self._utemappar().get(namn)
        if vag is None:
            return None
        try:
            lage = os.lstat(vag)
        except OSError:
            return None
        ar_var = stat.S_ISDIR(lage.st_mode) and lage.st_uid == os.geteuid()
        return Path(vag) if ar_var and not lage.st_mode & 0o066 else None

    def gor_utemapp(self, namn: str, under: Path, lage: int = 0o700) -> Path:
        """Make a private folder under `under` and remember it as `namn`."""
        mapp = Path(tempfile.mkdtemp(prefix="dygn-", dir=under))
        mapp.chmod(lage)
        kanda = {**self._utemappar(), namn: str(mapp)}
        self.skriv("utemappar.json", json.dumps(kanda).encode())
        return mapp

    def radera(self) -> None:
        """Remove the catalogue and its folders outside. Hold the lock, stop the servers first."""
        for namn in self._utemappar():
            if mapp := self.utemapp(namn):
                shutil.rmtree(mapp)
        # The lock file goes last and stays held, so that nobody starts in the half of a catalogue.
        for del_ in self.mapp.iterdir():
            if del_ == self.lasfil:
                continue
            if del_.is_dir() and not del_.is_symlink():
                shutil.rmtree(del_)
            else:
                del_.unlink()
        if self._las is None:
            shutil.rmtree(self.mapp)


def _bestaende(mapp: Path) -> None:
    """What the folder lists is on the disk: files that replace each other do so in order."""
    fd = os.open(mapp, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sockelvag_duger(mapp: Path) -> bool:
    """Whether PostgreSQL's socket can lie in `mapp`: short enough, and no comma.

    The client library takes a comma in a host for the border between two hosts.
    """
    vag = str(mapp / SOCKELNAMN)
    # The lock file beside the socket has five characters more, but is an ordinary file.
    return len(os.fsencode(vag)) <= MAX_SOCKELVAG and "," not in vag
