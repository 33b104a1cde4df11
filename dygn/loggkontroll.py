"""The check of the access log of an installation, and the receipts that are kept outside it.

Guarantees that what is read is read in a transaction that the database keeps from writing, as the
owner of placering's database: no other of a service's roles sees every kommun's log. Where the
role is bound by row level security the check fails instead of seeing an empty log.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from dygn.fel import DygnFel
from dygn.inbyggd.databaser import beskriv
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.kontroll import finn
from services.chassis.kontroll.snapshot import snapshot
from services.chassis.streams.rebuilding import libpq_url
from services.placering.views.loggkedja import Kvitto, Utfall, granska

TJANST = "placering"
OWNER_DATABASE = "DYGN_PLACERING_OWNER_DATABASE_URL"
"""On a cluster: where the log is, as the role that migrates."""


def kontrollera(
    katalog: Path | None, kvittofil: Path | None, miljo: Mapping[str, str] = os.environ
) -> Utfall:
    """Check everything; the receipts in the file are tried, and renewed when all is well."""
    tidigare = {} if kvittofil is None else las_kvitton(kvittofil)
    with snapshot(_agare(katalog, miljo), temporary=["SET row_security = off"]) as frusen:
        utfall = granska(frusen, tidigare)
    if kvittofil is not None and not utfall.avvikelser:
        skriv_kvitton(kvittofil, utfall.kvitton)
    return utfall


def _agare(katalog: Path | None, miljo: Mapping[str, str]) -> str:
    """The database as its owner: in a catalogue that is named, of the environment, or one's own."""
    if katalog is None and (url := miljo.get(OWNER_DATABASE)):
        return libpq_url(url)
    finn(katalog, {})
    return beskriv(Postgres(Katalog(katalog)).admin, TJANST).agare.conninfo()


def las_kvitton(fil: Path) -> dict[str, Kvitto]:
    """The receipts by kommun; none where the file is not there yet."""
    if not fil.exists():
        return {}
    try:
        return {
            kommun: Kvitto(int(post["nr"]), bytes.fromhex(post["kedja"]))
            for kommun, post in json.loads(fil.read_text()).items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fel:
        raise DygnFel(f"Kvittona i {fil} kan inte läsas.") from fel


def skriv_kvitton(fil: Path, kvitton: Mapping[str, Kvitto]) -> None:
    """Replace the file whole."""
    innehall = {
        kommun: {"nr": kvitto.nr, "kedja": kvitto.kedja.hex()} for kommun, kvitto in kvitton.items()
    }
    halv = fil.with_name(f"{fil.name}.{os.getpid()}")
    try:
        halv.write_text(json.dumps(innehall, indent=2, sort_keys=True) + "\n")
        halv.replace(fil)
    except OSError as fel:
        raise DygnFel(f"Kvittona kan inte skrivas till {fil}.") from fel
