"""The use cases of the service: load, decide, save.

Guarantees that a use case either stores everything that it decided or nothing, personal data
included, and that each one can be read from top to bottom. Ids are given by the caller (the API
makes them), so that a repeated command speaks of the same thing.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from contracts.ord import (
    Avslutsorsak,
    Drojsmalsorsak,
    Kon,
    Omfattning,
    Prisslag,
    Rattelseskal,
    Regi,
    SkalUtomRamavtal,
)
from services.chassis.context import Sammanhang
from services.chassis.crypto import Keyring
from services.chassis.rules import Breach, Refused, admit, refuse_on
from services.chassis.store.application import ServiceApplication
from services.chassis.store.decision import Done
from services.chassis.store.recorder import Recorder
from services.placering.domain import regler
from services.placering.domain.bedomning import Begaran, Uppgifter, bedom
from services.placering.domain.beslut import Beslut, Beslutsuppgifter
from services.placering.domain.beslutsfattare import Beslutsfattare
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.klient import (
    FODELSEDATUM,
    NAMN,
    PERSONNUMMER,
    Klient,
    Personnummer,
)
from services.placering.domain.lagrum import gallande
from services.placering.domain.placering import Avslut, Placering, Prisrad
from services.placering.domain.vistelsekalender import Vistelse, Vistelsekalender
from services.placering.views.personuppgifter import Personvalv, hash_av_personnummer
from services.placering.views.register import las_register

A = TypeVar("A", bound=Klient | Beslut | Placering)


class PlaceringApplication(ServiceApplication):
    """What the service placering can do."""

    name = "placering"

    def __init__(
        self, recorder: Recorder, keyring: Keyring, *, event_max_bytes: int = 131_072
    ) -> None:
        self._keyring = keyring
        super().__init__(recorder, event_max_bytes=event_max_bytes)

    # -- klienter

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
        self.save(klient, *([] if krav is None else [krav]), rows=valv.ta_rader())
        return Done(id, klient.version, 201)

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
        self.save(klient, rows=valv.ta_rader())
        return Done(id, klient.version)

    # -- beslut

    def fatta_beslut(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        klient: UUID,
        lagrum: str,
        insatstyp: str,
        beslutsdatum: date,
        namnd: str | None,
        beslutsfattare: Beslutsfattare | None,
        mal: str | None,
        galler_till: date | None,
        arbetsenhet: str | None,
    ) -> Done:
        """Record a beslut (R-BES-1) whose ground holds on its day (R-BES-2)."""
        self._klient(sammanhang, klient)
        uppgifter = _judge_beslut(
            lagrum, insatstyp, beslutsdatum, namnd, beslutsfattare, galler_till, arbetsenhet
        )
        valv = self.valv(sammanhang)
        beslut = Beslut.fatta(
            sammanhang,
            id,
            klient=klient,
            uppgifter=uppgifter,
            hemligheter=valv.forsegla_alla(klient, 1, {mal_falt(id): mal}),
        )
        self.save(beslut, rows=valv.ta_rader())
        return Done(id, beslut.version, 201)

    def ratta_beslut(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        lagrum: str,
        insatstyp: str,
        beslutsdatum: date,
        namnd: str | None,
        beslutsfattare: Beslutsfattare | None,
        mal: str | None,
        galler_till: date | None,
        arbetsenhet: str | None,
        skal: Rattelseskal,
    ) -> Done:
        """Correct a beslut's record; it is judged as a new one."""
        beslut = self.hamta(sammanhang, Beslut, id)
        uppgifter = _judge_beslut(
            lagrum, insatstyp, beslutsdatum, namnd, beslutsfattare, galler_till, arbetsenhet
        )
        valv = self.valv(sammanhang)
        hemligheter = valv.forsegla_alla(beslut.klient, beslut.version + 1, {mal_falt(id): mal})
        beslut.ratta(sammanhang, uppgifter=uppgifter, hemligheter=hemligheter, skal=skal)
        self.save(beslut, rows=valv.ta_rader())
        return Done(id, beslut.version)

    def makulera_beslut(self, sammanhang: Sammanhang, id: UUID, *, skal: Rattelseskal) -> Done:
        """Annul a beslut without placeringar."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.makulera(sammanhang, skal)
        return self._sparat(beslut)

    def verkstall_beslut(
        self, sammanhang: Sammanhang, id: UUID, *, datum: date, omfattning: Omfattning
    ) -> Done:
        """The insats began, wholly or in part (R-EVB-15)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.verkstall(sammanhang, datum, omfattning)
        return self._sparat(beslut)

    def avbryt_beslut(self, sammanhang: Sammanhang, id: UUID, *, datum: date) -> Done:
        """The insats is interrupted from a day on."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.avbryt(sammanhang, datum)
        return self._sparat(beslut)

    def ateruppta_beslut(self, sammanhang: Sammanhang, id: UUID, *, datum: date) -> Done:
        """The interrupted insats began again."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.ateruppta(sammanhang, datum)
        return self._sparat(beslut)

    def avsluta_beslut(self, sammanhang: Sammanhang, id: UUID, *, datum: date) -> Done:
        """The beslut no longer holds from a day on."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.upphor(sammanhang, datum)
        return self._sparat(beslut)

    def ange_drojsmalsorsak(
        self, sammanhang: Sammanhang, id: UUID, *, datum: date, orsak: Drojsmalsorsak
    ) -> Done:
        """Say why a beslut is not carried out (R-EVB-13)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.ange_drojsmalsorsak(sammanhang, datum, orsak)
        return self._sparat(beslut)

    # -- placeringar

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
    ) -> Done:
        """Begin a stay under a beslut, where the register and the person's calendar allow it."""
        self._klient(sammanhang, klient)
        beslutet = self._beslut_om(klient, beslut)
        uppgifter, fel = self._bedom(
            sammanhang,
            Begaran(
                placeringsform=placeringsform,
                leverantor=_organisationsnummer(leverantor),
                enhet=enhet,
                avtal=avtal,
                regi=regi,
                fran=fran,
                dygnspris_ore=dygnspris_ore,
                skal_utom_ramavtal=skal_utom_ramavtal,
                har_text=text is not None,
            ),
        )
        krock = self.krock(sammanhang, klient, fran, None)
        refuse_on(
            [
                *fel,
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
        )
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
            leverantor=_organisationsnummer(leverantor),
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
        krock = self.krock(sammanhang, placering.klient, fran, till, utom=id)
        refuse_on(
            [
                placering.ar_kvar(),
                *fel,
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
        self.placera(sammanhang, placering, beslutet, valv)
        return Done(id, placering.version)

    def andra_pris(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        prisrad: UUID,
        slag: Prisslag,
        fran: date,
        till: date | None,
        dygnspris_ore: int,
    ) -> Done:
        """Agree a price row of a placering, or replace one."""
        placering = self.hamta(sammanhang, Placering, id)
        placering.andra_pris(sammanhang, prisrad, Prisrad(slag, fran, till, dygnspris_ore))
        self.save(placering)
        return Done(id, placering.version)

    def avsluta_placering(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        till: date,
        orsak: Avslutsorsak | None,
        text: str | None,
        beslut_bestar: bool,
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
        self.placera(sammanhang, placering, self.load(Beslut, placering.beslut), valv)
        return Done(id, placering.version)

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
        self.save(placering, kalender, beslut)
        return Done(id, placering.version)

    def hamta(self, sammanhang: Sammanhang, kind: type[A], id: UUID) -> A:
        """The thing that a command is about, where its person is the caller's (R-SEK-3)."""
        thing = self.load(kind, id)
        if not sammanhang.rackvidd.hela_kommunen:
            klient = thing if isinstance(thing, Klient) else self.load(Klient, thing.klient)
            admit(regler.inom_arbetsenhet(klient.arbetsenhet, sammanhang.rackvidd))
        return thing

    # -- what the takeover uses as well

    def valv(self, sammanhang: Sammanhang) -> Personvalv:
        """Where a command puts personal data."""
        return Personvalv(self._keyring, self.query, sammanhang.kommunkod)

    def krock(
        self,
        sammanhang: Sammanhang,
        klient: UUID,
        fran: date,
        till: date | None,
        utom: UUID | None = None,
    ) -> Vistelse | None:
        """A stay of the person that these days would collide with (R-PLA-1)."""
        id = Vistelsekalender.id_for(sammanhang.kommunkod, klient)
        kalender = self.find(Vistelsekalender, id)
        return None if kalender is None else kalender.krock(fran, till, utom)

    def placera(
        self, sammanhang: Sammanhang, placering: Placering, beslut: Beslut, valv: Personvalv
    ) -> None:
        """Save a placering together with what must agree with it: the calendar and the beslut."""
        id = Vistelsekalender.id_for(sammanhang.kommunkod, placering.klient)
        kalender = self.find(Vistelsekalender, id)
        if kalender is None:
            kalender = Vistelsekalender.borja(sammanhang, placering.klient)
        kalender.satt(sammanhang, placering.id, placering.fran, placering.till)
        beslut.satt_vistelse(sammanhang, placering.id, placering.fran, placering.till)
        self.save(placering, kalender, beslut, rows=valv.ta_rader())

    # -- parts of use cases

    def _sparat(self, beslut: Beslut) -> Done:
        self.save(beslut)
        return Done(beslut.id, beslut.version)

    def _klient(self, sammanhang: Sammanhang, id: UUID) -> None:
        """The person that a new beslut or placering names must be there, and be the caller's."""
        klient = self.find(Klient, id)
        if klient is None:
            raise Refused(Breach(None, "/klient", "Klienten finns inte."))
        admit(regler.inom_arbetsenhet(klient.arbetsenhet, sammanhang.rackvidd, "/klient"))

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

    def _ta_nummer(self, sammanhang: Sammanhang, nummer: str, klient: UUID) -> Personnummer:
        hashvarde = hash_av_personnummer(self._keyring, nummer)
        id = Personnummer.id_for(sammanhang.kommunkod, hashvarde)
        krav = self.find(Personnummer, id)
        upptaget = krav is not None and krav.klient is not None
        refuse_on([regler.personnummer_ledigt(upptaget, "/personnummer")])
        if krav is None:
            return Personnummer.ta(sammanhang, id, klient)
        krav.ta_igen(sammanhang, klient)
        return krav

    def _byt_nummer(
        self, sammanhang: Sammanhang, klient: Klient, nummer: str | None
    ) -> UUID | None:
        """Claim the corrected number and free the old one; the claim that holds now."""
        nytt_id = None
        if nummer is not None:
            hashvarde = hash_av_personnummer(self._keyring, nummer)
            nytt_id = Personnummer.id_for(sammanhang.kommunkod, hashvarde)
        if nytt_id == klient.nummerkrav:
            return nytt_id
        if nummer is not None:
            self.save(self._ta_nummer(sammanhang, nummer, klient.id))
        if klient.nummerkrav is not None:
            gammalt = self.load(Personnummer, klient.nummerkrav)
            gammalt.slapp(sammanhang)
            self.save(gammalt)
        return nytt_id


# -- names of secrets -----------------------------------------------------------------------------


def mal_falt(beslut: UUID) -> str:
    """A court's case number."""
    return f"beslut/{beslut}/mal"


def utom_ramavtal_falt(placering: UUID) -> str:
    """Why a placering is made outside the framework agreements, in words."""
    return f"placering/{placering}/utom_ramavtal"


def avslut_falt(placering: UUID) -> str:
    """Why a placering ended, in words."""
    return f"placering/{placering}/avslut"


# -- judging --------------------------------------------------------------------------------------


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


def _judge_beslut(
    lagrum: str,
    insatstyp: str,
    beslutsdatum: date,
    namnd: str | None,
    beslutsfattare: Beslutsfattare | None,
    galler_till: date | None,
    arbetsenhet: str | None,
) -> Beslutsuppgifter:
    refuse_on(
        [
            regler.lagrum_galler(lagrum, beslutsdatum, "/lagrum"),
            regler.namnd_ar_angiven(namnd, "/namnd"),
            regler.beslutsfattare_ar_angiven(beslutsfattare, "/beslutsfattare"),
            regler.period_gar_framat(beslutsdatum, galler_till, "/galler_till"),
        ]
    )
    rad = gallande(lagrum, beslutsdatum)
    assert rad is not None
    return Beslutsuppgifter(
        rad, insatstyp, beslutsdatum, galler_till, namnd, arbetsenhet, beslutsfattare
    )


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


def _organisationsnummer(skrivet: str | None) -> str | None:
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
