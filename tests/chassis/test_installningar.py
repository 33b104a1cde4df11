"""Settings say what is missing at start, and never show a secret."""

import base64
from typing import Any

import pytest
from pydantic import ValidationError

from services.chassis.settings import ServiceSettings

NYCKEL = base64.b64encode(bytes(range(32))).decode()
URL = "host=db user=u password=hemligt"


def _miljo(monkeypatch: pytest.MonkeyPatch, **varden: str) -> None:
    for namn, varde in varden.items():
        monkeypatch.setenv(f"DYGN_{namn.upper()}", varde)


def test_installningar_lases_ur_miljon(monkeypatch: pytest.MonkeyPatch) -> None:
    _miljo(monkeypatch, database_url=URL, issuer="x", master_key=NYCKEL, group_max="7", okand="1")
    valda = ServiceSettings()
    assert valda.database_url.get_secret_value() == URL
    assert valda.group_max == 7
    assert valda.audience == "dygn"


@pytest.mark.parametrize("saknas", ["database_url", "issuer"])
def test_det_som_saknas_sags_vid_start(monkeypatch: pytest.MonkeyPatch, saknas: str) -> None:
    varden = {"database_url": URL, "issuer": "x"}
    del varden[saknas]
    _miljo(monkeypatch, **varden)
    with pytest.raises(ValidationError, match=saknas):
        ServiceSettings()


@pytest.mark.parametrize(
    "fel", [{"group_max": 0}, {"event_max_bytes": -1}, {"body_max_bytes": "x"}]
)
def test_ett_orimligt_varde_vagras(fel: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings(**({"database_url": URL, "issuer": "x"} | fel))


def test_hemligheter_skrivs_aldrig_ut() -> None:
    valda = ServiceSettings(database_url=URL, issuer="x", master_key=NYCKEL)
    for text in (repr(valda), str(valda), valda.model_dump_json()):
        assert "hemligt" not in text
        assert NYCKEL not in text
