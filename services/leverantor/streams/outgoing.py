"""Own event → contract messages: pure, and frozen for every stored version.

Guarantees that the same stored event gives the same messages for ever, because it looks at nothing
but the event. Events that only hold a claim (organisationsnummer) are nobody else's matter.
"""

from collections.abc import Sequence

from contracts import leverantor as kontrakt
from contracts.handelse import Kontraktshandelse
from services.leverantor.domain import handelser as eget

STREAM = "leverantor"


def messages(event: object) -> Sequence[Kontraktshandelse]:
    """The contract messages of one stored event, in the order of their index."""
    match event:
        case eget.LeverantorRegistrerad():
            return [
                kontrakt.LeverantorRegistrerad(
                    leverantor=event.originator_id,
                    organisationsnummer=event.organisationsnummer,
                    namn=event.namn,
                    typ=event.typ,
                )
            ]
        case eget.LeverantorRattad():
            return [
                kontrakt.LeverantorRattad(
                    leverantor=event.originator_id,
                    organisationsnummer=event.organisationsnummer,
                    namn=event.namn,
                    typ=event.typ,
                    skal=event.skal,
                )
            ]
        case eget.AvropsstoppSatt():
            return [
                kontrakt.AvropsstoppSatt(
                    leverantor=event.originator_id,
                    organisationsnummer=event.organisationsnummer,
                    fran=event.fran,
                )
            ]
        case eget.AvropsstoppHavt():
            return [
                kontrakt.AvropsstoppHavt(
                    leverantor=event.originator_id,
                    organisationsnummer=event.organisationsnummer,
                    fran=event.fran,
                )
            ]
        case eget.EnhetRegistrerad():
            return [
                kontrakt.EnhetRegistrerad(
                    leverantor=event.leverantor,
                    organisationsnummer=event.organisationsnummer,
                    enhet=event.originator_id,
                    namn=event.namn,
                )
            ]
        case eget.GrunddygnsprisSatt():
            return [
                kontrakt.GrunddygnsprisSatt(
                    leverantor=event.leverantor,
                    organisationsnummer=event.organisationsnummer,
                    enhet=event.originator_id,
                    fran=event.fran,
                    dygnspris_ore=event.dygnspris_ore,
                )
            ]
        case eget.AvtalTecknat():
            return [
                kontrakt.AvtalTecknat(
                    leverantor=event.leverantor,
                    organisationsnummer=event.organisationsnummer,
                    avtal=event.originator_id,
                    enhet=event.enhet,
                    omrade=event.omrade,
                    fran=event.fran,
                    till=event.till,
                    dagrakning=event.dagrakning,
                )
            ]
        case eget.AvtalRattat():
            return [
                kontrakt.AvtalRattat(
                    leverantor=event.leverantor,
                    organisationsnummer=event.organisationsnummer,
                    avtal=event.originator_id,
                    enhet=event.enhet,
                    omrade=event.omrade,
                    fran=event.fran,
                    till=event.till,
                    dagrakning=event.dagrakning,
                    skal=event.skal,
                )
            ]
        case _:
            return []
