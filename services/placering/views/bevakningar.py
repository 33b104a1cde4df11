"""The list of what falls due, as a reader may see it.

Guarantees that a row is shown to who reaches its person now (R-SEK-3), that a protected person's
rows are left out of a list and counted (R-SEK-2), and that a birth date is read only where the day
decides, and that the page says of whom, so that the caller can record it before it answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.chassis.context import Rackvidd
from services.chassis.crypto import Keyring
from services.chassis.rules import rule
from services.chassis.store.errors import NotBuilt
from services.chassis.store.reader import Reader, Rows
from services.placering.domain.bevakning import Bevakning, avgor, avgors_av_fodelsedagen
from services.placering.domain.klient import FODELSEDATUM, Klient
from services.placering.views.bevakningsvikning import VYVERSION
from services.placering.views.personuppgifter import las_upp
from services.placering.views.rackvidd import utom_rackhall

_FALT = (
    "kod", "rad_fran", "om", "raknas_fran", "forfaller", "alder", "under", "upphor", "beslut",
    "placering",
)  # fmt: skip
Nyckel = tuple[date, UUID, str, UUID, date]
"""What a row is sorted by and named by: when it falls due, its person, its clock."""


@dataclass(frozen=True, slots=True)
class Urval:
    """What is asked for: due by ``senast`` seen from ``per``; no filter is ``None``."""

    per: date
    senast: date
    klient: UUID | None = None
    hem: UUID | None = None
    enhet: UUID | None = None
    leverantor: str | None = None
    handlaggare: str | None = None
    koder: Sequence[str] | None = None
    """Clocks by ``kod``."""


@dataclass(frozen=True, slots=True)
class Listad:
    """A row of the list; ``forfaller`` is the day itself, ``exakt`` unless a birth date lacks."""

    klient: UUID
    rad: Bevakning
    forfaller: date
    exakt: bool
    hem: UUID | None
    enhet: UUID | None
    leverantor: str | None
    handlaggare: str | None


@dataclass(frozen=True, slots=True)
class Sidan:
    """A page: its rows, the key to go on from, and how far the view has come.

    ``lasta`` are the persons whose birth date was read.
    """

    rader: list[Listad]
    lasta: list[Klient]
    nasta: Nyckel | None
    position: int


def urval(per: date, dagar: int, **andra: Any) -> Urval:
    """What falls due within so many days."""
    return Urval(per, per + timedelta(days=dagar), **andra)


async def sida(
    connection: Rows,
    reader: Reader,
    keyring: Keyring,
    rackvidd: Rackvidd,
    urval: Urval,
    efter: Nyckel | None,
    antal: int,
) -> Sidan:
    """A page in the order of the days; a birthday stands where its month begins."""
    kommen_till = await position(connection)
    rows = await _las(connection, urval, efter, antal + 1)
    visas, mer = rows[:antal], len(rows) > antal
    klienter = await _synliga(connection, reader, rackvidd, visas)
    visas_om = [(row, klienter[row["klient"]]) for row in visas if row["klient"] in klienter]
    fodda: dict[UUID, date | None] = {}
    for row, klient in visas_om:
        if klient.id not in fodda and _avgors_av_dagen(row, klient, urval):
            fodda[klient.id] = await fodelsedatum(connection, keyring, klient)
    listade = (_listad(urval, klient, fodda.get(klient.id), row) for row, klient in visas_om)
    return Sidan(
        [listad for listad in listade if listad is not None],
        [klienter[id] for id in fodda],
        _nyckel(visas[-1]) if mer else None,
        kommen_till,
    )


@rule("R-SEK-2", source="OSL 26 kap. 1 §", consequence="compute")
async def skyddade(connection: Rows, urval: Urval) -> int:
    """Rader om personer med skyddade personuppgifter står inte i listan, men den säger hur många.

    Who asks for the very person sees them, as that person's own page does.
    """
    if urval.klient is not None:
        return 0
    villkor, varden = _villkor(urval)
    cursor = await connection.execute(
        f"SELECT count(*) AS antal FROM bevakning WHERE {villkor} AND skyddad", varden
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["antal"])


async def position(connection: Rows) -> int:
    """How far the view has come; :class:`NotBuilt` while this version's is being made."""
    cursor = await connection.execute(
        "SELECT pos FROM bevakningslage WHERE vyversion = %s AND ikapp", (VYVERSION,)
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotBuilt
    return int(row["pos"])


async def _las(
    connection: Rows, urval: Urval, efter: Nyckel | None, antal: int
) -> list[dict[str, Any]]:
    villkor, varden = _villkor(urval)
    if urval.klient is None:
        villkor += " AND NOT skyddad"
    if efter is not None:
        villkor += " AND (forfaller, klient, kod, om, raknas_fran) > (%s, %s, %s, %s, %s)"
        varden = [*varden, *efter]
    cursor = await connection.execute(
        f"SELECT * FROM bevakning WHERE {villkor}"
        " ORDER BY forfaller, klient, kod, om, raknas_fran LIMIT %s",
        [*varden, antal],
    )
    return await cursor.fetchall()


def _villkor(urval: Urval) -> tuple[str, list[Any]]:
    villkor = [
        "vyversion = %s",
        "kommunkod = current_setting('dygn.kommunkod')",
        "forfaller <= %s",
        "(upphor IS NULL OR upphor > greatest(forfaller, %s))",
    ]
    varden: list[Any] = [VYVERSION, urval.senast, urval.per]
    for falt in ("klient", "hem", "enhet", "leverantor", "handlaggare"):
        varde = getattr(urval, falt)
        if varde is not None:
            villkor.append(f"{falt} = %s")
            varden.append(varde)
    if urval.koder is not None:
        villkor.append("kod = ANY (%s)")
        varden.append(list(urval.koder))
    return " AND ".join(villkor), varden


async def _synliga(
    connection: Rows, reader: Reader, rackvidd: Rackvidd, rows: Sequence[dict[str, Any]]
) -> dict[UUID, Klient]:
    """The rows' persons as they are now, but those whom the reader does not reach."""
    klienter = await reader.aggregates(connection, Klient, sorted({row["klient"] for row in rows}))
    utom = await utom_rackhall(reader, connection, rackvidd, list(klienter.values()))
    return {id: klient for id, klient in klienter.items() if id not in utom}


def _avgors_av_dagen(row: dict[str, Any], klient: Klient, urval: Urval) -> bool:
    if klient.skyddad and urval.klient is None:
        return False
    return avgors_av_fodelsedagen(_rad(row), klient.fodelsemanad, urval.per)


def _listad(
    urval: Urval, klient: Klient, fodelsedatum: date | None, row: dict[str, Any]
) -> Listad | None:
    """The row as it is shown; ``None`` where it does not fall due after all."""
    if klient.skyddad and urval.klient is None:
        return None  # the mark is newer than the view
    rad = _rad(row)
    forfaller = avgor(rad, klient.fodelsemanad, fodelsedatum, urval.per)
    if forfaller is None or forfaller > urval.senast:
        return None
    return Listad(
        klient.id,
        rad,
        forfaller,
        exakt=rad.alder is None or fodelsedatum is not None,
        hem=row["hem"],
        enhet=row["enhet"],
        leverantor=row["leverantor"],
        handlaggare=row["handlaggare"],
    )


def _rad(row: dict[str, Any]) -> Bevakning:
    return Bevakning(**{falt: row[falt] for falt in _FALT})


async def fodelsedatum(connection: Rows, keyring: Keyring, klient: Klient) -> date | None:
    """The birth date in the clear; ``None`` where it cannot be read."""
    uppgifter = await las_upp(connection, keyring, klient.id, klient.hemligheter)
    skrivet = uppgifter.egna.get(FODELSEDATUM)
    return None if skrivet is None else date.fromisoformat(skrivet)


def _nyckel(row: dict[str, Any]) -> Nyckel:
    return row["forfaller"], row["klient"], row["kod"], row["om"], row["raknas_fran"]
