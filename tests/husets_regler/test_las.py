"""The locks hold what pyproject.toml asks for, with hashes, and name no registry."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.husets_regler.trad import ROT

PYPROJECT = tomllib.loads((ROT / "pyproject.toml").read_text("utf-8"))
PROJEKT = PYPROJECT["project"]
KOR = [*PROJEKT["dependencies"], *PROJEKT["optional-dependencies"]["inbyggd"]]
GRUPPER = PYPROJECT["dependency-groups"]
LAS = {
    "kor": KOR,
    "utveckling": [*KOR, *GRUPPER["utveckling"]],
    "bygg": [*GRUPPER["bygg"], *PYPROJECT["build-system"]["requires"]],
    "matning": GRUPPER["matning"],
    "uv": GRUPPER["uv"],
}
DISTRIBUTIONER = packages_distributions()
PAKET = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")


def lasta(namn: str) -> dict[str, str]:
    """Package → version of the lock."""
    rader = (ROT / "requirements" / f"{namn}.txt").read_text("utf-8").splitlines()
    return {canonicalize_name(traff[1]): traff[2] for rad in rader if (traff := PAKET.match(rad))}


@pytest.mark.parametrize("namn", LAS)
def test_laset_uppfyller_det_som_projektet_begar(namn: str) -> None:
    las = lasta(namn)
    for krav in map(Requirement, LAS[namn]):
        version = las.get(canonicalize_name(krav.name))
        assert version is not None, f"{krav.name} saknas: kör make las"
        assert krav.specifier.contains(version), f"{krav} mot {version}: kör make las"


@pytest.mark.parametrize("namn", LAS)
def test_varje_last_paket_har_hashsumma_och_inget_register_namns(namn: str) -> None:
    text = (ROT / "requirements" / f"{namn}.txt").read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        if not block.startswith("#"):
            assert PAKET.match(block), block
            assert "--hash=sha256:" in block, block


def test_lasen_sager_samma_version_om_samma_paket() -> None:
    utveckling = lasta("utveckling")
    for namn in ("kor", "bygg"):
        skilda = {
            paket: (version, utveckling[paket])
            for paket, version in lasta(namn).items()
            if utveckling.get(paket, version) != version
        }
        assert skilda == {}


def test_korningens_las_ar_en_del_av_utvecklingens() -> None:
    assert set(lasta("kor")) <= set(lasta("utveckling"))


def test_laset_ligger_i_projektet() -> None:
    assert sorted(fil.stem for fil in Path(ROT / "requirements").glob("*.txt")) == sorted(LAS)


def importerade(*mappar: str) -> Iterator[tuple[str, str]]:
    """Top module and file of every import of something that is neither ours nor the library's."""
    egna = {
        "contracts",
        "services",
        "dygn",
        "deploy",
        "tests",
        "benchmarks",
        *sys.stdlib_module_names,
    }
    for fil in (fil for mapp in mappar for fil in sorted((ROT / mapp).rglob("*.py"))):
        for nod in ast.walk(ast.parse(fil.read_text("utf-8"))):
            match nod:
                case ast.Import(names=namn):
                    moduler = [alias.name for alias in namn]
                case ast.ImportFrom(module=str(modul)):
                    moduler = [modul]
                case _:
                    continue
            for modul in moduler:
                if (topp := modul.split(".")[0]) not in egna:
                    yield topp, str(fil.relative_to(ROT))


@pytest.mark.parametrize(
    ("mappar", "krav"),
    [
        (("contracts", "services"), PROJEKT["dependencies"]),
        (("dygn",), KOR),
        (("tests",), [*KOR, *GRUPPER["utveckling"]]),
    ],
    ids=["tjänsterna", "dygn", "proven"],
)
def test_det_som_importeras_ar_namngivet_i_projektet(
    mappar: tuple[str, ...], krav: list[str]
) -> None:
    namngivna = {canonicalize_name(Requirement(ett).name) for ett in krav}
    onamnda = {
        (topp, fil)
        for topp, fil in importerade(*mappar)
        if namngivna.isdisjoint(canonicalize_name(namn) for namn in DISTRIBUTIONER.get(topp, ()))
    }
    assert onamnda == set()
