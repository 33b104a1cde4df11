"""The rules of the register, each a function that finds a breach or nothing.

Guarantees that a rule is judged in one place, whether the supplier is posted or taken over.
"""

from datetime import date

from organisationsnummer.organisationsnummer import (
    Organisationsnummer,
    OrganisationsnummerException,
)

from services.chassis.rules import Breach, rule


@rule("R-LEV-3", source="nämndhandling, Borås Stad, februari 2024", consequence="refuse")
def organisationsnummer_stammer(nummer: str, pekare: str) -> Breach | None:
    """En leverantör känns igen på organisationsnumret, som ska ha rätt kontrollsiffra."""
    if normaliserat(nummer) is not None:
        return None
    return Breach("R-LEV-3", pekare, "Organisationsnumret har fel form eller kontrollsiffra.")


@rule("R-LEV-3", source="nämndhandling, Borås Stad, februari 2024", consequence="refuse")
def organisationsnummer_ledigt(upptaget: bool, pekare: str) -> Breach | None:
    """Ett organisationsnummer hör till en enda leverantör i kommunen."""
    if not upptaget:
        return None
    return Breach("R-LEV-3", pekare, "En leverantör med det organisationsnumret finns redan.")


def normaliserat(nummer: str) -> str | None:
    """``NNNNNN-NNNN``, or ``None`` when it is no organisationsnummer.

    A sole trader's is a personnummer and is taken too: it is the firm's number, not a klient's.
    """
    if not nummer.isascii():
        return None  # the library takes digits of every script, and gives them back unchanged
    try:
        skrivet: str = Organisationsnummer.parse(nummer.strip()).format(separator=True)
    except OrganisationsnummerException:
        return None
    return skrivet


def period_gar_framat(fran: date, till: date | None, pekare: str) -> Breach | None:
    """A period ends on its first day or later."""
    if till is None or till >= fran:
        return None
    return Breach(None, pekare, "Slutdatum ligger före startdatum.")
