"""A beslut taken over, with the steps of its execution."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from contracts.ord import Omfattning
from services.chassis.rules import Breach, Refused
from services.placering.domain import regler
from services.placering.domain.beslut import Beslut, Beslutsuppgifter
from services.placering.domain.lagrum import gallande
from services.placering.overtagande.gemensamt import (
    Overtagning,
    Person,
    Radfel,
    Utfallet,
    klient_flaggor,
    klient_id,
    regel_id,
    sakerstall_klient,
)
from services.placering.overtagande.rader import Beslutsrad


def ta_over(overtagning: Overtagning, rad: Beslutsrad) -> Utfallet:
    """The beslut of a row that has been judged by itself."""
    application = overtagning.application
    id = overtagning.id("beslut", rad.referens)
    if application.find(Beslut, id) is not None:
        return id, False, ()
    klient = klient_id(overtagning, "beslut", rad.klient, rad.referens)
    person = Person(rad.kon, fodelsear=rad.fodelsear, arbetsenhet=rad.arbetsenhet)
    flaggor = [
        *saknas_i_beslut(rad.namnd),
        *_avbrott_utan_borjan(rad),
        *klient_flaggor(overtagning, klient, person),
    ]
    beslut = Beslut.fatta(
        overtagning.sammanhang,
        id,
        klient=klient,
        uppgifter=uppgifter(
            rad.lagrum, rad.insatstyp, rad.beslutsdatum, rad.galler_till, rad.namnd, rad.arbetsenhet
        ),
        flaggor=regel_id(flaggor),
    )
    fel = list(_gor(_steg(overtagning, beslut, rad)))
    if fel:
        raise Radfel(fel)
    sakerstall_klient(overtagning, klient, person)
    application.save(beslut)
    return id, True, tuple(flaggor)


def uppgifter(
    lagrum: str,
    insatstyp: str,
    beslutsdatum: date,
    galler_till: date | None = None,
    namnd: str | None = None,
    arbetsenhet: str | None = None,
) -> Beslutsuppgifter:
    """What a beslut says whose ground has been judged; other systems know no beslutsfattare."""
    rad = gallande(lagrum, beslutsdatum)
    assert rad is not None
    return Beslutsuppgifter(rad, insatstyp, beslutsdatum, galler_till, namnd, arbetsenhet, None)


def saknas_i_beslut(namnd: str | None) -> Iterator[Breach]:
    """The fields of R-BES-1 that the other system lacks."""
    for brott in (
        regler.namnd_ar_angiven(namnd, "/namnd"),
        regler.beslutsfattare_ar_angiven(None, "/beslutsfattare"),
    ):
        if brott is not None:
            yield brott


def _avbrott_utan_borjan(rad: Beslutsrad) -> Iterator[Breach]:
    """An interruption is of something begun, also when the other system does not say when."""
    if rad.avbrott_datum is not None and rad.verkstalld_datum is None:
        yield Breach(
            "R-EVB-14",
            "/verkstalld_datum",
            "Ett avbrott utan datum för verkställighet.",
        )


Steg = tuple[str, Callable[[], None]]
"""The column that a step stands in, and the step."""


def _steg(overtagning: Overtagning, beslut: Beslut, rad: Beslutsrad) -> Iterator[Steg]:
    sammanhang = overtagning.sammanhang
    if rad.orsak is not None:
        orsak = rad.orsak
        yield "orsak", lambda: beslut.ange_drojsmalsorsak(sammanhang, rad.beslutsdatum, orsak)
    if rad.verkstalld_datum is not None:
        verkstalld = rad.verkstalld_datum
        omfattning = rad.verkstallighet or Omfattning.HELT
        yield (
            "verkstalld_datum",
            lambda: beslut.verkstall(sammanhang, verkstalld, omfattning),
        )
    if rad.avbrott_datum is not None:
        avbrott = rad.avbrott_datum
        yield "avbrott_datum", lambda: beslut.avbryt(sammanhang, avbrott, aven_ej_borjat=True)
    if rad.aterupptagen_datum is not None:
        aterupptagen = rad.aterupptagen_datum
        yield "aterupptagen_datum", lambda: beslut.ateruppta(sammanhang, aterupptagen)
    if rad.upphord_datum is not None:
        upphord = rad.upphord_datum
        yield "upphord_datum", lambda: beslut.upphor(sammanhang, upphord)


def _gor(steg: Iterable[Steg]) -> Iterator[Breach]:
    """Take the steps in their order; the breaches of the first that cannot be taken."""
    for kolumn, ta_steget in steg:
        try:
            ta_steget()
        except Refused as brott:
            yield from (replace(breach, pekare=f"/{kolumn}") for breach in brott.breaches)
            return
