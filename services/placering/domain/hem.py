"""A home where people are placed: the kommun's own, or one that a leverantör runs.

Guarantees that a home of the kommun never has more people than places on any day (R-PLA-9), also
when many try at once: who lives there is the home's own history, saved together with the
placeringar, so of two that want the last place one loses its race, is judged anew and is refused.
What the home is called in lists says nothing of who keeps it; that is encrypted.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Self
from uuid import UUID

from contracts.ord import Form, Rattelseskal
from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.rules import Breach, refuse_on
from services.placering.domain import hemregler, regler
from services.placering.domain.bedomning import Uppgifter
from services.placering.domain.boende import (
    Boende,
    dagar_med,
    dagar_med_fler_an,
    overfull_dag,
    varden,
)
from services.placering.domain.dagar import Dagar
from services.placering.domain.handelser import hem as handelser
from services.placering.domain.hemlighet import Hemlighet
from services.placering.domain.hemuppgifter import (
    AnnanKommunsBarn,
    FlerBarn,
    Godkannande,
    Hemreferens,
    Hemutfall,
    Hemutredning,
)

NAMN = "namn"
KONTAKT = "kontakt"
ADRESS = "adress"
"""The names of a home's own secrets."""


@dataclass(frozen=True, slots=True)
class Provning:
    """What was found about a placering in the home: breaches that refuse, and flags."""

    fel: tuple[Breach, ...]
    flaggor: tuple[str, ...]


