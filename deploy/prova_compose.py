"""Tries the compose for real: start it, work in it, kill parts of it, take it away.

Guarantees that what it started is gone when it ends, volumes too, whether it went well, failed, or
was told to stop (Ctrl-C, SIGTERM); that it touches no other project, since it runs under a name,
passwords and ports of its own; and that it ends: every wait has a limit. Exit code 0 means that
each step was seen, 1 that one failed; then the end of each process's log is printed.

What is seen: every process becomes healthy; a placement posted to one service is priced from
another's and costed by the third; a stream process, the broker and the database server are killed
(SIGKILL) in turn while placements go in, and every one is in the report afterwards, once; all of it
stopped and started tells the same; ``dygn demo`` runs against it and gives its real decisions back.

    deploy/prova-compose [--behall]     --behall: leave it running, and say how to take it away
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from dygn.klient import TJANSTER, Klient, Tjanst
from dygn.overforing.invantan import vanta_in

ROT = Path(__file__).resolve().parent.parent
PROCESSER = ("api", "strom")
BYGGTID = 900
"""Seconds to build the image and start everything, fetching included."""
STARTTID = 240
"""Seconds until a part that was started is healthy."""
IKAPP = 120.0
"""Seconds until every stream has caught up."""
STOPPTID = 180
DYGNSPRIS = 450_000
"""Öre."""
FRAN, TILL = "2025-03-01", "2025-03-31"
DYGN = 31
EVB_RADER = 58
"""Real decisions that the demo imports and the report must give back."""


class Misslyckat(Exception):
    """A step was not seen; the text says which."""


def steg(text: str) -> None:
    """Tell what is done now, and how long since the start."""
    print(f"[{time.monotonic() - BORJAN:6.1f} s] {text}", flush=True)  # noqa: T201


BORJAN = time.monotonic()


def compose_kommando() -> list[str]:
    """`docker compose`, or the older program of its own."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    raise Misslyckat("varken docker compose eller docker-compose finns")


def lediga_portar(antal: int) -> list[int]:
    """Ports on loopback that nobody listens on right now."""
    uttag = [socket.socket() for _ in range(antal)]
    try:
        for ett in uttag:
            ett.bind(("127.0.0.1", 0))
        return [int(ett.getsockname()[1]) for ett in uttag]
    finally:
        for ett in uttag:
            ett.close()


