"""Ids that follow from what a thing is: the same for ever, and never shared by two things."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.identifiers import derived_id, taken_over_id


def test_ett_overtaget_id_ar_detsamma_for_alltid() -> None:
    """These stand in databases: a change here would take every row over again."""
    assert taken_over_id("1490", "import", "placering", "P-1") == UUID(
        "780e9882-00b7-5674-a28b-bfb1e6c2f3ac"
    )
    assert derived_id("1490", "organisationsnummer", "556036-0793") == UUID(
        "498614d0-a177-5281-bc6c-cd2233a6788a"
    )


@given(st.lists(st.lists(st.text(alphabet="a/~0|", max_size=4), max_size=3), unique_by=tuple))
def test_skilda_delar_ger_skilda_id(listor: list[list[str]]) -> None:
    """`a/b` in one part is another thing than `a` and `b` in two."""
    assert len({derived_id("1490", "x", *delar) for delar in listor if delar}) == len(
        [delar for delar in listor if delar]
    )


def test_kommun_kalla_och_slag_skiljer_samma_referens_at() -> None:
    assert (
        len(
            {
                taken_over_id(kommun, kalla, slag, "1")
                for kommun in ("1490", "1480")
                for kalla in ("import", "viva")
                for slag in ("beslut", "placering")
            }
        )
        == 8
    )
