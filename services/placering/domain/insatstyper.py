"""The insatstyper whose beslut EVB follows, as dated rows of data.

Guarantees that which insatstyper there are on a day follows from the rows and from no clock, so
that a new one, or one that a new act takes away, is a new row and no new code. A beslut is not
bound to them: history taken over keeps the words of its own system.
"""

from dataclasses import dataclass
from datetime import date

_SOL_FRAN = date(2002, 1, 1)
_LSS_FRAN = date(1994, 1, 1)


@dataclass(frozen=True, slots=True)
class Insatstyp:
    """An insats by the name that papers give it, the act it is granted under, and its days.

    ``punkt`` is the point of 9 § LSS; ``till`` is the last day, ``None``: still granted.
    """

    namn: str
    lag: str
    fran: date
    till: date | None = None
    punkt: str | None = None

    def galler(self, dag: date) -> bool:
        """Whether a beslut of the day may grant it."""
        return self.fran <= dag and (self.till is None or dag <= self.till)


INSATSTYPER = (
    Insatstyp("Rådgivning och annat personligt stöd", "LSS", _LSS_FRAN, punkt="1"),
    Insatstyp("Personlig assistans", "LSS", _LSS_FRAN, punkt="2"),
    Insatstyp("Ledsagarservice", "LSS", _LSS_FRAN, punkt="3"),
    Insatstyp("Kontaktperson", "LSS", _LSS_FRAN, punkt="4"),
    Insatstyp("Avlösarservice i hemmet", "LSS", _LSS_FRAN, punkt="5"),
    Insatstyp("Korttidsvistelse utanför det egna hemmet", "LSS", _LSS_FRAN, punkt="6"),
    Insatstyp("Korttidstillsyn för skolungdom över 12 år", "LSS", _LSS_FRAN, punkt="7"),
    Insatstyp("Boende för barn eller ungdomar", "LSS", _LSS_FRAN, punkt="8"),
    Insatstyp("Bostad för vuxna", "LSS", _LSS_FRAN, punkt="9"),
    Insatstyp("Daglig verksamhet", "LSS", _LSS_FRAN, punkt="10"),
    Insatstyp("Familjehem", "SoL", _SOL_FRAN),
    Insatstyp("HVB", "SoL", _SOL_FRAN),
    Insatstyp("Jourhem", "SoL", date(2013, 1, 1)),
    Insatstyp("Stödboende", "SoL", date(2016, 1, 1)),
    Insatstyp("Skyddat boende", "SoL", _SOL_FRAN),
    Insatstyp("Kontaktperson", "SoL", _SOL_FRAN),
    Insatstyp("Kontaktfamilj", "SoL", _SOL_FRAN),
    Insatstyp("Boendestöd", "SoL", _SOL_FRAN),
    Insatstyp("Hemtjänst", "SoL", _SOL_FRAN),
    Insatstyp("Ledsagning", "SoL", _SOL_FRAN),
    Insatstyp("Avlösning", "SoL", _SOL_FRAN),
    Insatstyp("Korttidsboende", "SoL", _SOL_FRAN),
    Insatstyp("Särskilt boende", "SoL", _SOL_FRAN),
    Insatstyp("Bostad med särskild service", "SoL", _SOL_FRAN),
    Insatstyp("Sysselsättning", "SoL", _SOL_FRAN),
    Insatstyp("Öppenvård", "SoL", _SOL_FRAN),
)
"""Every insatstyp that EVB covers."""


def beviljas(dag: date) -> list[Insatstyp]:
    """The insatstyper that a beslut of the day may grant, as they lie in the table."""
    return [rad for rad in INSATSTYPER if rad.galler(dag)]
