"""What an import must give, counted day by day from the rows of the files and from nothing else.

Knows no event, no interval and no known time: it walks the calendar over every row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Rad = Mapping[str, str]
_ALLTID = date(1900, 1, 1)


@dataclass
class Tal:
    """The figures of a row of report 1, while they are counted."""

    personer: set[str] = field(default_factory=set)
    placeringar: set[str] = field(default_factory=set)
    debiterade: int = 0
    vard: int = 0
    kostnad: int = 0

    def som_csv(self) -> dict[str, str]:
        """As the CSV writes them: whole öre, half away from zero."""
        dygn = (2 * self.kostnad + self.debiterade) // (2 * self.debiterade)
        return {
            "antal_placerade": str(len(self.personer)),
            "antal_placeringar": str(len(self.placeringar)),
            "debiterade_dygn": str(self.debiterade),
            "varddygn": str(self.vard),
            "kostnad_ore": str(self.kostnad),
            "dygnskostnad_ore": str(dygn),
        }


def _dag(text: str, annars: date) -> date:
    return date.fromisoformat(text) if text else annars


class Dagrakning:
    """The rows of the three files, and the last day that is counted."""

    def __init__(
        self,
        leverantorer: Iterable[Rad],
        placeringar: Iterable[Rad],
        prisandringar: Iterable[Rad],
        tom: date,
    ) -> None:
        self._placeringar = list(placeringar)
        self._tom = tom
        self._listpriser: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
        for rad in leverantorer:
            if rad.get("grunddygnspris_ore"):
                hos = self._listpriser[rad["organisationsnummer"], rad["enhet"]]
                hos[_dag(rad["avtal_fran"], _ALLTID)] = int(rad["grunddygnspris_ore"])
        self._andringar: dict[str, dict[date, int]] = defaultdict(dict)
        for rad in prisandringar:
            dag = date.fromisoformat(rad["fran"])
            self._andringar[rad["placering"]][dag] = int(rad["dygnspris_ore"])

    def per(self, kolumn: str) -> dict[tuple[str, str], dict[str, str]]:
        """The figures of every month (YYYY-MM) and value of the column."""
        tal: dict[tuple[str, str], Tal] = defaultdict(Tal)
        mottagande: dict[tuple[str, date], tuple[date, str, str]] = {}
        for rad in self._placeringar:
            fran = date.fromisoformat(rad["fran"])
            dag = fran
            while dag <= _dag(rad["till"], self._tom) and dag <= self._tom:
                ett = tal[f"{dag:%Y-%m}", rad[kolumn]]
                ett.personer.add(rad["klient"])
                ett.placeringar.add(rad["referens"])
                ett.debiterade += 1
                ett.kostnad += self._pris(rad, dag)
                # The home that receives gets the day of a move.
                hem = (fran, rad["referens"], rad[kolumn])
                mottagande[rad["klient"], dag] = max(mottagande.get((rad["klient"], dag), hem), hem)
                dag += timedelta(days=1)
        for (_, dag), (_, _, varde) in mottagande.items():
            tal[f"{dag:%Y-%m}", varde].vard += 1
        return {nyckel: ett.som_csv() for nyckel, ett in tal.items()}

    def _pris(self, rad: Rad, dag: date) -> int:
        andrat = self._andringar[rad["referens"]]
        borjade = [fran for fran in andrat if fran <= dag]
        if borjade:
            return andrat[max(borjade)]
        if rad["dygnspris_ore"]:
            return int(rad["dygnspris_ore"])
        priser = self._listpriser[rad["organisationsnummer"], rad["enhet"]]
        borjade = [fran for fran in priser if fran <= date.fromisoformat(rad["fran"])]
        return priser[max(borjade)] if borjade else 0
