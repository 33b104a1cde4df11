"""Use cases of klienter: register and correct a person.

Guarantees that a personnummer is one person's alone in the kommun: it is claimed in the transaction
that stores the person.
"""

from datetime import date
from uuid import UUID, uuid4

from contracts.ord import Kon, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import admit, refuse_on
from services.chassis.store.decision import Done
from services.placering.application.grund import Grund
from services.placering.domain import regler
from services.placering.domain.klient import (
    FODELSEDATUM,
    NAMN,
    PERSONNUMMER,
    Klient,
    Personnummer,
)
from services.placering.views.personnummer import hash_av_personnummer, krav_for, rad_for


class Klientfall(Grund):
    """What can be done with a person's record."""

    def registrera_klient(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        personnummer: str | None,
        namn: str | None,
        fodelsedatum: date | None,
        kon: Kon,
        skyddad: bool,
        arbetsenhet: str | None,
    ) -> Done:
        """Register a person; a personnummer must be right and nobody else's."""
        admit(regler.inom_arbetsenhet(arbetsenhet, sammanhang.rackvidd, "/arbetsenhet"))
        nummer, fott = _judge_person(personnummer, fodelsedatum)
        krav = None if nummer is None else self._ta_nummer(sammanhang, nummer, id)
        valv = self.valv(sammanhang)
        valv.ny_klient(id)
        klient = Klient.registrera(
            sammanhang,
            id,
            kon=kon,
            fodelsemanad=_manad(fott),
            skyddad=skyddad,
            arbetsenhet=arbetsenhet,
            nummerkrav=None if krav is None else krav.id,
            hemligheter=valv.forsegla_alla(id, 1, _person(nummer, namn, fott)),
        )
        return self.saved(klient, rows=valv.ta_rader(), status=201)

    def ratta_klient(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        personnummer: str | None,
        namn: str | None,
        fodelsedatum: date | None,
        kon: Kon,
        skyddad: bool,
        arbetsenhet: str | None,
        skal: Rattelseskal,
    ) -> Done:
        """Correct a person's record, the personnummer too."""
        klient = self.hamta(sammanhang, Klient, id)
        nummer, fott = _judge_person(personnummer, fodelsedatum)
        krav = self._byt_nummer(sammanhang, klient, nummer)
        valv = self.valv(sammanhang)
        klient.ratta(
            sammanhang,
            kon=kon,
            fodelsemanad=_manad(fott),
            skyddad=skyddad,
            arbetsenhet=arbetsenhet,
            nummerkrav=krav,
            hemligheter=valv.forsegla_alla(id, klient.version + 1, _person(nummer, namn, fott)),
            skal=skal,
        )
        return self.saved(klient, rows=valv.ta_rader())

    def ange_ensamkommande(
        self, sammanhang: Sammanhang, id: UUID, *, fran: date | None, till: date | None
    ) -> Done:
        """Say on which days a person counts as an ensamkommande barn."""
        klient = self.hamta(sammanhang, Klient, id)
        klient.ange_ensamkommande(sammanhang, fran, till)
        return self.saved(klient)

    def _ta_nummer(self, sammanhang: Sammanhang, nummer: str, klient: UUID) -> Personnummer:
        """The number's claim, taken; handed over to be saved with the row that finds it."""
        krav = self._krav_pa(sammanhang, nummer)
        upptaget = krav is not None and krav.klient is not None
        refuse_on([regler.personnummer_ledigt(upptaget, "/personnummer")])
        if krav is not None:
            krav.ta_igen(sammanhang, klient)
            self.save(krav)
            return krav
        krav = Personnummer.ta(sammanhang, uuid4(), klient)
        hashvarde = hash_av_personnummer(self.keyring, nummer)
        self.save(krav, rows=[rad_for(sammanhang.kommunkod, hashvarde, krav.id)])
        return krav

    def _krav_pa(self, sammanhang: Sammanhang, nummer: str) -> Personnummer | None:
        """The claim that the number has, whoever has it."""
        hashvarde = hash_av_personnummer(self.keyring, nummer)
        id = krav_for(self.query, sammanhang.kommunkod, hashvarde)
        if id is None:
            id = Personnummer.id_for(sammanhang.kommunkod, hashvarde.hex())
        return self.find(Personnummer, id)

    def _byt_nummer(
        self, sammanhang: Sammanhang, klient: Klient, nummer: str | None
    ) -> UUID | None:
        """Claim the corrected number and free the old one; the claim that holds now."""
        if nummer is not None:
            krav = self._krav_pa(sammanhang, nummer)
            if krav is not None and krav.id == klient.nummerkrav:
                return krav.id
        elif klient.nummerkrav is None:
            return None
        nytt = None if nummer is None else self._ta_nummer(sammanhang, nummer, klient.id)
        if klient.nummerkrav is not None:
            gammalt = self.load(Personnummer, klient.nummerkrav)
            gammalt.slapp(sammanhang)
            self.save(gammalt)
        return None if nytt is None else nytt.id


def _judge_person(
    personnummer: str | None, fodelsedatum: date | None
) -> tuple[str | None, date | None]:
    """The normalised number and the birth date, which the number says where it is not given."""
    if personnummer is None:
        return None, fodelsedatum
    refuse_on([regler.personnummer_stammer(personnummer, "/personnummer")])
    nummer = regler.normaliserat_personnummer(personnummer)
    assert nummer is not None
    if fodelsedatum is None:
        return nummer, regler.fodelsedatum_ur(nummer)
    refuse_on([regler.fodelsedatum_stammer(nummer, fodelsedatum, "/fodelsedatum")])
    return nummer, fodelsedatum


def _person(nummer: str | None, namn: str | None, fott: date | None) -> dict[str, str | None]:
    return {
        PERSONNUMMER: nummer,
        NAMN: namn,
        FODELSEDATUM: None if fott is None else fott.isoformat(),
    }


def _manad(fott: date | None) -> str | None:
    return None if fott is None else fott.isoformat()[:7]
