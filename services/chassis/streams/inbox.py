"""The inbox: messages of a partition become raw facts, each once, in order, or say why not.

Guarantees, with everything of one batch in one transaction:

- Where the partition stands is read from its locked row, never from memory: a process that lost
  the partition in a rebalance and does not know it yet can do no harm.
- A message at or below the mark is passed over; one that follows the mark (``fore``) is taken;
  anything else is a hole, and the partition stops instead of going on without what is missing.
- What a partition stops at is put aside whole, whatever the reason, so that a person can decide:
  to release it (tried anew; at a hole: taken although something is missing before it) or to throw
  it away (the next is taken).
- A message whose content is bad, or whose type is unknown, is put aside whole; what comes after
  it with the same key waits behind it, and its kommun's settled instant waits too.
- Facts, dirty marks, mark and offset are committed together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import psycopg

from services.chassis.streams.builds import number_of, view_version_text
from services.chassis.streams.control import Control
from services.chassis.streams.facts import DATA_FAULTS, Register, UnknownType, judge, store_facts
from services.chassis.streams.folding import Folding
from services.chassis.streams.health import Refuses
from services.chassis.streams.message import Faulty, Message, Place, Unreadable, parse
from services.chassis.streams.rebuild import (
    lock_topic,
    newest_epok,
    rebuild_for_epok,
    rebuild_for_version,
)
from services.chassis.streams.set_aside import (
    Identity,
    decided_about,
    put_aside,
    released_rows,
    settle,
)
from services.chassis.streams.sorting import NewEpok, PartitionRow, Sorting
from services.chassis.streams.source import PartitionBatch
from services.chassis.streams.standing import reach

Outcome = Literal["tillampad", "stoppad", "efter"]
"""applied; the partition has stopped; the reading is ahead of the database and must begin anew."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch; ``facts`` counts the raw facts stored."""

    outcome: Outcome
    facts: int = 0
    skal: str | None = None


class _FirstReading(Exception):
    """The partition has no row yet."""


