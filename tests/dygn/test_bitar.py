"""Parts: what belongs together stays together, and a part's key is its content's."""

import random

from dygn.overforing.bitar import bitar, kropp, nyckel
from dygn.overforing.csvfil import Filrad
from dygn.overforing.kolumner import BESLUT, LEVERANTORER, PLACERINGAR


def _rad(nummer: int, klient: str) -> Filrad:
    return Filrad(nummer, f"p{nummer}", {"referens": f"p{nummer}", "klient": klient, "kon": "M"})


def test_en_klients_rader_kommer_i_samma_bit_aven_om_de_star_langt_isar(
    slump: random.Random,
) -> None:
    rader = [_rad(nummer, f"k{slump.randrange(300)}") for nummer in range(2, 1500)]
    delar = list(bitar(rader, PLACERINGAR, bit=100, mest=1000))
    bit_for_klient = [{str(rad.varden["klient"]) for rad in del_} for del_ in delar]
    for nummer, klienter in enumerate(bit_for_klient):
        for andra in bit_for_klient[nummer + 1 :]:
            assert not klienter & andra
    assert sorted(rad.rad for del_ in delar for rad in del_) == [rad.rad for rad in rader]
    assert all(len(del_) <= 1000 for del_ in delar)


def test_en_klients_rader_behaller_filens_ordning() -> None:
    rader = [_rad(2, "a"), _rad(3, "b"), _rad(4, "a"), _rad(5, "c"), _rad(6, "b")]
    (del_,) = bitar(rader, PLACERINGAR)
    assert [rad.rad for rad in del_] == [2, 4, 3, 6, 5]


def test_en_klient_med_fler_rader_an_tjansten_tar_delas_vid_gransen() -> None:
    rader = [_rad(nummer, "samma") for nummer in range(2, 27)]
    assert [len(del_) for del_ in bitar(rader, PLACERINGAR, bit=5, mest=10)] == [10, 10, 5]


def test_beslut_utan_klient_behaller_filens_ordning() -> None:
    rader = [Filrad(n, f"b{n}", {"referens": f"b{n}"}) for n in range(2, 60)]
    (del_,) = bitar(rader, BESLUT)
    assert del_ == rader


def test_en_leverantors_rader_hor_ihop_hur_numret_an_ar_skrivet() -> None:
    rader = [
        Filrad(2, "x", {"organisationsnummer": "552000-0017", "namn": "A"}),
        Filrad(3, "y", {"organisationsnummer": "552000-0025", "namn": "B"}),
        Filrad(4, "z", {"organisationsnummer": "5520000017", "namn": "A"}),
    ]
    assert [len(del_) for del_ in bitar(rader, LEVERANTORER, bit=1)] == [2, 1]


def test_samma_bit_far_alltid_samma_nyckel_och_en_annan_bit_en_annan() -> None:
    rader = [_rad(2, "a"), _rad(3, "b")]
    forsta = nyckel(PLACERINGAR, kropp("viva", PLACERINGAR, rader, bara_bedom=False))
    assert forsta == nyckel(PLACERINGAR, kropp("viva", PLACERINGAR, rader, bara_bedom=False))
    andra_kallan = kropp("treserva", PLACERINGAR, rader, bara_bedom=False)
    farre_rader = kropp("viva", PLACERINGAR, rader[:1], bara_bedom=False)
    andrad = [rader[0], Filrad(3, "p3", {**rader[1].varden, "kon": "K"})]
    annat_innehall = kropp("viva", PLACERINGAR, andrad, bara_bedom=False)
    nycklar = {nyckel(PLACERINGAR, k) for k in (andra_kallan, farre_rader, annat_innehall)}
    assert len(nycklar | {forsta}) == 4
    assert all(len(ett) <= 128 and ett.isascii() for ett in nycklar)
