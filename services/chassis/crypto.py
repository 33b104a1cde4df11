"""The keys of an installation: one master key, and everything else derived from or wrapped by it.

Guarantees that the master key itself encrypts no data: hashes use keys derived for one purpose
each, and a thing's own key lies wrapped (AES-GCM, bound to the thing's id) beside its data, so
that destroying the wrapped key makes the data unreadable. Losing the master key loses everything
under it: it must be backed up apart from the database.

The master key can be exchanged (ADR 0026). While that goes on, a ring holds the other key as well
and can read what it wrapped. Hashes do not follow: they find persons and repeated calls again, so
they are derived from the same key for ever, which is the first master key until one is named.
"""

import base64
import contextlib
import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

KEY_BYTES = 32
_NONCE_BYTES = 12
_MARK_BYTES = 8
"""A key's mark tells it from others and says nothing of it."""


class Keyring:
    """The installation's keys, each of 32 bytes.

    ``master`` wraps; what one of the ``others`` wrapped can be read as well. Hashes come of
    ``hashing``, which must be named where there are others.
    """

    def __init__(
        self, master: bytes, *, others: Sequence[bytes] = (), hashing: bytes | None = None
    ) -> None:
        named = [master, *others, *([] if hashing is None else [hashing])]
        if any(len(key) != KEY_BYTES for key in named):
            raise ValueError(f"huvudnyckeln ska vara {KEY_BYTES} byte")
        if others and hashing is None:
            raise ValueError(
                "med flera huvudnycklar ska det sägas vilken nyckel hashar görs med (DYGN_HASH_KEY)"
            )
        self._hash_root = master if hashing is None else hashing
        self._wrapping = [_derived(key, b"nyckelskydd") for key in (master, *others)]
        self._hashing: dict[str, bytes] = {}
        self.mark = _derived(master, b"nyckelmarke")[:_MARK_BYTES]
        self.hash_mark = _derived(self._hash_root, b"nyckelmarke")[:_MARK_BYTES]

    @classmethod
    def from_settings(
        cls,
        key: SecretStr | None,
        file: Path | None,
        *,
        others: SecretStr | None = None,
        hashing: SecretStr | None = None,
    ) -> "Keyring":
        """From base64 values, or a file with the master key; ``ValueError`` says what is wrong.

        ``others`` are keys with commas between.
        """
        if (key is None) == (file is None):
            raise ValueError("ange antingen DYGN_MASTER_KEY eller DYGN_MASTER_KEY_FILE")
        text = key.get_secret_value() if key is not None else file.read_text()  # type: ignore[union-attr]
        also = "" if others is None else others.get_secret_value()
        return cls(
            _read(text),
            others=[_read(one) for one in also.split(",") if one.strip()],
            hashing=None if hashing is None else _read(hashing.get_secret_value()),
        )

    def keyed_hash(self, purpose: str, value: bytes) -> bytes:
        """HMAC-SHA256 of the value under a key that serves this purpose only (32 bytes)."""
        if purpose not in self._hashing:
            self._hashing[purpose] = _derived(self._hash_root, purpose.encode())
        # Not hmac.digest, which gives up the interpreter's lock for the shortest value too and
        # then waits for it: with a busy writer thread that is milliseconds.
        return hmac.new(self._hashing[purpose], value, hashlib.sha256).digest()

    def new_key(self, owner: str) -> tuple[bytes, bytes]:
        """A fresh key and the same key wrapped for ``owner``."""
        key = AESGCM.generate_key(KEY_BYTES * 8)
        return key, seal(self._wrapping[0], key, owner)

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """The key of ``owner``; ``InvalidTag`` when it was wrapped for another or by another."""
        *first, last = self._wrapping
        for wrapping in first:
            with contextlib.suppress(InvalidTag):
                return unseal(wrapping, wrapped, owner)
        return unseal(last, wrapped, owner)

    def rewrap(self, wrapped: bytes, owner: str) -> bytes:
        """The same key, wrapped by the master key; ``InvalidTag`` as :meth:`unwrap`."""
        return seal(self._wrapping[0], self.unwrap(wrapped, owner), owner)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"dygn:" + purpose).derive(key)


def _read(text: str) -> bytes:
    return base64.b64decode(text.strip(), validate=True)


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """Encrypted and authenticated: nonce ‖ ciphertext, readable only for the same ``bound_to``."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """What was sealed; ``InvalidTag`` when key, bytes or binding are others."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
