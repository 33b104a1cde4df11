"""A move in one command: what must hold between the stay that ends and the one that begins.

Guarantees that a move leaves no day between, and that a conversion is one from a consultant's home
to the kommun's own on one day (R-PLA-13). Each stay by itself is judged as any other.
"""

from datetime import date, timedelta

from contracts.ord import PLACERINGSFORM, Form, Regi
from services.chassis.rules import Breach, rule
from services.placering.domain.bedomning import Begaran
from services.placering.domain.regler import NAMNDHANDLING_2024


def eget_hem(placeringsform: str, fran: date, dygnspris_ore: int | None) -> Begaran:
    """A placering in the kommun's own home, in its own regi whatever the form."""
    regi = None if PLACERINGSFORM[placeringsform].regi is not None else Regi.EGEN
    return Begaran(
        placeringsform=placeringsform,
        leverantor=None,
        enhet=None,
        avtal=None,
        regi=regi,
        fran=fran,
        dygnspris_ore=dygnspris_ore,
        skal_utom_ramavtal=None,
    )


def flytt_utan_uppehall(till: date, fran: date, pekare: str) -> Breach | None:
    """The new stay begins on the last day of the old one, or on the day after."""
    if till <= fran <= till + timedelta(days=1):
        return None
    text = f"Den nya placeringen ska börja sista dagen i den gamla, {till}, eller dagen efter."
    return Breach(None, pekare, text)


@rule("R-PLA-13", source=NAMNDHANDLING_2024, consequence="refuse")
def omvandlas_fran_konsulentstott(regi: Regi, pekare: str) -> Breach | None:
    """Bara ett konsulentstött hem kan omvandlas till ett eget."""
    if regi is Regi.KONSULENTSTODD:
        return None
    return Breach("R-PLA-13", pekare, "Placeringen är inte konsulentstödd och kan inte omvandlas.")


@rule("R-PLA-13", source=NAMNDHANDLING_2024, consequence="refuse")
def omvandlas_till_eget(form: Form, ny_form: Form, ny_regi: Regi, pekare: str) -> Breach | None:
    """Det omvandlade hemmet är kommunens eget och av samma form som förut."""
    if ny_regi is Regi.EGEN and ny_form is form:
        return None
    return Breach("R-PLA-13", pekare, f"Omvandlingen ska ge ett eget hem av formen {form.value}.")
