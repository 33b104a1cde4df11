"""What the use cases share: the keys, the person behind a thing, and who may reach that person.

Guarantees that no use case acts on a thing whose person is another arbetsenhet's (R-SEK-3): each
loads what it is about by :meth:`Grund.hamta`, and what is new names its person by
:meth:`Grund.krav_pa_klient`.
"""

from typing import TypeVar
from uuid import UUID

from services.chassis.context import Sammanhang
from services.chassis.crypto import Keyring
from services.chassis.rules import Breach, Refused, admit
from services.chassis.store.application import ServiceApplication
from services.chassis.store.recorder import Recorder
from services.placering.domain import regler
from services.placering.domain.atgard import Atgard
from services.placering.domain.beslut import Beslut
from services.placering.domain.klient import Klient
from services.placering.domain.placering import Placering
from services.placering.views.personuppgifter import Personvalv

A = TypeVar("A", bound=Klient | Beslut | Placering | Atgard)


class Grund(ServiceApplication):
    """The part that every use case stands on."""

    def __init__(
        self, recorder: Recorder, keyring: Keyring, *, event_max_bytes: int = 131_072
    ) -> None:
        self.keyring = keyring
        super().__init__(recorder, event_max_bytes=event_max_bytes)

    def hamta(self, sammanhang: Sammanhang, kind: type[A], id: UUID) -> A:
        """The thing that a command is about, where its person is the caller's (R-SEK-3)."""
        thing = self.load(kind, id)
        if not sammanhang.rackvidd.hela_kommunen:
            klient = thing if isinstance(thing, Klient) else self.load(Klient, thing.klient)
            admit(regler.inom_arbetsenhet(klient.arbetsenhet, sammanhang.rackvidd))
        return thing

    def krav_pa_klient(self, sammanhang: Sammanhang, id: UUID) -> None:
        """The person that a new beslut or placering names must be there, and be the caller's."""
        klient = self.find(Klient, id)
        if klient is None:
            raise Refused(Breach(None, "/klient", "Klienten finns inte."))
        admit(regler.inom_arbetsenhet(klient.arbetsenhet, sammanhang.rackvidd, "/klient"))

    def valv(self, sammanhang: Sammanhang) -> Personvalv:
        """Where a command puts personal data."""
        return Personvalv(self.keyring, self.query, sammanhang.kommunkod)
