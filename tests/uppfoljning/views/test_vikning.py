"""Folding: the same tables whatever the order of arrival, again from nothing, and no more work."""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.ord import Dagrakning
from dygn.inbyggd.databaser import Databas
from services.chassis.streams.message import Message
from services.uppfoljning.streams.incoming import Uppfoljningsvikning
from services.uppfoljning.views.rafakta import KLIENT
from tests.uppfoljning.stod import HARLEDDA, Flode, harledda, id_for, tom
from tests.uppfoljning.views import fakta as f
from tests.uppfoljning.views.varld import Varld, varldar

KOMMUN = "1490"


def blandade(meddelanden: Iterable[Message], slump: Random) -> list[list[Message]]:
    """The messages in pieces, partitions mixed; within a partition the order must stand."""
    koer: dict[tuple[str, int], deque[Message]] = defaultdict(deque)
    for message in meddelanden:
        koer[message.topic, message.partition].append(message)
    delar: list[list[Message]] = []
    while koer:
        vald = slump.choice(sorted(koer))
        ko = koer[vald]
        delar.append([ko.popleft() for _ in range(slump.randint(1, len(ko)))])
        if not ko:
            del koer[vald]
    return delar


@settings(deadline=None, max_examples=15)
@given(varldar, st.integers(0, 2**32 - 1))
def test_ankomstordningen_over_strommar_och_nycklar_ger_samma_tabeller_rad_for_rad(
    uppfoljning: Databas, varld: Varld, fro: int
) -> None:
    slump = Random(fro)
    with psycopg.connect(uppfoljning.strom.conninfo(), autocommit=True) as connection:
        flode = Flode(connection, partitioner=4)
        meddelanden = flode.koda(KOMMUN, varld.handelser)
        tom(uppfoljning)
        flode.ta(meddelanden)
        flode.vik()
        facit = harledda(connection, KOMMUN)
        tom(uppfoljning)
        for del_ in blandade(meddelanden, slump):
            flode.ta(del_)
            if slump.random() < 0.5:
                flode.vik()
        flode.vik()
        assert harledda(connection, KOMMUN) == facit


@pytest.mark.parametrize("forst", ["dygn.placering.v1", "dygn.leverantor.v1"])
def test_prislistan_och_avtalet_far_komma_fore_eller_efter_placeringen(
    tomt: Flode, uppfoljning: Databas, forst: str
) -> None:
    handelser = f.nu(
        f.avtal("a", "HVB", dagrakning=Dagrakning.AVRESA),
        f.listpris("e", date(2023, 1, 1), 1_000),
        f.klient(),
        f.placering(
            "p", date(2024, 1, 1), date(2024, 1, 10), enhet="e", avtal="a", dygnspris_ore=None
        ),
    )  # fmt: skip
    meddelanden = tomt.koda(KOMMUN, handelser)
    tomt.ta(m for m in meddelanden if m.topic == forst)
    tomt.vik()
    tomt.ta(m for m in meddelanden if m.topic != forst)
    tomt.vik()
    rader = tomt.connection.execute(
        "SELECT fran, till, pris_ore, omrade, kand_fran, kand_till FROM kostnadsintervall"
    ).fetchall()
    assert rader == [(date(2024, 1, 2), date(2024, 1, 10), 1_000, "HVB", f.NAR, None)]


def test_en_placering_rattad_till_ett_annat_avtal_och_en_annan_enhet_foljer_dem(
    tomt: Flode,
) -> None:
    dag, senare = date(2024, 1, 1), f.NAR + timedelta(days=1)
    tomt.hande(
        KOMMUN,
        f.nu(
            f.avtal("a", "HVB"),
            f.avtal("b", "Vuxna", dagrakning=Dagrakning.AVRESA),
            f.listpris("e", dag, 1),
            f.listpris("g", dag, 2),
            f.placering("p", dag, avtal="a", enhet="e", dygnspris_ore=None),
        )
        + f.vid(senare, f.placering_rattad("p", dag, avtal="b", enhet="g", dygnspris_ore=None)),
    )
    rader = tomt.connection.execute(
        "SELECT kand_till, omrade, fran, pris_ore FROM kostnadsintervall ORDER BY kand_fran"
    ).fetchall()
    assert rader == [(senare, "HVB", dag, 1), (None, "Vuxna", dag + timedelta(days=1), 2)]


@settings(deadline=None, max_examples=8)
@given(varldar)
def test_vyerna_gjorda_om_fran_ingenting_ar_desamma(uppfoljning: Databas, varld: Varld) -> None:
    tom(uppfoljning)
    with psycopg.connect(uppfoljning.strom.conninfo(), autocommit=True) as connection:
        flode = Flode(connection)
        flode.hande(KOMMUN, varld.handelser)
        facit = harledda(connection, KOMMUN)
        for tabell in HARLEDDA:
            connection.execute(f"DELETE FROM {tabell}".encode())
        connection.execute(
            "INSERT INTO smutsig (slag, kommunkod, amne, registrerad)"
            " SELECT DISTINCT slag, kommunkod, amne, now() FROM rafakta_amne"
        )
        flode.vik()
        assert harledda(connection, KOMMUN) == facit


