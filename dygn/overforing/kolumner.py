"""What each kind of import file holds: its columns, what form a cell has, what a row is called.

Guarantees that the form of every cell is judged here, with row and column, before anything is
asked of a service: codes come from the contracts' own lists. What is right in the field (check
digits, overlap, lagrum) is the service's to judge.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.ord import (
    PLACERINGSFORM,
    Avslutsorsak,
    Drojsmalsorsak,
    Kon,
    Leverantorstyp,
    Omfattning,
)
from dygn.klient import Tjanst

FORMREGEL = "R-PLA-18"
"""The rule that a row taken over is judged on its form."""
ORE_MAX = 100_000_000
"""Öre per day: more than a million kronor a day is a slip of the pen."""

Varde = str | int
Rad = Mapping[str, Varde]
"""A row's cells that are not empty, by column, as JSON writes them."""


class Formfel(ValueError):
    """The cell does not have the column's form; the text (Swedish) says what it should be."""


Tolk = Callable[[str], Varde]


def _text(langst: int) -> Tolk:
    def tolka(cell: str) -> Varde:
        if len(cell) > langst:
            raise Formfel(f"Får ha högst {langst} tecken.")
        return cell

    return tolka


def _datum(cell: str) -> Varde:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        try:
            return date.fromisoformat(cell).isoformat()
        except ValueError:
            raise Formfel("Dagen finns inte i kalendern.") from None
    raise Formfel("Ska vara ett datum (ÅÅÅÅ-MM-DD).")


def _heltal(minst: int, mest: int, exempel: str) -> Tolk:
    def tolka(cell: str) -> Varde:
        if not re.fullmatch(r"-?\d{1,12}", cell, re.ASCII):
            raise Formfel(f"Ska vara ett heltal, till exempel {exempel}.")
        if not minst <= int(cell) <= mest:
            raise Formfel(f"Ska vara mellan {minst} och {mest}.")
        return int(cell)

    return tolka


def _kod(*koder: str) -> Tolk:
    def tolka(cell: str) -> Varde:
        if cell not in koder:
            raise Formfel(f"Ska vara något av: {', '.join(koder)}.")
        return cell

    return tolka


def _koder(ordlista: type[StrEnum]) -> Tolk:
    return _kod(*(ord_.value for ord_ in ordlista))


_ORE = _heltal(0, ORE_MAX, "350000 (hela öre)")


@dataclass(frozen=True, slots=True)
class Kolumn:
    """A column. ``kravd``: it must be in the header; ``fylld``: its cells may not be empty."""

    namn: str
    tolk: Tolk
    kravd: bool = True
    fylld: bool = False


@dataclass(frozen=True, slots=True)
class Filslag:
    """A kind of file: what it is called, who takes it, and its columns in order.

    ``namn`` is the command line's word, ``i_text`` the same as a text writes it, ``slag`` the
    service's word for a row. ``referens`` names a row within its source, ``grupp`` what rows must
    be judged together (a klient, a supplier). ``unik``: no two rows may have the same referens.
    """

    namn: str
    i_text: str
    slag: str
    tjanst: Tjanst
    kolumner: tuple[Kolumn, ...]
    referens: Callable[[Rad], str]
    grupp: Callable[[Rad], str]
    egen_referens: bool
    unik: bool = True

    @property
    def kolumn(self) -> dict[str, Kolumn]:
        """The columns by name."""
        return {kolumn.namn: kolumn for kolumn in self.kolumner}


def _fylld(namn: str, tolk: Tolk) -> Kolumn:
    return Kolumn(namn, tolk, kravd=True, fylld=True)


def _valfri(namn: str, tolk: Tolk) -> Kolumn:
    return Kolumn(namn, tolk, kravd=False)


def _leverantorsreferens(rad: Rad) -> str:
    """The file has no reference: the row's content is its name, the number first to be readable."""
    innehall = "\x1f".join(f"{namn}={varde}" for namn, varde in sorted(rad.items()))
    return f"{rad['organisationsnummer']}/{hashlib.sha256(innehall.encode()).hexdigest()[:16]}"


def _person(rad: Rad) -> str:
    """The klient, or what a row that names none hangs on: its beslut, or only itself."""
    if klient := rad.get("klient"):
        return f"klient {klient}"
    return f"beslut {rad['beslut']}" if "beslut" in rad else f"rad {rad['referens']}"


def _prisreferens(rad: Rad) -> str:
    return f"{rad['placering']}/{rad['fran']}"


BESLUT = Filslag(
    "beslut",
    "beslut",
    "beslut",
    "placering",
    (
        _fylld("referens", _text(200)),
        _fylld("kon", _koder(Kon)),
        _fylld("lagrum", _text(100)),
        _fylld("insatstyp", _text(100)),
        _fylld("beslutsdatum", _datum),
        _valfri("klient", _text(200)),
        _valfri("namnd", _text(100)),
        _valfri("fodelsear", _heltal(1900, 2100, "2011")),
        _valfri("arbetsenhet", _text(100)),
        _valfri("verkstallighet", _koder(Omfattning)),
        _valfri("verkstalld_datum", _datum),
        _valfri("avbrott_datum", _datum),
        _valfri("aterupptagen_datum", _datum),
        _valfri("upphord_datum", _datum),
        _valfri("galler_till", _datum),
        _valfri("orsak", _koder(Drojsmalsorsak)),
    ),
    referens=lambda rad: str(rad["referens"]),
    grupp=_person,
    egen_referens=True,
)

LEVERANTORER = Filslag(
    "leverantorer",
    "leverantörer",
    "leverantor",
    "leverantor",
    (
        _fylld("organisationsnummer", _text(20)),
        _fylld("namn", _text(200)),
        _valfri("typ", _koder(Leverantorstyp)),
        _valfri("enhet", _text(200)),
        _valfri("omrade", _text(200)),
        _valfri("avtal_fran", _datum),
        _valfri("avtal_till", _datum),
        _valfri("grunddygnspris_ore", _ORE),
    ),
    referens=_leverantorsreferens,
    grupp=lambda rad: re.sub(r"\D", "", str(rad["organisationsnummer"])),
    egen_referens=False,
    unik=False,
)

PLACERINGAR = Filslag(
    "placeringar",
    "placeringar",
    "placering",
    "placering",
    (
        _fylld("referens", _text(200)),
        Kolumn("klient", _text(200)),
        _fylld("kon", _koder(Kon)),
        Kolumn("fodelsedatum", _datum),
        Kolumn("lagrum", _text(100)),
        Kolumn("beslutsdatum", _datum),
        _fylld("placeringsform", _kod(*PLACERINGSFORM)),
        Kolumn("organisationsnummer", _text(20)),
        Kolumn("enhet", _text(200)),
        _fylld("fran", _datum),
        Kolumn("till", _datum),
        Kolumn("dygnspris_ore", _ORE),
        Kolumn("avslutsorsak", _koder(Avslutsorsak)),
        _valfri("beslut", _text(200)),
    ),
    referens=lambda rad: str(rad["referens"]),
    grupp=_person,
    egen_referens=True,
)

PRISANDRINGAR = Filslag(
    "prisandringar",
    "prisändringar",
    "prisandring",
    "placering",
    (
        _fylld("placering", _text(200)),
        _fylld("fran", _datum),
        _fylld("dygnspris_ore", _ORE),
    ),
    referens=_prisreferens,
    grupp=lambda rad: str(rad["placering"]),
    egen_referens=False,
)

FILSLAG = {slag.namn: slag for slag in (BESLUT, LEVERANTORER, PLACERINGAR, PRISANDRINGAR)}
"""Every kind of file by the word of the command line."""
