"""Use cases of beslut: record, correct, annul, and say how it is carried out.

Guarantees that a beslut is judged alike when it is recorded and when it is corrected.
"""

from datetime import date
from uuid import UUID

from contracts.ord import Omfattning, Rattelseskal
from services.chassis.context import Sammanhang
from services.chassis.rules import refuse_on
from services.chassis.store.decision import Done
from services.placering.application.grund import Grund
from services.placering.domain import delegationsregler, regler
from services.placering.domain.beslut import (
    EJ_PROVAD,
    Beslut,
    Beslutsuppgifter,
    Delegation,
)
from services.placering.domain.beslutsfattare import Beslutsfattare, Beslutsfattarslag
from services.placering.domain.delegater import Beslutstyp
from services.placering.domain.delegationsordning import Delegationsordning
from services.placering.domain.lagrum import gallande


class Beslutsfall(Grund):
    """What can be done with a beslut."""

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
        beslutstyp: Beslutstyp | None = None,
    ) -> Done:
        """Record a beslut (R-BES-1) whose ground holds on its day (R-BES-2)."""
        self.krav_pa_klient(sammanhang, klient)
        uppgifter = _judge_beslut(
            lagrum, insatstyp, beslutsdatum, namnd, beslutsfattare, galler_till, arbetsenhet
        )
        delegation, flaggas = self._prova_delegation(sammanhang, uppgifter, beslutstyp)
        valv = self.valv(sammanhang)
        beslut = Beslut.fatta(
            sammanhang,
            id,
            klient=klient,
            uppgifter=uppgifter,
            hemligheter=valv.forsegla_alla(klient, 1, {mal_falt(id): mal}),
            flaggor=(EJ_PROVAD,) if flaggas else (),
        )
        beslut.prova_delegation(sammanhang, beslutstyp, delegation, flaggas)
        return self.saved(beslut, rows=valv.ta_rader(), status=201)

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
        beslutstyp: Beslutstyp | None = None,
    ) -> Done:
        """Correct a beslut's record; it is judged as a new one."""
        beslut = self.hamta(sammanhang, Beslut, id)
        uppgifter = _judge_beslut(
            lagrum, insatstyp, beslutsdatum, namnd, beslutsfattare, galler_till, arbetsenhet
        )
        delegation, flaggas = self._prova_delegation(sammanhang, uppgifter, beslutstyp)
        valv = self.valv(sammanhang)
        hemligheter = valv.forsegla_alla(beslut.klient, beslut.version + 1, {mal_falt(id): mal})
        beslut.ratta(sammanhang, uppgifter=uppgifter, hemligheter=hemligheter, skal=skal)
        beslut.prova_delegation(sammanhang, beslutstyp, delegation, flaggas)
        return self.saved(beslut, rows=valv.ta_rader())

    def makulera_beslut(self, sammanhang: Sammanhang, id: UUID, *, skal: Rattelseskal) -> Done:
        """Annul a beslut without placeringar."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.makulera(sammanhang, skal)
        return self.saved(beslut)

    def verkstall_beslut(
        self, sammanhang: Sammanhang, id: UUID, *, datum: date, omfattning: Omfattning
    ) -> Done:
        """The insats began, wholly or in part (R-EVB-15)."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.verkstall(sammanhang, datum, omfattning)
        return self.saved(beslut)

    def avbryt_beslut(self, sammanhang: Sammanhang, id: UUID, *, datum: date) -> Done:
        """The insats is interrupted from a day on."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.avbryt(sammanhang, datum)
        return self.saved(beslut)

    def ateruppta_beslut(self, sammanhang: Sammanhang, id: UUID, *, datum: date) -> Done:
        """The interrupted insats began again."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.ateruppta(sammanhang, datum)
        return self.saved(beslut)

    def avsluta_beslut(self, sammanhang: Sammanhang, id: UUID, *, datum: date) -> Done:
        """The beslut no longer holds from a day on."""
        beslut = self.hamta(sammanhang, Beslut, id)
        beslut.upphor(sammanhang, datum)
        return self.saved(beslut)

    def _prova_delegation(
        self,
        sammanhang: Sammanhang,
        uppgifter: Beslutsuppgifter,
        beslutstyp: Beslutstyp | None,
    ) -> tuple[Delegation, bool]:
        """What the beslut is judged by, and whether it could not be (R-BES-3, -4, -9)."""
        vem, namnd, dag = uppgifter.beslutsfattare, uppgifter.namnd, uppgifter.beslutsdatum
        assert vem is not None
        assert namnd is not None
        arende = delegationsregler.Arende(
            beslutstyp, uppgifter.lagrum.text, dag, uppgifter.galler_till
        )
        refuse_on(
            [
                delegationsregler.utskott_godkanner_jourhem(arende, vem, "/beslutsfattare"),
                delegationsregler.beslutet_haller_gransen(arende, vem, "/beslutsfattare"),
            ]
        )
        if vem.slag is not Beslutsfattarslag.TJANSTEMAN:
            return Delegation(), False
        id = Delegationsordning.id_for(sammanhang.kommunkod, namnd)
        ordning = self.find(Delegationsordning, id)
        version = None if ordning is None else ordning.galler(dag)
        if version is None:
            return Delegation(), True
        refuse_on(
            [delegationsregler.delegaten_har_ratt(arende, vem, version.rader, "/beslutsfattare")]
        )
        return Delegation(id, version.nr), False


def mal_falt(beslut: UUID) -> str:
    """A court's case number."""
    return f"beslut/{beslut}/mal"


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
