"""An issuer of tokens for embedded mode: one key pair, kept in a file that only the owner reads.

Guarantees the same kind of token as a real issuer gives, so that the services check it in the same
way; there is no back door. It is for one machine: the composition serves the public key on
loopback, and whoever can read the private key's file is that machine's owner anyway.
"""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from services.chassis.auth.roles import Roll
from services.chassis.auth.tokens import ALGORITHM


class Issuer:
    """Signs tokens with the key in ``path``, which is made (mode 600) when it is not there."""

    def __init__(self, path: Path, *, issuer: str, audience: str = "dygn") -> None:
        self.issuer = issuer
        self._audience = audience
        self._key = _read_or_make(path)

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(
        self,
        *,
        subject: str,
        kommunkod: str,
        roller: Sequence[Roll],
        arbetsenheter: Sequence[str] | None = None,
        family_name: str | None = None,
        valid_seconds: int = 3600,
    ) -> str:
        """A signed access token; without ``arbetsenheter`` it holds in the whole kommun."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self._audience,
            "sub": subject,
            "iat": now,
            "exp": now + valid_seconds,
            "jti": str(uuid4()),
            "kommunkod": kommunkod,
            "roller": [roll.value for roll in roller],
        }
        if arbetsenheter is not None:
            claims["arbetsenheter"] = list(arbetsenheter)
        if family_name is not None:
            claims["family_name"] = family_name
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def _read_or_make(path: Path) -> ECKey:
    if not path.exists():
        key = ECKey.generate_key("P-256", parameters={"kid": uuid4().hex, "use": "sig"})
        content = json.dumps(key.as_dict(private=True))
        half = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        half.replace(path)
    return ECKey.import_key(json.loads(path.read_text()))
