"""What must hold after every fault, however the parts fared."""

import time
from datetime import datetime

from dygn.inbyggd.komposition import KOMMUNKOD
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.settled import settled
from services.uppfoljning.process import PARTS
from tests.feltalighet.bana import Bana, Slutliga
from tests.feltalighet.fragor import dussinet
from tests.feltalighet.vard import TALAMOD
from tests.stod.vanta import eventually
from tests.system.byggen import lasande
from tests.system.handelser import meddelanden
from tests.system.lasare import Lasare, ostadat, rafakta
from tests.system.rapporter import skillnader
from tests.uppfoljning.stod import harledda


def aterhamtad(bana: Bana) -> float:
    """Wait until both ways have come past the last command; seconds since the fault struck."""
    senast = bana.senast()
    eventually(
        lambda: _framme(bana, bana.test, senast),
        TALAMOD,
        lambda: f"W nådde aldrig {senast}: {lage(bana)}",
        paus=0.05,
    )
    return time.monotonic() - bana.slog_till


def _framme(bana: Bana, lasare: Lasare, senast: datetime) -> bool:
    """Whether the settled instant has passed, in the epok that is published now.

    Straight from the database: it is looked at many times a second.
    """
    epoker = bana.epoker()
    with lasande(lasare.databas) as anslutning:
        w = settled(anslutning, PARTS.service, sorted(epoker), KOMMUNKOD).w
        lasta = anslutning.execute("SELECT topic, epok FROM styrpost ORDER BY topic").fetchall()
    return w is not None and w >= senast and lasta == sorted(epoker.items())


def kontrollera(bana: Bana) -> None:
    """Every promise, as far as it can be seen now; the fault must be over (:func:`aterhamtad`)."""
    senast = bana.senast()
    eventually(
        lambda: _framme(bana, bana.facit, senast),
        TALAMOD,
        lambda: f"facits W nådde aldrig {senast}: {bana.facitprocess.health()}",
        paus=0.05,
    )
    [w, _] = sorted(w for w in (bana.test.w(), bana.facit.w()) if w is not None)
    assert w >= senast
    _inget_fattas_och_inget_ar_dubbelt(bana)
    _rapporterna_ar_facits(bana, w.isoformat())
    _det_slutliga_star_kvar(bana)
    assert bana.anropare.fel_i_boken() == []


def _inget_fattas_och_inget_ar_dubbelt(bana: Bana) -> None:
    vantat = meddelanden(bana.databaser)
    assert rafakta(bana.databaser["uppfoljning"]) == vantat
    assert ostadat(bana.databaser["uppfoljning"]) == {}
    assert bana.facit.rafakta() == vantat
    register = bana.databaser["placering"]
    fran_leverantor = [plats for plats in vantat if plats[0] == event_topic("leverantor")]
    eventually(
        lambda: rafakta(register) == fran_leverantor and ostadat(register) == {},
        TALAMOD,
        lambda: f"placerings register: {ostadat(register)} {lage(bana)}",
    )
    bana.amnen.las_ifatt()
    assert bana.amnen.platser(bana.epoker()) == vantat
    assert bana.amnen.brott() == []
    assert bana.amnen.omtag == 0 or bana.maklaren_rubbad


def _rapporterna_ar_facits(bana: Bana, kand_per: str) -> None:
    fick, vantat = (dussinet(en.las, kand_per) for en in (bana.test, bana.facit))
    assert skillnader(vantat, fick) == []
    assert '"slutlig": false' not in "".join(fick.values())
    assert rader(bana.test) == rader(bana.facit)
    bana.slutliga.append(Slutliga(kand_per, fick))


def rader(lasare: Lasare) -> dict[str, list[str]]:
    """Every derived row."""
    with lasande(lasare.databas) as anslutning:
        return harledda(anslutning, KOMMUNKOD)


def _det_slutliga_star_kvar(bana: Bana) -> None:
    """What was final before the fault is answered in the same way after it."""
    *fore, nytt = bana.slutliga
    for ett in fore[-1:]:
        star_kvar(bana, ett)
    # The oldest is kept for the end: what was final long ago is final still.
    bana.slutliga = [*fore[:1], nytt]


def star_kvar(bana: Bana, ett: Slutliga) -> None:
    """The same answers, byte for byte."""
    nu = dussinet(bana.test.las, ett.kand_per)
    assert skillnader(ett.svar, nu) == [], f"som känt {ett.kand_per}"


def lage(bana: Bana) -> str:
    """How every part says that it fares."""
    return "; ".join(
        f"{namn} (process {liv.pid}, {'lever' if liv.lever else f'död {liv.dod}'}, {liv.fel}):"
        f" {liv.lagen}"
        for namn, liv in bana.delar.items()
    )
