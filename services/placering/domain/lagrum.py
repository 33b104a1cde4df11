"""The legal grounds, as dated rows of data, and how a ground is read as people write it.

Guarantees that which ground holds follows from the beslutsdatum and from no clock (R-BES-2), and
that whether EVB follows a beslut stands on the ground's row (R-BES-7, R-EVB-1), so that a new act
is a new row and no new code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_BLANKA = re.compile(r"\s+")
_SFS = re.compile(r"\b(1988:870|1990:52|1993:387|2001:453|2024:79|2025:400)\b")
_LAGNAMN = re.compile(r"\b(sol|lss|lvu|lvm|socialtjänstlagen)\b")
_KAPITEL = re.compile(r"\b(\d{1,2}) ?kap\b")
_PARAGRAF = re.compile(r"\b(\d{1,2}(?: ?[a-e])?) ?§|§ ?(\d{1,2}(?: [a-e]\b|[a-e]\b)?)")
_PUNKT = re.compile(r"\d(?: ?[a-e])? ?§ ?(?:p\.? ?|punkt ?)?(\d{1,2})\b(?! ?(?:§|kap|st))")
_KOLON = re.compile(r"\b(\d{1,2}):(\d{1,2})\b")

_NAMN_AV_SFS = {
    "1988:870": "LVM",
    "1990:52": "LVU",
    "1993:387": "LSS",
    "2001:453": "SoL",
    "2024:79": "2024:79",
    "2025:400": "SoL",
}
_NAMN = {"sol": "SoL", "socialtjänstlagen": "SoL", "lss": "LSS", "lvu": "LVU", "lvm": "LVM"}


@dataclass(frozen=True, slots=True)
class Lagrum:
    """A legal ground, the days on which a beslut may rest on it, and whether EVB follows it.

    ``till`` is the last day, ``None``: still in force. A row without ``paragraf`` speaks of every
    ground in its act.
    """

    lag: str
    sfs: str
    kapitel: str | None
    paragraf: str | None
    fran: date
    till: date | None
    evb: bool
    punkt: str | None = None
    """The numbered point: of 9 § LSS each is an insats of its own."""

    @property
    def text(self) -> str:
        """The ground as it is written in papers."""
        delar = (
            f"{self.kapitel} kap." if self.kapitel else "",
            f"{self.paragraf} §" if self.paragraf else "",
            self.punkt or "",
            self.lag,
        )
        return " ".join(del_ for del_ in delar if del_)

    def galler(self, dag: date) -> bool:
        """Whether a beslut of the day may rest on it."""
        return self.fran <= dag and (self.till is None or dag <= self.till)


LAGRUM = (
    Lagrum("SoL", "2001:453", "4", "1", date(2002, 1, 1), date(2025, 6, 30), True),
    Lagrum("SoL", "2025:400", "11", "1", date(2025, 7, 1), None, True),
    Lagrum("SoL", "2025:400", "12", "1", date(2025, 7, 1), None, True),
    Lagrum("LSS", "1993:387", None, "9", date(1994, 1, 1), None, True),
    *(
        Lagrum("LSS", "1993:387", None, "9", date(1994, 1, 1), None, True, str(punkt))
        for punkt in range(1, 11)
    ),
    Lagrum("LVU", "1990:52", None, "2", date(1990, 7, 1), None, False),
    Lagrum("LVU", "1990:52", None, "3", date(1990, 7, 1), None, False),
    Lagrum("LVU", "1990:52", None, "6", date(1990, 7, 1), None, False),
    Lagrum("LVU", "1990:52", None, "11", date(1990, 7, 1), None, False),
    Lagrum("LVM", "1988:870", None, "4", date(1989, 1, 1), None, False),
    Lagrum("LVM", "1988:870", None, "13", date(1989, 1, 1), None, False),
    Lagrum("2024:79", "2024:79", None, None, date(2024, 4, 1), None, False),
)
"""Every ground that a beslut may rest on."""

MOTSVARIGHETER = (
    (("2001:453", "4", "1"), ("2025:400", "11", "1")),
    (("2001:453", "4", "1"), ("2025:400", "12", "1")),
)
"""(old, new): the ground by act, chapter and paragraph, and one that took over what it held."""


def i_kraft(dag: date) -> list[Lagrum]:
    """The grounds that a beslut of the day may rest on, as they lie in the table."""
    return [rad for rad in LAGRUM if rad.galler(dag)]


def motsvarande(rad: Lagrum) -> list[Lagrum]:
    """The rows of the acts before and after that hold what this ground holds or held."""
    nyckel = (rad.sfs, rad.kapitel, rad.paragraf)
    andra = {
        nytt if gammalt == nyckel else gammalt
        for gammalt, nytt in MOTSVARIGHETER
        if nyckel in (gammalt, nytt)
    }
    return [en for en in LAGRUM if (en.sfs, en.kapitel, en.paragraf) in andra]


@dataclass(frozen=True, slots=True)
class Lasning:
    """A ground as somebody wrote it, taken apart; ``sfs`` where the act's number was written."""

    lag: str
    sfs: str | None
    kapitel: str | None
    paragraf: str | None
    punkt: str | None = None