class Inbox:
    """One consumer's inbox; the same for Kafka and embedded mode."""

    def __init__(
        self, konsument: str, register: Register, folding: Folding, *, view_version: int = 1
    ) -> None:
        unknown = folding.handled - register.typer()
        if unknown:
            raise ValueError(f"the folding handles types that the register lacks: {unknown}")
        self.konsument = konsument
        self._register = register
        self._folding = folding
        self._number = view_version
        self.vyversion = view_version_text(view_version, folding.handled)

    def prepare(self, connection: psycopg.Connection[Any], topic: str) -> bool:
        """Rebuild the topic's views if another version of the views made them; whether it did.

        (A version has builds of its own, see ``builds``. Only where an older code broke off when it
        rebuilt in place, or where nobody keeps builds, are there rows of another.)

        :class:`Refuses` when a newer version made them: this process is the old one.
        """
        rows = connection.execute(
            "SELECT DISTINCT vyversion FROM inkorg WHERE konsument = %s AND topic = %s",
            (self.konsument, topic),
        ).fetchall()
        others = [text for (text,) in rows if text != self.vyversion]
        if not others:
            return False
        newest = max(map(number_of, others))
        if newest > self._number:
            raise Refuses(f"{topic} läses av en nyare vyversion ({newest}) än {self._number}")
        rebuild_for_version(connection, self.konsument, topic, self._folding.kinds, self.vyversion)
        return True

    def apply(self, connection: psycopg.Connection[Any], batch: PartitionBatch) -> Applied:
        """Store a batch. Database faults are raised, nothing of the batch is stored then.

        A batch that the data itself makes fail is tried again message by message, and the culprit
        is put in quarantine as not applicable.
        """
        try:
            return self._apply(connection, batch, {})
        except DATA_FAULTS:
            return self._one_by_one(connection, batch)

    def tend(
        self, connection: psycopg.Connection[Any], topic: str, partitions: Sequence[int]
    ) -> frozenset[int]:
        """Apply what a person has released or thrown away; the partitions that are stopped."""
        for partition in sorted(set(partitions) & self._waiting(connection, topic)):
            with connection.transaction():
                row = self._lock(connection, topic, partition)
                if row is not None:
                    self._settle_stop(connection, topic, partition, row)
                    self._apply_released(connection, topic, partition)
        rows = connection.execute(
            "SELECT partition FROM inkorg WHERE konsument = %s AND topic = %s"
            " AND partition = ANY (%s) AND lage IN ('lucka', 'stopp')",
            (self.konsument, topic, list(partitions)),
        ).fetchall()
        return frozenset(partition for (partition,) in rows)

    def _waiting(self, connection: psycopg.Connection[Any], topic: str) -> set[int]:
        """Partitions with something that a decision may have set free (seen without locks)."""
        rows = connection.execute(
            "SELECT DISTINCT partition FROM karantan WHERE konsument = %s AND vyversion = %s"
            " AND topic = %s AND (lage IN ('slappt', 'hallen')"
            " OR (lage = 'kastad' AND pos IS NULL))",
            (self.konsument, self.vyversion, topic),
        ).fetchall()
        return {partition for (partition,) in rows}

    def reach(
        self, connection: psycopg.Connection[Any], topic: str, pending: Sequence[Control]
    ) -> list[Control]:
        """Keep the newest control record that is reached; those that still wait."""
        reached = reach(connection, self.konsument, topic, pending)
        if reached.newer is not None:
            self._rebuild(connection, topic, reached.newer.epok, reached.newer.installation)
            return reach(connection, self.konsument, topic, reached.waiting).waiting
        return reached.waiting

    def _one_by_one(self, connection: psycopg.Connection[Any], batch: PartitionBatch) -> Applied:
        facts, start = 0, batch.start
        for message in batch.messages:
            assert message.offset is not None
            end = message.offset + 1
            alone = replace(batch, start=start, end=end, messages=[message])
            try:
                applied = self._apply(connection, alone, {})
            except DATA_FAULTS as fault:
                told = f"kan ej tillämpas: {_told(fault)}"
                applied = self._apply(connection, alone, {message.offset: told})
            if applied.outcome != "tillampad":
                return replace(applied, facts=facts)
            facts, start = facts + applied.facts, end
        rest = replace(batch, start=start, messages=[])
        return replace(self._apply(connection, rest, {}), facts=facts)

    def _apply(
        self,
        connection: psycopg.Connection[Any],
        batch: PartitionBatch,
        condemned: dict[int, str],
    ) -> Applied:
        while True:
            try:
                with connection.transaction():
                    return self._in_transaction(connection, batch, condemned)
            except _FirstReading:
                self._create(connection, batch.topic, batch.partition)
            except NewEpok as new:
                envelope = new.envelope
                self._rebuild(connection, batch.topic, envelope.epok, envelope.installation)

    def _rebuild(
        self, connection: psycopg.Connection[Any], topic: str, epok: int, installation: Any
    ) -> None:
        rebuild_for_epok(connection, self.konsument, topic, self._folding.kinds, epok, installation)

    def _in_transaction(
        self,
        connection: psycopg.Connection[Any],
        batch: PartitionBatch,
        condemned: dict[int, str],
    ) -> Applied:
        row = self._lock(connection, batch.topic, batch.partition)
        if row is None:
            raise _FirstReading
        if row.vyversion != self.vyversion:
            raise Refuses(f"en annan vyversion ({row.vyversion}) har tagit över {batch.topic}")
        if row.stopped:
            return Applied("stoppad", skal=row.skal)
        if row.topic_id == batch.topic_id and batch.start > row.offset:
            return Applied("efter")
        self._apply_released(connection, batch.topic, batch.partition)
        sorting = Sorting(
            row,
            decided_about(connection, self.konsument, batch.topic, batch.partition),
            self._register,
            self._folding,
            condemned,
        )
        known = row.offset if row.topic_id == batch.topic_id else 0
        for message in batch.messages:
            assert message.offset is not None
            # What is thrown away may come again below the offset: the mark does not tell it.
            if message.offset >= known and not sorting.take(message):
                break
        store_facts(connection, self._folding.kinds, sorting.facts)
        put_aside(
            connection, self.konsument, self.vyversion, batch.topic, batch.partition, sorting.aside
        )
        end = batch.end if sorting.stopped_at is None else sorting.stopped_at
        row.topic_id, row.offset = batch.topic_id, max(known, end)
        self._write(connection, batch.topic, batch.partition, row)
        outcome: Outcome = "tillampad" if sorting.stopped_at is None else "stoppad"
        return Applied(outcome, len(sorting.facts), row.skal)

    def _lock(
        self, connection: psycopg.Connection[Any], topic: str, partition: int
    ) -> PartitionRow | None:
        found = connection.execute(
            'SELECT topic_id, coalesce("offset", 0), installation, epok, pos, "index", lage, skal,'
            " vyversion FROM inkorg WHERE konsument = %s AND topic = %s AND partition = %s"
            " FOR UPDATE",
            (self.konsument, topic, partition),
        ).fetchone()
        if found is None:
            return None
        topic_id, offset, installation, epok, pos, index, lage, skal, vyversion = found
        place = Place(pos, index)
        return PartitionRow(topic_id, offset, installation, epok, place, lage, skal, vyversion)

    def _create(self, connection: psycopg.Connection[Any], topic: str, partition: int) -> None:
        """Make the row of a partition that was never read, at the epok of its neighbours.

        (It must not take messages of an epok that they have left.)
        """
        with connection.transaction():
            lock_topic(connection, self.konsument, topic)
            connection.execute(
                "INSERT INTO inkorg (konsument, topic, partition, vyversion, epok)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (
                    self.konsument,
                    topic,
                    partition,
                    self.vyversion,
                    newest_epok(connection, self.konsument, topic),
                ),
            )

    def _write(
        self, connection: psycopg.Connection[Any], topic: str, partition: int, row: PartitionRow
    ) -> None:
        connection.execute(
            'UPDATE inkorg SET topic_id = %s, "offset" = %s, installation = %s, epok = %s,'
            ' pos = %s, "index" = %s, lage = %s, skal = %s'
            " WHERE konsument = %s AND topic = %s AND partition = %s",
            (
                row.topic_id,
                row.offset,
                row.installation,
                row.epok,
                *row.place,
                row.lage,
                row.skal,
                self.konsument,
                topic,
                partition,
            ),
        )

    def _settle_stop(
        self, connection: psycopg.Connection[Any], topic: str, partition: int, row: PartitionRow
    ) -> None:
        """Carry out what a person decided about the message that stopped it."""
        if not row.stopped:
            return
        identity = Identity(self.konsument, self.vyversion, topic, partition, row.offset)
        decided = settle(connection, identity)
        if decided is None:
            return
        if decided == "kastad":
            # What the lost message stood between is not known: the next one's ``fore`` is taken.
            row.lage, row.offset = "hoppa", row.offset + 1
        else:
            row.lage = "hoppa" if row.lage == "lucka" else "oppen"
        row.skal = None
        self._write(connection, topic, partition, row)

    def _apply_released(
        self, connection: psycopg.Connection[Any], topic: str, partition: int
    ) -> None:
        """Apply released messages and those held behind them, each key in its order."""
        blocked: set[str] = set()
        for one in released_rows(connection, self.konsument, self.vyversion, topic, partition):
            if one.nyckel in blocked:
                continue
            if one.lage == "karantan":
                blocked.add(one.nyckel)
                continue
            lage, orsak = self._try_released(connection, one.message(connection))
            one.decide(connection, lage, orsak)
            if lage == "karantan":
                blocked.add(one.nyckel)

    def _try_released(
        self, connection: psycopg.Connection[Any], message: Message
    ) -> tuple[str, str | None]:
        try:
            fact = judge(message, parse(message), self._register, self._folding)
            with connection.transaction():
                store_facts(connection, self._folding.kinds, [fact])
        except UnknownType as unknown:
            return "okand_typ", str(unknown)
        except (Faulty, Unreadable) as fault:
            return "karantan", str(fault)
        except DATA_FAULTS as fault:
            return "karantan", f"kan ej tillämpas: {_told(fault)}"
        return "tillampad", None


def _told(fault: psycopg.Error) -> str:
    """What the database said, without the values of the row."""
    return (fault.diag.message_primary or type(fault).__name__).replace("\x00", "")[:300]