class Hem(Aggregat):
    """A home, and everybody who lives or lived there by a placering."""

    TOPIC = "placering.Hem"

    beteckning: str
    arbetsenhet: str | None
    natverk: bool
    fran: date
    till: date | None
    hemligheter: tuple[Hemlighet, ...]
    makulerat: bool
    platser: dict[date, int]
    tillhorighet: dict[date, str | None]
    utredningar: dict[UUID, Hemutredning]
    referenser: dict[UUID, Hemreferens]
    godkannanden: dict[UUID, Godkannande]
    boende: dict[UUID, Boende]
    andras: dict[UUID, AnnanKommunsBarn]
    arvodesniva: dict[date, str]
    ivo_underrattad: dict[date, date]

    def __init__(self) -> None:
        """State comes from the events."""

    @classmethod
    def registrera(
        cls,
        sammanhang: Sammanhang,
        id: UUID,
        *,
        beteckning: str,
        arbetsenhet: str | None,
        natverk: bool,
        fran: date,
        leverantor: str | None,
        platser: int,
        hemligheter: Sequence[Hemlighet],
    ) -> Self:
        """A new home; the leverantör has been judged."""
        return cls.begin(
            handelser.HemRegistrerat,
            id,
            sammanhang,
            beteckning=beteckning,
            arbetsenhet=arbetsenhet,
            natverk=natverk,
            fran=fran,
            leverantor=leverantor,
            platser=platser,
            hemligheter=tuple(hemligheter),
        )

    def ratta(
        self,
        sammanhang: Sammanhang,
        *,
        beteckning: str,
        arbetsenhet: str | None,
        natverk: bool,
        fran: date,
        till: date | None,
        hemligheter: Sequence[Hemlighet],
        skal: Rattelseskal,
    ) -> None:
        """Correct the record; the fields are those that hold now."""
        refuse_on(
            [
                self.ar_kvar(),
                regler.period_gar_framat(fran, till, "/till"),
                *self._boende_ryms(fran, till),
            ]
        )
        self.record(
            handelser.HemRattat,
            sammanhang,
            beteckning=beteckning,
            arbetsenhet=arbetsenhet,
            natverk=natverk,
            fran=fran,
            till=till,
            hemligheter=tuple(hemligheter),
            skal=skal,
        )

    def makulera(self, sammanhang: Sammanhang, skal: Rattelseskal) -> None:
        """Annul a home where nobody has lived."""
        bodda = None
        if self.boende or self.andras:
            bodda = Breach(None, "", "Någon bor eller har bott i hemmet: rätta det först.")
        refuse_on([self.ar_kvar(), bodda])
        self.record(handelser.HemMakulerat, sammanhang, skal=skal)

    def satt_platser(self, sammanhang: Sammanhang, fran: date, antal: int) -> None:
        """How many places there are from the day on; not fewer than are taken (R-PLA-9)."""
        platser = {**self.platser, fran: antal}
        full = self._full(self.alla(), Dagar(fran, None), platser=platser)
        refuse_on([self.ar_kvar(), hemregler.plats_finns(full, "/antal")])
        self.record(handelser.HemmetsPlatserSatta, sammanhang, fran=fran, antal=antal)

    def satt_arvodesniva(self, sammanhang: Sammanhang, fran: date, niva: str) -> None:
        """The level of the arvode from the day on."""
        refuse_on([self.ar_kvar()])
        self.record(handelser.HemmetsArvodesnivaSatt, sammanhang, fran=fran, niva=niva)

    def avsluta(self, sammanhang: Sammanhang, till: date) -> None:
        """The home takes nobody in after the day; a wrong end is corrected, not ended again."""
        redan = None
        if self.till is not None:
            redan = Breach(None, "/till", "Hemmet är redan avslutat: rätta det i stället.")
        refuse_on(
            [
                self.ar_kvar(),
                redan,
                regler.period_gar_framat(self.fran, till, "/till"),
                *self._boende_ryms(self.fran, till),
            ]
        )
        self.record(handelser.HemAvslutat, sammanhang, till=till)

    # -- whose it is (R-PLA-16)

    def satt_tillhorighet(self, sammanhang: Sammanhang, fran: date, leverantor: str | None) -> None:
        """Whose the home is from the day on, until the next row; nobody may be left behind."""
        ny = {**self.tillhorighet, fran: leverantor}
        kvar = next((en for en in self.boende.values() if not self._foljer(en, fran, ny)), None)
        full = self._full(self.alla(), Dagar(fran, None), tillhorighet=ny)
        refuse_on(
            [
                self.ar_kvar(),
                hemregler.alla_flyttar_med(kvar, "/fran"),
                hemregler.plats_finns(full, "/fran"),
            ]
        )
        self._satt_tillhorighet(sammanhang, fran, leverantor)

    def omvandla(self, sammanhang: Sammanhang, fran: date) -> list[UUID]:
        """The home is the kommun's own from the day on; the placeringar that must go along.

        Each of them is to be ended and begun anew, in the same command.
        """
        ny = {**self.tillhorighet, fran: None}
        foljer = {id: en for id, en in self.boende.items() if not self._foljer(en, fran, ny)}
        kvar = next((en for en in foljer.values() if en.till is not None or en.fran > fran), None)
        [tillhor] = varden(self.tillhorighet, Dagar(fran, fran))
        full = self._full(self.alla(), Dagar(fran, None), tillhorighet=ny)
        refuse_on(
            [
                self.ar_kvar(),
                hemregler.hemmet_ar_leverantorens(tillhor, "/fran"),
                hemregler.alla_flyttar_med(kvar, "/fran"),
                hemregler.plats_finns(full, "/fran"),
            ]
        )
        self._satt_tillhorighet(sammanhang, fran, None)
        return list(foljer)

    # -- other kommuner's children, and IVO

    def satt_andras(self, sammanhang: Sammanhang, id: UUID, barn: AnnanKommunsBarn) -> None:
        """A child whom another kommun placed, new or in the place of the row with the id."""
        dagar = Dagar(barn.fran, barn.till)
        andra = self.alla(utom=id)
        full = self._full([*andra, Boende(barn.fran, barn.till, id)], dagar)
        refuse_on(
            [
                self.ar_kvar(),
                regler.period_gar_framat(barn.fran, barn.till, "/till"),
                *self._ryms(dagar, "/fran"),
                hemregler.plats_finns(full, "/fran"),
            ]
        )
        self.record(handelser.AnnanKommunsBarnSatt, sammanhang, barn=id, **asdict(barn))

    def stryk_andras(self, sammanhang: Sammanhang, id: UUID, skal: Rattelseskal) -> None:
        """Annul the row of another kommun's child."""
        refuse_on([self.ar_kvar()])
        self.record(handelser.AnnanKommunsBarnStruket, sammanhang, barn=id, skal=skal)

    def underratta_ivo(self, sammanhang: Sammanhang, fran: date, datum: date) -> None:
        """IVO was told of the days with more than three placed children (R-PLA-8)."""
        galler = any(Dagar(fran, fran).tacks_av([ett.dagar]) for ett in self.fler_an_tre_barn)
        refuse_on([self.ar_kvar(), hemregler.underrattelsen_galler_fler_barn(galler, "/fran")])
        self.record(handelser.IvoUnderrattadOmHem, sammanhang, fran=fran, datum=datum)

    @property
    def fler_an_tre_barn(self) -> tuple[FlerBarn, ...]:
        """The runs of days with more than three placed children, the first one first (R-PLA-8)."""
        return tuple(
            FlerBarn(
                dagar,
                next(
                    (
                        datum
                        for fran, datum in sorted(self.ivo_underrattad.items())
                        if Dagar(fran, fran).tacks_av([dagar])
                    ),
                    None,
                ),
            )
            for dagar in dagar_med_fler_an(self.alla(), hemregler.BARN_HOGST)
        )

    # -- judged and approved

    def utred(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        utredning: Hemutredning,
        hemligheter: Sequence[Hemlighet],
    ) -> None:
        """A finished utredning, new or in the place of the one with the id."""
        fore = None
        if utredning.inledd is not None:
            fore = regler.period_gar_framat(utredning.inledd, utredning.avslutad, "/avslutad")
        refuse_on([self.ar_kvar(), fore])
        self.record(
            handelser.HemmetUtrett,
            sammanhang,
            utredning=id,
            hemligheter=tuple(hemligheter),
            **asdict(utredning),
        )

    def ta_referens(
        self,
        sammanhang: Sammanhang,
        id: UUID,
        referens: Hemreferens,
        hemligheter: Sequence[Hemlighet],
    ) -> None:
        """A reference, new or in the place of the one with the id."""
        refuse_on([self.ar_kvar()])
        self.record(
            handelser.HemreferensTagen,
            sammanhang,
            referens=id,
            hemligheter=tuple(hemligheter),
            **asdict(referens),
        )

    def godkann(self, sammanhang: Sammanhang, id: UUID, godkannande: Godkannande) -> None:
        """A godkännande that has been judged, new or in the place of the one with the id."""
        refuse_on(
            [
                self.ar_kvar(),
                regler.period_gar_framat(godkannande.fran, godkannande.till, "/till"),
            ]
        )
        falt = {falt.name: getattr(godkannande, falt.name) for falt in fields(godkannande)}
        self.record(handelser.HemmetGodkant, sammanhang, godkannande=id, **falt)

    def makulera_uppgift(self, sammanhang: Sammanhang, id: UUID, skal: Rattelseskal) -> None:
        """Annul a utredning, a referens or a godkännande."""
        refuse_on([self.ar_kvar()])
        self.record(handelser.HemuppgiftMakulerad, sammanhang, uppgift=id, skal=skal)

    def har_uppgift(self, id: UUID) -> bool:
        """Whether there is a utredning, a referens or a godkännande with the id."""
        return any(id in de for de in (self.utredningar, self.referenser, self.godkannanden))

    def utrett(self, dag: date) -> bool:
        """Whether the last utredning finished by the day found the home acceptable."""
        klara = [en for en in self.utredningar.values() if en.avslutad <= dag]
        sist = max(klara, key=lambda en: en.avslutad, default=None)
        return sist is not None and sist.utfall is Hemutfall.GODTAGBART

    def godkant(self, form: Form, dag: date) -> bool:
        """Whether the home is approved as that on the day."""
        return any(ett.galler(form, dag) for ett in self.godkannanden.values())

    # -- who lives there

    def prova(self, uppgifter: Uppgifter, boende: Boende, utom: UUID | None = None) -> Provning:
        """A placering in the home judged; ``utom`` is the one that it changes or follows."""
        alla, dagar = [*self.alla(utom), boende], Dagar(boende.fran, boende.till)
        fel = (
            self.ar_kvar("/hem"),
            *self._ryms(dagar, "/hem"),
            hemregler.formen_ar_ett_hems(uppgifter.form, "/placeringsform"),
            hemregler.natverk_ar_hemmets(uppgifter, self.natverk, "/placeringsform"),
            hemregler.leverantoren_ar_hemmets(
                uppgifter.leverantor, varden(self.tillhorighet, boende.upptagna), "/hem"
            ),
            hemregler.plats_finns(self._full(alla, dagar), "/hem"),
        )
        hos_leverantor = None
        if uppgifter.leverantor is not None:
            hos_leverantor = overfull_dag(alla, self.platser, [dagar])
        flaggor = (
            hemregler.platserna_racker_hos_leverantoren(hos_leverantor, "/hem"),
            hemregler.hogst_tre_barn(_fler_an_tre(alla, dagar), "/hem"),
            hemregler.hemmet_ar_utrett_och_godkant(
                uppgifter.form,
                self.utrett(boende.fran),
                self.godkant(uppgifter.form, boende.fran),
                "/hem",
            ),
        )
        return Provning(
            tuple(ett for ett in fel if ett is not None),
            tuple(en.regel for en in flaggor if en is not None and en.regel is not None),
        )

    def bosatt(self, sammanhang: Sammanhang, placering: UUID, boende: Boende) -> None:
        """The days of a placering, new or changed; they have been judged."""
        if self.boende.get(placering) == boende:
            return
        self.record(
            handelser.BoendeSatt,
            sammanhang,
            placering=placering,
            klient=boende.vem,
            fran=boende.fran,
            till=boende.till,
            leverantor=boende.leverantor,
            barn_till=boende.barn_till,
        )

    def alla(self, utom: UUID | None = None) -> list[Boende]:
        """Everybody who takes a place, other kommuner's children too; ``utom`` left out."""
        return [
            *(en for id, en in self.boende.items() if id != utom),
            *(Boende(ett.fran, ett.till, id) for id, ett in self.andras.items() if id != utom),
        ]

    def stryk_boende(self, sammanhang: Sammanhang, placering: UUID) -> None:
        """Free the place of a placering that is annulled or moved out of the record."""
        self.record(handelser.BoendeStruket, sammanhang, placering=placering)

    # -- for the events

    def borja(self, fran: date, leverantor: str | None, platser: int) -> None:
        """Begin with what is known from the first day."""
        self.makulerat = False
        self.platser = {fran: platser}
        self.tillhorighet = {fran: leverantor}
        self.utredningar = {}
        self.referenser = {}
        self.godkannanden = {}
        self.boende = {}
        self.andras = {}
        self.arvodesniva = {}
        self.ivo_underrattad = {}

    def satt_uppgifter(
        self,
        beteckning: str,
        arbetsenhet: str | None,
        natverk: bool,
        fran: date,
        till: date | None,
        hemligheter: tuple[Hemlighet, ...],
    ) -> None:
        """Put in what the record says."""
        self.beteckning = beteckning
        self.arbetsenhet = arbetsenhet
        self.natverk = natverk
        self.fran = fran
        self.till = till
        self.hemligheter = hemligheter

    def glom(self, id: UUID) -> None:
        """Take out the utredning, the referens or the godkännande."""
        self.utredningar = {nr: en for nr, en in self.utredningar.items() if nr != id}
        self.referenser = {nr: en for nr, en in self.referenser.items() if nr != id}
        self.godkannanden = {nr: ett for nr, ett in self.godkannanden.items() if nr != id}

    def ar_kvar(self, pekare: str = "") -> Breach | None:
        """The breach of changing an annulled home, or of placing somebody there."""
        return Breach(None, pekare, "Hemmet är makulerat.") if self.makulerat else None

    # -- parts

    def _full(
        self,
        boende: Sequence[Boende],
        dagar: Dagar,
        *,
        platser: dict[date, int] | None = None,
        tillhorighet: dict[date, str | None] | None = None,
    ) -> date | None:
        """The first of the days on which the home is the kommun's own and has too many."""
        vems = self.tillhorighet if tillhorighet is None else tillhorighet
        egna = list(dagar_med(vems, None, dagar))
        return overfull_dag(boende, self.platser if platser is None else platser, egna)

    def _foljer(self, en: Boende, fran: date, tillhorighet: dict[date, str | None]) -> bool:
        """Whether what changes from the day on agrees with the placering's own leverantör."""
        andrade = en.upptagna.delade_med(Dagar(fran, None))
        if andrade is None or en.till == fran:
            return True
        return set(varden(tillhorighet, andrade)) == {en.leverantor}

    def _satt_tillhorighet(
        self, sammanhang: Sammanhang, fran: date, leverantor: str | None
    ) -> None:
        self.record(handelser.HemmetsTillhorighetSatt, sammanhang, fran=fran, leverantor=leverantor)

    def _ryms(self, dagar: Dagar, pekare: str) -> list[Breach | None]:
        """The breaches of living there before or after the home is a home."""
        efter = None
        if self.till is not None and (dagar.till is None or dagar.till > self.till):
            efter = Breach(None, pekare, f"Hemmet upphör {self.till}.")
        fore = regler.inte_fore(
            dagar.fran, self.fran, pekare, f"Hemmet finns från {self.fran}, inte den dagen."
        )
        return [fore, efter]

    def _boende_ryms(self, fran: date, till: date | None) -> list[Breach | None]:
        """The breaches of a home that is none on days when somebody lives there."""
        forst = min((en.fran for en in self.alla()), default=fran)
        fore = regler.inte_fore(forst, fran, "/fran", f"Någon bor i hemmet redan från {forst}.")
        if till is None:
            return [fore]
        kvar = any(en.till is None or en.till > till for en in self.alla())
        efter = Breach(None, "/till", "Någon bor i hemmet efter den dagen.") if kvar else None
        return [fore, efter]


def _fler_an_tre(boende: Sequence[Boende], dagar: Dagar) -> bool:
    perioder = dagar_med_fler_an(boende, hemregler.BARN_HOGST)
    return any(dagar.delade_med(period) is not None for period in perioder)
