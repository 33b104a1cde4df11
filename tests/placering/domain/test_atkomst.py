"""When the glass may be broken, and which reads are marked to be looked at (R-SEK-3)."""

import pytest

from services.chassis.rules import Breach
from services.placering.domain.atkomst import Anmarkning, Nodskal, anmarkningar, nodlasning

pytestmark = pytest.mark.regel("R-SEK-3")

UTOM = Breach("R-SEK-3", "", "Personen hör inte till någon av dina arbetsenheter.")


def test_inom_rackhall_behovs_inget_nodskal() -> None:
    assert nodlasning(None, None, far=True) is None
    assert nodlasning(None, None, far=False) is None


def test_utom_rackhall_slapper_ett_nodskal_fram_den_vars_roll_far() -> None:
    assert nodlasning(UTOM, Nodskal.FARA, far=True) is None
    assert nodlasning(UTOM, Nodskal.FARA, far=False) == UTOM


def test_utan_nodskal_nekas_lasningen_och_det_sags_vad_som_kravs() -> None:
    nekad = nodlasning(UTOM, None, far=True)
    assert nekad is not None
    assert (nekad.regel, nekad.pekare) == ("R-SEK-3", "")
    assert "ange nodskal" in nekad.text
    assert nodlasning(UTOM, None, far=False) == UTOM  # of no use to whom it does not help


def _lika(lasaren: str | None, personen: str | None) -> bool:
    funna = anmarkningar(utom=False, skyddad=False, lasarens_efternamn=lasaren, namn=personen)
    return funna == (Anmarkning.EGET_EFTERNAMN,)


@pytest.mark.parametrize(
    ("lasaren", "personen"),
    [
        ("Ek", "Påhittad Ek"),
        ("EK", "påhittad ek"),
        ("Ek-Lund", "Påhittad Lund"),
        ("Lund", "Påhittad Ek-Lund"),
        ("von Ek", "Ek, Påhittad"),
        ("Åström", "Påhittad ÅSTRÖM"),
    ],
)
def test_samma_efternamn_marks(lasaren: str, personen: str) -> None:
    assert _lika(lasaren, personen)


@pytest.mark.parametrize(
    ("lasaren", "personen"),
    [
        ("Ek", "Påhittad Ekström"),
        ("von Ek", "Påhittad von Lund"),
        ("-", "Påhittad - Lund"),
        (None, "Påhittad Ek"),
        ("Ek", None),
        (None, None),
    ],
)
def test_ett_annat_eller_okant_efternamn_marks_inte(
    lasaren: str | None, personen: str | None
) -> None:
    assert not _lika(lasaren, personen)


def test_var_grund_marks_for_sig() -> None:
    alla = anmarkningar(utom=True, skyddad=True, lasarens_efternamn="Ek", namn="P Ek")
    assert set(alla) == set(Anmarkning)
    for falt, vantad in (
        ({"utom": True}, Anmarkning.UTOM_ARBETSENHET),
        ({"skyddad": True}, Anmarkning.SKYDDAD),
    ):
        lage = {"utom": False, "skyddad": False} | falt
        assert anmarkningar(**lage, lasarens_efternamn=None, namn=None) == (vantad,)
    assert anmarkningar(utom=False, skyddad=False, lasarens_efternamn="A", namn="B") == ()
