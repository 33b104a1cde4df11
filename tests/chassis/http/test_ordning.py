"""Who calls is judged before a byte of the body is read, and the body before it is kept."""

from typing import Any

import pytest
from starlette.types import Message

from tests.chassis.http.provapp import LASA
from tests.stod.tjanst import Klient, token_for

pytestmark = pytest.mark.anyio


async def _anropa_utan_att_kroppen_lases(
    klient: Klient, token: str | None, **huvuden: str
) -> tuple[int, dict[str, str]]:
    """The answer's status and headers; the test fails if anybody asks for the body."""
    sant: list[Message] = []

    async def las() -> Message:
        raise AssertionError("kroppen lästes")

    async def skriv(meddelande: Message) -> None:
        sant.append(meddelande)

    rader = {"content-type": "application/json", "idempotency-key": "n", **huvuden}
    if token is not None:
        rader["authorization"] = f"Bearer {token}"
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": "/v1/saker", "raw_path": b"/v1/saker", "query_string": b"",
        "root_path": "", "server": ("dygn", 80), "client": ("127.0.0.1", 1),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in rader.items()],
    }  # fmt: skip
    await klient.app(scope, las, skriv)
    return sant[0]["status"], {k.decode().lower(): v.decode() for k, v in sant[0]["headers"]}


async def test_utan_token_lases_inte_kroppen(klient: Klient) -> None:
    for token in (None, "skräp".encode("latin-1").decode("latin-1"), "a.b.c"):
        status, huvuden = await _anropa_utan_att_kroppen_lases(
            klient, None if token is None else token.encode("ascii", "ignore").decode()
        )
        assert status == 401
        assert huvuden["www-authenticate"] == "Bearer"


async def test_med_fel_roll_lases_inte_kroppen(klient: Klient) -> None:
    status, _ = await _anropa_utan_att_kroppen_lases(klient, token_for(klient.utfardare, LASA))
    assert status == 403


async def test_en_kropp_som_sager_sig_vara_for_stor_lases_inte(klient: Klient) -> None:
    token = klient.headers["Authorization"].removeprefix("Bearer ")
    for langd in ("200001", "99999999999999999999"):
        status, _ = await _anropa_utan_att_kroppen_lases(klient, token, content_length=langd)
        assert status == 413


async def test_en_for_stor_kropp_utan_token_ar_401(klient: Klient) -> None:
    async with klient.med_token(None) as ingen:
        svar = await ingen.sand("/v1/saker", {"varde": 1, "text": "x" * 300_000})
    assert svar.status_code == 401


async def test_en_trasig_kropp_med_fel_roll_ar_403(klient: Klient) -> None:
    async with klient.som(LASA) as lasare:
        svar = await lasare.post("/v1/saker", content=b"{")
    assert svar.status_code == 403
    assert "ekonom" in svar.json()["detail"]


async def test_en_kropp_i_bitar_under_gransen_gar_bra(klient: Klient) -> None:
    async def bitar() -> Any:
        yield b'{"varde": 1, "text": "'
        for _ in range(10):
            yield b"x" * 1000
        yield b'"}'

    svar = await klient.post(
        "/v1/saker",
        content=bitar(),
        headers={"Idempotency-Key": "n", "Content-Type": "application/json"},
    )
    assert svar.status_code == 201


@pytest.mark.parametrize("huvud", ["Basic eDp5", "Bearer", "Bearer ", "Token x", "bearer a.b.c"])
async def test_fel_slags_inloggning_ar_401(klient: Klient, huvud: str) -> None:
    svar = await klient.get("/v1/saker", headers={"Authorization": huvud})
    assert svar.status_code == 401
