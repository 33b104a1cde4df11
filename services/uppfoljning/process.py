"""The composition root of the service's stream process: whose streams it reads, how it folds.

It publishes nothing yet, so it has no publisher.
"""

from services.chassis.streams.parts import Consumer, StreamParts
from services.uppfoljning.streams.incoming import (
    DERIVED,
    UPSTREAM,
    VIEW_VERSION,
    Uppfoljningsvikning,
)
from services.uppfoljning.views.rafakta import REGISTER

NAME = "uppfoljning"

PARTS = StreamParts(
    NAME,
    consumer=Consumer(UPSTREAM, REGISTER, Uppfoljningsvikning(), VIEW_VERSION, DERIVED),
)
