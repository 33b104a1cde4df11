"""The inbox: each message once, in order, or the reason why not."""

import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.chassis.streams.health import Refuses
from services.chassis.streams.mapping import partition_of
from services.chassis.streams.quarantine import NotThere
from tests.chassis.streams.provdatabas import PARTITIONER, Lager
from tests.chassis.streams.provkontrakt import (
    Egen,
    NyttSlag,
    PrisSatt,
    SakHand,
    Sakvikning,
    pris,
    sak,
)
from tests.chassis.streams.provlasning import Lasning, andra, med_huvud, meddelande, ny_inkorg, utan


def test_varje_meddelande_blir_ett_rafaktum_och_vyn_raknas(lasning: Lasning) -> None:
    avtal, ting = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=ting, avtal=avtal, antal=3), pris(avtal, 100))
    lasning.kalla.spara(Egen(()), sak(sak=ting, avtal=avtal, antal=1))
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (2, 0), (4, 0)]
    assert lasning.mottagare.summor() == {str(ting): 400}


def test_det_som_redan_ar_taget_hoppas_over(lasning: Lasning) -> None:
    lasning.kalla.spara(*(sak() for _ in range(20)))
    lasning.allt()
    forut = lasning.mottagare.fraga("SELECT * FROM rafakta ORDER BY pos")
    batches, _ = lasning.bunt()
    assert set(lasning.ta(batches)) == {"tillampad"}
    assert lasning.mottagare.fraga("SELECT * FROM rafakta ORDER BY pos") == forut
    assert lasning.mottagare.fraga("SELECT * FROM smutsig") == []


def test_ett_hal_stannar_partitionen_och_inget_efter_halet_tas(lasning: Lasning) -> None:
    ting = uuid4()
    for antal in range(1, 5):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    batches, control = lasning.bunt()
    assert lasning.ta(utan(batches, 3)) == ["stoppad"]
    assert lasning.rafakta() == [(1, 0), (2, 0)]
    [(lage, skal)] = lasning.mottagare.fraga("SELECT lage, skal FROM inkorg")
    assert lage == "lucka"
    assert "efter 2.0" in skal
    assert lasning.ta(batches) == ["stoppad"]
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [control]) == [control]
    assert lasning.w().w is None


@pytest.mark.parametrize(("beslut", "kvar"), [("slapp", [1, 2, 4, 5]), ("kasta", [1, 2, 5])])
def test_ett_hal_kan_bara_en_manniska_godta(lasning: Lasning, beslut: str, kvar: list[int]) -> None:
    """Released, what stopped it is taken although something is missing; thrown away, the next."""
    ting = uuid4()
    for antal in range(1, 6):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    batches, _ = lasning.bunt()
    lasning.ta(utan(batches, 3))
    assert lasning.vard() == {batches[0].partition}
    lasning.slapp(None) if beslut == "slapp" else lasning.kasta(None)
    assert lasning.vard() == frozenset()
    assert lasning.ta(utan(batches, 3)) == ["tillampad"]
    assert lasning.rafakta() == [(pos, 0) for pos in kvar]
    assert lasning.mottagare.fraga("SELECT lage, skal FROM inkorg") == [("oppen", None)]


def test_ett_skadat_fore_kan_kastas(lasning: Lasning) -> None:
    """It says that it follows what is long past: taking it is no way on, whoever accepts the hole.

    What is thrown away is passed by its offset, so it may well lie there when reading goes on.
    """
    ting = uuid4()
    for antal in (1, 2, 3, 4):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    batches, _ = lasning.bunt()
    skadat = med_huvud(meddelande(batches, 3), "fore", b"1.0")
    trasiga = andra(batches, 3, headers=skadat)
    lasning.ta(trasiga)
    lasning.slapp(None)
    assert lasning.vard() == frozenset()
    assert lasning.ta(trasiga) == ["stoppad"]
    lasning.kasta(None)
    assert lasning.vard() == frozenset()
    assert lasning.ta(trasiga) == ["tillampad"]
    assert lasning.rafakta() == [(1, 0), (2, 0), (4, 0)]


