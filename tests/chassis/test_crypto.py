"""Keys: derived for one purpose, wrapped for one owner, and nothing readable without them."""

import base64
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from pydantic import SecretStr

from services.chassis.crypto import KEY_BYTES, Keyring, seal, unseal

HUVUD = bytes(range(KEY_BYTES))


def test_det_som_forseglats_kan_lasas_bara_med_samma_nyckel_och_bindning() -> None:
    nyckel, annan = os.urandom(32), os.urandom(32)
    forseglat = seal(nyckel, "Åsa Exempel".encode(), "klient-1")
    assert unseal(nyckel, forseglat, "klient-1").decode() == "Åsa Exempel"
    for fel_nyckel, fel_bindning in [(annan, "klient-1"), (nyckel, "klient-2")]:
        with pytest.raises(InvalidTag):
            unseal(fel_nyckel, forseglat, fel_bindning)
    for plats in range(len(forseglat)):
        andrat = bytearray(forseglat)
        andrat[plats] ^= 1
        with pytest.raises(InvalidTag):
            unseal(nyckel, bytes(andrat), "klient-1")


def test_samma_text_forseglas_aldrig_till_samma_byte() -> None:
    nyckel = os.urandom(32)
    assert len({seal(nyckel, b"samma", "x") for _ in range(50)}) == 50
    assert all(b"samma" not in seal(nyckel, b"samma", "x") for _ in range(50))


def test_en_saks_nyckel_ar_inpackad_for_sin_agare_under_huvudnyckeln() -> None:
    ring = Keyring(HUVUD)
    nyckel, inpackad = ring.new_key("klient-1")
    assert len(nyckel) == KEY_BYTES
    assert nyckel not in inpackad
    assert Keyring(HUVUD).unwrap(inpackad, "klient-1") == nyckel
    with pytest.raises(InvalidTag):
        ring.unwrap(inpackad, "klient-2")
    with pytest.raises(InvalidTag):
        Keyring(bytes(32)).unwrap(inpackad, "klient-1")
    assert ring.new_key("klient-1")[0] != nyckel


def test_en_nyckelhash_beror_pa_andamal_varde_och_huvudnyckel() -> None:
    hashar = {
        Keyring(huvud).keyed_hash(andamal, varde)
        for huvud in (HUVUD, bytes(32))
        for andamal in ("idempotens", "personnummer")
        for varde in (b"", b"a")
    }
    assert len(hashar) == 8
    assert {len(ett) for ett in hashar} == {32}
    assert Keyring(HUVUD).keyed_hash("a", b"x") == Keyring(HUVUD).keyed_hash("a", b"x")


def test_nyckelhashen_ar_densamma_for_alltid() -> None:
    """Stored hashes are looked up years later: this value may never change."""
    assert Keyring(HUVUD).keyed_hash("personnummer", b"191212121212").hex() == (
        "755f62540eaf56b62cc09daf7617430ce7bd4bd8bda90ff17905d4b5af556c01"
    )


def test_huvudnyckeln_kommer_ur_ett_varde_eller_en_fil(tmp_path: Path) -> None:
    text = base64.b64encode(HUVUD).decode()
    fil = tmp_path / "nyckel"
    fil.write_text(f"{text}\n")
    vantat = Keyring(HUVUD).keyed_hash("x", b"")
    assert Keyring.from_settings(SecretStr(text), None).keyed_hash("x", b"") == vantat
    assert Keyring.from_settings(None, fil).keyed_hash("x", b"") == vantat


@pytest.mark.parametrize("text", ["", "kort", "QUJD", base64.b64encode(bytes(33)).decode(), "åäö"])
def test_en_huvudnyckel_av_fel_langd_eller_form_vagras(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Keyring.from_settings(SecretStr(text), None)


def test_huvudnyckeln_ska_anges_pa_ett_enda_satt(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="antingen"):
        Keyring.from_settings(None, None)
    with pytest.raises(ValueError, match="antingen"):
        Keyring.from_settings(SecretStr("x"), tmp_path)