def las(skrivet: str) -> Lasning | None:
    """Take a written ground apart; ``None`` when no act, or not one ground, can be read from it.

    "9 § LSS", "LSS 9 §", "4 kap. 1 § SoL", "SoL (2001:453) 4 kap 1§" and "SoL 4:1" are all read.
    """
    text = _BLANKA.sub(" ", skrivet).strip().casefold()
    sfs = {traff[1] for traff in _SFS.finditer(text)}
    text = _SFS.sub(" ", text)
    namn = {_NAMN[traff[1]] for traff in _LAGNAMN.finditer(text)}
    lagar = namn | {_NAMN_AV_SFS[nummer] for nummer in sfs}
    if len(lagar) != 1 or len(sfs) > 1:
        return None
    lag = lagar.pop()
    kolon = _en(f"{traff[1]}:{traff[2]}" for traff in _KOLON.finditer(text))
    if kolon is not None:
        kapitel, _, paragraf = kolon.partition(":")
        return Lasning(lag, next(iter(sfs), None), kapitel, paragraf)
    return Lasning(
        lag,
        next(iter(sfs), None),
        _en(traff[1] for traff in _KAPITEL.finditer(text)),
        _en((traff[1] or traff[2]).replace(" ", "") for traff in _PARAGRAF.finditer(text)),
        _en(traff[1] for traff in _PUNKT.finditer(text)) if lag == "LSS" else None,
    )


def _en(funna: Iterator[str]) -> str | None:
    """The one that was found; several different ones are kept apart, and match no row."""
    olika = list(dict.fromkeys(funna))
    return "/".join(olika) or None


def rader_for(lasning: Lasning) -> list[Lagrum]:
    """The rows that the reading may mean, whatever the date."""
    return [rad for rad in LAGRUM if _avser(lasning, rad)]


def _avser(lasning: Lasning, rad: Lagrum) -> bool:
    if lasning.lag != rad.lag or lasning.sfs not in (None, rad.sfs):
        return False
    if rad.paragraf is None:
        return True
    return (lasning.kapitel, lasning.paragraf, lasning.punkt) == (
        rad.kapitel,
        rad.paragraf,
        rad.punkt,
    )


def gallande(skrivet: str, beslutsdatum: date) -> Lagrum | None:
    """The row that a beslut of the day rests on; ``None`` when there is none (R-BES-2)."""
    lasning = las(skrivet)
    if lasning is None:
        return None
    for rad in rader_for(lasning):
        if rad.galler(beslutsdatum):
            return _som_skrivet(rad, lasning)
    return None


def _som_skrivet(rad: Lagrum, lasning: Lasning) -> Lagrum:
    """The row; of an act whose every ground is one row, with the ground that was written."""
    if rad.paragraf is not None:
        return rad
    return Lagrum(rad.lag, rad.sfs, lasning.kapitel, lasning.paragraf, rad.fran, rad.till, rad.evb)
