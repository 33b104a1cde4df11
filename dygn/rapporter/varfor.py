"""Why a figure is what it is: a tree from the figure to placements, intervals and events.

Guarantees that the parts are added up here, in whole öre, and set against the figure: where they
do not agree the tree says so in red instead of looking right.
"""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text
from rich.tree import Tree

from dygn.rapporter.tal import STRECK, antal, kronor
from dygn.rapporter.underlag import Json
from dygn.rapporter.utseende import med_underlag

CSV_KOLUMNER = (
    "placering",
    "slag",
    "fran",
    "till",
    "dygn",
    "pris_ore",
    "kostnad_ore",
    "handelser",
)
_SUMMERADE = ("debiterade_dygn", "varddygn", "kostnad_ore")
_LAGEN = {
    "ej_verkstalld": "ej verkställt",
    "verkstalld": "verkställt",
    "delvis": "delvis verkställt",
    "avbruten": "avbrutet",
    "ej_aterupptagen": "ej återupptaget",
    "upphord": "upphört",
}


def trad(rubrik: str, svar: Json) -> RenderableType:
    """A figure of money and days, as a tree."""
    rot = Tree(Text.assemble((rubrik, "bold"), f": {_figur(svar['summa'])}"))
    for placering in svar["placeringar"]:
        _placering(rot, placering)
    return med_underlag("Varför?", svar["underlag"], rot, Text(), _prov(svar))


def _figur(mangd: Json) -> str:
    delar = [
        f"{antal(mangd['debiterade_dygn'])} debiterade dygn",
        f"{antal(mangd['varddygn'])} vårddygn",
        f"{kronor(mangd['kostnad_ore'])} kr",
    ]
    if mangd.get("dygnskostnad_ore") is not None:
        delar.append(f"{kronor(mangd['dygnskostnad_ore'])} kr per dygn")
    return ", ".join(delar)


def _dagar(del_: Json) -> str:
    till = del_.get("till")
    return f"{del_['fran']} – {till or 'tills vidare'}"


def _placering(rot: Tree, placering: Json) -> None:
    gren = rot.add(
        Text.assemble(
            ("Placering ", ""),
            (str(placering["placering"]), "cyan"),
            f" {_dagar(placering) if placering['fran'] else 'utan dagar i perioden'}"
            f"\n{_figur(placering)}",
        )
    )
    for intervall in placering["intervall"]:
        gren.add(_intervall(intervall))
    for intervall in placering["varddygnsintervall"]:
        gren.add(Text(f"Vårddygn {_dagar(intervall)}: {antal(intervall['dygn'])}", style="dim"))


def _intervall(intervall: Json) -> Text:
    dygn, pris = intervall["dygn"], intervall["pris_ore"]
    rakning = Text(f"{_dagar(intervall)}: {antal(dygn)} dygn × ")
    if pris is None:
        rakning.append("okänt pris", "yellow")
    else:
        rakning.append(f"{kronor(pris)} kr")
    if intervall.get("tillagg_ore"):
        rakning.append(
            f" ({kronor(intervall['grund_ore'])} + tillägg {kronor(intervall['tillagg_ore'])})"
        )
    rakning.append(f" = {kronor(intervall['kostnad_ore'])} kr")
    if (pris or 0) * dygn != intervall["kostnad_ore"]:
        rakning.append(" STÄMMER INTE", "bold red")
    rakning.append(f"\nur {_handelser(intervall)}", "dim")
    return rakning


def _handelser(del_: Json) -> str:
    return ", ".join(str(handelse) for handelse in del_.get("handelser", [])) or STRECK


def delarnas_summa(svar: Json) -> dict[str, int]:
    """What the intervals add up to: the days, and the money in öre."""
    placeringar = svar["placeringar"]
    intervall = [en for placering in placeringar for en in placering["intervall"]]
    vard = [en for placering in placeringar for en in placering["varddygnsintervall"]]
    return {
        "debiterade_dygn": sum(en["dygn"] for en in intervall),
        "varddygn": sum(en["dygn"] for en in vard),
        "kostnad_ore": sum(en["kostnad_ore"] for en in intervall),
    }


