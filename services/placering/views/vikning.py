"""The copy of the suppliers' register, folded from the stream of the service leverantor.

Guarantees that a supplier's rows are a pure function of all facts about it, replaced as a set: the
same facts give the same rows whatever the order in which they came, and a supplier without facts
has no rows. The organisationsnummer of every row is the supplier's newest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg

from contracts import leverantor as kontrakt
from contracts.handelse import Kontraktshandelse

LEVERANTOR = "leverantor"
"""The one kind of subject: a supplier, named by its id."""


@dataclass(slots=True)
class Leverantorsrader:
    """What is known of one supplier."""

    om: kontrakt.LeverantorRegistrerad | kontrakt.LeverantorRattad | None = None
    enheter: dict[UUID, str] = field(default_factory=dict)
    avtal: dict[UUID, kontrakt.AvtalTecknat | kontrakt.AvtalRattat] = field(default_factory=dict)
    stopp: list[tuple[date, date | None]] = field(default_factory=list)

    def tillampa(self, handelse: Kontraktshandelse) -> None:
        """Take in the next event of the supplier."""
        match handelse:
            case kontrakt.LeverantorRegistrerad() | kontrakt.LeverantorRattad():
                self.om = handelse
            case kontrakt.EnhetRegistrerad():
                self.enheter[handelse.enhet] = handelse.namn
            case kontrakt.AvtalTecknat() | kontrakt.AvtalRattat():
                self.avtal[handelse.avtal] = handelse
            case kontrakt.AvropsstoppSatt():
                self.stopp.append((handelse.fran, None))
            case kontrakt.AvropsstoppHavt():
                self._hav(handelse.fran)
            case _:
                pass  # list prices bind in uppfoljning and are nothing that is judged here

    def _hav(self, fran: date) -> None:
        """The running stop ended the day before; if it had not begun, there was none."""
        if not self.stopp or self.stopp[-1][1] is not None:
            return
        borjade, _ = self.stopp.pop()
        if borjade < fran:
            self.stopp.append((borjade, fran - timedelta(days=1)))


class Leverantorsvikning:
    """The chassis' ``Folding`` for the suppliers' register."""

    kinds: Sequence[str] = (LEVERANTOR,)
    handled: frozenset[str] = kontrakt.HANDELSER.typer()

    def subjects(self, typ: str, data: Any) -> Iterable[tuple[str, str]]:  # noqa: ARG002
        """Every event of the stream is about one supplier."""
        return [(LEVERANTOR, str(data.leverantor))]

    def expand(
        self,
        connection: psycopg.Connection[Any],  # noqa: ARG002
        kommunkod: str,  # noqa: ARG002
        slag: str,  # noqa: ARG002
        amnen: list[str],  # noqa: ARG002
    ) -> Iterable[tuple[str, str]]:
        """No other subject uses a supplier's rows."""
        return []

    def fold(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> None:
        """Replace the rows of these suppliers."""
        vikta: dict[UUID, Leverantorsrader] = defaultdict(Leverantorsrader)
        for amne, typ, data in connection.execute(
            "SELECT a.amne, f.typ, f.data::text FROM rafakta_amne AS a"
            ' JOIN rafakta AS f USING (topic, pos, "index")'
            " WHERE a.kommunkod = %s AND a.slag = %s AND a.amne = ANY (%s)"
            ' ORDER BY a.amne, f.pos, f."index"',
            (kommunkod, slag, amnen),
        ):
            vikta[UUID(amne)].tillampa(kontrakt.HANDELSER.avkoda(typ, data.encode()))
        leverantorer = [UUID(amne) for amne in amnen]
        for tabell in TABELLER:
            connection.execute(
                f"DELETE FROM {tabell} WHERE kommunkod = %s AND leverantor = ANY (%s)",
                (kommunkod, leverantorer),
            )
        _satt_in(connection, kommunkod, vikta)


TABELLER = ("register_leverantor", "register_avropsstopp", "register_enhet", "register_avtal")


def _satt_in(
    connection: psycopg.Connection[Any], kommunkod: str, vikta: dict[UUID, Leverantorsrader]
) -> None:
    with connection.cursor() as cursor:
        for leverantor, rader in vikta.items():
            if rader.om is None:
                continue
            nummer = rader.om.organisationsnummer
            nyckel = (kommunkod, leverantor)
            cursor.execute(
                "INSERT INTO register_leverantor"
                " (kommunkod, leverantor, organisationsnummer, namn, typ)"
                " VALUES (%s, %s, %s, %s, %s)",
                (*nyckel, nummer, rader.om.namn, rader.om.typ.value),
            )
            cursor.executemany(
                "INSERT INTO register_avropsstopp (kommunkod, leverantor, nr, fran, till)"
                " VALUES (%s, %s, %s, %s, %s)",
                [(*nyckel, nr, *period) for nr, period in enumerate(rader.stopp)],
            )
            cursor.executemany(
                "INSERT INTO register_enhet"
                " (kommunkod, leverantor, enhet, organisationsnummer, namn)"
                " VALUES (%s, %s, %s, %s, %s)",
                [(*nyckel, enhet, nummer, namn) for enhet, namn in rader.enheter.items()],
            )
            cursor.executemany(
                "INSERT INTO register_avtal (kommunkod, leverantor, avtal, organisationsnummer,"
                " enhet, omrade, fran, till, dagrakning)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    (*nyckel, id, nummer, a.enhet, a.omrade, a.fran, a.till, a.dagrakning.value)
                    for id, a in rader.avtal.items()
                ],
            )
