"""The broker stopped, killed, frozen, out of disk, and robbed of its topics."""

import os
import random
import resource
import signal
from collections.abc import Sequence
from functools import partial

from services.chassis.streams.kafka_client import Kafka, admin_client, described
from services.chassis.streams.mapping import control_topic, event_topic
from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.fel_delar import flyt, sov
from tests.feltalighet.fel_epok import ny_epok
from tests.feltalighet.vard import TALAMOD
from tests.stod.vanta import eventually
from tests.system.handelser import meddelanden
from tests.system.lasare import rafakta


def _pid(bana: Bana) -> int:
    pid = bana.maklare.pid
    assert pid is not None
    return pid


def _borta(hur: str, bana: Bana, slump: random.Random) -> str:
    """Down for a moment; commands are taken all the while."""
    bana.maklaren_rubbad = True
    lange = slump.uniform(0.2, 1.5)
    with bana.flode():
        if hur == "dödas":
            os.kill(_pid(bana), signal.SIGKILL)
        bana.maklare.stop()
        flyt(bana)
        sov(lange)
        bana.maklare.start(port=bana.maklare.port)
        bana.nu_slog_det_till()
    return f"borta {lange:.1f} s"


def _fryser(bana: Bana, slump: random.Random) -> str:
    """Answers nobody for a while, longer than sessions of its own last."""
    bana.maklaren_rubbad = True
    lange = slump.uniform(1.0, 6.0)
    with bana.flode():
        os.kill(_pid(bana), signal.SIGSTOP)
        try:
            sov(lange)
        finally:
            os.kill(_pid(bana), signal.SIGCONT)
        bana.nu_slog_det_till()
    return f"frusen {lange:.1f} s"


def _disken(marginal: int, bana: Bana, slump: random.Random) -> str:
    """No file may grow past what the longest has now, and some bytes; then the disk is mended.

    A broker whose only disk fails shuts itself down.
    """
    bana.maklaren_rubbad = True
    pid = _pid(bana)
    if marginal:
        filer = bana.maklare.datamapp.rglob("*.log")
        storlek = max(fil.stat().st_size for fil in filer) + marginal
    else:
        storlek = 0
    with bana.flode():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (storlek, resource.RLIM_INFINITY))
        eventually(lambda: bana.maklare.pid is None, TALAMOD, "mäklaren märkte aldrig något")
        flyt(bana)
        bana.maklare.stop()
        bana.maklare.start(port=bana.maklare.port)
        bana.nu_slog_det_till()
    return f"högst {storlek} byte"


def _ta_bort(bana: Bana, amnen: Sequence[str]) -> None:
    with admin_client(Kafka(bana.maklare.bootstrap)) as admin:
        fore = {namn: described(admin, [namn])[namn]["topic_id"] for namn in amnen}
        admin.delete_topics(list(amnen))

        def borta() -> bool:
            finns = described(admin, list(amnen))
            return all(
                namn not in finns or finns[namn]["topic_id"] != gammalt
                for namn, gammalt in fore.items()
            )

        eventually(borta, TALAMOD, f"{amnen} togs aldrig bort")


def _amnet_forsvinner(bana: Bana, slump: random.Random) -> str:
    """Somebody deletes a topic; the relay makes it again.

    A reader that had come far enough goes on. One that had not can never get what is gone: it must
    not believe that it has it all. A person then has the stream published anew.
    """
    tjanst = slump.choice(["leverantor", "placering"])
    inkorg = bana.delar["inkorg"]
    efter = slump.random() < 0.5
    with bana.flode():
        if efter:
            inkorg.doda()
            flyt(bana)
        _ta_bort(bana, [event_topic(tjanst)])
        flyt(bana, 20)
        bana.lev()
    senast = bana.senast()
    try:
        eventually(lambda: (bana.test.w() or senast) > senast, 4.0, paus=0.1)
        ikapp = True
    except AssertionError:
        ikapp = False
    if ikapp:
        assert rafakta(bana.databaser["uppfoljning"]) == meddelanden(bana.databaser)
    ny_epok(bana, tjanst)
    bana.nu_slog_det_till()
    bana.amnen.borja_om()
    return f"{tjanst}, läsaren {'efter' if efter else 'ikapp'}, {'hela' if ikapp else 'stannade'}"


def _styramnet_forsvinner(bana: Bana, slump: random.Random) -> str:
    """Without its position the relay refuses; a person has the stream published anew."""
    tjanst = slump.choice(["leverantor", "placering"])
    rela = bana.delar["rela"]
    rela.vanta_pa_arbete()
    with bana.flode():
        _ta_bort(bana, [control_topic(tjanst)])
        rela.vanta(
            lambda liv: liv.lagen.get(f"{tjanst} relä", [""])[0] == "vagrar",
            "reläet publicerade utan att veta var",
        )
        assert "ny-epok" in rela.lagen[f"{tjanst} relä"][1], rela.lagen
        flyt(bana)
        ny_epok(bana, tjanst)
        bana.nu_slog_det_till()
    return tjanst


def _bada_forsvinner(bana: Bana, slump: random.Random) -> str:
    """As when a cluster has lost its disks: everything is published again in the same epok, and
    skipped by those who have it.

    (Were the relay to begin again between the two, it would be as if only one had gone.)
    """
    tjanst = slump.choice(["leverantor", "placering"])
    with bana.flode():
        bana.delar["rela"].doda()
        _ta_bort(bana, [event_topic(tjanst), control_topic(tjanst)])
        flyt(bana)
        bana.lev()
        bana.nu_slog_det_till()
        flyt(bana)
    bana.amnen.borja_om()
    return tjanst


MAKLAREN = [
    Fel("maklare.stoppas", "mäklare", partial(_borta, "stoppas"), tungt=True),
    Fel("maklare.dodas", "mäklare", partial(_borta, "dödas"), tungt=True),
    Fel("maklare.fryser", "mäklare", _fryser, tungt=True),
    Fel("maklare.full_disk", "mäklare", partial(_disken, 2_000), tungt=True),
    Fel("maklare.disk_som_inte_gar_att_skriva", "mäklare", partial(_disken, 0), tungt=True),
]
AMNEN = [
    Fel("amne.tas_bort", "ämne", _amnet_forsvinner, tungt=True),
    Fel("amne.styr_tas_bort", "ämne", _styramnet_forsvinner, tungt=True),
    Fel("amne.bada_tas_bort", "ämne", _bada_forsvinner, tungt=True),
]
