"""Stored bytes to event and back, by the event class's own type hints.

Guarantees canonical JSON (fields in the order of the class), strict types on reading, and that an
event stored by an older version of its class is lifted step by step before it is read. The state
holds no id and no version: those are columns.
"""

import dataclasses
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from eventsourcing.utils import resolve_topic

from services.chassis.aggregate import Handelse

_OUTSIDE_STATE = frozenset({"originator_id", "originator_version"})


class _Reading:
    """How one event class is read: a decoder of its state and the names of its fields."""

    def __init__(self, event_class: type[Handelse]) -> None:
        hints = get_type_hints(event_class)
        fields: list[Any] = []
        for field in dataclasses.fields(event_class):
            if field.name in _OUTSIDE_STATE:
                continue
            if field.default is dataclasses.MISSING:
                fields.append((field.name, hints[field.name]))
            else:
                fields.append((field.name, hints[field.name], field.default))
        form = msgspec.defstruct(
            event_class.__name__, fields, kw_only=True, forbid_unknown_fields=True
        )
        self.names = tuple(name for name, *_ in fields)
        self.form = form
        self.decoder = msgspec.json.Decoder(form)
        self.class_version = event_class.class_version
        self.event_class = event_class

    def read(self, state: bytes) -> dict[str, Any]:
        if self.class_version == 1:
            form = self.decoder.decode(state)
        else:
            raw: dict[str, Any] = msgspec.json.decode(state)
            version = raw.pop("class_version", 1)
            if version > self.class_version:
                raise msgspec.ValidationError(
                    f"{self.event_class.TOPIC} är av version {version}, koden kan"
                    f" {self.class_version}"
                )
            while version < self.class_version:
                getattr(self.event_class, f"upcast_v{version}_v{version + 1}")(raw)
                version += 1
            form = msgspec.convert(raw, self.form)
        return {name: getattr(form, name) for name in self.names}


@cache
def _reading(topic: str) -> _Reading:
    event_class = resolve_topic(topic)
    if not (isinstance(event_class, type) and issubclass(event_class, Handelse)):
        raise TypeError(f"{topic} är ingen händelse")
    return _Reading(event_class)


def encode(event: Handelse) -> bytes:
    """The event's state as canonical JSON."""
    state = {name: value for name, value in vars(event).items() if name not in _OUTSIDE_STATE}
    if event.class_version > 1:
        state["class_version"] = event.class_version
    return msgspec.json.encode(state)


def decode(topic: str, originator_id: UUID, originator_version: int, state: bytes) -> Handelse:
    """The event of a stored row; :class:`msgspec.ValidationError` when the bytes are none."""
    reading = _reading(topic)
    fields = reading.read(state)
    fields["originator_id"] = originator_id
    fields["originator_version"] = originator_version
    event = object.__new__(reading.event_class)
    object.__setattr__(event, "__dict__", fields)
    return event


class MsgspecMapper(Mapper[UUID]):
    """The library's mapper, with msgspec in the place of its transcoder."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The row of an event."""
        assert isinstance(domain_event, Handelse)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.TOPIC,
            state=encode(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The event of a row."""
        assert isinstance(stored_event.originator_id, UUID)
        return decode(
            stored_event.topic,
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.state,
        )