@pytest.mark.parametrize("samma", [True, False])
def test_ett_olasligt_som_kastats_stannar_inte_en_ombyggnad(lasning: Lasning, samma: bool) -> None:
    """The decision holds for those very bytes in every version of the views, and no others."""
    ting = uuid4()
    for antal in (1, 2, 3):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    batches, _ = lasning.bunt()
    trasiga = andra(batches, 2, headers=())
    lasning.ta(trasiga)
    lasning.kasta(None)
    assert lasning.vard() == frozenset()
    assert lasning.ta(trasiga) == ["tillampad"]
    lasning.inkorg = ny_inkorg(version=2)
    lasning.inkorg.prepare(lasning.connection, lasning.topic)
    igen = trasiga if samma else andra(batches, 2, headers=(), value=b"annat")
    assert lasning.ta(igen) == ["stoppad"]
    assert lasning.vard() == (frozenset() if samma else {batches[0].partition})
    assert lasning.ta(igen) == (["tillampad"] if samma else ["stoppad"])
    assert lasning.rafakta() == ([(1, 0), (3, 0)] if samma else [(1, 0)])


def test_en_lasning_fore_databasen_ar_inget_hal(lasning: Lasning) -> None:
    ting = uuid4()
    lasning.kalla.spara(sak(sak=ting))
    lasning.kalla.spara(sak(sak=ting))
    [batch], _ = lasning.bunt()
    zombie = replace(batch, start=batch.messages[1].offset or 0, messages=batch.messages[1:])
    lasning.ta([replace(batch, messages=batch.messages[:1], end=(batch.messages[0].offset or 0))])
    assert lasning.ta([zombie]) == ["efter"]
    assert lasning.mottagare.fraga("SELECT lage FROM inkorg") == [("oppen",)]


def test_en_zombie_efter_omfordelning_dubblerar_inget(lasning: Lasning) -> None:
    lasning.kalla.spara(*(sak() for _ in range(12)))
    batches, _ = lasning.bunt()
    with lasning.mottagare.connect() as annan:
        for batch in batches:
            mitt = len(batch.messages) // 2
            halv = replace(batch, messages=batch.messages[:mitt], end=batch.start)
            lasning.ta([halv])
            ny_inkorg().apply(annan, batch)
            lasning.ta([batch])
    assert lasning.rafakta() == [(pos, 0) for pos in range(1, 13)]


def test_en_handelse_med_tva_meddelanden_klarar_en_grans_mitt_i(lasning: Lasning) -> None:
    """The two indexes of one event are cut apart by the border of two polls."""
    ting = uuid4()
    par = Egen(
        (SakHand(sak=ting, avtal=uuid4(), antal=1), SakHand(sak=ting, avtal=uuid4(), antal=2))
    )
    lasning.kalla.spara(par)
    lasning.kalla.spara(par)
    [batch], _ = lasning.bunt()
    for message in batch.messages:
        assert message.offset is not None
        lasning.ta([replace(batch, messages=[message], start=0, end=message.offset + 1)])
    assert lasning.rafakta() == [(1, 0), (1, 1), (2, 0), (2, 1)]


def test_okand_typ_sparas_hel_passeras_och_haller_sin_kommun(lasning: Lasning) -> None:
    ting = uuid4()
    lasning.kalla.spara(sak(sak=ting))
    lasning.kalla.spara(Egen((NyttSlag(sak=ting),)))
    lasning.kalla.spara(sak(sak=ting))
    lasning.kalla.spara(Egen((SakHand(sak=uuid4(), avtal=ting, antal=1),), "1480"))
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (3, 0), (4, 0)]
    assert lasning.lagen() == {(2, 0): "okand_typ"}
    [(registrerad,)] = lasning.kalla.fraga("SELECT registrerad FROM handelse WHERE pos = 2")
    haller = lasning.w()
    assert haller.w is not None
    assert haller.w < registrerad
    assert [limit.slag for limit in haller.explain()] == ["okand_typ"]
    assert (lasning.w("1480").w or registrerad) > registrerad


