"""Use cases of placeringar: begin, price, end, correct, annul.

Guarantees that a placering is saved together with what must agree with it: the person's calendar
(R-PLA-1), the beslut and the home where the person lives (R-PLA-9).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from contracts.ord import Avslutsorsak, Destination, Rattelseskal, Regi, SkalUtomRamavtal
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, Refused, refuse_on
from services.chassis.store.decision import Done
from services.placering.application.boende import Boendefall
from services.placering.domain import regler
from services.placering.domain.bedomning import Begaran, Uppgifter, bedom
from services.placering.domain.beslut import Beslut
from services.placering.domain.betalare import Andelar
from services.placering.domain.dagar import Dagar
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.placering import Avslut, Placering
from services.placering.domain.vistelsekalender import Vistelse, Vistelsekalender
from services.placering.views.personuppgifter import Personvalv
from services.placering.views.register import las_register


class Placeringsfall(Boendefall):
    """What can be done with a placering."""

    def inled_placering(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        klient: UUID,
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
        """Begin a stay under a beslut, where the register and the person's calendar allow it."""
        self.krav_pa_klient(sammanhang, klient)
        beslutet = self._beslut_om(klient, beslut)
        uppgifter, fel = self._bedom(
            sammanhang,
            Begaran(
                placeringsform=placeringsform,
                leverantor=organisationsnummer(leverantor),
                enhet=enhet,
                avtal=avtal,
                regi=regi,
                fran=fran,
                dygnspris_ore=dygnspris_ore,
                skal_utom_ramavtal=skal_utom_ramavtal,
                har_text=text is not None,
            ),
        )
        hemmet = self.prova_hem(hem, klient, uppgifter, None)
        krock = self.krock(sammanhang, klient, fran, None)
        refuse_on(
            [
                *fel,
                *hemmet.fel,
                beslutet.galler_inte(fran, "/fran"),
                regler.en_vistelse_om_dagen(krock, "/fran"),
            ]
        )
        valv = self.valv(sammanhang)
        placering = Placering.inled(
            sammanhang,
            id,
            klient=klient,
            beslut=beslut,
            uppgifter=uppgifter,
            hemligheter=valv.forsegla_alla(klient, 1, {utom_ramavtal_falt(id): text}),
            flaggor=hemmet.flaggor,
        )
        placering.bo_i(sammanhang, hem)
        self.placera(sammanhang, placering, beslutet, valv)
        return Done(id, placering.version, 201)

    def ratta_placering(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        placeringsform: str,
        leverantor: str | None,
        enhet: UUID | None,
        avtal: UUID | None,
        regi: Regi | None,
        fran: date,
        dygnspris_ore: int | None,
        skal_utom_ramavtal: SkalUtomRamavtal | None,
        text: str | None,
        till: date | None,
        orsak: Avslutsorsak | None,
        avslutstext: str | None,
        beslut_bestar: bool,
        skal: Rattelseskal,
        hem: UUID | None = None,
    ) -> Done:
        """Correct a placering's record, its end too; it is judged as a new one.

        An explanation that was given before need not be given again.
        """
        placering = self.hamta(sammanhang, Placering, id)
        texter = {utom_ramavtal_falt(id): text, avslut_falt(id): avslutstext}
        kvar = _behall(
            placering.hemligheter,
            texter,
            {
                utom_ramavtal_falt(id): skal_utom_ramavtal is SkalUtomRamavtal.ANNAT,
                avslut_falt(id): orsak is Avslutsorsak.ANNAN,
            },
        )
        har_text = {falt for falt, varde in texter.items() if varde} | {h.falt for h in kvar}
        begaran = Begaran(
            placeringsform=placeringsform,
            leverantor=organisationsnummer(leverantor),
            enhet=enhet,
            avtal=avtal,
            regi=regi,
            fran=fran,
            dygnspris_ore=dygnspris_ore,
            skal_utom_ramavtal=skal_utom_ramavtal,
            har_text=utom_ramavtal_falt(id) in har_text,
        )
        flyttad = (begaran.leverantor, fran) != (placering.leverantor, placering.fran)
        uppgifter, fel = self._bedom(sammanhang, begaran, aven_stopp=flyttad)
        beslutet = self.load(Beslut, placering.beslut)
        hemmet = self.prova_hem(hem, placering.klient, uppgifter, till, utom=id)
        krock = self.krock(sammanhang, placering.klient, fran, till, utom=id)
        refuse_on(
            [
                placering.ar_kvar(),
                *fel,
                *hemmet.fel,
                *_judge_avslut(fran, till, orsak, avslut_falt(id) in har_text, "/avslutstext"),
                beslutet.galler_inte(fran, "/fran"),
                regler.en_vistelse_om_dagen(krock, "/fran"),
            ]
        )
        avslut = None if till is None or orsak is None else Avslut(till, orsak, beslut_bestar)
        valv = self.valv(sammanhang)
        nya = valv.forsegla_alla(placering.klient, placering.version + 1, texter)
        placering.ratta(
            sammanhang, uppgifter=uppgifter, avslut=avslut, hemligheter=(*kvar, *nya), skal=skal
        )
        self.byt_hem(sammanhang, placering, hem)
        self.placera(sammanhang, placering, beslutet, valv)
        return Done(id, placering.version)

    def satt_betalare(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        fran: date,
        ifo: int,
        annan_namnd: int,
        region: int,
        migrationsverket: int,
    ) -> Done:
        """Say who pays what share from a day on (R-KOS-15), also a day long past."""
        placering = self.hamta(sammanhang, Placering, id)
        andelar = Andelar(ifo, annan_namnd, region, migrationsverket)
        placering.satt_betalare(sammanhang, fran, andelar)
        return self.saved(placering)

    def planera_slut(self, sammanhang: Sammanhang, id: UUID, *, planerat_slut: date | None) -> Done:
        """Say when a stay is meant to end, or that nothing is planned."""
        placering = self.hamta(sammanhang, Placering, id)
        placering.planera_slut(sammanhang, planerat_slut)
        return self.saved(placering)

    def avsluta_placering(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        till: date,
        orsak: Avslutsorsak | None,
        text: str | None,
        beslut_bestar: bool,
        destination: Destination | None = None,
    ) -> Done:
        """End a stay with its reason (R-PLA-12); the days after it are free."""
        placering = self.hamta(sammanhang, Placering, id)
        fel = _judge_avslut(placering.fran, till, orsak, text is not None, "/text")
        refuse_on([placering.ar_kvar(), *fel])
        assert orsak is not None
        valv = self.valv(sammanhang)
        hemligheter = valv.forsegla_alla(
            placering.klient, placering.version + 1, {avslut_falt(id): text}
        )
        placering.avsluta(sammanhang, Avslut(till, orsak, beslut_bestar), hemligheter)
        if destination is not None:
            placering.ange_destination(sammanhang, destination)
        self.placera(sammanhang, placering, self.load(Beslut, placering.beslut), valv)
        return Done(id, placering.version)

    def ange_destination(
        self, sammanhang: Sammanhang, id: UUID, *, destination: Destination | None
    ) -> Done:
        """Say where the person went when the stay ended."""
        placering = self.hamta(sammanhang, Placering, id)
        placering.ange_destination(sammanhang, destination)
        return self.saved(placering)

    def makulera_placering(self, sammanhang: Sammanhang, id: UUID, *, skal: Rattelseskal) -> Done:
        """Annul a placering; its days are free and its beslut forgets it."""
        placering = self.hamta(sammanhang, Placering, id)
        placering.makulera(sammanhang, skal)
        kalender = self.load(
            Vistelsekalender, Vistelsekalender.id_for(sammanhang.kommunkod, placering.klient)
        )
        kalender.stryk(sammanhang, id)
        beslut = self.load(Beslut, placering.beslut)
        beslut.stryk_vistelse(sammanhang, id)
        self.flytta_ut(sammanhang, placering)
        return self.saved(placering, kalender, beslut)

    # -- what the takeover uses as well

    def krock(
        self,
        sammanhang: Sammanhang,
        klient: UUID,
        fran: date,
        till: date | None,
        utom: UUID | None = None,
        borta: Iterable[Dagar] | None = None,
    ) -> Vistelse | None:
        """A stay of the person that these days would collide with (R-PLA-1).

        ``borta`` as in :meth:`Vistelsekalender.krock`.
        """
        id = Vistelsekalender.id_for(sammanhang.kommunkod, klient)
        kalender = self.find(Vistelsekalender, id)
        return None if kalender is None else kalender.krock(fran, till, utom, borta)

    def placera(
        self, sammanhang: Sammanhang, placering: Placering, beslut: Beslut, valv: Personvalv
    ) -> None:
        """Save a placering with what must agree with it: the calendar, the beslut, the home."""
        id = Vistelsekalender.id_for(sammanhang.kommunkod, placering.klient)
        kalender = self.find(Vistelsekalender, id)
        if kalender is None:
            kalender = Vistelsekalender.borja(sammanhang, placering.klient)
        kalender.satt(sammanhang, placering.id, placering.fran, placering.till)
        beslut.satt_vistelse(sammanhang, placering.id, placering.fran, placering.till)
        hemmet = self.flytta_in(sammanhang, placering)
        self.save(placering, kalender, beslut, *hemmet, rows=valv.ta_rader())

    # -- parts of use cases

    def _beslut_om(self, klient: UUID, id: UUID) -> Beslut:
        beslut = self.find(Beslut, id)
        if beslut is None or beslut.klient != klient:
            raise Refused(Breach(None, "/beslut", "Klienten har inget sådant beslut."))
        return beslut

    def _bedom(
        self, sammanhang: Sammanhang, begaran: Begaran, *, aven_stopp: bool = True
    ) -> tuple[Uppgifter, list[Breach]]:
        register = las_register(self.query, sammanhang.kommunkod, [begaran.leverantor])
        return bedom(begaran, register, aven_stopp=aven_stopp)


