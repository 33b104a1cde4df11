"""Catalogues for tests: in the temp folder, short of path, removed with what runs in them.

pytest's own `tmp_path` will not do: it is long, and shut to the user that PostgreSQL runs as when
the tests run as root.

Each bears the name of its run in its own: a worker that is killed (an interrupted run gives its
workers ten seconds) leaves servers behind, and the process that began the run then stops them.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dygn.inbyggd.fel import InbyggdFel
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.tomning import tom

PREFIX = "dygn-testkatalog-"
KORNING_MILJO = "DYGN_TEST_KORNING"
"""The run's name, set by the process that begins it and inherited by its workers."""
GAMMAL = 600.0
"""Seconds: an unlocked catalogue this old was left by a killed run, not just being made."""


@contextmanager
def provkatalog(*, last: bool = False) -> Iterator[Katalog]:
    """A new catalogue, locked where `last`; afterwards servers left in it are stopped."""
    _stada_gamla()
    katalog = Katalog(tempfile.mkdtemp(prefix=_prefix(os.environ.get(KORNING_MILJO, ""))))
    if last:
        katalog.oppna().las()
    try:
        yield katalog
    finally:
        _ta_bort(katalog)


def stada_efter(korning: str) -> None:
    """Stop and remove what the run left behind; what is locked is in use and stays."""
    for mapp in Path(tempfile.gettempdir()).glob(f"{_prefix(korning)}*"):
        _ta_bort_om_ledig(mapp)


def _prefix(korning: str) -> str:
    return f"{PREFIX}{korning}-"


def _ta_bort(katalog: Katalog) -> None:
    tom(katalog)
    katalog.las_upp()
    shutil.rmtree(katalog.mapp)


def _stada_gamla() -> None:
    for mapp in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            lage = mapp.stat()
        except OSError:
            continue
        if lage.st_uid != os.geteuid() or not (mapp / "katalog.las").exists():
            continue
        if time.time() - lage.st_mtime < GAMMAL:
            continue
        _ta_bort_om_ledig(mapp)


def _ta_bort_om_ledig(mapp: Path) -> None:
    # Refused: somebody runs in it, or removes it right now.
    with contextlib.suppress(InbyggdFel, OSError):
        _ta_bort(Katalog(mapp))
