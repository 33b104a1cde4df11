"""The client of a running installation: where its services answer, and how to ask them.

Guarantees
- A call that was lost on the way (no connection, 503, 409 for a simultaneous change) is made again
  with the same Idempotency-Key until ``TALAMOD`` seconds have passed, so that it counts once.
- A refusal becomes `Avvisad` with the problem document's own words, rule and places.
- The token is the installation's own kind; there is no way in beside it.

An embedded installation is found through its catalogue. One on a cluster is named by the
environment: ``DYGN_PLACERING_URL``, ``DYGN_LEVERANTOR_URL``, ``DYGN_UPPFOLJNING_URL`` and
``DYGN_TOKEN``.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx

from dygn.fel import DygnFel
from dygn.inbyggd.katalog import Instans, Katalog
from services.chassis.auth.issuer import Issuer
from services.chassis.auth.roles import Roll

Tjanst = Literal["placering", "leverantor", "uppfoljning"]
TJANSTER: tuple[Tjanst, ...] = ("placering", "leverantor", "uppfoljning")

KOMMUNKOD = "1490"
"""The kommun of an embedded installation."""
UTFARDARE = "dygn-inbyggd"
NYCKELFIL = "utfardare.json"
"""The embedded installation's issuer and its key in the catalogue, as `dygn.inbyggd.komposition`
has them. (That module brings every service along: a command that only asks need not wait for it.)
"""
AKTOR = "dygn-kommandorad"
"""The subject of tokens that the command line makes for itself."""
GILTIG = 3600
"""Seconds that a token of ours is valid; it is made anew when half of them have passed."""
TALAMOD = 60.0
"""Seconds that a call is tried again while the service does not answer."""
SVARSTID = 180.0
"""Seconds to wait for one answer: a large takeover is one transaction."""
_GOR_OM = frozenset({409, 502, 503, 504})

IMPORTROLLER = (Roll.SYSTEM,)
LASROLLER = (Roll.SYSTEM, Roll.EKONOM, Roll.RAPPORTOR, Roll.AVTALSCONTROLLER, Roll.ENHETSCHEF)


@dataclass(frozen=True, slots=True)
class Anmarkning:
    """A fault that an answer tells: where (a JSON pointer or a parameter), which rule, what."""

    pekare: str
    text: str
    regel: str | None = None


class Avvisad(DygnFel):
    """The service refused the call; the text is its problem document's."""

    def __init__(
        self, status: int, rubrik: str, detalj: str, anmarkningar: Sequence[Anmarkning] = ()
    ) -> None:
        self.status = status
        self.rubrik = rubrik
        self.detalj = detalj
        self.anmarkningar = tuple(anmarkningar)
        super().__init__("\n".join(self._rader()))

    def _rader(self) -> list[str]:
        rader = [f"{self.rubrik}: {self.detalj}" if self.detalj else self.rubrik]
        for en in self.anmarkningar:
            regel = f" ({en.regel})" if en.regel else ""
            rader.append(f"  {en.pekare}: {en.text}{regel}")
        return rader


class SvararInte(DygnFel):
    """The installation could not be reached in time."""


@dataclass(frozen=True, slots=True)
class Kvitto:
    """The answer to a command: its body, and the thing's version (the ETag to change it with)."""

    kropp: dict[str, Any]
    etag: str | None

    @property
    def id(self) -> str:
        """The id of the thing that the command was about."""
        return str(self.kropp["id"])


@dataclass(slots=True)
class Klient:
    """Asks the services of one installation. ``token`` gives a token that is valid now."""

    adresser: Mapping[Tjanst, str]
    token: Callable[[], str]
    transport: httpx.BaseTransport | None = None
    talamod: float = TALAMOD
    sov: Callable[[float], None] = time.sleep
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(
            transport=self.transport, timeout=httpx.Timeout(SVARSTID, connect=5.0)
        )

    def __enter__(self) -> "Klient":
        return self

    def __exit__(self, *_: object) -> None:
        self.stang()

    def stang(self) -> None:
        """Let the connections go."""
        self._http.close()

    def hamta(self, tjanst: Tjanst, vag: str, **fraga: str | None) -> Any:
        """The JSON that ``GET <service>/v1/<vag>`` answers; parameters that are None are left out.

        Raises `Avvisad` or `SvararInte`.
        """
        givna = {namn: varde for namn, varde in fraga.items() if varde is not None}
        return self._anropa("GET", self._url(tjanst, vag), givna, None, {}).json()

    def skicka(
        self,
        tjanst: Tjanst,
        vag: str,
        kropp: Mapping[str, Any],
        *,
        nyckel: str | None = None,
        etag: str | None = None,
    ) -> Kvitto:
        """Post a command. ``nyckel`` makes it the same command if it is sent again.

        Raises `Avvisad` or `SvararInte`.
        """
        huvuden = {"Idempotency-Key": nyckel or uuid4().hex}
        if etag is not None:
            huvuden["If-Match"] = etag
        svar = self._anropa("POST", self._url(tjanst, vag), {}, kropp, huvuden)
        return Kvitto(svar.json(), svar.headers.get("ETag"))

    def _url(self, tjanst: Tjanst, vag: str) -> str:
        return f"{self.adresser[tjanst].rstrip('/')}/v1/{vag}"

    def _anropa(
        self,
        metod: str,
        url: str,
        fraga: Mapping[str, str],
        kropp: Mapping[str, Any] | None,
        huvuden: Mapping[str, str],
    ) -> httpx.Response:
        slut = time.monotonic() + self.talamod
        paus = 0.1
        while True:
            sist: str
            try:
                svar = self._http.request(
                    metod,
                    url,
                    params=fraga,
                    json=kropp,
                    headers={**huvuden, "Authorization": f"Bearer {self.token()}"},
                )
            except httpx.TransportError as fel:
                sist, vanta = f"{url} svarar inte ({type(fel).__name__}).", paus
            else:
                if svar.status_code not in _GOR_OM:
                    return _godkant(svar)
                sist, vanta = str(_avvisning(svar)), max(paus, _om_sekunder(svar))
            if time.monotonic() + vanta > slut:
                raise SvararInte(f"{sist}\nGav upp efter {self.talamod:g} sekunder.")
            self.sov(vanta)
            paus = min(paus * 2, 5.0)


