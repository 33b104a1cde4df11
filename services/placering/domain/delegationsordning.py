"""A nämnd's delegationsordning: its versions, each in force from a day until the next one.

Guarantees that a version can only be added behind the others, that none crosses the borders of
R-BES-4 and R-BES-9, and that the version a beslut is judged by follows from its beslutsdatum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from services.chassis.aggregate import Aggregat
from services.chassis.context import Sammanhang
from services.chassis.identifiers import derived_id
from services.chassis.rules import Breach, refuse_on
from services.placering.domain import delegationsregler
from services.placering.domain.delegationsrad import Delegationsrad
from services.placering.domain.handelser import delegation as handelser
from services.placering.domain.lagrum import las


@dataclass(frozen=True, slots=True)
class Version:
    """A version; ``nr`` counts from 1 and ``antagen`` is the meeting's date."""

    nr: int
    fran: date
    antagen: date
    paragraf: str
    rader: tuple[Delegationsrad, ...]


@dataclass(frozen=True, slots=True)
class Skillnad:
    """The rows that only one of two versions has."""

    borttagna: tuple[Delegationsrad, ...]
    tillkomna: tuple[Delegationsrad, ...]


class Delegationsordning(Aggregat):
    """Who may decide what for one nämnd."""

    TOPIC = "placering.Delegationsordning"

    namnd: str
    versioner: tuple[Version, ...]

    def __init__(self) -> None:
        """State comes from the events."""

    @staticmethod
    def id_for(kommunkod: str, namnd: str) -> UUID:
        """The id of the nämnd's delegationsordning, the same for ever."""
        return derived_id(kommunkod, "delegationsordning", namnd.strip().casefold())

    @classmethod
    def borja(cls, sammanhang: Sammanhang, namnd: str) -> Self:
        """One without versions."""
        id = cls.id_for(sammanhang.kommunkod, namnd)
        return cls.begin(handelser.DelegationsordningBorjad, id, sammanhang, namnd=namnd)

    def anta(
        self,
        sammanhang: Sammanhang,
        *,
        fran: date,
        antagen: date,
        paragraf: str,
        rader: Sequence[Delegationsrad],
    ) -> None:
        """A new version; every row that breaks a rule is told at once."""
        refuse_on([self._efter_forra(fran), *_judge_rader(rader, fran)])
        self.record(
            handelser.DelegationsversionAntagen,
            sammanhang,
            fran=fran,
            antagen=antagen,
            paragraf=paragraf,
            rader=tuple(rader),
        )

    def galler(self, dag: date) -> Version | None:
        """The version in force on the day; ``None`` before the first."""
        i_kraft = [version for version in self.versioner if version.fran <= dag]
        return i_kraft[-1] if i_kraft else None

    def skillnad(self, fran: int, till: int) -> Skillnad | None:
        """What changed from one version to another; ``None`` when one of them is not there."""
        efter_nr = {version.nr: version.rader for version in self.versioner}
        if fran not in efter_nr or till not in efter_nr:
            return None
        gamla, nya = efter_nr[fran], efter_nr[till]
        return Skillnad(
            tuple(rad for rad in gamla if rad not in nya),
            tuple(rad for rad in nya if rad not in gamla),
        )

    def lagg_till(
        self, fran: date, antagen: date, paragraf: str, rader: tuple[Delegationsrad, ...]
    ) -> None:
        """For the events: a version behind the others."""
        version = Version(len(self.versioner) + 1, fran, antagen, paragraf, rader)
        self.versioner = (*self.versioner, version)

    def _efter_forra(self, fran: date) -> Breach | None:
        if not self.versioner or self.versioner[-1].fran < fran:
            return None
        forra = self.versioner[-1]
        return Breach(None, "/fran", f"Version {forra.nr} gäller redan från {forra.fran}.")


def _judge_rader(rader: Sequence[Delegationsrad], fran: date) -> Iterator[Breach | None]:
    sedda: set[Delegationsrad] = set()
    for nr, rad in enumerate(rader):
        pekare = f"/rader/{nr}"
        if rad in sedda:
            yield Breach(None, pekare, "Raden finns två gånger.")
        sedda.add(rad)
        if rad.lagrum is not None and las(rad.lagrum) is None:
            yield Breach(None, f"{pekare}/lagrum", "Lagrummet kan inte läsas.")
        yield delegationsregler.jourhem_godkanns_av_utskott(rad, f"{pekare}/lagst")
        yield delegationsregler.raden_haller_gransen(rad, fran, f"{pekare}/lagst")
