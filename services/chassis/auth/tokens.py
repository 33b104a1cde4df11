"""Bearer tokens: an OIDC access token becomes an identity, or is refused.

Guarantees that only tokens of the one issuer, for this audience, unexpired and signed with the one
algorithm that is pinned here are taken; whatever a token says of its own algorithm is not asked.
Keys are fetched when first needed, kept, and fetched again when a token names an unknown key (at
most once in a while, so that made-up key ids cannot be used to hammer the issuer). A token that
has been checked is remembered until it expires, because checking costs more than the command.
"""

import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.auth.roles import Identity, Roll

ALGORITHM = "ES256"
LEEWAY = 30
"""Seconds by which clocks may differ."""
_REFETCH_AFTER = 10.0
_REMEMBERED = 1024


class InvalidToken(Exception):
    """The token proves nothing; the text says why, in Swedish, and may be shown."""


class KeysUnavailable(Exception):
    """The issuer's keys cannot be read now (503)."""


class TokenChecker:
    """Checks tokens of one issuer; safe to call from several threads."""

    def __init__(
        self, *, issuer: str, audience: str, jwks_url: str | None, jwks_file: Path | None
    ) -> None:
        if (jwks_url is None) == (jwks_file is None):
            raise ValueError("ange antingen jwks_url eller jwks_file")
        self._url = jwks_url
        self._file = jwks_file
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched = 0.0
        self._seen: OrderedDict[str, tuple[float, Identity]] = OrderedDict()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def remembered(self, token: str) -> Identity | None:
        """Who the token speaks for, if it has been checked before and is still valid."""
        with self._lock:
            expires, identity = self._seen.get(token, (0.0, None))
            return identity if time.time() < expires else None

    def identity(self, token: str) -> Identity:
        """Who the token speaks for; :class:`InvalidToken` or :class:`KeysUnavailable`."""
        claims = self._verified(token)
        try:
            self._claims.validate(claims)
        except JoseError as error:
            raise InvalidToken(_reason(error)) from None
        identity = _identity(claims)
        with self._lock:
            self._seen[token] = (float(claims["exp"]), identity)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return identity

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            return self._decoded(token, self._known_keys(refetch=False))
        except (JoseError, ValueError):
            pass
        try:
            return self._decoded(token, self._known_keys(refetch=True))
        except (JoseError, ValueError):
            raise InvalidToken("Token kan inte kontrolleras mot utfärdarens nycklar.") from None

    @staticmethod
    def _decoded(token: str, keys: KeySet) -> dict[str, Any]:
        return dict(jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)

    def _known_keys(self, *, refetch: bool) -> KeySet:
        with self._lock:
            if self._keys is None or (
                refetch and time.monotonic() - self._fetched > _REFETCH_AFTER
            ):
                self._keys = KeySet.import_key_set(self._read())
                self._fetched = time.monotonic()
            return self._keys

    def _read(self) -> Any:
        try:
            if self._file is not None:
                return httpx.Response(200, content=self._file.read_bytes()).json()
            assert self._url is not None
            return httpx.get(self._url, timeout=5.0).raise_for_status().json()
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise KeysUnavailable from error


def _reason(error: JoseError) -> str:
    if error.error == "expired_token":
        return "Token har gått ut."
    claim = getattr(error, "claim", None)
    return f"Token har fel eller saknar uppgiften {claim}." if claim else "Token är ogiltig."


def _identity(claims: dict[str, Any]) -> Identity:
    kommunkod = claims.get("kommunkod")
    if not (isinstance(kommunkod, str) and kommunkod.isdecimal() and len(kommunkod) == 4):
        raise InvalidToken("Token saknar uppgiften kommunkod (fyra siffror).")
    roller = claims.get("roller")
    enheter = claims.get("arbetsenheter", [])
    if not isinstance(roller, list) or not isinstance(enheter, list):
        raise InvalidToken("Token saknar uppgiften roller.")
    known = {roll.value for roll in Roll}
    return Identity(
        subject=str(claims["sub"]),
        kommunkod=kommunkod,
        roller=frozenset(Roll(roll) for roll in roller if roll in known),
        arbetsenheter=frozenset(str(enhet) for enhet in enheter),
    )
