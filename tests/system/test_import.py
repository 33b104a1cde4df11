"""History taken over from files, by the command line against a running installation."""

import signal
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dygn.data import EVB_LSS_2023
from dygn.exempel.csvut import skriv
from dygn.exempel.kommun import Exempelkommun, exempelkommun
from dygn.klient import LASROLLER, mot_instans
from tests.stod.provkatalog import provkatalog
from tests.stod.vanta import eventually
from tests.system.dagrakning import Dagrakning
from tests.system.installation import TALAMOD
from tests.system.kommandorad import Korning, korning, oppna

PLACERINGAR = 400
TOM = date(2025, 12, 31)
"""The last day known in the files; running placements are asked about up to it."""
_PERIOD = ("--fran", f"{TOM.year - 8}-01-01", "--till", TOM.isoformat())
_RUBRIK = (
    "referens,klient,kon,fodelsedatum,lagrum,beslutsdatum,placeringsform,organisationsnummer,"
    "enhet,fran,till,dygnspris_ore,avslutsorsak"
)


@pytest.fixture(scope="module")
def kommun(fro: int) -> Exempelkommun:
    return exempelkommun(fro, PLACERINGAR, TOM)


@pytest.fixture(scope="module")
def mapp(kommun: Exempelkommun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    ny = tmp_path_factory.mktemp("kommun")
    skriv(kommun, ny)
    return ny


@pytest.fixture(scope="module")
def ny() -> Iterator[Korning]:
    with provkatalog() as katalog, korning(katalog) as en:
        yield en


@pytest.fixture(scope="module")
def fylld(ny: Korning, mapp: Path) -> Korning:
    """The kommun's files imported; the import of placeringar was killed on its way."""
    ny.kor("importera", "leverantorer", str(mapp / "leverantorer.csv"))
    _doda_halvvags(ny, mapp / "placeringar.csv")
    ny.kor("importera", "placeringar", str(mapp / "placeringar.csv"))
    ny.kor("importera", "prisandringar", str(mapp / "prisandringar.csv"))
    ny.kor("vanta")
    return ny


def _doda_halvvags(ny: Korning, fil: Path) -> None:
    """kill -9 of the import when the first of its events are stored."""
    fore = ny.antal_handelser("placering")
    process = oppna("importera", "placeringar", str(fil), "--katalog", str(ny.katalog.mapp))
    try:
        eventually(lambda: ny.antal_handelser("placering") > fore, TALAMOD, "inget lagras")
    finally:
        process.kill()
        process.communicate()


# -- the real decisions ---------------------------------------------------------------------------


@pytest.mark.regel("R-EVB-7", "R-PLA-18")
def test_de_58_riktiga_besluten_kommer_ut_som_de_gick_in(ny: Korning) -> None:
    ny.kor("importera", "beslut", str(EVB_LSS_2023))
    fore = ny.antal_handelser("placering")
    andra = ny.kor("importera", "beslut", str(EVB_LSS_2023))
    assert ny.antal_handelser("placering") == fore
    assert " 0 nya, 58 fanns" in andra.fel
    ny.kor("vanta")
    svar = ny.kor("rapport", "evb", "--per", "2023-12-31", "--lag", "LSS", "--format", "csv")
    assert svar.ut.splitlines()[0] == (
        "Nämnd,Inga ej verkställda beslut,Ej verkställda beslut,Typ av insats,"
        "Antal dagar sedan beslut,Man/kvinna,Antal dagar sedan avbrott"
    )
    rader = svar.rader()
    assert len(rader) == len(svar.ut.splitlines()) - 1 == 58
    insatser = Counter(rad["Typ av insats"] for rad in rader)
    assert sorted(insatser.values(), reverse=True) == [28, 10, 7, 6, 3, 3, 1]
    assert Counter(rad["Man/kvinna"] for rad in rader) == {"M": 39, "K": 19}
    assert max(int(rad["Antal dagar sedan beslut"]) for rad in rader) == 3513
    lika = Counter(tuple(rad.values()) for rad in rader)
    assert max(lika.values()) == 3, "tre beslut som ser lika ut är tre"
    ur_filen = Counter(
        (
            insats,
            kon,
            str((date(2023, 12, 31) - date.fromisoformat(beslutsdatum)).days),
        )
        for _, kon, _, insats, beslutsdatum in (
            rad.split(",") for rad in EVB_LSS_2023.read_text(encoding="utf-8").splitlines()[1:]
        )
    )
    assert ur_filen == Counter(
        (rad["Typ av insats"], rad["Man/kvinna"], rad["Antal dagar sedan beslut"]) for rad in rader
    )


# -- placements -----------------------------------------------------------------------------------


@pytest.mark.regel("R-KOS-1", "R-KOS-2", "R-KOS-17", "R-PLA-18")
def test_rapporterna_ar_orakelets_for_varje_manad(fylld: Korning, kommun: Exempelkommun) -> None:
    orakel = Dagrakning(kommun.leverantorer, kommun.placeringar, kommun.prisandringar, TOM)
    vantat = orakel.per("placeringsform")
    manader = sorted({manad for manad, _ in vantat})
    assert len(manader) > 60
    fick = {
        (manad, rad["nyckel"]): {namn: str(rad[namn]) for namn in vantat[manad, rad["nyckel"]]}
        for manad in manader
        for rad in _manadens_rader(fylld, manad)
    }
    assert fick == vantat


def _manadens_rader(fylld: Korning, manad: str) -> list[dict[str, Any]]:
    """A month's rows, over REST: a process for each of a hundred months would take minutes."""
    ar, nummer = (int(del_) for del_ in manad.split("-"))
    sista = date(ar + nummer // 12, nummer % 12 + 1, 1).toordinal() - 1
    with mot_instans(fylld.katalog, fylld.instans.url, LASROLLER) as klient:
        svar = klient.hamta(
            "uppfoljning",
            "rapporter/dygnskostnader",
            fran=f"{manad}-01",
            till=date.fromordinal(sista).isoformat(),
            snitt="placeringsform",
        )
    rader: list[dict[str, Any]] = svar["rader"]
    return rader


@pytest.mark.parametrize("snitt", ["manad", "placeringsform", "leverantor", "aldersklass"])
def test_csv_ar_en_rubrikrad_och_raderna(fylld: Korning, snitt: str) -> None:
    svar = fylld.kor("rapport", "dygnskostnader", *_PERIOD, "--snitt", snitt, "--format", "csv")
    rubrik, *rader = svar.ut.splitlines()
    assert rubrik == (
        f"{snitt},antal_placerade,antal_placeringar,debiterade_dygn,varddygn,kostnad_ore,"
        "dygnskostnad_ore"
    )
    assert len(rader) >= 3
    assert all(rad.count(",") == 6 for rad in rader)


def test_en_andra_import_lagger_inte_till_nagot(fylld: Korning, mapp: Path) -> None:
    fore = {tjanst: fylld.antal_handelser(tjanst) for tjanst in ("leverantor", "placering")}
    for namn in ("leverantorer", "placeringar", "prisandringar"):
        svar = fylld.kor("importera", namn, str(mapp / f"{namn}.csv"))
        assert " 0 nya" in svar.fel
    assert {tjanst: fylld.antal_handelser(tjanst) for tjanst in fore} == fore


# -- bad rows -------------------------------------------------------------------------------------


def _bra(referens: str) -> str:
    return (
        f"{referens},KL-{referens},M,2010-05-05,4 kap. 1 § SoL,2024-01-02,eget_familjehem,,,"
        "2024-02-01,2024-03-31,80000,planerad"
    )


@pytest.fixture
def dalig_fil(tmp_path: Path) -> Path:
    """Two good rows; between them a date that is none, and an end before the start."""
    fil = tmp_path / "blandat.csv"
    rader = [
        _RUBRIK,
        _bra(f"{tmp_path.name}-1"),
        _bra(f"{tmp_path.name}-2").replace("2024-02-01", "2024-02-30"),
        _bra(f"{tmp_path.name}-3").replace("2024-03-31", "2024-01-31"),
        _bra(f"{tmp_path.name}-4"),
    ]
    fil.write_text("\n".join(rader) + "\n", encoding="utf-8")
    return fil


@pytest.mark.regel("R-PLA-18")
def test_daliga_rader_listas_med_rad_kolumn_och_regel_och_inget_skickas(
    ny: Korning, dalig_fil: Path
) -> None:
    fore = ny.antal_handelser("placering")
    svar = ny.kor("importera", "placeringar", str(dalig_fil), kod=1)
    tabell = [rad.split() for rad in svar.fel.splitlines()]
    listade = {rad[0]: rad for rad in tabell if rad and rad[0] in "34" and rad[1] != "rader:"}
    assert "fran" in listade["3"]
    assert "till" in listade["4"]
    assert all("R-PLA-18" in rad for rad in listade.values())
    assert "2 avvisade" in svar.fel
    assert svar.ut == ""
    assert ny.antal_handelser("placering") == fore


@pytest.mark.regel("R-PLA-18")
def test_torrkorning_skickar_inget(ny: Korning, tmp_path: Path) -> None:
    fil = tmp_path / "bra.csv"
    fil.write_text(f"{_RUBRIK}\n{_bra('torr')}\n", encoding="utf-8")
    fore = ny.antal_handelser("placering")
    assert "1 nya" in ny.kor("importera", "placeringar", str(fil), "--torrkorning").fel
    assert ny.antal_handelser("placering") == fore


@pytest.mark.regel("R-PLA-18")
def test_delvis_skickar_de_goda_raderna(ny: Korning, dalig_fil: Path) -> None:
    fore = ny.antal_handelser("placering")
    svar = ny.kor("importera", "placeringar", str(dalig_fil), "--delvis", kod=1)
    assert "2 rader är lagrade" in svar.fel
    nya = ny.antal_handelser("placering") - fore
    assert nya > 0
    ny.kor("importera", "placeringar", str(dalig_fil), "--delvis", kod=1)
    assert ny.antal_handelser("placering") == fore + nya


def test_en_installation_som_fatt_allt_stannar_utan_att_tappa_nagot(
    fylld: Korning,
) -> None:
    fore = fylld.antal_handelser("placering")
    fraga = ("rapport", "dygnskostnader", *_PERIOD, "--format", "csv")
    rapport = fylld.kor(*fraga).ut
    assert fylld.sluta(signal.SIGTERM).kod == 0
    fylld.starta()
    assert fylld.antal_handelser("placering") == fore
    assert fylld.kor(*fraga).ut == rapport
