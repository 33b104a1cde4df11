"""What a person decided about a message put aside, as an event of the consuming service.

Guarantees that who decided what and why is kept for ever, also when the quarantine's own rows are
gone, and that a message is decided about once until it comes back.
"""

from typing import Self
from uuid import UUID

from services.chassis.aggregate import Aggregat, Handelse, Skapelse
from services.chassis.context import Sammanhang


class KarantanBeslutad(Skapelse):
    """The first decision about a message."""

    TOPIC = "chassis.KarantanBeslutad"

    konsument: str
    topic: str
    partition: int
    offset: int
    beslut: str
    skal: str

    def apply(self, aggregate: "Karantanbeslut") -> None:
        """Remember the decision."""
        aggregate.beslut = self.beslut


class KarantanAterBeslutad(Handelse):
    """A later decision about the same message: it had come back."""

    TOPIC = "chassis.KarantanAterBeslutad"

    beslut: str
    skal: str

    def apply(self, aggregate: "Karantanbeslut") -> None:
        """Remember the decision."""
        aggregate.beslut = self.beslut


class Karantanbeslut(Aggregat):
    """The decisions about one message put aside."""

    TOPIC = "chassis.Karantanbeslut"

    beslut: str

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def fatta(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        konsument: str,
        topic: str,
        partition: int,
        offset: int,
        beslut: str,
        skal: str,
    ) -> Self:
        """Decide for the first time."""
        return cls.begin(
            KarantanBeslutad,
            id,
            sammanhang,
            konsument=konsument,
            topic=topic,
            partition=partition,
            offset=offset,
            beslut=beslut,
            skal=skal,
        )

    def fatta_igen(self, sammanhang: Sammanhang, *, beslut: str, skal: str) -> None:
        """Decide anew."""
        self.record(KarantanAterBeslutad, sammanhang, beslut=beslut, skal=skal)
