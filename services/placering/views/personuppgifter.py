"""Personal data: ciphertext in a table of its own, under one key a klient.

Guarantees that a value is written in the transaction of the event that points at it, bound to its
klient, field and version (a ciphertext moved elsewhere cannot be read), that nothing is ever
overwritten, and that destroying a klient's key makes every value of that klient unreadable.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis.crypto import Keyring, seal, unseal
from services.chassis.store.decision import Row
from services.chassis.store.errors import NotFound
from services.chassis.store.reader import Rows
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.klient import NAMN, Klient

Query = Callable[[str, dict[str, Any]], Sequence[dict[str, Any]]]


class Personvalv:
    """The personal data that one command writes; used for that command and thrown away."""

    def __init__(self, keyring: Keyring, query: Query, kommunkod: str) -> None:
        self._keyring = keyring
        self._query = query
        self._kommunkod = kommunkod
        self._nycklar: dict[UUID, bytes] = {}
        self._rader: list[Row] = []

    def ny_klient(self, klient: UUID) -> None:
        """Make the key of a klient that the command registers."""
        nyckel, inslagen = self._keyring.new_key(str(klient))
        self._nycklar[klient] = nyckel
        self._rader.append(
            Row(
                "klientnyckel",
                {
                    "kommunkod": self._kommunkod,
                    "klient": klient,
                    "nyckel_inslagen": inslagen,
                    "nyckelmarke": self._keyring.mark,
                },
            )
        )

    def forsegla(self, klient: UUID, falt: str, version: int, varde: str) -> Hemlighet:
        """Encrypt a value; the event holds what is returned."""
        nyckel = self._nyckel(klient)
        self._rader.append(
            Row(
                "personuppgift",
                {
                    "kommunkod": self._kommunkod,
                    "klient": klient,
                    "falt": falt,
                    "version": version,
                    "chiffer": seal(nyckel, varde.encode(), _bindning(klient, falt, version)),
                },
            )
        )
        return Hemlighet(falt, version, _kontroll(nyckel, falt, version, varde))

    def forsegla_alla(
        self, klient: UUID, version: int, varden: Mapping[str, str | None]
    ) -> tuple[Hemlighet, ...]:
        """Encrypt what there is of these fields."""
        return tuple(
            self.forsegla(klient, falt, version, varde)
            for falt, varde in varden.items()
            if varde is not None
        )

    def ta_rader(self) -> list[Row]:
        """The rows for the command's transaction; they are handed over once."""
        rader, self._rader = self._rader, []
        return rader

    def _nyckel(self, klient: UUID) -> bytes:
        if klient not in self._nycklar:
            funna = self._query(
                "SELECT nyckel_inslagen FROM klientnyckel"
                " WHERE kommunkod = %(kommunkod)s AND klient = %(klient)s",
                {"kommunkod": self._kommunkod, "klient": klient},
            )
            if not funna:
                raise NotFound("Klientnyckel", klient)
            self._nycklar[klient] = self._keyring.unwrap(
                bytes(funna[0]["nyckel_inslagen"]), str(klient)
            )
        return self._nycklar[klient]


@dataclass(frozen=True, slots=True)
class Klientuppgifter:
    """A klient's personal data in the clear: own fields, texts by (about what, id, what)."""

    egna: dict[str, str]
    texter: dict[tuple[str, str, str], str]


async def las_upp(
    connection: Rows,
    keyring: Keyring,
    klient: UUID,
    hemligheter: Iterable[Hemlighet],
    kant: datetime | None = None,
) -> Klientuppgifter:
    """Own fields as the pointers say, and the newest of every text; nothing that was culled.

    With ``kant`` a text that was written later is left out; the pointers are to be those known
    then.
    """
    versioner = None if kant is None else await _versioner(connection, klient, kant)
    uppgifter = Klientuppgifter({}, {})
    alla = await las_alla(connection, keyring, klient)
    uppgifter.egna.update(egna(alla, hemligheter))
    for (falt, version), klartext in alla.items():
        om, _, resten = falt.partition("/")
        if not resten:
            continue
        om_id, _, vad = resten.partition("/")
        if versioner is None or version <= versioner.get(UUID(om_id), 0):
            uppgifter.texter[om, om_id, vad] = klartext
    return uppgifter


async def las_alla(connection: Rows, keyring: Keyring, klient: UUID) -> dict[tuple[str, int], str]:
    """Every value that the klient has or has had, by field and version, older versions first."""
    cursor = await connection.execute(
        "SELECT falt, version, chiffer, nyckel_inslagen FROM personuppgift"
        " JOIN klientnyckel USING (kommunkod, klient)"
        " WHERE kommunkod = current_setting('dygn.kommunkod') AND klient = %s"
        " ORDER BY version, falt",
        (klient,),
    )
    alla = {}
    for rad in await cursor.fetchall():
        falt, version = rad["falt"], rad["version"]
        nyckel = keyring.unwrap(bytes(rad["nyckel_inslagen"]), str(klient))
        klartext = unseal(nyckel, bytes(rad["chiffer"]), _bindning(klient, falt, version))
        alla[falt, version] = klartext.decode()
    return alla


def egna(alla: Mapping[tuple[str, int], str], hemligheter: Iterable[Hemlighet]) -> dict[str, str]:
    """The klient's own fields that the pointers name, of those that can be read."""
    galler = [(hemlighet.falt, hemlighet.version) for hemlighet in hemligheter]
    return {falt: alla[falt, version] for falt, version in galler if (falt, version) in alla}


async def _versioner(connection: Rows, klient: UUID, kant: datetime) -> dict[UUID, int]:
    """How far each thing that a text of the klient is about had come; a text has its version."""
    cursor = await connection.execute(
        "SELECT originator_id, max(originator_version) AS version FROM handelse"
        " WHERE registrerad <= %s AND originator_id IN ("
        "SELECT split_part(falt, '/', 2)::uuid FROM personuppgift"
        " WHERE kommunkod = current_setting('dygn.kommunkod') AND klient = %s"
        " AND falt LIKE '%%/%%/%%') GROUP BY originator_id",
        (kant, klient),
    )
    return {rad["originator_id"]: rad["version"] for rad in await cursor.fetchall()}


async def las_namn(connection: Rows, keyring: Keyring, klient: Klient) -> str | None:
    """The person's name as it is now, where there is one."""
    egna = [hemlighet for hemlighet in klient.hemligheter if hemlighet.falt == NAMN]
    return (await las_upp(connection, keyring, klient.id, egna)).egna.get(NAMN)


def _bindning(klient: UUID, falt: str, version: int) -> str:
    return f"{klient}/{falt}/{version}"


def _kontroll(nyckel: bytes, falt: str, version: int, varde: str) -> str:
    """HMAC of the value, under a key that is derived from the klient's and encrypts nothing."""
    egen = hmac.digest(nyckel, b"dygn:kontroll", hashlib.sha256)
    return hmac.digest(egen, f"{falt}/{version}/{varde}".encode(), hashlib.sha256).hex()
