"""The book of rules: docs/regler.md, made from the code's register and the tests' marks.

Guarantees that no rule is declared in the code without a test that names it, that no breach names
a rule that is not declared, that no test is marked with a rule that the code does not know, and
that the document says what the code does today. Run as
``python -m dygn.regelverk`` it writes the document; with ``--granska`` it writes nothing, lists
what is wrong and ends with 1 if anything is.

Rules are declared with ``services.chassis.rules.rule`` and ``rule_row`` and are read from the
register after their modules are imported; what the sources and the tests say about rules is read
as syntax, so no test is run and no module of the tests is imported.
"""

import argparse
import ast
import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chassis.rules import RULES, Rule

ROT = Path(__file__).resolve().parents[1]
PAKET = ("contracts", "services", "dygn")
RUM = ("domain", "views")
REGELMODUL = "services.chassis.rules"
REGEL_ID = re.compile(r"R-[A-ZÅÄÖ]{3}-\d+")
DOKUMENT = Path("docs") / "regler.md"

_FOLJD = {"refuse": "refused", "flag": "flagged", "compute": "computed"}


@dataclass(frozen=True, slots=True)
class Namnt:
    """A rule's id written in the code: in which file (relative to the root) and on which line."""

    regel: str
    fil: str
    rad: int


# --- what the code declares --------------------------------------------------------------------


def _kallfiler(rot: Path) -> Iterator[Path]:
    for paket in PAKET:
        yield from sorted((rot / paket).rglob("*.py"))


def _modulnamn(rot: Path, fil: Path) -> str:
    delar = fil.relative_to(rot).with_suffix("").parts
    return ".".join(delar[:-1] if delar[-1] == "__init__" else delar)


def _deklarerar(trad: ast.Module) -> bool:
    """Whether the module takes ``rule`` or ``rule_row`` from the register's module."""
    return any(
        isinstance(nod, ast.ImportFrom)
        and nod.module == REGELMODUL
        and any(alias.name in ("rule", "rule_row") for alias in nod.names)
        for nod in ast.walk(trad)
    )


def _rummens_moduler(rot: Path) -> Iterator[str]:
    for tjanst in sorted(path.name for path in (rot / "services").iterdir() if path.is_dir()):
        for rum in RUM:
            mapp = rot / "services" / tjanst / rum
            if (mapp / "__init__.py").exists():
                namn = f"services.{tjanst}.{rum}"
                yield namn
                for modul in pkgutil.walk_packages([str(mapp)], prefix=f"{namn}."):
                    yield modul.name


def deklarerade(rot: Path = ROT) -> list[Rule]:
    """Every rule of the register, after all modules that may declare one are imported.

    These are the domain rooms and views of every service, and whatever else asks the register's
    module for ``rule`` or ``rule_row``.
    """
    moduler = set(_rummens_moduler(rot))
    for fil in _kallfiler(rot):
        if _deklarerar(ast.parse(fil.read_text("utf-8"))):
            moduler.add(_modulnamn(rot, fil))
    for modul in sorted(moduler):
        importlib.import_module(modul)
    return [regel for regel in RULES if regel.module.split(".")[0] in PAKET]


def _namn(uttryck: ast.expr) -> str:
    match uttryck:
        case ast.Name(id=namn) | ast.Attribute(attr=namn):
            return namn
        case _:
            return ""


def brott_med_regel(rot: Path = ROT) -> Iterator[Namnt]:
    """Every ``Breach`` whose rule is written as a literal, wherever it is made."""
    for fil in _kallfiler(rot):
        for nod in ast.walk(ast.parse(fil.read_text("utf-8"))):
            if not (isinstance(nod, ast.Call) and _namn(nod.func) == "Breach"):
                continue
            regel = [argument.value for argument in nod.keywords if argument.arg == "regel"]
            match [*nod.args[:1], *regel]:
                case [ast.Constant(value=str(text)), *_]:
                    yield Namnt(text, str(fil.relative_to(rot)), nod.lineno)
                case _:
                    pass


def namnda(rot: Path = ROT) -> dict[str, list[str]]:
    """Rule id → the files of the code that write it, in a comment, a docstring or a row of data.

    Contracts cannot ask the register (they know no chassis): a rule that they carry is named.
    """
    filer: dict[str, list[str]] = defaultdict(list)
    for fil in _kallfiler(rot):
        for regel in sorted(set(REGEL_ID.findall(fil.read_text("utf-8")))):
            filer[regel].append(fil.relative_to(rot).as_posix())
    return dict(filer)


# --- what the tests say ------------------------------------------------------------------------


def _markta(uttryck: ast.expr) -> Iterator[str]:
    """The ids in ``pytest.mark.regel("…", …)``, also in a list of marks."""
    match uttryck:
        case ast.List(elts=delar) | ast.Tuple(elts=delar):
            for del_ in delar:
                yield from _markta(del_)
        case ast.Call(func=ast.Attribute(attr="regel"), args=argument):
            for ett in argument:
                if isinstance(ett, ast.Constant) and isinstance(ett.value, str):
                    yield ett.value


