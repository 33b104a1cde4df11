"""Use cases of homes: register, correct, judge, approve, say how many places there are.

Guarantees that a home that belongs to an arbetsenhet is changed by those who belong there
(R-SEK-3), and that its carers' personal data are stored encrypted under a key of the home's own.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Form, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, admit, refuse_on
from services.chassis.store.decision import Done
from services.chassis.store.errors import NotFound
from services.placering.application.boende import Boendefall
from services.placering.application.placeringar import organisationsnummer
from services.placering.domain import delegationsregler, hemregler, regler
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.hem import ADRESS, KONTAKT, NAMN, Hem
from services.placering.domain.hemuppgifter import (
    AnnanKommunsBarn,
    Godkannande,
    Hemreferens,
    Hemutfall,
    Hemutredning,
    Referenskalla,
)
from services.placering.views.register import las_register

EJ_PROVAD = "R-BES-3"
"""Flagged where no delegationsordning was there to judge an official by."""


class Hemfall(Boendefall):
    """What can be done with a home."""

    def registrera_hem(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        beteckning: str,
        arbetsenhet: str | None,
        natverk: bool,
        fran: date,
        leverantor: str | None,
        platser: int,
        namn: str | None,
        kontakt: str | None,
        adress: str | None,
    ) -> Done:
        """A new home, the kommun's own or a leverantör's from its first day (R-PLA-16)."""
        admit(hemregler.hemmet_inom_arbetsenhet(arbetsenhet, sammanhang.rackvidd, "/arbetsenhet"))
        nummer = organisationsnummer(leverantor)
        refuse_on([self.leverantoren_finns(sammanhang, nummer)])
        valv = self.valv(sammanhang)
        valv.ny_klient(id)
        hem = Hem.registrera(
            sammanhang,
            id,
            beteckning=beteckning,
            arbetsenhet=arbetsenhet,
            natverk=natverk,
            fran=fran,
            leverantor=nummer,
            platser=platser,
            hemligheter=valv.forsegla_alla(id, 1, _uppgifter(namn, kontakt, adress)),
        )
        return self.saved(hem, rows=valv.ta_rader(), status=201)

    def ratta_hem(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        beteckning: str,
        arbetsenhet: str | None,
        natverk: bool,
        fran: date,
        till: date | None,
        namn: str | None,
        kontakt: str | None,
        adress: str | None,
        skal: Rattelseskal,
    ) -> Done:
        """Correct a home's record, the carers' personal data too."""
        hem = self.hamta_hem(sammanhang, id)
        valv = self.valv(sammanhang)
        hem.ratta(
            sammanhang,
            beteckning=beteckning,
            arbetsenhet=arbetsenhet,
            natverk=natverk,
            fran=fran,
            till=till,
            hemligheter=valv.forsegla_alla(id, hem.version + 1, _uppgifter(namn, kontakt, adress)),
            skal=skal,
        )
        return self.saved(hem, rows=valv.ta_rader())

    def makulera_hem(self, sammanhang: Sammanhang, id: UUID, *, skal: Rattelseskal) -> Done:
        """Annul a home that no placering names."""
        hem = self.hamta_hem(sammanhang, id)
        hem.makulera(sammanhang, skal)
        return self.saved(hem)

    def satt_platser(self, sammanhang: Sammanhang, id: UUID, *, fran: date, antal: int) -> Done:
        """How many places the home has from a day on (R-PLA-9)."""
        hem = self.hamta_hem(sammanhang, id)
        hem.satt_platser(sammanhang, fran, antal)
        return self.saved(hem)

    def satt_arvodesniva(self, sammanhang: Sammanhang, id: UUID, *, fran: date, niva: str) -> Done:
        """The level of the home's arvode from a day on."""
        hem = self.hamta_hem(sammanhang, id)
        hem.satt_arvodesniva(sammanhang, fran, niva)
        return self.saved(hem)

    def satt_tillhorighet(
        self, sammanhang: Sammanhang, id: UUID, *, fran: date, leverantor: str | None
    ) -> Done:
        """Whose the home is from a day on, where nobody is left behind (R-PLA-16)."""
        hem = self.hamta_hem(sammanhang, id)
        nummer = organisationsnummer(leverantor)
        refuse_on([self.leverantoren_finns(sammanhang, nummer)])
        hem.satt_tillhorighet(sammanhang, fran, nummer)
        return self.saved(hem)

    def avsluta_hem(self, sammanhang: Sammanhang, id: UUID, *, till: date) -> Done:
        """The home takes nobody in after a day."""
        hem = self.hamta_hem(sammanhang, id)
        hem.avsluta(sammanhang, till)
        return self.saved(hem)

    def underratta_ivo(self, sammanhang: Sammanhang, id: UUID, *, fran: date, datum: date) -> Done:
        """IVO was told of more than three placed children in the home (R-PLA-8)."""
        hem = self.hamta_hem(sammanhang, id)
        hem.underratta_ivo(sammanhang, fran, datum)
        return self.saved(hem)

    def satt_annan_kommuns_barn(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        barn: UUID,
        kommun: str,
        referens: str,
        fran: date,
        till: date | None,
    ) -> Done:
        """A child whom another kommun placed takes a place; a known id replaces that row."""
        hem = self.hamta_hem(sammanhang, id)
        hem.satt_andras(sammanhang, barn, AnnanKommunsBarn(kommun, referens, fran, till))
        return self.saved(hem)

    def stryk_annan_kommuns_barn(
        self, sammanhang: Sammanhang, id: UUID, barn: UUID, *, skal: Rattelseskal
    ) -> Done:
        """Annul the row of another kommun's child."""
        hem = self.hamta_hem(sammanhang, id)
        if barn not in hem.andras:
            raise NotFound("AnnanKommunsBarn", barn)
        hem.stryk_andras(sammanhang, barn, skal)
        return self.saved(hem)

    def utred_hem(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        utredning: UUID,
        inledd: date | None,
        avslutad: date,
        utfall: Hemutfall,
        text: str | None,
    ) -> Done:
        """A utredning of the home was finished; with a known id it replaces that one."""
        hem = self.hamta_hem(sammanhang, id)
        valv = self.valv(sammanhang)
        hem.utred(
            sammanhang,
            utredning,
            Hemutredning(inledd, avslutad, utfall),
            valv.forsegla_alla(id, hem.version + 1, {f"utredning/{utredning}/text": text}),
        )
        return self.saved(hem, rows=valv.ta_rader())

    def ta_hemreferens(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        referens: UUID,
        datum: date,
        kalla: Referenskalla,
        kommun: str | None,
        text: str | None,
    ) -> Done:
        """Somebody spoke for the home; with a known id it replaces that reference."""
        hem = self.hamta_hem(sammanhang, id)
        valv = self.valv(sammanhang)
        hem.ta_referens(
            sammanhang,
            referens,
            Hemreferens(datum, kalla, kommun),
            valv.forsegla_alla(id, hem.version + 1, {f"referens/{referens}/text": text}),
        )
        return self.saved(hem, rows=valv.ta_rader())

    def godkann_hem(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        godkannande: UUID,
        form: Form,
        beslutsdatum: date,
        fran: date,
        till: date | None,
        namnd: str | None,
        beslutsfattare: Beslutsfattare | None,
    ) -> Done:
        """Approve the home (R-BES-4), judged by the delegationsordning of its day (R-BES-9)."""
        hem = self.hamta_hem(sammanhang, id)
        refuse_on(
            [
                regler.namnd_ar_angiven(namnd, "/namnd"),
                regler.beslutsfattare_ar_angiven(beslutsfattare, "/beslutsfattare"),
                hemregler.godkannande_har_lagrum(form, beslutsdatum, "/beslutsdatum"),
            ]
        )
        assert namnd is not None
        assert beslutsfattare is not None
        lagrum = hemregler.godkannandelagrum(form, beslutsdatum)
        assert lagrum is not None
        arende = delegationsregler.Arende(hemregler.GODKANNS_SOM[form], lagrum, beslutsdatum, till)
        ordning, version, flaggor = self._prova_ratten(sammanhang, namnd, arende, beslutsfattare)
        if hemregler.utrett_fore_godkannande(hem.utrett(beslutsdatum), "") is not None:
            flaggor = (*flaggor, "R-PLA-17")
        hem.godkann(
            sammanhang,
            godkannande,
            Godkannande(
                form, lagrum, beslutsdatum, fran, till, namnd, beslutsfattare, ordning, version,
                flaggor,
            ),
        )  # fmt: skip
        return self.saved(hem)

    def makulera_hemuppgift(
        self, sammanhang: Sammanhang, id: UUID, uppgift: UUID, *, skal: Rattelseskal
    ) -> Done:
        """Annul a utredning, a referens or a godkännande."""
        hem = self.hamta_hem(sammanhang, id)
        if not hem.har_uppgift(uppgift):
            raise NotFound("Hemuppgift", uppgift)
        hem.makulera_uppgift(sammanhang, uppgift, skal)
        return self.saved(hem)

    # -- parts of use cases

    def hamta_hem(self, sammanhang: Sammanhang, id: UUID) -> Hem:
        """The home that a command is about, where the caller may change it (R-SEK-3)."""
        hem = self.load(Hem, id)
        admit(hemregler.hemmet_inom_arbetsenhet(hem.arbetsenhet, sammanhang.rackvidd))
        return hem

    def leverantoren_finns(self, sammanhang: Sammanhang, nummer: str | None) -> Breach | None:
        """The breach of a home that belongs to somebody who is not in the register."""
        if nummer is None:
            return None
        register = las_register(self.query, sammanhang.kommunkod, [nummer])
        return regler.leverantor_finns(register.leverantor(nummer), "/leverantor")

    def _prova_ratten(
        self,
        sammanhang: Sammanhang,
        namnd: str,
        arende: delegationsregler.Arende,
        vem: Beslutsfattare,
    ) -> tuple[UUID | None, int | None, tuple[str, ...]]:
        """The delegationsordning and version that hold, and the flags of who approves."""
        pekare = "/beslutsfattare"
        refuse_on(
            [
                delegationsregler.utskott_godkanner_jourhem(arende, vem, pekare),
                delegationsregler.beslutet_haller_gransen(arende, vem, pekare),
            ]
        )
        id = Delegationsordning.id_for(sammanhang.kommunkod, namnd)
        ordning = self.find(Delegationsordning, id)
        version = None if ordning is None else ordning.galler(arende.beslutsdatum)
        if version is None:
            tjansteman = vem.slag is Beslutsfattarslag.TJANSTEMAN
            return None, None, (EJ_PROVAD,) if tjansteman else ()
        refuse_on([delegationsregler.delegaten_har_ratt(arende, vem, version.rader, pekare)])
        return id, version.nr, ()


def _uppgifter(namn: str | None, kontakt: str | None, adress: str | None) -> dict[str, str | None]:
    return {NAMN: namn, KONTAKT: kontakt, ADRESS: adress}
