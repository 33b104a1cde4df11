"""What the service knows of suppliers when it judges a placering: its own copy of their register.

Guarantees that a rule sees one picture through a whole command, and that where several avtal could
be meant they come in an order that depends on nothing but themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.ord import Leverantorstyp


@dataclass(frozen=True, slots=True)
class Avropsstopp:
    """Days on which no new placering may begin with a supplier; ``till`` ``None``: still so."""

    fran: date
    till: date | None

    def galler(self, dag: date) -> bool:
        """Whether it holds on the day."""
        return self.fran <= dag and (self.till is None or dag <= self.till)


@dataclass(frozen=True, slots=True)
class Leverantorsuppgift:
    """A supplier, its kind and its avropsstopp."""

    organisationsnummer: str
    typ: Leverantorstyp
    avropsstopp: tuple[Avropsstopp, ...] = ()


@dataclass(frozen=True, slots=True)
class Enhetsuppgift:
    """A supplier's unit."""

    enhet: UUID
    organisationsnummer: str
    namn: str


@dataclass(frozen=True, slots=True)
class Avtalsuppgift:
    """A supplier's avtal; ``enhet`` ``None``: for every unit; ``till`` is the last day."""

    avtal: UUID
    organisationsnummer: str
    enhet: UUID | None
    fran: date
    till: date | None

    def galler(self, dag: date) -> bool:
        """Whether placeringar may begin under it on the day."""
        return self.fran <= dag and (self.till is None or dag <= self.till)


class Register:
    """Suppliers, units and avtal, found in the ways that the rules ask."""

    def __init__(
        self,
        leverantorer: Iterable[Leverantorsuppgift] = (),
        enheter: Iterable[Enhetsuppgift] = (),
        avtal: Iterable[Avtalsuppgift] = (),
    ) -> None:
        self._leverantorer = {rad.organisationsnummer: rad for rad in leverantorer}
        self._enheter = {rad.enhet: rad for rad in enheter}
        self._enheter_av_namn = {
            (rad.organisationsnummer, rad.namn.casefold()): rad
            for rad in sorted(self._enheter.values(), key=lambda rad: rad.enhet, reverse=True)
        }
        self._avtal = {rad.avtal: rad for rad in avtal}

    def leverantor(self, organisationsnummer: str) -> Leverantorsuppgift | None:
        """The supplier with the number."""
        return self._leverantorer.get(organisationsnummer)

    def enhet(self, id: UUID) -> Enhetsuppgift | None:
        """The unit with the id."""
        return self._enheter.get(id)

    def enhet_med_namn(self, organisationsnummer: str, namn: str) -> Enhetsuppgift | None:
        """The supplier's unit with the name; of several, the one with the lowest id."""
        return self._enheter_av_namn.get((organisationsnummer, namn.casefold()))

    def avtal(self, id: UUID) -> Avtalsuppgift | None:
        """The avtal with the id."""
        return self._avtal.get(id)

    def mojliga_avtal(
        self, organisationsnummer: str, enhet: UUID | None, dag: date
    ) -> list[Avtalsuppgift]:
        """The avtal that a placering of the day may be made under, the first begun first.

        Those of the unit, or where it has none those of the supplier as a whole.
        """
        gallande = [
            rad
            for rad in self._avtal.values()
            if rad.organisationsnummer == organisationsnummer and rad.galler(dag)
        ]
        enhetens = [rad for rad in gallande if enhet is not None and rad.enhet == enhet]
        valda = enhetens or [rad for rad in gallande if rad.enhet is None]
        return sorted(valda, key=lambda rad: (rad.fran, rad.avtal))
