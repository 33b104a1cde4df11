"""A placering taken over, under a beslut taken over before or one of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from contracts.ord import PLACERINGSFORM, Regi
from services.chassis.rules import Breach
from services.placering.domain import regler
from services.placering.domain.bedomning import Begaran, Uppgifter, bedom
from services.placering.domain.beslut import Beslut
from services.placering.domain.placering import Avslut, Placering
from services.placering.overtagande.beslut import saknas_i_beslut, uppgifter
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
from services.placering.overtagande.rader import Placeringsrad

_PERSONNUMMER = "Numret är ett personnummer som ingen leverantör i registret har. Det utelämnas."

_KOLUMN = {"/leverantor": "/organisationsnummer"}
"""Fields of a command that are called otherwise in a row."""


@dataclass(frozen=True, slots=True)
class _Beslutet:
    beslut: Beslut
    klient: UUID
    flaggor: tuple[Breach, ...]


def ta_over(overtagning: Overtagning, rad: Placeringsrad) -> Utfallet:
    """The placering of a row that has been judged by itself."""
    application = overtagning.application
    id = overtagning.id("placering", rad.referens)
    if application.find(Placering, id) is not None:
        return id, False, ()
    under = _under_beslut(overtagning, rad)
    krock = application.krock(overtagning.sammanhang, under.klient, rad.fran, rad.till)
    fel = [
        under.beslut.galler_inte(rad.fran, "/fran"),
        regler.en_vistelse_om_dagen(krock, "/fran"),
    ]
    if any(fel):
        raise Radfel(fel)
    person = Person(rad.kon, fodelsedatum=rad.fodelsedatum)
    var, om_platsen = _bedom(overtagning, rad)
    flaggor = (
        *om_platsen,
        *_om_avslutet(rad),
        *klient_flaggor(overtagning, under.klient, person),
    )
    sakerstall_klient(overtagning, under.klient, person)
    _inled(overtagning, rad, id, under, var, flaggor)
    return id, True, (*under.flaggor, *flaggor)


def _inled(
    overtagning: Overtagning,
    rad: Placeringsrad,
    id: UUID,
    under: _Beslutet,
    var: Uppgifter,
    flaggor: tuple[Breach, ...],
) -> None:
    placering = Placering.inled(
        overtagning.sammanhang,
        id,
        klient=under.klient,
        beslut=under.beslut.id,
        uppgifter=var,
        flaggor=regel_id(flaggor),
    )
    if rad.till is not None:
        assert rad.avslutsorsak is not None
        placering.avsluta(overtagning.sammanhang, Avslut(rad.till, rad.avslutsorsak, False))
    overtagning.application.placera(
        overtagning.sammanhang, placering, under.beslut, overtagning.valv
    )


def _under_beslut(overtagning: Overtagning, rad: Placeringsrad) -> _Beslutet:
    if rad.beslut is not None:
        return _tidigare_overtaget(overtagning, rad, rad.beslut)
    assert rad.lagrum is not None
    assert rad.beslutsdatum is not None
    klient = klient_id(overtagning, "placering", rad.klient, rad.referens)
    flaggor = tuple(saknas_i_beslut(None))
    beslut = Beslut.fatta(
        overtagning.sammanhang,
        overtagning.id("beslut-av-placering", rad.referens),
        klient=klient,
        uppgifter=uppgifter(rad.lagrum, rad.insatstyp, rad.beslutsdatum),
        flaggor=regel_id(flaggor),
    )
    return _Beslutet(beslut, klient, flaggor)


def _tidigare_overtaget(overtagning: Overtagning, rad: Placeringsrad, referens: str) -> _Beslutet:
    beslut = overtagning.application.find(Beslut, overtagning.id("beslut", referens))
    if beslut is None:
        text = "Inget beslut med den referensen har tagits över från källan."
        raise Radfel([Breach(None, "/beslut", text)])
    if rad.klient is not None and overtagning.id("klient", rad.klient) != beslut.klient:
        raise Radfel([Breach(None, "/klient", "Beslutet gäller en annan klient.")])
    return _Beslutet(beslut, beslut.klient, tuple(_skiljer_sig(rad, beslut)))


def _skiljer_sig(rad: Placeringsrad, beslut: Beslut) -> Iterator[Breach]:
    if rad.beslutsdatum not in (None, beslut.beslutsdatum):
        yield Breach("R-PLA-18", "/beslutsdatum", "Beslutet har ett annat beslutsdatum.")


def _bedom(overtagning: Overtagning, rad: Placeringsrad) -> tuple[Uppgifter, list[Breach]]:
    """Where it is, judged as a command is; what would refuse a command flags the row."""
    form = PLACERINGSFORM[rad.placeringsform]
    flaggor: list[Breach] = []
    nummer = None
    if rad.organisationsnummer is not None:
        nummer = regler.normaliserat_organisationsnummer(rad.organisationsnummer)
        if not form.har_leverantor:
            flaggor += _leverantor_utelamnas(rad)
            nummer = None
    privatperson = nummer is not None and _okand_person(overtagning, nummer)
    if privatperson:
        flaggor.append(Breach("R-SEK-1", "/organisationsnummer", _PERSONNUMMER))
        nummer = None
    enhet = None
    if rad.enhet is not None and nummer is not None:
        funnen = overtagning.register.enhet_med_namn(nummer, rad.enhet)
        enhet = None if funnen is None else funnen.enhet
        saknas = regler.enhet_finns(funnen, nummer, "/enhet")
        flaggor += [] if saknas is None else [saknas]
    eget = nummer is None and form.har_leverantor and form.regi is None
    var, brott = bedom(
        Begaran(
            placeringsform=rad.placeringsform,
            leverantor=nummer,
            enhet=enhet,
            avtal=None,
            regi=_regi(eget, privatperson),
            fran=rad.fran,
            dygnspris_ore=rad.dygnspris_ore,
            skal_utom_ramavtal=None,
        ),
        overtagning.register,
    )
    return var, [_som_flagga(breach) for breach in (*flaggor, *brott)]


def _okand_person(overtagning: Overtagning, nummer: str) -> bool:
    """A personnummer that no supplier in the register trades under must not leave the service."""
    kant = overtagning.register.leverantor(nummer) is not None
    return regler.ser_ut_som_personnummer(nummer) and not kant


def _regi(eget: bool, privatperson: bool) -> Regi | None:
    """A row without a supplier is an own home, unless its number had to be left out."""
    if not eget:
        return None
    return Regi.EXTERN_PRIVAT if privatperson else Regi.EGEN


def _leverantor_utelamnas(rad: Placeringsrad) -> list[Breach]:
    form = PLACERINGSFORM[rad.placeringsform]
    funna = (
        regler.sis_har_ingen_leverantor(form, True, "/organisationsnummer"),
        regler.eget_hem_har_ingen_leverantor(form, True, "/organisationsnummer"),
    )
    return [replace(b, text=f"{b.text} Numret utelämnas.") for b in funna if b is not None]


def _om_avslutet(rad: Placeringsrad) -> Iterator[Breach]:
    brott = regler.annan_orsak_har_text(rad.avslutsorsak, False, "/avslutsorsak")
    if brott is not None:
        yield brott


def _som_flagga(breach: Breach) -> Breach:
    return Breach(
        breach.regel or "R-PLA-18", _KOLUMN.get(breach.pekare, breach.pekare), breach.text
    )
