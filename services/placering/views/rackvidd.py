"""Which things a reader may see: those whose person belongs to one of the reader's arbetsenheter.

Guarantees that a beslut and a placering are reached as their person is (R-SEK-3), now: a person
who moves to another arbetsenhet takes them along.
"""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.aggregate import Aggregat
from services.chassis.context import Rackvidd
from services.chassis.rules import Breach
from services.chassis.store.reader import Reader, Rows
from services.placering.domain import regler
from services.placering.domain.atgard import Atgard
from services.placering.domain.beslut import Beslut
from services.placering.domain.klient import Klient
from services.placering.domain.placering import Placering


async def utom_rackhall(
    reader: Reader, connection: Rows, rackvidd: Rackvidd, saker: Sequence[Aggregat]
) -> dict[UUID, Breach]:
    """Of these persons and things about one the ids that the reader may not see, and why."""
    if rackvidd.hela_kommunen:
        return {}
    klienter = await klienter_bakom(reader, connection, saker)
    brott = {
        sak: regler.inom_arbetsenhet(klient.arbetsenhet, rackvidd)
        for sak, klient in klienter.items()
    }
    return {sak: ett for sak, ett in brott.items() if ett is not None}


async def klienter_bakom(
    reader: Reader, connection: Rows, saker: Sequence[Aggregat]
) -> dict[UUID, Klient]:
    """The person whom each of these klienter, beslut and placeringar is about, by its id."""
    klienter = {sak.id: sak for sak in saker if isinstance(sak, Klient)}
    sakers_klient = {sak.id: _klient_av(sak) for sak in saker}
    saknade = sorted(set(sakers_klient.values()) - klienter.keys())
    klienter |= await reader.aggregates(connection, Klient, saknade)
    return {sak: klienter[klient] for sak, klient in sakers_klient.items()}


def _klient_av(sak: Aggregat) -> UUID:
    if isinstance(sak, Beslut | Placering | Atgard):
        return sak.klient
    return sak.id
