"""A beslut: what was granted, whether it still holds, and how it has been carried out.

Guarantees that the dated steps of its execution follow on each other in time (an interruption is
of something begun, a resumption of something interrupted), and that nothing is recorded under a
beslut that is annulled or did not hold on the day. Every placering under it tells it of its stay,
for the first placeringsdag is its verkställighet (R-EVB-14), and a beslut with stays cannot be
annulled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import Omfattning, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on
from services.placering.domain import regler
from services.placering.domain.beslutsfattare import Beslutsfattare
from services.placering.domain.beslutsgrund import Steg, Stegslag
from services.placering.domain.delegater import Beslutstyp
from services.placering.domain.drojsmal import Drojsmal
from services.placering.domain.handelser import beslut as handelser
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.lagrum import Lagrum


@dataclass(frozen=True, slots=True)
class Beslutsuppgifter:
    """What a beslut says; the ground is a row that holds on the beslutsdatum."""

    lagrum: Lagrum
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: Beslutsfattare | None


@dataclass(frozen=True, slots=True)
class Delegation:
    """The delegationsordning's version that a beslut was judged by; ``None``: there was none."""

    ordning: UUID | None = None
    version: int | None = None


__all__ = ["EJ_PROVAD", "Beslut", "Beslutsuppgifter", "Delegation", "Steg"]

EJ_PROVAD = "R-BES-3"
"""The flag of a tjänsteman's beslut that no delegationsordning was there to judge."""


