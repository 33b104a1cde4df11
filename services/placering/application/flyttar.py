"""Use cases of moves: one stay ends and the next begins, in one command.

Guarantees that both are stored or neither: a move that is refused leaves the old stay running.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Avslutsorsak, Form, Regi, SkalUtomRamavtal
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on
from services.chassis.store.decision import Done
from services.placering.application.placeringar import (
    Placeringsfall,
    organisationsnummer,
    utom_ramavtal_falt,
)
from services.placering.domain import flytt, regler
from services.placering.domain.bedomning import Begaran
from services.placering.domain.beslut import Beslut
from services.placering.domain.placering import Avslut, Placering


class Flyttfall(Placeringsfall):
    """What moves a person from one home to the next."""

    def omplacera(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        ny: UUID,
        *,
        till: date | None,
        beslut: UUID,
        placeringsform: str,
        leverantor: str | None,
        enhet: UUID | None,
        avtal: UUID | None,
        regi: Regi | None,
        fran: date,
        dygnspris_ore: int | None,
        skal_utom_ramavtal: SkalUtomRamavtal | None,
        text: str | None,
        hem: UUID | None = None,
    ) -> Done:
        """To another home; ``till`` is the last day in the old one, without it the new's first."""
        begaran = Begaran(
            placeringsform=placeringsform,
            leverantor=organisationsnummer(leverantor),
            enhet=enhet,
            avtal=avtal,
            regi=regi,
            fran=fran,
            dygnspris_ore=dygnspris_ore,
            skal_utom_ramavtal=skal_utom_ramavtal,
            har_text=text is not None,
        )
        avslut = Avslut(till or fran, Avslutsorsak.OMPLACERING, beslut_bestar=False)
        return self._flytta(sammanhang, (id, ny), beslut, begaran, avslut, text, hem)

    def omvandla(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        ny: UUID,
        *,
        beslut: UUID,
        placeringsform: str,
        fran: date,
        dygnspris_ore: int | None,
    ) -> Done:
        """The consultant's home becomes the kommun's own on ``fran`` (R-PLA-13), the same home."""
        hem = self.hamta(sammanhang, Placering, id).hem
        begaran = flytt.eget_hem(placeringsform, fran, dygnspris_ore)
        avslut = Avslut(fran, Avslutsorsak.OMVANDLING, beslut_bestar=False)
        return self._flytta(sammanhang, (id, ny), beslut, begaran, avslut, None, hem)

    def _flytta(
        self,
        sammanhang: Sammanhang,
        ids: tuple[UUID, UUID],
        beslut: UUID,
        begaran: Begaran,
        avslut: Avslut,
        text: str | None,
        hem: UUID | None,
    ) -> Done:
        id, ny = ids
        placering = self.hamta(sammanhang, Placering, id)
        klient, fran = placering.klient, begaran.fran
        beslutet = self._beslut_om(klient, beslut)
        uppgifter, fel = self._bedom(sammanhang, begaran)
        if avslut.orsak is Avslutsorsak.OMVANDLING:
            fel = [*fel, *_om_omvandlingen(placering, uppgifter.form, uppgifter.regi)]
        hemmet = self.prova_hem(hem, klient, uppgifter, None, utom=id)
        krock = self.krock(sammanhang, klient, fran, None, utom=id, borta=())
        refuse_on(
            [
                placering.ar_kvar(),
                placering.redan_avslutad("/till"),
                regler.period_gar_framat(placering.fran, avslut.till, "/till"),
                flytt.flytt_utan_uppehall(avslut.till, fran, "/till"),
                *fel,
                *hemmet.fel,
                beslutet.galler_inte(fran, "/fran"),
                regler.en_vistelse_om_dagen(krock, "/fran"),
            ]
        )
        valv = self.valv(sammanhang)
        placering.avsluta(sammanhang, avslut)
        self.placera(sammanhang, placering, self.load(Beslut, placering.beslut), valv)
        nasta = Placering.inled(
            sammanhang,
            ny,
            klient=klient,
            beslut=beslut,
            uppgifter=uppgifter,
            hemligheter=valv.forsegla_alla(klient, 1, {utom_ramavtal_falt(ny): text}),
            flaggor=hemmet.flaggor,
        )
        nasta.bo_i(sammanhang, hem)
        self.placera(sammanhang, nasta, beslutet, valv)
        return Done(ny, nasta.version, 201)


def _om_omvandlingen(forra: Placering, form: Form, regi: Regi) -> list[Breach]:
    funna = (
        flytt.omvandlas_fran_konsulentstott(forra.regi, ""),
        flytt.omvandlas_till_eget(forra.form, form, regi, "/placeringsform"),
    )
    return [brott for brott in funna if brott is not None]