def utom_ramavtal_falt(placering: UUID) -> str:
    """Why a placering is made outside the framework agreements, in words."""
    return f"placering/{placering}/utom_ramavtal"


def avslut_falt(placering: UUID) -> str:
    """Why a placering ended, in words."""
    return f"placering/{placering}/avslut"


def _judge_avslut(
    fran: date, till: date | None, orsak: Avslutsorsak | None, har_text: bool, textpekare: str
) -> list[Breach | None]:
    """An end is complete, or there is none (R-PLA-12)."""
    if till is None:
        return [regler.orsak_hor_till_avslut(orsak, till, "/orsak")]
    return [
        regler.period_gar_framat(fran, till, "/till"),
        regler.avslut_har_orsak(orsak, "/orsak"),
        regler.annan_orsak_har_text(orsak, har_text, textpekare),
    ]


def organisationsnummer(skrivet: str | None) -> str | None:
    """The number as it is kept; :class:`Refused` when it is none (R-LEV-3)."""
    if skrivet is None:
        return None
    refuse_on([regler.organisationsnummer_stammer(skrivet, "/leverantor")])
    return regler.normaliserat_organisationsnummer(skrivet)


def _behall(
    gamla: Sequence[Hemlighet], nya: dict[str, str | None], behovs: dict[str, bool]
) -> tuple[Hemlighet, ...]:
    """The pointers whose text is still needed and is not given anew; of each field the newest."""
    senaste = {hemlighet.falt: hemlighet for hemlighet in gamla}
    return tuple(h for falt, h in senaste.items() if behovs.get(falt) and not nya.get(falt))
