"""An embedded installation's master key exchanged, from end to end and when it is broken off."""

from pathlib import Path

import pytest

from dygn.inbyggd.fel import KatalogUpptagen
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.komposition import Inbyggd
from dygn.klient import mot_instans
from dygn.nyckelbyte import byt_huvudnyckel
from services.chassis.auth.roles import Roll

PERSON = {"kon": "K", "namn": "Åsa Exempel", "personnummer": "20100203-2389"}


def namn(katalog: Katalog, inbyggd: Inbyggd, id: str) -> str:
    with mot_instans(katalog, inbyggd.url, list(Roll)) as klient:
        uppgifter = klient.hamta("placering", f"klienter/{id}")
    return str(uppgifter["namn"])


@pytest.mark.regel("R-SEK-1")
def test_en_inbyggd_installations_huvudnyckel_byts_medan_den_star_still(
    katalog: Katalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Inbyggd(katalog) as inbyggd:
        with mot_instans(katalog, inbyggd.url, list(Roll)) as klient:
            id = str(klient.skicka("placering", "klienter", PERSON).id)
        with pytest.raises(KatalogUpptagen):
            byt_huvudnyckel(Katalog(katalog.mapp))
    forst = katalog.huvudnyckel()

    with monkeypatch.context() as lapp:
        lapp.setattr("dygn.nyckelbyte.sla_in_pa_nytt", _avbruten)
        with pytest.raises(KeyboardInterrupt):
            byt_huvudnyckel(katalog)
    with Inbyggd(katalog) as inbyggd:
        assert namn(katalog, inbyggd, id) == "Åsa Exempel"

    visat: list[tuple[int, int]] = []
    utfall = byt_huvudnyckel(katalog, lambda gjorda, av: visat.append((gjorda, av)))
    assert (utfall.bytta, utfall.alla, visat) == (1, 1, [(1, 1)])
    assert forst not in (katalog.huvudnyckel(), *katalog.andra_huvudnycklar())
    assert not Path(katalog.mapp / "huvudnyckel.forra").exists()
    with Inbyggd(katalog) as inbyggd:
        assert namn(katalog, inbyggd, id) == "Åsa Exempel"


def _avbruten(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
