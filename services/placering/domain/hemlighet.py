"""What an event may say of a personal datum: where it lies, and that it has not been changed.

Guarantees that an event never holds the datum itself (arkitektur: identity, secrecy): the value
lies encrypted in a table of its own and becomes unreadable when the klient's key is destroyed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hemlighet:
    """Points at one encrypted value.

    ``falt`` and ``version`` find it among the klient's values; ``kontroll`` is the HMAC-SHA256 of
    the value under the klient's own key, in hex.
    """

    falt: str
    version: int
    kontroll: str