def test_en_version_som_kan_typen_bygger_om_och_raknar_in_den(lasning: Lasning) -> None:
    ting = uuid4()
    lasning.kalla.spara(sak(sak=ting), Egen((NyttSlag(sak=ting),)))
    lasning.allt()

    class Nyare(Sakvikning):
        handled = Sakvikning.handled | {NyttSlag.handelsetyp()}

        def subjects(self, typ: str, data: object) -> list[tuple[str, str]]:
            if isinstance(data, NyttSlag):
                return [("sak", str(data.sak))]
            return list(super().subjects(typ, data))

    lasning.inkorg = ny_inkorg(Nyare())
    assert lasning.inkorg.prepare(lasning.connection, lasning.topic)
    assert lasning.rafakta() == []
    assert lasning.w().w is None
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (2, 0)]
    assert lasning.lagen() == {}
    assert not lasning.inkorg.prepare(lasning.connection, lasning.topic)


def test_en_aldre_vyversion_far_inte_ta_over_fran_en_nyare(lasning: Lasning) -> None:
    lasning.kalla.spara(sak())
    lasning.inkorg = ny_inkorg(version=2)
    lasning.allt()
    aldre = ny_inkorg(version=1)
    with pytest.raises(Refuses, match="nyare vyversion"):
        aldre.prepare(lasning.connection, lasning.topic)
    batches, _ = lasning.bunt()
    with pytest.raises(Refuses, match="annan vyversion"):
        aldre.apply(lasning.connection, batches[0])


def _tre_saker_och_en_trasig(lasning: Lasning) -> None:
    """Positions 1–3 of one key; the message at 2 cannot be decoded. Position 4 another key."""
    ting = uuid4()
    for antal in (1, 10, 100):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    annan = next(
        key
        for key in (uuid4() for _ in range(1000))
        if _partition(str(key)) == _partition(str(ting))
    )
    lasning.kalla.spara(sak(sak=annan))
    batches, control = lasning.bunt()
    assert lasning.ta(andra(batches, 2, value=b'{"sak":1}')) == ["tillampad"]
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [control]) == []
    lasning.vik()


def _partition(nyckel: str) -> int:
    return partition_of(f"1490:{nyckel}".encode(), PARTITIONER)


def test_det_som_inte_kan_avkodas_satts_i_karantan_och_dess_nyckel_vantar(
    lasning: Lasning,
) -> None:
    _tre_saker_och_en_trasig(lasning)
    assert lasning.rafakta() == [(1, 0), (4, 0)]
    assert lasning.lagen() == {(2, 0): "karantan", (3, 0): "hallen"}
    assert [limit.slag for limit in lasning.w().explain()] == ["karantan"]


def test_kasta_slapper_fram_det_som_halls_bakom(lasning: Lasning) -> None:
    _tre_saker_och_en_trasig(lasning)
    lasning.kasta(2)
    assert lasning.lagen() == {(2, 0): "kastad", (3, 0): "hallen"}
    lasning.vard()
    lasning.vik()
    assert lasning.rafakta() == [(1, 0), (3, 0), (4, 0)]
    assert lasning.lagen() == {(2, 0): "kastad", (3, 0): "tillampad"}
    assert [limit.slag for limit in lasning.w().explain()] == ["strom"]


def test_slapp_tillampar_i_ordning_fore_nasta_bunt(lasning: Lasning) -> None:
    _tre_saker_och_en_trasig(lasning)
    batches, _ = lasning.bunt()
    hel = meddelande(batches, 2)
    lasning.mottagare.gor("UPDATE karantan SET ra = %s WHERE pos = 2", (hel.value,))
    lasning.slapp(2)
    assert lasning.rafakta() == [(1, 0), (4, 0)]
    ting = hel.key.decode().split(":")[1]
    lasning.kalla.spara(sak(sak=UUID(ting), antal=1000))
    batches, _ = lasning.bunt()
    assert lasning.ta(batches) == ["tillampad"]
    assert lasning.rafakta() == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)]
    assert set(lasning.lagen().values()) == {"tillampad"}


