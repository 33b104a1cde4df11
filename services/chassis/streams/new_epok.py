"""A new epok: a person's decision that a stream is published anew from its first event.

Guarantees that the new number is higher than any that has been published, also when the database
was restored from before an earlier new epok; every reader then rebuilds its views of the stream.
"""

from typing import Any

import psycopg

from services.chassis.streams.kafka_client import Kafka, last_control
from services.chassis.streams.mapping import control_topic


def new_epok(connection: psycopg.Connection[Any], service: str, kafka: Kafka | None) -> int:
    """Raise the epok of the service's stream; the new one. Needs UPDATE on ``strom``."""
    published = None if kafka is None else last_control(kafka, control_topic(service))
    row = connection.execute(
        "UPDATE strom SET epok = greatest(epok, %s) + 1 RETURNING epok",
        (0 if published is None else published.epok,),
    ).fetchone()
    assert row is not None
    return int(row[0])
