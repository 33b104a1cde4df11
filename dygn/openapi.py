"""Writes contracts/openapi/: the OpenAPI 3.1 document of each service, as it serves it itself.

Guarantees that the committed document and the served one are the same: both are made from the
routes, and a test holds the committed file fresh (``python -m dygn.openapi --kontrollera``). It
stands here and not among the contracts because it must know every service.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import SecretStr

from dygn.inbyggd.tjanster import TJANSTER
from services.chassis.settings import ServiceSettings

MAPP = Path(__file__).resolve().parents[1] / "contracts" / "openapi"


@cache
def filer() -> dict[str, bytes]:
    """Every document by its file's name; no part of any service is started."""
    installningar = ServiceSettings(
        database_url=SecretStr(""), issuer="-", jwks_file=Path("finns-inte")
    )
    return {
        f"{tjanst.namn}.json": _som_bytes(tjanst.app(installningar).openapi())
        for tjanst in TJANSTER
    }


def _som_bytes(dokument: object) -> bytes:
    return (json.dumps(dokument, ensure_ascii=False, indent=2) + "\n").encode()


def avvikelser(mapp: Path = MAPP) -> list[str]:
    """What is not as it would be written now, a line each; empty when all is fresh."""
    farska = filer()
    rader = [
        f"{namn}: är inte som vägarna säger"
        for namn, innehall in farska.items()
        if not (mapp / namn).exists() or (mapp / namn).read_bytes() != innehall
    ]
    rader += [
        f"{fil.name}: hör inte till någon tjänst"
        for fil in mapp.glob("*.json")
        if fil.name not in farska
    ]
    return sorted(rader)


def skriv(mapp: Path = MAPP) -> None:
    """Write every document, and remove those of services that are gone."""
    mapp.mkdir(parents=True, exist_ok=True)
    farska = filer()
    for fil in mapp.glob("*.json"):
        if fil.name not in farska:
            fil.unlink()
    for namn, innehall in farska.items():
        (mapp / namn).write_bytes(innehall)


def main(argument: Sequence[str] | None = None) -> int:
    """Write the documents, or with ``--kontrollera`` say what is stale; 1 if anything is."""
    tolk = argparse.ArgumentParser(prog="python -m dygn.openapi", description="API-dokumenten.")
    tolk.add_argument("--kontrollera", action="store_true", help="skriv inget, säg vad som är fel")
    if not tolk.parse_args(argument).kontrollera:
        skriv()
    rader = avvikelser()
    for rad in rader:
        sys.stderr.write(f"contracts/openapi/{rad}; kör python -m dygn.openapi\n")
    return 1 if rader else 0


if __name__ == "__main__":
    sys.exit(main())
