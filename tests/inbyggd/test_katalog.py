"""The catalogue: its place, its modes, its lock, its master key."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dygn.inbyggd.fel import InbyggdFel, KatalogUpptagen
from dygn.inbyggd.katalog import Instans, Katalog, sockelvag_duger, standardkatalog
from tests.inbyggd.agare import agare, doda

INSTANS = Instans(4711, 8700, datetime(2026, 3, 1, 12, tzinfo=UTC), "http://127.0.0.1:8700")


def lage(vag: Path) -> int:
    return stat.S_IMODE(vag.stat().st_mode)


def test_standardkatalogen_ligger_i_anvandarens_datamapp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert standardkatalog({"XDG_DATA_HOME": "/data"}) == Path("/data/dygn")
    assert standardkatalog({}) == Path.home() / ".local/share/dygn"
    assert standardkatalog({"XDG_DATA_HOME": "inte/absolut"}) == Path.home() / ".local/share/dygn"
    assert standardkatalog({"DYGN_KATALOG": "/egen", "XDG_DATA_HOME": "/data"}) == Path("/egen")


def test_bara_agaren_kommer_at_det_som_ligger_i_katalogen(katalog: Katalog) -> None:
    katalog.mapp.chmod(0o755)
    with katalog.last():
        katalog.huvudnyckel()
        katalog.skriv_instans(INSTANS)
        katalog.undermapp("postgres", "djupare")
        assert lage(katalog.mapp) == (0o711 if os.geteuid() == 0 else 0o700)
        assert lage(katalog.huvudnyckelfil) == 0o600
        assert lage(katalog.instansfil) == 0o600
        assert lage(katalog.lasfil) == 0o600
        assert lage(katalog.mapp / "postgres") == 0o700
        assert lage(katalog.mapp / "postgres" / "djupare") == 0o700


def test_huvudnyckeln_gors_en_gang_och_ar_slumpad(katalog: Katalog) -> None:
    katalog.oppna()
    nyckel = katalog.huvudnyckel()
    assert len(nyckel) == 32
    assert len(set(nyckel)) > 8
    assert Katalog(katalog.mapp).huvudnyckel() == nyckel


def test_en_stympad_huvudnyckel_avvisas_och_ersatts_inte(katalog: Katalog) -> None:
    katalog.oppna().skriv("huvudnyckel", b"kort")
    with pytest.raises(InbyggdFel, match="säkerhetskopian"):
        katalog.huvudnyckel()
    assert katalog.huvudnyckelfil.read_bytes() == b"kort"


def test_en_huvudnyckel_som_andra_kan_lasa_avvisas(katalog: Katalog) -> None:
    katalog.oppna().huvudnyckel()
    katalog.huvudnyckelfil.chmod(0o640)
    with pytest.raises(InbyggdFel, match="chmod 600"):
        katalog.huvudnyckel()


def test_en_andra_start_pa_samma_katalog_sager_var_den_forsta_kor(katalog: Katalog) -> None:
    program = (
        "from datetime import datetime, UTC\n"
        "katalog.skriv_instans("
        "Instans(os.getpid(), 8700, datetime.now(UTC), 'http://127.0.0.1:8700'))"
    )
    with agare(katalog, f"import os\n{program}") as forsta:
        with pytest.raises(KatalogUpptagen) as fel:
            katalog.las()
        assert str(forsta.pid) in str(fel.value)
        assert "http://127.0.0.1:8700" in str(fel.value)
        assert "dygn stoppa" in str(fel.value)
        instans = katalog.instans()
        assert instans is not None
        assert instans.pid == forsta.pid


def test_laset_slapps_nar_agaren_dodas_och_dess_instans_gloms(katalog: Katalog) -> None:
    program = (
        "from datetime import datetime, UTC\n"
        "katalog.skriv_instans(Instans(1, 8700, datetime.now(UTC), 'http://127.0.0.1:8700'))"
    )
    andra = Katalog(katalog.mapp)
    with agare(katalog, program) as forsta:
        assert katalog.ar_last
        doda(forsta)
        assert not andra.ar_last
        assert katalog.instansfil.exists()
        assert katalog.instans() is None, "en dödad process är ingen instans"
        with katalog.last():
            assert not katalog.instansfil.exists()


def test_instansen_star_i_filen_tills_katalogen_slapps(katalog: Katalog) -> None:
    with katalog.last():
        assert katalog.instans() is None
        katalog.skriv_instans(INSTANS)
        assert Katalog(katalog.mapp).instans() == INSTANS
    assert Katalog(katalog.mapp).instans() is None
    assert not katalog.instansfil.exists()


def test_en_avbruten_skrivning_lamnar_den_gamla_filen_hel(
    katalog: Katalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    katalog.oppna().skriv("fil", b"gammal")

    def avbryt(_fd: int) -> None:
        raise OSError("disken full")

    monkeypatch.setattr(os, "fsync", avbryt)
    with pytest.raises(OSError, match="disken full"):
        katalog.skriv("fil", b"ny")
    assert [del_.name for del_ in katalog.mapp.iterdir()] == ["fil"]
    assert (katalog.mapp / "fil").read_bytes() == b"gammal"


def test_en_katalog_som_inte_gar_att_gora_avvisas_med_skal(katalog: Katalog) -> None:
    katalog.oppna().skriv("fil", b"")
    with pytest.raises(InbyggdFel, match="går inte att använda"):
        Katalog(katalog.mapp / "fil" / "under").oppna()


def test_en_utemapp_som_nagon_annan_kan_andra_i_galler_inte_langre(katalog: Katalog) -> None:
    katalog.oppna()
    utemapp = katalog.gor_utemapp("sockel", Path("/tmp"))
    assert Katalog(katalog.mapp).utemapp("sockel") == utemapp
    utemapp.chmod(0o777)
    assert katalog.utemapp("sockel") is None
    utemapp.chmod(0o700)
    utemapp.rmdir()
    assert katalog.utemapp("sockel") is None
    utemapp.symlink_to("/tmp")
    assert katalog.utemapp("sockel") is None, "en länk är inte vår mapp"
    utemapp.unlink()


def test_att_radera_tar_med_mapparna_utanfor(katalog: Katalog) -> None:
    with katalog.last():
        katalog.huvudnyckel()
        utemapp = katalog.gor_utemapp("sockel", Path("/tmp"))
        (utemapp / "fil").touch()
        katalog.radera()
        assert not utemapp.exists()
        assert [del_.name for del_ in katalog.mapp.iterdir()] == ["katalog.las"]
        assert katalog.ar_last


@pytest.mark.parametrize(
    ("mapp", "duger"),
    [
        ("/" + "a" * 90, True),
        ("/" + "å" * 50, False),
        ("/" + "a" * 110, False),
        ("/med,komma", False),
    ],
)
def test_en_sockels_vag_ar_kort_och_utan_komma(mapp: str, duger: bool) -> None:
    assert sockelvag_duger(Path(mapp)) is duger


def test_ett_nyckelbyte_behaller_den_forra_nyckeln_tills_det_ar_slut(katalog: Katalog) -> None:
    forst = katalog.oppna().huvudnyckel()
    assert (katalog.andra_huvudnycklar(), katalog.hashnyckel()) == ([], None)
    katalog.borja_nyckelbyte()
    ny = katalog.huvudnyckel()
    assert ny != forst
    assert (katalog.andra_huvudnycklar(), katalog.hashnyckel()) == ([forst], forst)
    katalog.borja_nyckelbyte()
    assert katalog.huvudnyckel() == ny, "ett påbörjat byte går vidare"
    katalog.sluta_nyckelbyte()
    assert (katalog.andra_huvudnycklar(), katalog.hashnyckel()) == ([], forst)
    katalog.borja_nyckelbyte()
    assert (katalog.andra_huvudnycklar(), katalog.hashnyckel()) == ([ny], forst)
    assert lage(katalog.mapp / "huvudnyckel.forra") == 0o600


@pytest.mark.parametrize("skrivning", [0, 1, 2])
def test_ett_nyckelbyte_som_dor_var_som_helst_tappar_ingen_nyckel(
    katalog: Katalog, monkeypatch: pytest.MonkeyPatch, skrivning: int
) -> None:
    forst = katalog.oppna().huvudnyckel()
    skriv = katalog.skriv
    gjorda: list[str] = []

    def do_mitt_i(namn: str, innehall: bytes, lage: int = 0o600) -> Path:
        if len(gjorda) == skrivning:
            raise OSError("strömmen gick")
        gjorda.append(namn)
        return skriv(namn, innehall, lage)

    with monkeypatch.context() as lapp:
        lapp.setattr(katalog, "skriv", do_mitt_i)
        with pytest.raises(OSError, match="strömmen"):
            katalog.borja_nyckelbyte()
    assert katalog.huvudnyckel() == forst
    katalog.borja_nyckelbyte()
    assert katalog.huvudnyckel() != forst
    assert (katalog.andra_huvudnycklar(), katalog.hashnyckel()) == ([forst], forst)
