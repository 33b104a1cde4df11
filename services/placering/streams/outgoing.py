"""Own event → contract messages: pure, and frozen for every stored version.

Guarantees that the same stored event gives the same messages for ever, because it looks at nothing
but the event, and that a message never holds personal data beyond the pseudonymous (R-SEK-1): the
events themselves hold none, and pointers to ciphertext, claims and calendars stay at home.
"""

from collections.abc import Sequence

from contracts import placering as kontrakt
from contracts.handelse import Kontraktshandelse
from services.chassis.rules import rule
from services.placering.domain import handelser as eget

STREAM = "placering"

_TABELL: dict[type, tuple[type[Kontraktshandelse], str]] = {
    eget.KlientRegistrerad: (kontrakt.KlientRegistrerad, "klient"),
    eget.KlientRattad: (kontrakt.KlientRattad, "klient"),
    eget.BeslutFattat: (kontrakt.BeslutFattat, "beslut"),
    eget.BeslutRattat: (kontrakt.BeslutRattat, "beslut"),
    eget.BeslutMakulerat: (kontrakt.BeslutMakulerat, "beslut"),
    eget.BeslutVerkstallt: (kontrakt.BeslutVerkstallt, "beslut"),
    eget.BeslutAvbrutet: (kontrakt.BeslutAvbrutet, "beslut"),
    eget.BeslutAterupptaget: (kontrakt.BeslutAterupptaget, "beslut"),
    eget.BeslutUpphort: (kontrakt.BeslutUpphort, "beslut"),
    eget.DrojsmalsorsakAngiven: (kontrakt.DrojsmalsorsakAngiven, "beslut"),
    eget.PlaceringInledd: (kontrakt.PlaceringInledd, "placering"),
    eget.PlaceringRattad: (kontrakt.PlaceringRattad, "placering"),
    eget.PlaceringPrisAndrat: (kontrakt.PlaceringPrisAndrat, "placering"),
    eget.PlaceringAvslutad: (kontrakt.PlaceringAvslutad, "placering"),
    eget.PlaceringMakulerad: (kontrakt.PlaceringMakulerad, "placering"),
}
"""Own event → the contract event with the same fields, and the field that holds its own id."""


@rule("R-SEK-1", source="OSL 26 kap.", consequence="compute")
def messages(event: object) -> Sequence[Kontraktshandelse]:
    """Personnummer, namn och fritext lämnar aldrig tjänsten; händelser bär ett pseudonymt id."""
    rad = _TABELL.get(type(event))
    return [] if rad is None else [rad[0].av(event, eget_id=rad[1])]
