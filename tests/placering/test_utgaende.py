"""What leaves the service: one contract message an event, and nothing personal."""

import json
from typing import Any

import pytest

from contracts.placering import HANDELSER
from services.chassis.store.mapper import decode
from services.placering.streams.outgoing import messages
from tests.placering.varld import PERSONNUMMER, klient_och_beslut, ny_klient, pagaende_placering
from tests.stod.tjanst import Klient

pytestmark = [pytest.mark.anyio, pytest.mark.regel("R-SEK-1")]


def utgaende(vard: Klient) -> list[tuple[str, dict[str, Any]]]:
    """Type and data of every message of the stored events, in order."""
    ut = []
    for id, version, topic, state in vard.sql(
        "SELECT originator_id, originator_version, topic, state FROM handelse ORDER BY pos"
    ):
        for meddelande in messages(decode(topic, id, version, bytes(state))):
            data = meddelande.koda()
            assert HANDELSER.avkoda(meddelande.handelsetyp(), data) == meddelande
            ut.append((meddelande.handelsenamn(), json.loads(data)))
    return ut


async def test_varje_beslut_om_en_person_blir_ett_meddelande(vard: Klient) -> None:
    klient, beslut, placering = await pagaende_placering(vard)
    pris = {"fran": "2026-02-15", "dygnspris_ore": 80_000, "skal": "sent_inkommen"}
    await vard.lagra(f"/v1/placeringar/{placering}/priser", pris, version=1)
    slut = {"till": "2026-03-01", "orsak": "annan", "text": "Förklaring"}
    await vard.lagra(f"/v1/placeringar/{placering}/avslut", slut, version=2)
    rattat = {"placeringsform": "natverkshem", "fran": "2026-02-02", "skal": "skrivfel"}
    await vard.lagra(f"/v1/placeringar/{placering}/rattelse", rattat, version=3)
    await vard.lagra(f"/v1/placeringar/{placering}/makulering", {"skal": "dubblett"}, version=4)
    vag = f"/v1/klienter/{klient}/rattelse"
    await vard.lagra(vag, ny_klient(skal="skrivfel", skyddad=True), version=1)
    ut = utgaende(vard)
    assert [namn for namn, _ in ut] == [
        "KlientRegistrerad",
        "BeslutFattat",
        "PlaceringInledd",
        "PlaceringPrisAndrat",
        "PlaceringAvslutad",
        "PlaceringRattad",
        "PlaceringMakulerad",
        "KlientRattad",
    ]
    assert {data["klient"] for _, data in ut} == {klient}
    assert {data["beslut"] for _, data in ut if "beslut" in data} == {beslut}
    assert {data["placering"] for _, data in ut if "placering" in data} == {placering}
    assert ut[-1][1]["skyddad"]


async def test_inga_personuppgifter_lamnar_tjansten(vard: Klient) -> None:
    await vard.lagra(
        "/v1/klienter",
        {"personnummer": PERSONNUMMER, "namn": "Zebramarkör", "kon": "K", "arbetsenhet": "barn-2"},
    )
    ((namn, data),) = utgaende(vard)
    assert namn == "KlientRegistrerad"
    assert {falt: varde for falt, varde in data.items() if falt != "klient"} == {
        "kon": "K",
        "fodelsemanad": "2010-02",
        "skyddad": False,
        "arbetsenhet": "barn-2",
    }


async def test_domstolens_malnummer_stannar(vard: Klient) -> None:
    await klient_och_beslut(vard, beslutsfattare={"slag": "domstol", "mal": "UM 4711-26"})
    assert "4711" not in json.dumps(utgaende(vard))
