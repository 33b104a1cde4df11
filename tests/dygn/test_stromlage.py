"""What "caught up" means: everything that was published is stored by its readers and folded."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from dygn.stromlage import efterslapning
from services.chassis.http.standing import Konsumerad, Stannad, Stromlage

NU = datetime(2024, 1, 1, tzinfo=UTC)


def lage(
    tjanst: str, pos: int, *last: tuple[str, int, int], epok: int = 1, smutsiga: int = 0
) -> Stromlage:
    return Stromlage(
        tjanst=tjanst,
        installation=UUID(int=1),
        epok=epok,
        pos=pos,
        registrerad=NU,
        konsumerar=[
            Konsumerad(topic=f"dygn.{namn}.v1", epok=last_epok, pos=last_pos, registrerad=NU)
            for namn, last_epok, last_pos in last
        ],
        smutsiga=smutsiga,
        karantan=0,
        stoppade=[],
    )


def lagen(
    *,
    leverantor: tuple[int, int] = (1, 5),
    placering: tuple[int, int] = (1, 9),
    smutsiga: int = 0,
) -> dict[str, Stromlage]:
    """The publishers stand at epok 1, positions 5 and 9; the readers where it is said."""
    return {
        "leverantor": lage("leverantor", 5),
        "placering": lage("placering", 9, ("leverantor", 1, 5)),
        "uppfoljning": lage(
            "uppfoljning",
            0,
            ("leverantor", *leverantor),
            ("placering", *placering),
            smutsiga=smutsiga,
        ),
    }


def test_allt_last_och_vikt_ar_ikapp() -> None:
    assert efterslapning(lagen(), lagen()) == []


@pytest.mark.parametrize(
    ("nu", "vad"),
    [
        (lagen(placering=(1, 8)), "dygn.placering.v1 8 av 9"),
        (lagen(placering=(0, 99)), "dygn.placering.v1 99 av 9"),
        (lagen(smutsiga=2), "2 ämnen är inte vikta"),
    ],
    ids=["läget", "epoken", "vikningen"],
)
def test_det_som_slapar_namns(nu: dict[str, Stromlage], vad: str) -> None:
    assert [str(rad) for rad in efterslapning(lagen(), nu)] == [f"uppfoljning: {vad}"]


def test_en_strom_som_ingen_last_slapar() -> None:
    nu = lagen()
    nu["placering"] = lage("placering", 9)
    assert [str(rad) for rad in efterslapning(lagen(), nu)] == [
        "placering: dygn.leverantor.v1 är inte läst än"
    ]


def test_en_partition_som_stannat_namns_med_skal() -> None:
    nu = lagen()
    stannad = Stannad(topic="dygn.placering.v1", partition=3, lage="lucka", skal="ett hål")
    nu["uppfoljning"] = nu["uppfoljning"].model_copy(update={"stoppade": [stannad]})
    assert [str(rad) for rad in efterslapning(lagen(), nu)] == [
        "uppfoljning: dygn.placering.v1/3 har stannat: ett hål"
    ]
