"""The command line itself: what it is given, what it writes where, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dygn.__main__ import kommandorad, kor
from dygn.kommandon import exempel, val
from dygn.kommandon.importera import visa_konto
from dygn.overforing.csvfil import Radfel
from dygn.overforing.overforing import Redovisning

ROT = Path(__file__).parents[2]


def _dygn(*argument: str, **miljo: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dygn", *argument],
        cwd=ROT,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", **miljo},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_hjalpen_ar_pa_svenska_och_namner_varje_kommando() -> None:
    svar = _dygn("--help")
    assert svar.returncode == 0
    for ord_ in (
        *("starta", "vanta", "status", "stoppa", "psql", "token"),
        *("karantan", "kontrollera", "prob", "importera", "rapport", "varfor", "exempel", "demo"),
        *("Kommandon", "Visa den här hjälpen."),
    ):
        assert ord_ in svar.stdout


@pytest.mark.parametrize(
    ("kommando", "under"),
    [
        ("importera", {"leverantorer", "beslut", "placeringar", "prisandringar"}),
        ("rapport", {"dygnskostnader", "evb", "leverantorer"}),
        ("varfor", {"dygnskostnader", "evb", "leverantorer", "placering"}),
    ],
)
def test_bara_det_kommando_som_fragas_efter_laddas_in(kommando: str, under: set[str]) -> None:
    rot = typer.main.get_command(kommandorad([kommando]))
    grupper = getattr(rot, "commands", {})
    assert set(grupper) == {kommando}
    assert set(grupper[kommando].commands) == under


@pytest.mark.parametrize(
    ("argument", "sats"),
    [
        (["rapport", "evb"], "Valet --per krävs."),
        (["rapport", "nej"], "Kommandot nej finns inte."),
        (["rapport", "evb", "--nej"], "Valet --nej finns inte."),
        (["rapport", "evb", "--per"], "Valet --per ska följas av ett värde."),
        (["rapport", "evb", "--per", "2023-02-29"], "--per: Ska vara en dag i kalendern"),
        (["rapport", "evb", "--per", "2023-02-28", "--lag", "sol"], "--lag: Ska vara något av"),
        (["varfor", "placering", "x"], "ID: Ska vara ett id (UUID)."),
        (["importera", "beslut"], "Argumentet FIL.csv saknas."),
        (["importera", "beslut", "a", "b"], "För många argument: b."),
        (["importera", "beslut", "a", "--kalla", "Viva"], "--kalla: Får ha 1–40 tecken"),
        (["exempel", "--placeringar", "0"], "--placeringar: Minst 1."),
        (["exempel", "--placeringar", "tio"], "--placeringar: Ska vara ett heltal."),
    ],
)
def test_ett_felskrivet_kommando_sags_pa_svenska(
    argument: list[str], sats: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kor(argument) == 2
    ut, fel = capsys.readouterr()
    assert ut == ""
    assert fel.startswith(sats)
    assert "Hjälp: dygn" in fel


def test_ctrl_c_avbryter_med_sin_egen_slutkod(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def avbryt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exempel, "skriv", avbryt)
    assert kor(["exempel", "--ut", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "Avbrutet.\n"


def test_utan_installation_blir_det_en_text_och_inte_ett_avbrott_i_koden(tmp_path: Path) -> None:
    svar = _dygn(
        "rapport", "evb", "--per", "2023-12-31", "--lag", "LSS", DYGN_KATALOG=str(tmp_path)
    )
    assert svar.returncode == 1
    assert svar.stdout == ""
    # Where the line is broken depends on how long the catalogue's path is.
    assert "dygn starta" in " ".join(svar.stderr.split())
    assert "Traceback" not in svar.stderr


def test_ett_placerings_id_kan_sta_ensamt_efter_varfor(tmp_path: Path) -> None:
    id_ = "0b7b43a2-6a3e-5a3b-9b51-1c9a4c0d9e11"
    svar = CliRunner().invoke(kommandorad(["varfor"]), ["varfor", id_, "--katalog", str(tmp_path)])
    assert "Ingen installation är igång" in str(svar.exception)


def test_exempel_skriver_filer_och_inget_pa_standard_ut(tmp_path: Path) -> None:
    argument = ["exempel", "--placeringar", "15", "--fro", "3", "--tom", "2026-01-31"]
    for mapp in ("a", "b"):
        svar = _dygn(*argument, "--ut", str(tmp_path / mapp))
        assert (svar.returncode, svar.stdout) == (0, "")
    filer = sorted(fil.name for fil in (tmp_path / "a").iterdir())
    assert filer == ["beslut.csv", "leverantorer.csv", "placeringar.csv", "prisandringar.csv"]
    for fil in filer:
        assert (tmp_path / "a" / fil).read_bytes() == (tmp_path / "b" / fil).read_bytes()


@pytest.mark.parametrize(
    ("tolk", "gott", "som"),
    [
        (val.dag, "2024-02-29", "2024-02-29"),
        (val.dag_eller_stund, "2024-02-29", "2024-02-29"),
        (val.dag_eller_stund, "2024-02-29T12:00:00+02:00", "2024-02-29T12:00:00+02:00"),
        (val.dag_eller_stund, "2024-02-29T12:00:00Z", "2024-02-29T12:00:00+00:00"),
        (val.grans, "90d", "90d"),
        (val.kalla, "viva-2024", "viva-2024"),
    ],
)
def test_valens_varden_tolkas(tolk: object, gott: str, som: str) -> None:
    assert callable(tolk)
    assert tolk(gott) == som


@pytest.mark.parametrize(
    ("tolk", "daligt"),
    [
        (val.dag, "2023-02-29"),
        (val.dag, "20240101"),
        (val.dag, "igår"),
        (val.dag_eller_stund, "2024-01-01T12:00:00"),
        (val.dag_eller_stund, "2024-13-01"),
        (val.grans, "3"),
        (val.grans, "0m"),
        (val.kalla, "Viva"),
        (val.kalla, ""),
    ],
)
def test_valens_varden_som_inte_gar_avvisas(tolk: object, daligt: str) -> None:
    assert callable(tolk)
    with pytest.raises(typer.BadParameter):
        tolk(daligt)


def test_redovisningen_visar_avvisade_rader_flaggor_och_summan(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fel = [Radfel(7, "till", "R-PLA-1", "Krock [red] med en annan placering.")]
    flaggor = [Radfel(rad, "avtal", "R-PLA-3", "Utom ramavtal utan skäl.") for rad in range(2, 22)]
    visa_konto(Redovisning(30, nya=25, fanns=4, fel=fel, flaggor=flaggor))
    ut, fel_ut = capsys.readouterr()
    assert ut == ""
    for del_ in (
        "R-PLA-1",
        "Krock [red] med en annan placering.",
        "R-PLA-3",
        "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 … och 8 till",
        "30 rader: 25 nya, 4 fanns, 20 flaggade, 1 avvisade.",
        "Inget är skickat",
    ):
        assert del_ in fel_ut
