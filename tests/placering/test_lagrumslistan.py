"""The dated data of legal grounds and insatstyper over HTTP."""

import pytest

from tests.stod.tjanst import Klient

pytestmark = pytest.mark.anyio


@pytest.mark.regel("R-BES-2")
@pytest.mark.parametrize(
    ("datum", "sol"),
    [
        ("2025-06-30", ["4 kap. 1 § SoL"]),
        ("2025-07-01", ["11 kap. 1 § SoL", "12 kap. 1 § SoL"]),
    ],
)
async def test_lagrummen_listas_som_de_galler_en_dag(
    vard: Klient, datum: str, sol: list[str]
) -> None:
    rader = await vard.las("/v1/lagrum", datum=datum)
    assert [rad["lagrum"] for rad in rader if rad["lag"] == "SoL"] == sol
    lss = [rad for rad in rader if rad["lagrum"] == "9 § 10 LSS"]
    assert [(rad["fran"], rad["till"], rad["evb"]) for rad in lss] == [("1994-01-01", None, True)]


async def test_det_nya_lagrummet_pekar_pa_det_gamla(vard: Klient) -> None:
    rader = await vard.las("/v1/lagrum", datum="2025-07-01")
    nytt = next(rad for rad in rader if rad["lagrum"] == "11 kap. 1 § SoL")
    assert nytt["motsvarar"] == ["4 kap. 1 § SoL (2001:453)"]


async def test_insatstyperna_listas_som_de_beviljas_en_dag(vard: Klient) -> None:
    fore = {rad["namn"] for rad in await vard.las("/v1/insatstyper", datum="2015-12-31")}
    efter = {rad["namn"] for rad in await vard.las("/v1/insatstyper", datum="2016-01-01")}
    assert efter - fore == {"Stödboende"}


@pytest.mark.parametrize("vag", ["/v1/lagrum", "/v1/insatstyper", "/v1/lagrum?datum=2025-02-30"])
async def test_utan_dag_listas_inget(vard: Klient, vag: str) -> None:
    assert (await vard.get(vag)).status_code == 422