def _om_sekunder(svar: httpx.Response) -> float:
    """What Retry-After asks for, but never so long that a service that is back stands waiting."""
    sagt = svar.headers.get("Retry-After", "")
    return min(float(sagt), 2.0) if sagt.isdecimal() else 0.0


def _godkant(svar: httpx.Response) -> httpx.Response:
    if svar.is_success:
        return svar
    raise _avvisning(svar)


def _avvisning(svar: httpx.Response) -> Avvisad:
    try:
        problem = svar.json()
        return Avvisad(
            svar.status_code,
            str(problem["title"]),
            str(problem.get("detail", "")),
            [
                Anmarkning(str(fel["pointer"]), str(fel["detail"]), fel.get("regel"))
                for fel in problem.get("errors", [])
            ],
        )
    except (ValueError, KeyError, TypeError):
        return Avvisad(svar.status_code, f"Tjänsten svarade {svar.status_code}", svar.reason_phrase)


# --- which installation ------------------------------------------------------------------------


def token(
    katalog: Katalog,
    roller: Sequence[Roll],
    *,
    kommunkod: str = KOMMUNKOD,
    arbetsenheter: Sequence[str] | None = None,
    giltig: int = GILTIG,
) -> str:
    """A token of the catalogue's own issuer, valid for ``giltig`` seconds.

    It holds in these arbetsenheter; ``None``: in the whole kommun.
    """
    fil = katalog.mapp / NYCKELFIL
    if not fil.exists():
        raise DygnFel(f"Utfärdarens nyckel {fil} saknas. Starta om installationen.")
    return Issuer(fil, issuer=UTFARDARE).token(
        subject=AKTOR,
        kommunkod=kommunkod,
        roller=roller,
        arbetsenheter=arbetsenheter,
        valid_seconds=giltig,
    )


def _instans(katalog: Katalog) -> Instans:
    instans = katalog.instans()
    if instans is None:
        raise DygnFel(
            f"Ingen installation är igång i {katalog.mapp}. "
            "Starta den med `dygn starta`, eller peka ut en annan katalog med --katalog DIR."
        )
    return instans


class _Tokenmakare:
    """Makes tokens of a catalogue's issuer, a new one well before the old expires."""

    def __init__(self, katalog: Katalog, roller: Sequence[Roll], kommunkod: str) -> None:
        self._katalog = katalog
        self._kommunkod = kommunkod
        self._roller = tuple(roller)
        self._token = ""
        self._byt = 0.0

    def __call__(self) -> str:
        if time.monotonic() >= self._byt:
            self._token = token(self._katalog, self._roller, kommunkod=self._kommunkod)
            self._byt = time.monotonic() + GILTIG / 2
        return self._token


def anslut(
    katalog: Path | None,
    roller: Sequence[Roll],
    miljo: Mapping[str, str] = os.environ,
    *,
    kommunkod: str = KOMMUNKOD,
) -> Klient:
    """The client of the installation that runs in the catalogue, or that the environment names.

    A catalogue that is named goes before the environment, whose token has a kommun of its own.
    DygnFel where nothing runs.
    """
    if katalog is None and (utpekade := ur_miljon(miljo)):
        return utpekade
    var = Katalog(katalog)
    url = _instans(var).url
    return mot_instans(var, url, roller, kommunkod=kommunkod)


def mot_instans(
    katalog: Katalog, url: str, roller: Sequence[Roll], *, kommunkod: str = KOMMUNKOD
) -> Klient:
    """The client of the embedded installation of the catalogue, which answers at ``url``."""
    adresser = {tjanst: f"{url.rstrip('/')}/{tjanst}" for tjanst in TJANSTER}
    return Klient(adresser, _Tokenmakare(katalog, roller, kommunkod))


def ur_miljon(miljo: Mapping[str, str] = os.environ) -> Klient | None:
    """The client of the installation that the environment names, if it names one."""
    adresser = {tjanst: miljo.get(f"DYGN_{tjanst.upper()}_URL", "") for tjanst in TJANSTER}
    fardig = miljo.get("DYGN_TOKEN", "")
    if not any(adresser.values()):
        return None
    saknas = [f"DYGN_{tjanst.upper()}_URL" for tjanst in TJANSTER if not adresser[tjanst]]
    saknas += [] if fardig else ["DYGN_TOKEN"]
    if saknas:
        raise DygnFel(f"Miljön pekar ut en installation, men saknar {', '.join(saknas)}.")
    return Klient(adresser, lambda: fardig)