def test_det_som_slapps_men_annu_ar_trasigt_stannar_i_karantan(lasning: Lasning) -> None:
    _tre_saker_och_en_trasig(lasning)
    lasning.slapp(2)
    lasning.vard()
    assert lasning.lagen() == {(2, 0): "karantan", (3, 0): "hallen"}


def test_ett_beslut_kraver_ett_meddelande_som_vantar_pa_det(lasning: Lasning) -> None:
    _tre_saker_och_en_trasig(lasning)
    lasning.kasta(2)
    with pytest.raises(NotThere):
        lasning.kasta(2)
    with pytest.raises(NotThere):
        lasning.slapp(3)


def test_det_som_kastats_kommer_inte_tillbaka_vid_ombyggnad(lasning: Lasning) -> None:
    _tre_saker_och_en_trasig(lasning)
    lasning.kasta(2)
    lasning.vard()
    lasning.inkorg = ny_inkorg(version=2)
    lasning.inkorg.prepare(lasning.connection, lasning.topic)
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (3, 0), (4, 0)]


def test_okand_typ_som_far_passera_haller_inte_efter_ombyggnad(lasning: Lasning) -> None:
    lasning.kalla.spara(Egen((NyttSlag(sak=uuid4()),)))
    lasning.allt()
    lasning.lat_passera(1)
    assert [limit.slag for limit in lasning.w().explain()] == ["strom"]
    lasning.inkorg = ny_inkorg(version=2)
    lasning.inkorg.prepare(lasning.connection, lasning.topic)
    lasning.allt()
    assert set(lasning.lagen().values()) == {"passerad"}


def test_det_som_databasen_inte_tar_pekas_ut_som_ensamt_skyldigt(lasning: Lasning) -> None:
    """A null character is valid JSON and no text in PostgreSQL: the batch fails as a whole."""
    ting, nasta = uuid4(), uuid4()
    lasning.kalla.spara(sak(), sak(sak=ting, text="\x00"), sak(sak=nasta), sak(sak=ting))
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (3, 0)]
    assert lasning.lagen() == {(2, 0): "karantan", (4, 0): "hallen"}
    [(orsak,)] = lasning.mottagare.fraga("SELECT orsak FROM karantan WHERE pos = 2")
    assert orsak.startswith("kan ej tillämpas")


@pytest.mark.parametrize("beslut", ["slapp", "kasta"])
def test_ett_olasbart_meddelande_stannar_partitionen_tills_nagon_beslutar(
    lasning: Lasning, beslut: str
) -> None:
    ting = uuid4()
    for antal in (1, 2, 3):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    batches, _ = lasning.bunt()
    hel = meddelande(batches, 2)
    trasiga = andra(batches, 2, headers=med_huvud(hel, "registrerad", b"nyss"))
    assert lasning.ta(trasiga) == ["stoppad"]
    assert lasning.rafakta() == [(1, 0)]
    assert lasning.vard() == {batches[0].partition}
    if beslut == "slapp":
        lasning.slapp(None)
        assert lasning.vard() == frozenset()
        lasning.ta(batches)
        assert lasning.rafakta() == [(1, 0), (2, 0), (3, 0)]
    else:
        lasning.kasta(None)
        assert lasning.vard() == frozenset()
        assert lasning.ta(trasiga) == ["tillampad"]
        assert lasning.rafakta() == [(1, 0), (3, 0)]


