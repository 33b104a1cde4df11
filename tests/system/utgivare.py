"""The services that publish, by name: their own event tables as streams."""

from services.chassis.streams.event_log import Publisher
from services.leverantor.streams.outgoing import PUBLISHER as LEVERANTOR
from services.placering.streams.outgoing import PUBLISHER as PLACERING

UTGIVARE: dict[str, Publisher] = {one.service: one for one in (LEVERANTOR, PLACERING)}
