"""Calls made up from each service's own OpenAPI document: none may end in an error of ours.

Ids that the service has answered are used again in paths, so that calls reach things that exist.
The calls follow the session's seed.
"""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from services.chassis.auth.roles import Roll
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera, serverad, token_for
from tests.stod.tjanster import appfabrik, tjanster

EXEMPEL = 12
"""Made-up calls for each route and method."""


def _pahittade(anrop: SearchStrategy[Any], prova: Callable[[Any], None]) -> None:
    @settings(
        max_examples=EXEMPEL, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(anrop)
    def alla(case: Any) -> None:
        prova(case)

    alla()


@pytest.mark.parametrize("tjanst", tjanster())
def test_inga_pahittade_anrop_ger_fel_i_tjansten(tjanst: str, databas: Databasfabrik) -> None:
    with serverad(appfabrik(tjanst), databas(tjanst, migrera)) as (adress, utfardare):
        token = token_for(utfardare, *Roll)
        kanda: list[str] = []
        statusar: dict[int, int] = {}

        def prova(case: Any) -> None:
            if kanda and "id" in case.path_parameters and len(kanda) % 3:
                case.path_parameters["id"] = kanda[-1]
            svar = case.call(headers={"Authorization": f"Bearer {token}"})
            assert svar.status_code < 500, f"{case.as_curl_command()}\n{svar.text}"
            statusar[svar.status_code] = statusar.get(svar.status_code, 0) + 1
            if svar.status_code == 201:
                kanda.append(svar.json()["id"])

        schema = schemathesis.openapi.from_url(f"{adress}/openapi.json")
        antal = 0
        for resultat in schema.get_all_operations():
            operation: Any = resultat.ok()  # type: ignore[union-attr]
            _pahittade(operation.as_strategy(), prova)
            antal += 1
    assert antal >= 5
    assert len(statusar) >= 3, f"anropen når inte långt: {statusar}"
