"""What the checks find: faults and remarks by name, and how much was looked at.

Guarantees flat memory: of one kind of fault in one place the first :data:`SHOWN` are kept whole
and the rest are counted, so that an emptied topic of a million messages is still a short list.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Check = Literal["handelser", "topic", "fakta", "vyer", "slutligt"]
"""The event table, what Kafka has of it, what readers took in, what is folded, what was final."""

SHOWN = 50
"""Faults of one check in one service that are told one by one."""

Progress = Callable[[str, int, int], None]
"""(what is read, how many of it are done, how many there are)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: which check, whose data, where exactly, and what about it (Swedish)."""

    kontroll: Check
    tjanst: str
    var: str
    text: str


class Findings:
    """Collects what the checks have to say."""

    def __init__(self) -> None:
        self.faults: list[Finding] = []
        self.remarks: list[Finding] = []
        self.counts: Counter[tuple[Check, str]] = Counter()
        """How many faults each check found in each service."""
        self.seen: dict[tuple[Check, str], Counter[str]] = {}
        """What each check looked at in each service, by a Swedish name of the thing."""
        self._remarks: Counter[tuple[Check, str]] = Counter()

    def fault(self, kontroll: Check, tjanst: str, var: str, text: str) -> None:
        """Something does not agree."""
        self.counts[kontroll, tjanst] += 1
        if self.counts[kontroll, tjanst] <= SHOWN:
            self.faults.append(Finding(kontroll, tjanst, var, text))

    def remark(self, kontroll: Check, tjanst: str, var: str, text: str) -> None:
        """Something that a person may want to know, and that is no fault."""
        self._remarks[kontroll, tjanst] += 1
        if self._remarks[kontroll, tjanst] <= SHOWN:
            self.remarks.append(Finding(kontroll, tjanst, var, text))

    def saw(self, kontroll: Check, tjanst: str, what: str, number: int = 1) -> None:
        """Add to what has been looked at; a check that saw nothing is named with 0."""
        self.seen.setdefault((kontroll, tjanst), Counter())[what] += number

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.counts

    def untold(self) -> dict[tuple[Check, str], int]:
        """Faults that are counted and not told, and of whom."""
        return {place: number - SHOWN for place, number in self.counts.items() if number > SHOWN}
