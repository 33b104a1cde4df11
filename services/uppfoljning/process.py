"""The composition root of the service's stream process: whose streams it reads, how it folds.

It publishes nothing yet, so it has no publisher.
"""

from services.chassis.streams.parts import StreamParts
from services.uppfoljning.streams.incoming import CONSUMER

NAME = "uppfoljning"

PARTS = StreamParts(NAME, consumer=CONSUMER)
