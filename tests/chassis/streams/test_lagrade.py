"""The frame's own stored events: every version is read for ever, and is nobody else's matter."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.chassis.aggregate import Handelse
from services.chassis.streams import decision_event
from services.placering.streams.outgoing import messages
from tests.stod import lagrat
from tests.stod.lagrat import Lagrad

MAPP = Path(__file__).parent / "lagrade"
ETT_BESLUT = UUID("55555555-5555-4555-8555-555555555555")


def exempel() -> Iterator[Handelse]:
    """One event of every class, with every field filled: what `lagrat.skriv` makes files of."""

    def hande(klass: Callable[..., Handelse], version: int, **falt: Any) -> Handelse:
        return klass(
            originator_id=ETT_BESLUT,
            originator_version=version,
            timestamp=datetime(2026, 11, 24, 10, 11, 12, 131415, UTC),
            kommunkod="1490",
            aktor="u1",
            korrelation="k1",
            **falt,
        )

    yield hande(
        decision_event.KarantanBeslutad,
        1,
        originator_topic="chassis.Karantanbeslut",
        konsument="uppfoljning",
        topic="dygn.placering.v1",
        partition=3,
        offset=17,
        beslut="kasta",
        skal="Prövat för hand.",
    )
    yield hande(
        decision_event.KarantanAterBeslutad, 2, beslut="slapp", skal="Rättat hos avsändaren."
    )


@pytest.mark.parametrize("lagrad", lagrat.lagrade(MAPP), ids=lambda lagrad: lagrad.fil.stem)
def test_en_lagrad_handelse_lases_och_ar_ingen_annans_sak(lagrad: Lagrad) -> None:
    lagrat.prova(lagrad, messages)
    assert lagrad.meddelanden == []


def test_varje_version_av_varje_handelse_har_en_fil() -> None:
    assert lagrat.saknade(MAPP, decision_event) == []
    assert {type(h) for h in exempel()} == set(lagrat.handelseklasser(decision_event))


def test_en_stromprocess_kan_lasa_ramens_egna_handelser() -> None:
    """A relay stops at an event that it cannot read; nobody else imports these for it."""
    kod = (
        "import services.placering.process\n"
        "from eventsourcing.utils import resolve_topic\n"
        "resolve_topic('chassis.KarantanBeslutad')\n"
        "resolve_topic('chassis.KarantanAterBeslutad')\n"
    )
    assert subprocess.run([sys.executable, "-c", kod], check=False).returncode == 0
