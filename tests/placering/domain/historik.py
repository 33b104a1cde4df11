"""A person's history, made in a few lines: what was decided, where the person stayed, what was
done; and what falls due of it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from contracts.ord import Avslutsorsak, Form, Franvaroorsak, Kon, Regi
from services.placering.domain.atgard import Atgard, Atgardsuppgifter
from services.placering.domain.atgardsslag import ATGARDSRAD, Atgardsslag
from services.placering.domain.beslut import Beslut
from services.placering.domain.bevakning import Bevakning, bevaka
from services.placering.domain.forlopp import Personhistoria
from services.placering.domain.franvaro import Franvaro
from services.placering.domain.klient import Klient
from services.placering.domain.lagrum import gallande
from services.placering.domain.placering import Avslut, Placering
from tests.placering.domain.bygge import KLIENT, SAMMANHANG, beslutsuppgifter, uppgifter

FODD = date(2015, 5, 17)
"""A child during all that these tests tell, unless they say otherwise."""


@dataclass
class Historik:
    """What has happened, in the order in which it is told."""

    fodelsemanad: str | None = "2015-05"
    besluten: list[Beslut] = field(default_factory=list)
    placeringarna: list[Placering] = field(default_factory=list)
    atgarderna: list[Atgard] = field(default_factory=list)

    def beslut(self, lagrum: str, dag: date, **andra: Any) -> Beslut:
        """A beslut under the ground."""
        rad = gallande(lagrum, dag)
        assert rad is not None, lagrum
        sagt = beslutsuppgifter(lagrum=rad, beslutsdatum=dag, **andra)
        ett = Beslut.fatta(SAMMANHANG, uuid4(), klient=KLIENT, uppgifter=sagt)
        self.besluten.append(ett)
        return ett

    def placering(
        self,
        beslut: Beslut,
        fran: date,
        till: date | None = None,
        *,
        form: Form = Form.FAMILJEHEM,
        orsak: Avslutsorsak = Avslutsorsak.SAMMANBROTT,
        bestar: bool = False,
        regi: Regi = Regi.EGEN,
        enhet: UUID | None = None,
        hem: UUID | None = None,
        flaggor: tuple[str, ...] = (),
    ) -> Placering:
        """A stay under the beslut."""
        en = Placering.inled(
            SAMMANHANG,
            uuid4(),
            klient=KLIENT,
            beslut=beslut.id,
            uppgifter=uppgifter(form=form, fran=fran, regi=regi, enhet=enhet),
            flaggor=flaggor,
        )
        en.bo_i(SAMMANHANG, hem)
        if till is not None:
            en.avsluta(SAMMANHANG, Avslut(till, orsak, bestar))
        beslut.satt_vistelse(SAMMANHANG, en.id, fran, till)
        self.placeringarna.append(en)
        return en

    def borta(
        self, placering: Placering, fran: date, till: date | None, orsak: Franvaroorsak
    ) -> None:
        """Days away from the home."""
        placering.borja_franvaro(SAMMANHANG, uuid4(), Franvaro(orsak, fran, till))

    def gjort(self, slag: Atgardsslag, datum: date, **andra: Any) -> Atgard:
        """Something that a clock waits for."""
        if ATGARDSRAD[slag].utser:
            andra = {"handlaggare": "u-1", **andra}
        if ATGARDSRAD[slag].i_utskott is not None:
            andra = {"sammantrade": datum, "paragraf": "§ 84", **andra}
        en = Atgard.anteckna(
            SAMMANHANG,
            uuid4(),
            klient=KLIENT,
            uppgifter=Atgardsuppgifter(slag=slag, datum=datum, **andra),
        )
        self.atgarderna.append(en)
        return en

    @property
    def historia(self) -> Personhistoria:
        """All of it."""
        klient = Klient.registrera(
            SAMMANHANG,
            KLIENT,
            kon=Kon.KVINNA,
            fodelsemanad=self.fodelsemanad,
            skyddad=False,
            arbetsenhet="barn-2",
            nummerkrav=None,
            hemligheter=(),
        )
        return Personhistoria(klient, self.besluten, self.placeringarna, self.atgarderna)

    def rader(self, kod: str, senast: date = date(2000, 1, 1)) -> list[Bevakning]:
        """The rows of one clock."""
        return [rad for rad in bevaka(self.historia, senast) if rad.kod == kod]

    def forfaller(self, kod: str, senast: date = date(2000, 1, 1)) -> date | None:
        """The day on which the clock runs out; ``None``: it does not run."""
        rader = self.rader(kod, senast)
        assert len(rader) <= 1, rader
        return rader[0].forfaller if rader else None
