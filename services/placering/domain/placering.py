"""One stay of one person in one home, under one beslut: begun, priced, ended, corrected, annulled.

Guarantees that a placering ends once, on its first day or later and with a reason (R-PLA-12), that
its price rows and absences begin within it, and that an annulled one is never changed. Whether the
person is free on the days is the calendar's matter, and where it may be is judged against the
register.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import (
    Avslutsorsak,
    Destination,
    Form,
    Franvaroorsak,
    Prisslag,
    Rattelseskal,
    Regi,
    SkalUtomRamavtal,
)
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on
from services.placering.domain import regler
from services.placering.domain.bedomning import Uppgifter
from services.placering.domain.betalare import Andelar, andelarna_ar_hela_kostnaden
from services.placering.domain.dagar import Dagar
from services.placering.domain.franvaro import Franvaro, en_franvaro_om_dagen, overlappbara
from services.placering.domain.handelser import franvaro as om_franvaro
from services.placering.domain.handelser import placering as handelser
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.placeringsavtal import (
    Placeringsavtal,
    Prisvillkor,
    forlangning_foljer_pa_avtalet,
    retroaktivt_har_skal,
    tillaggsslag_hor_till_tillagg,
)


@dataclass(frozen=True, slots=True)
class Prisrad:
    """An agreed price per day in öre, exclusive of moms; ``till`` is the last day.

    ``dygnspris_ore`` ``None`` is the unit's list price on ``fran``: only an extension has it.
    """

    slag: Prisslag
    fran: date
    till: date | None
    dygnspris_ore: int | None


UTAN_VILLKOR = Prisvillkor()
"""A row of which nothing more is said, as one taken over from another system."""


@dataclass(frozen=True, slots=True)
class Avslut:
    """How a stay ended; ``till`` is the last day there."""

    till: date
    orsak: Avslutsorsak
    beslut_bestar: bool


class Placering(Aggregat):
    """A stay."""

    TOPIC = "placering.Placering"

    klient: UUID
    beslut: UUID
    form: Form
    regi: Regi
    natverk: bool
    leverantor: str | None
    enhet: UUID | None
    avtal: UUID | None
    fran: date
    till: date | None
    orsak: Avslutsorsak | None
    destination: Destination | None
    beslut_bestar: bool
    dygnspris_ore: int | None
    skal_utom_ramavtal: SkalUtomRamavtal | None
    prisrader: dict[UUID, Prisrad]
    prisvillkor: dict[UUID, Prisvillkor]
    placeringsavtal: Placeringsavtal | None
    franvaro: dict[UUID, Franvaro]
    planerat_slut: date | None
    betalare: dict[date, Andelar]
    hem: UUID | None
    hemligheter: tuple[Hemlighet, ...]
    flaggor: tuple[str, ...]
    makulerad: bool

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def inled(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        klient: UUID,
        beslut: UUID,
        uppgifter: Uppgifter,
        hemligheter: Sequence[Hemlighet] = (),
        flaggor: Sequence[str] = (),
    ) -> Self:
        """A new stay; where it is and whether the person is free has been judged."""
        return cls.begin(
            handelser.PlaceringInledd,
            id,
            sammanhang,
            klient=klient,
            beslut=beslut,
            hemligheter=tuple(hemligheter),
            flaggor=tuple(flaggor),
            **asdict(uppgifter),
        )

    def ratta(
        self,
        sammanhang: Sammanhang,
        *,
        uppgifter: Uppgifter,
        avslut: Avslut | None,
        hemligheter: Sequence[Hemlighet],
        skal: Rattelseskal,
    ) -> None:
        """Correct the record; the fields are those that hold now. They have been judged."""
        refuse_on(
            [
                self.ar_kvar(),
                self._priser_ryms(uppgifter.fran),
                self._franvaro_ryms(uppgifter.fran),
            ]
        )
        self.record(
            handelser.PlaceringRattad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            till=None if avslut is None else avslut.till,
            orsak=None if avslut is None else avslut.orsak,
            beslut_bestar=avslut is not None and avslut.beslut_bestar,
            hemligheter=tuple(hemligheter),
            skal=skal,
            **asdict(uppgifter),
        )

    def bo_i(self, sammanhang: Sammanhang, hem: UUID | None) -> None:
        """Name the home, or none; it has been judged."""
        if hem != self.hem:
            self.record(
                handelser.PlaceringHemAngivet,
                sammanhang,
                klient=self.klient,
                beslut=self.beslut,
                hem=hem,
            )

    def andra_pris(
        self, sammanhang: Sammanhang, id: UUID, rad: Prisrad, villkor: Prisvillkor = UTAN_VILLKOR
    ) -> None:
        """Agree a price row, or replace the one with the id."""
        refuse_on(
            [
                *self.om_prisraden(rad),
                self._inte_efter_slutet(rad.fran),
                tillaggsslag_hor_till_tillagg(rad.slag, villkor.tillagg, "/tillagg"),
                retroaktivt_har_skal(villkor, "/skal"),
            ]
        )
        self.satt_pris(sammanhang, id, rad, villkor)

    def satt_pris(
        self, sammanhang: Sammanhang, id: UUID, rad: Prisrad, villkor: Prisvillkor = UTAN_VILLKOR
    ) -> None:
        """Record a price row that has been judged."""
        self.record(
            handelser.PlaceringPrisAndrat,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            prisrad=id,
            tillagg=villkor.tillagg,
            overenskommelse=villkor.overenskommelse,
            retroaktiv=villkor.retroaktiv,
            skal=villkor.skal,
            **asdict(rad),
        )

    def teckna_placeringsavtal(
        self, sammanhang: Sammanhang, avtal: Placeringsavtal, skal: Rattelseskal | None
    ) -> None:
        """The agreement for the person; one that is there is replaced only with a reason."""
        redan = None
        if self.placeringsavtal is not None and skal is None:
            text = "Placeringsavtalet finns redan: förläng det, eller ange skäl för en rättelse."
            redan = Breach(None, "/skal", text)
        refuse_on(
            [self.ar_kvar(), redan, regler.period_gar_framat(self.fran, avtal.till, "/galler_till")]
        )
        self.record(
            handelser.PlaceringsavtalTecknat,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            till=avtal.till,
            overenskommelse=avtal.overenskommelse,
            skal=skal,
        )

    def forlang_placeringsavtal(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        fran: date,
        avtal: Placeringsavtal,
        dygnspris_ore: int | None,
        villkor: Prisvillkor,
    ) -> None:
        """The agreement goes on from ``fran`` at a new price (R-KOS-3, policy ``fast``)."""
        rad = Prisrad(Prisslag.GRUND, fran, None, dygnspris_ore)
        refuse_on(
            [
                *self.om_prisraden(rad),
                self._inte_efter_slutet(fran),
                regler.period_gar_framat(fran, avtal.till, "/galler_till"),
                forlangning_foljer_pa_avtalet(self.placeringsavtal, fran, "/fran"),
                retroaktivt_har_skal(villkor, "/skal"),
            ]
        )
        self.record(
            handelser.PlaceringsavtalForlangt,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            prisrad=id,
            fran=fran,
            till=avtal.till,
            dygnspris_ore=dygnspris_ore,
            overenskommelse=avtal.overenskommelse,
            retroaktiv=villkor.retroaktiv,
            skal=villkor.skal,
        )

    def om_prisraden(self, rad: Prisrad) -> list[Breach | None]:
        """What is wrong with a price row, whoever gives it."""
        return [
            self.ar_kvar(),
            regler.period_gar_framat(rad.fran, rad.till, "/till"),
            regler.grundpris_utan_slut(rad.slag, rad.till, "/till"),
            regler.inte_fore(
                rad.fran, self.fran, "/fran", "Priset börjar före placeringens första dag."
            ),
        ]

    def satt_betalare(self, sammanhang: Sammanhang, fran: date, andelar: Andelar) -> None:
        """Who pays from the day on; a row of the same day is replaced (R-KOS-15)."""
        efter = None
        if self.till is not None and fran > self.till:
            efter = Breach(None, "/fran", f"Placeringen slutade {self.till}.")
        refuse_on(
            [
                self.ar_kvar(),
                regler.inte_fore(
                    fran, self.fran, "/fran", "Andelarna börjar före placeringens första dag."
                ),
                efter,
                andelarna_ar_hela_kostnaden(andelar, "/ifo"),
            ]
        )
        self.record(
            handelser.BetalareSatta,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            fran=fran,
            **asdict(andelar),
        )

    def planera_slut(self, sammanhang: Sammanhang, dag: date | None) -> None:
        """The last day as it is planned, or ``None``; frees no day and ends nothing."""
        refuse_on(
            [
                self.ar_kvar(),
                self.redan_avslutad("/planerat_slut"),
                regler.period_gar_framat(self.fran, dag, "/planerat_slut"),
            ]
        )
        self.record(
            handelser.PlaneratSlutSatt,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            planerat_slut=dag,
        )

    def avsluta(
        self, sammanhang: Sammanhang, avslut: Avslut, hemligheter: Sequence[Hemlighet] = ()
    ) -> None:
        """End the stay; a wrong end is corrected, not ended again."""
        refuse_on(
            [
                self.ar_kvar(),
                self.redan_avslutad("/till"),
                regler.period_gar_framat(self.fran, avslut.till, "/till"),
            ]
        )
        self.record(
            handelser.PlaceringAvslutad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            till=avslut.till,
            orsak=avslut.orsak,
            beslut_bestar=avslut.beslut_bestar,
            hemligheter=tuple(hemligheter),
        )

    def ange_destination(self, sammanhang: Sammanhang, destination: Destination | None) -> None:
        """Where the person went when the stay ended, also when it becomes known later."""
        pagar = None
        if self.till is None:
            pagar = Breach(None, "/destination", "Placeringen pågår: avsluta den först.")
        refuse_on(
            [
                self.ar_kvar(),
                pagar,
                regler.avliden_har_ingen_destination(self.orsak, destination, "/destination"),
            ]
        )
        self.record(
            handelser.DestinationAngiven,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            destination=destination,
        )

    # -- absence

    def borja_franvaro(self, sammanhang: Sammanhang, id: UUID, franvaro: Franvaro) -> None:
        """The person is away on these days, whatever comes of them."""
        refuse_on(self._om_franvaron(id, franvaro))
        self.record(
            om_franvaro.FranvaroBorjad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            franvaro=id,
            **asdict(franvaro),
        )

    def ratta_franvaro(
        self, sammanhang: Sammanhang, id: UUID, franvaro: Franvaro, skal: Rattelseskal
    ) -> None:
        """Correct an absence; the fields are those that hold now."""
        refuse_on(self._om_franvaron(id, franvaro))
        self.record(
            om_franvaro.FranvaroRattad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            franvaro=id,
            skal=skal,
            **asdict(franvaro),
        )

    def avsluta_franvaro(self, sammanhang: Sammanhang, id: UUID, till: date) -> None:
        """The person came back after ``till``; a wrong end is corrected, not ended again."""
        en = self.franvaro[id]
        redan = None
        if en.till is not None:
            redan = Breach(None, "/till", "Frånvaron har redan ett slut: rätta den i stället.")
        refuse_on([redan, *self._om_franvaron(id, Franvaro(en.orsak, en.fran, till))])
        self.record(
            om_franvaro.FranvaroAvslutad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            franvaro=id,
            till=till,
        )

    def makulera_franvaro(self, sammanhang: Sammanhang, id: UUID, skal: Rattelseskal) -> None:
        """Annul an absence that should never have been recorded."""
        refuse_on([self.ar_kvar()])
        self.record(
            om_franvaro.FranvaroMakulerad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            franvaro=id,
            skal=skal,
        )

    @property
    def lamnade_dagar(self) -> tuple[Dagar, ...]:
        """The days on which another stay of the person is allowed (R-PLA-1)."""
        return overlappbara(self.franvaro.values())

    def makulera(self, sammanhang: Sammanhang, skal: Rattelseskal) -> None:
        """Annul a placering that should never have been recorded."""
        refuse_on([self.ar_kvar()])
        self.record(
            handelser.PlaceringMakulerad,
            sammanhang,
            klient=self.klient,
            beslut=self.beslut,
            skal=skal,
        )

    def ar_kvar(self) -> Breach | None:
        """The breach of changing an annulled placering."""
        return Breach(None, "", "Placeringen är makulerad.") if self.makulerad else None

    def redan_avslutad(self, pekare: str) -> Breach | None:
        """The breach of ending a placering that has ended."""
        if self.till is None:
            return None
        return Breach(None, pekare, "Placeringen är redan avslutad: rätta den i stället.")

    def satt_prisrad(
        self,
        id: UUID,
        slag: Prisslag,
        fran: date,
        till: date | None,
        dygnspris_ore: int | None,
        villkor: Prisvillkor,
    ) -> None:
        """For the events: put the row in."""
        self.prisrader = {**self.prisrader, id: Prisrad(slag, fran, till, dygnspris_ore)}
        self.prisvillkor = {**self.prisvillkor, id: villkor}

    def flagga(self, *regler_id: str) -> None:
        """For the events: rules that what was recorded does not meet, each once."""
        self.flaggor = tuple(dict.fromkeys((*self.flaggor, *regler_id)))

    def satt_andelar(self, fran: date, andelar: Andelar) -> None:
        """For the events: put the shares in, rows in order of day."""
        self.betalare = dict(sorted({**self.betalare, fran: andelar}.items()))

    def satt_franvaro(self, id: UUID, orsak: Franvaroorsak, fran: date, till: date | None) -> None:
        """For the events: put the absence in."""
        self.franvaro = {**self.franvaro, id: Franvaro(orsak, fran, till)}

    def _inte_efter_slutet(self, fran: date) -> Breach | None:
        if self.till is None or fran <= self.till:
            return None
        return Breach(None, "/fran", "Priset börjar efter placeringens sista dag.")

    def _om_franvaron(self, id: UUID, ny: Franvaro) -> list[Breach | None]:
        andra = [en for nyckel, en in self.franvaro.items() if nyckel != id]
        efter = None
        if self.till is not None and max(ny.fran, ny.till or ny.fran) > self.till:
            falt = "/fran" if ny.fran > self.till else "/till"
            efter = Breach(None, falt, f"Placeringen slutade {self.till}.")
        return [
            self.ar_kvar(),
            regler.period_gar_framat(ny.fran, ny.till, "/till"),
            regler.inte_fore(
                ny.fran, self.fran, "/fran", "Frånvaron börjar före placeringens första dag."
            ),
            efter,
            en_franvaro_om_dagen(ny, andra, "/fran"),
        ]

    def _franvaro_ryms(self, fran: date) -> Breach | None:
        forst = min((en.fran for en in self.franvaro.values()), default=fran)
        return regler.inte_fore(
            forst, fran, "/fran", f"En frånvaro börjar {forst}, före placeringens första dag."
        )

    def _priser_ryms(self, fran: date) -> Breach | None:
        forst = min((rad.fran for rad in self.prisrader.values()), default=fran)
        return regler.inte_fore(
            forst, fran, "/fran", f"En prisrad börjar {forst}, före placeringens första dag."
        )
