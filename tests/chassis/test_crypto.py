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


def test_en_ring_laser_vad_andra_huvudnycklar_slagit_in_och_slar_om_till_sin_egen() -> None:
    ny = os.urandom(32)
    ring = Keyring(ny, others=[os.urandom(32), HUVUD], hashing=HUVUD)
    nyckel, inslagen = Keyring(HUVUD).new_key("klient-1")
    assert ring.unwrap(inslagen, "klient-1") == nyckel
    omslagen = ring.rewrap(inslagen, "klient-1")
    assert Keyring(ny).unwrap(omslagen, "klient-1") == nyckel
    assert Keyring(ny).unwrap(ring.new_key("x")[1], "x")
    with pytest.raises(InvalidTag):
        Keyring(HUVUD).unwrap(omslagen, "klient-1")
    with pytest.raises(InvalidTag):
        ring.unwrap(inslagen, "klient-2")


def test_hashar_foljer_hashnyckeln_och_marken_skiljer_nycklarna_at() -> None:
    ny = os.urandom(32)
    ring = Keyring(ny, hashing=HUVUD)
    assert ring.keyed_hash("a", b"x") == Keyring(HUVUD).keyed_hash("a", b"x")
    assert ring.hash_mark == Keyring(HUVUD).hash_mark == Keyring(HUVUD).mark
    assert ring.mark != ring.hash_mark
    assert ring.mark == Keyring(ny).mark


def test_flera_huvudnycklar_utan_hashnyckel_avvisas() -> None:
    with pytest.raises(ValueError, match="DYGN_HASH_KEY"):
        Keyring(os.urandom(32), others=[HUVUD])
    with pytest.raises(ValueError, match="32 byte"):
        Keyring(HUVUD, others=[b"kort"], hashing=HUVUD)
    with pytest.raises(ValueError, match="32 byte"):
        Keyring(HUVUD, hashing=b"")


def test_ringen_lases_ur_installningarna() -> None:
    andra = [os.urandom(32), os.urandom(32)]
    ring = Keyring.from_settings(
        SecretStr(base64.b64encode(bytes(32)).decode()),
        None,
        others=SecretStr(",".join(base64.b64encode(en).decode() for en in andra)),
        hashing=SecretStr(base64.b64encode(HUVUD).decode()),
    )
    assert ring.hash_mark == Keyring(HUVUD).mark
    for en in andra:
        assert ring.unwrap(Keyring(en).new_key("x")[1], "x")
