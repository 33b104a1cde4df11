"""Takes rows over: judges each, decides what the good ones add, and says what became of each.

Guarantees that a row which came before adds nothing (its id follows from source and reference),
that a refused row leaves no trace, and that what no rule of R-PLA-18 refuses is stored and flagged
with the rule that it does not meet.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from services.chassis.context import Sammanhang
from services.chassis.rules import admit
from services.chassis.takeover import Utfall, Verdict
from services.placering.application import PlaceringApplication
from services.placering.domain import regler
from services.placering.domain.vistelsekalender import Vistelsekalender
from services.placering.overtagande import beslut, placeringar, priser
from services.placering.overtagande.gemensamt import (
    Overtagning,
    Radfel,
    Utfallet,
    klient_id,
)
from services.placering.overtagande.rader import (
    Beslutsrad,
    Oformad,
    Placeringsrad,
    Prisandringsrad,
    Rad,
    fel_i_rad,
)
from services.placering.views.register import las_register


def ta_over(
    application: PlaceringApplication,
    sammanhang: Sammanhang,
    kalla: str,
    rader: Sequence[Rad],
) -> list[Verdict]:
    """Judge every row in order and decide what the good ones add."""
    admit(regler.hela_kommunen(sammanhang.rackvidd))
    nummer = [
        regler.normaliserat_organisationsnummer(rad.organisationsnummer)
        for rad in rader
        if isinstance(rad, Placeringsrad) and rad.organisationsnummer is not None
    ]
    overtagning = Overtagning(
        application,
        sammanhang,
        kalla,
        las_register(application.query, sammanhang.kommunkod, nummer),
        application.valv(sammanhang),
    )
    application.prefetch(_amnen(overtagning, rader))
    return [_dom(overtagning, index, rad) for index, rad in enumerate(rader)]


def _amnen(overtagning: Overtagning, rader: Sequence[Rad]) -> Iterator[UUID]:
    """The things that the rows speak of, as far as can be told before they are judged."""
    kommunkod = overtagning.sammanhang.kommunkod
    for rad in rader:
        match rad:
            case Beslutsrad():
                yield overtagning.id("beslut", rad.referens)
                yield klient_id(overtagning, "beslut", rad.klient, rad.referens)
            case Placeringsrad():
                klient = klient_id(overtagning, "placering", rad.klient, rad.referens)
                yield overtagning.id("placering", rad.referens)
                yield klient
                yield Vistelsekalender.id_for(kommunkod, klient)
                if rad.beslut is not None:
                    yield overtagning.id("beslut", rad.beslut)
            case Prisandringsrad():
                yield overtagning.id("placering", rad.placering)
            case Oformad():
                pass


def _dom(overtagning: Overtagning, index: int, rad: Rad) -> Verdict:
    fel = fel_i_rad(rad)
    if fel:
        return Verdict(index, rad.referens, Utfall.AVVISAD, fel=fel)
    try:
        id, nytt, flaggor = _ta_over_rad(overtagning, rad)
    except Radfel as avvisad:
        return Verdict(index, rad.referens, Utfall.AVVISAD, fel=avvisad.fel)
    utfall = Utfall.NY if nytt else Utfall.FANNS
    return Verdict(index, rad.referens, utfall, id, flaggor=flaggor)


def _ta_over_rad(overtagning: Overtagning, rad: Rad) -> Utfallet:
    match rad:
        case Beslutsrad():
            return beslut.ta_over(overtagning, rad)
        case Placeringsrad():
            return placeringar.ta_over(overtagning, rad)
        case Prisandringsrad():
            return priser.ta_over(overtagning, rad)
        case Oformad():
            raise Radfel(rad.fel)
