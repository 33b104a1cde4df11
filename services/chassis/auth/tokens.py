"""Bearer tokens: an OIDC access token becomes an identity, or is refused.

Guarantees that only tokens of the one issuer, for this audience, unexpired and signed with the one
algorithm that is pinned here are taken; whatever a token says of its own algorithm is not asked.
Keys are fetched when first needed, kept, and fetched again when a token names an unknown key (at
most once in a while, so that made-up key ids cannot be used to hammer the issuer). A token that
has been checked is remembered until it expires, because checking costs more than the command.
"""

import json
import math
import re
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.auth.roles import Identity, Roll

ALGORITHM = "ES256"
LEEWAY = 30
"""Seconds by which clocks may differ."""
_REFETCH_AFTER = 10.0
_RETRY_AFTER = 1.0
"""Seconds between two questions to the issuer: when it has answered before, and when it has not."""
_TIMEOUT = 5.0
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
        self._keys_lock = threading.Lock()
        self._keys: KeySet | None = None
        self._asked = -math.inf
        self._unanswered = False
        # A lock of its own: nobody who has been checked before waits for a slow issuer.
        self._seen_lock = threading.Lock()
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
        with self._seen_lock:
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
        with self._seen_lock:
            self._seen[token] = (float(claims["exp"]), identity)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return identity

    def _verified(self, token: str) -> dict[str, Any]:
        keys = self._known_keys(_key_id(token))
        try:
            return dict(jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)
        except (JoseError, ValueError, TypeError):
            raise InvalidToken("Token kan inte kontrolleras mot utfärdarens nycklar.") from None

    def _known_keys(self, key_id: str | None) -> KeySet:
        """The issuer's keys, asked for again when ``key_id`` is none of them."""
        with self._keys_lock:
            if self._keys is None:
                self._ask(_RETRY_AFTER)
            if self._keys is None:
                raise KeysUnavailable
            if not _has(self._keys, key_id):
                self._ask(_REFETCH_AFTER)
                if self._unanswered:
                    raise KeysUnavailable  # it could be a new key, and nobody can say
            return self._keys

    def _ask(self, wait: float) -> None:
        """Fetch the keys, unless they were asked for less than ``wait`` seconds ago."""
        if time.monotonic() - self._asked < wait:
            return
        self._asked = time.monotonic()
        try:
            self._keys = self._read()
            self._unanswered = False
        except (httpx.HTTPError, JoseError, OSError, ValueError, TypeError, KeyError):
            self._unanswered = True

    def _read(self) -> KeySet:
        if self._file is not None:
            return KeySet.import_key_set(json.loads(self._file.read_bytes()))
        assert self._url is not None
        answer = httpx.get(self._url, timeout=_TIMEOUT).raise_for_status()
        return KeySet.import_key_set(answer.json())


def _has(keys: KeySet, key_id: str | None) -> bool:
    return any(key.kid == key_id for key in keys.keys)


def _key_id(token: str) -> str | None:
    """The key that the token says it is signed with; :class:`InvalidToken` when it is no token."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError):
        raise InvalidToken("Token är inte en JWT.") from None
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None


def _reason(error: JoseError) -> str:
    if error.error == "expired_token":
        return "Token har gått ut."
    claim = getattr(error, "claim", None)
    return f"Token har fel eller saknar uppgiften {claim}." if claim else "Token är ogiltig."


def _identity(claims: dict[str, Any]) -> Identity:
    kommunkod = claims.get("kommunkod")
    if not (isinstance(kommunkod, str) and re.fullmatch(r"[0-9]{4}", kommunkod)):
        raise InvalidToken("Token saknar uppgiften kommunkod (fyra siffror).")
    roller = claims.get("roller")
    if not isinstance(roller, list):
        raise InvalidToken("Token saknar uppgiften roller.")
    known = {roll.value for roll in Roll}
    return Identity(
        subject=str(claims["sub"]),
        kommunkod=kommunkod,
        roller=frozenset(Roll(roll) for roll in roller if isinstance(roll, str) and roll in known),
        arbetsenheter=_arbetsenheter(claims),
        efternamn=_efternamn(claims),
    )


def _efternamn(claims: dict[str, Any]) -> str | None:
    """OIDC's ``family_name``: it opens nothing, so one that is no text is passed over."""
    namn = claims.get("family_name")
    return namn if isinstance(namn, str) else None


def _arbetsenheter(claims: dict[str, Any]) -> frozenset[str] | None:
    """A claim that is there always bounds; what is not a list of names must not come to widen."""
    if "arbetsenheter" not in claims:
        return None
    enheter = claims["arbetsenheter"]
    if not isinstance(enheter, list) or not all(
        isinstance(enhet, str) and enhet for enhet in enheter
    ):
        raise InvalidToken("Uppgiften arbetsenheter i token ska vara en lista med namn.")
    return frozenset(enheter)
