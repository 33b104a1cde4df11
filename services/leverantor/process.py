"""The composition root of the service's stream process: what it publishes."""

from services.chassis.streams.parts import StreamParts
from services.leverantor.streams.outgoing import PUBLISHER, STREAM

PARTS = StreamParts(STREAM, publisher=PUBLISHER)
