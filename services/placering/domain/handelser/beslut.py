"""Events of a beslut: what it says, how it is carried out, and the stays under it."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import (
    Omfattning,
    Rattelseskal,
)
from services.chassis.aggregate import Handelse, Skapelse
from services.placering.domain.beslutsfattare import Beslutsfattare
from services.placering.domain.delegater import Beslutstyp
from services.placering.domain.hemlighet import Hemlighet

if TYPE_CHECKING:
    from services.placering.domain.beslut import Beslut


class BeslutFattat(Skapelse):
    """An insats was granted (R-BES-1)."""

    TOPIC = "placering.BeslutFattat"

    klient: UUID
    lag: str
    lagrum: str
    evb: bool
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: Beslutsfattare | None
    hemligheter: tuple[Hemlighet, ...]
    flaggor: tuple[str, ...]
    """Rules that a row taken over did not meet (R-PLA-18); R-BES-3: nothing could judge it."""

    def apply(self, aggregate: "Beslut") -> None:
        """Begin as decided and not carried out."""
        aggregate.klient = self.klient
        aggregate.flaggor = self.flaggor
        aggregate.makulerat = False
        aggregate.upphort = None
        aggregate.steg = []
        aggregate.drojsmal = []
        aggregate.erbjudanden = {}
        aggregate.forskjutningar = {}
        aggregate.interim_hjalp = {}
        aggregate.vistelser = {}
        aggregate.satt_delegation(None, None, None, _ej_provad(self.flaggor))
        _beslutets_uppgifter(aggregate, self)


def _ej_provad(flaggor: tuple[str, ...]) -> str | None:
    return "R-BES-3" if "R-BES-3" in flaggor else None


class BeslutRattat(Handelse):
    """The beslut's record was corrected; the fields are those that hold now."""

    TOPIC = "placering.BeslutRattat"

    klient: UUID
    lag: str
    lagrum: str
    evb: bool
    insatstyp: str
    beslutsdatum: date
    galler_till: date | None
    namnd: str | None
    arbetsenhet: str | None
    beslutsfattare: Beslutsfattare | None
    hemligheter: tuple[Hemlighet, ...]
    skal: Rattelseskal

    def apply(self, aggregate: "Beslut") -> None:
        """Take the corrected fields."""
        _beslutets_uppgifter(aggregate, self)


def _beslutets_uppgifter(beslut: "Beslut", handelse: BeslutFattat | BeslutRattat) -> None:
    beslut.lag = handelse.lag
    beslut.lagrum = handelse.lagrum
    beslut.evb = handelse.evb
    beslut.insatstyp = handelse.insatstyp
    beslut.beslutsdatum = handelse.beslutsdatum
    beslut.galler_till = handelse.galler_till
    beslut.namnd = handelse.namnd
    beslut.arbetsenhet = handelse.arbetsenhet
    beslut.beslutsfattare = handelse.beslutsfattare
    beslut.hemligheter = handelse.hemligheter


class BeslutMakulerat(Handelse):
    """The beslut should never have been recorded."""

    TOPIC = "placering.BeslutMakulerat"

    klient: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Beslut") -> None:
        """Nothing more can be done with it."""
        aggregate.makulerat = True


class BeslutVerkstallt(Handelse):
    """The insats began on ``datum``, wholly or in part."""

    TOPIC = "placering.BeslutVerkstallt"

    klient: UUID
    datum: date
    omfattning: Omfattning

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the step."""
        aggregate.lagg_till_steg("verkstallt", self.datum, self.omfattning)


class BeslutAvbrutet(Handelse):
    """The insats was interrupted; ``datum`` is the first day without it."""

    TOPIC = "placering.BeslutAvbrutet"

    klient: UUID
    datum: date

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the step."""
        aggregate.lagg_till_steg("avbrutet", self.datum)


class BeslutAterupptaget(Handelse):
    """The interrupted insats began again on ``datum``."""

    TOPIC = "placering.BeslutAterupptaget"

    klient: UUID
    datum: date

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the step."""
        aggregate.lagg_till_steg("aterupptaget", self.datum)


class BeslutUpphort(Handelse):
    """The beslut ended; ``datum`` is the first day on which it no longer holds."""

    TOPIC = "placering.BeslutUpphort"

    klient: UUID
    datum: date

    def apply(self, aggregate: "Beslut") -> None:
        """Remember from when."""
        aggregate.upphort = self.datum


class VistelseUnderBeslut(Handelse):
    """A placering under the beslut has, or now has, this stay (R-EVB-14)."""

    TOPIC = "placering.VistelseUnderBeslut"

    placering: UUID
    fran: date
    till: date | None

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the stay."""
        aggregate.vistelser = {**aggregate.vistelser, self.placering: (self.fran, self.till)}


class VistelseUnderBeslutStruken(Handelse):
    """The placering was annulled: no stay of it under the beslut."""

    TOPIC = "placering.VistelseUnderBeslutStruken"

    placering: UUID

    def apply(self, aggregate: "Beslut") -> None:
        """Forget the stay."""
        aggregate.vistelser = {
            id: stay for id, stay in aggregate.vistelser.items() if id != self.placering
        }


class DelegationProvad(Handelse):
    """The beslut was judged by the nämnd's delegationsordning (R-BES-3).

    ``version`` ``None``: there was none in force on the beslutsdatum, and a tjänsteman decided.
    """

    TOPIC = "placering.DelegationProvad"

    beslutstyp: Beslutstyp | None
    ordning: UUID | None
    version: int | None
    flagga: str | None
    """The rule that could not be judged."""

    def apply(self, aggregate: "Beslut") -> None:
        """Remember the verdict in the place of an earlier one."""
        aggregate.satt_delegation(self.beslutstyp, self.ordning, self.version, self.flagga)
