"""docs/roller.md says what the routes judge by."""

from dygn import rolltabell
from dygn.inbyggd.tjanster import TJANSTER


def test_rolltabellen_ar_farsk() -> None:
    assert rolltabell.FIL.read_text() == rolltabell.tabell()


def test_varje_vag_som_kraver_token_star_i_rolltabellen() -> None:
    text = rolltabell.tabell()
    for tjanst in TJANSTER:
        for vag in rolltabell._app(tjanst.app).openapi()["paths"]:
            if vag.startswith("/v1/"):
                assert f" {vag}`" in text, f"{tjanst.namn}: {vag}"