class _Iakttagen(Uppfoljningsvikning):
    """Remembers whose rows were folded."""

    def __init__(self) -> None:
        self.vikta: list[tuple[str, str]] = []

    def fold(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> None:
        self.vikta += [(kommunkod, amne) for amne in amnen if slag == KLIENT]
        super().fold(connection, kommunkod, slag, amnen)


def test_ett_andrat_avtal_viker_om_just_de_klienter_som_namner_eller_har_namnt_det(
    tomt: Flode,
) -> None:
    iakttagen = _Iakttagen()
    flode = Flode(tomt.connection, vikning=iakttagen)
    dag = date(2024, 1, 1)
    bytt = f.placering_rattad("c", dag, kund="bytt", avtal="b")
    handelser = f.nu(
        f.avtal("a", "HVB"),
        f.avtal("b", "HVB"),
        f.placering("a", dag, kund="under a", avtal="a"),
        f.placering("b", dag, kund="under b", avtal="b"),
        f.placering("c", dag, kund="bytt", avtal="a"),
        bytt,
        f.placering("d", dag, kund="på e", enhet="e"),
    )
    flode.hande(KOMMUN, handelser)
    flode.hande("1480", f.nu(f.placering("x", dag, kund="i grannkommunen", avtal="a", enhet="e")))
    iakttagen.vikta.clear()

    flode.hande(KOMMUN, f.nu(f.avtal_rattat("a", "Vuxna", Dagrakning.ANKOMST)))
    assert sorted(iakttagen.vikta) == sorted(
        (KOMMUN, str(id_for(namn))) for namn in ("under a", "bytt")
    )
    iakttagen.vikta.clear()
    flode.hande(KOMMUN, f.nu(f.listpris("e", dag, 1)))
    assert iakttagen.vikta == [(KOMMUN, str(id_for("på e")))]
    iakttagen.vikta.clear()
    flode.hande(KOMMUN, f.nu(f.leverantor(namn="Nytt namn"), f.avropsstopp(dag)))
    assert iakttagen.vikta == []


def test_den_som_ar_kand_i_tva_kommuner_har_rader_for_var_och_en(tomt: Flode) -> None:
    handelser = f.nu(f.klient(), f.placering("p", date(2024, 1, 1), date(2024, 1, 3)))
    tomt.hande("1480", handelser)
    fore = harledda(tomt.connection, "1480")
    tomt.hande(KOMMUN, handelser + f.nu(f.prisrad("p", date(2024, 1, 2), 5)))
    assert harledda(tomt.connection, "1480") == fore
    assert len(harledda(tomt.connection, KOMMUN)["kostnadsintervall"]) == 2


def test_en_handelse_som_kommer_igen_gor_ingenting(tomt: Flode) -> None:
    handelser = f.nu(f.klient(), f.placering("p", date(2024, 1, 1), date(2024, 1, 3)))
    meddelanden = tomt.koda(KOMMUN, handelser)
    tomt.ta(meddelanden)
    tomt.vik()
    fore = harledda(tomt.connection, KOMMUN)
    tomt.ta(meddelanden)
    assert tomt.vik() == 0
    assert harledda(tomt.connection, KOMMUN) == fore


def test_raden_om_ett_andrat_pris_bar_nar_det_blev_kant_och_vilken_handelse(
    tomt: Flode,
) -> None:
    senare = f.NAR + timedelta(days=1)
    tomt.hande(
        KOMMUN,
        f.nu(f.klient(), f.placering("p", date(2024, 1, 1), date(2024, 1, 3)))
        + f.vid(senare, f.prisrad("p", date(2024, 1, 2), 5)),
    )
    rader = tomt.connection.execute(
        "SELECT fran, till, pris_ore, kand_fran, kand_till, handelser FROM kostnadsintervall"
        " ORDER BY kand_fran, fran"
    ).fetchall()
    inledd, avslut, andrat, vem = (f"placering:1:{pos}.0" for pos in (2, 3, 4, 1))
    assert rader == [
        (
            date(2024, 1, 1), date(2024, 1, 3), 1_000, f.NAR, senare,
            [inledd, avslut, vem],
        ),
        (
            date(2024, 1, 1), date(2024, 1, 1), 1_000, senare, None,
            [inledd, avslut, vem],
        ),
        (
            date(2024, 1, 2), date(2024, 1, 3), 5, senare, None,
            [inledd, avslut, andrat, vem],
        ),
    ]  # fmt: skip
