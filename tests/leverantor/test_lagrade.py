"""Every event version that this service has ever stored is read, and says what it always said."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import leverantor as kontrakt
from contracts.ord import Dagrakning, Leverantorstyp, Rattelseskal
from services.chassis.aggregate import Handelse
from services.leverantor.domain import handelser
from services.leverantor.streams.outgoing import messages
from tests.stod import lagrat
from tests.stod.lagrat import Lagrad

MAPP = Path(__file__).parent / "lagrade"

EN_LEVERANTOR = UUID("11111111-1111-4111-8111-111111111111")
EN_ENHET = UUID("22222222-2222-4222-8222-222222222222")
ETT_AVTAL = UUID("33333333-3333-4333-8333-333333333333")
ETT_NUMMER = UUID("44444444-4444-4444-8444-444444444444")


def exempel() -> Iterator[Handelse]:
    """One event of every class, with every field filled: what `lagrat.skriv` makes files of."""

    def hande(klass: Callable[..., Handelse], id: UUID, version: int, **falt: Any) -> Handelse:
        return klass(
            originator_id=id,
            originator_version=version,
            timestamp=datetime(2026, 11, 24, 10, 11, 12, 131415, UTC),
            kommunkod="1490",
            aktor="u1",
            korrelation="k1",
            **falt,
        )

    nummer = {"organisationsnummer": "556036-0793"}
    namn = {"namn": "Exempelvård Åäö AB", "typ": Leverantorstyp.PRIVAT}
    hos = {"leverantor": EN_LEVERANTOR} | nummer
    avtal: dict[str, Any] = hos | {
        "enhet": EN_ENHET,
        "omrade": "HVB barn och unga",
        "fran": date(2026, 1, 1),
        "till": date(2027, 12, 31),
        "dagrakning": Dagrakning.ANKOMST,
    }
    skal = {"skal": Rattelseskal.SKRIVFEL}
    fran = {"fran": date(2026, 3, 1)}
    borja = {"originator_topic": "leverantor.Leverantor"}
    yield hande(handelser.LeverantorRegistrerad, EN_LEVERANTOR, 1, **borja, **nummer, **namn)
    yield hande(handelser.LeverantorRattad, EN_LEVERANTOR, 2, **nummer, **namn, **skal)
    yield hande(handelser.AvropsstoppSatt, EN_LEVERANTOR, 3, **nummer, **fran)
    yield hande(handelser.AvropsstoppHavt, EN_LEVERANTOR, 4, **nummer, **fran)
    borja = {"originator_topic": "leverantor.Organisationsnummer"}
    agare = {"leverantor": EN_LEVERANTOR}
    yield hande(handelser.OrganisationsnummerTaget, ETT_NUMMER, 1, **borja, **agare)
    yield hande(handelser.OrganisationsnummerSlappt, ETT_NUMMER, 2)
    yield hande(handelser.OrganisationsnummerAterTaget, ETT_NUMMER, 3, **agare)
    borja = {"originator_topic": "leverantor.Enhet"}
    yield hande(handelser.EnhetRegistrerad, EN_ENHET, 1, **borja, **hos, namn="Solgläntan")
    yield hande(handelser.GrunddygnsprisSatt, EN_ENHET, 2, **hos, **fran, dygnspris_ore=350_000)
    borja = {"originator_topic": "leverantor.Avtal"}
    yield hande(handelser.AvtalTecknat, ETT_AVTAL, 1, **borja, **avtal)
    yield hande(handelser.AvtalRattat, ETT_AVTAL, 2, **avtal, **skal)


@pytest.mark.parametrize("lagrad", lagrat.lagrade(MAPP), ids=lambda lagrad: lagrad.fil.stem)
def test_en_lagrad_handelse_lases_och_sager_vad_den_alltid_sagt(lagrad: Lagrad) -> None:
    lagrat.prova(lagrad, messages)


def test_varje_version_av_varje_handelse_har_en_fil() -> None:
    assert lagrat.saknade(MAPP, handelser) == []
    assert {type(handelse) for handelse in exempel()} == set(lagrat.handelseklasser(handelser))


def test_varje_meddelande_kan_lasas_av_kontraktet() -> None:
    sedda = set()
    for lagrad in lagrat.lagrade(MAPP):
        for meddelande in lagrad.meddelanden:
            last = kontrakt.HANDELSER.avkoda(meddelande["typ"], meddelande["data"].encode())
            assert str(last.nyckelvarde) == meddelande["nyckel"] == str(EN_LEVERANTOR)
            sedda.add(type(last))
    assert sedda == set(kontrakt.HANDELSER), "varje kontraktshändelse kommer ur någon egen"


def test_ett_krav_pa_ett_nummer_ar_ingen_annans_sak() -> None:
    tysta = {type(h).__name__ for h in exempel() if not messages(h)}
    assert tysta == {
        "OrganisationsnummerTaget",
        "OrganisationsnummerSlappt",
        "OrganisationsnummerAterTaget",
    }


def test_en_andrad_fil_en_andrad_klass_och_en_andrad_mappning_marks(tmp_path: Path) -> None:
    """The test above can fail: on the file, on the class and on the mapping."""
    (fil, *_) = lagrat.skriv(tmp_path, exempel(), messages)
    (forst, *ovriga) = lagrat.lagrade(tmp_path)
    assert len(ovriga) == 10
    lagrat.prova(forst, messages)
    with pytest.raises(AssertionError):
        lagrat.prova(forst, lambda _: [])
    text = fil.read_text("utf-8")
    fil.write_text(text.replace('\\"namn\\"', '\\"titel\\"'), "utf-8")
    with pytest.raises(Exception, match="titel"):
        lagrat.prova(next(ett for ett in lagrat.lagrade(tmp_path) if ett.fil == fil), messages)
    fil.unlink()
    assert len(lagrat.saknade(tmp_path, handelser)) == 1
