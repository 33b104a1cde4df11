"""The control topic against the event table: what the stream has said of itself.

Guarantees that every control record that is left speaks of the end of a save, with the hash and
the partitions' last places that the event table gives there; that they rise; and that no event was
recorded at or before an instant that a control record had already let pass (the watermark, on
which every *slutlig* answer rests).
"""

from collections.abc import Iterator
from datetime import datetime

from services.chassis.kontroll.expected import Expected, Save
from services.chassis.kontroll.findings import Findings
from services.chassis.kontroll.topic_reader import TopicReader
from services.chassis.streams.control import BadControl, Control, decode_control


class ControlCheck:
    """Follows one stream through its control topic."""

    def __init__(self, expected: Expected, topic: TopicReader, found: Findings) -> None:
        self._expected = expected
        self._stream = expected.stream
        self._found = found
        self._topic = topic
        self._records = self._read()
        self._next = next(self._records, None)
        self._passed: datetime | None = None
        self._events = False
        found.saw("topic", self._stream.service, "styrposter", 0)

    def take(self, save: Save) -> None:
        """Judge the control records up to the end of the save."""
        self._events = True
        while self._next is not None and self._next.pos < save.control.pos:
            if self._next.pos >= save.first:
                self._fault(self._next, "avslutar ingen sparning")
            self._step(self._next)
        recorded = save.control.registrerad
        if self._passed is not None and recorded <= self._passed:
            self._found.fault(
                "topic",
                self._stream.service,
                f"händelse {save.first}",
                f"är inspelad {recorded.isoformat()}, men en styrpost före den säger att allt till"
                f" {self._passed.isoformat()} är sagt",
            )
        while self._next is not None and self._next.pos == save.control.pos:
            self._compare(self._next, save)
            self._step(self._next)

    def end(self) -> None:
        """Whatever is left speaks of what the event table does not have."""
        if self._topic.partitions is None and self._events:
            self._found.fault(
                "topic", self._stream.service, self._stream.control_topic, "ämnet finns inte"
            )
        while self._next is not None:
            if self._next.pos > 0:
                self._fault(self._next, "finns inte i händelsetabellen")
            self._step(self._next)

    def _step(self, control: Control) -> None:
        self._found.saw("topic", self._stream.service, "styrposter")
        self._passed = control.registrerad
        self._next = next(self._records, None)

    def _compare(self, control: Control, save: Save) -> None:
        known = save.control
        if save.whole and control.kedja != known.kedja:
            self._fault(control, "har en annan kedja än händelsetabellen")
        if control.sista != known.sista and not self._expected.unknown:
            self._fault(control, "säger andra sista platser i partitionerna än händelserna ger")
        if control.registrerad < known.registrerad:
            self._fault(control, "är äldre än händelsen som den talar om")

    def _read(self) -> Iterator[Control]:
        """The records of the stream's epok in order; the others are judged and passed over."""
        before: Control | None = None
        for reader in (self._topic.partitions or {}).values():
            while (message := reader.peek()) is not None:
                reader.pop()
                where = f"{self._stream.control_topic} offset {message.offset}"
                try:
                    control = decode_control(message.value)
                except BadControl as fault:
                    self._tell(where, f"går inte att läsa: {fault}")
                    continue
                if before is not None and _order(control) < _order(before):
                    self._tell(where, "styrposten går bakåt")
                    continue
                before = control
                if control.installation != self._stream.installation:
                    self._tell(where, f"hör till installationen {control.installation}")
                elif control.epok > self._stream.epok:
                    self._tell(where, f"är av epok {control.epok}")
                elif control.epok == self._stream.epok:
                    yield control

    def _fault(self, control: Control, text: str) -> None:
        self._tell(f"{self._stream.control_topic} läge {control.pos}", f"styrposten {text}")

    def _tell(self, where: str, text: str) -> None:
        self._found.fault("topic", self._stream.service, where, text)


def _order(control: Control) -> tuple[int, int, datetime]:
    return control.epok, control.pos, control.registrerad