def avvikelser(svar: Json) -> dict[str, int]:
    """The measures in which the parts and the figure differ, and by how much; empty when right."""
    delar, summa = delarnas_summa(svar), svar["summa"]
    skillnad = {matt: delar[matt] - summa[matt] for matt in _SUMMERADE}
    return {matt: varde for matt, varde in skillnad.items() if varde}


def _placeringar(tal: int) -> str:
    return f"{antal(tal)} placering{'' if tal == 1 else 'ar'}"


def _prov(svar: Json) -> Text:
    delar = delarnas_summa(svar)
    text = Text(f"Delarnas summa: {_placeringar(len(svar['placeringar']))}, {_figur(delar)}. ")
    if skillnad := avvikelser(svar):
        vad = ", ".join(f"{matt} {antal(varde)}" for matt, varde in skillnad.items())
        return text.append(f"STÄMMER INTE med siffran: {vad}.", "bold red")
    return text.append("Stämmer med siffran.", "green")


def evb(svar: Json) -> RenderableType:
    """Why a decision is in the report of ej verkställda beslut, or why it is not."""
    utfall = "står i rapporten" if svar["listad"] else "står inte i rapporten"
    rot = Tree(Text.assemble("Beslut ", (str(svar["beslut"]), "cyan"), f" {utfall}"))
    if svar.get("text"):
        rot.add(Text(str(svar["text"])))
    if rad := svar.get("rad"):
        rot.add(Text(_evb_rad(rad)))
    for lage in svar.get("lagen", []):
        klocka = lage.get("klocka_fran")
        gren = Text(f"{_dagar(lage)}: {_LAGEN.get(lage['lage'], lage['lage'])}")
        gren.append(f", klockan går från {klocka}" if klocka else ", klockan står")
        gren.append(f"\nur {_handelser(lage)}", "dim")
        rot.add(gren)
    if regler := svar.get("regler"):
        rot.add(Text(f"Regler: {', '.join(regler)}", style="dim"))
    return med_underlag("Varför?", svar["underlag"], rot)


def _evb_rad(rad: Json) -> str:
    delar = [f"{rad['insatstyp']}, {rad['kon']}", f"beslutat {rad['beslutsdatum']}"]
    delar.append(f"{antal(rad['dagar_sedan_beslut'])} dagar sedan beslutet")
    if rad.get("dagar_sedan_avbrott") is not None:
        delar.append(f"{antal(rad['dagar_sedan_avbrott'])} dagar sedan avbrottet")
    return ", ".join(delar)


def csv_rader(svar: Json) -> Iterator[Sequence[str | int | None]]:
    """A row for each interval of each placering; ``slag`` is kostnad or varddygn."""
    for placering in svar["placeringar"]:
        for en in placering["intervall"]:
            yield _csv_rad(placering, "kostnad", en)
        for en in placering["varddygnsintervall"]:
            yield _csv_rad(placering, "varddygn", en)


def _csv_rad(placering: Json, slag: str, en: Json) -> Sequence[str | int | None]:
    return (
        placering["placering"],
        slag,
        en["fran"],
        en["till"],
        en["dygn"],
        en.get("pris_ore"),
        en.get("kostnad_ore"),
        " ".join(en.get("handelser", [])),
    )


EVB_CSV_KOLUMNER = ("beslut", "fran", "till", "lage", "klocka_fran", "handelser")


def evb_csv_rader(svar: Json) -> Iterator[Sequence[str | int | None]]:
    """A row for each state that the decision has been in."""
    for lage in svar.get("lagen", []):
        yield (
            svar["beslut"],
            lage["fran"],
            lage["till"],
            lage["lage"],
            lage.get("klocka_fran"),
            " ".join(lage.get("handelser", [])),
        )
