"""Builds facts for the tests of the domain room: short names, everything else filled in.

One :class:`Bygge` is one klient's world: two streams with rising positions and instants. ``vid``
moves the clock; facts told without moving it belong to the same save.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from contracts import leverantor as lev
from contracts import placering as pla
from contracts.handelse import Kontraktshandelse
from contracts.ord import (
    Avslutsorsak,
    Dagrakning,
    Drojsmalsorsak,
    Form,
    Franvaroorsak,
    Kon,
    Leverantorstyp,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
)
from services.uppfoljning.domain.fakta import Faktum, handelse_id
from services.uppfoljning.domain.vikning import Klientrader, vik_klient

RYMD = UUID("6f1d3c1e-1f43-4b5e-9a44-0f6f3c4e0d11")
BORJAN = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)
ORGNR = "556016-0680"


def ident(namn: str) -> UUID:
    """The same id for the same name, every run."""
    return uuid5(RYMD, namn)


KLIENT = ident("klient")


class Bygge:
    """A world under construction; every method records one event and returns its fact."""

    def __init__(self) -> None:
        self.fakta: list[Faktum] = []
        self.nu = BORJAN
        self._pos = {"placering": 0, "leverantor": 0}

    def vid(self, minuter: int) -> datetime:
        """Set the clock to so many minutes after the beginning."""
        self.nu = BORJAN + timedelta(minutes=minuter)
        return self.nu

    def hande(self, handelse: Kontraktshandelse) -> Faktum:
        """Record the event now."""
        strom = handelse.tjanst
        self._pos[strom] += 1
        pos = self._pos[strom]
        faktum = Faktum(
            self.nu, f"dygn.{strom}.v1", pos, 0, handelse, handelse_id(strom, 1, pos, 0)
        )
        self.fakta.append(faktum)
        return faktum

    def rader(self) -> Klientrader:
        """The fold of all that was recorded."""
        return vik_klient(KLIENT, self.fakta)

    # -- placering -----------------------------------------------------------------------------

    def klient(
        self, kon: Kon = Kon.MAN, fodelsemanad: str | None = "2010-05", **annat: Any
    ) -> Faktum:
        return self.hande(
            pla.KlientRegistrerad(
                klient=KLIENT, kon=kon, fodelsemanad=fodelsemanad, skyddad=False,
                **{"arbetsenhet": None, **annat},
            )
        )  # fmt: skip

    def ratta_klient(
        self, kon: Kon, fodelsemanad: str | None, arbetsenhet: str | None = None
    ) -> Faktum:
        return self.hande(
            pla.KlientRattad(
                klient=KLIENT, kon=kon, fodelsemanad=fodelsemanad, skyddad=False,
                arbetsenhet=arbetsenhet, skal=Rattelseskal.SKRIVFEL,
            )
        )  # fmt: skip

    def _beslutsuppgifter(self, namn: str, datum: date, annat: dict[str, Any]) -> dict[str, Any]:
        return {
            "klient": KLIENT, "beslut": ident(namn), "lag": "SoL", "evb": True,
            "lagrum": "4 kap. 1 § SoL", "insatstyp": "Placering", "beslutsdatum": datum,
            "galler_till": None, "namnd": "Nämnden", "arbetsenhet": None, **annat,
        }  # fmt: skip

    def beslut(self, namn: str, datum: date, **annat: Any) -> Faktum:
        return self.hande(pla.BeslutFattat(**self._beslutsuppgifter(namn, datum, annat)))

    def ratta_beslut(self, namn: str, datum: date, **annat: Any) -> Faktum:
        uppgifter = self._beslutsuppgifter(namn, datum, annat)
        return self.hande(pla.BeslutRattat(**uppgifter, skal=Rattelseskal.FEL_UPPGIFT))

    def makulera_beslut(self, namn: str) -> Faktum:
        return self.hande(
            pla.BeslutMakulerat(klient=KLIENT, beslut=ident(namn), skal=Rattelseskal.DUBBLETT)
        )

    def verkstall(self, namn: str, datum: date, omfattning: Omfattning = Omfattning.HELT) -> Faktum:
        return self.hande(
            pla.BeslutVerkstallt(
                klient=KLIENT, beslut=ident(namn), datum=datum, omfattning=omfattning
            )
        )

    def avbryt(self, namn: str, datum: date) -> Faktum:
        return self.hande(pla.BeslutAvbrutet(klient=KLIENT, beslut=ident(namn), datum=datum))

    def ateruppta(self, namn: str, datum: date) -> Faktum:
        return self.hande(pla.BeslutAterupptaget(klient=KLIENT, beslut=ident(namn), datum=datum))

    def upphor(self, namn: str, datum: date) -> Faktum:
        return self.hande(pla.BeslutUpphort(klient=KLIENT, beslut=ident(namn), datum=datum))

    def orsak(self, namn: str, datum: date, orsak: Drojsmalsorsak) -> Faktum:
        return self.hande(
            pla.DrojsmalsorsakAngiven(klient=KLIENT, beslut=ident(namn), datum=datum, orsak=orsak)
        )

    def _placeringsuppgifter(self, namn: str, fran: date, annat: dict[str, Any]) -> dict[str, Any]:
        uppgifter = {
            "klient": KLIENT, "placering": ident(namn), "beslut": ident("b"), "form": Form.HVB,
            "regi": Regi.EXTERN_PRIVAT, "natverk": False, "leverantor": ORGNR,
            "enhet": ident("e"), "avtal": None, "fran": fran, "dygnspris_ore": 1000, **annat,
        }  # fmt: skip
        for falt in ("beslut", "enhet", "avtal"):
            if isinstance(uppgifter[falt], str):
                uppgifter[falt] = ident(uppgifter[falt])
        return uppgifter

    def inled(self, namn: str, fran: date, **annat: Any) -> Faktum:
        return self.hande(pla.PlaceringInledd(**self._placeringsuppgifter(namn, fran, annat)))

    def ratta(self, namn: str, fran: date, **annat: Any) -> Faktum:
        uppgifter = self._placeringsuppgifter(
            namn, fran, {"till": None, "orsak": None, "beslut_bestar": False, **annat}
        )
        return self.hande(pla.PlaceringRattad(**uppgifter, skal=Rattelseskal.FEL_UPPGIFT))

    def borta(self, namn: str, fran: date, till: date | None, orsak: Franvaroorsak) -> Faktum:
        """The person is away from the home on these days."""
        return self.hande(
            pla.FranvaroBorjad(
                klient=KLIENT,
                placering=ident(namn),
                beslut=ident("b"),
                franvaro=ident(f"{namn}-borta"),
                orsak=orsak,
                fran=fran,
                till=till,
            )
        )

    def avsluta(
        self,
        namn: str,
        till: date,
        orsak: Avslutsorsak = Avslutsorsak.PLANERAD,
        bestar: bool = False,
    ) -> Faktum:
        return self.hande(
            pla.PlaceringAvslutad(
                klient=KLIENT, placering=ident(namn), beslut=ident("b"), till=till,
                orsak=orsak, beslut_bestar=bestar,
            )
        )  # fmt: skip

    def makulera(self, namn: str) -> Faktum:
        return self.hande(
            pla.PlaceringMakulerad(
                klient=KLIENT, placering=ident(namn), beslut=ident("b"),
                skal=Rattelseskal.DUBBLETT,
            )
        )  # fmt: skip

    def pris(
        self,
        namn: str,
        prisrad: str,
        fran: date,
        ore: int,
        slag: Prisslag = Prisslag.GRUND,
        till: date | None = None,
    ) -> Faktum:
        return self.hande(
            pla.PlaceringPrisAndrat(
                klient=KLIENT, placering=ident(namn), beslut=ident("b"),
                prisrad=ident(prisrad), slag=slag, fran=fran, till=till, dygnspris_ore=ore,
            )
        )  # fmt: skip

    def forlang(self, namn: str, prisrad: str, fran: date, ore: int | None = None) -> Faktum:
        """The agreement goes on; without ``ore`` at the unit's list price."""
        return self.hande(
            pla.PlaceringsavtalForlangt(
                klient=KLIENT, placering=ident(namn), beslut=ident("b"),
                prisrad=ident(prisrad), fran=fran, till=None, dygnspris_ore=ore,
            )
        )  # fmt: skip

    # -- leverantor ----------------------------------------------------------------------------

    def leverantor(self, namn: str, typ: Leverantorstyp = Leverantorstyp.PRIVAT) -> Faktum:
        return self.hande(
            lev.LeverantorRegistrerad(
                leverantor=ident("l"), organisationsnummer=ORGNR, namn=namn, typ=typ
            )
        )

    def ratta_leverantor(self, namn: str, typ: Leverantorstyp) -> Faktum:
        return self.hande(
            lev.LeverantorRattad(
                leverantor=ident("l"), organisationsnummer=ORGNR, namn=namn, typ=typ,
                skal=Rattelseskal.SKRIVFEL,
            )
        )  # fmt: skip

    def _avtalsuppgifter(self, namn: str, omrade: str, dagrakning: Dagrakning) -> dict[str, Any]:
        return {
            "leverantor": ident("l"), "organisationsnummer": ORGNR, "avtal": ident(namn),
            "enhet": None, "omrade": omrade, "fran": date(2020, 1, 1), "till": None,
            "dagrakning": dagrakning,
        }  # fmt: skip

    def avtal(
        self, namn: str, omrade: str = "HVB", dagrakning: Dagrakning = Dagrakning.BADA
    ) -> Faktum:
        return self.hande(lev.AvtalTecknat(**self._avtalsuppgifter(namn, omrade, dagrakning)))

    def ratta_avtal(self, namn: str, omrade: str, dagrakning: Dagrakning) -> Faktum:
        uppgifter = self._avtalsuppgifter(namn, omrade, dagrakning)
        return self.hande(lev.AvtalRattat(**uppgifter, skal=Rattelseskal.FEL_UPPGIFT))

    def listpris(self, fran: date, ore: int, enhet: str = "e") -> Faktum:
        return self.hande(
            lev.GrunddygnsprisSatt(
                leverantor=ident("l"), organisationsnummer=ORGNR, enhet=ident(enhet),
                fran=fran, dygnspris_ore=ore,
            )
        )  # fmt: skip

    def stopp(self, fran: date) -> Faktum:
        """An event of the stream that no row rests on."""
        return self.hande(
            lev.AvropsstoppSatt(leverantor=ident("l"), organisationsnummer=ORGNR, fran=fran)
        )
