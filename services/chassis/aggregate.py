"""The base of every aggregate and of every stored event.

Guarantees that a stored event carries its kommun, its actor and its call, and that it has a topic
of its own that no move of a class can change: an event class without ``TOPIC`` cannot be defined.
This is the only module of the frame that a domain room builds upon, and it does no I/O.
"""

from typing import Any, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import AggregateCreated, AggregateEvent, BaseAggregate
from eventsourcing.utils import register_topic

from services.chassis.context import Sammanhang


class Handelse(AggregateEvent):
    """Base of every stored event.

    A subclass states ``TOPIC`` (``<service>.<Event>``, for ever) and, when its fields change,
    ``class_version`` with an ``upcast_vN_vN+1`` for each step.
    """

    TOPIC: ClassVar[str]
    class_version: ClassVar[int] = 1

    kommunkod: str
    aktor: str
    korrelation: str

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "TOPIC" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} har inget TOPIC")
        register_topic(cls.TOPIC, cls)


class Skapelse(Handelse, AggregateCreated):
    """Base of every stored event that begins an aggregate."""

    TOPIC = "chassis.Skapelse"


class Aggregat(BaseAggregate[UUID]):
    """Base of every aggregate: something that decides, and whose history is its state.

    A subclass states ``TOPIC`` and keeps its events as classes of their own beside it, not nested:
    the library would otherwise define further event classes in silence.
    """

    TOPIC: ClassVar[str] = ""

    @classmethod
    def begin(
        cls, event_class: type[Skapelse], id: UUID, sammanhang: Sammanhang, **falt: Any
    ) -> Self:
        """A new aggregate whose first event is ``event_class`` with the given fields."""
        return cls._create(event_class, id=id, **_meta(sammanhang), **falt)

    def record(self, event_class: type[Handelse], sammanhang: Sammanhang, **falt: Any) -> None:
        """Let the event happen: it changes the aggregate and waits to be saved."""
        self.trigger_event(event_class, **_meta(sammanhang), **falt)


def _meta(sammanhang: Sammanhang) -> dict[str, str]:
    return {
        "kommunkod": sammanhang.kommunkod,
        "aktor": sammanhang.aktor,
        "korrelation": sammanhang.korrelation,
    }
