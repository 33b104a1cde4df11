"""Own event → contract messages: pure, and frozen for every stored version.

Guarantees that the same stored event gives the same messages for ever, because it looks at nothing
but the event. Events that only hold a claim (organisationsnummer) are nobody else's matter. Golden
files hold what each row of the table gives.
"""

from collections.abc import Sequence

from contracts import leverantor as kontrakt
from contracts.handelse import Kontraktshandelse
from services.chassis.streams.event_log import Publisher
from services.chassis.streams.parts import decode_row
from services.leverantor.domain import handelser as eget

STREAM = "leverantor"

_TABELL: dict[type, tuple[type[Kontraktshandelse], str]] = {
    eget.LeverantorRegistrerad: (kontrakt.LeverantorRegistrerad, "leverantor"),
    eget.LeverantorRattad: (kontrakt.LeverantorRattad, "leverantor"),
    eget.AvropsstoppSatt: (kontrakt.AvropsstoppSatt, "leverantor"),
    eget.AvropsstoppHavt: (kontrakt.AvropsstoppHavt, "leverantor"),
    eget.EnhetRegistrerad: (kontrakt.EnhetRegistrerad, "enhet"),
    eget.GrunddygnsprisSatt: (kontrakt.GrunddygnsprisSatt, "enhet"),
    eget.AvtalTecknat: (kontrakt.AvtalTecknat, "avtal"),
    eget.AvtalRattat: (kontrakt.AvtalRattat, "avtal"),
}
"""Own event → the contract event with the same fields, and the field that holds its own id."""


def messages(event: object) -> Sequence[Kontraktshandelse]:
    """The contract messages of one stored event, in the order of their index."""
    rad = _TABELL.get(type(event))
    return [] if rad is None else [rad[0].av(event, eget_id=rad[1])]


PUBLISHER = Publisher(STREAM, messages, decode_row)
"""The service's events as a stream: to Kafka, and over HTTP."""
