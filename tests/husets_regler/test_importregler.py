"""Imports point inward, and the linter that says so is seen to fail on each kind of violation."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.husets_regler.trad import ROT, kopiera, kor

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

HUSET = "dygn over the services, the services apart, chassis and contracts below and apart"
RUMMEN = "in a service: app, process; api, streams, pages; application; views; domain"
DOMAN = "the domain rooms are pure: no framework and no store"
EGNA_HANDELSER = (
    "what decides has events of its own: of the contracts its domain knows only the words"
)
TUNN_MODUL = "the event library and the broker's client are reached through the chassis alone"
AVTAL = (HUSET, RUMMEN, DOMAN, EGNA_HANDELSER, TUNN_MODUL)


@dataclass(frozen=True)
class Overtradelse:
    """A line that must not stand in a file of the room, and the contract that it breaks."""

    rum: str
    rad: str
    bryter: str


OVERTRADELSER = (
    Overtradelse("services/placering/domain", "import services.placering.api", RUMMEN),
    Overtradelse("services/uppfoljning/views", "import services.uppfoljning.streams", RUMMEN),
    Overtradelse("services/leverantor/domain", "import services.leverantor.application", RUMMEN),
    Overtradelse("services/placering/streams", "import services.placering.api", RUMMEN),
    Overtradelse("services/placering/api", "import services.leverantor", HUSET),
    Overtradelse("services/uppfoljning/views", "import services.placering.domain", HUSET),
    Overtradelse("services/leverantor/api", "import dygn", HUSET),
    Overtradelse("services/chassis", "import contracts.ord", HUSET),
    Overtradelse("services/chassis", "import services.placering", HUSET),
    Overtradelse("contracts", "import services.chassis.rules", HUSET),
    Overtradelse("services/placering/domain", "import sqlalchemy", DOMAN),
    Overtradelse("services/uppfoljning/domain", "import services.chassis.store", DOMAN),
    Overtradelse("services/leverantor/domain", "import contracts.leverantor", EGNA_HANDELSER),
    Overtradelse("services/uppfoljning/views", "import kafka", TUNN_MODUL),
    Overtradelse("services/placering/nytt_rum", "", RUMMEN),
)


def importlint(trad: Path) -> tuple[int, dict[str, str]]:
    """The linter's exit code, and per contract KEPT or BROKEN."""
    utfall = kor(trad, "-c", LINT, "--no-logo")
    domar = {
        avtal: dom
        for rad in utfall.stdout.splitlines()
        for avtal in AVTAL
        for dom in ("KEPT", "BROKEN")
        if rad.strip() == f"{avtal} {dom}"
    }
    assert set(domar) == set(AVTAL), utfall.stdout + utfall.stderr
    return utfall.returncode, domar


@pytest.fixture(scope="module")
def delat_trad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for all, since the linter then reads again only what was planted."""
    return kopiera(tmp_path_factory.mktemp("trad"))


@pytest.fixture
def trad(delat_trad: Path) -> Iterator[Path]:
    """The copy, with what a test planted taken away after it."""
    fore = set(delat_trad.rglob("*"))
    yield delat_trad
    for ny in sorted(set(delat_trad.rglob("*")) - fore, reverse=True):
        if ".import_linter_cache" not in ny.parts:
            ny.rmdir() if ny.is_dir() else ny.unlink()


def test_det_verkliga_tradet_haller_alla_importavtal(trad: Path) -> None:
    kod, domar = importlint(trad)
    assert set(domar.values()) == {"KEPT"}
    assert kod == 0


@pytest.mark.parametrize("overtradelse", OVERTRADELSER, ids=lambda o: f"{o.rum}: {o.rad}")
def test_en_planterad_overtradelse_falls(overtradelse: Overtradelse, trad: Path) -> None:
    mapp = trad / overtradelse.rum
    if not mapp.exists():
        mapp.mkdir()
        (mapp / "__init__.py").write_text('"""Planted."""\n', encoding="utf-8")
    (mapp / "planterad.py").write_text(f'"""Planted."""\n\n{overtradelse.rad}\n', encoding="utf-8")
    kod, domar = importlint(trad)
    assert domar[overtradelse.bryter] == "BROKEN"
    assert kod != 0


def osynliga_mappar(rot: Path) -> Iterator[Path]:
    """Folders with Python files but no ``__init__.py``: the linter walks past them."""
    for paket in ("contracts", "services", "dygn"):
        for fil in sorted((rot / paket).rglob("*.py")):
            mapp = fil.parent
            if "migrations" not in mapp.parts and not (mapp / "__init__.py").exists():
                yield mapp


def test_linter_ser_varje_mapp_med_kod() -> None:
    assert set(osynliga_mappar(ROT)) == set()


def test_en_mapp_utan_init_hittas(trad: Path) -> None:
    gomd = trad / "services" / "chassis" / "gomd"
    gomd.mkdir()
    (gomd / "fil.py").write_text('"""Planted."""\n', encoding="utf-8")
    assert gomd in set(osynliga_mappar(trad))
