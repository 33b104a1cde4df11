"""An invented contract, as small as can be: things at a price that another event sets.

The frame knows no domain word, and its tests need none. A thing (`SakHand`) counts, under an
agreement whose price (`PrisSatt`) may come before or after it; the view is each thing's sum.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec
import psycopg

from services.chassis.streams.event_log import Publisher
from services.chassis.streams.mapping import ContractEvent, StoredRow


class Provhandelse(msgspec.Struct, frozen=True, kw_only=True):
    nyckelfalt: ClassVar[str]

    @classmethod
    def handelsetyp(cls) -> str:
        return f"se.prov.{cls.__name__}.v1"

    @property
    def nyckelvarde(self) -> UUID:
        varde = getattr(self, self.nyckelfalt)
        assert isinstance(varde, UUID)
        return varde

    def koda(self) -> bytes:
        return msgspec.json.encode(self)


class SakHand(Provhandelse, frozen=True, kw_only=True):
    nyckelfalt = "sak"
    sak: UUID
    avtal: UUID
    antal: int
    text: str = ""


class PrisSatt(Provhandelse, frozen=True, kw_only=True):
    nyckelfalt = "avtal"
    avtal: UUID
    pris: int


class NyttSlag(Provhandelse, frozen=True, kw_only=True):
    """Known to the contract, not to the first version of the view."""

    nyckelfalt = "sak"
    sak: UUID


KLASSER: dict[str, type[Provhandelse]] = {
    klass.handelsetyp(): klass for klass in (SakHand, PrisSatt, NyttSlag)
}


class Provregister:
    def avkoda(self, typ: str, data: bytes) -> object:
        return msgspec.json.decode(data, type=KLASSER[typ])

    def typer(self) -> frozenset[str]:
        return frozenset(KLASSER)


@dataclass(frozen=True)
class Egen:
    """An own event: the contract events that it gives, in order (none, one or more)."""

    ger: tuple[Provhandelse, ...]
    kommunkod: str = "1490"

    def state(self) -> bytes:
        return json.dumps(
            [[h.handelsetyp(), h.koda().decode()] for h in self.ger], sort_keys=True
        ).encode()


def sak(
    *, sak: UUID | None = None, avtal: UUID | None = None, antal: int = 1, text: str = ""
) -> Egen:
    return Egen((SakHand(sak=sak or uuid4(), avtal=avtal or uuid4(), antal=antal, text=text),))


def pris(avtal: UUID, pris: int) -> Egen:
    return Egen((PrisSatt(avtal=avtal, pris=pris),))


def avkoda_egen(row: StoredRow) -> object:
    return [(typ, data.encode()) for typ, data in json.loads(row.state)]


def avbilda(event: object) -> Sequence[ContractEvent]:
    assert isinstance(event, list)
    return [msgspec.json.decode(data, type=KLASSER[typ]) for typ, data in event]


def utgivare(tjanst: str) -> Publisher:
    return Publisher(tjanst, avbilda, avkoda_egen)


class Sakvikning:
    """Sum of each thing: antal of all its facts times the newest price of each one's avtal."""

    kinds: Sequence[str] = ("avtal", "sak")
    handled = frozenset({SakHand.handelsetyp(), PrisSatt.handelsetyp()})

    def subjects(self, typ: str, data: Any) -> Iterable[tuple[str, str]]:
        if isinstance(data, SakHand):
            return [("sak", str(data.sak))]
        return [("avtal", str(data.avtal))]

    def expand(
        self,
        connection: psycopg.Connection[Any],
        kommunkod: str,
        slag: str,
        amnen: list[str],
    ) -> Iterable[tuple[str, str]]:
        if slag != "avtal":
            return []
        rows = connection.execute(
            "SELECT DISTINCT data->>'sak' FROM rafakta WHERE kommunkod = %s AND typ = %s"
            " AND data->>'avtal' = ANY (%s)",
            (kommunkod, SakHand.handelsetyp(), amnen),
        ).fetchall()
        return [("sak", name) for (name,) in rows]

    def fold(
        self,
        connection: psycopg.Connection[Any],
        kommunkod: str,
        slag: str,
        amnen: list[str],
    ) -> None:
        if slag != "sak":
            return
        connection.execute(
            "DELETE FROM sakrad WHERE kommunkod = %s AND sak = ANY (%s)", (kommunkod, amnen)
        )
        connection.execute(
            "INSERT INTO sakrad (kommunkod, sak, belopp, fakta)"
            " SELECT f.kommunkod, a.amne, sum((f.data->>'antal')::int * coalesce(("
            "   SELECT (p.data->>'pris')::int FROM rafakta p WHERE p.kommunkod = f.kommunkod"
            "   AND p.typ = %(pris)s AND p.data->>'avtal' = f.data->>'avtal'"
            "   ORDER BY p.registrerad DESC, p.topic DESC, p.pos DESC LIMIT 1), 0)), count(*)"
            ' FROM rafakta_amne a JOIN rafakta f USING (topic, pos, "index")'
            " WHERE a.kommunkod = %(kommunkod)s AND a.slag = 'sak' AND a.amne = ANY (%(amnen)s)"
            " GROUP BY f.kommunkod, a.amne",
            {"pris": PrisSatt.handelsetyp(), "kommunkod": kommunkod, "amnen": amnen},
        )
