"""Raw facts as the domain sees them: stored messages decoded to contract events.

Guarantees that what is folded is exactly what was committed when it was read, for many subjects
in one query.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import psycopg

from contracts import leverantor, placering
from contracts.handelse import Register
from services.uppfoljning.domain.fakta import Faktum, handelse_id

REGISTER = Register(*placering.HANDELSER, *leverantor.HANDELSER)
"""Every event type that the service reads."""

AVTAL, ENHET, LEVERANTOR, KLIENT = "avtal", "enhet", "leverantor", "klient"
"""The kinds of subjects that raw facts are about."""

_FACTS = """
SELECT a.amne, r.topic, r.epok, r.pos, r."index", r.typ, r.registrerad, r.data::text
FROM rafakta_amne AS a JOIN rafakta AS r USING (topic, pos, "index")
WHERE a.kommunkod = %s AND a.slag = %s AND a.amne = ANY (%s)
"""


def fakta_om(
    connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: Collection[str]
) -> dict[str, list[Faktum]]:
    """The facts about each of these subjects, unordered; a subject without facts is left out."""
    found: dict[str, list[Faktum]] = defaultdict(list)
    if not amnen:
        return found
    rows = connection.execute(_FACTS, (kommunkod, slag, list(amnen))).fetchall()
    for amne, topic, epok, pos, index, typ, registrerad, data in rows:
        id = handelse_id(topic.split(".")[1], epok, pos, index)
        handelse = REGISTER.avkoda(typ, data)
        found[amne].append(Faktum(registrerad, topic, pos, index, handelse, id))
    return found


_USERS = """
SELECT DISTINCT data ->> 'klient' FROM rafakta
WHERE kommunkod = %(kommunkod)s AND topic = 'dygn.placering.v1'
  AND data ->> '{field}' = ANY (%(amnen)s) AND data ->> '{field}' IS NOT NULL
"""


def klienter_som_anvander(
    connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: Collection[str]
) -> list[str]:
    """The klienter with a placering that names, or ever named, one of these avtal or enheter."""
    rows = connection.execute(
        _USERS.format(field={"avtal": "avtal", "enhet": "enhet"}[slag]),
        {"kommunkod": kommunkod, "amnen": list(amnen)},
    ).fetchall()
    return [klient for (klient,) in rows]
