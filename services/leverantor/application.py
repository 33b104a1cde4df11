"""The use cases of the register: load, decide, save.

Guarantees that a use case either stores everything that it decided or nothing, and that each one
can be read from top to bottom. Ids are given by the caller (the API makes them), so that a
repeated command speaks of the same thing.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Dagrakning, Leverantorstyp, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, Refused, refuse_on
from services.chassis.store.application import ServiceApplication
from services.chassis.store.decision import Done
from services.leverantor.domain import regler
from services.leverantor.domain.avtal import Avtal
from services.leverantor.domain.enhet import Enhet
from services.leverantor.domain.leverantor import Leverantor, Organisationsnummer


class LeverantorApplication(ServiceApplication):
    """What the service leverantor can do."""

    name = "leverantor"

    def registrera_leverantor(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        organisationsnummer: str,
        namn: str,
        typ: Leverantorstyp,
    ) -> Done:
        """Register a supplier; its organisationsnummer must be right and free (R-LEV-3)."""
        nummer = self._giltigt(organisationsnummer)
        leverantor = Leverantor.registrera(
            sammanhang, id, organisationsnummer=nummer, namn=namn, typ=typ
        )
        return self.saved(leverantor, self._ta_nummer(sammanhang, nummer, id), status=201)

    def ratta_leverantor(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        organisationsnummer: str,
        namn: str,
        typ: Leverantorstyp,
        skal: Rattelseskal,
    ) -> Done:
        """Correct a supplier's record, its organisationsnummer too (R-LEV-3)."""
        nummer = self._giltigt(organisationsnummer)
        leverantor = self.load(Leverantor, id)
        if nummer != leverantor.organisationsnummer:
            gammalt = self.load(
                Organisationsnummer,
                Organisationsnummer.id_for(sammanhang.kommunkod, leverantor.organisationsnummer),
            )
            gammalt.slapp(sammanhang)
            self.save(gammalt, self._ta_nummer(sammanhang, nummer, id))
        leverantor.ratta(sammanhang, organisationsnummer=nummer, namn=namn, typ=typ, skal=skal)
        return self.saved(leverantor)

    def satt_avropsstopp(self, sammanhang: Sammanhang, id: UUID, *, fran: date) -> Done:
        """Forbid new placements with a supplier (R-PLA-4)."""
        leverantor = self.load(Leverantor, id)
        leverantor.satt_avropsstopp(sammanhang, fran)
        return self.saved(leverantor)

    def hav_avropsstopp(self, sammanhang: Sammanhang, id: UUID, *, fran: date) -> Done:
        """Allow placements with a supplier again."""
        leverantor = self.load(Leverantor, id)
        leverantor.hav_avropsstopp(sammanhang, fran)
        return self.saved(leverantor)

    def registrera_enhet(
        self, sammanhang: Sammanhang, id: UUID, *, leverantor: UUID, namn: str
    ) -> Done:
        """Register a unit of a supplier."""
        agare = self._leverantor(leverantor)
        enhet = Enhet.registrera(
            sammanhang,
            id,
            leverantor=agare.id,
            organisationsnummer=agare.organisationsnummer,
            namn=namn,
        )
        return self.saved(enhet, status=201)

    def satt_grunddygnspris(
        self, sammanhang: Sammanhang, id: UUID, *, fran: date, dygnspris_ore: int
    ) -> Done:
        """Set a unit's list price per day from a date."""
        enhet = self.load(Enhet, id)
        enhet.satt_grunddygnspris(sammanhang, fran=fran, dygnspris_ore=dygnspris_ore)
        return self.saved(enhet)

    def teckna_avtal(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        leverantor: UUID,
        enhet: UUID | None,
        omrade: str,
        fran: date,
        till: date | None,
        dagrakning: Dagrakning,
    ) -> Done:
        """Register an avtal with a supplier."""
        agare = self._leverantor(leverantor)
        refuse_on([regler.period_gar_framat(fran, till, "/till")])
        self._enhet_hos(agare, enhet)
        avtal = Avtal.teckna(
            sammanhang,
            id,
            leverantor=agare.id,
            organisationsnummer=agare.organisationsnummer,
            enhet=enhet,
            omrade=omrade,
            fran=fran,
            till=till,
            dagrakning=dagrakning,
        )
        return self.saved(avtal, status=201)

    def ratta_avtal(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        enhet: UUID | None,
        omrade: str,
        fran: date,
        till: date | None,
        dagrakning: Dagrakning,
        skal: Rattelseskal,
    ) -> Done:
        """Correct an avtal's record."""
        avtal = self.load(Avtal, id)
        refuse_on([regler.period_gar_framat(fran, till, "/till")])
        self._enhet_hos(self._leverantor(avtal.leverantor), enhet)
        avtal.ratta(
            sammanhang,
            enhet=enhet,
            omrade=omrade,
            fran=fran,
            till=till,
            dagrakning=dagrakning,
            skal=skal,
        )
        return self.saved(avtal)

    def agare_av(self, sammanhang: Sammanhang, organisationsnummer: str) -> UUID | None:
        """The supplier that has the organisationsnummer in the kommun."""
        nummer = self.find(
            Organisationsnummer,
            Organisationsnummer.id_for(sammanhang.kommunkod, organisationsnummer),
        )
        return None if nummer is None else nummer.leverantor

    def _giltigt(self, organisationsnummer: str) -> str:
        pekare = "/organisationsnummer"
        refuse_on([regler.organisationsnummer_stammer(organisationsnummer, pekare)])
        nummer = regler.normaliserat(organisationsnummer)
        assert nummer is not None
        return nummer

    def _ta_nummer(
        self, sammanhang: Sammanhang, nummer: str, leverantor: UUID
    ) -> Organisationsnummer:
        id = Organisationsnummer.id_for(sammanhang.kommunkod, nummer)
        kravet = self.find(Organisationsnummer, id)
        upptaget = kravet is not None and kravet.leverantor is not None
        refuse_on([regler.organisationsnummer_ledigt(upptaget, "/organisationsnummer")])
        if kravet is None:
            return Organisationsnummer.ta(sammanhang, nummer, leverantor)
        kravet.ta_igen(sammanhang, leverantor)
        return kravet

    def _leverantor(self, id: UUID) -> Leverantor:
        leverantor = self.find(Leverantor, id)
        if leverantor is None:
            raise Refused(Breach(None, "/leverantor", "Leverantören finns inte."))
        return leverantor

    def _enhet_hos(self, leverantor: Leverantor, id: UUID | None) -> None:
        if id is None:
            return
        enhet = self.find(Enhet, id)
        if enhet is None or enhet.leverantor != leverantor.id:
            raise Refused(Breach(None, "/enhet", "Enheten finns inte hos leverantören."))
