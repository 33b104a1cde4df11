"""``dygn prob``: it measures, says so when something is wrong, and writes in nobody's kommun."""

import pytest

from dygn.fel import DygnFel
from dygn.klient import TJANSTER, Tjanst, token
from dygn.prob import KOMMUN, Takt, proba
from services.chassis.auth.roles import Roll
from tests.system.installation import Installation, sql

ROLLER = (Roll.SOCIALSEKRETERARE, Roll.EKONOM)


def adresser(installation: Installation) -> dict[Tjanst, str]:
    return {tjanst: f"{installation.inbyggd.url}/{tjanst}" for tjanst in TJANSTER}


def test_proben_mater_svar_och_synlighet_och_skriver_bara_i_kommun_0000(
    installationen: Installation,
) -> None:
    bevis = token(installationen.inbyggd.katalog, ROLLER, kommunkod=KOMMUN)
    svarade: list[int] = []
    utfall = proba(adresser(installationen), bevis, Takt(20, 2, bevaka_var=2), svarade.append)
    assert (utfall.fel, utfall.osedda) == ([], 0)
    assert svarade[-1] == len(utfall.svar) == 40
    assert len(utfall.synliga) == 10
    assert 0 < min(utfall.synliga) <= max(utfall.synliga) <= utfall.vagg
    handelser = sql(
        installationen.databaser["placering"],
        "SELECT kommunkod, count(*) > 40 FROM handelse GROUP BY 1",
    )
    assert handelser == [(KOMMUN, True)]


def test_proben_sager_vad_som_avvisades(installationen: Installation) -> None:
    bevis = token(installationen.inbyggd.katalog, [Roll.EKONOM], kommunkod=KOMMUN)
    utfall = proba(adresser(installationen), bevis, Takt(8, 1))
    assert len(utfall.fel) == 2
    assert all("403" in fel for fel in utfall.fel)


@pytest.mark.parametrize("kommunkod", ["1490", None])
def test_proben_vagrar_en_token_for_nagons_kommun(
    installationen: Installation, kommunkod: str | None
) -> None:
    katalog = installationen.inbyggd.katalog
    bevis = "x.y.z" if kommunkod is None else token(katalog, ROLLER, kommunkod=kommunkod)
    with pytest.raises(DygnFel, match="0000"):
        proba(adresser(installationen), bevis, Takt(8, 1))
