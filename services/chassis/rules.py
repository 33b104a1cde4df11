"""Rules as things: a breach that a person can read, a refusal, and the register of every rule.

Guarantees that a rule's id is written once in code, beside the function that judges it, and that
whatever a rule finds reaches the caller with the id, the field and a Swedish sentence. A rule
returns its breach instead of raising it, so that one and the same function refuses a command,
flags a row taken over from another system, and is tested without either.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

Consequence = Literal["refuse", "flag", "compute"]


@dataclass(frozen=True, slots=True)
class Breach:
    """What a rule found: its id, where (a JSON pointer into the command) and why, in Swedish.

    ``regel`` is ``None`` for faults of form that no rule of the field speaks of.
    """

    regel: str | None
    pekare: str
    text: str


class Refused(Exception):
    """A command that breaks rules: nothing is stored, every breach is told at once."""

    def __init__(self, *breaches: Breach) -> None:
        super().__init__("; ".join(breach.text for breach in breaches))
        self.breaches = breaches


class NotAdmitted(Refused):
    """A rule says that this caller may not reach the thing: answered 403, not 422."""


def admit(breach: Breach | None) -> None:
    """Raise :class:`NotAdmitted` when there is a breach."""
    if breach is not None:
        raise NotAdmitted(breach)


def refuse_on(breaches: Iterable[Breach | None]) -> None:
    """Raise :class:`Refused` with every breach found, if there is any."""
    found = [breach for breach in breaches if breach is not None]
    if found:
        raise Refused(*found)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in the register: where it is written, its source, and what happens when broken."""

    regel: str
    source: str
    consequence: Consequence
    module: str
    name: str
    says: str


class _Rules:
    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def __iter__(self) -> Iterator[Rule]:
        return iter(sorted(self._rules, key=lambda rule: (rule.regel, rule.module, rule.name)))

    def add(self, rule: Rule) -> None:
        self._rules.append(rule)


RULES = _Rules()
"""Every rule that the imported modules declare."""

F = TypeVar("F", bound=Callable[..., object])


def rule(regel: str, *, source: str, consequence: Consequence) -> Callable[[F], F]:
    """Declare that the function judges or computes the rule ``regel``.

    ``source`` names the statute or the paper; the first line of the docstring is what the rule
    says. The function itself is left as it is.
    """

    def declare(function: F) -> F:
        says = (function.__doc__ or "").strip().split("\n")[0]
        RULES.add(
            Rule(regel, source, consequence, function.__module__, function.__qualname__, says)
        )
        return function

    return declare


def rule_row(regel: str, *, source: str, consequence: Consequence, module: str, name: str) -> None:
    """Declare that a row of data carries the rule ``regel``."""
    RULES.add(Rule(regel, source, consequence, module, name, name))
