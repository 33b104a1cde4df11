"""The suppliers' events on their way into the copy of the register: raw facts, then folding."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import psycopg

from contracts.handelse import Kontraktshandelse
from contracts.leverantor import (
    AvropsstoppHavt,
    AvropsstoppSatt,
    AvtalTecknat,
    EnhetRegistrerad,
    LeverantorRegistrerad,
)
from contracts.ord import Dagrakning, Leverantorstyp
from dygn.inbyggd.databaser import Databas
from services.chassis.streams.facts import Fact, store_facts
from services.chassis.streams.folding import FoldingWorker
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.message import Envelope, Place
from services.placering.streams.incoming import CONSUMER
from tests.stod.tjanst import KOMMUN

NUMMER = "556036-0793"
ANDRA_NUMMER = "559999-1238"
_BORJAN = datetime(2026, 1, 1, tzinfo=UTC)
_NAMNRYMD = UUID("8f1a4e0c-52f5-4b3e-8f43-0f2e6a0a1c11")


def leverantor_id(nummer: str) -> UUID:
    """The id that the tests give the supplier."""
    return uuid5(_NAMNRYMD, nummer)


class Registerskrivare:
    """Writes suppliers' events one by one and folds them."""

    def __init__(self, databas: Databas) -> None:
        self._databas = databas
        self._pos = 0

    def ta_emot(self, *handelser: Kontraktshandelse, kommunkod: str = KOMMUN) -> None:
        """Store the events as raw facts and fold what they are about."""
        with psycopg.connect(self._databas.strom.conninfo(), autocommit=True) as anslutning:
            with anslutning.transaction():
                store_facts(anslutning, CONSUMER.folding.kinds, self._fakta(handelser, kommunkod))
            FoldingWorker(CONSUMER.folding, lambda: anslutning).fold_waiting(anslutning)

    def _fakta(self, handelser: Sequence[Kontraktshandelse], kommunkod: str) -> list[Fact]:
        fakta = []
        for handelse in handelser:
            self._pos += 1
            typ = handelse.handelsetyp()
            kuvert = Envelope(
                topic=event_topic("leverantor"),
                partition=0,
                offset=self._pos,
                installation=UUID(int=1),
                epok=1,
                pos=self._pos,
                index=0,
                registrerad=_BORJAN + timedelta(seconds=self._pos),
                kommunkod=kommunkod,
                typ=typ,
                nyckel=str(handelse.nyckelvarde),
                fore=Place(0, 0),
                data=handelse.koda(),
            )
            fakta.append(Fact(kuvert, tuple(CONSUMER.folding.subjects(typ, handelse))))
        return fakta

    def leverantor(self, nummer: str = NUMMER, typ: Leverantorstyp = Leverantorstyp.PRIVAT) -> UUID:
        """A supplier in the register."""
        id = leverantor_id(nummer)
        self.ta_emot(
            LeverantorRegistrerad(
                leverantor=id, organisationsnummer=nummer, namn="Påhittad vård AB", typ=typ
            )
        )
        return id

    def enhet(self, nummer: str = NUMMER, namn: str = "Solgården") -> UUID:
        """A unit of the supplier."""
        enhet = uuid4()
        self.ta_emot(
            EnhetRegistrerad(
                leverantor=leverantor_id(nummer),
                organisationsnummer=nummer,
                enhet=enhet,
                namn=namn,
            )
        )
        return enhet

    def avtal(
        self,
        nummer: str = NUMMER,
        *,
        enhet: UUID | None = None,
        fran: date = date(2020, 1, 1),
        till: date | None = None,
    ) -> UUID:
        """An avtal with the supplier."""
        avtal = uuid4()
        self.ta_emot(
            AvtalTecknat(
                leverantor=leverantor_id(nummer),
                organisationsnummer=nummer,
                avtal=avtal,
                enhet=enhet,
                omrade="HVB barn och unga",
                fran=fran,
                till=till,
                dagrakning=Dagrakning.BADA,
            )
        )
        return avtal

    def avropsstopp(self, fran: date, nummer: str = NUMMER) -> None:
        """No new placeringar with the supplier from the day on."""
        self.ta_emot(
            AvropsstoppSatt(leverantor=leverantor_id(nummer), organisationsnummer=nummer, fran=fran)
        )

    def havning(self, fran: date, nummer: str = NUMMER) -> None:
        """Placeringar with the supplier again from the day on."""
        self.ta_emot(
            AvropsstoppHavt(leverantor=leverantor_id(nummer), organisationsnummer=nummer, fran=fran)
        )
