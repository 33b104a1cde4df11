"""What a report was made from, in words: the same lines over a table and on standard error.

Guarantees that period, filter, known as of, slutlig or preliminär with the reason, W, the position
of each stream and "exklusive moms" are always said.
"""

from collections.abc import Mapping
from typing import Any

from dygn.rapporter.tal import stund

Json = Mapping[str, Any]

SNITT = {
    "placeringsform": "Placeringsform",
    "leverantor": "Leverantör",
    "manad": "Månad",
    "aldersklass": "Åldersklass",
}
"""The cuts of dygnskostnader, as headings."""


def rader(underlag: Json) -> list[str]:
    """The lines, each a sentence of its own."""
    return [
        _period(underlag),
        f"Känt per: {_kant_per(underlag)}. {_lage(underlag)}",
        f"Läst: {_strommar(underlag)}.",
        f"Framtagen {stund(underlag['framtagen'])}, {underlag.get('moms', 'exklusive moms')}.",
    ]


def _period(underlag: Json) -> str:
    if underlag.get("per"):
        delar = [f"Per {underlag['per']}"]
    else:
        delar = [f"Period: {underlag['fran']} – {underlag['till']}"]
    delar += [
        f"{ord_}: {hur(str(underlag[namn]))}"
        for namn, ord_, hur in (
            ("lag", "lag", str),
            ("grans", "gräns", _grans),
            ("snitt", "snitt", _snitt),
            ("omrade", "område", _omrade),
        )
        if underlag.get(namn) is not None
    ]
    return ", ".join([*delar, f"kommun {underlag['kommunkod']}", *_enheter(underlag)]) + "."


def _enheter(underlag: Json) -> list[str]:
    """Nothing where the whole kommun is meant, which is what a reader takes for granted."""
    enheter = underlag.get("arbetsenheter")
    if enheter is None:
        return []
    return [f"bara arbetsenheterna {', '.join(enheter)}" if enheter else "ingen arbetsenhet"]


def _snitt(snitt: str) -> str:
    return SNITT.get(snitt, snitt).lower()


def _omrade(omrade: str) -> str:
    return omrade or "utom ramavtal"


def _grans(grans: str) -> str:
    tal, enhet = grans[:-1], grans[-1:]
    if not tal.isdecimal() or enhet not in ("m", "d"):
        return grans
    ord_ = {"m": ("månad", "månader"), "d": ("dag", "dagar")}[enhet]
    return f"{tal} {ord_[0] if tal == '1' else ord_[1]}"


def _kant_per(underlag: Json) -> str:
    kant = underlag.get("kand_per")
    return stund(kant) if kant else "allt som är känt nu"


def _lage(underlag: Json) -> str:
    w = underlag.get("w")
    fram_till = f"fullständigt fram till {stund(w)}" if w else "inget är fullständigt ännu"
    if underlag.get("slutlig"):
        return f"Slutlig ({fram_till})."
    skal = "; ".join(str(ett).rstrip(".") for ett in underlag.get("skal", []))
    return f"Preliminär ({fram_till}){f': {skal}' if skal else ''}."


def _strommar(underlag: Json) -> str:
    strommar = [
        f"{strom['strom']} till {strom['epok']}:{strom['pos']} ({stund(strom.get('registrerad'))})"
        for strom in underlag.get("strommar", [])
    ]
    return ", ".join(strommar) or "inga strömmar"
