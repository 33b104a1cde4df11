"""The compose file gives each process what it needs and nothing more."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dygn.inbyggd.databaser import TJANSTER, databasnamn, rollnamn
from dygn.inbyggd.kafka_jars import VERSION
from services.chassis.settings import ServiceSettings
from tests.husets_regler.trad import ROT
from tests.stod.servrar import KAFKA_AVBILD, POSTGRES_AVBILD

COMPOSE: dict[str, Any] = yaml.safe_load((ROT / "docker-compose.yml").read_text("utf-8"))
DELAR: dict[str, dict[str, Any]] = COMPOSE["services"]
ANVAND = re.compile(r"\$\{(DYGN_[A-Z_]+)")
PROCESSER = [f"{tjanst}-{del_}" for tjanst in TJANSTER for del_ in ("api", "strom", "migrera")]
VARAKTIGA = [namn for namn, del_ in DELAR.items() if del_["restart"] == "unless-stopped"]
URLNAMN = {
    "api": ("DYGN_DATABASE_URL", "api"),
    "strom": ("DYGN_STREAM_DATABASE_URL", "strom"),
    "migrera": ("DYGN_OWNER_DATABASE_URL", "agare"),
}


def exempel() -> list[str]:
    """The settings that .env.example tells of."""
    text = (ROT / ".env.example").read_text("utf-8")
    return re.findall(r"(?m)^#?(DYGN_[A-Z_]+)=", text)


@pytest.mark.parametrize("namn", PROCESSER)
def test_varje_process_startas_med_sitt_kommando(namn: str) -> None:
    tjanst, slag = namn.split("-")
    assert DELAR[namn]["command"] == ["python", "-m", f"services.{tjanst}", slag]


@pytest.mark.parametrize("namn", PROCESSER)
def test_varje_process_nar_sin_databas_som_sin_roll_och_ingen_annan(namn: str) -> None:
    tjanst, slag = namn.split("-")
    miljo = DELAR[namn]["environment"]
    variabel, rollslag = URLNAMN[slag]
    adress = f"{rollnamn(tjanst, rollslag)}@postgres/{databasnamn(tjanst)}"
    assert miljo[variabel].split("://")[1] == adress
    assert miljo["PGPASSWORD"] == f"${{DYGN_LOSENORD_{tjanst.upper()}_{rollslag.upper()}}}"
    ovriga = {en for en, _ in URLNAMN.values()} - {variabel}
    assert not any(miljo.get(en) for en in ovriga)


@pytest.mark.parametrize("namn", PROCESSER)
def test_installningarna_duger_for_processen(namn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for gammal in [en for en in os.environ if en.startswith("DYGN_")]:
        monkeypatch.delenv(gammal)
    for variabel, varde in DELAR[namn]["environment"].items():
        monkeypatch.setenv(variabel, "INFO" if variabel == "DYGN_LOG_LEVEL" else varde)
    falt = {f"DYGN_{en.upper()}" for en in ServiceSettings.model_fields}
    satta = {en for en in DELAR[namn]["environment"] if en.startswith("DYGN_")}
    assert satta <= falt
    ServiceSettings(service=namn)


@pytest.mark.parametrize("namn", PROCESSER)
def test_bara_api_far_huvudnyckeln_och_den_publika_nyckeln_skrivskyddade(namn: str) -> None:
    vantat = ["jwks:/dygn/jwks:ro", "huvudnyckel:/dygn/huvudnyckel:ro"]
    assert DELAR[namn].get("volumes", []) == (vantat if namn.endswith("-api") else [])


def test_bara_utfardaren_har_den_privata_nyckeln() -> None:
    har = [namn for namn, del_ in DELAR.items() if "utfardare:" in str(del_.get("volumes"))]
    assert har == ["utfardare"]


def test_varje_varaktig_process_har_halsoprov_frist_och_omstart() -> None:
    assert len(VARAKTIGA) == 2 + 2 * len(TJANSTER)
    for namn in VARAKTIGA:
        assert DELAR[namn]["healthcheck"]["test"][0] == "CMD"
        assert DELAR[namn]["stop_grace_period"].endswith("s")


@pytest.mark.parametrize("namn", PROCESSER)
def test_processerna_far_inte_skriva_i_avbilden_eller_fa_fler_rattigheter(namn: str) -> None:
    del_ = DELAR[namn]
    assert del_["read_only"] is True
    assert del_["cap_drop"] == ["ALL"]
    assert del_["security_opt"] == ["no-new-privileges:true"]


def test_bara_api_nas_utifran_och_bara_pa_den_egna_datorn() -> None:
    oppna = {namn: del_["ports"] for namn, del_ in DELAR.items() if "ports" in del_}
    assert set(oppna) == {f"{tjanst}-api" for tjanst in TJANSTER}
    for portar in oppna.values():
        assert [port.split(":")[1] for port in portar] == ["-127.0.0.1}"]


def test_avbilderna_ar_de_som_proven_kor_mot() -> None:
    assert DELAR["kafka"]["image"] == f"${{DYGN_KAFKA_BILD:-{KAFKA_AVBILD}}}"
    assert DELAR["postgres"]["image"] == f"${{DYGN_POSTGRES_BILD:-{POSTGRES_AVBILD}}}"
    assert f"apache/kafka:{VERSION}" == KAFKA_AVBILD


def test_exempelfilen_nar_alla_installningar_och_inga_andra() -> None:
    anvanda = set(ANVAND.findall((ROT / "docker-compose.yml").read_text("utf-8")))
    assert set(exempel()) | {"DYGN_BILD"} == anvanda


def test_losenordsskriptet_ger_varje_roll_ett_eget_och_ror_inte_det_som_finns(
    tmp_path: Path,
) -> None:
    fil = tmp_path / "env"
    kommando = ["/bin/sh", str(ROT / "deploy" / "losenord"), str(fil)]
    assert subprocess.run(kommando, capture_output=True, check=False).returncode == 0
    innehall = fil.read_text("utf-8")
    losenord = re.findall(r"(?m)^DYGN_LOSENORD_[A-Z_]+=([0-9a-f]{48})$", innehall)
    assert len(set(losenord)) == 1 + 3 * len(TJANSTER)
    assert fil.stat().st_mode & 0o777 == 0o600
    assert subprocess.run(kommando, capture_output=True, check=False).returncode == 1
    assert fil.read_text("utf-8") == innehall
