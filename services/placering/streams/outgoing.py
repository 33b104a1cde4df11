"""Own event → contract messages: pure, and frozen for every stored version.

Guarantees that the same stored event gives the same messages for ever, because it looks at nothing
but the event, and that a message never holds personal data beyond the pseudonymous (R-SEK-1): the
events themselves hold none, and pointers to ciphertext, claims and calendars stay at home.
"""

from collections.abc import Sequence

from contracts import placering as kontrakt
from contracts.handelse import Kontraktshandelse
from services.chassis.rules import rule
from services.chassis.streams.event_log import Publisher
from services.chassis.streams.parts import decode_row
from services.placering.domain.handelser import beslut, drojsmal, franvaro, klient, placering

STREAM = "placering"

_TABELL: dict[type, tuple[type[Kontraktshandelse], str]] = {
    klient.KlientRegistrerad: (kontrakt.KlientRegistrerad, "klient"),
    klient.KlientRattad: (kontrakt.KlientRattad, "klient"),
    klient.EnsamkommandeAngivet: (kontrakt.EnsamkommandeAngivet, "klient"),
    beslut.BeslutFattat: (kontrakt.BeslutFattat, "beslut"),
    beslut.BeslutRattat: (kontrakt.BeslutRattat, "beslut"),
    beslut.BeslutMakulerat: (kontrakt.BeslutMakulerat, "beslut"),
    beslut.BeslutVerkstallt: (kontrakt.BeslutVerkstallt, "beslut"),
    beslut.BeslutAvbrutet: (kontrakt.BeslutAvbrutet, "beslut"),
    beslut.BeslutAterupptaget: (kontrakt.BeslutAterupptaget, "beslut"),
    beslut.BeslutUpphort: (kontrakt.BeslutUpphort, "beslut"),
    drojsmal.DrojsmalsorsakAngiven: (kontrakt.DrojsmalsorsakAngiven, "beslut"),
    drojsmal.ErbjudandeLamnat: (kontrakt.ErbjudandeLamnat, "beslut"),
    drojsmal.ErbjudandeBesvarat: (kontrakt.ErbjudandeBesvarat, "beslut"),
    drojsmal.ErbjudandeMakulerat: (kontrakt.ErbjudandeMakulerat, "beslut"),
    drojsmal.BeslutForskjutet: (kontrakt.BeslutForskjutet, "beslut"),
    drojsmal.ForskjutningAvslutad: (kontrakt.ForskjutningAvslutad, "beslut"),
    drojsmal.ForskjutningMakulerad: (kontrakt.ForskjutningMakulerad, "beslut"),
    drojsmal.InterimHjalpGiven: (kontrakt.InterimHjalpGiven, "beslut"),
    drojsmal.InterimHjalpAvslutad: (kontrakt.InterimHjalpAvslutad, "beslut"),
    drojsmal.InterimHjalpMakulerad: (kontrakt.InterimHjalpMakulerad, "beslut"),
    placering.PlaceringInledd: (kontrakt.PlaceringInledd, "placering"),
    placering.PlaceringRattad: (kontrakt.PlaceringRattad, "placering"),
    placering.PlaceringHemAngivet: (kontrakt.PlaceringHemAngivet, "placering"),
    placering.PlaceringPrisAndrat: (kontrakt.PlaceringPrisAndrat, "placering"),
    placering.PlaceringsavtalForlangt: (kontrakt.PlaceringsavtalForlangt, "placering"),
    placering.BetalareSatta: (kontrakt.BetalareSatta, "placering"),
    placering.PlaceringAvslutad: (kontrakt.PlaceringAvslutad, "placering"),
    placering.DestinationAngiven: (kontrakt.DestinationAngiven, "placering"),
    placering.PlaceringMakulerad: (kontrakt.PlaceringMakulerad, "placering"),
    franvaro.FranvaroBorjad: (kontrakt.FranvaroBorjad, "placering"),
    franvaro.FranvaroRattad: (kontrakt.FranvaroRattad, "placering"),
    franvaro.FranvaroAvslutad: (kontrakt.FranvaroAvslutad, "placering"),
    franvaro.FranvaroMakulerad: (kontrakt.FranvaroMakulerad, "placering"),
}
"""Own event → the contract event with the same fields, and the field that holds its own id."""


@rule("R-SEK-1", source="OSL 26 kap.", consequence="compute")
def messages(event: object) -> Sequence[Kontraktshandelse]:
    """Personnummer, namn och fritext lämnar aldrig tjänsten; händelser bär ett pseudonymt id."""
    rad = _TABELL.get(type(event))
    return [] if rad is None else [rad[0].av(event, eget_id=rad[1])]


PUBLISHER = Publisher(STREAM, messages, decode_row)
"""The service's events as a stream: to Kafka, and over HTTP."""
