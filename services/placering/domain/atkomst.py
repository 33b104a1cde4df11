"""Why somebody reads about a person, and what of a read is unusual: closed lists of codes.

Guarantees that the access log holds no free text about a person: it is kept when the person has
been culled, and nobody can take a line out of it.
"""

from enum import StrEnum


class Lasskal(StrEnum):
    """Why a person's data are read."""

    HANDLAGGNING = "handlaggning"
    ANMALAN = "anmalan"
    UPPFOLJNING = "uppfoljning"
    BEGARAN = "begaran_fran_enskild"
    GRANSKNING = "granskning"
    TILLSYN = "tillsyn"


class Last(StrEnum):
    """What was read."""

    KLIENT = "klient"
    HEM = "hem"
    HISTORIK = "historik"
    FODELSEDATUM = "fodelsedatum"
    SOKNING = "sokning"
    LOGGEN = "atkomstlogg"
