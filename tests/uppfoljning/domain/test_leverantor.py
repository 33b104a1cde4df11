"""A supplier's name and kind, as known when."""

import pytest

from contracts.ord import Leverantorstyp
from services.uppfoljning.domain.leverantor import vik_leverantor
from services.uppfoljning.domain.rader import LeverantorRad
from tests.uppfoljning.domain.fakta_bygge import BORJAN, ORGNR, Bygge, ident


@pytest.mark.regel("R-LEV-3")
def test_ett_nytt_namn_ar_samma_leverantor_och_det_gamla_minns() -> None:
    bygge = Bygge()
    bygge.avtal("a")
    fore = bygge.leverantor("Viskaforshem AB")
    nar = bygge.vid(1)
    efter = bygge.ratta_leverantor("Viskafors AB", Leverantorstyp.KOMMUN)
    bygge.vid(2)
    bygge.ratta_leverantor("Viskafors AB", Leverantorstyp.KOMMUN)
    rader = vik_leverantor(ident("l"), reversed(bygge.fakta))
    assert rader[0] == LeverantorRad(
        leverantor=ident("l"), organisationsnummer=ORGNR, namn="Viskaforshem AB", typ="privat",
        handelser=(fore.id,), kand_fran=BORJAN, kand_till=nar,
    )  # fmt: skip
    assert (rader[1].namn, rader[1].typ, rader[1].handelser) == (
        "Viskafors AB",
        "kommun",
        (efter.id,),
    )
    assert len(rader) == 2


def test_en_annan_leverantors_handelser_gar_forbi() -> None:
    bygge = Bygge()
    bygge.leverantor("Hemmet")
    assert vik_leverantor(ident("annan"), bygge.fakta) == []
