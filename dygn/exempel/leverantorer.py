"""The invented suppliers: who they are, their units, avtal and list prices.

Guarantees that every branch has at least two suppliers (one where it has no avtal), that a unit
has one avtal at a time, and that names and numbers are invented and different.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dygn.exempel.former import GRENAR, VANLIGT_FOR, Gren
from dygn.exempel.organisationsnummer import pahittat
from dygn.exempel.slump import Slump

Rad = dict[str, str]
"""A row as the import file has it: column → text."""

_FORLED = ("Påhitts", "Exempel", "Låtsas", "Sago", "Fantasi", "Övnings")
_EFTERLED = ("vården", "hemmen", "omsorgen", "gruppen", "stödet")
_TRAD = (
    "Alen",
    "Almen",
    "Asken",
    "Aspen",
    "Björken",
    "Boken",
    "Eken",
    "Enen",
    "Fläderbusken",
    "Granen",
    "Hasseln",
    "Häggen",
    "Idegranen",
    "Kastanjen",
    "Linden",
    "Lärken",
    "Lönnen",
    "Oxeln",
    "Pilen",
    "Rönnen",
    "Slånet",
    "Sälgen",
    "Tallen",
    "Videt",
)


@dataclass(frozen=True, slots=True)
class Prisperiod:
    """A period of an avtal, and the list price in it (öre per day; None: no list price)."""

    fran: date
    till: date | None
    pris_ore: int | None


@dataclass(frozen=True, slots=True)
class Plats:
    """Somewhere to place: a unit of a supplier, or a supplier that has homes (``enhet`` None)."""

    organisationsnummer: str
    enhet: str | None
    form: str
    perioder: tuple[Prisperiod, ...]

    def listpris(self, dag: date) -> int | None:
        """The list price in force on the day, öre."""
        for period in self.perioder:
            if period.fran <= dag and (period.till is None or dag <= period.till):
                return period.pris_ore
        return None


@dataclass(frozen=True, slots=True)
class Leverantor:
    """A supplier with its places."""

    organisationsnummer: str
    namn: str
    typ: str
    omrade: str | None
    platser: tuple[Plats, ...]

    def rader(self) -> Iterator[Rad]:
        """Its rows of leverantorer.csv, one for each period of each avtal."""
        sedda: set[tuple[str | None, date]] = set()
        for plats in self.platser:
            for period in plats.perioder:
                if (plats.enhet, period.fran) in sedda:
                    continue  # one avtal, two forms of homes
                sedda.add((plats.enhet, period.fran))
                yield self._rad(plats, period)

    def _rad(self, plats: Plats, period: Prisperiod) -> Rad:
        har_avtal = self.omrade is not None
        return {
            "organisationsnummer": self.organisationsnummer,
            "namn": self.namn,
            "typ": self.typ,
            "enhet": plats.enhet or "",
            "omrade": self.omrade or "",
            "avtal_fran": period.fran.isoformat() if har_avtal else "",
            "avtal_till": period.till.isoformat() if har_avtal and period.till else "",
            "grunddygnspris_ore": "" if period.pris_ore is None else str(period.pris_ore),
        }


def leverantorer(slump: Slump, placeringar: int, forst: date) -> list[Leverantor]:
    """Suppliers enough for so many placements; ``forst`` is the first day that any is asked for."""
    alla = min(max(placeringar // 20, 14), 130)
    ut: list[Leverantor] = []
    for gren in GRENAR:
        minst = 2 if gren.omrade else 1
        for nummer in range(max(minst, alla * gren.andel // 100)):
            ut.append(_leverantor(slump, gren, nummer, len(ut), forst))
    return ut


def _leverantor(slump: Slump, gren: Gren, nummer: int, lopnummer: int, forst: date) -> Leverantor:
    organisationsnummer = pahittat(1000 + 37 * lopnummer + slump.tal(0, 36))
    # Some have no avtal at all: placements there are utom ramavtal.
    omrade = None if nummer >= 2 and slump.chans(8) else gren.omrade
    namn = _namn(lopnummer)
    if gren.enheter:
        platser = _enheter(slump, gren, nummer, organisationsnummer, namn, forst)
        if omrade is None:  # one price, for no avtal ends
            platser = [
                replace(plats, perioder=(replace(plats.perioder[0], till=None),))
                for plats in platser
            ]
    else:
        utan_pris = (Prisperiod(_avtalsstart(slump, forst), None, None),)
        platser = [Plats(organisationsnummer, None, form, utan_pris) for form in gren.former]
    typ = slump.vagt(((92, "privat"), (3, "kommun"), (3, "region"), (2, "eget_bolag")))
    if nummer < 2:
        typ = "privat"
    return Leverantor(organisationsnummer, namn, typ, omrade, tuple(platser))


def _namn(lopnummer: int) -> str:
    trad = _TRAD[lopnummer % len(_TRAD)]
    varv = lopnummer // len(_TRAD)
    return f"{_FORLED[varv % len(_FORLED)]}{_EFTERLED[lopnummer % len(_EFTERLED)]} {trad} AB"


def _avtalsstart(slump: Slump, forst: date) -> date:
    return date(forst.year - slump.tal(1, 2), slump.tal(1, 12), 1)


def _enheter(
    slump: Slump,
    gren: Gren,
    nummer: int,
    organisationsnummer: str,
    namn: str,
    forst: date,
) -> list[Plats]:
    enheter = []
    for ordning in range(max(len(gren.former), slump.tal(1, 3))):
        # The first units of the first suppliers see to it that every form is sold.
        form = gren.former[ordning % len(gren.former)] if nummer < 2 else slump.val(gren.former)
        enhet = f"{namn.split()[1]} {ordning + 1}"
        perioder = _perioder(slump, form, forst)
        enheter.append(Plats(organisationsnummer, enhet, form, perioder))
    return enheter


def _perioder(slump: Slump, form: str, forst: date) -> tuple[Prisperiod, ...]:
    lagst, hogst = VANLIGT_FOR[form].pris
    pris = slump.tal(lagst // 10, hogst // 10) * 1000
    fran = _avtalsstart(slump, forst)
    if slump.chans(40):
        return (Prisperiod(fran, None, pris),)
    skifte = date(fran.year + slump.tal(3, 5), slump.tal(1, 12), 1)
    nytt = pris * (100 + slump.tal(3, 12)) // 100 // 1000 * 1000
    return (
        Prisperiod(fran, skifte - timedelta(days=1), pris),
        Prisperiod(skifte, None, nytt),
    )
