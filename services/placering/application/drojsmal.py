"""Use cases of a beslut that waits: why, offers, postponement, help meanwhile.

Guarantees that nobody says anything of a beslut whose person is another arbetsenhet's (R-SEK-3).
"""

from collections.abc import Container
from datetime import date
from uuid import UUID

from contracts.ord import Drojsmalsorsak, Erbjudandesvar, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.store.decision import Done
from services.chassis.store.errors import NotFound
from services.placering.application.grund import Grund
from services.placering.domain.beslut import Beslut
from services.placering.domain.vantan import Forskjutning, InterimHjalp


class Drojsmalsfall(Grund):
    """What can be said of a beslut's delay."""

    def ange_drojsmalsorsak(
        self, sammanhang: Sammanhang, id: UUID, *, datum: date, orsak: Drojsmalsorsak
    ) -> Done:
        """Say why a beslut is not carried out (R-EVB-13)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.ange_drojsmalsorsak(sammanhang, datum, orsak)
        return self.saved(beslut)

    def lamna_erbjudande(
        self, sammanhang: Sammanhang, id: UUID, *, erbjudande: UUID, datum: date
    ) -> Done:
        """The person was offered the insats."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.lamna_erbjudande(sammanhang, erbjudande, datum)
        return self.saved(beslut)

    def besvara_erbjudande(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        erbjudande: UUID,
        *,
        datum: date,
        svar: Erbjudandesvar,
    ) -> Done:
        """The person accepted or refused an offer (R-EVB-6)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        _krav(beslut.erbjudanden, "Erbjudande", erbjudande)
        beslut.besvara_erbjudande(sammanhang, erbjudande, datum, svar)
        return self.saved(beslut)

    def makulera_erbjudande(
        self, sammanhang: Sammanhang, id: UUID, erbjudande: UUID, *, skal: Rattelseskal
    ) -> Done:
        """Annul an offer, its answer too."""
        beslut = self.hamta(sammanhang, Beslut, id)
        _krav(beslut.erbjudanden, "Erbjudande", erbjudande)
        beslut.makulera_erbjudande(sammanhang, erbjudande, skal)
        return self.saved(beslut)

    def forskjut_beslut(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        forskjutning: UUID,
        fran: date,
        till: date | None,
        lov: bool,
    ) -> Done:
        """The person asked to wait (R-EVB-6, R-EVB-11)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.forskjut(sammanhang, forskjutning, Forskjutning(fran, till, lov))
        return self.saved(beslut)

    def avsluta_forskjutning(
        self, sammanhang: Sammanhang, id: UUID, forskjutning: UUID, *, till: date
    ) -> Done:
        """The person no longer asks to wait."""
        beslut = self.hamta(sammanhang, Beslut, id)
        _krav(beslut.forskjutningar, "Forskjutning", forskjutning)
        beslut.avsluta_forskjutning(sammanhang, forskjutning, till)
        return self.saved(beslut)

    def makulera_forskjutning(
        self, sammanhang: Sammanhang, id: UUID, forskjutning: UUID, *, skal: Rattelseskal
    ) -> Done:
        """Annul a postponement."""
        beslut = self.hamta(sammanhang, Beslut, id)
        _krav(beslut.forskjutningar, "Forskjutning", forskjutning)
        beslut.makulera_forskjutning(sammanhang, forskjutning, skal)
        return self.saved(beslut)

    def ge_interim_hjalp(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        hjalp: UUID,
        insatstyp: str,
        fran: date,
        till: date | None,
    ) -> Done:
        """Another insats while the person waits (R-EVB-3)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.ge_interim_hjalp(sammanhang, hjalp, InterimHjalp(fran, till, insatstyp))
        return self.saved(beslut)

    def avsluta_interim_hjalp(
        self, sammanhang: Sammanhang, id: UUID, hjalp: UUID, *, till: date
    ) -> Done:
        """The help in the meantime ended."""
        beslut = self.hamta(sammanhang, Beslut, id)
        _krav(beslut.interim_hjalp, "InterimHjalp", hjalp)
        beslut.avsluta_interim_hjalp(sammanhang, hjalp, till)
        return self.saved(beslut)

    def makulera_interim_hjalp(
        self, sammanhang: Sammanhang, id: UUID, hjalp: UUID, *, skal: Rattelseskal
    ) -> Done:
        """Annul help that was never given."""
        beslut = self.hamta(sammanhang, Beslut, id)
        _krav(beslut.interim_hjalp, "InterimHjalp", hjalp)
        beslut.makulera_interim_hjalp(sammanhang, hjalp, skal)
        return self.saved(beslut)


def _krav(funna: Container[UUID], vad: str, id: UUID) -> None:
    if id not in funna:
        raise NotFound(vad, id)
