"""Age classes of the reports, from the birth month.

Guarantees that a person changes class on the first of the birthday's month: exact birth dates
never leave the service that holds them, and a report splits the days there. Classes: ``0-12``,
``13-20``, ``21+``, and ``okand`` where no birth month is known.
"""

from collections.abc import Iterator
from datetime import date

from services.uppfoljning.domain.dagintervall import Dagintervall, dagen_fore, overlapp

OKAND = "okand"
KLASSER = ("0-12", "13-20", "21+", OKAND)
"""Every class, in the order in which reports list them."""

_GRANSER = ((13, "13-20"), (21, "21+"))


def klassintervall(fodelsemanad: str | None) -> list[tuple[str, Dagintervall]]:
    """The classes of a person through life, each with its days, in order.

    ``fodelsemanad`` is ``YYYY-MM``. Days before the birth month are in the first class, so that
    every day has one.
    """
    if fodelsemanad is None:
        return [(OKAND, Dagintervall(date.min, None))]
    ar, manad = int(fodelsemanad[:4]), int(fodelsemanad[5:7])
    klass, fran = KLASSER[0], date.min
    klasser: list[tuple[str, Dagintervall]] = []
    for alder, nasta in _GRANSER:
        byter = date(ar + alder, manad, 1)
        klasser.append((klass, Dagintervall(fran, dagen_fore(byter))))
        klass, fran = nasta, byter
    return [*klasser, (klass, Dagintervall(fran, None))]


def aldersklass(fodelsemanad: str | None, dag: date) -> str:
    """The class that the person is in on ``dag``."""
    return next(
        klass
        for klass, dagar in klassintervall(fodelsemanad)
        if dagar.till is None or dag <= dagar.till
    )


def dela(fodelsemanad: str | None, dagar: Dagintervall) -> Iterator[tuple[str, Dagintervall]]:
    """The days split where the person changes class; the parts together are ``dagar``."""
    for klass, inom in klassintervall(fodelsemanad):
        del_ = overlapp(dagar, inom)
        if del_ is not None:
            yield klass, del_
