"""Why somebody reads about a person, and what of a read is unusual: closed lists of codes.

Guarantees that the access log holds no free text about a person: it is kept when the person has
been culled, and nobody can take a line out of it. Nor does it hold a name: that the reader and the
person have the same surname is all that is remembered of the names.
"""

import re
from enum import StrEnum

from services.chassis.rules import Breach, rule

_PARTIKLAR = frozenset({"af", "av", "da", "de", "der", "di", "la", "van", "von"})
"""Words of a surname that say nothing of kinship."""
_ORD = re.compile(r"[^\W\d_]+")


class Lasskal(StrEnum):
    """Why a person's data are read."""

    HANDLAGGNING = "handlaggning"
    ANMALAN = "anmalan"
    UPPFOLJNING = "uppfoljning"
    BEGARAN = "begaran_fran_enskild"
    GRANSKNING = "granskning"
    TILLSYN = "tillsyn"


class Nodskal(StrEnum):
    """Why somebody must read about a person whom they do not otherwise reach."""

    FARA = "fara_for_liv_eller_halsa"
    JOUR = "jour_eller_beredskap"
    ERSATTARE = "handlaggaren_ar_franvarande"
    MYNDIGHET = "begaran_fran_domstol_eller_polis"


class Last(StrEnum):
    """What was read."""

    KLIENT = "klient"
    HEM = "hem"
    HISTORIK = "historik"
    FODELSEDATUM = "fodelsedatum"
    BESLUT = "beslut"
    PLACERING = "placering"
    SOKNING = "sokning"
    LOGGEN = "atkomstlogg"


class Anmarkning(StrEnum):
    """What makes a read one that somebody should look at."""

    EGET_EFTERNAMN = "eget_efternamn"
    SKYDDAD = "skyddad"
    UTOM_ARBETSENHET = "utom_arbetsenhet"


@rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="refuse")
def nodlasning(utom: Breach | None, nodskal: Nodskal | None, *, far: bool) -> Breach | None:
    """Den som måste läsa om någon utanför sina arbetsenheter anger varför, och chefen får se det.

    ``utom`` is why the reader does not reach the person; ``far`` whether the role may break the
    glass. What is asked for within reach needs no reason.
    """
    if utom is None or (nodskal is not None and far):
        return None
    if not far:
        return utom
    return Breach(
        utom.regel,
        utom.pekare,
        f"{utom.text} Måste du ändå läsa: ange nodskal. Läsningen visas för enhetschefen.",
    )


@rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="flag")
def anmarkningar(
    *, utom: bool, skyddad: bool, lasarens_efternamn: str | None, namn: str | None
) -> tuple[Anmarkning, ...]:
    """En läsning av någon utanför enheten, med skyddade uppgifter eller samma efternamn märks.

    ``namn`` is the person's whole name; any word of it but the small ones counts as a surname.
    """
    galler = {
        Anmarkning.EGET_EFTERNAMN: bool(_ord(lasarens_efternamn) & _ord(namn)),
        Anmarkning.SKYDDAD: skyddad,
        Anmarkning.UTOM_ARBETSENHET: utom,
    }
    return tuple(anmarkning for anmarkning, ja in galler.items() if ja)


def _ord(namn: str | None) -> set[str]:
    return set(_ORD.findall((namn or "").casefold())) - _PARTIKLAR
