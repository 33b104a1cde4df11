"""docs/leverans.md names what holds each promise: every name exists, and every promise has one."""

import ast
import re
from pathlib import Path

import pytest

from tests.feltalighet.alla_fel import FEL

ROT = Path(__file__).parents[2]
DOKUMENT = ROT / "docs" / "leverans.md"
_PROV = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
_FEL = re.compile(r"\bFaults?\s+((?:`[\w.]+`(?:,\s+)?)+)")


def namnda_prov(text: str) -> set[tuple[str, str]]:
    """(file under tests/, test) that the text names."""
    return {(fil, namn) for fil, namn in _PROV.findall(text)}


def namnda_fel(text: str) -> set[str]:
    """Faults that the text names."""
    return {namn for grupp in _FEL.findall(text) for namn in re.findall(r"`([\w.]+)`", grupp)}


def _finns(fil: str, namn: str) -> bool:
    vag = ROT / "tests" / fil
    if not vag.exists():
        return False
    trad = ast.parse(vag.read_text(encoding="utf-8"))
    return any(
        isinstance(nod, ast.FunctionDef | ast.AsyncFunctionDef) and nod.name == namn
        for nod in ast.walk(trad)
    )


def brister(text: str) -> list[str]:
    """What does not agree between the text and the tests."""
    punkter = re.split(r"\n(?=- |#|\n)", text)
    return [
        *(
            f"{fil}::{namn} finns inte"
            for fil, namn in sorted(namnda_prov(text))
            if not _finns(fil, namn)
        ),
        *(f"felet {namn} finns inte" for namn in sorted(namnda_fel(text) - FEL.keys())),
        *(f"felet {namn} nämns inte" for namn in sorted(FEL.keys() - namnda_fel(text))),
        *(
            f"inget prov håller: {punkt[:60]!r}"
            for punkt in punkter
            if punkt.startswith("- ") and not (namnda_prov(punkt) or namnda_fel(punkt))
        ),
    ]


def test_varje_lofte_har_prov_som_finns_och_varje_fel_har_ett_lofte() -> None:
    assert brister(DOKUMENT.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("fore", "efter", "brist"),
    [
        ("test_rela.py::", "test_relan.py::", "finns inte"),
        ("Fault `zombie.api`", "Fault `zombie.apa`", "felet zombie.apa finns inte"),
        ("Fault `zombie.api`.", "", "felet zombie.api nämns inte"),
        ("## To readers outside", "- Ett löfte.\n\n## To readers outside", "inget prov håller"),
    ],
)
def test_ett_namn_som_inte_finns_och_ett_lofte_utan_prov_marks(
    fore: str, efter: str, brist: str
) -> None:
    text = DOKUMENT.read_text(encoding="utf-8")
    assert fore in text
    assert any(brist in en for en in brister(text.replace(fore, efter)))
