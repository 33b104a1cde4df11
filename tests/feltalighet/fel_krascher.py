"""Deaths at the named points, and answers that are lost there."""

import random
from functools import partial

from tests.feltalighet.bana import Bana
from tests.feltalighet.fel import Fel
from tests.feltalighet.fel_epok import ny_epok
from tests.feltalighet.fel_migrering import dod_migrering
from tests.feltalighet.punkter import PUNKT, PUNKTER, Punkt
from tests.system.byggen import aktivt

DOR = 20.0
"""Seconds within which a point is passed while commands flow."""


def _nummer(punkt: Punkt, slump: random.Random) -> int:
    return slump.randint(punkt.tidigast, punkt.senast)


def _dod(punkt: Punkt, bana: Bana, slump: random.Random) -> str:
    """The part dies the n:th time that it comes there, and is begun again."""
    nummer = _nummer(punkt, slump)
    liv = bana.delar[punkt.slag]
    liv.vanta_pa_arbete()
    with bana.flode():
        liv.satt(punkt, nummer)
        liv.vanta_pa_dod(DOR)
        bana.nu_slog_det_till()
        bana.lev()
    assert liv.passerad
    return f"passage {nummer}"


def _dod_vid_start(punkt: Punkt, bana: Bana, slump: random.Random) -> str:
    """Killed, born again, and dead when it comes there."""
    with bana.flode():
        bana.delar[punkt.slag].doda()
        liv = bana.starta(punkt.slag, punkt=punkt.namn)
        liv.vanta_pa_dod(DOR)
        bana.nu_slog_det_till()
        bana.lev()
    assert liv.passerad
    return ""


def _dod_i_ombygge(punkt: Punkt, bana: Bana, slump: random.Random) -> str:
    """``dygn bygg-om`` dies, and is run again; those who feed the views go over to the new."""
    nummer, tjanst = _nummer(punkt, slump), slump.choice(["placering", "uppfoljning"])
    databas = bana.databaser[tjanst]
    forut = aktivt(databas)
    val = {"tjanst": tjanst, "databas": databas.agare.conninfo()}
    with bana.flode():
        liv = bana.starta("ombygge", punkt=punkt.namn, nummer=nummer, **val)
        liv.vanta_pa_dod()
        bana.nu_slog_det_till()
        assert liv.passerad, liv
        igen = bana.starta("ombygge", **val)
        igen.vanta_pa_dod()
        assert igen.dod == 0, igen
    assert aktivt(databas) != forut
    return f"{tjanst}, passage {nummer}"


def _dod_i_ny_epok(punkt: Punkt, bana: Bana, slump: random.Random) -> str:
    """A person has had a stream published anew, and the inbox that rebuilds for it dies."""
    tjanst = slump.choice(["leverantor", "placering"])
    liv = bana.delar["inkorg"]
    liv.vanta_pa_arbete()
    liv.satt(punkt, 1)
    with bana.flode():
        ny_epok(bana, tjanst)
        liv.vanta_pa_dod(DOR)
        bana.nu_slog_det_till()
        bana.lev()
    assert liv.passerad
    return tjanst


def _tappat(punkt: Punkt, bana: Bana, slump: random.Random) -> str:
    """What was asked for is done, and the connection is cut before whoever asked is told."""
    nummer = _nummer(punkt, slump)
    liv = bana.delar[punkt.slag]
    liv.vanta_pa_arbete()
    with bana.flode():
        liv.satt(punkt, nummer, "tappar")
        liv.vanta(lambda ett: ett.passerad, f"{punkt.namn} passerades aldrig", DOR)
        bana.nu_slog_det_till()
    assert liv.lever
    return f"passage {nummer}"


def _krasch(punkt: Punkt) -> Fel:
    grupp = punkt.namn.partition(".")[0]
    if punkt.slag == "migrering":
        return Fel(punkt.namn, "migrering", partial(dod_migrering, punkt))
    if punkt.namn.startswith("ombygge.ny_epok"):
        return Fel(punkt.namn, "ny epok", partial(_dod_i_ny_epok, punkt))
    if grupp == "ombygge":
        return Fel(punkt.namn, "ombygge", partial(_dod_i_ombygge, punkt))
    hur = _dod_vid_start if punkt.vid_start else _dod
    return Fel(punkt.namn, f"krasch {grupp}", partial(hur, punkt))


KRASCHER = [_krasch(punkt) for punkt in PUNKTER]
TAPPADE = [
    Fel(f"tappat.{namn}", "tappat svar", partial(_tappat, PUNKT[namn]))
    for namn in (
        "api.efter_commit",
        "rela.efter_commit",
        "inkorg.efter_commit",
        "inkorg.vattenmarke_efter_commit",
        "vikning.efter_commit",
    )
]
