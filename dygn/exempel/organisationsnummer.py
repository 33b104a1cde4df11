"""Invented organisationsnummer: right in form and check digit, of a series that is not given out.

Limited companies' numbers begin with 556 or 559; those made here begin with 552.
"""


def kontrollsiffra(nio: str) -> str:
    """The check digit of the nine digits (Luhn: every second digit doubled, from the first)."""
    summa = 0
    for plats, siffra in enumerate(nio):
        varde = int(siffra) * (2 if plats % 2 == 0 else 1)
        summa += varde - 9 if varde > 9 else varde
    return str(-summa % 10)


def pahittat(lopnummer: int) -> str:
    """The invented number ``lopnummer`` (0–99 999), ``NNNNNN-NNNN``."""
    nio = f"5520{lopnummer:05d}"
    return f"{nio[:6]}-{nio[6:]}{kontrollsiffra(nio)}"
