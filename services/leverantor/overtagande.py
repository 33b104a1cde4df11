"""Suppliers taken over from another system, row by row.

Guarantees that a row adds what is not there yet (supplier, unit, avtal, price) and nothing twice:
a supplier is found by its organisationsnummer, the rest by ids that follow from the row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.ord import Dagrakning, Leverantorstyp
from services.chassis.context import Sammanhang
from services.chassis.identifiers import taken_over_id
from services.chassis.rules import Breach, rule
from services.chassis.takeover import Utfall, Verdict
from services.leverantor.application import LeverantorApplication
from services.leverantor.domain import regler
from services.leverantor.domain.avtal import Avtal
from services.leverantor.domain.enhet import Enhet
from services.leverantor.domain.leverantor import Leverantor


@dataclass(frozen=True, slots=True)
class Leverantorsrad:
    """One row: a supplier, and maybe a unit, an avtal and a price (öre per day, without moms)."""

    referens: str
    organisationsnummer: str
    namn: str
    typ: Leverantorstyp
    enhet: str | None
    omrade: str | None
    avtal_fran: date | None
    avtal_till: date | None
    grunddygnspris_ore: int | None


@rule("R-PLA-18", source="systemets eget val", consequence="refuse")
def fel_i_rad(rad: Leverantorsrad) -> Iterator[Breach]:
    """Övertagna rader döms på form, datum och kontrollsiffror."""
    fel = [
        regler.organisationsnummer_stammer(rad.organisationsnummer, "/organisationsnummer"),
        _om(
            rad.omrade is not None and rad.avtal_fran is None,
            "/avtal_fran",
            "Ett avtal med område ska ha ett startdatum.",
        ),
        _om(
            rad.omrade is None and (rad.avtal_fran or rad.avtal_till) is not None,
            "/omrade",
            "Ett avtal ska ha ett område.",
        ),
        _om(
            rad.grunddygnspris_ore is not None and rad.enhet is None,
            "/enhet",
            "Ett grunddygnspris ska höra till en enhet.",
        ),
    ]
    if rad.avtal_fran is not None:
        fel.append(regler.period_gar_framat(rad.avtal_fran, rad.avtal_till, "/avtal_till"))
    return (breach for breach in fel if breach is not None)


def _om(brutet: bool, pekare: str, text: str) -> Breach | None:
    return Breach("R-PLA-18", pekare, text) if brutet else None


def ta_over(
    application: LeverantorApplication,
    sammanhang: Sammanhang,
    kalla: str,
    rader: Sequence[Leverantorsrad],
) -> list[Verdict]:
    """Judge every row and decide what the good ones add."""
    verdicts: list[Verdict] = []
    for index, rad in enumerate(rader):
        fel = tuple(fel_i_rad(rad))
        if fel:
            verdicts.append(Verdict(index, rad.referens, Utfall.AVVISAD, fel=fel))
            continue
        leverantor, nytt = _Overtagare(application, sammanhang, kalla, rad).ta_over()
        utfall = Utfall.NY if nytt else Utfall.FANNS
        verdicts.append(Verdict(index, rad.referens, utfall, leverantor))
    return verdicts


class _Overtagare:
    """Takes over one good row."""

    def __init__(
        self,
        application: LeverantorApplication,
        sammanhang: Sammanhang,
        kalla: str,
        rad: Leverantorsrad,
    ) -> None:
        self._application = application
        self._sammanhang = sammanhang
        self._kalla = kalla
        self._rad = rad
        nummer = regler.normaliserat(rad.organisationsnummer)
        assert nummer is not None
        self._nummer = nummer
        self._nytt = False

    def ta_over(self) -> tuple[UUID, bool]:
        """The supplier's id, and whether anything was added."""
        leverantor = self._leverantor()
        enhet = None if self._rad.enhet is None else self._enhet(leverantor, self._rad.enhet)
        if self._rad.omrade is not None and self._rad.avtal_fran is not None:
            self._avtal(
                leverantor,
                None if enhet is None else enhet.id,
                self._rad.omrade,
                self._rad.avtal_fran,
            )
        if enhet is not None and self._rad.grunddygnspris_ore is not None:
            self._pris(enhet, self._rad.grunddygnspris_ore)
        return leverantor, self._nytt

    def _id(self, slag: str, *delar: str) -> UUID:
        return taken_over_id(
            self._sammanhang.kommunkod, self._kalla, slag, "|".join((self._nummer, *delar))
        )

    def _leverantor(self) -> UUID:
        agare = self._application.agare_av(self._sammanhang, self._nummer)
        if agare is not None:
            return agare
        id = self._id("leverantor")
        if self._application.find(Leverantor, id) is not None:
            return id  # taken over before, and given another organisationsnummer since
        self._application.registrera_leverantor(
            self._sammanhang,
            id,
            organisationsnummer=self._nummer,
            namn=self._rad.namn,
            typ=self._rad.typ,
        )
        self._nytt = True
        return id

    def _enhet(self, leverantor: UUID, namn: str) -> Enhet:
        id = self._id("enhet", namn)
        if self._application.find(Enhet, id) is None:
            self._application.registrera_enhet(
                self._sammanhang, id, leverantor=leverantor, namn=namn
            )
            self._nytt = True
        return self._application.load(Enhet, id)

    def _avtal(self, leverantor: UUID, enhet: UUID | None, omrade: str, fran: date) -> None:
        id = self._id("avtal", self._rad.enhet or "", omrade, fran.isoformat())
        if self._application.find(Avtal, id) is None:
            self._application.teckna_avtal(
                self._sammanhang,
                id,
                leverantor=leverantor,
                enhet=enhet,
                omrade=omrade,
                fran=fran,
                till=self._rad.avtal_till,
                dagrakning=Dagrakning.BADA,
            )
            self._nytt = True

    def _pris(self, enhet: Enhet, dygnspris_ore: int) -> None:
        fran = self._rad.avtal_fran or date(1900, 1, 1)
        if fran not in enhet.priser:
            self._application.satt_grunddygnspris(
                self._sammanhang, enhet.id, fran=fran, dygnspris_ore=dygnspris_ore
            )
            self._nytt = True
