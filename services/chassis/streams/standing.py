"""How far a consumer has come, as its own database says.

Guarantees that a watermark moves only when every message before it is stored: a control record is
kept (``styrpost``) when all the marks that it names are reached, and the marks are read under a
lock that a rebuild cannot slip past.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from services.chassis.streams.control import Control
from services.chassis.streams.health import Refuses
from services.chassis.streams.message import Place


@dataclass(frozen=True, slots=True)
class Mark:
    """What of a partition is stored: epok and place of the last message, ``None`` if none ever."""

    installation: UUID | None
    epok: int
    place: Place


def read_standing(
    connection: psycopg.Connection[Any], konsument: str, topic: str
) -> Control | None:
    """The newest control record that the consumer has reached."""
    row = connection.execute(
        "SELECT installation, epok, pos, registrerad, kedja, sista FROM styrpost"
        " WHERE konsument = %s AND topic = %s",
        (konsument, topic),
    ).fetchone()
    if row is None:
        return None
    installation, epok, pos, registrerad, kedja, sista = row
    places = {int(number): Place(*place) for number, place in sista.items()}
    return Control(installation, epok, pos, registrerad, bytes(kedja), places)


def read_marks(connection: psycopg.Connection[Any], konsument: str, topic: str) -> dict[int, Mark]:
    """The marks of every partition, locked against change until the transaction ends."""
    rows = connection.execute(
        'SELECT partition, installation, epok, pos, "index" FROM inkorg'
        " WHERE konsument = %s AND topic = %s ORDER BY partition FOR SHARE",
        (konsument, topic),
    ).fetchall()
    return {
        partition: Mark(installation, epok, Place(pos, index))
        for partition, installation, epok, pos, index in rows
    }


@dataclass(frozen=True, slots=True)
class Reached:
    """``waiting`` are the control records not yet reached; ``newer`` the epok to rebuild for."""

    waiting: list[Control]
    newer: Control | None = None


def reach(
    connection: psycopg.Connection[Any],
    konsument: str,
    topic: str,
    pending: Sequence[Control],
) -> Reached:
    """Keep the newest of ``pending`` whose marks are all reached. One transaction."""
    with connection.transaction():
        marks = read_marks(connection, konsument, topic)
        newest_epok = max((mark.epok for mark in marks.values()), default=0)
        for control in pending:
            _same_installation(topic, control, marks)
        newer = [control for control in pending if control.epok > newest_epok]
        if newer and marks:
            return Reached(list(newer), newer[0])
        current = [control for control in pending if control.epok >= newest_epok]
        reached = [number for number, control in enumerate(current) if _holds(control, marks)]
        if not reached:
            return Reached(current)
        _keep(connection, konsument, topic, current[reached[-1]])
        return Reached(current[reached[-1] + 1 :])


def _holds(control: Control, marks: dict[int, Mark]) -> bool:
    for partition, place in control.sista.items():
        mark = marks.get(partition)
        if mark is None or mark.epok != control.epok or mark.place < place:
            return False
    return True


def _same_installation(topic: str, control: Control, marks: dict[int, Mark]) -> None:
    for mark in marks.values():
        if mark.installation is not None and mark.installation != control.installation:
            raise Refuses(
                f"{topic} hör till installationen {control.installation},"
                f" läst är {mark.installation}"
            )


def _keep(
    connection: psycopg.Connection[Any], konsument: str, topic: str, control: Control
) -> None:
    sista = {str(number): list(place) for number, place in sorted(control.sista.items())}
    connection.execute(
        "INSERT INTO styrpost"
        " (konsument, topic, installation, epok, pos, registrerad, kedja, sista)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)"
        " ON CONFLICT (konsument, topic) DO UPDATE SET installation = excluded.installation,"
        " epok = excluded.epok, pos = excluded.pos, registrerad = excluded.registrerad,"
        " kedja = excluded.kedja, sista = excluded.sista"
        " WHERE (styrpost.epok, styrpost.registrerad) < (excluded.epok, excluded.registrerad)",
        (
            konsument,
            topic,
            control.installation,
            control.epok,
            control.pos,
            control.registrerad,
            control.kedja,
            json.dumps(sista),
        ),
    )
