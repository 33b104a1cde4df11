"""The composition root of the service's stream process: what it publishes, reads and folds."""

from services.chassis.streams.event_log import Publisher
from services.chassis.streams.parts import StreamParts, decode_row
from services.placering.streams.incoming import CONSUMER
from services.placering.streams.outgoing import STREAM, messages
from services.placering.views.bevakningsvikning import Bevakningsvikning

PUBLISHER = Publisher(STREAM, messages, decode_row)
PARTS = StreamParts(
    STREAM,
    publisher=PUBLISHER,
    consumer=CONSUMER,
    own=lambda connect: [Bevakningsvikning(connect)],
)
