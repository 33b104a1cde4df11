"""The composition root of the service's stream process: what it publishes, reads and folds."""

from services.chassis.streams.parts import StreamParts
from services.placering.streams.incoming import CONSUMER
from services.placering.streams.outgoing import PUBLISHER, STREAM
from services.placering.views.bevakningsvikning import Bevakningsvikning

PARTS = StreamParts(
    STREAM,
    publisher=PUBLISHER,
    consumer=CONSUMER,
    own=lambda connect: [Bevakningsvikning(connect)],
)
