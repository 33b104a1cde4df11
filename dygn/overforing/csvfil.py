"""Reading an import file: UTF-8, comma or semicolon, one header line.

Guarantees that every cell with a wrong form is found, in one reading, with the row as a text
editor counts it and the column's name; the rows without faults come out ready to be sent.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dygn.fel import DygnFel
from dygn.overforing.kolumner import FORMREGEL, Filslag, Formfel, Varde


@dataclass(frozen=True, slots=True)
class Filrad:
    """A row without faults of form: ``rad`` is its line in the file, the header being line 1."""

    rad: int
    referens: str
    varden: Mapping[str, Varde]


@dataclass(frozen=True, slots=True)
class Radfel:
    """A fault in a row: which line, which column (None: the whole row), which rule, what."""

    rad: int
    kolumn: str | None
    regel: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Filinnehall:
    """What a file holds: the rows that can be sent, and the faults of those that cannot."""

    rader: tuple[Filrad, ...]
    fel: tuple[Radfel, ...]

    @property
    def antal(self) -> int:
        """How many rows the file has, good and bad."""
        return len(self.rader) + len({fel.rad for fel in self.fel})


def las_fil(fil: Path, slag: Filslag) -> Filinnehall:
    """Read the file. DygnFel where it cannot be read, is not UTF-8 or has a wrong header."""
    try:
        text = fil.read_bytes().decode("utf-8-sig")
    except OSError as fel:
        raise DygnFel(f"Filen {fil} går inte att läsa: {fel.strerror}.") from fel
    except UnicodeDecodeError as fel:
        raise DygnFel(
            f"Filen {fil} är inte UTF-8 (tecken {fel.start + 1}). "
            "Spara den som CSV UTF-8 och försök igen."
        ) from fel
    return las_text(text, slag, str(fil))


def las_text(text: str, slag: Filslag, namn: str) -> Filinnehall:
    """Read the file's text; ``namn`` is what the file is called in messages."""
    rader = _rader(text, namn)
    _, rubrik = next(rader, (1, []))
    kolumner = _rubrik(rubrik, slag, namn)
    goda: list[Filrad] = []
    fel: list[Radfel] = []
    sedda: dict[str, int] = {}
    for nummer, celler in rader:
        if not any(cell.strip() for cell in celler):
            continue
        varden, radens_fel = _tolka(nummer, celler, kolumner, slag)
        if not radens_fel:
            referens = slag.referens(varden)
            forst = sedda.setdefault(referens, nummer)
            if slag.unik and forst != nummer:
                radens_fel = [_dubblett(nummer, forst, slag)]
            else:
                goda.append(Filrad(nummer, referens, varden))
        fel += radens_fel
    return Filinnehall(tuple(goda), tuple(fel))


def _rader(text: str, namn: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    forsta = text.partition("\n")[0]
    skiljetecken = ";" if forsta.count(";") > forsta.count(",") else ","
    lasare = csv.reader(io.StringIO(text, newline=""), delimiter=skiljetecken, strict=True)
    while True:
        nummer = lasare.line_num + 1
        try:
            yield nummer, next(lasare)
        except StopIteration:
            return
        except csv.Error as fel:
            raise DygnFel(
                f"Filen {namn} är inte giltig CSV på rad {nummer}: citattecken eller radslut "
                "står fel."
            ) from fel


def _rubrik(rubrik: Sequence[str], slag: Filslag, namn: str) -> list[str]:
    """The columns in the file's order; DygnFel that names every column missing or unknown."""
    kolumner = [cell.strip().lower() for cell in rubrik]
    kanda = slag.kolumn
    saknas = [k.namn for k in slag.kolumner if k.kravd and k.namn not in kolumner]
    okanda = [kolumn or "(utan namn)" for kolumn in kolumner if kolumn not in kanda]
    dubbla = sorted({kolumn for kolumn in kolumner if kolumn and kolumner.count(kolumn) > 1})
    fel = []
    if saknas:
        fel.append(f"Kolumner som saknas: {', '.join(saknas)}.")
    if okanda:
        fel.append(f"Okända kolumner: {', '.join(okanda)}.")
    if dubbla:
        fel.append(f"Kolumner som står två gånger: {', '.join(dubbla)}.")
    if fel:
        valfria = [k.namn for k in slag.kolumner if not k.kravd]
        fel.append(f"Filen ska ha: {', '.join(k.namn for k in slag.kolumner if k.kravd)}.")
        if valfria:
            fel.append(f"Den får också ha: {', '.join(valfria)}.")
        raise DygnFel(f"Rubrikraden i {namn} stämmer inte.\n" + "\n".join(f"  {f}" for f in fel))
    return kolumner


def _tolka(
    nummer: int, celler: Sequence[str], kolumner: Sequence[str], slag: Filslag
) -> tuple[dict[str, Varde], list[Radfel]]:
    if len(celler) != len(kolumner):
        text = f"Raden har {len(celler)} celler men rubrikraden {len(kolumner)}."
        return {}, [Radfel(nummer, None, FORMREGEL, text)]
    varden: dict[str, Varde] = {}
    fel: list[Radfel] = []
    for namn, cell in zip(kolumner, celler, strict=True):
        kolumn, innehall = slag.kolumn[namn], cell.strip()
        if not innehall:
            if kolumn.fylld:
                fel.append(Radfel(nummer, namn, FORMREGEL, "Uppgiften saknas."))
            continue
        try:
            varden[namn] = kolumn.tolk(innehall)
        except Formfel as formfel:
            fel.append(Radfel(nummer, namn, FORMREGEL, str(formfel)))
    return varden, fel


def _dubblett(nummer: int, forst: int, slag: Filslag) -> Radfel:
    kolumn = "referens" if slag.egen_referens else None
    vad = "Referensen" if slag.egen_referens else "Samma sak"
    return Radfel(nummer, kolumn, FORMREGEL, f"{vad} står redan på rad {forst}.")
