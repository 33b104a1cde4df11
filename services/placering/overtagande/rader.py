"""The rows that can be taken over, and what can be judged of a row by looking at it alone.

Guarantees that what R-PLA-18 lets a row be refused for (form, dates, check digits, lagrum,
R-PLA-12, and contradictions within the row) is found whatever is stored, so that a row is judged
the same the first time and the tenth.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from contracts.ord import Avslutsorsak, Drojsmalsorsak, Kon, Omfattning
from services.chassis.rules import Breach, rule
from services.placering.domain import regler


@dataclass(frozen=True, slots=True)
class Beslutsrad:
    """A beslut and how it has been carried out; ``upphord_datum`` is the first day without it."""

    referens: str
    kon: Kon
    lagrum: str
    insatstyp: str
    beslutsdatum: date
    klient: str | None = None
    namnd: str | None = None
    fodelsear: int | None = None
    arbetsenhet: str | None = None
    verkstallighet: Omfattning | None = None
    verkstalld_datum: date | None = None
    avbrott_datum: date | None = None
    aterupptagen_datum: date | None = None
    upphord_datum: date | None = None
    galler_till: date | None = None
    orsak: Drojsmalsorsak | None = None


@dataclass(frozen=True, slots=True)
class Placeringsrad:
    """A stay, under the beslut with the reference ``beslut`` or one of its own."""

    referens: str
    kon: Kon
    placeringsform: str
    insatstyp: str
    fran: date
    klient: str | None = None
    fodelsedatum: date | None = None
    beslut: str | None = None
    lagrum: str | None = None
    beslutsdatum: date | None = None
    organisationsnummer: str | None = None
    enhet: str | None = None
    till: date | None = None
    dygnspris_ore: int | None = None
    avslutsorsak: Avslutsorsak | None = None


@dataclass(frozen=True, slots=True)
class Prisandringsrad:
    """A new basic price of the placering with the reference ``placering``, öre per day."""

    referens: str
    placering: str
    fran: date
    dygnspris_ore: int


@dataclass(frozen=True, slots=True)
class Oformad:
    """A row that does not have the form of any of them; ``fel`` says where."""

    referens: str
    fel: tuple[Breach, ...]


Rad = Beslutsrad | Placeringsrad | Prisandringsrad | Oformad


@rule("R-PLA-18", source="systemets eget val", consequence="refuse")
def fel_i_rad(rad: Rad) -> tuple[Breach, ...]:
    """Övertagna rader döms på form, datum, kontrollsiffror, lagrum, R-PLA-1 och R-PLA-12."""
    match rad:
        case Beslutsrad():
            fel = _i_beslutsrad(rad)
        case Placeringsrad():
            fel = _i_placeringsrad(rad)
        case Prisandringsrad():
            fel = iter(())
        case Oformad():
            return rad.fel
    return avvisande(fel)


def avvisande(fel: Iterable[Breach | None]) -> tuple[Breach, ...]:
    """Breaches for which a row is refused: those of no rule of their own break R-PLA-18."""
    return tuple(
        breach if breach.regel else replace(breach, regel="R-PLA-18")
        for breach in fel
        if breach is not None
    )


def _fel(brutet: bool, falt: str, text: str) -> Breach | None:
    return Breach("R-PLA-18", f"/{falt}", text) if brutet else None


def _i_beslutsrad(rad: Beslutsrad) -> Iterator[Breach | None]:
    yield regler.lagrum_galler(rad.lagrum, rad.beslutsdatum, "/lagrum")
    yield regler.period_gar_framat(rad.beslutsdatum, rad.galler_till, "/galler_till")
    yield _fel(
        rad.verkstallighet is not None and rad.verkstalld_datum is None,
        "verkstalld_datum",
        "En verkställighet ska ha ett datum.",
    )
    yield _fel(
        rad.aterupptagen_datum is not None and rad.avbrott_datum is None,
        "avbrott_datum",
        "Ett återupptagande ska ha ett avbrott före sig.",
    )


def _i_placeringsrad(rad: Placeringsrad) -> Iterator[Breach | None]:
    if rad.organisationsnummer is not None:
        yield regler.organisationsnummer_stammer(rad.organisationsnummer, "/organisationsnummer")
    yield regler.period_gar_framat(rad.fran, rad.till, "/till")
    yield regler.orsak_hor_till_avslut(rad.avslutsorsak, rad.till, "/till")
    if rad.till is not None:
        yield regler.avslut_har_orsak(rad.avslutsorsak, "/avslutsorsak")
    if rad.beslut is None:
        yield from _om_eget_beslut(rad)


def _om_eget_beslut(rad: Placeringsrad) -> Iterator[Breach | None]:
    yield _fel(rad.lagrum is None, "lagrum", "En placering utan beslut ska ange lagrum.")
    yield _fel(
        rad.beslutsdatum is None, "beslutsdatum", "En placering utan beslut ska ange beslutsdatum."
    )
    if rad.beslutsdatum is None:
        return
    if rad.lagrum is not None:
        yield regler.lagrum_galler(rad.lagrum, rad.beslutsdatum, "/lagrum")
    yield regler.inte_fore(
        rad.fran,
        rad.beslutsdatum,
        "/fran",
        f"Placeringen börjar före beslutsdatumet {rad.beslutsdatum}.",
    )
