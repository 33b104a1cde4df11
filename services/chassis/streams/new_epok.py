"""A new epok: a person's decision that a stream is published anew from its first event.

Guarantees that the new number is higher than any that has been published, also when the database
was restored from before an earlier new epok, or the control topic is gone; every reader then
rebuilds its views of the stream.
"""

from typing import Any

import psycopg

from services.chassis.streams.kafka_client import (
    Kafka,
    admin_client,
    described,
    last_control,
    newest_epok,
)
from services.chassis.streams.mapping import control_topic, event_topic


def new_epok(connection: psycopg.Connection[Any], service: str, kafka: Kafka | None) -> int:
    """Raise the epok of the service's stream; the new one. Needs UPDATE on ``strom``."""
    published = 0 if kafka is None else _published(kafka, service)
    row = connection.execute(
        "UPDATE strom SET epok = greatest(epok, %s) + 1 RETURNING epok",
        (published,),
    ).fetchone()
    assert row is not None
    return int(row[0])


def _published(kafka: Kafka, service: str) -> int:
    """The highest epok of the service that the cluster knows of; 0 when it knows of none."""
    topic, control = event_topic(service), control_topic(service)
    with admin_client(kafka) as admin:
        found = described(admin, [topic, control])
    last = last_control(kafka, control) if control in found else None
    newest = newest_epok(kafka, topic) if topic in found else None
    return max(0 if last is None else last.epok, newest or 0)
