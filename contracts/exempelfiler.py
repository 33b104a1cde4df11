"""The examples: golden files with the very bytes of an event on the wire.

Guarantees that what was once published can be read for ever: a released example is never changed,
and tests decode every one of them with today's classes. A file is one line, the canonical bytes and
a newline. An event version has ``<Handelse>.v<version>.json`` and may have more, named
``<Handelse>.v<version>.<what it shows>.json``, as one is needed when a field was added.

All data in them are invented.
"""

from pathlib import Path
from typing import NamedTuple

from contracts.handelse import Kontraktshandelse
from contracts.schema import filnamn
from contracts.tjanster import ROT, TJANSTER

EXEMPEL = ROT / "exempel"


class Exempel(NamedTuple):
    """A golden file: where it lies, the class that must read it, and the bytes on the wire."""

    fil: Path
    klass: type[Kontraktshandelse]
    data: bytes

    @property
    def namn(self) -> str:
        """The file's name below the folder of examples, with ``/`` everywhere."""
        return self.fil.relative_to(EXEMPEL).as_posix()

    def avkodad(self) -> Kontraktshandelse:
        """The event; :class:`msgspec.ValidationError` when the class no longer reads it."""
        return TJANSTER[self.klass.tjanst].avkoda(self.klass.handelsetyp(), self.data)


def exempel_for(klass: type[Kontraktshandelse]) -> list[Exempel]:
    """The examples of an event version, the plain one first, the others by name."""
    stam = (EXEMPEL / filnamn(klass)).with_suffix("")
    filer = sorted(stam.parent.glob(f"{stam.name}.*json"), key=lambda fil: (len(fil.suffixes), fil))
    return [Exempel(fil, klass, fil.read_bytes().removesuffix(b"\n")) for fil in filer]


def alla_exempel() -> list[Exempel]:
    """Every example of every event that the contracts know."""
    return [
        exempel
        for register in TJANSTER.values()
        for klass in register
        for exempel in exempel_for(klass)
    ]