def _prov_i(
    satser: Sequence[ast.stmt], namn: tuple[str, ...], arvda: frozenset[str]
) -> Iterator[tuple[str, str]]:
    for sats in satser:
        if isinstance(sats, ast.Assign) and any(_namn(m) == "pytestmark" for m in sats.targets):
            arvda |= frozenset(_markta(sats.value))
    for sats in satser:
        if not isinstance(sats, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        markta = arvda.union(*(_markta(dekorator) for dekorator in sats.decorator_list))
        if isinstance(sats, ast.ClassDef):
            yield from _prov_i(sats.body, (*namn, sats.name), markta)
        elif sats.name.startswith("test"):
            for regel in sorted(markta):
                yield regel, "::".join((*namn, sats.name))


def prov_per_regel(rot: Path = ROT) -> dict[str, list[str]]:
    """Rule id → the tests marked with it, as ``tests/…/test_x.py::test_namn``."""
    prov: dict[str, list[str]] = defaultdict(list)
    for fil in sorted((rot / "tests").rglob("test_*.py")):
        plats = fil.relative_to(rot).as_posix()
        trad = ast.parse(fil.read_text("utf-8"))
        for regel, namn in _prov_i(trad.body, (plats,), frozenset()):
            prov[regel].append(namn)
    return dict(prov)


# --- what is wrong, and the document -----------------------------------------------------------


def brister(rot: Path = ROT) -> list[str]:
    """Everything that is wrong with the rules, a sentence each; empty when all is well."""
    regler = deklarerade(rot)
    kanda = {regel.regel for regel in regler}
    prov = prov_per_regel(rot)
    fel = [
        f"{regel.module}.{regel.name}: {regel.regel} is no rule id"
        for regel in regler
        if not REGEL_ID.fullmatch(regel.regel)
    ]
    fel += [
        f"{regel.regel} ({regel.module}.{regel.name}): says nothing; give it a docstring"
        for regel in regler
        if not regel.says
    ]
    fel += [
        f"{regel}: declared, but no test is marked with it" for regel in sorted(kanda - set(prov))
    ]
    fel += [
        f"{brott.fil}:{brott.rad}: a Breach names {brott.regel}, which is not declared"
        for brott in brott_med_regel(rot)
        if brott.regel not in kanda
    ]
    fel += [
        f"{prov[regel][0]}: marked with {regel}, which the code does not know"
        for regel in sorted(set(prov) - kanda - set(namnda(rot)))
    ]
    fil = rot / DOKUMENT
    if not fil.exists() or fil.read_text("utf-8") != dokument(regler, prov, namnda(rot)):
        fel.append(f"{DOKUMENT.as_posix()} is stale: run make dokument")
    return fel


def _ordning(regel: str) -> tuple[str, int]:
    familj, _, nummer = regel.rpartition("-")
    return familj, int(nummer) if nummer.isdigit() else 0


def _sager(delar: Sequence[Rule]) -> Iterator[str]:
    for del_ in delar:
        plats = f"`{del_.module.replace('.', '/')}.py`"
        namn = f" `{del_.name}`" if del_.name != del_.says else ""
        yield f"- {del_.says.rstrip('.')} ({_FOLJD[del_.consequence]}). {plats}{namn}"
    yield ""
    yield f"Source: {'; '.join(dict.fromkeys(del_.source for del_ in delar))}."
    yield ""


def _prov(prov: Sequence[str]) -> Iterator[str]:
    if prov:
        yield from ("Tests:", "", *(f"- `{ett}`" for ett in prov), "")


def dokument(
    regler: Sequence[Rule], prov: Mapping[str, Sequence[str]], namnda: Mapping[str, Sequence[str]]
) -> str:
    """The text of docs/regler.md; the same code and tests give the same bytes."""
    grupper: dict[str, list[Rule]] = defaultdict(list)
    for del_ in regler:
        grupper[del_.regel].append(del_)
    rader = [
        "# Rules",
        "",
        "Made from the code by `make dokument`; do not edit. Every rule with what it says, what",
        "happens (a breach is *refused*, or *flagged* where history is taken over; other rules are",
        "*computed*), where in the code it stands, its source, and the tests that prove it.",
        "",
    ]
    for regel in sorted(grupper, key=_ordning):
        rader += [f"## {regel}", "", *_sager(grupper[regel]), *_prov(prov.get(regel, ()))]
    ovriga = sorted(set(prov) - set(grupper), key=_ordning)
    if ovriga:
        rader += [
            "# Rules that data and form carry",
            "",
            "No function judges these: the code is written so that they hold, and tests prove it.",
            "",
        ]
    for regel in ovriga:
        filer = ", ".join(f"`{fil}`" for fil in namnda.get(regel, ()))
        rader += [f"## {regel}", "", f"Named in {filer}.", "", *_prov(prov[regel])]
    return "\n".join(rader).rstrip("\n") + "\n"


def main(argument: Sequence[str] | None = None) -> int:
    """Write docs/regler.md, or with ``--granska`` judge only; 1 if anything is wrong."""
    tolk = argparse.ArgumentParser(prog="python -m dygn.regelverk", description="Regelboken.")
    tolk.add_argument("--granska", action="store_true", help="skriv inget, säg vad som är fel")
    val = tolk.parse_args(argument)
    if not val.granska:
        fil = ROT / DOKUMENT
        fil.parent.mkdir(exist_ok=True)
        fil.write_text(dokument(deklarerade(), prov_per_regel(), namnda()), encoding="utf-8")
    fel = brister()
    for rad in fel:
        sys.stderr.write(f"{rad}\n")
    return 1 if fel else 0


if __name__ == "__main__":
    sys.exit(main())
