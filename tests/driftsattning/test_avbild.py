"""What goes into the image: the lock less the embedded parts, and an issuer for trials."""

import base64
import json
import tomllib
from pathlib import Path

import pytest

from deploy import las, utfardare
from services.chassis.auth.roles import Roll
from services.chassis.auth.tokens import TokenChecker
from tests.husets_regler.trad import ROT

PYPROJECT = (ROT / "pyproject.toml").read_text("utf-8")
LAS = (ROT / "requirements" / "kor.txt").read_text("utf-8")


def namn(text: str) -> set[str]:
    """The packages of a lock."""
    return {ett.namn for ett in las.block(text)}


def test_avbildens_las_ar_en_del_av_laset_med_alla_hashsummor() -> None:
    ur = {ett.namn: ett.text for ett in las.block(LAS)}
    for ett in las.block(las.utan_inbyggt(PYPROJECT, LAS)):
        assert ur[ett.namn] == ett.text
        assert "--hash=sha256:" in ett.text


def test_det_som_bara_inbyggd_drift_behover_ar_borta_och_det_egna_kvar() -> None:
    projekt = tomllib.loads(PYPROJECT)["project"]
    kvar = namn(las.utan_inbyggt(PYPROJECT, LAS))
    for rad in projekt["optional-dependencies"]["inbyggd"]:
        assert las.normal(rad.split(">")[0]) not in kvar
    assert {"psycopg", "psycopg-binary", "kafka-python", "fastapi", "starlette"} <= kvar


def test_ett_paket_gar_forst_nar_alla_som_bad_om_det_har_gatt() -> None:
    pyproject = (
        '[project]\ndependencies = ["a>=1"]\n[project.optional-dependencies]\ninbyggd = ["b"]\n'
    )
    text = (
        "a==1 \\\n    --hash=sha256:1\n    # via p (pyproject.toml)\n"
        "b==1 \\\n    --hash=sha256:2\n    # via p (pyproject.toml)\n"
        "bara-b==1 \\\n    --hash=sha256:3\n    # via b\n"
        "bara-b-s==1 \\\n    --hash=sha256:4\n    # via\n    #   -c annat.txt\n    #   bara-b\n"
        "delat==1 \\\n    --hash=sha256:5\n    # via\n    #   a\n    #   b\n"
    )
    assert namn(las.utan_inbyggt(pyproject, text)) == {"a", "delat"}


@pytest.fixture
def rot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three folders of keys, empty."""
    for mapp in ("utfardare", "jwks", "huvudnyckel"):
        (tmp_path / mapp).mkdir()
    monkeypatch.setenv("DYGN_ISSUER", "prov")
    return tmp_path


def test_utfardarens_token_godtas_av_den_som_bara_har_den_publika_nyckeln(rot: Path) -> None:
    utfardare.gor_nycklar(rot)
    granskare = TokenChecker(
        issuer="prov", audience="dygn", jwks_url=None, jwks_file=rot / "jwks" / "jwks.json"
    )
    identitet = granskare.identity(utfardare.token(rot, [Roll.EKONOM], "1490", 5))
    assert (identitet.kommunkod, identitet.roller) == ("1490", frozenset({Roll.EKONOM}))


def test_en_andra_korning_gor_inga_nya_nycklar(rot: Path) -> None:
    utfardare.gor_nycklar(rot)
    forst = {fil: fil.read_bytes() for fil in rot.rglob("*") if fil.is_file()}
    utfardare.gor_nycklar(rot)
    assert {fil: fil.read_bytes() for fil in rot.rglob("*") if fil.is_file()} == forst
    assert len(forst) == 3


def test_den_publika_filen_har_ingen_privat_del_och_de_hemliga_ar_stangda(rot: Path) -> None:
    utfardare.gor_nycklar(rot)
    (nyckel,) = json.loads((rot / "jwks" / "jwks.json").read_text())["keys"]
    assert "d" not in nyckel
    huvudnyckel = rot / "huvudnyckel" / "nyckel"
    assert len(base64.b64decode(huvudnyckel.read_text().strip(), validate=True)) == 32
    for hemlig in (huvudnyckel, rot / "utfardare" / "nyckel.json"):
        assert hemlig.stat().st_mode & 0o777 == 0o600
