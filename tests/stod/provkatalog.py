"""Catalogues for tests: in the temp folder, short of path, removed with what runs in them.

pytest's own `tmp_path` will not do: it is long, and shut to the user that PostgreSQL runs as when
the tests run as root.
"""

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
GAMMAL = 600.0
"""Seconds: an unlocked catalogue this old was left by a killed run, not just being made."""


@contextmanager
def provkatalog(*, last: bool = False) -> Iterator[Katalog]:
    """A new catalogue, locked where `last`; afterwards servers left in it are stopped."""
    _stada_gamla()
    katalog = Katalog(tempfile.mkdtemp(prefix=PREFIX))
    if last:
        katalog.oppna().las()
    try:
        yield katalog
    finally:
        _ta_bort(katalog)


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
        try:
            _ta_bort(Katalog(mapp))
        except (InbyggdFel, OSError):
            continue  # somebody runs in it, or removes it right now
