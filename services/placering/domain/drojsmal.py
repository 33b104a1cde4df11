"""What is recorded of a beslut that waits: why, what was offered, what the person asked for, what
help there was meanwhile.

Guarantees that an offer is answered once and never before it was made, that a refused one ends
nothing (R-EVB-6), that a day is postponed by one wish only, and that whatever was wrongly recorded
is annulled and kept. Words about the person have no place here: codes and dates only.
"""

from datetime import date
from uuid import UUID

from contracts.ord import (
    DROJSMALSNIVA,
    Drojsmalsniva,
    Drojsmalsorsak,
    Erbjudandesvar,
    Rattelseskal,
)
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on, rule
from services.placering.domain import regler
from services.placering.domain.beslutsgrund import Beslutsgrund
from services.placering.domain.dagar import Dagar
from services.placering.domain.handelser import drojsmal as handelser
from services.placering.domain.insatstyper import beviljas
from services.placering.domain.vantan import Erbjudande, Forskjutning, InterimHjalp


class Drojsmal(Beslutsgrund):
    """The part of a beslut that tells of its delay."""

    drojsmal: list[tuple[date, Drojsmalsorsak]]
    erbjudanden: dict[UUID, Erbjudande]
    forskjutningar: dict[UUID, Forskjutning]
    interim_hjalp: dict[UUID, InterimHjalp]

    def ange_drojsmalsorsak(
        self, sammanhang: Sammanhang, datum: date, orsak: Drojsmalsorsak
    ) -> None:
        """Say why the beslut is not carried out, from ``datum`` on (R-EVB-13)."""
        refuse_on(self.om_dagen(datum))
        self.record(
            handelser.DrojsmalsorsakAngiven,
            sammanhang,
            klient=self.klient,
            datum=datum,
            orsak=orsak,
        )

    # -- offers

    def lamna_erbjudande(self, sammanhang: Sammanhang, id: UUID, datum: date) -> None:
        """The person was offered the insats, or a part of it, on ``datum``."""
        refuse_on(self.om_dagen(datum))
        self.record(
            handelser.ErbjudandeLamnat,
            sammanhang,
            klient=self.klient,
            erbjudande=id,
            datum=datum,
        )

    @rule("R-EVB-6", source="nämndhandling, Borås Stad, mars 2024, IVO", consequence="compute")
    def besvara_erbjudande(
        self, sammanhang: Sammanhang, id: UUID, datum: date, svar: Erbjudandesvar
    ) -> None:
        """Ett avböjt erbjudande avslutar inte beslutet, och ett accepterat verkställer det inte.

        A wrong answer is annulled together with its offer.
        """
        ett = self.erbjudanden[id]
        redan = None
        if ett.svar is not None:
            redan = Breach(None, "/svar", f"Erbjudandet besvarades redan {ett.svarsdatum}.")
        fore = regler.inte_fore(
            datum, ett.datum, "/datum", f"Erbjudandet lämnades först {ett.datum}."
        )
        refuse_on([self.ar_kvar(), redan, fore])
        self.record(
            handelser.ErbjudandeBesvarat,
            sammanhang,
            klient=self.klient,
            erbjudande=id,
            datum=datum,
            svar=svar,
        )

    def makulera_erbjudande(self, sammanhang: Sammanhang, id: UUID, skal: Rattelseskal) -> None:
        """Annul an offer that should never have been recorded."""
        refuse_on([self.ar_kvar()])
        self.record(
            handelser.ErbjudandeMakulerat,
            sammanhang,
            klient=self.klient,
            erbjudande=id,
            skal=skal,
        )

    # -- postponement

    @rule("R-EVB-6", source="nämndhandling, Borås Stad, mars 2024, IVO", consequence="compute")
    def forskjut(self, sammanhang: Sammanhang, id: UUID, ny: Forskjutning) -> None:
        """En väntan som den enskilde själv valt stoppar ingen frist: beslutet rapporteras ändå."""
        refuse_on(
            [
                *self._om_perioden(ny.fran, ny.till),
                self._inte_helt_verkstallt(ny.fran),
                self._en_onskan_om_dagen(ny),
            ]
        )
        self.record(
            handelser.BeslutForskjutet,
            sammanhang,
            klient=self.klient,
            forskjutning=id,
            fran=ny.fran,
            till=ny.till,
            lov=ny.lov,
        )

    def avsluta_forskjutning(self, sammanhang: Sammanhang, id: UUID, till: date) -> None:
        """The person no longer asks to wait after ``till``."""
        en = self.forskjutningar[id]
        refuse_on([self.ar_kvar(), *_slutet(en.fran, en.till, till)])
        self.record(
            handelser.ForskjutningAvslutad,
            sammanhang,
            klient=self.klient,
            forskjutning=id,
            till=till,
        )

    def makulera_forskjutning(self, sammanhang: Sammanhang, id: UUID, skal: Rattelseskal) -> None:
        """Annul a postponement that nobody asked for."""
        refuse_on([self.ar_kvar()])
        self.record(
            handelser.ForskjutningMakulerad,
            sammanhang,
            klient=self.klient,
            forskjutning=id,
            skal=skal,
        )

    # -- help meanwhile

    def ge_interim_hjalp(self, sammanhang: Sammanhang, id: UUID, ny: InterimHjalp) -> None:
        """Another insats while the person waits."""
        refuse_on(
            [
                *self._om_perioden(ny.fran, ny.till),
                insatstypen_ar_kand(ny.insatstyp, ny.fran, "/insatstyp"),
            ]
        )
        self.record(
            handelser.InterimHjalpGiven,
            sammanhang,
            klient=self.klient,
            hjalp=id,
            insatstyp=ny.insatstyp,
            fran=ny.fran,
            till=ny.till,
        )

    def avsluta_interim_hjalp(self, sammanhang: Sammanhang, id: UUID, till: date) -> None:
        """The help in the meantime ended; ``till`` is its last day."""
        en = self.interim_hjalp[id]
        refuse_on([self.ar_kvar(), *_slutet(en.fran, en.till, till)])
        self.record(
            handelser.InterimHjalpAvslutad, sammanhang, klient=self.klient, hjalp=id, till=till
        )

    def makulera_interim_hjalp(self, sammanhang: Sammanhang, id: UUID, skal: Rattelseskal) -> None:
        """Annul help that was never given."""
        refuse_on([self.ar_kvar()])
        self.record(
            handelser.InterimHjalpMakulerad, sammanhang, klient=self.klient, hjalp=id, skal=skal
        )

    # -- for the events

    def satt_erbjudande(self, id: UUID, ett: Erbjudande) -> None:
        """Put the offer in."""
        self.erbjudanden = {**self.erbjudanden, id: ett}

    def satt_forskjutning(self, id: UUID, en: Forskjutning) -> None:
        """Put the postponement in."""
        self.forskjutningar = {**self.forskjutningar, id: en}

    def satt_interim_hjalp(self, id: UUID, en: InterimHjalp) -> None:
        """Put the help in."""
        self.interim_hjalp = {**self.interim_hjalp, id: en}

    @property
    def drojsmalsdagar(self) -> list[date]:
        """The days on which something recorded here begins."""
        return [
            *(datum for datum, _ in self.drojsmal),
            *(ett.datum for ett in self.erbjudanden.values()),
            *(en.fran for en in self.forskjutningar.values()),
            *(en.fran for en in self.interim_hjalp.values()),
        ]

    def _om_perioden(self, fran: date, till: date | None) -> list[Breach | None]:
        return [*self.om_dagen(fran, "/fran"), regler.period_gar_framat(fran, till, "/till")]

    def _inte_helt_verkstallt(self, dag: date) -> Breach | None:
        if not self.helt_verkstallt_den(dag):
            return None
        return Breach(None, "/fran", "Beslutet är helt verkställt den dagen.")

    def _en_onskan_om_dagen(self, ny: Forskjutning) -> Breach | None:
        dagarna = Dagar(ny.fran, ny.till)
        for en in self.forskjutningar.values():
            if dagarna.delade_med(Dagar(en.fran, en.till)) is not None:
                return Breach(
                    None, "/fran", f"Verkställigheten är redan förskjuten från {en.fran}."
                )
        return None


@rule("R-EVB-13", source="nämndhandling, Borås Stad, mars 2024", consequence="compute")
def niva_for(orsak: Drojsmalsorsak) -> Drojsmalsniva | None:
    """Orsaken till dröjsmålet ligger hos individen eller i strukturen; en okänd har ingen nivå."""
    return DROJSMALSNIVA[orsak]


def insatstypen_ar_kand(namn: str, dag: date, pekare: str) -> Breach | None:
    """The help is one of the insatstyper of the day, never a free text."""
    if any(rad.namn == namn for rad in beviljas(dag)):
        return None
    return Breach(None, pekare, "Insatstypen finns inte den dagen: se /v1/insatstyper.")


def _slutet(fran: date, redan: date | None, till: date) -> list[Breach | None]:
    fel = None
    if redan is not None:
        fel = Breach(None, "/till", f"Sista dagen är redan angiven, {redan}: makulera i stället.")
    return [fel, regler.period_gar_framat(fran, till, "/till")]
