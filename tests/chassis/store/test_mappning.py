"""Event to bytes and back: canonical, strict, and able to read what older code wrote."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from services.chassis.aggregate import Handelse, Skapelse
from services.chassis.store.mapper import MsgspecMapper, decode, encode
from tests.chassis.store.provsak import Sak, SakBorjad, sammanhang

META = {
    "timestamp": "2026-11-24T10:11:12.131415Z",
    "kommunkod": "1490",
    "aktor": "prov",
    "korrelation": "k",
}


class Slag(StrEnum):
    ETT = "ett"


class Fullstandig(Handelse):
    TOPIC = "prov.Fullstandig"

    dag: date
    sak: UUID
    slag: Slag
    priser: dict[date, int]
    rader: tuple[int, ...]
    text: str | None = None


class Lyft(Handelse):
    """Version 3 renamed `gammalt` to `nytt` (in 2) and made it a number (in 3)."""

    TOPIC = "prov.Lyft"
    class_version = 3

    nytt: int

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["nytt"] = state.pop("gammalt")

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["nytt"] = int(state["nytt"])


def _fullstandig(**andra: Any) -> Fullstandig:
    falt: dict[str, Any] = {
        "originator_id": uuid4(),
        "originator_version": 7,
        **META,
        "timestamp": datetime(2026, 11, 24, 10, 11, 12, 131415, UTC),
        "dag": date(2026, 2, 28),
        "sak": uuid4(),
        "slag": Slag.ETT,
        "priser": {date(2026, 1, 1): 100},
        "rader": (1, 2),
        "text": "Åäö €",
    }
    return Fullstandig(**(falt | andra))


def test_en_handelse_kommer_tillbaka_hel_med_sina_typer() -> None:
    mapper = MsgspecMapper(transcoder=None)  # type: ignore[arg-type]
    handelse = _fullstandig()
    rad = mapper.to_stored_event(handelse)
    assert rad.topic == "prov.Fullstandig"
    igen = mapper.to_domain_event(rad)
    assert igen == handelse
    assert vars(igen) == vars(handelse)
    assert mapper.to_stored_event(igen) == rad, "samma händelse ger samma byte"


def test_tillstandet_har_falten_i_klassens_ordning_men_inte_id_och_version() -> None:
    tillstand = json.loads(encode(_fullstandig()))
    assert list(tillstand) == [
        "timestamp", "kommunkod", "aktor", "korrelation", "dag", "sak", "slag", "priser", "rader",
        "text",
    ]  # fmt: skip


def test_ett_falt_med_standardvarde_far_saknas_i_det_lagrade() -> None:
    tillstand = json.loads(encode(_fullstandig()))
    del tillstand["text"]
    last = decode("prov.Fullstandig", uuid4(), 1, json.dumps(tillstand).encode())
    assert isinstance(last, Fullstandig)
    assert last.text is None


@pytest.mark.parametrize(
    "andring",
    [
        {"okant": 1},
        {"dag": "2026-02-30"},
        {"dag": 20260228},
        {"slag": "tva"},
        {"priser": {"2026-01-01": 1.5}},
        {"rader": ["1"]},
        {"sak": "inte-ett-id"},
        {"kommunkod": None},
        {"class_version": 2},
    ],
)
def test_lagrat_som_klassen_inte_kanner_vagras(andring: dict[str, Any]) -> None:
    tillstand = json.loads(encode(_fullstandig())) | andring
    with pytest.raises(msgspec.ValidationError):
        decode("prov.Fullstandig", uuid4(), 1, json.dumps(tillstand).encode())


@pytest.mark.parametrize(
    ("tillstand", "vantat"),
    [
        ({"gammalt": "17"}, 17),
        ({"nytt": "18", "class_version": 2}, 18),
        ({"nytt": 19, "class_version": 3}, 19),
    ],
)
def test_en_aldre_version_lyfts_steg_for_steg(tillstand: dict[str, Any], vantat: int) -> None:
    last = decode("prov.Lyft", uuid4(), 1, json.dumps(META | tillstand).encode())
    assert isinstance(last, Lyft)
    assert last.nytt == vantat
    skriven = json.loads(encode(last))
    assert (skriven["nytt"], skriven["class_version"]) == (vantat, 3)


def test_en_nyare_version_an_koden_vagras() -> None:
    """Otherwise a rolled back release would read a field in another sense."""
    with pytest.raises(msgspec.ValidationError, match="4"):
        decode("prov.Lyft", uuid4(), 1, json.dumps(META | {"nytt": 1, "class_version": 4}).encode())


def test_en_handelse_utan_amne_kan_inte_definieras() -> None:
    with pytest.raises(TypeError, match="UtanAmne"):

        class UtanAmne(Handelse):
            pass

    with pytest.raises(TypeError, match="ArvtAmne"):

        class ArvtAmne(SakBorjad):
            """Inherits a topic, and must not share it."""


def test_ett_amne_kan_inte_tas_av_tva_handelser() -> None:
    with pytest.raises(Exception, match=r"prov\.SakBorjad"):

        class Dubblett(Skapelse):
            TOPIC = "prov.SakBorjad"


def test_ett_amne_som_inte_ar_en_handelse_vagras() -> None:
    with pytest.raises(TypeError, match="ingen händelse"):
        decode("services.chassis.context:Sammanhang", uuid4(), 1, b"{}")


def test_pengar_far_inte_vara_decimaltal_i_en_handelse() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(
            "prov.Fullstandig",
            uuid4(),
            1,
            encode(_fullstandig(priser={date(2026, 1, 1): Decimal("1.5")})),
        )


def test_ett_nytt_aggregat_ar_detsamma_nar_det_lases_ur_sina_rader() -> None:
    mapper = MsgspecMapper(transcoder=None)  # type: ignore[arg-type]
    sak = Sak.begin(SakBorjad, uuid4(), sammanhang(), varde=3, text="")
    rader: list[StoredEvent] = [mapper.to_stored_event(h) for h in sak.pending_events]
    igen: Any = None
    for rad in rader:
        igen = mapper.to_domain_event(rad).mutate(igen)  # type: ignore[attr-defined]
    assert isinstance(igen, Sak)
    assert (igen.id, igen.version, igen.varde) == (sak.id, 1, 3)
