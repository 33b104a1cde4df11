"""A fact: one contract event with the place and the instant at which its service recorded it.

Guarantees one total order of all facts, ``(registrerad, topic, pos, index)``, which depends on
what the deciding services recorded and never on when a message reached us. That order is the
reason why the same set of facts gives the same rows however it arrived.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter

import msgspec

from contracts.handelse import Kontraktshandelse


class Faktum(msgspec.Struct, frozen=True, gc=False):
    """One event as a fact. ``registrerad`` is an aware instant in UTC and becomes ``kand_fran``.

    ``id`` is the event's id in explanations, ``<stream>:<epok>:<pos>.<index>``; see
    :func:`handelse_id`.
    """

    registrerad: datetime
    topic: str
    pos: int
    index: int
    handelse: Kontraktshandelse
    id: str


def handelse_id(strom: str, epok: int, pos: int, index: int) -> str:
    """The id under which an event is known outside its service, the same as its ``ce_id``."""
    return f"{strom}:{epok}:{pos}.{index}"


_ORDNING = attrgetter("registrerad", "topic", "pos", "index")


def tidpunkter(fakta: Iterable[Faktum]) -> Iterator[tuple[datetime, list[Faktum]]]:
    """The facts in total order, taken together by the instant at which they became known.

    A fact that is given twice (same topic, pos and index) counts once: the facts are a set.
    """
    grupp: list[Faktum] = []
    vid: datetime | None = None
    forra: Faktum | None = None
    for faktum in sorted(fakta, key=_ORDNING):
        if faktum.registrerad != vid:
            if vid is not None:
                yield vid, grupp
            vid, grupp = faktum.registrerad, []
        elif forra is not None and _ORDNING(forra) == _ORDNING(faktum):
            continue
        grupp.append(faktum)
        forra = faktum
    if vid is not None:
        yield vid, grupp
