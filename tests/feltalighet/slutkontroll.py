"""At the end of a system's life: every question, every why, a reader that begins anew, and what
``dygn kontrollera`` says."""

from datetime import date

from dygn.kontroll import Var, kontrollera
from tests.feltalighet.bana import Bana, facit_av
from tests.feltalighet.kontroll import rader, star_kvar
from tests.system.lasare import lasare
from tests.system.rapporter import alla_svar, skillnader

TOM = date(2025, 12, 31)


def slutkontroll(bana: Bana) -> None:
    """The system, facit, and a reader that reads all of it now, in one go, say the same.

    The last one has met no fault whatever: facit's own database was down when PostgreSQL was.
    """
    star_kvar(bana, bana.slutliga[0])
    senast = bana.senast()
    with (
        lasare(bana.databaser["uppfoljning"], "fran_borjan") as ny,
        facit_av(ny.databas, bana.databaser) as process,
    ):
        lasarna = [bana.test, bana.facit, ny]
        kand_per = min(en.avgjort(senast, process.health) for en in lasarna).isoformat()
        vantat = alla_svar(ny.las, kand_per, TOM)
        for en in lasarna[:2]:
            assert skillnader(vantat, alla_svar(en.las, kand_per, TOM)) == []
            assert rader(en) == rader(ny)
            assert en.rafakta() == ny.rafakta()
    assert '"slutlig": false' not in "".join(vantat.values())
    _kontrollera_haller_med(bana)


def _kontrollera_haller_med(bana: Bana) -> None:
    """What ``dygn kontrollera`` finds."""
    var = Var(
        {namn: databas.strom.conninfo() for namn, databas in bana.databaser.items()},
        bana.maklare.bootstrap,
    )
    assert kontrollera(var, lambda _vad, _klara, _alla: None).faults == []
