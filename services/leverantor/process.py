"""The composition root of the service's stream process: what it publishes."""

from services.chassis.streams.event_log import Publisher
from services.chassis.streams.parts import StreamParts, decode_row
from services.leverantor.streams.outgoing import STREAM, messages

PUBLISHER = Publisher(STREAM, messages, decode_row)
PARTS = StreamParts(STREAM, publisher=PUBLISHER)
