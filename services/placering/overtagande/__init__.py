"""History taken over from another system: beslut, placeringar and price changes, row by row."""

from services.placering.overtagande.overtagare import ta_over
from services.placering.overtagande.rader import (
    Beslutsrad,
    Oformad,
    Placeringsrad,
    Prisandringsrad,
    Rad,
)

__all__ = ["Beslutsrad", "Oformad", "Placeringsrad", "Prisandringsrad", "Rad", "ta_over"]
