"""A placering judged against the register of suppliers: form, regi, supplier, unit and avtal.

Guarantees one judgement for all ways in: a command is refused on any breach, a row taken over from
another system keeps what could be settled and is flagged with the rest (R-PLA-18). The outcome is
always whole, so that a flagged row is a placering like any other.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.ord import PLACERINGSFORM, Form, Placeringsform, Regi, SkalUtomRamavtal
from services.chassis.rules import Breach
from services.placering.domain import regler
from services.placering.domain.register import Leverantorsuppgift, Register


@dataclass(frozen=True, slots=True)
class Begaran:
    """What is asked for; ``leverantor`` is a right organisationsnummer, amounts whole öre."""

    placeringsform: str
    leverantor: str | None
    enhet: UUID | None
    avtal: UUID | None
    regi: Regi | None
    fran: date
    dygnspris_ore: int | None
    skal_utom_ramavtal: SkalUtomRamavtal | None
    har_text: bool = False


@dataclass(frozen=True, slots=True)
class Uppgifter:
    """What a placering says of where it is, under which avtal and from when."""

    form: Form
    regi: Regi
    natverk: bool
    leverantor: str | None
    enhet: UUID | None
    avtal: UUID | None
    fran: date
    dygnspris_ore: int | None
    skal_utom_ramavtal: SkalUtomRamavtal | None


def bedom(
    begaran: Begaran, register: Register, *, aven_stopp: bool = True
) -> tuple[Uppgifter, list[Breach]]:
    """What was settled, and every breach. ``aven_stopp=False`` leaves avropsstopp out.

    (A correction of something else must not be stopped by an avropsstopp set since.)
    """
    form = PLACERINGSFORM[begaran.placeringsform]
    nummer = begaran.leverantor
    leverantor = None if nummer is None else register.leverantor(nummer)
    typ = None if leverantor is None else leverantor.typ
    har = nummer is not None
    regi = regler.regi_for(form, har, typ, begaran.regi)
    fel = _om_formen(form, begaran, leverantor)
    enhet = begaran.enhet
    if enhet is not None:
        fel.append(regler.enhet_finns(register.enhet(enhet), nummer, "/enhet"))
    avtal, om_avtalet = _valj_avtal(begaran, register)
    behover = har and form.har_leverantor and regi is not Regi.EGEN
    skal = begaran.skal_utom_ramavtal
    fel += om_avtalet
    if begaran.avtal is None:
        fel.append(
            regler.utom_ramavtal_har_skal(behover, avtal is not None, skal, "/skal_utom_ramavtal")
        )
    fel.append(regler.annat_skal_har_text(skal, begaran.har_text, "/text"))
    fel.append(regler.skal_bara_utom_ramavtal(skal, har and avtal is None, "/skal_utom_ramavtal"))
    if leverantor is not None and aven_stopp:
        fel.append(regler.avropsstopp_hindrar(leverantor, begaran.fran, "/leverantor"))
    uppgifter = Uppgifter(
        form=form.form,
        regi=regi,
        natverk=form.natverk,
        leverantor=nummer,
        enhet=enhet,
        avtal=avtal,
        fran=begaran.fran,
        dygnspris_ore=begaran.dygnspris_ore,
        skal_utom_ramavtal=skal,
    )
    return uppgifter, [breach for breach in fel if breach is not None]


def _om_formen(
    form: Placeringsform, begaran: Begaran, leverantor: Leverantorsuppgift | None
) -> list[Breach | None]:
    har = begaran.leverantor is not None
    typ = None if leverantor is None else leverantor.typ
    return [
        regler.leverantor_finns(leverantor, "/leverantor") if har else None,
        regler.leverantor_ar_angiven(form, har, begaran.regi, "/leverantor"),
        regler.eget_hem_har_ingen_leverantor(form, har, "/leverantor"),
        regler.sis_har_ingen_leverantor(form, har, "/leverantor"),
        regler.regi_stammer(form, har, typ, begaran.regi, "/regi"),
    ]


def _valj_avtal(begaran: Begaran, register: Register) -> tuple[UUID | None, list[Breach | None]]:
    """The avtal that was named; else the unit's, else the supplier's, in force on the day."""
    nummer = begaran.leverantor
    if begaran.avtal is not None:
        avtal = register.avtal(begaran.avtal)
        saknas = regler.avtal_finns(avtal, nummer, begaran.enhet, "/avtal")
        if avtal is None or saknas is not None:
            return None, [saknas]
        return avtal.avtal, [regler.avtalet_galler(avtal, begaran.fran, "/avtal")]
    if nummer is None:
        return None, []
    mojliga = register.mojliga_avtal(nummer, begaran.enhet, begaran.fran)
    valt = mojliga[0].avtal if mojliga else None
    return valt, [regler.avtalet_ar_entydigt(len(mojliga), "/avtal")]
