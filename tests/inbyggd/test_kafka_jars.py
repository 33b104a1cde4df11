"""The jar list: every jar is the one that was expected, or nothing starts."""

import hashlib
from pathlib import Path

import pytest

from dygn.inbyggd import kafka_jars
from dygn.inbyggd.fel import JarFel
from dygn.inbyggd.kafka_jars import Jar

INNEHALL = {"ett": b"ett", "tva": b"tva", "tre": b"tre"}
LISTA = [Jar("g", namn, "1", hashlib.sha256(data).hexdigest()) for namn, data in INNEHALL.items()]


def hamta_ratt(jar: Jar, mapp: Path) -> Path:
    fil = mapp / "nedladdad"
    fil.write_bytes(INNEHALL[jar.artefakt])
    return fil


def hamta_fel(jar: Jar, mapp: Path) -> Path:
    fil = hamta_ratt(jar, mapp)
    if jar.artefakt == "tva":
        fil.write_bytes(b"utbytt")
    return fil


def hamta_inget(jar: Jar, mapp: Path) -> Path:
    raise ConnectionError("inget nät")


def test_listan_har_fyrtiosex_olika_filer_med_var_sin_summa() -> None:
    lista = kafka_jars.las_lista()
    assert len(lista) == 46
    assert len({jar.filnamn for jar in lista}) == 46
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in lista)
    assert f"kafka_2.13-{kafka_jars.VERSION}.jar" in {jar.filnamn for jar in lista}


def test_en_rad_som_inte_ar_en_jar_avvisas(tmp_path: Path) -> None:
    fil = tmp_path / "lista.txt"
    fil.write_text("# rubrik\n\nabc\n")
    with pytest.raises(JarFel, match="rad 3"):
        kafka_jars.las_lista(fil)


def test_det_som_saknas_hamtas_en_gang_och_framsteget_syns(tmp_path: Path) -> None:
    framsteg: list[tuple[int, int]] = []

    def se(klara: int, alla: int) -> None:
        framsteg.append((klara, alla))

    filer = kafka_jars.jars(tmp_path, framsteg=se, lista=LISTA, hamtare=hamta_ratt)
    assert [fil.read_bytes() for fil in filer] == [b"ett", b"tva", b"tre"]
    assert framsteg == [(0, 3), (1, 3), (2, 3), (3, 3)]
    framsteg.clear()
    assert kafka_jars.jars(tmp_path, framsteg=se, lista=LISTA, hamtare=hamta_inget) == filer
    assert framsteg == []


def test_en_utbytt_fil_i_cachen_avvisas(tmp_path: Path) -> None:
    kafka_jars.jars(tmp_path, lista=LISTA, hamtare=hamta_ratt)
    (tmp_path / "tva-1.jar").write_bytes(b"utbytt")
    with pytest.raises(JarFel, match=r"tva-1\.jar är inte den") as fel:
        kafka_jars.jars(tmp_path, lista=LISTA, hamtare=hamta_ratt)
    assert LISTA[1].sha256 in str(fel.value)


def test_en_utbytt_nedladdning_kommer_aldrig_in_i_cachen(tmp_path: Path) -> None:
    with pytest.raises(JarFel, match=r"inte den tva-1\.jar som väntades"):
        kafka_jars.jars(tmp_path, lista=LISTA, hamtare=hamta_fel)
    assert not (tmp_path / "tva-1.jar").exists()
    assert not list(tmp_path.glob(".hamtar-*"))


def test_utan_nat_sager_felet_vad_som_kan_goras(tmp_path: Path) -> None:
    with pytest.raises(JarFel, match=r"inget nät.*utan --kafka"):
        kafka_jars.jars(tmp_path, lista=LISTA, hamtare=hamta_inget)
