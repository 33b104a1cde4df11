"""Events of a beslut that waits: why, offers, postponement, help meanwhile."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.ord import Drojsmalsorsak, Erbjudandesvar, Rattelseskal
from services.chassis.aggregate import Handelse
from services.placering.domain.vantan import Erbjudande, Forskjutning, InterimHjalp

if TYPE_CHECKING:
    from services.placering.domain.drojsmal import Drojsmal


class DrojsmalsorsakAngiven(Handelse):
    """Why the beslut is not carried out, from ``datum`` on (R-EVB-13)."""

    TOPIC = "placering.DrojsmalsorsakAngiven"

    klient: UUID
    datum: date
    orsak: Drojsmalsorsak

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember the reason beside the earlier ones."""
        aggregate.drojsmal = [*aggregate.drojsmal, (self.datum, self.orsak)]


class ErbjudandeLamnat(Handelse):
    """The person was offered the insats, or a part of it, on ``datum``."""

    TOPIC = "placering.ErbjudandeLamnat"

    klient: UUID
    erbjudande: UUID
    datum: date

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember it as not answered."""
        aggregate.satt_erbjudande(self.erbjudande, Erbjudande(self.datum))


class ErbjudandeBesvarat(Handelse):
    """The person's answer to an offer; a refusal ends nothing (R-EVB-6)."""

    TOPIC = "placering.ErbjudandeBesvarat"

    klient: UUID
    erbjudande: UUID
    datum: date
    svar: Erbjudandesvar

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember the answer."""
        ett = aggregate.erbjudanden[self.erbjudande]
        ett = replace(ett, svar=self.svar, svarsdatum=self.datum)
        aggregate.satt_erbjudande(self.erbjudande, ett)


class ErbjudandeMakulerat(Handelse):
    """The offer should never have been recorded."""

    TOPIC = "placering.ErbjudandeMakulerat"

    klient: UUID
    erbjudande: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Drojsmal") -> None:
        """Forget it."""
        kvar = dict(aggregate.erbjudanden)
        del kvar[self.erbjudande]
        aggregate.erbjudanden = kvar


class BeslutForskjutet(Handelse):
    """The person asked to wait, from ``fran`` to ``till`` (``None``: until further notice)."""

    TOPIC = "placering.BeslutForskjutet"

    klient: UUID
    forskjutning: UUID
    fran: date
    till: date | None
    lov: bool

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember the wish."""
        en = Forskjutning(self.fran, self.till, self.lov)
        aggregate.satt_forskjutning(self.forskjutning, en)


class ForskjutningAvslutad(Handelse):
    """The person no longer asks to wait after ``till``."""

    TOPIC = "placering.ForskjutningAvslutad"

    klient: UUID
    forskjutning: UUID
    till: date

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember the last day."""
        en = aggregate.forskjutningar[self.forskjutning]
        aggregate.satt_forskjutning(self.forskjutning, replace(en, till=self.till))


class ForskjutningMakulerad(Handelse):
    """Nobody asked for the postponement."""

    TOPIC = "placering.ForskjutningMakulerad"

    klient: UUID
    forskjutning: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Drojsmal") -> None:
        """Forget it."""
        kvar = dict(aggregate.forskjutningar)
        del kvar[self.forskjutning]
        aggregate.forskjutningar = kvar


class InterimHjalpGiven(Handelse):
    """Another insats in the meantime, from ``fran`` to ``till``."""

    TOPIC = "placering.InterimHjalpGiven"

    klient: UUID
    hjalp: UUID
    insatstyp: str
    fran: date
    till: date | None

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember the help."""
        en = InterimHjalp(self.fran, self.till, self.insatstyp)
        aggregate.satt_interim_hjalp(self.hjalp, en)


class InterimHjalpAvslutad(Handelse):
    """The help in the meantime ended; ``till`` is its last day."""

    TOPIC = "placering.InterimHjalpAvslutad"

    klient: UUID
    hjalp: UUID
    till: date

    def apply(self, aggregate: "Drojsmal") -> None:
        """Remember the last day."""
        en = aggregate.interim_hjalp[self.hjalp]
        aggregate.satt_interim_hjalp(self.hjalp, replace(en, till=self.till))


class InterimHjalpMakulerad(Handelse):
    """The help was never given."""

    TOPIC = "placering.InterimHjalpMakulerad"

    klient: UUID
    hjalp: UUID
    skal: Rattelseskal

    def apply(self, aggregate: "Drojsmal") -> None:
        """Forget it."""
        kvar = dict(aggregate.interim_hjalp)
        del kvar[self.hjalp]
        aggregate.interim_hjalp = kvar
