"""Parts that are killed anywhere, frozen and woken, run twice, or join and leave a group."""

import random
import threading
from functools import partial

import psycopg

from services.chassis.streams.kafka_client import Kafka, admin_client, described
from services.chassis.streams.mapping import event_topic
from tests.feltalighet.bana import DELARNA, Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.punkter import PUNKT
from tests.feltalighet.vard import Liv

DROJSMAL = 20.0
"""Seconds within which somebody who is dead or frozen has been replaced."""


def sov(sekunder: float) -> None:
    """While everything goes on."""
    threading.Event().wait(sekunder)


def flyt(bana: Bana, antal: int = 6) -> None:
    """Until so many more commands have been answered (commands flow already)."""
    mal = bana.kommandon.anrop + antal
    while bana.kommandon.anrop < mal:
        sov(0.01)


# -- kill -9 --------------------------------------------------------------------------------------


def _dodas(namn: str, bana: Bana, slump: random.Random) -> str:
    nar = slump.uniform(0, 0.8)
    with bana.flode():
        sov(nar)
        bana.delar[namn].doda()
        bana.nu_slog_det_till()
        bana.lev()
    return f"efter {nar:.2f} s"


def _dodas_i_borjan(namn: str, bana: Bana, slump: random.Random) -> str:
    """Killed, and killed again before it has come to its work or just after."""
    nar = slump.uniform(0, 1.2)
    with bana.flode():
        bana.delar[namn].doda()
        bana.lev()
        sov(nar)
        bana.delar[namn].doda()
        bana.nu_slog_det_till()
        bana.lev()
    return f"{nar:.2f} s efter födelsen"


def _alla_dodas(bana: Bana, slump: random.Random) -> str:
    """As when a machine loses its power."""
    with bana.flode():
        sov(slump.uniform(0, 0.8))
        for namn in DELARNA:
            bana.delar[namn].doda()
        bana.nu_slog_det_till()
        bana.lev()
    return ""


def _storm(ganger: int, bana: Bana, slump: random.Random) -> str:
    """Every part again and again, each at its own time."""
    slumpar = {namn: random.Random(slump.random()) for namn in DELARNA}
    fel: list[BaseException] = []

    def kor(namn: str) -> None:
        try:
            for _ in range(ganger):
                sov(slumpar[namn].uniform(0, 0.8))
                bana.delar[namn].doda()
                bana.starta(namn)
                if slumpar[namn].random() < 0.7:
                    bana.delar[namn].vanta_pa_arbete()
        except BaseException as ett:
            fel.append(ett)

    fore = bana.kommandon.anrop
    with bana.flode():
        tradar = [threading.Thread(target=kor, args=(namn,)) for namn in DELARNA]
        for trad in tradar:
            trad.start()
        for trad in tradar:
            trad.join()
        bana.nu_slog_det_till()
        flodade = bana.kommandon.anrop - fore
    assert not fel, fel
    # Events came all the while, though those who take commands were killed as well.
    assert flodade >= ganger, flodade
    return f"{ganger} gånger var, {flodade} kommandon"


# -- two relays -----------------------------------------------------------------------------------


def _reserv_tar_over(bana: Bana, slump: random.Random) -> str:
    """A second relay waits for the lock, and publishes when the first is killed."""
    forsta = bana.delar["rela"]
    forsta.vanta_pa_arbete()
    andra = bana.starta("rela2", "rela")
    with bana.flode():
        andra.vanta(lambda liv: liv.sade("vantar"), "reserven väntade aldrig på låset")
        assert not andra.sade("igang")
        flyt(bana)
        forsta.doda()
        bana.nu_slog_det_till()
        andra.vanta_pa_arbete()
        flyt(bana)
        _byt_tillbaka(bana, "rela", andra)
    return ""


def _byt_tillbaka(bana: Bana, namn: str, andra: Liv) -> None:
    """The one that took over is killed; the usual one takes over from it."""
    andra.doda()
    bana.nu_slog_det_till()
    bana.lev()


def _tva_utan_las(bana: Bana, slump: random.Random) -> str:
    """Both believe that they are alone: only the transactional id keeps them apart."""
    bana.delar["rela"].vanta_pa_arbete()
    andra = bana.starta("rela2", "rela", utan_las=True)
    with bana.flode():
        utestangd = [bana.delar["rela"], andra]
        andra.vanta(
            lambda _: all(liv.sade("utestangd") for liv in utestangd),
            "ingen stängdes ute",
            DROJSMAL,
        )
        bana.nu_slog_det_till()
        andra.doda()
    return ""


# -- frozen, then a zombie ------------------------------------------------------------------------


