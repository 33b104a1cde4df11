"""A token issuer for an installation that has no identity provider: a trial, a demonstration.

Guarantees the same kind of token as a real issuer gives, and that keys once made stay: a second
run makes nothing. Three folders, so that a process can be given just what it needs: the private
key (``utfardare``, nobody but this program), the public one (``jwks``, every API) and the master
key (``huvudnyckel``, every API). A real installation points ``DYGN_JWKS_URL`` at its identity
provider instead, and makes its master key by itself.

    python utfardare.py nycklar
    python utfardare.py token --roll system --kommun 1490 --minuter 60
"""

import argparse
import base64
import json
import os
import sys
from pathlib import Path

from services.chassis.auth.issuer import Issuer
from services.chassis.auth.roles import Roll
from services.chassis.crypto import KEY_BYTES

NYCKELFIL = "nyckel.json"
JWKSFIL = "jwks.json"
HUVUDNYCKELFIL = "nyckel"


def utfardare(rot: Path) -> Issuer:
    """The installation's issuer; its key is made at first use."""
    return Issuer(rot / "utfardare" / NYCKELFIL, issuer=os.environ["DYGN_ISSUER"])


def skriv(fil: Path, innehall: str, lage: int) -> None:
    """Write a whole file under its name, or nothing."""
    halv = fil.with_name(f".{fil.name}.{os.getpid()}")
    with os.fdopen(os.open(halv, os.O_WRONLY | os.O_CREAT | os.O_EXCL, lage), "w") as ut:
        ut.write(innehall)
    halv.replace(fil)


def gor_nycklar(rot: Path) -> None:
    """Make what is missing of key pair, public key set and master key."""
    skriv(rot / "jwks" / JWKSFIL, json.dumps(utfardare(rot).jwks()), 0o644)
    huvudnyckel = rot / "huvudnyckel" / HUVUDNYCKELFIL
    if not huvudnyckel.exists():
        skriv(huvudnyckel, base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n", 0o600)
        sys.stderr.write("En ny huvudnyckel är gjord. Säkerhetskopiera den (docs/drift.md).\n")


def token(rot: Path, roller: list[Roll], kommun: str, minuter: int) -> str:
    """A signed token for a person or program of the kommun."""
    return utfardare(rot).token(
        subject="prov", kommunkod=kommun, roller=roller, valid_seconds=minuter * 60
    )


def main() -> None:
    """Read the command line."""
    tolk = argparse.ArgumentParser(description="Nycklar och token för en installation på prov.")
    tolk.add_argument("--mapp", type=Path, default=Path("/dygn"), help="där nycklarna ligger")
    val = tolk.add_subparsers(dest="gor", required=True)
    val.add_parser("nycklar", help="gör de nycklar som saknas")
    ny = val.add_parser("token", help="skriv ut en token")
    ny.add_argument("--roll", type=Roll, action="append", help="kan anges flera gånger")
    ny.add_argument("--kommun", default="1490", help="kommunkod")
    ny.add_argument("--minuter", type=int, default=60, help="hur länge den gäller")
    givet = tolk.parse_args()
    if givet.gor == "nycklar":
        gor_nycklar(givet.mapp)
    else:
        bevis = token(givet.mapp, givet.roll or [Roll.SYSTEM], givet.kommun, givet.minuter)
        sys.stdout.write(bevis + "\n")


if __name__ == "__main__":
    main()
