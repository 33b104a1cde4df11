"""Given – when – then, for anything that decides: given a history, when it acts, then these events.

    givet(Leverantor.registrera(S, ID, ...), lambda it: it.satt_avropsstopp(S, dag))
        .nar(lambda it: it.hav_avropsstopp(S, dag))
        .da(hande(AvropsstoppHavt, fran=dag))

The history goes through bytes before the aggregate acts: what an event does not carry is lost here
as it would be in the database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from services.chassis.aggregate import Aggregat, Handelse
from services.chassis.rules import Breach, Refused
from services.chassis.store.mapper import decode, encode

A = TypeVar("A", bound=Aggregat)


@dataclass(frozen=True)
class Hande:
    """An event that is to have happened: its class and the fields that matter."""

    klass: type[Handelse]
    falt: dict[str, Any] = field(default_factory=dict)

    def stammer(self, handelse: Handelse) -> bool:
        """Whether the event is of the class itself and has these values."""
        return type(handelse) is self.klass and all(
            getattr(handelse, namn) == varde for namn, varde in self.falt.items()
        )


def hande(klass: type[Handelse], **falt: Any) -> Hande:
    """The event `klass` with these fields among its own."""
    return Hande(klass, falt)


@dataclass(frozen=True)
class Utfall(Generic[A]):
    """What came of it: events, or breaches."""

    aggregat: A
    handelser: tuple[Handelse, ...]
    brott: tuple[Breach, ...]

    def da(self, *vantade: Hande) -> "Utfall[A]":
        """Exactly these events happened, in this order."""
        assert not self.brott, f"avvisades: {self.brott}"
        assert len(self.handelser) == len(vantade), self.handelser
        for vantad, handelse in zip(vantade, self.handelser, strict=True):
            assert vantad.stammer(handelse), f"väntade {vantad}, fick {handelse}"
        return self

    def avvisas(self, pekare: str, regel: str | None = None) -> "Utfall[A]":
        """It was refused by this rule at this field, and nothing happened."""
        assert self.brott, f"avvisades inte: {self.handelser}"
        assert (self.brott[0].pekare, self.brott[0].regel) == (pekare, regel)
        assert not self.handelser, "något hände fast det avvisades"
        return self


@dataclass(frozen=True)
class Givet(Generic[A]):
    """An aggregate with its history behind it."""

    aggregat: A

    def nar(self, gor: Callable[[A], object]) -> Utfall[A]:
        """Let it act."""
        brott: tuple[Breach, ...] = ()
        try:
            gor(self.aggregat)
        except Refused as avslag:
            brott = avslag.breaches
        hant = [h for h in self.aggregat.pending_events if isinstance(h, Handelse)]
        return Utfall(self.aggregat, tuple(hant), brott)


def givet(aggregat: A, *fore: Callable[[A], object]) -> Givet[A]:
    """The aggregate after it has done all of `fore`, read back from its stored events."""
    for gor in fore:
        gor(aggregat)
    return Givet(aterlast(aggregat))


def aterlast(aggregat: A) -> A:
    """The aggregate as it is when it is read from its events' bytes."""
    igen: Any = None
    for handelse in aggregat.collect_events():
        assert isinstance(handelse, Handelse)
        igen = decode(
            handelse.TOPIC,
            handelse.originator_id,
            handelse.originator_version,
            encode(handelse),
        ).mutate(igen)
    assert type(igen) is type(aggregat)
    return igen
