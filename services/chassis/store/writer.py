"""The one writer of a process: commands come in from many requests, one thread decides and stores.

Guarantees that a command is decided on what is stored when its turn comes, that an answer leaves
only after its commit, and that one command's failure is its own: a lost race is decided anew on
fresh state (at most three times, and never when the caller named a version), a repeated key gets
its first answer, and a transaction that fails as a whole is tried command by command.

Deciding happens in the writer's thread rather than in the requests' threads (ADR 0005): commands
of one process then never race each other, and threads do not fight over the interpreter.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from services.chassis.context import Sammanhang
from services.chassis.store.append import Known, Outcome, Stored, append, known_answers
from services.chassis.store.application import Ahead, ServiceApplication
from services.chassis.store.decision import Answer, Decision, Done
from services.chassis.store.errors import LOST_CONNECTION, Contended, KeyReused, Unavailable
from services.chassis.store.recorder import Recorder

TRIES = 3
"""How often a command that names no version is decided before it is answered 409."""


@dataclass(slots=True)
class Command:
    """A command on its way to being decided.

    ``decide`` is called with the application in the writer's thread. ``body`` is a keyed hash of
    what the caller sent, so that a key cannot be used for two things; ``expected`` is (id,
    version) from If-Match. ``reads`` names what the command is likely to load: all that the
    commands of a group name is read in one query. What it does not name is found all the same.
    """

    sammanhang: Sammanhang
    decide: Callable[[Any], Done]
    key: str | None = None
    body: bytes = b""
    expected: tuple[UUID, int] | None = None
    reads: tuple[UUID, ...] = ()
    only_judge: bool = False
    tries: int = 0
    future: Future[Answer] = field(default_factory=Future)


class Writer:
    """Takes commands in order and stores them in groups."""

    def __init__(
        self, application: ServiceApplication, recorder: Recorder, *, group_max: int = 64
    ) -> None:
        self._application = application
        self._recorder = recorder
        self._group_max = group_max
        self._waiting: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._stopped = False

    def start(self) -> None:
        """Begin taking commands."""
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, then end; commands that come later are refused."""
        self._stopped = True
        self._waiting.put(None)
        self._thread.join()
        self._recorder.close()

    async def execute(self, command: Command) -> Answer:
        """The command's answer; raises what deciding it raised, or a store error."""
        return await asyncio.wrap_future(self.submit(command))

    def submit(self, command: Command) -> "Future[Answer]":
        """Put the command in the queue; for callers without an event loop."""
        if self._stopped:
            raise Unavailable
        self._waiting.put(command)
        return command.future

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            ended = False
            while len(group) < self._group_max and not self._waiting.empty():
                command = self._waiting.get()
                if command is None:
                    ended = True
                    break
                group.append(command)
            self._handle(group)
            if ended:
                break
        self._refuse_the_rest()

    def _refuse_the_rest(self) -> None:
        """A command that came while the writer was told to stop is answered too."""
        while not self._waiting.empty():
            command = self._waiting.get()
            if command is not None and command.future.set_running_or_notify_cancel():
                _fail(command, Unavailable())

    def _handle(self, group: list[Command]) -> None:
        """Answer every command of the group, whatever happens.

        A caller that has gone before its command's turn came is passed over; after that it cannot
        take the command back, so an answer can always be given.
        """
        group = [command for command in group if command.future.set_running_or_notify_cancel()]
        reconnected = False
        while group:
            try:
                group = self._round(group)
            except LOST_CONNECTION:
                self._recorder.close()
                if reconnected:
                    _fail_all(group, Unavailable())
                    return
                # The connection may have died while nobody used it. What may have been stored
                # has a key, which is looked up first.
                reconnected = True
                group = [command for command in group if not command.future.done()]
            except Exception as error:  # the thread must outlive a fault of any one command
                _fail_all(group, error)
                return

    def _round(self, group: list[Command]) -> list[Command]:
        """Decide and store what can go into one transaction; give back what must be tried again.

        The group ends at the first command that touches what an earlier one of it changes, so
        that commands are answered in the order in which they came.
        """
        later: list[Command] = []
        decided: list[tuple[Command, Decision]] = []
        touched: set[UUID] = set()
        keys: set[tuple[str, str]] = set()
        unanswered = self._unanswered(group)
        ahead = self._application.read_ahead(
            [(command.sammanhang.kommunkod, id) for command in unanswered for id in command.reads]
        )
        for command in unanswered:
            key = (command.sammanhang.kommunkod, command.key or "")
            if later or (command.key is not None and key in keys):
                later.append(command)
                continue
            decision = self._decide(command, ahead)
            if decision is None:
                continue
            if touched & decision.touched:
                command.tries -= 1
                later.append(command)
                continue
            touched |= decision.touched
            if command.key is not None:
                keys.add(key)
            decided.append((command, decision))
        lost = self._store(decided)
        return [*lost, *later]

    def _unanswered(self, group: Sequence[Command]) -> list[Command]:
        """Answer the commands whose key is known; give back the others."""
        keyed = [(c.sammanhang.kommunkod, c.key) for c in group if c.key is not None]
        if not keyed:
            return list(group)
        self._recorder.act_for(",".join(sorted({kommun for kommun, _ in keyed})))
        with self._recorder.connection.cursor() as cursor:
            known = known_answers(cursor, keyed)
        rest: list[Command] = []
        for command in group:
            found = known.get((command.sammanhang.kommunkod, command.key or ""))
            if found is None:
                rest.append(command)
            else:
                _settle(command, Known(found[1], found[0] == command.body))
        return rest

    def _decide(self, command: Command, ahead: Ahead) -> Decision | None:
        """The decision; ``None`` when the command has been answered instead."""
        command.tries += 1
        try:
            decision = self._application.decide(
                command.sammanhang, command.decide, command.expected, ahead
            )
        except LOST_CONNECTION:
            raise
        except Exception as error:  # a refusal, or a fault that is this command's alone
            # The same call may have been stored by another process in the meantime, and is then
            # what made this one impossible: the caller is to have its first answer.
            for unanswered in self._unanswered([command]):
                _fail(unanswered, error)
            return None
        if command.only_judge:
            done = decision.done
            command.future.set_result(
                Answer(done.status, done.id, done.version, None, detail=done.detail)
            )
            return None
        decision.key = command.key
        decision.body = command.body
        return decision

    def _store(self, decided: Sequence[tuple[Command, Decision]]) -> list[Command]:
        """Store in one transaction, or one by one if that fails; give back those that lost."""
        if not decided:
            return []
        try:
            outcomes = append(self._recorder.connection, [decision for _, decision in decided])
        except LOST_CONNECTION:
            self._recorder.close()
            return self._after_lost_connection(decided)
        except Exception as error:  # one command's fault is not its neighbours'
            if len(decided) == 1:
                return _lost_or_failed(decided[0][0], error)
            return [lost for pair in decided for lost in self._store([pair])]
        return [
            command
            for (command, _), outcome in zip(decided, outcomes, strict=True)
            if not _settle(command, outcome) and _may_try_again(command)
        ]

    def _after_lost_connection(self, decided: Sequence[tuple[Command, Decision]]) -> list[Command]:
        """Read the keys again: the row says whether the commit happened.

        Without a key nothing can say it, so such a command is never sent twice.
        """
        commands = [command for command, _ in decided]
        for command in commands:
            if command.key is None:
                _fail(command, Unavailable())
        unanswered = self._unanswered([c for c in commands if c.key is not None])
        for command in unanswered:
            if command.tries >= TRIES:
                _fail(command, Unavailable())
        return [command for command in unanswered if command.tries < TRIES]


def _settle(command: Command, outcome: Outcome) -> bool:
    """Answer the command if the outcome is an answer; say whether it was."""
    if isinstance(outcome, Stored):
        command.future.set_result(outcome.answer)
        return True
    if isinstance(outcome, Known):
        if outcome.same:
            command.future.set_result(outcome.answer)
        else:
            _fail(command, KeyReused())
        return True
    return False


def _may_try_again(command: Command) -> bool:
    """Whether a command that lost its race may be decided anew; if not, it is answered."""
    if command.tries < TRIES:
        return True
    _fail(command, Contended())
    return False


def _lost_or_failed(command: Command, error: Exception) -> list[Command]:
    """A uniqueness that another process took first is a lost race; anything else a fault."""
    if isinstance(error, psycopg.errors.UniqueViolation):
        return [command] if _may_try_again(command) else []
    _fail(command, error)
    return []


def _fail(command: Command, error: BaseException) -> None:
    if not command.future.done():
        command.future.set_exception(error)


def _fail_all(group: Sequence[Command], error: BaseException) -> None:
    for command in group:
        _fail(command, error)