class Beslut(Drojsmal):
    """A favourable beslut about one klient."""

    TOPIC = "placering.Beslut"

    klient: UUID
    lag: str
    lagrum: str
    evb: bool
    insatstyp: str
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: Beslutsfattare | None
    hemligheter: tuple[Hemlighet, ...]
    flaggor: tuple[str, ...]
    beslutstyp: Beslutstyp | None
    delegation: Delegation

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def fatta(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        klient: UUID,
        uppgifter: Beslutsuppgifter,
        hemligheter: Sequence[Hemlighet] = (),
        flaggor: Sequence[str] = (),
    ) -> Self:
        """A new beslut; what it says has been judged."""
        return cls.begin(
            handelser.BeslutFattat,
            id,
            sammanhang,
            klient=klient,
            hemligheter=tuple(hemligheter),
            flaggor=tuple(flaggor),
            **_falt(uppgifter),
        )

    def ratta(
        self,
        sammanhang: Sammanhang,
        *,
        uppgifter: Beslutsuppgifter,
        hemligheter: Sequence[Hemlighet],
        skal: Rattelseskal,
    ) -> None:
        """Correct the record; what has been recorded since must fit the corrected dates."""
        refuse_on(
            [
                self.ar_kvar(),
                self._inget_fore(uppgifter.beslutsdatum),
                self._inget_efter(uppgifter.galler_till),
            ]
        )
        self.record(
            handelser.BeslutRattat,
            sammanhang,
            klient=self.klient,
            hemligheter=tuple(hemligheter),
            skal=skal,
            **_falt(uppgifter),
        )

    def prova_delegation(
        self,
        sammanhang: Sammanhang,
        beslutstyp: Beslutstyp | None,
        delegation: Delegation,
        flaggas: bool,
    ) -> None:
        """Remember what the beslut was judged by, unless it says nothing new."""
        nytt = (beslutstyp, delegation, flaggas)
        if nytt == (self.beslutstyp, self.delegation, EJ_PROVAD in self.flaggor):
            return
        self.record(
            handelser.DelegationProvad,
            sammanhang,
            beslutstyp=beslutstyp,
            ordning=delegation.ordning,
            version=delegation.version,
            flagga=EJ_PROVAD if flaggas else None,
        )

    def makulera(self, sammanhang: Sammanhang, skal: Rattelseskal) -> None:
        """Annul; refused while a placering stands under the beslut."""
        kvar = None
        if self.vistelser:
            kvar = Breach(None, "", "Placeringar under beslutet ska makuleras först.")
        refuse_on([self.ar_kvar(), kvar])
        self.record(handelser.BeslutMakulerat, sammanhang, klient=self.klient, skal=skal)

    # -- verkställighet

    def verkstall(self, sammanhang: Sammanhang, datum: date, omfattning: Omfattning) -> None:
        """The insats began, or its extent changed, on ``datum``."""
        fel = [*self.om_dagen(datum), self._inte_fore_forra(datum)]
        sist = self.steg[-1] if self.steg else None
        if sist is not None and sist.slag == "avbrutet":
            fel.append(
                Breach(None, "/datum", "Verkställigheten är avbruten: ange ett återupptagande.")
            )
        elif self._omfattning is omfattning:
            fel.append(
                Breach(None, "/omfattning", "Beslutet är redan verkställt i den omfattningen.")
            )
        refuse_on(fel)
        self.record(
            handelser.BeslutVerkstallt,
            sammanhang,
            klient=self.klient,
            datum=datum,
            omfattning=omfattning,
        )

    def avbryt(self, sammanhang: Sammanhang, datum: date, *, aven_ej_borjat: bool = False) -> None:
        """The insats is interrupted; ``datum`` is the first day without it.

        ``aven_ej_borjat``: it was begun, but the other system does not say when.
        """
        fel = [*self.om_dagen(datum), self._inte_fore_forra(datum)]
        if not (aven_ej_borjat or self.har_borjat(datum)):
            fel.append(
                Breach("R-EVB-14", "/datum", "Beslutet är inte verkställt och kan inte avbrytas.")
            )
        elif self.avbrott_den(datum):
            fel.append(Breach(None, "/datum", "Verkställigheten är redan avbruten."))
        refuse_on(fel)
        self.record(handelser.BeslutAvbrutet, sammanhang, klient=self.klient, datum=datum)

    def ateruppta(self, sammanhang: Sammanhang, datum: date) -> None:
        """The interrupted insats began again on ``datum``."""
        fel = [*self.om_dagen(datum), self._inte_fore_forra(datum)]
        if not self.avbrott_den(datum):
            fel.append(
                Breach(None, "/datum", "Verkställigheten är inte avbruten och kan inte återupptas.")
            )
        refuse_on(fel)
        self.record(handelser.BeslutAterupptaget, sammanhang, klient=self.klient, datum=datum)

    def upphor(self, sammanhang: Sammanhang, datum: date) -> None:
        """The beslut ends; ``datum`` is the first day on which it no longer holds."""
        fel = [self.ar_kvar(), self.inte_fore_beslutet(datum), self._inte_fore_forra(datum)]
        if self.upphort is not None:
            fel.append(Breach(None, "/datum", f"Beslutet upphörde redan {self.upphort}."))
        if any(fran >= datum for fran, _ in self.vistelser.values()):
            fel.append(Breach(None, "/datum", "En placering under beslutet börjar den dagen."))
        refuse_on(fel)
        self.record(handelser.BeslutUpphort, sammanhang, klient=self.klient, datum=datum)

    # -- stays

    def galler_inte(self, dag: date, pekare: str) -> Breach | None:
        """Why no placering may begin under it on the day; ``None`` when one may."""
        if self.makulerat:
            return Breach(None, "/beslut", "Beslutet är makulerat.")
        if dag < self.beslutsdatum:
            return Breach(
                None, pekare, f"Placeringen börjar före beslutsdatumet {self.beslutsdatum}."
            )
        if self.upphort is not None and dag >= self.upphort:
            return Breach(None, pekare, f"Beslutet upphörde {self.upphort}.")
        if self.galler_till is not None and dag > self.galler_till:
            return Breach(None, pekare, f"Beslutet gäller bara till {self.galler_till}.")
        return None

    def satt_vistelse(
        self, sammanhang: Sammanhang, placering: UUID, fran: date, till: date | None
    ) -> None:
        """A placering under the beslut has this stay."""
        if self.vistelser.get(placering) == (fran, till):
            return
        self.record(
            handelser.VistelseUnderBeslut, sammanhang, placering=placering, fran=fran, till=till
        )

    def stryk_vistelse(self, sammanhang: Sammanhang, placering: UUID) -> None:
        """A placering under the beslut was annulled."""
        self.record(handelser.VistelseUnderBeslutStruken, sammanhang, placering=placering)

    # -- for the events

    def satt_delegation(
        self,
        beslutstyp: Beslutstyp | None,
        ordning: UUID | None,
        version: int | None,
        flagga: str | None,
    ) -> None:
        """Remember the newest verdict, and flag what could not be judged."""
        kvar = tuple(en for en in self.flaggor if en != EJ_PROVAD)
        self.flaggor = kvar if flagga is None else (*kvar, flagga)
        self.beslutstyp = beslutstyp
        self.delegation = Delegation(ordning, version)

    def lagg_till_steg(
        self, slag: Stegslag, datum: date, omfattning: Omfattning | None = None
    ) -> None:
        """Remember a step behind the others."""
        self.steg = [*self.steg, Steg(slag, datum, omfattning)]

    # -- what the rules ask

    @property
    def _omfattning(self) -> Omfattning | None:
        """How much of it is carried out by what was recorded; ``None`` when nothing is."""
        sagt = [steg.omfattning for steg in self.steg if steg.slag == "verkstallt"]
        return sagt[-1] if sagt else None

    def _inte_fore_forra(self, dag: date) -> Breach | None:
        if not self.steg:
            return None
        forra = self.steg[-1].datum
        return regler.inte_fore(dag, forra, "/datum", f"Dagen ligger före förra steget, {forra}.")

    @property
    def _dagar(self) -> list[date]:
        """The days on which something recorded under the beslut begins."""
        fran = [fran for fran, _ in self.vistelser.values()]
        slut = [] if self.upphort is None else [self.upphort]
        return [*fran, *slut, *(steg.datum for steg in self.steg), *self.drojsmalsdagar]

    def _inget_fore(self, beslutsdatum: date) -> Breach | None:
        forst = min(self._dagar, default=beslutsdatum)
        text = f"Något under beslutet är registrerat redan {forst}."
        return regler.inte_fore(forst, beslutsdatum, "/beslutsdatum", text)

    def _inget_efter(self, galler_till: date | None) -> Breach | None:
        fran = max((fran for fran, _ in self.vistelser.values()), default=None)
        if galler_till is None or fran is None:
            return None
        text = f"En placering under beslutet börjar {fran}."
        return regler.inte_fore(galler_till, fran, "/galler_till", text)


def _falt(uppgifter: Beslutsuppgifter) -> dict[str, object]:
    return {
        "lag": uppgifter.lagrum.lag,
        "lagrum": uppgifter.lagrum.text,
        "evb": uppgifter.lagrum.evb,
        "insatstyp": uppgifter.insatstyp,
        "beslutsdatum": uppgifter.beslutsdatum,
        "galler_till": uppgifter.galler_till,
        "namnd": uppgifter.namnd,
        "arbetsenhet": uppgifter.arbetsenhet,
        "beslutsfattare": uppgifter.beslutsfattare,
    }
