"""Every declared rule has a test that names it, and docs/regler.md says what the code says."""

from pathlib import Path

import pytest

from dygn import regelverk
from tests.husets_regler.trad import kopiera, kor

REGEL = '''"""Planted."""

from services.chassis.rules import Breach, rule, rule_row


@rule("R-PLA-9901", source="påhittad källa", consequence="refuse")
def pahittad() -> Breach | None:
    """A rule that exists for this test only."""
    return Breach("R-PLA-9901", "/x", "påhittad")


rule_row("R-PLA-9902", source="påhittad", consequence="compute", module=__name__, name="en rad")
'''
PROV = '''"""Planted."""

import pytest

pytestmark = [pytest.mark.regel("R-PLA-9901")]


class TestPahittad:
    @pytest.mark.regel("R-PLA-9902", {extra})
    async def test_en_sak(self) -> None: ...
'''


OKANDA_BROTT = ('Breach("R-PLA-9904"', 'rules.Breach(regel="R-PLA-9905"')


def _trad(mapp: Path) -> Path:
    """A copy of the tree with two more rules, and no test of them."""
    trad = kopiera(mapp)
    (trad / "services/placering/domain/planterad.py").write_text(REGEL, encoding="utf-8")
    return trad


def _granska(trad: Path, *val: str) -> tuple[int, str]:
    """The exit code and the complaints about the copy."""
    utfall = kor(trad, "-m", "dygn.regelverk", *val)
    return utfall.returncode, utfall.stderr


@pytest.fixture(scope="module")
def klagan(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a tree with every fault that the tests below look for; each is its own."""
    trad = _trad(tmp_path_factory.mktemp("fel"))
    prov = PROV.replace("9901", "9903").replace("9902", "9903").format(extra="")
    (trad / "tests/test_planterad.py").write_text(prov, encoding="utf-8")
    with (trad / "services/placering/domain/planterad.py").open("a", encoding="utf-8") as fil:
        for nummer, anrop in enumerate(OKANDA_BROTT):
            fil.write(f"\n\ndef brott_{nummer}() -> object:\n")
            fil.write(f'    return {anrop}, pekare="/x", text="fel")\n')
    kod, klagan = _granska(trad, "--granska")
    assert kod == 1
    return klagan


def test_varje_regel_har_prov_och_regelboken_ar_farsk() -> None:
    assert regelverk.brister() == []


def test_en_regel_utan_prov_falls(klagan: str) -> None:
    assert "R-PLA-9901: declared, but no test is marked with it" in klagan
    assert "R-PLA-9902: declared, but no test is marked with it" in klagan
    assert "docs/regler.md is stale" in klagan


def test_ett_marke_for_en_okand_regel_falls(klagan: str) -> None:
    assert "marked with R-PLA-9903, which the code does not know" in klagan


@pytest.mark.parametrize("regel", ["R-PLA-9904", "R-PLA-9905"])
def test_ett_brott_mot_en_okand_regel_falls(klagan: str, regel: str) -> None:
    assert f"a Breach names {regel}, which is not declared" in klagan
    assert "planterad.py" in klagan


def test_en_regel_med_prov_kommer_i_regelboken(tmp_path: Path) -> None:
    trad = _trad(tmp_path)
    (trad / "tests/test_planterad.py").write_text(PROV.format(extra=""), encoding="utf-8")
    _, klagan = _granska(trad)
    assert "990" not in klagan
    bok = (trad / "docs/regler.md").read_text(encoding="utf-8")
    assert "A rule that exists for this test only (refused)." in bok
    assert "- `tests/test_planterad.py::TestPahittad::test_en_sak`" in bok
    assert bok.count("Source: påhittad") == 2
