"""The keys of an installation: one master key, and everything else derived from or wrapped by it.

Guarantees that the master key itself encrypts no data: hashes use keys derived for one purpose
each, and a thing's own key lies wrapped (AES-GCM, bound to the thing's id) beside its data, so
that destroying the wrapped key makes the data unreadable. Losing the master key loses everything
under it: it must be backed up apart from the database.
"""

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

KEY_BYTES = 32
_NONCE_BYTES = 12


class Keyring:
    """The installation's keys, from its 32-byte master key."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError(f"huvudnyckeln ska vara {KEY_BYTES} byte")
        self._master = master
        self._wrapping = self._derive(b"nyckelskydd")
        self._hashing: dict[str, bytes] = {}

    @classmethod
    def from_settings(cls, key: SecretStr | None, file: Path | None) -> "Keyring":
        """From a base64 value or a file with one; ``ValueError`` says what is wrong."""
        if (key is None) == (file is None):
            raise ValueError("ange antingen DYGN_MASTER_KEY eller DYGN_MASTER_KEY_FILE")
        text = key.get_secret_value() if key is not None else file.read_text()  # type: ignore[union-attr]
        return cls(base64.b64decode(text.strip(), validate=True))

    def keyed_hash(self, purpose: str, value: bytes) -> bytes:
        """HMAC-SHA256 of the value under a key that serves this purpose only (32 bytes)."""
        if purpose not in self._hashing:
            self._hashing[purpose] = self._derive(purpose.encode())
        # Not hmac.digest, which gives up the interpreter's lock for the shortest value too and
        # then waits for it: with a busy writer thread that is milliseconds.
        return hmac.new(self._hashing[purpose], value, hashlib.sha256).digest()

    def new_key(self, owner: str) -> tuple[bytes, bytes]:
        """A fresh key and the same key wrapped for ``owner``."""
        key = AESGCM.generate_key(KEY_BYTES * 8)
        return key, seal(self._wrapping, key, owner)

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """The key of ``owner``; ``InvalidTag`` when it was wrapped for another or by another."""
        return unseal(self._wrapping, wrapped, owner)

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"dygn:" + purpose).derive(
            self._master
        )


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """Encrypted and authenticated: nonce ‖ ciphertext, readable only for the same ``bound_to``."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """What was sealed; ``InvalidTag`` when key, bytes or binding are others."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
