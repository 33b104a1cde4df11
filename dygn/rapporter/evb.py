"""Report 2, ej verkställda beslut: the statistics layout, one row a decision, then the analysis.

Guarantees that no two rows become one (R-EVB-7) and that each CSV row says all of itself: that the
nämnd's name stands only on the first row of an insats group is the table's layout, not data.
"""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from dygn.rapporter.tal import antal
from dygn.rapporter.underlag import Json
from dygn.rapporter.utseende import cell, med_underlag, ny_tabell, siffra, summarad

KOLUMNER = (
    "Nämnd",
    "Inga ej verkställda beslut",
    "Ej verkställda beslut",
    "Typ av insats",
    "Antal dagar sedan beslut",
    "Man/kvinna",
    "Antal dagar sedan avbrott",
)
_KRYSS = "X"
_ORSAKER = {
    "onskemal_uppdragstagare": "önskemål om uppdragstagare",
    "onskemal_utforande": "önskemål om utförandet",
    "halsa": "hälsa",
    "tackat_nej": "tackat nej",
    "ej_svarat": "har inte svarat",
    "vill_ej_nu": "vill inte nu",
    "stallforetradare_emot": "ställföreträdare emot",
    "ej_kontakt": "ingen kontakt",
    "ej_valt_utforare": "har inte valt utförare",
    "resursbrist": "resursbrist",
    "parallell_insats": "parallell insats",
    "okant": "okänt",
}


def rubriker(_svar: Json) -> Sequence[str]:
    """The columns of the CSV."""
    return KOLUMNER


def csv_rader(svar: Json) -> Iterator[Sequence[str | int | None]]:
    """The rows of the CSV: every decision, then every nämnd that has none."""
    for rad in svar["rader"]:
        yield (
            rad.get("namnd"),
            None,
            _KRYSS,
            rad["insatstyp"],
            rad["dagar_sedan_beslut"],
            rad["kon"],
            rad["dagar_sedan_avbrott"],
        )
    for namnd in svar.get("namnder_utan", []):
        yield (namnd, _KRYSS, None, None, None, None, None)


def tabell(svar: Json) -> RenderableType:
    """The report for the eye, with the analysis."""
    return med_underlag(
        str(svar["titel"]),
        svar["underlag"],
        _beslut(svar),
        Text(),
        Text("Analys", style="bold"),
        _analys(svar),
        *_fotnoter(svar),
    )


def _beslut(svar: Json) -> RenderableType:
    ut = ny_tabell(
        [
            "Nämnd",
            "Inga ej\nverk-\nställda\nbeslut",
            "Ej\nverk-\nställda\nbeslut",
            "Typ av\ninsats",
        ],
        ["Antal\ndagar\nsedan\nbeslut", "Man/\nkvinna", "Antal\ndagar\nsedan\navbrott"],
    )
    for kolumn in (1, 2):
        ut.columns[kolumn].justify = "center"
    ut.columns[5].justify = "center"
    forra: tuple[str | None, str] | None = None
    for rad in svar["rader"]:
        grupp = (rad.get("namnd"), str(rad["insatstyp"]))
        avbrott = rad["dagar_sedan_avbrott"]
        ut.add_row(
            cell((grupp[0] or "") if grupp != forra else ""),
            "",
            _KRYSS,
            cell(grupp[1]),
            siffra(antal(rad["dagar_sedan_beslut"])),
            cell(str(rad["kon"])),
            siffra("" if avbrott is None else antal(avbrott)),
        )
        forra = grupp
    for namnd in svar.get("namnder_utan", []):
        ut.add_row(cell(str(namnd)), _KRYSS, "", "", "", "", "")
    return ut


def _analys(svar: Json) -> RenderableType:
    ut = ny_tabell(
        ["Typ av insats"],
        [
            "Antal",
            "Ej\nverk-\nställda",
            "Ej åter-\nupp-\ntagna",
            "Nya",
            "Borta",
            "Män",
            "Kvinnor",
            "Annan",
            "Längsta,\ndagar",
        ],
    )
    for rad in svar["analys"]:
        ut.add_row(cell(str(rad["insatstyp"])), *(siffra(antal(rad[matt])) for matt in _MATT))
    summa = _summa(svar)
    summarad(ut, ["Summa"], [antal(summa[matt]) for matt in _MATT])
    return ut


_MATT = (
    "antal",
    "ej_verkstallda",
    "ej_aterupptagna",
    "nya",
    "borta",
    "man",
    "kvinnor",
    "annan",
    "langsta_dagar",
)


def _summa(svar: Json) -> dict[str, int]:
    """The report's own sums, with those that only the analysis' rows tell."""
    rader = svar["analys"]
    lagda = {matt: sum(rad[matt] for rad in rader) for matt in _MATT[:-1]}
    langst = max((rad["langsta_dagar"] for rad in rader), default=0)
    return {**lagda, "langsta_dagar": langst, **svar["summa"]}


def _fotnoter(svar: Json) -> Iterator[RenderableType]:
    yield Text(f"Nya och borta: sedan {svar['forra_per']}.", style="dim")
    for rad in svar["analys"]:
        orsaker = [
            f"{_ORSAKER.get(kod, kod)} {antal(tal)}"
            for kod, tal in (rad.get("orsaker") or {}).items()
            if tal
        ]
        if orsaker:
            yield Text(f"Skäl, {rad['insatstyp']}: {', '.join(orsaker)}.")
