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


@rule("R-SEK-1", source="OSL 26 kap.", consequence="compute")
def messages(event: object) -> Sequence[Kontraktshandelse]:
    """Personnummer, namn och fritext lämnar aldrig tjänsten; händelser bär ett pseudonymt id."""
    for avbilda in (_klient, _beslut, _verkstallighet, _placering):
        meddelande = avbilda(event)
        if meddelande is not None:
            return [meddelande]
    return []


def _klient(event: object) -> Kontraktshandelse | None:
    match event:
        case eget.KlientRegistrerad():
            return kontrakt.KlientRegistrerad(
                klient=event.originator_id,
                kon=event.kon,
                fodelsemanad=event.fodelsemanad,
                skyddad=event.skyddad,
                arbetsenhet=event.arbetsenhet,
            )
        case eget.KlientRattad():
            return kontrakt.KlientRattad(
                klient=event.originator_id,
                kon=event.kon,
                fodelsemanad=event.fodelsemanad,
                skyddad=event.skyddad,
                arbetsenhet=event.arbetsenhet,
                skal=event.skal,
            )
        case _:
            return None


def _beslut(event: object) -> Kontraktshandelse | None:
    match event:
        case eget.BeslutFattat():
            return kontrakt.BeslutFattat(
                klient=event.klient,
                beslut=event.originator_id,
                lag=event.lag,
                lagrum=event.lagrum,
                evb=event.evb,
                insatstyp=event.insatstyp,
                beslutsdatum=event.beslutsdatum,
                galler_till=event.galler_till,
                namnd=event.namnd,
                arbetsenhet=event.arbetsenhet,
                flaggor=event.flaggor,
            )
        case eget.BeslutRattat():
            return kontrakt.BeslutRattat(
                klient=event.klient,
                beslut=event.originator_id,
                lag=event.lag,
                lagrum=event.lagrum,
                evb=event.evb,
                insatstyp=event.insatstyp,
                beslutsdatum=event.beslutsdatum,
                galler_till=event.galler_till,
                namnd=event.namnd,
                arbetsenhet=event.arbetsenhet,
                skal=event.skal,
            )
        case eget.BeslutMakulerat():
            return kontrakt.BeslutMakulerat(
                klient=event.klient, beslut=event.originator_id, skal=event.skal
            )
        case _:
            return None


def _verkstallighet(event: object) -> Kontraktshandelse | None:
    match event:
        case eget.BeslutVerkstallt():
            return kontrakt.BeslutVerkstallt(
                klient=event.klient,
                beslut=event.originator_id,
                datum=event.datum,
                omfattning=event.omfattning,
            )
        case eget.BeslutAvbrutet():
            return kontrakt.BeslutAvbrutet(
                klient=event.klient, beslut=event.originator_id, datum=event.datum
            )
        case eget.BeslutAterupptaget():
            return kontrakt.BeslutAterupptaget(
                klient=event.klient, beslut=event.originator_id, datum=event.datum
            )
        case eget.BeslutUpphort():
            return kontrakt.BeslutUpphort(
                klient=event.klient, beslut=event.originator_id, datum=event.datum
            )
        case eget.DrojsmalsorsakAngiven():
            return kontrakt.DrojsmalsorsakAngiven(
                klient=event.klient,
                beslut=event.originator_id,
                datum=event.datum,
                orsak=event.orsak,
            )
        case _:
            return None


def _placering(event: object) -> Kontraktshandelse | None:
    match event:
        case eget.PlaceringInledd():
            return kontrakt.PlaceringInledd(
                klient=event.klient,
                placering=event.originator_id,
                beslut=event.beslut,
                form=event.form,
                regi=event.regi,
                natverk=event.natverk,
                leverantor=event.leverantor,
                enhet=event.enhet,
                avtal=event.avtal,
                fran=event.fran,
                dygnspris_ore=event.dygnspris_ore,
                flaggor=event.flaggor,
            )
        case eget.PlaceringRattad():
            return kontrakt.PlaceringRattad(
                klient=event.klient,
                placering=event.originator_id,
                beslut=event.beslut,
                form=event.form,
                regi=event.regi,
                natverk=event.natverk,
                leverantor=event.leverantor,
                enhet=event.enhet,
                avtal=event.avtal,
                fran=event.fran,
                dygnspris_ore=event.dygnspris_ore,
                till=event.till,
                orsak=event.orsak,
                beslut_bestar=event.beslut_bestar,
                skal=event.skal,
            )
        case eget.PlaceringPrisAndrat():
            return kontrakt.PlaceringPrisAndrat(
                klient=event.klient,
                placering=event.originator_id,
                beslut=event.beslut,
                prisrad=event.prisrad,
                slag=event.slag,
                fran=event.fran,
                till=event.till,
                dygnspris_ore=event.dygnspris_ore,
            )
        case eget.PlaceringAvslutad():
            return kontrakt.PlaceringAvslutad(
                klient=event.klient,
                placering=event.originator_id,
                beslut=event.beslut,
                till=event.till,
                orsak=event.orsak,
                beslut_bestar=event.beslut_bestar,
            )
        case eget.PlaceringMakulerad():
            return kontrakt.PlaceringMakulerad(
                klient=event.klient,
                placering=event.originator_id,
                beslut=event.beslut,
                skal=event.skal,
            )
        case _:
            return None
