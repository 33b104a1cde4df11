"""The client: tries again with the same key, and tells a refusal in the service's words."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from dygn.fel import DygnFel
from dygn.klient import TJANSTER, Avvisad, Klient, SvararInte, Tjanst, anslut, ur_miljon

ADRESSER: dict[Tjanst, str] = {tjanst: f"http://prov/{tjanst}" for tjanst in TJANSTER}


def _klient(
    svara: Callable[[httpx.Request], httpx.Response], sov: list[float] | None = None
) -> Klient:
    pauser = [] if sov is None else sov
    return Klient(
        ADRESSER,
        lambda: "bevis",
        transport=httpx.MockTransport(svara),
        talamod=30,
        sov=pauser.append,
    )


def test_ett_anrop_gors_om_med_samma_nyckel_nar_tjansten_ar_nere_eller_forbindelsen_bryts() -> None:
    nycklar: list[str] = []

    def svara(anrop: httpx.Request) -> httpx.Response:
        nycklar.append(anrop.headers["Idempotency-Key"])
        if len(nycklar) == 1:
            raise httpx.ConnectError("nej")
        if len(nycklar) == 2:
            raise httpx.ReadError("mitt i svaret")
        if len(nycklar) == 3:
            return httpx.Response(503, headers={"Retry-After": "1"}, json={"title": "Nere"})
        return httpx.Response(201, json={"id": "7"}, headers={"ETag": '"1"'})

    pauser: list[float] = []
    kvitto = _klient(svara, pauser).skicka("placering", "klienter", {"kon": "M"})
    assert (kvitto.id, kvitto.etag) == ("7", '"1"')
    assert len(set(nycklar)) == 1
    assert len(nycklar) == 4
    assert pauser[-1] >= 1


def test_tva_kommandon_far_olika_nycklar() -> None:
    nycklar: set[str] = set()

    def svara(anrop: httpx.Request) -> httpx.Response:
        nycklar.add(anrop.headers["Idempotency-Key"])
        return httpx.Response(201, json={"id": "7"})

    klient = _klient(svara)
    klient.skicka("placering", "klienter", {})
    klient.skicka("placering", "klienter", {})
    assert len(nycklar) == 2


def test_en_tjanst_som_aldrig_svarar_ges_upp_med_en_text() -> None:
    def svara(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nej")

    klient = _klient(svara)
    klient.talamod = 0
    with pytest.raises(SvararInte, match="svarar inte"):
        klient.hamta("uppfoljning", "lage")


def test_ett_nej_gors_inte_om_och_sags_med_regel_och_plats() -> None:
    anrop: list[str] = []

    def svara(begaran: httpx.Request) -> httpx.Response:
        anrop.append(begaran.url.path)
        problem = {
            "title": "Regelbrott",
            "detail": "Leverantören har avropsstopp.",
            "errors": [{"detail": "Avropsstopp.", "pointer": "/leverantor", "regel": "R-PLA-4"}],
        }
        return httpx.Response(422, json=problem)

    with pytest.raises(Avvisad) as fel:
        _klient(svara).skicka("placering", "placeringar", {})
    assert anrop == ["/placering/v1/placeringar"]
    assert str(fel.value) == (
        "Regelbrott: Leverantören har avropsstopp.\n  /leverantor: Avropsstopp. (R-PLA-4)"
    )


def test_ett_svar_som_inte_ar_ett_problemdokument_blir_anda_en_text() -> None:
    with pytest.raises(Avvisad, match="Tjänsten svarade 500"):
        _klient(lambda _: httpx.Response(500, text="<html>")).hamta("placering", "beslut")


def test_parametrar_som_saknas_skickas_inte_och_plustecken_kodas() -> None:
    fragor: list[bytes] = []

    def svara(anrop: httpx.Request) -> httpx.Response:
        fragor.append(anrop.url.query)
        assert anrop.headers["Authorization"] == "Bearer bevis"
        return httpx.Response(200, json={})

    _klient(svara).hamta(
        "uppfoljning", "rapporter/evb", per=None, kand_per="2025-01-01T00:00+01:00"
    )
    assert fragor == [b"kand_per=2025-01-01T00%3A00%2B01%3A00"]


def test_kroppen_ar_json_i_utf8() -> None:
    kroppar: list[bytes] = []

    def svara(anrop: httpx.Request) -> httpx.Response:
        kroppar.append(anrop.content)
        return httpx.Response(201, json={"id": "7"})

    _klient(svara).skicka("placering", "beslut", {"insatstyp": "Avlösarservice"})
    assert json.loads(kroppar[0].decode()) == {"insatstyp": "Avlösarservice"}


def test_utan_instans_i_katalogen_sags_hur_man_startar_en(tmp_path: Path) -> None:
    with pytest.raises(DygnFel, match="dygn starta"):
        anslut(tmp_path, ())


def test_miljon_kan_peka_ut_en_installation_men_inte_en_halv() -> None:
    miljo = {f"DYGN_{tjanst.upper()}_URL": f"http://{tjanst}" for tjanst in ADRESSER}
    klient = ur_miljon({**miljo, "DYGN_TOKEN": "bevis"})
    assert klient is not None
    assert klient.adresser["placering"] == "http://placering"
    assert klient.token() == "bevis"
    with pytest.raises(DygnFel, match="DYGN_TOKEN"):
        ur_miljon(miljo)
    assert ur_miljon({"DYGN_TOKEN": "bevis"}) is None


def test_utfardaren_ar_den_som_installationen_har() -> None:
    from dygn import klient
    from dygn.inbyggd import komposition

    assert klient.UTFARDARE == komposition.UTFARDARE
    assert klient.NYCKELFIL == komposition.NYCKELFIL
    assert klient.KOMMUNKOD == komposition.KOMMUNKOD