@pytest.mark.parametrize(
    ("huvud", "varde"),
    [("pos", b"900"), ("index", b"7"), ("epok", b"2"), ("epok", b"0"), ("ce_id", b"x:1:1.0")],
)
def test_en_plats_som_motsager_sig_sjalv_stannar_partitionen_och_inget_tappas(
    lasning: Lasning, huvud: str, varde: bytes
) -> None:
    """A position too high would make all that follows repeats, a higher epok empty the view."""
    ting = uuid4()
    for antal in (1, 2, 3):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    batches, control = lasning.bunt()
    skadat = med_huvud(meddelande(batches, 2), huvud, varde)
    assert lasning.ta(andra(batches, 2, headers=skadat)) == ["stoppad"]
    assert lasning.rafakta() == [(1, 0)]
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [control]) == [control]
    lasning.slapp(None)
    assert lasning.vard() == frozenset()
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (2, 0), (3, 0)]


@pytest.mark.parametrize(
    "falt",
    [
        b'"x":"\xff\xfe"',
        b'"\xff":1',
        b'"x":"\\u0000"',
        b'"x":"\\ud800"',
        b'"x":1e999999',
        b'"x":' + b"9" * 140_000,
        b'"x":' + b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=["ej utf-8", "ej utf-8 i namn", "noll", "halvt tecken", "stort tal", "långt tal", "djupt"],
)
def test_ett_okant_falt_som_inte_gar_att_spara_stannar_inte_strommen(
    lasning: Lasning, falt: bytes
) -> None:
    """The decoder passes over what it does not know; the database must take it all the same."""
    ting = uuid4()
    for antal in (1, 2, 3):
        lasning.kalla.spara(sak(sak=ting, antal=antal))
    lasning.kalla.spara(sak())
    batches, _ = lasning.bunt()
    varde = meddelande(batches, 2).value[:-1] + b"," + falt + b"}"
    assert set(lasning.ta(andra(batches, 2, value=varde))) == {"tillampad"}
    assert lasning.rafakta() == [(1, 0), (4, 0)]
    assert lasning.lagen() == {(2, 0): "karantan", (3, 0): "hallen"}


def test_ett_varde_som_ar_for_stort_for_databasen_stannar_inte_strommen(
    lasning: Lasning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL calls it an operational error (class 54), like a lost connection."""
    lasning.kalla.spara(sak(sak=UUID(int=1)), sak(sak=UUID(int=2), text="stor"))

    def amnen(self: Sakvikning, typ: str, data: SakHand) -> list[tuple[str, str]]:
        stort = "".join(random.Random(1).choices("abcdefgh", k=20_000)) if data.text else ""
        return [("sak", f"{data.sak}{stort}")]

    monkeypatch.setattr(Sakvikning, "subjects", amnen)
    lasning.allt()
    assert lasning.rafakta() == [(1, 0)]
    assert lasning.lagen() == {(2, 0): "karantan"}


def test_ett_amne_som_gors_om_forvaxlar_inget_i_karantan(lasning: Lasning) -> None:
    """Its offsets begin anew: another message comes where one stands that was put aside."""
    ting, annan = uuid4(), uuid4()
    lasning.kalla.spara(sak(sak=ting))
    lasning.kalla.spara(sak(sak=ting))
    batches, _ = lasning.bunt()
    lasning.ta(andra(batches, 1, value=b"{"))
    assert lasning.lagen() == {(1, 0): "karantan", (2, 0): "hallen"}
    ting_igen = Egen((SakHand(sak=ting, avtal=annan, antal=3),))
    lasning.kalla.spara(ting_igen)
    batches, _ = lasning.bunt()
    lagen = [m.offset for m in batches[0].messages]
    om = [replace(m, offset=lagen[n - 1]) for n, m in enumerate(batches[0].messages)]
    omgjort = replace(
        batches[0], topic_id="ett nytt", start=0, messages=om[1:], end=(lagen[1] or 0) + 1
    )
    assert lasning.ta([omgjort]) == ["tillampad"]
    assert lasning.lagen() == {(1, 0): "karantan", (2, 0): "hallen", (3, 0): "hallen"}
    lasning.kasta(1)
    lasning.vard()
    assert lasning.rafakta() == [(2, 0), (3, 0)]


def test_en_version_som_kommer_tillbaka_satter_sitt_at_sidan_igen(lasning: Lasning) -> None:
    lasning.kalla.spara(sak(), Egen((NyttSlag(sak=uuid4()),)))
    lasning.allt()
    lasning.lat_passera(2)

    class Nyare(Sakvikning):
        handled = Sakvikning.handled | {NyttSlag.handelsetyp()}

    for vikning in (Nyare(), Sakvikning()):
        lasning.inkorg = ny_inkorg(vikning)
        assert lasning.inkorg.prepare(lasning.connection, lasning.topic)
        lasning.allt()
    assert lasning.rafakta() == [(1, 0)]
    assert lasning.lagen() == {(2, 0): "passerad"}


def test_ny_epok_bygger_om_fran_noll(lasning: Lasning) -> None:
    gammal, ny = uuid4(), uuid4()
    lasning.kalla.spara(*(sak(sak=gammal) for _ in range(5)), *(sak() for _ in range(8)))
    lasning.allt()
    lasning.kalla.gor("DELETE FROM handelse WHERE pos > 2")
    lasning.kalla.gor("UPDATE handelse SET kedja = 'x' WHERE pos = 2")
    lasning.kalla.gor("UPDATE strom SET epok = 2, pos = 2, kedja = 'x'")
    lasning.kalla.spara(sak(sak=ny))
    lasning.allt()
    assert lasning.rafakta() == [(1, 0), (2, 0), (3, 0)]
    assert set(lasning.mottagare.summor()) == {str(gammal), str(ny)}
    assert set(lasning.mottagare.fraga("SELECT epok, lage FROM inkorg")) == {(2, "oppen")}


def test_en_ny_epok_utan_handelser_tommer_ocksa_vyn(lasning: Lasning) -> None:
    lasning.kalla.spara(sak())
    lasning.allt()
    _, control = lasning.bunt()
    tom = replace(control, epok=2, pos=0, sista={})
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [control, tom]) == []
    lasning.vik()
    assert lasning.rafakta() == []
    assert lasning.mottagare.summor() == {}
    assert lasning.mottagare.fraga("SELECT epok, pos FROM styrpost") == [(2, 0)]


def test_en_annan_installations_meddelanden_stannar_partitionen(
    lasning: Lasning, lager: Lager
) -> None:
    ting = uuid4()
    lasning.kalla.spara(sak(sak=ting))
    lasning.allt()
    lager.gor("UPDATE strom SET installation = gen_random_uuid()")
    lager.spara(sak(sak=ting))
    batches, control = lasning.bunt()
    assert lasning.ta(batches) == ["stoppad"]
    with pytest.raises(Refuses, match="installationen"):
        lasning.inkorg.reach(lasning.connection, lasning.topic, [control])
    lasning.kasta(None)
    assert lasning.vard() == frozenset()


def test_ett_byte_av_amne_laser_om_och_hoppar_over_det_kanda(lasning: Lasning) -> None:
    """Offsets of a topic made again are new; marks and ``fore`` decide what is old."""
    lasning.kalla.spara(*(sak() for _ in range(6)))
    lasning.allt()
    lasning.kalla.spara(sak())
    batches, _ = lasning.bunt()
    nya = [replace(batch, topic_id="ett nytt", start=0) for batch in batches]
    assert set(lasning.ta(nya)) == {"tillampad"}
    assert lasning.rafakta() == [(pos, 0) for pos in range(1, 8)]


def test_en_vikning_som_ror_typer_utan_klass_vagras() -> None:
    class Fel(Sakvikning):
        handled = frozenset({"se.prov.Saknas.v1"})

    with pytest.raises(ValueError, match=r"Saknas\.v1"):
        ny_inkorg(Fel())


def test_pris_utan_sak_ger_inga_rader(lasning: Lasning) -> None:
    lasning.kalla.spara(Egen((PrisSatt(avtal=uuid4(), pris=3),)))
    lasning.allt()
    assert lasning.mottagare.summor() == {}