def _zombie(punktnamn: str, bana: Bana, slump: random.Random) -> str:
    """Frozen at the point until another has taken over, then woken in the middle of its work."""
    punkt = PUNKT[punktnamn]
    fryst = bana.delar[punkt.slag]
    fryst.vanta_pa_arbete()
    andra_namn = f"{punkt.slag}2"
    with bana.flode():
        nummer = slump.randint(punkt.tidigast, punkt.senast)
        fryst.satt(punkt, nummer, "fryser")
        fryst.vanta(lambda liv: liv.passerad, f"{punktnamn} passerades aldrig", DROJSMAL)
        bana.nu_slog_det_till()
        andra = bana.starta(andra_namn, punkt.slag, medlem="prov2")
        andra.vanta(lambda liv: liv.igang, "ingen tog över", DROJSMAL)
        flyt(bana)
        fryst.vack()
        flyt(bana, 10)
        sov(slump.uniform(0, 0.5))
        assert fryst.lever, fryst
        fryst.doda()
        _byt_tillbaka(bana, punkt.slag, andra)
    return f"passage {nummer}"


def _api_fryser(bana: Bana, slump: random.Random) -> str:
    """Frozen in the middle of its transaction: others must not wait for it, and it gets over it.

    The relay needs the row that the frozen process holds.
    """
    punkt = PUNKT["api.handelser_utan_lage"]
    api = bana.delar["api"]
    api.vanta_pa_arbete()
    with bana.flode():
        api.satt(punkt, 1, "fryser")
        api.vanta(lambda liv: liv.passerad, "api:t frös aldrig", DROJSMAL)
        bana.nu_slog_det_till()
        sov(slump.uniform(0.1, 1.0))
        _strom_ar_fri(bana)
        api.vack()
        flyt(bana)
    return ""


def _strom_ar_fri(bana: Bana) -> None:
    """Every stream row can be locked by others, in time."""
    for namn in ("leverantor", "placering"):
        with psycopg.connect(bana.databaser[namn].admin.conninfo(), autocommit=True) as en:
            en.execute(f"SET lock_timeout = '{int(DROJSMAL)}s'")
            en.execute("SELECT FROM strom FOR UPDATE")


# -- groups and partitions ------------------------------------------------------------------------


def _ombalansering(bana: Bana, slump: random.Random) -> str:
    """A second inbox process joins, gets partitions in mid batch, and leaves again."""
    bana.delar["inkorg"].vanta_pa_arbete()
    with bana.flode():
        andra = bana.starta("inkorg2", "inkorg", medlem=None)
        andra.vanta(lambda liv: liv.igang, "den andra fick inga partitioner", DROJSMAL)
        bana.nu_slog_det_till()
        sov(slump.uniform(0, 0.5))
        hur = slump.choice(["slutar", "dödas"])
        andra.avsluta() if hur == "slutar" else andra.doda()
    return f"den andra {hur}"


def _fler_partitioner(bana: Bana, slump: random.Random) -> str:
    """Added by somebody while all runs: no key may move."""
    topic = event_topic(slump.choice(["leverantor", "placering"]))
    with bana.flode(), admin_client(Kafka(bana.maklare.bootstrap)) as admin:
        antal = len(described(admin, [topic])[topic]["partitions"])
        admin.create_partitions({topic: antal + 2})
        bana.nu_slog_det_till()
        # Until every client has learnt of them.
        sov(2.5)
    bana.amnen.borja_om()
    bana.amnen.las_ifatt()
    for nummer in (antal, antal + 1):
        assert bana.amnen.lasta[topic, nummer] == []
    return f"{topic} {antal} → {antal + 2}"


DODADE = [
    *(Fel(f"doda.{namn}", "kill -9", partial(_dodas, namn)) for namn in DELARNA),
    *(Fel(f"doda.{namn}.i_borjan", "kill -9", partial(_dodas_i_borjan, namn)) for namn in DELARNA),
    Fel("doda.alla", "kill -9", _alla_dodas),
    Fel("doda.storm", "kill -9", partial(_storm, 20), tungt=True),
]
TVA_RELAN = [
    Fel("tva_relan.reserv", "två relän", _reserv_tar_over),
    Fel("tva_relan.utan_las", "två relän", _tva_utan_las),
]
ZOMBIER = [
    Fel("zombie.rela", "zombie", partial(_zombie, "rela.fore_commit"), tungt=True),
    Fel("zombie.inkorg", "zombie", partial(_zombie, "inkorg.hamtat"), tungt=True),
    Fel("zombie.inkorg_med_las", "zombie", partial(_zombie, "inkorg.har_raden"), tungt=True),
    Fel("zombie.inkorg_fore_commit", "zombie", partial(_zombie, "inkorg.fore_commit"), tungt=True),
    Fel("zombie.vikning", "zombie", partial(_zombie, "vikning.tagit"), tungt=True),
    Fel("zombie.api", "zombie", _api_fryser, tungt=True),
]
GRUPPER = [
    Fel("grupp.ombalansering", "grupp", _ombalansering),
    Fel("grupp.fler_partitioner", "partitioner", _fler_partitioner),
]
