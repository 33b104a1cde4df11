"""The broker's jars: exactly the committed list, fetched once, compared by sha256 at every start.

No dependency is resolved here: `kafka_jars.txt` names every jar and its hash, so two installations
never run different code, and a registry or mirror that answers something else is found out.
(jgo computes hashes but does not compare them, and its resolution of the tree takes 20 s and may
fetch a JDK; so only its download of single named files is used. It honours the user's mirrors.)
"""

import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dygn.inbyggd.fel import JarFel

VERSION = "4.3.0"
LISTA = Path(__file__).with_name("kafka_jars.txt")
SAMTIDIGA = 6
"""Downloads at a time."""

Framsteg = Callable[[int, int], None]
"""Called with (jars fetched, jars to fetch), first with (0, n); not at all when none is missing."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One file: its Maven coordinates and what its bytes must hash to."""

    grupp: str
    artefakt: str
    version: str
    sha256: str

    @property
    def filnamn(self) -> str:
        """The file's name in the cache."""
        return f"{self.artefakt}-{self.version}.jar"


Hamtare = Callable[[Jar, Path], Path]
"""Fetch one jar into a folder of its own; returns the file."""


def las_lista(fil: Path = LISTA) -> list[Jar]:
    """The committed list; JarFel on a line that is no jar."""
    jars = []
    for nummer, rad in enumerate(fil.read_text("ascii").splitlines(), start=1):
        if not rad.strip() or rad.startswith("#"):
            continue
        try:
            sha256, koordinat = rad.split()
            grupp, artefakt, version = koordinat.split(":")
        except ValueError:
            raise JarFel(f"{fil}: rad {nummer} går inte att läsa: {rad!r}") from None
        jars.append(Jar(grupp, artefakt, version, sha256))
    return jars


def cachemapp() -> Path:
    """The user's cache folder for this version's jars; they can always be fetched again."""
    if sys.platform == "darwin":
        bas = Path.home() / "Library" / "Caches"
    else:
        xdg = Path(os.environ.get("XDG_CACHE_HOME", ""))
        bas = xdg if xdg.is_absolute() else Path.home() / ".cache"
    return bas / "dygn" / f"kafka-{VERSION}"


def granska(fil: Path, jar: Jar) -> None:
    """JarFel unless the file is the jar, byte for byte."""
    with fil.open("rb") as innehall:
        fick = hashlib.file_digest(innehall, "sha256").hexdigest()
    if fick != jar.sha256:
        raise JarFel(
            f"{fil} är inte den {jar.filnamn} som väntades och används inte.\n"
            f"  väntad sha256 {jar.sha256}\n  filens sha256 {fick}\n"
            "Ta bort filen, så hämtas den igen. Händer det igen är källan eller nätet att misstro."
        )


def _hamta(jar: Jar, mapp: Path) -> Path:
    """Through jgo, which knows where Maven's files are and the user's own mirrors."""
    try:
        from jgo.config import GlobalSettings
        from jgo.maven import MavenContext
    except ImportError:
        raise JarFel(
            "Paketet jgo saknas: det hämtar Kafkas filer. Installera dygn med tillägget inbyggd."
        ) from None
    egna = GlobalSettings.load().repositories
    sammanhang = MavenContext(repo_cache=mapp, timeout=60)
    if egna:  # the user's own first; what is in neither is an error
        sammanhang.remote_repos = {**egna, **sammanhang.remote_repos}
    artefakt = sammanhang.project(jar.grupp, jar.artefakt).at_version(jar.version).artifact()
    return Path(artefakt.resolve())


@contextmanager
def _ensam(mapp: Path) -> Iterator[None]:
    """One process at a time fills the cache; the next finds it filled."""
    mapp.mkdir(parents=True, exist_ok=True)
    with (mapp / ".las").open("w") as las:
        fcntl.flock(las, fcntl.LOCK_EX)
        yield


def _hamta_till(jar: Jar, mapp: Path, hamtare: Hamtare) -> None:
    """Fetch beside, check, then give it its name: a file in the cache is always whole and right."""
    with tempfile.TemporaryDirectory(prefix=".hamtar-", dir=mapp) as halv:
        try:
            fil = hamtare(jar, Path(halv))
        except JarFel:
            raise
        except Exception as fel:  # whatever the client raises, the user needs one sentence
            raise JarFel(
                f"{jar.filnamn} kunde inte hämtas ({type(fel).__name__}: {fel}). "
                "Kafka behöver nätet första gången; utan --kafka behövs det inte."
            ) from fel
        granska(fil, jar)
        fil.replace(mapp / jar.filnamn)


def jars(
    mapp: Path | None = None,
    *,
    framsteg: Framsteg = lambda _klara, _alla: None,
    lista: Sequence[Jar] | None = None,
    hamtare: Hamtare = _hamta,
) -> list[Path]:
    """Every jar of the list, fetched where missing, each checked; JarFel on any that is wrong."""
    mapp = mapp or cachemapp()
    lista = las_lista() if lista is None else lista
    with _ensam(mapp):
        saknas = [jar for jar in lista if not (mapp / jar.filnamn).exists()]
        if saknas:
            framsteg(0, len(saknas))
            with ThreadPoolExecutor(SAMTIDIGA) as pool:
                hamtningar = [pool.submit(_hamta_till, jar, mapp, hamtare) for jar in saknas]
                try:
                    for klara, hamtning in enumerate(as_completed(hamtningar), start=1):
                        hamtning.result()
                        framsteg(klara, len(saknas))
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
    for jar in lista:
        granska(mapp / jar.filnamn, jar)
    return [mapp / jar.filnamn for jar in lista]
