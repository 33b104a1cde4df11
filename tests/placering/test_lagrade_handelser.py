"""Every version of every stored event is read for ever, and gives the same messages for ever.

A golden file is never changed: a new version of an event gets a file of its own.
"""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis.aggregate import Handelse
from services.chassis.store.mapper import decode, encode
from services.placering.domain import handelser
from services.placering.streams.outgoing import messages

LAGRADE = sorted((Path(__file__).parent / "lagrade").glob("*.json"))
ID = UUID("11111111-1111-4111-8111-111111111111")


def handelseklasser() -> list[type[Handelse]]:
    moduler = [
        importlib.import_module(f"{handelser.__name__}.{modul.name}")
        for modul in pkgutil.iter_modules(handelser.__path__)
    ]
    return [
        klass
        for modul in moduler
        for klass in vars(modul).values()
        if isinstance(klass, type)
        and issubclass(klass, Handelse)
        and klass.__module__ == modul.__name__
    ]


def last(fil: Path) -> dict[str, Any]:
    innehall: dict[str, Any] = json.loads(fil.read_text("utf-8"))
    return innehall


@pytest.mark.parametrize("fil", LAGRADE, ids=lambda fil: fil.stem)
def test_en_lagrad_handelse_lases(fil: Path) -> None:
    lagrad = last(fil)
    state = json.dumps(lagrad["state"], ensure_ascii=False).encode()
    handelse = decode(lagrad["topic"], ID, 1, state)
    if f".v{handelse.class_version}." in fil.name:
        assert json.loads(encode(handelse)) == lagrad["state"]
    ut = [{"typ": ett.handelsetyp(), "data": json.loads(ett.koda())} for ett in messages(handelse)]
    assert ut == lagrad["meddelanden"]


def test_varje_version_av_varje_handelse_har_en_fil() -> None:
    behovs = {
        f"{klass.TOPIC.removeprefix('placering.')}.v{version}"
        for klass in handelseklasser()
        for version in range(1, klass.class_version + 1)
    }
    assert {fil.stem for fil in LAGRADE} == behovs
