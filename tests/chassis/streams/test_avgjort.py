"""The settled instant: never later than what is known, stored and folded."""

from datetime import timedelta
from uuid import UUID, uuid4

from services.chassis.streams.settled import positions, settled
from tests.chassis.streams.provkontrakt import sak
from tests.chassis.streams.provlasning import KONSUMENT, Lasning


def test_innan_strommen_ar_last_ar_inget_avgjort(lasning: Lasning) -> None:
    assert lasning.w().w is None
    assert [limit.vad for limit in lasning.w().explain()] == [lasning.topic]


def test_w_ar_strommens_tidpunkt_nar_allt_ar_vikt(lasning: Lasning) -> None:
    lasning.kalla.spara(sak())
    lasning.allt()
    [(registrerad,)] = lasning.kalla.fraga("SELECT registrerad FROM strom")
    avgjort = lasning.w()
    assert avgjort.w == registrerad
    assert avgjort.final(registrerad)
    assert not avgjort.final(registrerad + timedelta(microseconds=1))


def test_w_vantar_pa_den_langsammaste_strommen(lasning: Lasning) -> None:
    lasning.kalla.spara(sak())
    lasning.allt()
    bada = settled(lasning.connection, KONSUMENT, [lasning.topic, "dygn.annan.v1"], "1490")
    assert bada.w is None
    assert [limit.vad for limit in bada.explain()] == ["dygn.annan.v1"]


def test_w_halls_strax_fore_det_som_inte_ar_vikt(lasning: Lasning) -> None:
    lasning.kalla.spara(sak())
    lasning.allt()
    lasning.kalla.spara(sak())
    [(registrerad,)] = lasning.kalla.fraga("SELECT registrerad FROM handelse WHERE pos = 2")
    batches, control = lasning.bunt()
    lasning.ta(batches)
    lasning.inkorg.reach(lasning.connection, lasning.topic, [control])
    assert lasning.w().w == registrerad - timedelta(microseconds=1)
    assert (lasning.w("1480").w or registrerad) >= registrerad
    lasning.vik()
    assert lasning.w().w == control.registrerad


def test_styrposten_vantar_tills_alla_partitioner_ar_framme(lasning: Lasning) -> None:
    lasning.kalla.spara(*(sak(sak=UUID(int=n)) for n in range(20)))
    batches, control = lasning.bunt()
    assert len(batches) == 4
    lasning.ta(batches[:3])
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [control]) == [control]
    assert lasning.w().w is None
    lasning.ta(batches[3:])
    assert lasning.inkorg.reach(lasning.connection, lasning.topic, [control]) == []
    [position] = positions(lasning.connection, KONSUMENT, [lasning.topic])
    assert (position.epok, position.pos, position.stannade) == (1, 20, ())
    assert position.registrerad == control.registrerad


def test_laget_sager_vilken_partition_som_har_stannat(lasning: Lasning) -> None:
    lasning.kalla.spara(sak(sak=uuid4()))
    lasning.allt()
    lasning.mottagare.gor("UPDATE inkorg SET lage = 'lucka', skal = 'därför'")
    [position] = positions(lasning.connection, KONSUMENT, [lasning.topic])
    assert [(lage, skal) for _, lage, skal in position.stannade] == [("lucka", "därför")]
