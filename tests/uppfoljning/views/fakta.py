"""Short words for the events that the tests of the views tell; everything else is filled in.

An event is recorded at ``NAR`` unless :func:`vid` says otherwise.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from contracts import leverantor as lev
from contracts import placering as pla
from contracts.handelse import Kontraktshandelse
from contracts.ord import (
    Avslutsorsak,
    Dagrakning,
    Drojsmalsorsak,
    Form,
    Kon,
    Leverantorstyp,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
)
from tests.uppfoljning.stod import Handelse, id_for

NAR = datetime(2024, 1, 2, 8, 0, tzinfo=UTC)
ORGNR = "556016-0680"


def vid(nar: datetime, *handelser: Kontraktshandelse) -> list[Handelse]:
    """The events, recorded at ``nar``."""
    return [Handelse(nar, handelse) for handelse in handelser]


def nu(*handelser: Kontraktshandelse | Iterable[Kontraktshandelse]) -> list[Handelse]:
    """The events, recorded at ``NAR``."""
    alla: list[Kontraktshandelse] = []
    for handelse in handelser:
        alla += [handelse] if isinstance(handelse, Kontraktshandelse) else handelse
    return vid(NAR, *alla)


# -- placering -----------------------------------------------------------------------------------


def klient(
    namn: str = "k",
    kon: Kon = Kon.MAN,
    fodelsemanad: str | None = None,
    arbetsenhet: str | None = None,
) -> Kontraktshandelse:
    return pla.KlientRegistrerad(
        klient=id_for(namn),
        kon=kon,
        fodelsemanad=fodelsemanad,
        skyddad=False,
        arbetsenhet=arbetsenhet,
    )


def beslut(namn: str, datum: date, kund: str = "k", **annat: Any) -> Kontraktshandelse:
    uppgifter: dict[str, Any] = {
        "klient": id_for(kund), "beslut": id_for(namn), "lag": "LSS", "lagrum": "9 § LSS",
        "evb": True, "insatstyp": "Kontaktperson", "beslutsdatum": datum, "galler_till": None,
        "namnd": "Sociala omsorgsnämnden", "arbetsenhet": None,
    }  # fmt: skip
    return pla.BeslutFattat(**(uppgifter | annat))


def verkstallt(
    namn: str, datum: date, kund: str = "k", omfattning: Omfattning = Omfattning.HELT
) -> Kontraktshandelse:
    return pla.BeslutVerkstallt(
        klient=id_for(kund), beslut=id_for(namn), datum=datum, omfattning=omfattning
    )


def avbrutet(namn: str, datum: date, kund: str = "k") -> Kontraktshandelse:
    return pla.BeslutAvbrutet(klient=id_for(kund), beslut=id_for(namn), datum=datum)


def _om_placering(namn: str, kund: str) -> dict[str, Any]:
    return {
        "klient": id_for(kund), "placering": id_for(namn), "beslut": id_for(f"beslut {kund}"),
    }  # fmt: skip


def _placeringsuppgifter(namn: str, fran: date, kund: str, annat: dict[str, Any]) -> dict[str, Any]:
    uppgifter = {
        "form": Form.HVB, "regi": Regi.EXTERN_PRIVAT, "natverk": False, "leverantor": ORGNR,
        "enhet": None, "avtal": None, "fran": fran, "dygnspris_ore": 1_000, **annat,
    }  # fmt: skip
    for falt in ("enhet", "avtal"):
        if isinstance(uppgifter[falt], str):
            uppgifter[falt] = id_for(uppgifter[falt])
    return _om_placering(namn, kund) | uppgifter


def placering(
    namn: str, fran: date, till: date | None = None, kund: str = "k", **annat: Any
) -> list[Kontraktshandelse]:
    """A placering that begins and, where ``till`` is given, ends."""
    inledd = pla.PlaceringInledd(**_placeringsuppgifter(namn, fran, kund, annat))
    if till is None:
        return [inledd]
    orsak = Avslutsorsak.PLANERAD
    om = _om_placering(namn, kund)
    return [inledd, pla.PlaceringAvslutad(**om, till=till, orsak=orsak, beslut_bestar=False)]


def placering_rattad(namn: str, fran: date, kund: str = "k", **annat: Any) -> Kontraktshandelse:
    """A correction of a running placering."""
    return pla.PlaceringRattad(
        **_placeringsuppgifter(namn, fran, kund, annat), till=None, orsak=None,
        beslut_bestar=False, skal=Rattelseskal.FEL_UPPGIFT,
    )  # fmt: skip


def prisrad(
    namn: str,
    fran: date,
    ore: int,
    till: date | None = None,
    kund: str = "k",
    slag: Prisslag = Prisslag.GRUND,
) -> Kontraktshandelse:
    return pla.PlaceringPrisAndrat(
        klient=id_for(kund), placering=id_for(namn), beslut=id_for(f"beslut {kund}"),
        prisrad=id_for(f"{namn} {fran} {slag}"), slag=slag, fran=fran, till=till,
        dygnspris_ore=ore,
    )  # fmt: skip


# -- leverantor ----------------------------------------------------------------------------------


def leverantor(
    orgnr: str = ORGNR, namn: str = "Bolaget", typ: Leverantorstyp = Leverantorstyp.PRIVAT
) -> Kontraktshandelse:
    return lev.LeverantorRegistrerad(
        leverantor=id_for(orgnr), organisationsnummer=orgnr, namn=namn, typ=typ
    )


def avtal(
    namn: str, omrade: str, orgnr: str = ORGNR, dagrakning: Dagrakning = Dagrakning.BADA
) -> Kontraktshandelse:
    return lev.AvtalTecknat(
        leverantor=id_for(orgnr), organisationsnummer=orgnr, avtal=id_for(namn), enhet=None,
        omrade=omrade, fran=date(2020, 1, 1), till=None, dagrakning=dagrakning,
    )  # fmt: skip


def avtal_rattat(namn: str, omrade: str, dagrakning: Dagrakning) -> Kontraktshandelse:
    return lev.AvtalRattat(
        leverantor=id_for(ORGNR), organisationsnummer=ORGNR, avtal=id_for(namn), enhet=None,
        omrade=omrade, fran=date(2020, 1, 1), till=None, dagrakning=dagrakning,
        skal=Rattelseskal.FEL_UPPGIFT,
    )  # fmt: skip


def listpris(enhet: str, fran: date, ore: int) -> Kontraktshandelse:
    return lev.GrunddygnsprisSatt(
        leverantor=id_for(ORGNR), organisationsnummer=ORGNR, enhet=id_for(enhet), fran=fran,
        dygnspris_ore=ore,
    )  # fmt: skip


def leverantor_rattad(namn: str, typ: Leverantorstyp, orgnr: str = ORGNR) -> Kontraktshandelse:
    return lev.LeverantorRattad(
        leverantor=id_for(orgnr), organisationsnummer=orgnr, namn=namn, typ=typ,
        skal=Rattelseskal.SKRIVFEL,
    )  # fmt: skip


def avropsstopp(fran: date) -> Kontraktshandelse:
    return lev.AvropsstoppSatt(leverantor=id_for(ORGNR), organisationsnummer=ORGNR, fran=fran)


def orsak(namn: str, datum: date, kund: str = "k") -> Kontraktshandelse:
    return pla.DrojsmalsorsakAngiven(
        klient=id_for(kund), beslut=id_for(namn), datum=datum, orsak=Drojsmalsorsak.RESURSBRIST
    )