@dataclass(slots=True)
class Projekt:
    """The throw-away compose project."""

    envfil: Path
    namn: str = f"dygn-prov-{os.getpid()}"
    kommando: list[str] = field(default_factory=compose_kommando)
    portar: dict[str, int] = field(
        default_factory=lambda: dict(zip(TJANSTER, lediga_portar(len(TJANSTER)), strict=True))
    )

    def argv(self, *argument: str) -> list[str]:
        """The whole command line of a compose command."""
        filer = ["--env-file", str(self.envfil), "-f", str(ROT / "docker-compose.yml")]
        return [*self.kommando, *filer, "-p", self.namn, *argument]

    def miljo(self) -> dict[str, str]:
        """The environment, with our ports instead of the user's."""
        portar = {f"DYGN_PORT_{namn.upper()}": str(port) for namn, port in self.portar.items()}
        egen = {"COMPOSE_PROJECT_NAME": self.namn, "DYGN_BILD": "dygn:prov"}
        return {**os.environ, **portar, **egen}

    def kor(self, *argument: str, tid: float = 120, visa: bool = False) -> str:
        """Run a compose command; Misslyckat with what it said when it fails."""
        try:
            svar = subprocess.run(
                self.argv(*argument),
                env=self.miljo(),
                cwd=ROT,
                stdin=subprocess.DEVNULL,
                stdout=None if visa else subprocess.PIPE,
                stderr=None if visa else subprocess.PIPE,
                text=True,
                timeout=tid,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Misslyckat(f"compose {' '.join(argument)} tog över {tid:g} s") from None
        if svar.returncode != 0:
            raise Misslyckat(f"compose {' '.join(argument)}:\n{svar.stderr or ''}")
        return svar.stdout or ""

    def url(self, tjanst: str) -> str:
        """Where the service's API answers."""
        return f"http://127.0.0.1:{self.portar[tjanst]}"

    def halsa(self) -> dict[str, str]:
        """Each container's health (or state, where it has none), by the service's name."""
        ider = self.kor("ps", "-q").split()
        if not ider:
            return {}
        svar = subprocess.run(
            ["docker", "inspect", *ider], capture_output=True, text=True, check=True, timeout=30
        )
        lagen = {}
        for en in json.loads(svar.stdout):
            tjanst = en["Config"]["Labels"]["com.docker.compose.service"]
            lagen[tjanst] = en["State"].get("Health", {}).get("Status", en["State"]["Status"])
        return lagen

    def vanta_frisk(self) -> None:
        """Wait until every lasting process is healthy."""
        vantade = {"postgres", "kafka"} | {f"{t}-{p}" for t in TJANSTER for p in PROCESSER}
        slut = time.monotonic() + STARTTID
        while True:
            lagen = self.halsa()
            sjuka = {namn: lagen.get(namn, "saknas") for namn in sorted(vantade)}
            sjuka = {namn: lage for namn, lage in sjuka.items() if lage != "healthy"}
            if not sjuka:
                return
            if time.monotonic() > slut:
                raise Misslyckat(f"inte friska efter {STARTTID} s: {sjuka}")
            time.sleep(1)

    def redo(self, container: str) -> bool:
        """What the process's own /readyz says now, asked from inside its container."""
        fraga = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"
        svar = subprocess.run(
            self.argv("exec", "-T", container, "python", "-c", fraga),
            env=self.miljo(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
        return svar.returncode == 0


def vanta_tills(vad: str, sant: Callable[[], bool], tid: float) -> None:
    """Ask until it is true; Misslyckat when the time is out."""
    slut = time.monotonic() + tid
    while not sant():
        if time.monotonic() > slut:
            raise Misslyckat(f"{vad}: inte på {tid:g} s")
        time.sleep(0.5)


# --- the work ------------------------------------------------------------------------------------


class Arbete:
    """A small world posted over REST, and the report's sum that it must give."""

    def __init__(self, klient: Klient) -> None:
        self.klient = klient
        self.placerade = 0
        self._enhet = ""

    def leverantor(self) -> None:
        """A supplier with a unit, an avtal and a price, known to the service that places."""
        leverantor = self.klient.skicka(
            "leverantor",
            "leverantorer",
            {"organisationsnummer": "556036-0793", "namn": "Provhemmet AB"},
        )
        enhet = self.klient.skicka(
            "leverantor", "enheter", {"leverantor": leverantor.id, "namn": "Provhemmet Norr"}
        )
        self._enhet = enhet.id
        self.klient.skicka(
            "leverantor",
            "avtal",
            {"leverantor": leverantor.id, "omrade": "HVB barn och unga", "fran": "2024-01-01"},
        )
        self.klient.skicka(
            "leverantor",
            f"enheter/{enhet.id}/priser",
            {"fran": "2024-01-01", "dygnspris_ore": DYGNSPRIS},
            etag=enhet.etag,
        )
        vanta_in(self.klient, ["placering"], IKAPP)

    def placera(self) -> None:
        """A new person, decided on and placed from the first day of the report on."""
        nummer = self.placerade + 1
        person = self._posta(
            "klienter",
            {"namn": f"Påhittad Provperson {nummer}", "fodelsedatum": "2010-05-17", "kon": "K"},
        )
        beslut = self._posta(
            "beslut",
            {
                "klient": person,
                "lagrum": "4 kap. 1 § SoL",
                "insatstyp": "HVB",
                "beslutsdatum": "2025-02-20",
                "namnd": "Provnämnden",
                "beslutsfattare": {
                    "slag": "tjansteman",
                    "roll": "enhetschef",
                    "arbetsenhet": "Provenheten",
                },
            },
        )
        self._posta(
            "placeringar",
            {
                "klient": person,
                "beslut": beslut,
                "placeringsform": "hvb",
                "leverantor": "556036-0793",
                "enhet": self._enhet,
                "fran": FRAN,
            },
        )
        self.placerade = nummer

    def _posta(self, vag: str, kropp: Mapping[str, Any]) -> str:
        return self.klient.skicka("placering", vag, kropp).id

    def summa(self) -> tuple[int, int, int]:
        """Persons, days and öre of the report's period, as the report tells them now."""
        rapport = self.klient.hamta(
            "uppfoljning", "rapporter/dygnskostnader", fran=FRAN, till=TILL, snitt="leverantor"
        )
        summa = rapport["summa"]
        return summa["antal_placerade"], summa["debiterade_dygn"], summa["kostnad_ore"]

    def vantad(self) -> tuple[int, int, int]:
        """What the report must say when all has arrived."""
        antal = self.placerade
        return antal, antal * DYGN, antal * DYGN * DYGNSPRIS

    def kontrollera(self) -> None:
        """Wait for the streams and compare the report's sum."""
        fore = time.monotonic()
        vanta_in(self.klient, ["placering", "uppfoljning"], IKAPP)
        fick, vantade = self.summa(), self.vantad()
        if fick != vantade:
            raise Misslyckat(f"rapporten säger {fick}, ska vara {vantade}")
        personer, dygn, ore = fick
        steg(
            f"ikapp efter {time.monotonic() - fore:.1f} s; rapporten: {personer} personer, "
            f"{dygn} dygn, {ore / 100:.2f} kr, som det ska vara"
        )


def starta(projekt: Projekt) -> str:
    """Build and start everything; returns a token."""
    steg(f"bygger och startar {projekt.namn} …")
    projekt.kor("build", "--quiet", tid=BYGGTID)
    steg("avbilden är byggd")
    projekt.kor("up", "--detach", tid=BYGGTID)
    projekt.vanta_frisk()
    steg("alla processer är friska")
    return projekt.kor("run", "--rm", "-T", "utfardare", "token", "--roll", "system").strip()


def prova(projekt: Projekt) -> None:
    """Every step in order; Misslyckat at the first that is not seen."""
    token = starta(projekt)
    adresser = {tjanst: projekt.url(tjanst) for tjanst in TJANSTER}
    if httpx.get(f"{adresser['placering']}/v1/placeringar").status_code != 401:
        raise Misslyckat("ett anrop utan token avvisades inte")
    with Klient(adresser, lambda: token) as klient:
        arbete = Arbete(klient)
        arbete.leverantor()
        arbete.placera()
        arbete.kontrollera()
        dodad_strom(projekt, arbete)
        dodad_maklare(projekt, arbete)
        dodad_databas(projekt, arbete)
        omstart(projekt, arbete)
    demo(adresser, token)


def dodad_strom(projekt: Projekt, arbete: Arbete) -> None:
    """Events that come while a reader is dead are in the report when it is back."""
    steg("dödar uppfoljning-strom (SIGKILL) och placerar en till")
    fore = arbete.summa()
    projekt.kor("kill", "uppfoljning-strom")
    arbete.placera()
    time.sleep(3)
    if arbete.summa() != fore:
        raise Misslyckat("rapporten ändrades fast den som viker var död")
    projekt.kor("start", "uppfoljning-strom")
    arbete.kontrollera()
    steg("dödar placering-strom (utgivaren) och placerar en till")
    projekt.kor("kill", "placering-strom")
    arbete.placera()
    projekt.kor("start", "placering-strom")
    arbete.kontrollera()


def dodad_maklare(projekt: Projekt, arbete: Arbete) -> None:
    """Commands go on while the broker is dead; the stream process says that it is not ready."""
    steg("dödar kafka och placerar en till")
    projekt.kor("kill", "kafka")
    arbete.placera()
    vanta_tills(
        "placering-strom är inte redo utan Kafka", lambda: not projekt.redo("placering-strom"), 90
    )
    steg("placeringen togs emot; placering-strom säger att den inte är redo")
    projekt.kor("start", "kafka")
    projekt.vanta_frisk()
    steg("alla friska igen, av sig själva")
    arbete.kontrollera()


def dodad_databas(projekt: Projekt, arbete: Arbete) -> None:
    """Without the database the API is not ready (503); with it back all goes on."""
    steg("dödar postgres")
    projekt.kor("kill", "postgres")
    adress = projekt.url("placering") + "/readyz"
    vanta_tills("503 utan databas", lambda: httpx.get(adress, timeout=20).status_code == 503, 60)
    steg("placering-api svarar 503 på /readyz")
    projekt.kor("start", "postgres")
    vanta_tills("200 med databas", lambda: httpx.get(adress, timeout=20).status_code == 200, 90)
    arbete.placera()
    arbete.kontrollera()
    projekt.vanta_frisk()


def omstart(projekt: Projekt, arbete: Arbete) -> None:
    """All stopped and started tells the same."""
    steg("stoppar allt och startar det igen")
    projekt.kor("stop", tid=STOPPTID)
    steg("stoppat")
    projekt.kor("up", "--detach", tid=STARTTID)
    projekt.vanta_frisk()
    arbete.kontrollera()
    arbete.placera()
    arbete.kontrollera()


def demo(adresser: Mapping[Tjanst, str], token: str) -> None:
    """The command line's own demo, and its real decisions read back as CSV."""
    steg("kör dygn demo mot installationen")
    miljo = {**os.environ, "DYGN_TOKEN": token}
    miljo |= {f"DYGN_{namn.upper()}_URL": url for namn, url in adresser.items()}
    kor_dygn(["demo", "--utan-start"], miljo)
    evb = kor_dygn(
        ["rapport", "evb", "--per", "2023-12-31", "--lag", "LSS", "--format", "csv"], miljo
    )
    rader = len(evb.splitlines()) - 1
    if rader != EVB_RADER:
        raise Misslyckat(f"rapporten om ej verkställda beslut har {rader} rader, inte {EVB_RADER}")
    steg(f"demonstrationen gick igenom; {rader} ej verkställda beslut tillbaka")


def kor_dygn(argument: Sequence[str], miljo: Mapping[str, str]) -> str:
    """Run the command line; what it wrote on standard output."""
    svar = subprocess.run(
        [sys.executable, "-m", "dygn", *argument],
        env=dict(miljo),
        cwd=ROT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if svar.returncode != 0:
        raise Misslyckat(f"dygn {' '.join(argument)}: {svar.returncode}\n{svar.stderr[-3000:]}")
    return svar.stdout


# --- around it -----------------------------------------------------------------------------------


@contextmanager
def projekt_som_tas_bort(*, behall: bool) -> Iterator[Projekt]:
    """The project with passwords of its own; its containers, volumes and files go at the end."""
    mapp = Path(tempfile.mkdtemp(prefix="dygn-prov-"))
    envfil = mapp / "env"
    subprocess.run([str(ROT / "deploy" / "losenord"), str(envfil)], check=True, capture_output=True)
    projekt = Projekt(envfil)
    try:
        yield projekt
    except BaseException:
        subprocess.run(projekt.argv("logs", "--tail=15", "--no-color"), env=projekt.miljo())
        raise
    finally:
        if behall:
            steg(f"kvar; ta bort med: {' '.join(projekt.argv('down', '-v'))}")
        else:
            steg("tar bort allt")
            ned = projekt.argv("down", "--volumes", "--remove-orphans", "--timeout", "20")
            subprocess.run(ned, env=projekt.miljo(), capture_output=True, timeout=STOPPTID)
            shutil.rmtree(mapp, ignore_errors=True)


def main() -> int:
    """Try it; the exit code."""
    tolk = argparse.ArgumentParser(description="Provar docker-compose.yml på riktigt.")
    tolk.add_argument("--behall", action="store_true", help="låt det stå kvar igång")
    behall = tolk.parse_args().behall
    # SIGTERM as Ctrl-C, so that what was started is taken away then as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with projekt_som_tas_bort(behall=behall) as projekt:
            prova(projekt)
    except Misslyckat as fel:
        steg(f"MISSLYCKADES: {fel}")
        return 1
    except KeyboardInterrupt:
        steg("avbruten")
        return 130
    steg("allt gick bra")
    return 0


if __name__ == "__main__":
    sys.exit(main())
